package runfile

import (
	"math"
	"runtime"
	"strings"

	"simtrace/internal/bundle"
	"simtrace/pkg/sim"
)

// The files of a report folder have the keys of the port's trace harness beside ours,
// so that what reads its folders reads these.

// Pixel is a pixel as the harness has it.
type Pixel struct {
	Slow int `json:"slow"`
	Fast int `json:"fast"`
}

// Harness are its keys of config_snapshot.json.
type Harness struct {
	Crystal  Crystal  `json:"crystal"`
	Detector Detector `json:"detector"`
	Beam     Beam     `json:"beam"`
	HKL      *HKL     `json:"hkl,omitempty"` // none without a list
}

// Crystal is a part of it.
type Crystal struct {
	Cells   sim.Vec3 `json:"N_cells"`
	Phi     float64  `json:"phi_start_deg"`
	Osc     float64  `json:"osc_range_deg"`
	Steps   int      `json:"phi_steps"`
	Mosaic  float64  `json:"mosaic_spread_deg"`
	Domains int      `json:"mosaic_domains"`
	Spindle sim.Vec3 `json:"spindle_axis"`
}

// Detector is a part of it.
type Detector struct {
	Distance   float64 `json:"distance_mm"`
	Pixel      float64 `json:"pixel_size_mm"`
	Slow       int     `json:"spixels"`
	Fast       int     `json:"fpixels"`
	BeamSlow   float64 `json:"beam_center_s"` // mm along the slow axis, before any rotation
	BeamFast   float64 `json:"beam_center_f"`
	Convention string  `json:"convention"`
	Pivot      string  `json:"pivot"`
	Oversample int     `json:"oversample"`
}

// Beam is a part of it.
type Beam struct {
	Wavelength   float64 `json:"wavelength_A"`
	Polarization float64 `json:"polarization_factor"`
	Flux         float64 `json:"flux"`
	Exposure     float64 `json:"exposure"`
	Size         float64 `json:"beamsize_mm"`
}

// HKL is a part of it.
type HKL struct {
	Path string `json:"path"`
	H    [2]int `json:"h_range"` // the first, and the one behind the last
	K    [2]int `json:"k_range"`
	L    [2]int `json:"l_range"`
}

// degrees per radian, as the reference has it.
const degrees = 180 / math.Pi

func newHarness(e *sim.Experiment, list string) Harness {
	c, g, s := &e.Config, e.Geometry, &e.Geometry.Setup
	h := Harness{
		Crystal: Crystal{
			Cells: e.Crystal.Cells, Phi: c.Rotation.PhiDeg, Osc: givenOr(c.Rotation.OscDeg, e.Rotation.Osc*degrees), Steps: e.Rotation.Steps,
			Mosaic: givenOr(c.Crystal.MosaicDeg, 0), Domains: e.Domains, Spindle: g.SpindleRaw,
		},
		Detector: Detector{
			Distance: c.Detector.DistanceMM, Pixel: c.Detector.PixelMM, Slow: g.Slow, Fast: g.Fast,
			BeamSlow: s.Sbeam * 1000, BeamFast: s.Fbeam * 1000,
			Convention: "DetectorConvention." + g.Convention.String(), Pivot: "DetectorPivot." + strings.ToUpper(g.Pivot.String()), Oversample: e.Oversample,
		},
		Beam: Beam{
			Wavelength: c.Beam.LambdaA, Polarization: c.Beam.Polarization, Flux: c.Beam.Flux, Exposure: c.Beam.ExposureS, Size: c.Beam.BeamsizeMM,
		},
	}
	if c.Beam.EnergyEV > 0 {
		h.Beam.Wavelength = e.Beam.Lambda0 * 1e10
	}
	if f := c.Crystal.F; f != nil && f.Count > 0 {
		behind := func(i int) [2]int { return [2]int{f.Min[i], f.Max[i] + 1} }
		h.HKL = &HKL{Path: list, H: behind(0), K: behind(1), L: behind(2)}
	}
	return h
}

// givenOr is v where it was given: what is negative was not.
func givenOr(v, derived float64) float64 {
	if v < 0 {
		return derived
	}
	return v
}

// Environment is env.json: our keys, then the harness's.
type Environment struct {
	bundle.Environment
	GitSHA    string `json:"git_sha"`
	Platform  string `json:"platform"`
	Timestamp string `json:"timestamp_iso"`
	Device    string `json:"device"`
	Dtype     string `json:"dtype"`
}

// NewEnvironment describes this process and the device and number type of its images.
func NewEnvironment(device, dtype string) Environment {
	e := bundle.Env()
	return Environment{e, e.VCSRevision, runtime.GOOS + "-" + runtime.GOARCH, e.Time, device, dtype}
}
