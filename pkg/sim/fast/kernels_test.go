package fast

import (
	"math"
	"math/rand/v2"
	"testing"
)

// randomBlock fills a block with directions and the rest with what a pixel may
// have.
func randomBlock(r *rand.Rand) *Block {
	b := &Block{}
	for i := range Width {
		x, y, z := r.NormFloat64(), r.NormFloat64(), r.NormFloat64()
		n := math.Sqrt(x*x + y*y + z*z)
		b.X[i], b.Y[i], b.Z[i], b.R[i] = x/n, y/n, z/n, r.Float64()
		b.Inverse[i] = 1 / b.R[i]
		b.Sum[i], b.Polar[i], b.Omega[i], b.Capture[i] = r.Float64()*1e6, r.Float64(), r.Float64()*1e-6, r.Float64()
		b.Weight[i], b.Factor[i], b.Idle[i] = r.Float64(), r.Float64(), 1
		b.Sin[i], b.Cos[i] = math.Sincos(r.NormFloat64())
	}
	return b
}

func randomVector(r *rand.Rand, scale float64) [3]float64 {
	return [3]float64{scale * r.NormFloat64(), scale * r.NormFloat64(), scale * r.NormFloat64()}
}

func randomLattice(r *rand.Rand) *Lattice {
	l := &Lattice{
		Cells: [3]float64{1 + float64(r.IntN(50)), 1 + float64(r.IntN(50)), 1 + float64(r.IntN(3))},
		Lo:    [3]float64{-9, -12, -7}, Hi: [3]float64{20, 11, 30},
		Volume: 100, Fudge: 0.5 + r.Float64(), Reciprocal: r.IntN(2) == 0,
	}
	nk, nl := l.Hi[1]-l.Lo[1]+1, l.Hi[2]-l.Lo[2]+1
	l.Stride = [2]float64{nk * nl, nl}
	l.Base = -(l.Lo[0]*l.Stride[0] + l.Lo[1]*l.Stride[1] + l.Lo[2])
	l.F = make([]float64, int((l.Hi[0]-l.Lo[0]+1)*nk*nl))
	density := r.Float64()
	for i := range l.F {
		if r.Float64() < density {
			l.F[i] = 100 * r.Float64()
		}
		if r.IntN(2000) == 0 {
			l.F[i] = math.NaN()
		}
	}
	for i := range l.Star {
		l.Star[i] = randomVector(r, 0.01)
		l.Range(i, l.Lo[i]+1, l.Hi[i]-1)
	}
	l.Outside = 1e3 * r.Float64()
	return l
}

// randomTable draws orientations: neighbours that differ little, and some that
// make indices of zero, of halves, or beyond all bounds.
func randomTable(r *rand.Rand, n int) []Orientation {
	table := make([]Orientation, n)
	var o Orientation
	for i := range o {
		o[i] = 60e-10 * r.NormFloat64()
	}
	for j := range table {
		for i := range o {
			o[i] *= 1 + 1e-3*r.NormFloat64()
		}
		table[j] = o
		switch r.IntN(12) {
		case 0:
			table[j][r.IntN(9)] = 0
		case 1:
			k := 3 * r.IntN(3)
			table[j][k], table[j][k+1], table[j][k+2] = 0, 0, 0
		case 2:
			table[j][r.IntN(9)] = 1e-3
		}
	}
	return table
}

// TestKernelsAgree: what the assembly writes is what plain Go does, bit for bit,
// in every array and beyond the pixels that were asked for.
func TestKernelsAgree(t *testing.T) {
	for _, k := range assembled() {
		t.Run(k.Name, func(t *testing.T) {
			for seed := range uint64(300) {
				r := rand.New(rand.NewPCG(seed, 7))
				n := Lanes * r.IntN(Width/Lanes+1)
				start := randomBlock(r)
				for what, run := range randomCalls(r, n) {
					want, got := *start, *start
					inGo, assembled := run(plain, &want), run(k, &got)
					same(t, seed, what, &got, &want)
					sameFactors(t, seed, what, assembled, inGo)
					if t.Failed() {
						return
					}
				}
			}
		})
	}
}

// randomCalls draws the arguments of a call of each kernel.
func randomCalls(r *rand.Rand, n int) map[string]func(k Kernels, b *Block) *Factors {
	row := &Row{
		First: float64(r.IntN(3000)), Stride: float64(1 + r.IntN(3)), Sub: 1e-4 * r.Float64(), Half: 1e-5,
		Fast: randomVector(r, 1), Slow: randomVector(r, 0.1), Layer: randomVector(r, 0.01), Origin: randomVector(r, 0.3),
	}
	solid := &Solid{Area: 1e-8 * r.Float64(), Close: r.Float64(), Point: int64(r.IntN(2))}
	kahn := &Kahn{Beam: randomVector(r, 1), B: randomVector(r, 1), E: randomVector(r, 1), Factor: r.Float64()}
	scale := 1e-3 * r.Float64()
	lattice, table := randomLattice(r), randomTable(r, r.IntN(Steps+1))
	ray := &Ray{Incident: randomVector(r, 1), Lambda: 1e-10 * (0.5 + r.Float64())}
	turn := &Turn{Axis: randomVector(r, 1)}
	layer := &Layer{Normal: randomVector(r, 1), Front: -r.Float64(), Behind: -2}
	call := func(run func(k Kernels, b *Block)) func(k Kernels, b *Block) *Factors {
		return func(k Kernels, b *Block) *Factors { run(k, b); return nil }
	}
	filled := func(run func(k Kernels, b *Block, f *Factors)) func(k Kernels, b *Block) *Factors {
		return func(k Kernels, b *Block) *Factors { f := &Factors{}; run(k, b, f); return f }
	}
	// What the general sweeps are given is the same for all kernels.
	given := func(sweep func(k *Kernels) GeneralSweep) func(k Kernels, b *Block) *Factors {
		return filled(func(k Kernels, b *Block, f *Factors) {
			plain.Nearest(b, n, lattice, ray, table, f)
			sweep(&k)(b, n, lattice, ray, table, f)
		})
	}
	return map[string]func(k Kernels, b *Block) *Factors{
		"positions":    call(func(k Kernels, b *Block) { k.Positions(b, n, row) }),
		"solid angles": call(func(k Kernels, b *Block) { k.SolidAngles(b, n, solid) }),
		"normalize":    call(func(k Kernels, b *Block) { k.Normalize(b, n) }),
		"polarize":     call(func(k Kernels, b *Block) { k.Polarize(b, n, kahn) }),
		"finish":       call(func(k Kernels, b *Block) { k.Finish(b, n, scale) }),
		"bend":         call(func(k Kernels, b *Block) { k.Bend(b, n, turn) }),
		"absorb":       call(func(k Kernels, b *Block) { k.Absorb(b, n, layer) }),
		"square":       call(func(k Kernels, b *Block) { k.Square(b, n, lattice, ray, table) }),
		"round":        call(func(k Kernels, b *Block) { k.Round(b, n, lattice, ray, table) }),
		"gauss":        call(func(k Kernels, b *Block) { k.Gauss(b, n, lattice, ray, table) }),
		"tophat":       call(func(k Kernels, b *Block) { k.Tophat(b, n, lattice, ray, table) }),
		"nearest":      filled(func(k Kernels, b *Block, f *Factors) { k.Nearest(b, n, lattice, ray, table, f) }),
		"interpolated": filled(func(k Kernels, b *Block, f *Factors) { k.Interpolated(b, n, lattice, ray, table, f, &Box{}) }),
		"general plain": filled(func(k Kernels, b *Block, f *Factors) {
			plain.Nearest(b, n, lattice, ray, table, f)
			k.GeneralPlain(b, n, f, len(table))
		}),
		"general square": given(func(k *Kernels) GeneralSweep { return k.GeneralSquare }),
		"general round":  given(func(k *Kernels) GeneralSweep { return k.GeneralRound }),
		"general gauss":  given(func(k *Kernels) GeneralSweep { return k.GeneralGauss }),
		"general tophat": given(func(k *Kernels) GeneralSweep { return k.GeneralTophat }),
	}
}

// sameFactors compares structure factors as same does.
func sameFactors(t *testing.T, seed uint64, what string, got, want *Factors) {
	t.Helper()
	if got == nil {
		return
	}
	for i := range got {
		for j := range got[i] {
			for lane, g := range got[i][j] {
				if w := want[i][j][lane]; math.Float64bits(g) != math.Float64bits(w) && !(math.IsNaN(g) && math.IsNaN(w)) {
					t.Errorf("seed %d, %s: pixel %d, step %d: %v, in plain Go %v", seed, what, i*Lanes+lane, j, g, w)
					return
				}
			}
		}
	}
}

// same compares all arrays; NaNs count as equal, whatever their bits.
func same(t *testing.T, seed uint64, what string, got, want *Block) {
	t.Helper()
	for _, a := range []struct {
		name      string
		got, want *[Width]float64
	}{
		{"X", &got.X, &want.X}, {"Y", &got.Y, &want.Y}, {"Z", &got.Z, &want.Z}, {"R", &got.R, &want.R}, {"Inverse", &got.Inverse, &want.Inverse}, {"Sum", &got.Sum, &want.Sum},
		{"Polar", &got.Polar, &want.Polar}, {"Omega", &got.Omega, &want.Omega}, {"Capture", &got.Capture, &want.Capture},
	} {
		for i := range a.got {
			g, w := a.got[i], a.want[i]
			if math.Float64bits(g) != math.Float64bits(w) && !(math.IsNaN(g) && math.IsNaN(w)) {
				t.Errorf("seed %d, %s: %s[%d] is %v, in plain Go %v", seed, what, a.name, i, g, w)
				return
			}
		}
	}
	for i, g := range got.Image {
		if w := want.Image[i]; math.Float32bits(g) != math.Float32bits(w) && !(g != g && w != w) {
			t.Errorf("seed %d, %s: pixel %d is %v, in plain Go %v", seed, what, i, g, w)
			return
		}
	}
}

// TestIntegersAgree: integer images of all kernels, with numbers of every kind.
func TestIntegersAgree(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for range 200 {
		image := make([]float32, r.IntN(100))
		for i := range image {
			image[i] = float32(r.NormFloat64() * 1e5)
			if r.IntN(5) == 0 {
				image[i] = []float32{float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1)), 0, 2.5, 1e30}[r.IntN(6)]
			}
		}
		scale, offset := r.Float64(), []float64{0, 40, -1}[r.IntN(3)]
		want := make([]uint16, len(image))
		plain.Integers(want, image, scale, offset)
		for _, k := range assembled() {
			got := make([]uint16, len(image))
			k.Integers(got, image, scale, offset)
			for i := range want {
				if got[i] != want[i] {
					t.Fatalf("%s: pixel %d, %v, is %d, in plain Go %d", k.Name, i, image[i], got[i], want[i])
				}
			}
		}
	}
}

// TestExpsAgree: exponentials of all kernels.
func TestExpsAgree(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for range 200 {
		x := make([]float64, r.IntN(50))
		for i := range x {
			x[i] = []float64{-12 * r.Float64(), 800 * r.NormFloat64(), 0, math.Inf(-1)}[r.IntN(4)]
		}
		for _, k := range assembled() {
			got := append([]float64(nil), x...)
			k.Exp(got)
			for i, v := range x {
				if got[i] != Exp(v) {
					t.Fatalf("%s: exp(%v) is %v, in plain Go %v", k.Name, v, got[i], Exp(v))
				}
			}
		}
	}
}

// TestNotANumber: indices that are no numbers read within the grid, and leave
// the sum alone or make it NaN.
func TestNotANumber(t *testing.T) {
	for _, k := range All() {
		r := rand.New(rand.NewPCG(1, 1))
		b, l := randomBlock(r), randomLattice(r)
		start := *b
		table := randomTable(r, 20)
		for i := range table {
			table[i][r.IntN(9)] = []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e300}[i%4]
		}
		ray := &Ray{Incident: randomVector(r, 1), Lambda: 1e-10}
		k.Square(b, Width, l, ray, table)
		for i, v := range b.Sum {
			if !math.IsNaN(v) && v < start.Sum[i] {
				t.Fatalf("%s: sum %d went from %v to %v", k.Name, i, start.Sum[i], v)
			}
		}
	}
}
