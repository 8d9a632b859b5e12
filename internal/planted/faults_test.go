package planted

import (
	"math"
	"strings"

	"simtrace/pkg/sim"
	"simtrace/pkg/trace/schema"
)

// fault is one thing to plant on got's side.
type fault struct {
	name string
	want string // the cause that has to be named first
	// in says where the fault makes a difference; nil is everywhere.
	in        func(c *sim.Config) bool
	config    func(c *sim.Config)
	plant     func(p *port)
	label     map[schema.Key]label
	edit      func(string) string
	cOnly     bool // the port's log has no other line of the kind, so that nothing shows the loss
	tolerance float64
	pixelOnly bool // got prints no setup
}

func (f fault) applies(c *sim.Config) bool { return f.in == nil || f.in(c) }

func hooks(k schema.Key, h hook) func(*port) {
	return func(p *port) { p.hooks = map[schema.Key]hook{k: h} }
}

func scaleBy(f float64) hook {
	return func(_ *port, _ sim.Step, v []float64) {
		for i := range v {
			v[i] *= f
		}
	}
}

func shift(f, s, o float64) hook {
	return func(p *port, _ sim.Step, v []float64) {
		fr := p.e.Geometry.Frame
		d := add(add(times(fr.Fast, f), fr.Slow, s), fr.Normal, o)
		for i := range v {
			v[i] += d[i]
		}
	}
}

func times1(f float64) label {
	return func(v []float64) {
		for i := range v {
			v[i] *= f
		}
	}
}

func isTilted(c *sim.Config) bool  { return c.Detector.RotDeg != [3]float64{} }
func isCustom(c *sim.Config) bool  { return c.Detector.Convention == sim.Custom }
func hasMisset(c *sim.Config) bool { return c.Crystal.Misset != nil }
func scans(c *sim.Config) bool     { return c.Rotation.Phisteps > 2 }
func hasMosaic(c *sim.Config) bool { return c.Crystal.Domains > 1 }
func subpixels(c *sim.Config) bool { return c.Sampling.Oversample > 1 }
func layers(c *sim.Config) bool    { return c.Detector.ThickSteps > 1 }
func triclinicCell(c *sim.Config) bool {
	return c.Crystal.Cell != nil && c.Crystal.Cell[3] != 90
}
func nearest(c *sim.Config) bool { return c.Crystal.Interpolate == sim.InterpolateOff }
func withTable(c *sim.Config) bool {
	return nearest(c) && c.Crystal.F != nil && c.Crystal.F.Hint == ""
}
func many(c *sim.Config) bool {
	return c.Rotation.Phisteps > 1 || c.Crystal.Domains > 1 || c.Sampling.Oversample > 1
}

// faults holds all that is planted.
func faults() []fault {
	out := append(placeFaults(), crystalFaults()...)
	out = append(out, sumFaults()...)
	return append(out, printFaults()...)
}

func placeFaults() []fault {
	return []fault{
		{name: "distance for close", want: "distance-for-close", in: isCustom, plant: hooks(schema.Pix0Vector, func(p *port, at sim.Step, v []float64) {
			g := p.e.Geometry
			shift(0, 0, g.Setup.Distance-g.Setup.Close)(p, at, v)
		})},
		{name: "pivot flipped", want: "wrong-pivot", in: isCustom, config: func(c *sim.Config) { c.Detector.Pivot = 1 - c.Detector.Pivot }},
		{name: "pivot in the code", want: "wrong-pivot", in: isCustom, plant: hooks(schema.Pix0Vector, func(p *port, _ sim.Step, v []float64) {
			g := p.e.Geometry
			for i := range v {
				v[i] = -g.Setup.Fclose*g.Frame.Fast[i] - g.Setup.Sclose*g.Frame.Slow[i] + g.Setup.Distance*g.Beam[i]
			}
		})},
		{name: "odet kept as typed", want: "odet-regenerated", in: func(c *sim.Config) bool { return isCustom(c) && !isTilted(c) }, plant: hooks(schema.Pix0Vector, func(p *port, _ sim.Step, v []float64) {
			g, typed := p.e.Geometry, p.e.Config.Detector.Odet
			for i := range v {
				v[i] = -g.Setup.Fclose*g.Frame.Fast[i] - g.Setup.Sclose*g.Frame.Slow[i] + g.Setup.Close*typed[i]/norm(typed)
			}
		})},
		{name: "twotheta lost", want: "twotheta-clobber", in: isCustom, config: func(c *sim.Config) { c.Detector.TwothetaDeg, c.Detector.TwothetaAxis = 0, sim.Vec3{0, 1, 0} }},
		{name: "half pixel missing", want: "half-pixel", plant: hooks(schema.Pix0Vector, func(p *port, at sim.Step, v []float64) {
			shift(p.e.Geometry.PixelSize/2, p.e.Geometry.PixelSize/2, 0)(p, at, v)
		})},
		{name: "half pixel twice, fast axis", want: "half-pixel", plant: hooks(schema.Pix0Vector, func(p *port, at sim.Step, v []float64) {
			shift(-p.e.Geometry.PixelSize/2, 0, 0)(p, at, v)
		})},
		{name: "corner of the pixel", want: "half-pixel", plant: hooks(schema.PixelPos, func(p *port, at sim.Step, v []float64) {
			shift(-p.e.Geometry.PixelSize/2, -p.e.Geometry.PixelSize/2, 0)(p, at, v)
		})},
		{name: "beam centre swapped", want: "beam-swap", config: func(c *sim.Config) {
			c.Detector.Xbeam, c.Detector.Ybeam = c.Detector.Ybeam, c.Detector.Xbeam
		}},
		{name: "beam negated", want: "beam-vector", plant: hooks(schema.IncidentVec, scaleBy(-1))},
		{name: "beam not normalised", want: "beam-vector", plant: hooks(schema.IncidentVec, scaleBy(1.03))},
		{name: "beam ignored", want: "beam-vector", in: isCustom, config: func(c *sim.Config) { c.Detector.Beam = c.Detector.Odet }},
		{name: "pixel swapped", want: "pixel-swap", plant: hooks(schema.PixelPos, func(p *port, _ sim.Step, v []float64) {
			f, s := p.vec(schema.FdetVec), p.vec(schema.SdetVec)
			in := add(vec(v), p.vec(schema.Pix0Vector), -1)
			a, b := dot(in, f), dot(in, s)
			copy(v, func() []float64 { w := add(add(vec(v), f, b-a), s, a-b); return w[:] }())
		})},
		{name: "detector turned in reverse", want: "rotation-order", in: isTilted, config: func(c *sim.Config) {
			d := &c.Detector
			// Turned beforehand: R' f0 is what the reverse order gives, and no
			// angle is left; the port prints the angles it was given.
			d.Fdet, d.Sdet, d.Odet = reverse(d.Fdet, d.RotDeg), reverse(d.Sdet, d.RotDeg), reverse(d.Odet, d.RotDeg)
			d.RotDeg = [3]float64{}
		}},
		{name: "sign of the fast axis", want: "sign", plant: hooks(schema.FdetVec, scaleBy(-1))},
		{name: "scattering vector negated", want: "sign", plant: hooks(schema.ScatteringVec, scaleBy(-1))},
	}
}

// reverse turns about z, then y, then x.
func reverse(v sim.Vec3, deg [3]float64) sim.Vec3 {
	for axis := 2; axis >= 0; axis-- {
		sin, cos := math.Sincos(deg[axis] * math.Pi / 180)
		a, b := (axis+1)%3, (axis+2)%3
		v[a], v[b] = cos*v[a]-sin*v[b], sin*v[a]+cos*v[b]
	}
	return v
}

// forward turns about x, then y, then z.
func forward(v sim.Vec3, deg [3]float64) sim.Vec3 {
	for axis := range 3 {
		sin, cos := math.Sincos(deg[axis] * math.Pi / 180)
		a, b := (axis+1)%3, (axis+2)%3
		v[a], v[b] = cos*v[a]-sin*v[b], sin*v[a]+cos*v[b]
	}
	return v
}

func fromStar(change func(star [3]vec) [3]vec) func(*port) {
	return func(p *port) {
		p.cell = func(_, star [3]vec) ([3]vec, [3]vec) {
			s := change(star)
			return dual(s), s
		}
	}
}

func crystalFaults() []fault {
	scaleStar := func(f func(p *port) float64) func(*port) {
		return func(p *port) {
			fromStar(func(s [3]vec) [3]vec {
				return [3]vec{times(s[0], f(p)), times(s[1], f(p)), times(s[2], f(p))}
			})(p)
		}
	}
	return []fault{
		{name: "matrix transposed", want: "matrix-transpose", in: nearest, plant: fromStar(func(s [3]vec) [3]vec {
			return [3]vec{{s[0][0], s[1][0], s[2][0]}, {s[0][1], s[1][1], s[2][1]}, {s[0][2], s[1][2], s[2][2]}}
		})},
		{name: "not scaled by lambda", want: "lambda-rescale", in: nearest, plant: scaleStar(func(p *port) float64 { return p.e.Beam.Lambda0 * 1e10 })},
		{name: "scaled by lambda twice", want: "lambda-rescale", in: nearest, plant: scaleStar(func(p *port) float64 { return 1 / (p.e.Beam.Lambda0 * 1e10) })},
		{name: "2 pi in the matrix", want: "volume", in: nearest, plant: scaleStar(func(*port) float64 { return 1 / (2 * math.Pi) })},
		{name: "volume of the real cell", want: "volume", in: nearest, plant: func(p *port) {
			p.cell = func(real, star [3]vec) ([3]vec, [3]vec) {
				return [3]vec{times(real[0], 1.013), times(real[1], 1.013), times(real[2], 1.013)}, star
			}
		}},
		{name: "volume from the angles, not the vectors", want: "metric-duality", in: func(c *sim.Config) bool { return triclinicCell(c) && nearest(c) }, plant: func(p *port) {
			p.cell = func(real, star [3]vec) ([3]vec, [3]vec) { return dual(star), star }
		}},
		{name: "a triclinic cell built rightly", want: "metric-duality", in: func(c *sim.Config) bool { return triclinicCell(c) && nearest(c) }, plant: func(p *port) {
			p.cell = func(_, _ [3]vec) ([3]vec, [3]vec) {
				setup := p.e.Crystal.Setup
				s := [3]vec(setup.BeforeMisset)
				cs := setup.StarLengths[2]
				s[2][2] = math.Sqrt(cs*cs - s[2][0]*s[2][0] - s[2][1]*s[2][1])
				for i := range s {
					s[i] = forward(s[i], *p.e.Config.Crystal.Misset)
				}
				return dual(s), s
			}
		}},
		{name: "misset in reverse", want: "rotation-order", in: func(c *sim.Config) bool { return hasMisset(c) && nearest(c) }, plant: func(p *port) {
			deg := *p.e.Config.Crystal.Misset
			back := [3]float64{-deg[0], -deg[1], -deg[2]}
			turn := func(v vec) vec { return reverse(reverse(v, back), deg) }
			p.cell = func(real, star [3]vec) ([3]vec, [3]vec) {
				return [3]vec{turn(real[0]), turn(real[1]), turn(real[2])}, [3]vec{turn(star[0]), turn(star[1]), turn(star[2])}
			}
		}},
		{name: "phi to the end of the range", want: "phi-grid", in: scans, config: func(c *sim.Config) {
			c.Rotation.PhistepDeg = c.Rotation.OscDeg / float64(c.Rotation.Phisteps-1)
		}},
		{name: "phi in the middle of the step", want: "phi-grid", in: scans, config: func(c *sim.Config) {
			c.Rotation.PhiDeg += c.Rotation.OscDeg / float64(2*c.Rotation.Phisteps)
		}},
		{name: "carried over at phi 0", want: "phi-carryover", in: scans},
		{name: "floor for nearest", want: "rounding", in: withTable, plant: hooks(schema.HKLRounded, func(p *port, _ sim.Step, v []float64) {
			for i, h := range p.vec(schema.HKLFrac) {
				v[i] = math.Floor(h)
			}
		})},
		{name: "cut for nearest", want: "rounding", in: withTable, plant: hooks(schema.HKLRounded, func(p *port, _ sim.Step, v []float64) {
			for i, h := range p.vec(schema.HKLFrac) {
				v[i] = math.Trunc(h)
			}
		})},
		{name: "Na and Nb exchanged", want: "axis-swap", plant: func(p *port) { c := p.e.Crystal.Cells; p.count = [3]float64{c[1], c[0], c[2]} }},
		{name: "Nb and Nc exchanged", want: "axis-swap", plant: func(p *port) { c := p.e.Crystal.Cells; p.count = [3]float64{c[0], c[2], c[1]} }},
		{name: "sine ratio at h - h0", want: "lattice-delta", plant: func(p *port) {
			at := func(i int) hook {
				return func(p *port, _ sim.Step, v []float64) {
					if n := p.count[i]; n > 1 {
						x := math.Pi * (p.vec(schema.HKLFrac)[i] - p.vec(schema.HKLRounded)[i])
						v[0] = math.Sin(x*n) / math.Sin(x)
					}
				}
			}
			p.hooks = map[schema.Key]hook{schema.FLattA: at(0), schema.FLattB: at(1), schema.FLattC: at(2)}
		}},
	}
}

func sumFaults() []fault {
	return []fault{
		{name: "interpolation off", want: "interpolation", in: func(c *sim.Config) bool { return !nearest(c) }, config: func(c *sim.Config) { c.Crystal.Interpolate = sim.InterpolateOff }},
		{name: "other structure factors", want: "stale-fdump", in: withTable, config: func(c *sim.Config) { c.Crystal.F = otherFactors() }},
		{name: "obliquity missing", want: "obliquity", plant: hooks(schema.OmegaSample, func(p *port, _ sim.Step, v []float64) { v[0] *= p.num(schema.RDistance) / p.close() })},
		{name: "obliquity twice", want: "obliquity", plant: hooks(schema.OmegaSample, func(p *port, _ sim.Step, v []float64) { v[0] *= p.close() / p.num(schema.RDistance) })},
		{name: "last subpixel's omega", want: "omega-last", in: subpixels, config: func(c *sim.Config) { c.Profile.OmegaKeep = sim.KeepLast }},
		{name: "first layer's capture", want: "capture", in: layers, plant: hooks(schema.CaptureFraction, func(p *port, _ sim.Step, v []float64) {
			g := p.e.Geometry
			parallax := dot(p.direction, g.Frame.Normal)
			v[0] = 1 - math.Exp(-g.ThickStep*g.Mu/parallax)
		})},
		{name: "r_e^2 of three digits", want: "constant", plant: hooks(schema.RESqr, func(_ *port, _ sim.Step, v []float64) { v[0] = 7.94e-30 })},
		{name: "lambda of three digits", want: "constant", in: func(c *sim.Config) bool { return c.Beam.LambdaA == 0.9768 }, config: func(c *sim.Config) { c.Beam.LambdaA = 0.977 }},
		{name: "default fluence", want: "fluence", config: func(c *sim.Config) { c.Beam.Flux, c.Beam.Fluence = 0, 125932015286227086360700780544 }},
		{name: "fluence of another beam size", want: "fluence", config: func(c *sim.Config) { c.Beam.Flux, c.Beam.Fluence = 0, 3.7e23 }},
		{name: "polarisation missing", want: "polar", plant: hooks(schema.IPixelFinal, func(p *port, _ sim.Step, v []float64) { v[0] /= p.num(schema.Polar) })},
		{name: "polarisation in the sum", want: "polar", plant: hooks(schema.IBeforeScaling, func(p *port, _ sim.Step, v []float64) { v[0] *= p.polar() })},
		{name: "sum printed with the polarisation", want: "polar", plant: func(p *port) {
			p.hooks = map[schema.Key]hook{
				schema.IBeforeScaling: func(p *port, _ sim.Step, v []float64) { v[0] *= p.polar() },
				schema.IPixelFinal:    func(p *port, _ sim.Step, v []float64) { v[0] = p.was[schema.IPixelFinal][0] },
			}
		}},
		{name: "not divided by steps", want: "steps", in: many, plant: hooks(schema.IPixelFinal, func(p *port, _ sim.Step, v []float64) { v[0] *= p.num(schema.Steps) })},
		{name: "divided by steps twice", want: "steps", in: many, plant: hooks(schema.IPixelFinal, func(p *port, _ sim.Step, v []float64) { v[0] /= p.num(schema.Steps) })},
		{name: "steps counted twice", want: "steps", plant: hooks(schema.Steps, scaleBy(2))},
		{name: "domain 0 draws nothing", want: "mosaic-draws", in: hasMosaic, config: func(c *sim.Config) { c.Crystal.MosaicSeed = 4711 }},
		{name: "shape factor missing", want: "shape", plant: hooks(schema.IBeforeScaling, scaleBy(1/(0.723601254558268*0.723601254558268)))},
		{name: "F_latt of two axes", want: "self-inconsistent", plant: hooks(schema.FLatt, func(p *port, _ sim.Step, v []float64) { v[0] = p.num(schema.FLattA) * p.num(schema.FLattB) })},
		{name: "indices by the transposed product", want: "self-inconsistent", plant: hooks(schema.HKLFrac, func(p *port, _ sim.Step, v []float64) { v[1] += 0.25 })},
		{name: "NaN in the capture fraction", want: "fast-math", plant: hooks(schema.CaptureFraction, func(_ *port, _ sim.Step, v []float64) { v[0] = math.NaN() })},
	}
}

func printFaults() []fault {
	return []fault{
		{name: "scattering vector in 1/A", want: "unit-label", label: map[schema.Key]label{schema.ScatteringVec: times1(1e-10)}},
		{name: "origin in mm", want: "unit-label", label: map[schema.Key]label{schema.Pix0Vector: times1(1e3)}},
		{name: "cell in metres", want: "unit-label", label: map[schema.Key]label{schema.RotA: times1(1e-10), schema.RotB: times1(1e-10), schema.RotC: times1(1e-10)}},
		{name: "reciprocal cell with 2 pi", want: "unit-label", label: map[schema.Key]label{schema.RotAStar: times1(2 * math.Pi), schema.RotBStar: times1(2 * math.Pi), schema.RotCStar: times1(2 * math.Pi)}},
		{name: "phi in radians", want: "degrees-radians", in: scans, label: map[schema.Key]label{schema.PhiDeg: times1(math.Pi / 180)}},
		{name: "phi of the step's end in the print", want: "phi-grid", in: func(c *sim.Config) bool { return c.Rotation.Phisteps == 4 && c.Rotation.OscDeg == 0.8 }, label: map[schema.Key]label{schema.PhiDeg: func(v []float64) { v[0] = 0.3 + (v[0]-0.3)*4/3 }}},
		{name: "single precision", want: "float32", tolerance: 1e-9, plant: single},
		{name: "a line lost", want: "missing-record", cOnly: true, edit: without("R_distance_meters")},
		{name: "a phi row lost", want: "missing-record", in: scans, edit: without("phi_tic=2 ")},
		{name: "cut off", want: "truncated", edit: func(s string) string { return s[:strings.LastIndex(s, "fluence_photons")+20] }},
		{name: "crashed", want: "truncated", edit: func(s string) string {
			return s[:strings.LastIndex(s, "TRACE_")] + "Traceback (most recent call last):\n  File \"port.py\", line 1, in <module>\nValueError: no\n"
		}},
	}
}

// single rounds every quantity to float32 as it is computed.
func single(p *port) {
	p.hooks = map[schema.Key]hook{}
	for _, q := range schema.NanoBragg().All() {
		if q.Kind != schema.Int && q.Kind != schema.Int3 && q.Scope != schema.PerRun {
			p.hooks[q.Key] = func(_ *port, _ sim.Step, v []float64) {
				for i := range v {
					if math.Abs(v[i]) > 1e-37 && math.Abs(v[i]) < 1e37 || v[i] == 0 {
						v[i] = float64(float32(v[i]))
					}
				}
			}
		}
	}
}

func without(word string) func(string) string {
	return func(s string) string {
		var out []string
		for _, line := range strings.Split(s, "\n") {
			if !strings.Contains(line, word) {
				out = append(out, line)
			}
		}
		return strings.Join(out, "\n")
	}
}
