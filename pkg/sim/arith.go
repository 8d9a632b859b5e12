package sim

import (
	"context"
	"fmt"
	"math"
	"sync/atomic"
)

// Arith is the arithmetic of the pixels of an image, where it is another program's and
// not that of a precision.
type Arith uint8

const (
	// ArithOwn is that of Dtype.
	ArithOwn Arith = iota
	// ArithBl831DF64 is that of bl831's CUDA program with -precision double: pairs of
	// float32 for the position, the scattering vector and the Miller index, and float32
	// behind. The nearest reflection is that of the high word, so that a sample within
	// 1e-6 of a half takes the other one's structure factor.
	ArithBl831DF64
	// ArithBl831Single is that of its -precision single: float32 all the way, as its
	// source has it; no image of it was recorded.
	ArithBl831Single
)

// String returns the name that flags have for it.
func (a Arith) String() string { return ArithNames()[a] }

// ArithNames lists the names.
func ArithNames() []string { return []string{"own", "bl831-df64", "bl831-single"} }

// ArithByName returns the arithmetic of a name, or an error that lists the known ones.
func ArithByName(name string) (Arith, error) {
	for i, n := range ArithNames() {
		if n == name {
			return Arith(i), nil
		}
	}
	return 0, fmt.Errorf("unknown arithmetic %q (known: %v)", name, ArithNames())
}

// RenderArith is Render by the arithmetic of bl831's CUDA program, whose habits the
// experiment has to have. Sines, exponentials and arc tangents are those of a CPU's
// library, see sin32; a GPU's own may differ in their last bit.
func (e *Experiment) RenderArith(ctx context.Context, a Arith, opt Options) ([]float32, error) {
	p := e.Config.Profile
	want, err := ProfileByName("bl831-cuda")
	if err != nil {
		return nil, err
	}
	if want.Stops = p.Stops; p != want {
		return nil, fmt.Errorf("arithmetic %s is that of profile %s, with none of its switches changed", a, want.Name)
	}
	k := newArithKernel(e, a)
	image := make([]float32, e.Geometry.Fast*e.Geometry.Slow)
	progress := e.counted(opt)
	var unknown atomic.Pointer[[3]int]
	err = inParallel(ctx, opt.Threads, e.ROI[2], e.ROI[3], func(slow int) {
		k.row(slow, image[slow*e.Geometry.Fast:], &scan{stopper: stopper{ctx: ctx}}, &unknown)
		progress()
	})
	if err != nil {
		return nil, err
	}
	if u := unknown.Load(); u != nil {
		return nil, e.unknownError(*u)
	}
	return image, e.stored(opt, image)
}

// arithKernel is an experiment in that arithmetic: pairs throughout, whose low words
// are 0 in single precision.
type arithKernel struct {
	e      *Experiment
	single bool

	subpixel                     pair
	fast, slow, normal, pix0     [3]pair
	incident                     [][3]pair
	lambda                       []pair
	cells                        [][3][3]pair
	pixelSize, close, distance   float32
	thickStep, mu, dmin          float32
	n                            [3]float32
	polarization                 float32
	axis, beam                   [3]float32
	rESqr, fluence, rESqrFluence pair
	background                   float32
}

func newArithKernel(e *Experiment, a Arith) *arithKernel {
	g, b := e.Geometry, e.Beam
	k := &arithKernel{e: e, single: a == ArithBl831Single}
	k.subpixel = k.number(e.subpixel)
	k.fast, k.slow, k.normal, k.pix0 = k.vector(g.Frame.Fast), k.vector(g.Frame.Slow), k.vector(g.Frame.Normal), k.vector(g.Pix0)
	for i := range b.Sources {
		k.incident, k.lambda = append(k.incident, k.vector(b.Sources[i].Incident)), append(k.lambda, k.number(b.Sources[i].Lambda))
	}
	for _, o := range e.orient.sweep {
		k.cells = append(k.cells, [3][3]pair{k.vector(o.a), k.vector(o.b), k.vector(o.c)})
	}
	k.pixelSize, k.close, k.distance = float32(g.PixelSize), float32(g.Close), float32(g.Distance)
	k.thickStep, k.mu, k.dmin = float32(g.ThickStep), float32(g.Mu), float32(e.Dmin)
	k.n, k.axis, k.beam = rounded[float32](e.Crystal.Cells), rounded[float32](e.double.polarAxis), rounded[float32](g.Beam)
	k.polarization = float32(b.Polarization)
	k.rESqr, k.fluence, k.rESqrFluence = k.number(rESqr), k.number(b.Fluence), k.number(float64(rESqr*b.Fluence))
	k.background = k.water(float32(b.WaterSize))
	return k
}

func (k *arithKernel) number(v float64) pair {
	if k.single {
		return pair{float32(v), 0}
	}
	return pairOf(v)
}

func (k *arithKernel) vector(v Vec3) [3]pair {
	return [3]pair{k.number(v[0]), k.number(v[1]), k.number(v[2])}
}

// water is the background of a cube of water of that edge in metres.
func (k *arithKernel) water(edge float32) float32 {
	if k.single {
		v := float32(float32(waterF) * float32(waterF) * k.rESqr.hi * k.fluence.hi * edge * edge * edge)
		return float32(v * 1e6 * float32(avogadro) / float32(waterMW))
	}
	v := pairOf(waterF).mul(pairOf(waterF)).mul(k.rESqrFluence)
	v = v.mulSingle(edge).mulSingle(edge).mulSingle(edge).mulSingle(1e6)
	return v.mul(pairOf(avogadro)).div(pairOf(waterMW)).single()
}

// row computes one row of the region of interest, and keeps the first reflection that
// is not at hand.
func (k *arithKernel) row(slow int, into []float32, sc *scan, unknown *atomic.Pointer[[3]int]) {
	for fast := k.e.ROI[0]; fast <= k.e.ROI[1] && !sc.stopped; fast++ {
		if k.e.Wanted(slow, fast) {
			into[fast] = k.pixel(slow, fast, sc)
		}
	}
	if sc.unknown != nil {
		unknown.CompareAndSwap(nil, sc.unknown)
	}
}

// arithPixel is what the samples of one pixel share.
type arithPixel struct {
	*scan
	sum, polar float32
	polarized  bool
}

// pixel computes one pixel in photons.
func (k *arithKernel) pixel(slow, fast int, sc *scan) float32 {
	p := arithPixel{scan: sc, polar: 1}
	for i := range k.e.samples() {
		if k.sample(&p, slow, fast, k.e.sampleAt(i), i == 0); p.stopped {
			return 0
		}
	}
	steps := float32(k.e.Steps)
	if k.single {
		return float32(float32(k.rESqr.hi*k.fluence.hi)*p.polar*p.sum) / steps
	}
	return k.rESqrFluence.mulSingle(p.polar).mulSingle(p.sum).div(pair{steps, 0}).single()
}

// sample adds one subpixel on one layer.
func (k *arithKernel) sample(p *arithPixel, slow, fast int, at Step, first bool) {
	e := k.e
	pos := k.position(slow, fast, at)
	short, air := unit32([3]float32{pos[0].hi, pos[1].hi, pos[2].hi})
	long := k.direction(&pos, short)
	omega := float32(k.pixelSize*k.pixelSize) / air / air * k.close / air
	if e.Geometry.PointPixel {
		omega = 1 / air / air
	}
	capture := float32(1)
	if e.Geometry.Thick > 0 {
		capture = k.captured(at.Layer, short)
	}
	if first {
		p.sum += float32(float32(capture*omega) * k.background)
	}
	for i := range k.incident {
		if k.cut(short, i) {
			continue
		}
		if !p.polarized && !e.Beam.NoPolar {
			p.polarized = true
			in := &k.incident[i]
			p.polar = k.polarized([3]float32{in[0].hi, in[1].hi, in[2].hi}, short)
		}
		q := k.scattering(&long, i)
		for j := range k.cells {
			if p.spend(1) {
				return
			}
			f, latt := k.factors(p.scan, &k.cells[j], &q)
			p.sum += float32(f * f * latt * latt * capture * omega)
		}
	}
}

// position is that of a subpixel's centre on a layer, in metres.
func (k *arithKernel) position(slow, fast int, at Step) [3]pair {
	n := k.e.Oversample
	f, s := k.coordinate(fast*n+at.Sub%n), k.coordinate(slow*n+at.Sub/n)
	o := twoProduct(float32(at.Layer), k.thickStep)
	var pos [3]pair
	for i := range pos {
		if k.single {
			pos[i].hi = float32(f.hi*k.fast[i].hi) + float32(s.hi*k.slow[i].hi) + float32(o.hi*k.normal[i].hi) + k.pix0[i].hi
			continue
		}
		pos[i] = f.mul(k.fast[i]).add(s.mul(k.slow[i])).add(o.mul(k.normal[i]).add(k.pix0[i]))
	}
	if k.e.Geometry.Curved {
		return k.curve(pos)
	}
	return pos
}

// coordinate is that of a subpixel's middle along an axis.
func (k *arithKernel) coordinate(count int) pair {
	if k.single {
		return pair{float32(k.subpixel.hi*float32(count)) + float32(k.subpixel.hi/2), 0}
	}
	return k.subpixel.mulSingle(float32(count)).add(k.subpixel.mulSingle(0.5))
}

// direction is the unit vector of a position.
func (k *arithKernel) direction(pos *[3]pair, short [3]float32) (d [3]pair) {
	if k.single {
		return [3]pair{{short[0], 0}, {short[1], 0}, {short[2], 0}}
	}
	length := pos[0].mul(pos[0]).add(pos[1].mul(pos[1])).add(pos[2].mul(pos[2])).sqrt()
	for i := range d {
		d[i] = pos[i].div(length)
	}
	return d
}

// captured is the fraction of the photons that a layer takes.
func (k *arithKernel) captured(layer int, d [3]float32) float32 {
	parallax := float32(k.normal[0].hi*d[0]) + float32(k.normal[1].hi*d[1]) + float32(k.normal[2].hi*d[2])
	depth := func(n int) float32 { return float32(float32(-n)*k.thickStep*k.mu) / parallax }
	return exp32(depth(layer)) - exp32(depth(layer+1))
}

// cut reports whether the resolution limit drops a source, judged in float32.
func (k *arithKernel) cut(d [3]float32, source int) bool {
	if !(k.dmin > 0) {
		return false
	}
	in, lambda := &k.incident[source], k.lambda[source].hi
	var q [3]float32
	for i := range q {
		q[i] = (d[i] - in[i].hi) / lambda
	}
	stol := float32(0.5 * norm32(q))
	return stol > 0 && k.dmin > 0.5/stol
}

func (k *arithKernel) scattering(d *[3]pair, source int) (q [3]pair) {
	in, lambda := &k.incident[source], k.lambda[source]
	for i := range q {
		if k.single {
			q[i].hi = (d[i].hi - in[i].hi) / lambda.hi
			continue
		}
		q[i] = d[i].sub(in[i]).div(lambda)
	}
	return q
}

// factors are the structure factor and the lattice factor of one orientation.
func (k *arithKernel) factors(sc *scan, cell *[3][3]pair, q *[3]pair) (f, latt float32) {
	var h, near, off [3]float32
	for i := range h {
		m := k.miller(&cell[i], q)
		h[i], near[i] = m.hi, float32(math.Ceil(float64(m.hi-0.5)))
		off[i] = (m.hi - float32(math.RoundToEven(float64(m.hi)))) + m.lo
	}
	latt = 1
	if k.e.Config.Crystal.Shape == Square {
		for i, n := range k.n {
			if n > 1 {
				latt *= grating32(off[i], n)
			}
		}
	} else {
		latt = k.ball(h, near)
	}
	return float32(k.e.double.nearestF(sc, float64(near[0]), float64(near[1]), float64(near[2]))), latt
}

func (k *arithKernel) miller(v, q *[3]pair) pair {
	if k.single {
		return pair{float32(v[0].hi*q[0].hi) + float32(v[1].hi*q[1].hi) + float32(v[2].hi*q[2].hi), 0}
	}
	return dotPairs(v, q)
}

// ball is the lattice factor of an ellipsoid.
func (k *arithKernel) ball(h, near [3]float32) float32 {
	var r2, v float32 = 0, 1
	for i := range h {
		d := h[i] - near[i]
		r2 += float32(d * d * k.n[i] * k.n[i])
		v *= k.n[i]
	}
	x := float32(float32(math.Pi) * sqrt32(r2))
	if x == 0 {
		return float32(v * ballCorrection)
	}
	return float32(float32(v*ballCorrection) * (3 * (sin32(x)/x - cos32(x)) / float32(x*x)))
}

// grating32 is that of n slits, off a reflection by a fraction of its distance to the
// next.
func grating32(off, n float32) float32 {
	if off == 0 {
		return n
	}
	const pi = float32(math.Pi)
	return sin32(float32(float32(pi*n)*off)) / sin32(float32(pi*off))
}

// polarized is Kahn's factor in float32.
func (k *arithKernel) polarized(in, d [3]float32) float32 {
	c := dot(in, d)
	c2 := float32(c * c)
	s2 := 1 - c2
	var psi float32
	if k.polarization != 0 {
		b, _ := unit32(cross(k.axis, in))
		e, _ := unit32(cross(in, b))
		psi = -atan2of32(dot(d, b), dot(d, e))
	}
	return 0.5 * (1 + c2 - float32(k.polarization*cos32(2*psi)*s2))
}

// curve bends the detector into a sphere around the crystal.
func (k *arithKernel) curve(pos [3]pair) [3]pair {
	var v [3]pair
	for i := range v {
		v[i].hi = float32(k.distance * k.beam[i])
	}
	if k.single {
		w := rotate32([3]float32{v[0].hi, v[1].hi, v[2].hi}, high(k.slow), pos[1].hi/k.distance)
		w = rotate32(w, high(k.fast), pos[2].hi/k.distance)
		return [3]pair{{w[0], 0}, {w[1], 0}, {w[2], 0}}
	}
	d := pair{k.distance, 0}
	return rotatePairs(rotatePairs(v, k.slow, pos[1].div(d)), k.fast, pos[2].div(d))
}

func high(v [3]pair) [3]float32 { return [3]float32{v[0].hi, v[1].hi, v[2].hi} }

func rotatePairs(v, u [3]pair, phi pair) (out [3]pair) {
	s, c := phi.sinCos()
	d := u[0].mul(v[0]).add(u[1].mul(v[1])).add(u[2].mul(v[2])).mul(pair{1, 0}.sub(c))
	for i := range out {
		j, l := (i+1)%3, (i+2)%3
		out[i] = u[i].mul(d).add(v[i].mul(c)).add(u[j].mul(v[l]).sub(u[l].mul(v[j])).mul(s))
	}
	return out
}

func rotate32(v, u [3]float32, phi float32) [3]float32 {
	s, c := sin32(phi), cos32(phi)
	d := float32(dot(u, v) * (1 - c))
	return [3]float32{
		fma32(u[0], d, float32(v[0]*c)) + float32(fma32(-u[2], v[1], float32(u[1]*v[2]))*s),
		fma32(u[1], d, float32(v[1]*c)) + float32(fma32(u[2], v[0], float32(-u[0]*v[2]))*s),
		fma32(u[2], d, float32(v[2]*c)) + float32(fma32(-u[1], v[0], float32(u[0]*v[1]))*s),
	}
}

// norm32 is the length of a vector, its squares summed from the last by fused sums.
func norm32(v [3]float32) float32 {
	return sqrt32(fma32(v[0], v[0], fma32(v[1], v[1], float32(v[2]*v[2]))))
}

func unit32(v [3]float32) ([3]float32, float32) {
	m := norm32(v)
	if m == 0 {
		return [3]float32{}, 0
	}
	return [3]float32{v[0] / m, v[1] / m, v[2] / m}, m
}
