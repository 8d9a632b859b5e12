package sim

import (
	"math"
	"slices"

	"simtrace/pkg/sim/crmath"
	"simtrace/pkg/sim/fast"
)

// singleRacer is what the fast engine needs of an experiment in single precision. Its
// sweeps round as the exact engine does, operation by operation; what is computed
// once for a sample or a pixel is the exact engine's own.
type singleRacer struct {
	sweep   fast.Sweep32
	lattice fast.Lattice32
	table   []fast.Orientation32
	rays    []fast.Ray32
	beams   []beam32
}

// beam32 is a source's part of the polarisation factor: its unit vector, and the
// two directions across it.
type beam32 struct{ incident, b, e [3]float32 }

// block32 is a block of pixels in single precision.
type block32 struct {
	fast.Block32
	polar, omega, capture [fast.Width]float32
}

// newSingleRacer prepares a racer for single precision.
func newSingleRacer(r *racer) *singleRacer {
	e, l := r.e.single, &r.lattice
	s := &singleRacer{lattice: fast.Lattice32{
		Cells: e.cells, Volume: e.cells[0] * e.cells[1] * e.cells[2], Fudge: e.fudge, Star: e.star, Reciprocal: l.Reciprocal,
		StrideH: int32(l.Stride[0]), StrideK: int32(l.Stride[1]), Base: int32(l.Base), F: make([]float32, len(l.F)),
	}}
	for i, f := range l.F {
		s.lattice.F[i] = float32(f)
	}
	for i := range 3 {
		s.lattice.Lo[i], s.lattice.Hi[i] = float32(l.Lo[i]), float32(l.Hi[i])
	}
	shape := e.Config.Crystal.Shape
	switch shape {
	case Round:
		s.lattice.Volume = float32(s.lattice.Volume * ballCorrection)
	case Square:
		for i, n := range s.lattice.Cells {
			s.lattice.Cells[i] = max(n, 1) // one cell is no grating: sin(x)/sin(x)
		}
	}
	k := &r.kernels
	s.sweep = map[Shape]fast.Sweep32{Square: k.Square32, Round: k.Round32, Gauss: k.Gauss32, Tophat: k.Tophat32}[shape]
	for _, o := range e.sweepCells {
		s.table = append(s.table, fast.Orientation32{o.a[0], o.a[1], o.a[2], o.b[0], o.b[1], o.b[2], o.c[0], o.c[1], o.c[2]})
	}
	for i := range e.Beam.Sources {
		source := &e.Beam.Sources[i]
		incident := rounded[float32](source.Incident)
		s.rays = append(s.rays, fast.Ray32{Incident: incident, Lambda: float32(source.Lambda)})
		beam := beam32{}
		beam.incident, _ = unit(incident)
		beam.b, _ = unit(cross(e.polarAxis, beam.incident))
		beam.e, _ = unit(cross(beam.incident, beam.b))
		s.beams = append(s.beams, beam)
	}
	return s
}

// onlyExactSingle says why the exact engine has to compute an image in single
// precision; "" where it need not.
func (e *Experiment) onlyExactSingle() string {
	switch {
	case e.Interpolate:
		return "structure factors are interpolated in single precision"
	case e.compounds, e.factors:
		return "samples have factors of their own in single precision"
	}
	p := &e.Config.Profile
	if e.polarLate || p.PolarKept || p.LayersInside || p.SumByPhi || p.Products != ProductsPolarLast || !p.Water.inSum() && e.Beam.WaterSize != 0 {
		return "the profile has an order of operations of its own in single precision"
	}
	if c := &e.Config.Crystal; c.Shape == Gauss {
		most := math.Abs(c.DefaultF)
		if c.F != nil {
			for _, f := range c.F.data {
				most = math.Max(most, math.Abs(f))
			}
		}
		// Below LeastExp32 a term must vanish.
		if v := most * e.Crystal.Cells[0] * e.Crystal.Cells[1] * e.Crystal.Cells[2]; !(v*v < 1e30) {
			return "the tails of Gaussian spots count in single precision"
		}
	}
	return ""
}

// computeSingle fills the block's Image with n pixels of a row.
func (w *worker) computeSingle(slow, fast0, n int) {
	e, b := w.e.single, w.single
	all, background := lanes(n), float32(0)
	if e.Config.Profile.Water.inSum() {
		background = e.background
	}
	for i := range all {
		b.Sum[i], b.Doubt[i], b.polar[i], b.capture[i] = background, fast.Certain, 1, 1
	}
	samples := e.Oversample * e.Oversample
	for layer := range e.Geometry.ThickSteps {
		for sub := range samples {
			at := fastSample{slow: slow, fast: fast0, n: all, layer: layer, sub: sub}
			at.first = layer == 0 && sub == 0
			at.last = layer == e.Geometry.ThickSteps-1 && sub == samples-1
			w.locateSingle(at)
			for i := range w.singles.rays {
				if w.sourceSingle(at, i); w.stop.stopped {
					return
				}
			}
		}
	}
	for i := range n {
		v := rESqr * e.fluence * b.Sum[i] / float32(e.Steps)
		v *= b.capture[i]
		v *= b.polar[i]
		v *= b.omega[i]
		w.block.Image[i] = v
		// The exact engine computes a factor of zero again at the next sample.
		if b.Doubt[i] <= 2*fast.DoubtAt || b.capture[i] == 0 || b.polar[i] == 0 {
			w.exact[i], w.special = true, true
		}
	}
}

// locateSingle computes directions, and solid angles and captured fractions where
// they count.
func (w *worker) locateSingle(at fastSample) {
	e, b, g := w.e.single, w.single, w.e.Geometry
	subS, subF := at.sub/e.Oversample, at.sub%e.Oversample
	omega := at.first && e.Config.Profile.OmegaKeep == KeepFirst || at.last && e.Config.Profile.OmegaKeep == KeepLast
	capture := g.Thick > 0 && at.layer == g.ThickSteps-1 && at.sub == 0
	for i := range at.n {
		d, r := unit(e.position(at.slow, at.fast+i, at.layer, subS, subF))
		b.X[i], b.Y[i], b.Z[i] = d[0], d[1], d[2]
		if omega {
			b.omega[i] = e.pixelSize * e.pixelSize / r / r * e.close / r
			if g.PointPixel {
				b.omega[i] = 1.0 / r / r
			}
		}
		if capture {
			b.capture[i] = e.absorbed(at.layer, d)
		}
	}
}

// sourceSingle adds all orientations for one source, and computes the polarisation
// factors where they count. Each makes the directions unit vectors once more for
// the sources behind it.
func (w *worker) sourceSingle(at fastSample, source int) {
	e, b, s := w.e.single, w.single, w.singles
	if e.Dmin > 0 {
		for i := range at.n {
			if e.cut(scattering([3]float32{b.X[i], b.Y[i], b.Z[i]}, s.rays[source].Incident, s.rays[source].Lambda)) {
				w.exact[i], w.special = true, true
			}
		}
	}
	for some := range slices.Chunk(s.table, fast.Steps) {
		if w.stop.spend(len(some) * blockWork) {
			return
		}
		s.sweep(&b.Block32, at.n, &s.lattice, &s.rays[source], some)
	}
	first, last := at.first && source == 0, at.last && source == len(s.rays)-1
	once := e.Config.Profile.PolarKeep.first()
	if e.Beam.NoPolar || once && !first || len(s.rays) == 1 && !once && !last {
		return
	}
	for i := range at.n {
		d, _ := unit([3]float32{b.X[i], b.Y[i], b.Z[i]})
		b.X[i], b.Y[i], b.Z[i] = d[0], d[1], d[2]
		if once || last {
			b.polar[i] = s.beams[source].factor(e.polarization, d)
		}
	}
}

// factor is polarizationFactor in single precision.
func (b *beam32) factor(kahn float32, d [3]float32) float32 {
	c := dot(b.incident, d)
	c2 := float32(c * c)
	s2 := 1 - c2
	var psi float32
	if kahn != 0 {
		psi = -atan32(dot(d, b.b), dot(d, b.e))
	}
	return 0.5 * (1.0 + c2 - float32(kahn*cos(2*psi)*s2))
}

// atan32 is atan2 in single precision: the library's function, which is not
// correctly rounded, decides where that leaves no doubt.
func atan32(y, x float32) float32 {
	const off = 4e-15
	if a := math.Atan2(float64(y), float64(x)); float32(float64(a*(1-off))) == float32(float64(a*(1+off))) {
		return float32(a)
	}
	return float32(crmath.Atan2(float64(y), float64(x)))
}
