package fast

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestSinglesAgree: the sweeps in single precision of all kernels, bit for bit.
func TestSinglesAgree(t *testing.T) {
	names := []string{"square", "round", "gauss", "tophat"}
	sweeps := func(k *Kernels) []Sweep32 { return []Sweep32{k.Square32, k.Round32, k.Gauss32, k.Tophat32} }
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 8))
		n := Lanes * r.IntN(Width/Lanes+1)
		start := &Block32{}
		for i := range Width {
			x, y, z := r.NormFloat64(), r.NormFloat64(), r.NormFloat64()
			m := math.Sqrt(x*x + y*y + z*z)
			start.X[i], start.Y[i], start.Z[i], start.Sum[i] = float32(x/m), float32(y/m), float32(z/m), float32(r.Float64()*1e6)
			start.Doubt[i] = Certain
		}
		l, table, ray := randomSingles(r)
		for shape, name := range names {
			want := *start
			sweeps(&plain)[shape](&want, n, l, ray, table)
			for _, k := range assembled() {
				got := *start
				sweeps(&k)[shape](&got, n, l, ray, table)
				for i := range got.Sum {
					g, w := got.Sum[i], want.Sum[i]
					if math.Float32bits(g) != math.Float32bits(w) && !(g != g && w != w) {
						t.Fatalf("seed %d, %s, %s: sum %d is %v, in plain Go %v", seed, k.Name, name, i, g, w)
					}
					// Where F is zero plain Go leaves out what the vectors compute for the lane.
					if got.Doubt[i] > want.Doubt[i] {
						t.Fatalf("seed %d, %s, %s: doubt %d is %d, in plain Go %d", seed, k.Name, name, i, got.Doubt[i], want.Doubt[i])
					}
				}
			}
		}
	}
}

// randomSingles rounds what randomLattice and randomTable draw.
func randomSingles(r *rand.Rand) (*Lattice32, []Orientation32, *Ray32) {
	d := randomLattice(r)
	l := &Lattice32{
		Volume: float32(d.Volume), Fudge: float32(d.Fudge), Reciprocal: d.Reciprocal,
		StrideH: int32(d.Stride[0]), StrideK: int32(d.Stride[1]), Base: int32(d.Base), F: make([]float32, len(d.F)),
	}
	for i := range 3 {
		l.Cells[i], l.Lo[i], l.Hi[i] = float32(d.Cells[i]), float32(d.Lo[i]), float32(d.Hi[i])
		for j := range 3 {
			l.Star[i][j] = float32(d.Star[i][j])
		}
	}
	for i, v := range d.F {
		l.F[i] = float32(v)
	}
	var table []Orientation32
	for _, o := range randomTable(r, r.IntN(100)) {
		var s Orientation32
		for i, v := range o {
			s[i] = float32(v)
		}
		table = append(table, s)
	}
	ray := &Ray32{Lambda: float32(1e-10 * (0.5 + r.Float64()))}
	for i, v := range randomVector(r, 1) {
		ray.Incident[i] = float32(v)
	}
	return l, table, ray
}
