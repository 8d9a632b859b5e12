package nanobragg

import (
	"math"
	"slices"

	"simtrace/pkg/sim"
)

// torchFrames are the PyTorch port's axes: fast, slow, normal, beam and twotheta. The
// spindle and the E vector are z in all of them.
var torchFrames = map[sim.Convention][5]sim.Vec3{
	sim.Mosflm: {{0, 0, 1}, {0, -1, 0}, {1, 0, 0}, {1, 0, 0}, {0, 0, -1}},
	sim.Denzo:  {{0, 0, 1}, {0, -1, 0}, {1, 0, 0}, {0, 0, 1}, {0, 0, -1}},
	sim.Adxv:   {{1, 0, 0}, {0, -1, 0}, {0, 0, 1}, {0, 0, 1}, {-1, 0, 0}},
	sim.XDS:    {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {0, 0, 1}, {1, 0, 0}},
	sim.Dials:  {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {0, 0, 1}, {0, 1, 0}},
	sim.Custom: {{0, 0, 1}, {0, -1, 0}, {1, 0, 0}, {0, 0, 1}, {0, 1, 0}},
}

// torchConventions are the flags that name a convention; the last one counts.
var torchConventions = map[string]sim.Convention{
	"-mosflm": sim.Mosflm, "-xds": sim.XDS, "-adxv": sim.Adxv, "-denzo": sim.Denzo, "-dials": sim.Dials,
}

// asTorch makes of the flags what the PyTorch port makes of them: which are there
// counts, not their order. Its frames and pivots are not those of the conventions as
// nanoBragg has them, so that they are written down as CUSTOM.
func (b *Builder) asTorch() {
	given := map[string]bool{}
	convention := sim.Mosflm
	for _, s := range b.Settings {
		if s.Flag == nil {
			continue
		}
		given[s.Flag.Name] = true
		if c, ok := torchConventions[s.Flag.Name]; ok {
			convention = c
		}
	}
	any := func(names ...string) bool {
		return slices.ContainsFunc(names, func(n string) bool { return given[n] })
	}
	basis := any("-fdet_vector", "-sdet_vector", "-odet_vector", "-beam_vector")
	if basis || any("-polar_vector", "-spindle_axis", "-pix0_vector", "-pix0_vector_mm") {
		convention = sim.Custom
	}
	b.torchFrame(convention, given)
	b.torchCentre(convention, any("-Xbeam", "-Ybeam"))
	d := &b.Config.Detector
	switch {
	case basis:
		d.Pivot = sim.PivotSample
	case given["-pivot"]: // as it says
	case given["-twotheta"]:
		d.Pivot = sim.PivotSample
	case any("-Xbeam", "-Ybeam"):
		d.Pivot = sim.PivotBeam
	case any("-Xclose", "-Yclose", "-ORGX", "-ORGY", "-close_distance"):
		d.Pivot = sim.PivotSample
	case given["-distance"] || convention != sim.XDS && convention != sim.Dials:
		d.Pivot = sim.PivotBeam
	default:
		d.Pivot = sim.PivotSample
	}
	b.torchRest(given)
}

// torchFrame sets the axes.
func (b *Builder) torchFrame(convention sim.Convention, given map[string]bool) {
	d, f := &b.Config.Detector, torchFrames[convention]
	d.Convention, d.TwothetaAxis, d.Polar = sim.Custom, f[4], sim.Vec3{0, 0, 1}
	for i, v := range []struct {
		flag string
		into *sim.Vec3
	}{{"-fdet_vector", &d.Fdet}, {"-sdet_vector", &d.Sdet}, {"-odet_vector", &d.Odet}, {"-beam_vector", &d.Beam}} {
		if !given[v.flag] {
			*v.into = f[i]
		}
	}
	if !given["-spindle_axis"] {
		d.Spindle = sim.Vec3{0, 0, 1}
	}
}

// torchCentre sets where the beam hits, in millimetres along the fast and the slow axis.
func (b *Builder) torchCentre(convention sim.Convention, given bool) {
	d, px := &b.Config.Detector, b.Config.Detector.PixelMM
	size := func(pixels int, mm float64) float64 {
		if pixels > 0 {
			return float64(pixels) * px
		}
		return mm
	}
	f, s := size(d.PixelsFast, d.SizeFastMM), size(d.PixelsSlow, d.SizeSlowMM)
	fast, slow := f/2, s/2
	switch convention {
	case sim.Mosflm, sim.Denzo:
		if fast, slow = (f+px)/2, (s+px)/2; given {
			fast, slow = d.Ybeam, d.Xbeam
		}
		if convention == sim.Mosflm {
			fast, slow = fast+float64(0.5*px), slow+float64(0.5*px)
		}
	case sim.Adxv:
		if fast, slow = (f+px)/2, (s-px)/2; given {
			fast, slow = d.Xbeam, s-d.Ybeam
		}
	case sim.Custom:
		if given {
			fast, slow = d.Xbeam, d.Ybeam
		}
	}
	nan := math.NaN()
	d.Xbeam, d.Ybeam, d.Xclose, d.Yclose, d.ORGX, d.ORGY = fast, slow, nan, nan, nan, nan
}

// torchRest sets what else the port takes otherwise.
func (b *Builder) torchRest(given map[string]bool) {
	c := &b.Config
	if given["-flux"] && given["-exposure"] && given["-beamsize"] {
		c.Beam.Fluence = sim.DefaultConfig().Beam.Fluence
	}
	c.Beam.Flux = 0
	c.Crystal.Interpolate = sim.InterpolateAuto // -interpolate and -nointerpolate reach nothing
	c.Crystal.SizeMM = [3]float64{}
	for i, name := range []string{"-Na", "-Nb", "-Nc"} {
		if !given["-N"] && !given[name] {
			c.Crystal.Cells[i] = 5
		}
	}
	c.Rotation.PhistepDeg, c.Rotation.OscDeg = -1, math.Max(c.Rotation.OscDeg, 0)
	if c.Rotation.Phisteps < 1 {
		c.Rotation.Phisteps = 1
	}
	if d := &c.Detector; !(d.AbsorbUM > 0) || math.IsInf(d.AbsorbUM, 1) {
		d.ThickUM = 0
	} else if d.ThickSteps < 1 {
		d.ThickSteps = 1
	}
	if c.Sampling.OversampleOmega {
		c.Profile.OmegaKeep = sim.KeepEvery
	}
}
