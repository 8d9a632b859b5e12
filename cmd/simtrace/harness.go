package main

import (
	"fmt"
	"io"
	"math"
	"runtime"
	"strings"

	"simtrace/internal/bundle"
	"simtrace/pkg/sim"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// The files of a report folder have the keys of the port's trace harness beside ours,
// so that what reads its folders reads these.

// harnessPixel is a pixel as the harness has it.
type harnessPixel struct {
	Slow int `json:"slow"`
	Fast int `json:"fast"`
}

// harnessConfig are its keys of config_snapshot.json.
type harnessConfig struct {
	Crystal  harnessCrystal  `json:"crystal"`
	Detector harnessDetector `json:"detector"`
	Beam     harnessBeam     `json:"beam"`
	HKL      *harnessHKL     `json:"hkl,omitempty"` // none without a list
}

type harnessCrystal struct {
	Cells   sim.Vec3 `json:"N_cells"`
	Phi     float64  `json:"phi_start_deg"`
	Osc     float64  `json:"osc_range_deg"`
	Steps   int      `json:"phi_steps"`
	Mosaic  float64  `json:"mosaic_spread_deg"`
	Domains int      `json:"mosaic_domains"`
	Spindle sim.Vec3 `json:"spindle_axis"`
}

type harnessDetector struct {
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

type harnessBeam struct {
	Wavelength   float64 `json:"wavelength_A"`
	Polarization float64 `json:"polarization_factor"`
	Flux         float64 `json:"flux"`
	Exposure     float64 `json:"exposure"`
	Size         float64 `json:"beamsize_mm"`
}

type harnessHKL struct {
	Path string `json:"path"`
	H    [2]int `json:"h_range"` // the first, and the one behind the last
	K    [2]int `json:"k_range"`
	L    [2]int `json:"l_range"`
}

// degrees per radian, as the reference has it.
const degrees = 180 / math.Pi

func newHarnessConfig(e *sim.Experiment, list string) harnessConfig {
	c, g, s := &e.Config, e.Geometry, &e.Geometry.Setup
	h := harnessConfig{
		Crystal: harnessCrystal{
			Cells: e.Crystal.Cells, Phi: c.Rotation.PhiDeg, Osc: givenOr(c.Rotation.OscDeg, e.Rotation.Osc*degrees), Steps: e.Rotation.Steps,
			Mosaic: givenOr(c.Crystal.MosaicDeg, 0), Domains: e.Domains, Spindle: g.SpindleRaw,
		},
		Detector: harnessDetector{
			Distance: c.Detector.DistanceMM, Pixel: c.Detector.PixelMM, Slow: g.Slow, Fast: g.Fast,
			BeamSlow: s.Sbeam * 1000, BeamFast: s.Fbeam * 1000,
			Convention: "DetectorConvention." + g.Convention.String(), Pivot: "DetectorPivot." + strings.ToUpper(g.Pivot.String()), Oversample: e.Oversample,
		},
		Beam: harnessBeam{
			Wavelength: c.Beam.LambdaA, Polarization: c.Beam.Polarization, Flux: c.Beam.Flux, Exposure: c.Beam.ExposureS, Size: c.Beam.BeamsizeMM,
		},
	}
	if c.Beam.EnergyEV > 0 {
		h.Beam.Wavelength = e.Beam.Lambda0 * 1e10
	}
	if f := c.Crystal.F; f != nil && f.Count > 0 {
		behind := func(i int) [2]int { return [2]int{f.Min[i], f.Max[i] + 1} }
		h.HKL = &harnessHKL{Path: list, H: behind(0), K: behind(1), L: behind(2)}
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

// harnessEnv is env.json: our keys, then the harness's.
type harnessEnv struct {
	bundle.Environment
	GitSHA    string `json:"git_sha"`
	Platform  string `json:"platform"`
	Timestamp string `json:"timestamp_iso"`
	Device    string `json:"device"`
	Dtype     string `json:"dtype"`
}

func (j *job) env() harnessEnv {
	e := bundle.Env()
	return harnessEnv{e, e.VCSRevision, runtime.GOOS + "-" + runtime.GOARCH, e.Time, j.device, j.experiment.Config.Dtype.String()}
}

// rotStars writes the rows that the port prints with emit_rot_stars: of each phi step
// the y components of the rotated cell vectors, in angstrom.
func rotStars(w io.Writer, t *sim.Tap) error {
	y := map[schema.Key]map[int]float64{schema.RotA: {}, schema.RotB: {}, schema.RotC: {}}
	steps := -1
	for i := range t.Samples {
		s := &t.Samples[i]
		if y[s.Key] == nil || s.At.Domain != 0 || s.At.Source != 0 {
			continue
		}
		if _, seen := y[s.Key][s.At.Phi]; !seen {
			y[s.Key][s.At.Phi] = s.Values[1]
			steps = max(steps, s.At.Phi)
		}
	}
	for phi := range steps + 1 {
		a, ok := y[schema.RotA][phi]
		if !ok {
			continue
		}
		if _, err := fmt.Fprintf(w, "TRACE_PY_ROTSTAR phi_tic=%d ap_y=%s bp_y=%s cp_y=%s\n", phi,
			trace.FormatFloat(a), trace.FormatFloat(y[schema.RotB][phi]), trace.FormatFloat(y[schema.RotC][phi])); err != nil {
			return err
		}
	}
	return nil
}
