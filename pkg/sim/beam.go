package sim

import (
	"fmt"
	"math"
)

// Constants as the reference has them.
const (
	rESqr      = 7.94079248018965e-30 // Thomson cross section, m^2
	avogadro   = 6.02214179e23
	evAngstrom = 12398.42
	waterF     = 2.57 // forward scattering factor of water, electrons
	waterMW    = 18.0
	// sourceDistance is the length of a generated source vector in metres.
	sourceDistance = 10.0
)

// Beam is the incident beam in SI units.
type Beam struct {
	Lambda0      float64
	Fluence      float64
	Flux         float64
	Exposure     float64
	Beamsize     float64
	Polarization float64
	NoPolar      bool
	Dispersion   sweep
	HDiv, VDiv   sweep
	DivSteps     int // divergence points that were kept; -1 where sources were given
	Deviations   [][2]float64
	Sources      []BeamSource
	Background   float64 // I before scaling that water adds to every pixel
	WaterSize    float64
}

// BeamSource is one source: the unit vector towards it, and its wavelength.
type BeamSource struct {
	Position  Vec3 // as generated or read
	Direction Vec3 // unit
	Incident  Vec3 // -Direction
	Lambda    float64
	Weight    float64
}

func prepareBeam(c *BeamConfig, g *Geometry, p *Profile) (*Beam, error) {
	b := &Beam{
		Lambda0: c.LambdaA / 1.0e10, Fluence: c.Fluence, Exposure: c.ExposureS, Beamsize: c.BeamsizeMM / 1000,
		Polarization: c.Polarization, NoPolar: c.NoPolar, WaterSize: c.WaterUM / 1e6,
	}
	if c.EnergyEV > 0 {
		b.Lambda0 = (evAngstrom / c.EnergyEV) / 1.0e10
	}
	if !(b.Lambda0 > 0) || math.IsInf(b.Lambda0, 0) {
		return nil, fmt.Errorf("wavelength %g angstrom is not positive", b.Lambda0*1e10)
	}
	if c.Flux != 0 && b.Exposure > 0 && b.Beamsize >= 0 {
		b.Fluence = c.Flux * b.Exposure / b.Beamsize / b.Beamsize
	}
	if math.IsInf(b.Fluence, 0) || math.IsNaN(b.Fluence) {
		return nil, fmt.Errorf("fluence is not finite: flux %g photons/s, beam size %g mm", c.Flux, c.BeamsizeMM)
	}
	b.Flux = c.Flux
	if b.Exposure > 0 {
		b.Flux = b.Fluence / b.Exposure * b.Beamsize * b.Beamsize
	}
	// Variables: the compiler would multiply constants exactly and round once.
	w, f := b.WaterSize, float64(waterF)
	b.Background = f * f * rESqr * b.Fluence * w * w * w * 1e6 * avogadro / waterMW
	b.resolve(c)
	if err := b.sources(c, g, p); err != nil {
		return nil, err
	}
	return b, nil
}

func (b *Beam) resolve(c *BeamConfig) {
	milli := func(s SweepConfig) sweep { return sweep{unset(s.Range, 1000), unset(s.Step, 1000), s.Steps} }
	b.HDiv = resolveSweep(milli(c.HDivergence), 1.0)
	b.VDiv = resolveSweep(milli(c.VDivergence), 1.0)
	d := c.Dispersion
	b.Dispersion = resolveSweep(sweep{unset(d.Range, 100), unset(d.Step, 100), d.Steps}, 1.0)
}

// unset divides, but leaves "not given" (negative) alone.
func unset(v, by float64) float64 {
	if v < 0 {
		return -1
	}
	return v / by
}

// sources makes the list of sources. Where they are weighed, those without a
// weight share one.
func (b *Beam) sources(c *BeamConfig, g *Geometry, p *Profile) error {
	if len(c.Sources) > 0 {
		b.DivSteps = -1
		weight := 1.0
		if p.WeightShare {
			weight = 1.0 / float64(len(c.Sources))
		}
		for _, s := range c.Sources {
			for i := range s.Direction {
				setDefault(&s.Direction[i], -sourceDistance*g.Beam[i])
			}
			setDefault(&s.Weight, weight)
			if p.OneLambda {
				s.LambdaM = b.Lambda0
			}
			setDefault(&s.LambdaM, b.Lambda0)
			b.add(s.Direction, 1, s.LambdaM, s.Weight)
		}
		return nil
	}
	if err := b.diverge(c.SquareDiv); err != nil {
		return err
	}
	total := b.DivSteps * b.Dispersion.Steps
	if total < 1 || total > MaxSources {
		return fmt.Errorf("%d directions of divergence x %d steps of dispersion are %d sources (1 to %d are possible)",
			b.DivSteps, b.Dispersion.Steps, total, MaxSources)
	}
	b.Sources = make([]BeamSource, 0, total)
	weight, length := 1.0/float64(total), 1.0
	if p.VectorsRaw {
		length = norm(g.Beam)
	}
	for _, d := range b.Deviations {
		v := scale(g.Beam, -sourceDistance)
		v = rotateAxis(v, g.Polar, d[1])
		v = rotateAxis(v, g.Vertical, d[0])
		for t := range b.Dispersion.Steps {
			b.add(v, length, b.Wavelength(t), weight)
		}
	}
	return nil
}

// MaxSources bounds the number of sources, which take some 100 bytes each.
const MaxSources = 1 << 22

// maxDirections bounds the steps of divergence among which those inside the ellipse
// are looked for.
const maxDirections = 1 << 27

// diverge collects the directions of divergence.
func (b *Beam) diverge(square bool) error {
	if n := int64(b.HDiv.Steps) * int64(b.VDiv.Steps); n > maxDirections {
		return fmt.Errorf("%d horizontal x %d vertical steps of divergence are %d directions (at most %d are possible)",
			b.HDiv.Steps, b.VDiv.Steps, n, maxDirections)
	}
	for h := range b.HDiv.Steps {
		for v := range b.VDiv.Steps {
			hd, vd, keep := b.deviation(h, v, square)
			if !keep {
				continue
			}
			if len(b.Deviations) == MaxSources {
				return fmt.Errorf("%d horizontal x %d vertical steps of divergence are more than %d sources", b.HDiv.Steps, b.VDiv.Steps, MaxSources)
			}
			b.Deviations = append(b.Deviations, [2]float64{hd, vd})
		}
	}
	b.DivSteps = len(b.Deviations)
	return nil
}

// Wavelength is that of a dispersion step, in metres.
func (b *Beam) Wavelength(tic int) float64 {
	return b.Lambda0 * (1.0 + float64(b.Dispersion.Step*float64(tic)) - float64(b.Dispersion.Range/2.0))
}

// deviation returns the angles of a divergence step, and whether it lies in
// the ellipse (or the corners are wanted too).
func (b *Beam) deviation(h, v int, square bool) (hd, vd float64, keep bool) {
	hd = float64(b.HDiv.Step*float64(h)) - float64(b.HDiv.Range/2.0)
	vd = float64(b.VDiv.Step*float64(v)) - float64(b.VDiv.Range/2.0)
	test := eccentric(hd, b.HDiv) + eccentric(vd, b.VDiv)
	// A range of zero makes this NaN, and NaN is kept.
	return hd, vd, square || !(test*4.0 > 1.1)
}

func eccentric(d float64, s sweep) float64 {
	even := float64(1 - s.Steps%2)
	return (float64(d*d) - float64(s.Step*s.Step/4.0*even)) / s.Range / s.Range
}

// add adds a source; its directions are of the given length, which is 1 unless
// the profile leaves the beam as it was given.
func (b *Beam) add(towards Vec3, length, lambda, weight float64) {
	u, _ := unit(towards)
	u = scale(u, length)
	b.Sources = append(b.Sources, BeamSource{
		Position: towards, Direction: u, Incident: Vec3{-u[0], -u[1], -u[2]}, Lambda: lambda, Weight: weight,
	})
}

// polarizationFactor is Kahn's factor (Kahn et al. 1982, J. Appl. Cryst. 15,
// 330) for unit vectors i (incident), d (diffracted) and the E vector's axis.
func polarizationFactor[T float](kahn T, i, d, axis [3]T) T {
	c := dot(i, d)
	c2 := T(c * c)
	s2 := 1 - c2
	var psi T
	if kahn != 0 {
		bIn, _ := unit(cross(axis, i))
		eIn, _ := unit(cross(i, bIn))
		psi = -atan2(dot(d, bIn), dot(d, eIn))
	}
	return 0.5 * (1.0 + c2 - T(kahn*cos(2*psi)*s2))
}
