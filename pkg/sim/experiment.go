package sim

import (
	"fmt"
	"math"
)

// Experiment is a prepared experiment in SI units. It is immutable: any number
// of goroutines may render and trace from it.
type Experiment struct {
	Config   Config
	Geometry *Geometry
	Beam     *Beam
	Crystal  *Crystal
	Rotation Rotation

	Oversample  int
	Recommended int // oversampling that the crystal's size calls for
	Mosaic      float64
	Domains     int
	Interpolate bool // before any latch
	Steps       int
	Dmin        float64
	ROI         [4]int // fast min, fast max, slow min, slow max, inclusive
	SizeA       Vec3   // crystal size in metres

	subpixel  float64
	orient    orientations
	first     int  // index of the first pixel that sweeps phi; see orientations
	compounds bool // an -oversample_* switch multiplies the running sum
	factors   bool // the profile multiplies every sample by factors of its own

	double *kernel[float64]
	single *kernel[float32] // where the pixel path is in single precision

	compoundThick, compoundPolar, compoundOmega bool

	quick     bool        // a sample whose structure factor is 0 needs nothing else computed
	polarLate bool        // the polarisation factor is known when the lattice factor is
	shown     *Experiment // whose samples a trace shows, where the profile's program shows others than it sums
	turnStars bool        // a trace shows the reciprocal vectors turned with the cell
	peeks     bool        // a trace shows an interpolated structure factor also where none is used
	starScale float64     // what makes 1/angstrom of the vector product of two of the cell's vectors
	unset     bool        // the profile's program has no origin of the detector: no pixel is a number
}

// Prepare converts a configuration to SI units and resolves everything that
// was left to be derived. It is the only place where units change. The errors
// name what is wrong with the configuration.
func Prepare(c Config) (*Experiment, error) {
	e := &Experiment{Config: c, Dmin: c.Crystal.DminA * 1e-10}
	var err error
	if err = c.check(); err != nil {
		return nil, err
	}
	if err = c.stops(); err != nil {
		return nil, err
	}
	e.listed()
	if c.Profile.AlwaysGauss {
		e.Config.Crystal.Shape = Gauss
	}
	if e.Geometry, err = prepareGeometry(&c.Detector, &c.Profile); err != nil {
		return nil, err
	}
	if e.Beam, err = prepareBeam(&c.Beam, e.Geometry, &c.Profile); err != nil {
		return nil, err
	}
	e.thickness(&c.Detector)
	table := &shuffle{}
	if e.Crystal, err = prepareCrystal(&c.Crystal, &c.Profile, e.Beam.Lambda0, table); err != nil {
		return nil, err
	}
	if c.Profile.Setup.cell() {
		e.Crystal.single(&c.Crystal)
	}
	e.Crystal.count(&c.Crystal, &c.Profile, e.clippedSize())
	e.oversampling()
	e.Interpolate = e.interpolating()
	if e.Rotation, err = prepareRotation(&c.Rotation); err != nil {
		return nil, err
	}
	e.Mosaic, e.Domains = resolveMosaic(&c.Crystal)
	if err = e.countSteps(); err != nil {
		return nil, err
	}
	if err = e.region(); err != nil {
		return nil, err
	}
	e.orient = prepareOrientations(e, table)
	if err = e.inPrecision(); err != nil {
		return nil, err
	}
	e.first = e.firstSweep()
	if err = e.show(); err != nil {
		return nil, err
	}
	e.habits()
	return e, nil
}

// habits settles what the kernel asks of the profile at every sample.
func (e *Experiment) habits() {
	s, p := &e.Config.Sampling, &e.Config.Profile
	// A factor that every sample has of its own, or that is known at the end, is none
	// to compound.
	e.compoundThick = s.OversampleThick && p.CaptureKeep != KeepEvery
	e.compoundPolar = s.OversamplePolar && (p.PolarKeep == KeepLast || p.PolarKeep == KeepFirst)
	e.compoundOmega = s.OversampleOmega && p.OmegaKeep != KeepEvery
	e.compounds = e.compoundThick || e.compoundPolar || e.compoundOmega
	e.factors = p.Steps.weighs() || p.CaptureKeep == KeepEvery || p.OmegaKeep == KeepEvery || p.PolarKeep == KeepEvery
	e.polarLate = p.PolarKeep == KeepFinal || p.PolarKeep == KeepLastLit && !e.Beam.NoPolar
	e.unset = math.IsNaN(e.Geometry.Pix0[0])
	e.quick = !e.compounds && !e.polarLate
}

// check refuses numbers that no experiment has, before any arithmetic.
func (c *Config) check() error {
	for _, n := range []struct {
		name  string
		value float64
	}{
		{"pixel size", c.Detector.PixelMM}, {"distance", c.Detector.DistanceMM},
		{"wavelength", c.Beam.LambdaA}, {"energy", c.Beam.EnergyEV}, {"flux", c.Beam.Flux},
		{"fluence", c.Beam.Fluence}, {"exposure", c.Beam.ExposureS}, {"beam size", c.Beam.BeamsizeMM},
		{"polarization", c.Beam.Polarization}, {"phi", c.Rotation.PhiDeg}, {"osc", c.Rotation.OscDeg},
		{"phistep", c.Rotation.PhistepDeg}, {"mosaic spread", c.Crystal.MosaicDeg},
		{"default_F", c.Crystal.DefaultF}, {"fudge", c.Crystal.Fudge}, {"dmin", c.Crystal.DminA},
		{"water", c.Beam.WaterUM}, {"twotheta", c.Detector.TwothetaDeg},
	} {
		if math.IsNaN(n.value) || math.IsInf(n.value, 0) {
			return fmt.Errorf("%s %g is not a finite number", n.name, n.value)
		}
	}
	if c.Detector.DistanceMM == 0 && math.IsNaN(c.Detector.CloseMM) {
		return fmt.Errorf("distance is zero")
	}
	return nil
}

// clippedSize is the crystal's size in metres; the beam clips it across.
func (e *Experiment) clippedSize() Vec3 {
	s := Vec3(e.Config.Crystal.SizeMM)
	for i := range s {
		s[i] /= 1000
	}
	if b := e.Beam.Beamsize; b >= 0 {
		s[1], s[2] = math.Min(s[1], b), math.Min(s[2], b)
	}
	return s
}

func (e *Experiment) oversampling() {
	edges := e.Crystal.Real.Lengths()
	largest := 0.0
	for i := range edges {
		e.SizeA[i] = edges[i] * e.Crystal.Cells[i]
		largest = math.Max(largest, e.SizeA[i])
	}
	pixel := e.Beam.Lambda0 * e.Geometry.Distance / e.Geometry.PixelSize
	e.Recommended = max(ceilInt(3.0*largest/pixel), 1)
	e.Oversample = e.Config.Sampling.Oversample
	if e.Oversample <= 0 {
		e.Oversample = e.Recommended
	}
	e.subpixel = e.Geometry.PixelSize / float64(e.Oversample)
}

func (e *Experiment) interpolating() bool {
	c := &e.Config.Crystal
	if c.F == nil || c.F.Count == 0 || c.Interpolate == InterpolateOff || e.Config.Profile.InterpOOB == InterpOOBNever {
		return false
	}
	if c.Interpolate == InterpolateOn {
		return true
	}
	// The reference decides before a size in millimetres becomes cells.
	return c.Cells[0] <= 2 || c.Cells[1] <= 2 || c.Cells[2] <= 2
}

// maxSteps bounds the samples of a pixel: the reference counts them in 32 bits.
const maxSteps = math.MaxInt32

func (e *Experiment) countSteps() error {
	steps := 1.0
	for _, n := range []int{len(e.Beam.Sources), e.Domains, e.Rotation.Steps, e.Oversample, e.Oversample} {
		steps *= float64(n)
	}
	if steps > maxSteps {
		return fmt.Errorf("%d sources x %d mosaic domains x %d phi steps x %d^2 subpixels are too many steps for one pixel (at most %d)",
			len(e.Beam.Sources), e.Domains, e.Rotation.Steps, e.Oversample, maxSteps)
	}
	const maxLayers = 1 << 16
	if n := e.Geometry.ThickSteps; n > maxLayers {
		return fmt.Errorf("a sensor of %d layers (at most %d are possible)", n, maxLayers)
	}
	const maxOrientations = 1 << 24
	if n := e.Rotation.Steps * e.Domains; n > maxOrientations {
		return fmt.Errorf("%d phi steps x %d mosaic domains are more than %d orientations", e.Rotation.Steps, e.Domains, maxOrientations)
	}
	e.Steps = int(steps)
	switch e.Config.Profile.Steps {
	case StepsWeighed:
		e.Steps /= len(e.Beam.Sources)
	case StepsLayers:
		e.Steps *= e.Geometry.ThickSteps
	}
	return nil
}

func (e *Experiment) region() error {
	g := e.Geometry
	e.ROI = e.Config.Sampling.ROI
	for i, def := range [4]int{0, g.Fast, 0, g.Slow} {
		if e.ROI[i] < 0 {
			e.ROI[i] = def
		}
	}
	e.ROI[1], e.ROI[3] = min(e.ROI[1], g.Fast-1), min(e.ROI[3], g.Slow-1)
	if e.ROI[0] > e.ROI[1] || e.ROI[2] > e.ROI[3] {
		return fmt.Errorf("roi %v (fast min, max, slow min, max) holds no pixel of the %d x %d detector", e.Config.Sampling.ROI, g.Fast, g.Slow)
	}
	if m := e.Config.Sampling.Mask; m != nil && len(m) != g.Fast*g.Slow {
		return fmt.Errorf("mask has %d pixels, the detector %d x %d", len(m), g.Fast, g.Slow)
	}
	return nil
}

// Wanted reports whether a pixel lies in the region of interest and is not
// masked out.
func (e *Experiment) Wanted(slow, fast int) bool {
	if fast < e.ROI[0] || fast > e.ROI[1] || slow < e.ROI[2] || slow > e.ROI[3] {
		return false
	}
	m := e.Config.Sampling.Mask
	return m == nil || m[slow*e.Geometry.Fast+fast] != 0
}
