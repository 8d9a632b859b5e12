package planted

import (
	"maps"
	"math"

	"simtrace/pkg/sim"
	"simtrace/pkg/trace/schema"
)

type vec = sim.Vec3

func dot(a, b vec) float64 { return float64(a[0]*b[0]) + float64(a[1]*b[1]) + float64(a[2]*b[2]) }
func cross(a, b vec) vec {
	return vec{a[1]*b[2] - a[2]*b[1], a[2]*b[0] - a[0]*b[2], a[0]*b[1] - a[1]*b[0]}
}
func add(a, b vec, f float64) vec { return vec{a[0] + f*b[0], a[1] + f*b[1], a[2] + f*b[2]} }
func norm(a vec) float64          { return math.Sqrt(dot(a, a)) }
func times(a vec, f float64) vec  { return vec{a[0] * f, a[1] * f, a[2] * f} }

// dual returns the vectors reciprocal to three others.
func dual(v [3]vec) [3]vec {
	volume := dot(v[0], cross(v[1], v[2]))
	return [3]vec{times(cross(v[1], v[2]), 1/volume), times(cross(v[2], v[0]), 1/volume), times(cross(v[0], v[1]), 1/volume)}
}

// hook changes a value as it is computed; what is behind it follows.
type hook func(p *port, at sim.Step, v []float64)

// port derives a pixel again from what the kernel recorded, the way another
// program would, with hooks in the place of its bugs. What no hook touches
// stays as recorded, to the last bit.
type port struct {
	e     *sim.Experiment
	hooks map[schema.Key]hook
	// cell changes the unrotated real vectors (angstrom) and the reciprocal
	// ones.
	cell func(real, star [3]vec) ([3]vec, [3]vec)
	// latt changes the number of cells of an axis.
	count [3]float64

	was, now map[schema.Key][]float64 // recorded and derived, of the last visit
	dirty    map[schema.Key]bool
	sum      float64
	summed   bool // a contribution changed
	first    map[schema.Key]float64
	wasSum   float64
	// direction and beam are diffracted_vec and incident_vec of the first
	// sample, which the reference's factors are made with.
	direction, beam vec
	ahead           [3]vec // the recorded rotated cell of the step that is walked through
	real            [3]vec // of a changed cell
	star            [3]vec
}

// derive walks the samples of a tap that recorded everything, in order.
func (p *port) derive(samples []sim.Sample) []sim.Sample {
	p.was, p.now, p.dirty, p.first = map[schema.Key][]float64{}, map[schema.Key][]float64{}, map[schema.Key]bool{}, map[schema.Key]float64{}
	if p.count == (vec{}) {
		p.count = p.e.Crystal.Cells
	}
	if p.cell != nil {
		var real [3]vec
		for i, v := range p.e.Crystal.Real {
			real[i] = times(v, 1e10)
		}
		p.real, p.star = p.cell(real, p.e.Crystal.Star)
	}
	var out []sim.Sample
	for i := range samples {
		if samples[i].Key == schema.RotA && i+2 < len(samples) {
			for j := range p.ahead {
				p.ahead[j] = vec(samples[i+j].Values)
			}
		}
		out = append(out, p.visit(&samples[i]))
	}
	return out
}

func (p *port) visit(s *sim.Sample) sim.Sample {
	old := append([]float64(nil), s.Values...)
	v := append([]float64(nil), s.Values...)
	p.was[s.Key] = old
	if f := rules[s.Key]; f != nil {
		if w := f(p); w != nil {
			copy(v, w)
		}
	}
	if h := p.hooks[s.Key]; h != nil {
		h(p, s.At, v)
	}
	p.dirty[s.Key] = false
	for i := range v {
		p.dirty[s.Key] = p.dirty[s.Key] || v[i] != old[i]
	}
	p.now[s.Key] = v
	if _, ok := p.first[s.Key]; !ok {
		p.first[s.Key] = v[0]
	}
	if s.Key == schema.IncidentVec && p.direction == (vec{}) {
		p.direction, p.beam = p.vec(schema.DiffractedVec), p.vec(schema.IncidentVec)
	}
	if s.Key == schema.SourcePrePolar {
		p.sum += v[0]
		p.wasSum += old[0]
		p.summed = p.summed || v[0] != old[0]
	}
	return sim.Sample{Key: s.Key, At: s.At, Values: v}
}

func (p *port) vec(k schema.Key) vec { v := p.now[k]; return vec{v[0], v[1], v[2]} }
func (p *port) old(k schema.Key) vec { v := p.was[k]; return vec{v[0], v[1], v[2]} }
func (p *port) num(k schema.Key) float64 {
	if v := p.now[k]; v != nil {
		return v[0]
	}
	return 0
}

// any reports whether one of the inputs changed.
func (p *port) any(keys ...schema.Key) bool {
	for _, k := range keys {
		if p.dirty[k] {
			return true
		}
	}
	return false
}

// rules derive a quantity from those before it; nil where nothing changed.
var rules map[schema.Key]func(p *port) []float64

func one(v float64) []float64 { return []float64{v} }

func init() {
	rules = map[schema.Key]func(p *port) []float64{}
	for _, some := range []map[schema.Key]func(p *port) []float64{ofTheRay(), ofTheCell(), ofTheSum()} {
		maps.Copy(rules, some)
	}
}

func ofTheRay() map[schema.Key]func(p *port) []float64 {
	return map[schema.Key]func(p *port) []float64{
		schema.PixelPos: func(p *port) []float64 {
			if !p.any(schema.Pix0Vector, schema.FdetVec, schema.SdetVec) {
				return nil
			}
			f, s := p.old(schema.FdetVec), p.old(schema.SdetVec)
			in := add(p.old(schema.PixelPos), p.old(schema.Pix0Vector), -1)
			o := cross(f, s)
			v := add(add(p.vec(schema.Pix0Vector), p.vec(schema.FdetVec), dot(in, f)), p.vec(schema.SdetVec), dot(in, s))
			v = add(v, cross(p.vec(schema.FdetVec), p.vec(schema.SdetVec)), dot(in, o))
			return v[:]
		},
		schema.RDistance: func(p *port) []float64 {
			if !p.any(schema.PixelPos) {
				return nil
			}
			return one(norm(p.vec(schema.PixelPos)))
		},
		schema.OmegaSample: func(p *port) []float64 {
			if !p.any(schema.RDistance, schema.Pix0Vector) {
				return nil
			}
			r := p.num(schema.RDistance)
			px := p.e.Geometry.PixelSize
			return one(px * px / r / r * p.close() / r)
		},
		schema.CloseDistance: func(p *port) []float64 {
			if !p.any(schema.Pix0Vector, schema.FdetVec, schema.SdetVec) {
				return nil
			}
			return one(p.close())
		},
		schema.Obliquity: func(p *port) []float64 {
			if !p.any(schema.CloseDistance, schema.RDistance) {
				return nil
			}
			return one(p.num(schema.CloseDistance) / p.num(schema.RDistance))
		},
		schema.DiffractedVec: func(p *port) []float64 {
			if !p.any(schema.PixelPos, schema.RDistance) {
				return nil
			}
			v := times(p.vec(schema.PixelPos), 1/p.num(schema.RDistance))
			return v[:]
		},
		schema.LambdaAngstroms: func(p *port) []float64 {
			if !p.any(schema.LambdaMeters) {
				return nil
			}
			return one(p.num(schema.LambdaMeters) * 1e10)
		},
	}
}

func ofTheCell() map[schema.Key]func(p *port) []float64 {
	return map[schema.Key]func(p *port) []float64{
		schema.ScatteringVec: func(p *port) []float64 {
			if !p.any(schema.DiffractedVec, schema.IncidentVec, schema.LambdaMeters) {
				return nil
			}
			v := times(add(p.vec(schema.DiffractedVec), p.vec(schema.IncidentVec), -1), 1/p.num(schema.LambdaMeters))
			return v[:]
		},
		schema.RotA:     func(p *port) []float64 { return p.rotated(0) },
		schema.RotB:     func(p *port) []float64 { return p.rotated(1) },
		schema.RotC:     func(p *port) []float64 { return p.rotated(2) },
		schema.RotAStar: func(p *port) []float64 { return p.reciprocal(0) },
		schema.RotBStar: func(p *port) []float64 { return p.reciprocal(1) },
		schema.RotCStar: func(p *port) []float64 { return p.reciprocal(2) },
		schema.HKLFrac: func(p *port) []float64 {
			if !p.any(schema.RotA, schema.RotB, schema.RotC, schema.ScatteringVec) {
				return nil
			}
			q := times(p.vec(schema.ScatteringVec), 1e-10)
			return []float64{dot(p.vec(schema.RotA), q), dot(p.vec(schema.RotB), q), dot(p.vec(schema.RotC), q)}
		},
		schema.HKLRounded: func(p *port) []float64 {
			if !p.any(schema.HKLFrac) {
				return nil
			}
			h := p.vec(schema.HKLFrac)
			return []float64{math.Ceil(h[0] - 0.5), math.Ceil(h[1] - 0.5), math.Ceil(h[2] - 0.5)}
		},
		schema.FLattA: func(p *port) []float64 { return p.grating(0) },
		schema.FLattB: func(p *port) []float64 { return p.grating(1) },
		schema.FLattC: func(p *port) []float64 { return p.grating(2) },
		schema.FLatt: func(p *port) []float64 {
			if !p.any(schema.FLattA, schema.FLattB, schema.FLattC) {
				return nil
			}
			return one(p.num(schema.FLattA) * p.num(schema.FLattB) * p.num(schema.FLattC))
		},
		schema.PhiKFrac:  func(p *port) []float64 { return one(p.now[schema.HKLFrac][1]) },
		schema.PhiFLattB: func(p *port) []float64 { return one(p.num(schema.FLattB)) },
		schema.PhiFLatt:  func(p *port) []float64 { return one(p.num(schema.FLatt)) },
		schema.FCell:     func(p *port) []float64 { return p.factor() },
		schema.FCellNearest: func(p *port) []float64 {
			if p.e.Interpolate {
				return nil
			}
			return one(p.num(schema.FCell))
		},
		schema.SourceFCell: func(p *port) []float64 { return one(p.num(schema.FCell)) },
		schema.SourceFLatt: func(p *port) []float64 {
			if p.now[schema.FLatt] == nil {
				return nil
			}
			return one(p.num(schema.FLatt))
		},
	}
}

func ofTheSum() map[schema.Key]func(p *port) []float64 {
	return map[schema.Key]func(p *port) []float64{
		schema.SourcePrePolar: func(p *port) []float64 {
			if !p.any(schema.SourceFCell, schema.SourceFLatt) {
				return nil
			}
			f, l := p.num(schema.SourceFCell), p.num(schema.SourceFLatt)
			return one(f * f * l * l)
		},
		schema.IBeforeScaling:         func(p *port) []float64 { return p.total() },
		schema.IBeforeScalingPrePolar: func(p *port) []float64 { return one(p.num(schema.IBeforeScaling)) },
		schema.IBeforeScalingPostPolar: func(p *port) []float64 {
			if !p.any(schema.IBeforeScaling, schema.IncidentVec, schema.DiffractedVec) {
				return nil
			}
			return one(p.num(schema.IBeforeScaling) * p.polar())
		},
		schema.Polar: func(p *port) []float64 {
			if !p.any(schema.IncidentVec, schema.DiffractedVec) {
				return nil
			}
			return one(p.polar())
		},
		schema.Cos2Theta: func(p *port) []float64 {
			if !p.any(schema.IncidentVec, schema.DiffractedVec) {
				return nil
			}
			return one(dot(p.vec(schema.IncidentVec), p.vec(schema.DiffractedVec)))
		},
		schema.OmegaPixel: func(p *port) []float64 {
			if !p.any(schema.OmegaSample) {
				return nil
			}
			return one(p.first[schema.OmegaSample])
		},
		schema.REMeters: func(*port) []float64 { return nil },
		schema.IPixelFinal: func(p *port) []float64 {
			if !p.any(schema.IBeforeScaling, schema.RESqr, schema.Fluence, schema.Steps, schema.CaptureFraction, schema.Polar, schema.OmegaPixel) {
				return nil
			}
			return one(p.num(schema.RESqr) * p.num(schema.Fluence) * p.num(schema.IBeforeScaling) / p.num(schema.Steps) *
				p.num(schema.CaptureFraction) * p.num(schema.Polar) * p.num(schema.OmegaPixel))
		},
		schema.FloatImage: func(p *port) []float64 { return one(float64(float32(p.num(schema.IPixelFinal)))) },
	}
}

// close is the distance of closest approach of a changed detector.
func (p *port) close() float64 {
	o := cross(p.vec(schema.FdetVec), p.vec(schema.SdetVec))
	if dot(o, p.e.Geometry.Frame.Normal) < 0 {
		o = times(o, -1)
	}
	return dot(p.vec(schema.Pix0Vector), o) / norm(o)
}

// polar is the factor of an unpolarised beam for the first sample.
func (p *port) polar() float64 {
	c := dot(p.beam, p.direction) / norm(p.beam) / norm(p.direction)
	return 0.5 * (1 + c*c)
}

// rotated turns a changed cell the way the recorded one is turned.
func (p *port) rotated(axis int) []float64 {
	if p.cell == nil {
		return nil
	}
	v := p.turned(axis)
	return v[:]
}

// turned applies the rotation of this step, which takes the recorded unrotated
// cell into the recorded rotated one. It is known once all three vectors are,
// so that the walk looks ahead.
func (p *port) turned(axis int) vec {
	star := dual([3]vec{times(p.e.Crystal.Real[0], 1e10), times(p.e.Crystal.Real[1], 1e10), times(p.e.Crystal.Real[2], 1e10)})
	var v vec
	for i := range 3 {
		v = add(v, p.ahead[i], dot(star[i], p.real[axis]))
	}
	return v
}

func (p *port) reciprocal(i int) []float64 {
	if p.cell == nil {
		return nil
	}
	v := p.star[i]
	return v[:]
}

func (p *port) grating(i int) []float64 {
	if !p.any(schema.HKLFrac) && p.count == p.e.Crystal.Cells {
		return nil
	}
	if p.count[i] <= 1 {
		return one(1)
	}
	x := math.Pi * p.vec(schema.HKLFrac)[i]
	if x == 0 {
		return one(p.count[i])
	}
	return one(math.Sin(x*p.count[i]) / math.Sin(x))
}

func (p *port) factor() []float64 {
	if !p.any(schema.HKLRounded) {
		return nil
	}
	h := p.vec(schema.HKLRounded)
	g := p.e.Config.Crystal.F
	if a, b, c := int(h[0]), int(h[1]), int(h[2]); g != nil && g.Stored(a, b, c) {
		return one(g.At(a, b, c))
	}
	return one(p.e.Config.Crystal.DefaultF)
}

func (p *port) total() []float64 {
	if !p.summed {
		return nil
	}
	return one(p.was[schema.IBeforeScaling][0] - p.wasSum + p.sum)
}
