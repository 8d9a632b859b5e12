package nanobragg

import (
	"fmt"
	"strings"

	"simtrace/pkg/sim"
)

// Resolved is one value of a prepared experiment and where it came from.
type Resolved struct {
	Name   string `json:"name"`
	Value  any    `json:"value"`
	Unit   string `json:"unit,omitempty"`
	Origin string `json:"origin"`
}

// resolver collects the values.
type resolver struct {
	b    *Builder
	list []Resolved
}

// origin tells which flag set one of the settings, or else def.
func (r *resolver) origin(def string, settings ...string) string {
	var by []string
	seen := map[string]bool{}
	for _, name := range settings {
		s, ok := r.b.setBy[name]
		if !ok {
			continue
		}
		text := fmt.Sprintf("%s: %s", s.Origin, s)
		if !seen[text] {
			seen[text] = true
			by = append(by, text)
		}
	}
	if len(by) == 0 {
		return def
	}
	return strings.Join(by, "; ")
}

// given adds a value that a flag sets directly.
func (r *resolver) given(name string, v any, unit string, settings ...string) {
	r.list = append(r.list, Resolved{name, v, unit, r.origin("default", settings...)})
}

// derived adds a value that follows from others, named in how.
func (r *resolver) derived(name string, v any, unit, how string) {
	r.list = append(r.list, Resolved{name, v, unit, "derived: " + how})
}

// chosen adds a value that a flag may set and that is derived otherwise.
func (r *resolver) chosen(name string, v any, unit, how string, settings ...string) {
	r.list = append(r.list, Resolved{name, v, unit, r.origin("derived: "+how, settings...)})
}

// Resolved lists the values of the prepared experiment in SI units, with where
// each came from: a flag and its origin, the default, or derived.
func (b *Builder) Resolved(e *sim.Experiment) []Resolved {
	r := &resolver{b: b}
	r.detector(e)
	r.beam(e)
	r.crystal(e)
	r.sampling(e)
	return r.list
}

func (r *resolver) detector(e *sim.Experiment) {
	g := e.Geometry
	r.given("convention", g.Convention.String(), "", "convention")
	if g.Convention == sim.Custom {
		r.given("pivot", g.Pivot.String(), "", "pivot")
	} else {
		r.derived("pivot", g.Pivot.String(), "", "the convention's")
	}
	r.given("pixel_size", g.PixelSize, "m", "pixel")
	r.given("pixels_fast", g.Fast, "", "detpixels_f", "detsize_f")
	r.given("pixels_slow", g.Slow, "", "detpixels_s", "detsize_s")
	r.chosen("Xbeam", g.Xbeam, "m", "middle of the detector, as the convention counts", "Xbeam")
	r.chosen("Ybeam", g.Ybeam, "m", "middle of the detector, as the convention counts", "Ybeam")
	r.given("rotx_roty_rotz", g.Setup.Angles, "rad", "detector_rotx", "detector_roty", "detector_rotz")
	r.given("twotheta", g.Setup.Twotheta, "rad", "twotheta")
	r.axis("twotheta_axis", g.Setup.TwothetaAxis, g)
	r.axis("fdet", g.Setup.Initial.Fast, g)
	r.axis("sdet", g.Setup.Initial.Slow, g)
	if g.Setup.OdetRegenerated {
		r.derived("odet", g.Setup.Initial.Normal, "", "fast x slow")
	} else {
		r.axis("odet", g.Setup.Initial.Normal, g)
	}
	r.axis("beam", g.Beam, g)
	r.axis("polarization", g.Polar, g)
	r.axis("spindle", g.Spindle, g)
	r.chosen("distance", g.Distance, "m", "close_distance / (beam . normal)", "distance")
	r.derived("close_distance", g.Close, "m", "pix0 . normal")
	r.derived("pix0", g.Pix0, "m", "beam centre, distance, axes and pivot")
	r.given("detector_thickness", g.Thick, "m", "detector_thick")
	r.given("detector_layers", g.ThickSteps, "", "thicksteps")
}

var axisSettings = map[string]string{
	"fdet": "fdet_vector", "sdet": "sdet_vector", "odet": "odet_vector", "beam": "beam_vector",
	"polarization": "polar_vector", "spindle": "spindle_axis", "twotheta_axis": "twotheta_axis",
}

func (r *resolver) axis(name string, v sim.Vec3, g *sim.Geometry) {
	if g.Convention != sim.Custom {
		r.derived(name+"_axis", v, "", "the convention's")
		return
	}
	r.given(strings.TrimSuffix(name, "_axis")+"_axis", v, "", axisSettings[name])
}

func (r *resolver) beam(e *sim.Experiment) {
	b := e.Beam
	r.given("wavelength", b.Lambda0, "m", "lambda")
	r.given("fluence", b.Fluence, "photons/m^2", "fluence", "exposure", "beamsize")
	if b.NoPolar {
		r.given("polarization_factor", "off", "", "polar")
	} else {
		r.given("polarization_factor", b.Polarization, "", "polar")
	}
	r.derived("sources", len(b.Sources), "", "divergence and dispersion")
}

func (r *resolver) crystal(e *sim.Experiment) {
	x, c := e.Crystal, &e.Config.Crystal
	cell := "embedded in the preset"
	if r.b.MatFile == "" && c.Matrix == nil {
		cell = "default"
	}
	for i, name := range [3]string{"a", "b", "c"} {
		r.list = append(r.list, Resolved{name, x.Real[i], "m", r.origin(cell, "mat", "cell", "misset")})
	}
	r.derived("cell_volume", x.VCell, "A^3", "the cell")
	r.given("cells", x.Cells, "", "Na", "Nb", "Nc")
	r.given("shape", c.Shape.String(), "", "shape")
	r.given("mosaic_spread", e.Mosaic, "rad", "mosaic")
	r.chosen("mosaic_domains", e.Domains, "", "10 where there is a spread, else 1", "mosaic_domains")
	r.given("default_F", c.DefaultF, "electrons", "default_F")
	n := 0
	list := "default"
	if c.F != nil {
		n, list = c.F.Count, "embedded in the preset (a window of the list)"
	}
	r.list = append(r.list, Resolved{"reflections", n, "", r.origin(list, "hkl")})
	r.chosen("interpolate", e.Interpolate, "", "where an edge is at most 2 cells", "interpolate")
}

func (r *resolver) sampling(e *sim.Experiment) {
	t := e.Rotation
	r.given("phi0", t.Phi0, "rad", "phi")
	r.chosen("osc", t.Osc, "rad", "from step and number of steps", "osc")
	r.chosen("phistep", t.Step, "rad", "osc / phisteps", "phistep")
	r.chosen("phisteps", t.Steps, "", "from osc and step", "phisteps")
	r.chosen("oversample", e.Oversample, "", "by the crystal's size", "oversample")
	r.derived("oversample_recommended", e.Recommended, "", "3 x largest edge / (lambda distance / pixel)")
	steps := "sources x domains x phisteps x oversample^2"
	switch e.Config.Profile.Steps {
	case sim.StepsWeighed:
		steps = strings.TrimPrefix(steps, "sources x ")
	case sim.StepsLayers:
		steps += " x layers"
	}
	r.derived("steps", e.Steps, "", steps)
	r.chosen("roi", e.ROI, "pixels", "the whole detector", "roi")
	precision := "default"
	if e.Config.Dtype != sim.Float64 {
		precision = "command line: --dtype"
	}
	r.list = append(r.list, Resolved{"dtype", e.Config.Dtype.String(), "", precision})
	r.switches(&e.Config.Profile)
}

func (r *resolver) switches(p *sim.Profile) {
	changed := map[string]bool{}
	for _, c := range p.Changes() {
		name, _, _ := strings.Cut(c, "=")
		changed[name] = true
	}
	for _, s := range sim.Switches() {
		origin := "profile " + p.Name
		if changed[s.Name] {
			origin = "switch, on top of " + origin
		}
		r.list = append(r.list, Resolved{"switch." + s.Name, s.Get(*p), "", origin})
	}
}
