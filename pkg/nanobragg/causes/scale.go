package causes

import (
	"fmt"
	"math"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/parity/explain"
	"simtrace/pkg/trace/schema"
)

var obliquityMissing = Rule{
	ID: "obliquity", Stage: schema.SolidAngle,
	Title: "solid angle without the obliquity",
	Text: `The solid angle of a pixel is pixel^2/R^2 times close_distance/R, the cosine at which the pixel is seen. One side leaves
the cosine out, or has it twice.

How it shows: R and close_distance agree, and omega_pixel_sr has the ratio R/close_distance.

How to check: the pixel at the point of closest approach has no difference.`,
	Do: "Multiply by close_distance/R once.",
	Example: `c.log:   TRACE_C: omega_pixel_sr 4.15867865980257e-07    obliquity_factor 0.909315602613253
py.log:  TRACE_PY: omega_pixel_sr 4.57341616e-07`,
	Find: func(c *Context) ([]Cause, string) {
		rows := c.Open(schema.OmegaSample)
		if found := obliquityByOwn(c); len(rows) == 0 && found != nil {
			return found, ""
		}
		if len(rows) == 0 {
			if rows = c.Open(schema.OmegaPixel); len(rows) == 0 || len(c.Compared(schema.OmegaSample)) > 0 {
				return nil, "omega_pixel_sr is no root"
			}
		}
		v, ok := nums(c.Ref, schema.RDistance, schema.CloseDistance)
		if !ok || v[1] == 0 || !c.Agrees(schema.RDistance, schema.CloseDistance) {
			return nil, "R_distance_meters and close_distance_meters do not both agree"
		}
		ratio, ok := rowRatio(rows[0])
		inverse, fits := eitherWay(ratio, v[0]/v[1])
		numbers := fmt.Sprintf("the ratio of the solid angles is %.12g, R/close_distance %.12g (%s)", ratio, v[0]/v[1], c.Ref.Rec(schema.RDistance).Pos)
		if !ok || !fits {
			return nil, numbers
		}
		title := "got leaves the obliquity out of the solid angle"
		if inverse {
			title = "the reference leaves the obliquity out of the solid angle, or got has it twice"
		}
		cause := one(rows, title, []string{numbers, "R and the close distance agree"}, show(rows[0])+".")
		cause[0].Share = times(ratio, "the ratio of the first sample's solid angles")
		return cause, ""
	},
}

// obliquityByOwn looks at logs whose places differ by another cause:
// omega R^3/close_distance is the pixel's area in both, unless one leaves the
// cosine out.
func obliquityByOwn(c *Context) []Cause {
	r, ok1 := nums(c.Ref, schema.OmegaSample, schema.RDistance, schema.CloseDistance)
	g, ok2 := nums(c.Got, schema.OmegaSample, schema.RDistance, schema.CloseDistance)
	if !ok1 || !ok2 || !c.Differs(schema.OmegaSample) || r[2] == 0 || g[2] == 0 {
		return nil
	}
	ratio := g[0] * g[1] * g[1] * g[1] / g[2] / (r[0] * r[1] * r[1] * r[1] / r[2])
	side := "got"
	if _, ok := eitherWay(ratio, r[1]/r[2]); ok && !meets(ratio, g[1]/g[2]) {
		side = "the reference"
	} else if _, ok := eitherWay(ratio, g[1]/g[2]); !ok {
		return nil
	}
	cause := one(nil, side+" leaves the obliquity out of the solid angle, or has it twice", []string{fmt.Sprintf("omega_pixel_sr R^3/close_distance, the pixel's area, has the ratio %.12g, which is R/close_distance or its inverse", ratio)})
	cause[0].Order = schema.OmegaSample
	return cause
}

var fluenceKept = Rule{
	ID: "fluence", Stage: schema.Scale,
	Title: "another fluence",
	Text: `The intensity is proportional to the fluence. One side keeps the default, 1.259320152862271e+29 photons/m^2, or derives it
from flux, exposure and beam size in another way.

How it shows: fluence_photons_per_m2 differs, and with it the final intensity by the same ratio.

How to check: give -fluence to both.`,
	Do: "Give -fluence to both.",
	Example: `c.log:   TRACE_C: fluence_photons_per_m2 1e+24
py.log:  TRACE_PY: fluence_photons_per_m2 1.25932015286227e+29`,
	Find: func(c *Context) ([]Cause, string) {
		rows := c.Open(schema.Fluence)
		if len(rows) == 0 {
			return nil, "fluence_photons_per_m2 is no root"
		}
		ratio, ok := rowRatio(rows[0])
		if !ok || ratio < 0 {
			return nil, "a fluence is 0, negative or no number"
		}
		cause := one(rows, fmt.Sprintf("the fluence of got is %.6g times the reference's", ratio), nil, show(rows[0])+".")
		cause[0].Share = times(ratio, "the ratio of the fluences")
		for _, s := range c.Sides() {
			// nanoBragg's, in photons/m^2.
			if v, r, ok := s.Num(schema.Fluence); ok && meets(v, 125932015286227086360700780544.0) {
				cause[0].Title += ": " + s.Name + " keeps the default"
				cause[0].Checks = append(cause[0].Checks, fmt.Sprintf("%s has nanoBragg's default (%s)", s.Name, r.Pos))
			}
		}
		return cause, ""
	},
}

var polarFactor = Rule{
	ID: "polar", Stage: schema.Scale,
	Title: "polarisation missing, or applied twice",
	Text: `The intensity has the polarisation factor once. One side leaves it out, or has it in the sum already and multiplies once
more.

How it shows: the sum, or the final intensity against the log's own factors, is out by just polar.

How to check: give -nopolar to both; the difference goes.`,
	Do: "Multiply by polar once.",
	Example: `c.log:   I_pixel_final 446.254110667806   polar 0.912575818665327
py.log:  I_pixel_final 489.004968447    polar 0.912575818665327`,
	Find: func(c *Context) ([]Cause, string) {
		why := notPrinted(schema.Polar)
		for _, s := range c.Sides() { // the two may differ by another cause
			polar, pr, ok := s.Num(schema.Polar)
			if !ok {
				continue
			}
			var found []Cause
			if found, why = factorCause(c, schema.Polar, polar, fmt.Sprintf("polar is %.12g (%s)", polar, pr.Pos)); len(found) > 0 {
				return found, ""
			}
		}
		return nil, why
	},
}

var stepsFactor = Rule{
	ID: "steps", Stage: schema.Scale,
	Title: "the mean over the steps: not divided, divided twice, or by another number",
	Text: `The sum is divided by steps: sources, mosaic domains, phi steps and subpixels multiplied. One side does not divide,
divides twice (in the sum and at the end), or counts other steps (cctbx leaves the sources out).

How it shows: the sum, or the final intensity against the log's own factors, is out by just steps; or steps itself differs.

How to check: trace with one step; the difference goes.`,
	Do: "Divide by steps once, at the end.",
	Example: `c.log:   TRACE_C: steps 10    I_pixel_final 446.254110667806
py.log:  TRACE_PY: steps 10   I_pixel_final 4462.54110667806`,
	Find: findSteps,
}

func findSteps(c *Context) ([]Cause, string) {
	ref, rr, ok1 := c.Ref.Num(schema.Steps)
	got, gr, ok2 := c.Got.Num(schema.Steps)
	if !ok1 || !ok2 {
		return nil, notPrinted(schema.Steps)
	}
	if rows := c.Open(schema.Steps); len(rows) > 0 && ref > 0 && got > 0 {
		cause := one(append(rows, moreSamples(c)...), fmt.Sprintf("the reference counts %g steps, got %g", ref, got), nil,
			fmt.Sprintf("steps is %g (%s) and %g (%s): sources, mosaic domains, phi steps and subpixels multiplied.", ref, rr.Pos, got, gr.Pos))
		if c.Agrees(schema.IBeforeScaling) {
			cause[0].Checks = []string{"the sum agrees and is divided by steps"}
			cause[0].Share = times(ref/got, "the sum agrees and is divided by steps")
		}
		return cause, ""
	}
	if ref != got || ref < 2 {
		return nil, fmt.Sprintf("steps is %g and %g", ref, got)
	}
	found, why := factorCause(c, schema.Steps, ref, fmt.Sprintf("steps is %g (%s)", ref, rr.Pos))
	if len(found) > 0 {
		return found, ""
	}
	// Where the terms differ by another cause, each log's own make its sum, or not.
	a, ok1 := termsOf(c.Ref)
	b, ok2 := termsOf(c.Got)
	twice := func(t terms) bool { return t.whole && t.total > 0 && meets(t.sum*ref, t.total) }
	if ok1 && ok2 && twice(a) != twice(b) {
		side, t := c.Got, b
		if twice(a) {
			side, t = c.Ref, a
		}
		cause := one(nil, fmt.Sprintf("the sum of %s is divided by steps", side.Name), []string{fmt.Sprintf("its printed terms make %.9g, and the sum is %.9g (%s), that over %g steps; the other side's sum is not its terms over steps", t.total, t.sum, t.pos, ref)})
		cause[0].Order = schema.IBeforeScaling
		return cause, ""
	}
	return nil, why
}

// factorCause looks for an intensity that has a factor once too often, or once
// too little: the final one against the log's own other factors, or a root
// against the other log.
func factorCause(c *Context, key schema.Key, factor float64, what string) ([]Cause, string) {
	r, ref, got, ok := ownRatio(c, schema.IPixelFinal)
	if ok && !meets(r, 1) {
		for _, besides := range besidesFactor(c, key) {
			if _, fits := eitherWay(r/besides, factor); fits {
				return finalFactor(c, key, r/besides, factor, ref.text(c.Ref)+"; "+got.text(c.Got)+".", what)
			}
		}
	}
	rows := c.Open(append(append([]schema.Key{}, sumKeys...), finalKeys...)...)
	if len(rows) == 0 {
		if ok {
			return nil, fmt.Sprintf("I_pixel_final follows from its factors up to %.9g, and no sum is a root; the factor is %.9g", r, factor)
		}
		return nil, "no intensity is a root that is left to explain"
	}
	ratio, ok := rowRatio(rows[0])
	if _, fits := eitherWay(ratio, factor); !ok || !fits {
		return nil, fmt.Sprintf("%s is out by %.9g, the factor is %.9g", rows[0].Name(), ratio, factor)
	}
	cause := one(rows, factorTitle(rows[0].Key, key, ratio, factor), []string{fmt.Sprintf("%s is out by %.12g; %s", rows[0].Name(), ratio, what)}, show(rows[0])+".")
	cause[0].Share = times(ratio, "the ratio of the intensities that this factor makes")
	return cause, ""
}

// besidesFactor are what the other of the two factors, polar and steps, may do to the
// final intensity as well: nothing, or be there once too often or too little.
func besidesFactor(c *Context, key schema.Key) []float64 {
	other := schema.Polar
	if key == schema.Polar {
		other = schema.Steps
	}
	out := []float64{1}
	for _, s := range c.Sides() {
		if v, _, ok := s.Num(other); ok && v > 0 && v != 1 {
			out = append(out, v, 1/v)
		}
	}
	return out
}

// factorTitle says which intensity has the factor once too often; steps divides.
func factorTitle(k, key schema.Key, ratio, factor float64) string {
	more := meets(ratio, factor)
	switch {
	case key != schema.Steps && more:
		return fmt.Sprintf("%s of got has %s once more than the reference's", k, key)
	case key != schema.Steps:
		return fmt.Sprintf("%s of got lacks %s, which the reference's has", k, key)
	case more:
		return fmt.Sprintf("%s of got is not divided by %s, as the reference's is", k, key)
	}
	return fmt.Sprintf("%s of got is divided by %s once more than the reference's", k, key)
}

// finalFactor tells a final intensity with a wrong factor from a sum that is
// printed with the factor in it: both leave the same contradiction in the log.
func finalFactor(c *Context, key schema.Key, ratio, factor float64, evidence, what string) ([]Cause, string) {
	check := fmt.Sprintf("I_pixel_final is out by %.12g against the log's own factors; %s", ratio, what)
	if c.Agrees(schema.IPixelFinal) {
		if !c.Differs(sumKeys...) {
			return nil, fmt.Sprintf("sum and final intensity agree, though the log's own factors are out by %.9g: another factor is printed otherwise", ratio)
		}
		cause := one(c.Open(sumKeys...), fmt.Sprintf("the sum is printed with %s in it on one side only: the final intensity agrees", key), []string{check, "the final intensity agrees"}, evidence)
		cause[0].Order, cause[0].PrintOnly, cause[0].Share = schema.IBeforeScaling, true, noShare("the final intensity agrees")
		return cause, ""
	}
	cause := one(c.Open(finalKeys...), factorTitle(schema.IPixelFinal, key, ratio, factor), []string{check}, evidence)
	cause[0].Order, cause[0].Share = schema.IPixelFinal, times(ratio, "the ratio of the intensities that this factor makes")
	if r := c.Got.RecOr(schema.IPixelFinal); r != nil {
		cause[0].Findings = []explain.Finding{{Pos: r.Pos, What: fmt.Sprintf("%s is %s; it is out by %.9g, the factor %s", r.Name, valueText(r), ratio, key)}}
	}
	a, ok1 := termsOf(c.Ref)
	b, ok2 := termsOf(c.Got)
	if !c.Differs(sumKeys...) || ok1 && ok2 && a.adds() && b.adds() {
		return cause, ""
	}
	cause[0].Role, cause[0].Share = explain.IsNote, nil
	cause[0].Explains, cause[0].Partly = nil, cause[0].Explains
	cause[0].Title = fmt.Sprintf("the final intensity and the printed sum do not go together by the factor %s", key)
	cause[0].Evidence = append(cause[0].Evidence, fmt.Sprintf("Either the final intensity has %s once too often or too little, or the sum is printed with it on one side: the sums differ by other causes, and the logs do not show all steps, so that nothing tells which.", key))
	return cause, ""
}

var polarValue = Rule{
	ID: "polar-value", Stage: schema.Scale,
	Title: "the polarisation factor of another kind, sample or source",
	Text: `polar is (1 + cos^2 2theta - K cos(2 psi) sin^2 2theta)/2, of the first sample that is not cut, and 1 with -nopolar. One side leaves it 0 or 1, takes that of
the last sample or of another source, another Kahn factor, or a scalar product with one component thrice.

How it shows: polar differs; each side's number is that of another recipe, computed from the printed directions.

How to check: give -nopolar to both; the difference goes.`,
	Do: "Compute polar once, for the first sample, with the Kahn factor that is given; 1 with -nopolar.",
	Example: `c.log:   polar 1     (-nopolar)
py.log:  polar 0`,
	Find: func(c *Context) ([]Cause, string) {
		rows := c.Open(schema.Polar)
		if len(rows) == 0 {
			return nil, "polar is no root that is left to explain"
		}
		a, ref := polarName(c, c.Ref)
		b, got := polarName(c, c.Got)
		if a == b || a == "" || b == "" {
			return nil, fmt.Sprintf("polar is %.9g (%s) and %.9g (%s)", ref, or(a, "no known recipe"), got, or(b, "no known recipe"))
		}
		cause := one(append(rows, zeroFinal(c, ref, got)...), fmt.Sprintf("polar is %s in the reference, %s in got", a, b), []string{fmt.Sprintf("%.12g and %.12g are what the two recipes make", ref, got)}, show(rows[0])+".")
		if ref != 0 {
			cause[0].Share = times(got/ref, "the ratio of polar")
		}
		return cause, ""
	},
}

// zeroFinal are the intensities that a polar of 0 leaves nothing of.
func zeroFinal(c *Context, ref, got float64) []*diff.Row {
	if ref != 0 && got != 0 {
		return nil
	}
	return c.Open(finalKeys...)
}

// polarName tries the recipes for the polarisation factor on what a log prints.
func polarName(c *Context, s *Side) (string, float64) {
	polar, _, ok := s.Num(schema.Polar)
	d, i := s.All(schema.DiffractedVec), s.All(schema.IncidentVec)
	switch {
	case !ok:
		return "", math.NaN()
	case polar == 0:
		return "0, never computed", polar
	case polar == 1:
		return "1, as without polarisation", polar
	}
	kahn, known := set(c, s, "Kahn factor")
	if v, _, ok := s.Num(schema.PolarizationFactor); ok && !known {
		kahn = v
	}
	axis, _ := setVec(c, s, "polarization normal")
	for n := range min(len(d), len(i)) {
		if n > 0 && n < len(d)-1 {
			continue
		}
		which := "that of the first sample"
		if n > 0 {
			which = "that of the last sample"
		}
		in, out := Vec(numbers(i[n])), Vec(numbers(d[n]))
		if meets(polar, polarOf(in, out, axis, kahn, in.dot(out))) {
			return which, polar
		}
		if meets(polar, polarOf(in, out, axis, 0, in.dot(out))) {
			return which + ", unpolarised (K = 0)", polar
		}
		if main, ok := setVec(c, s, "beam"); ok && meets(polar, polarOf(main, out, axis, kahn, main.dot(out))) {
			return which + ", with the main beam", polar
		}
		for k := range 3 {
			if meets(polar, polarOf(in, out, axis, kahn, 3*in[k]*out[k])) {
				return fmt.Sprintf("made with component %s of the directions thrice", string("xyz"[k])), polar
			}
		}
	}
	return "", polar
}

// polarOf is the polarisation factor, with c for cos 2theta; normal is that of the
// plane of polarisation.
func polarOf(in, out, normal Vec, kahn, c float64) float64 {
	psi := 0.0
	if kahn != 0 {
		// The programs print beam x axis; the axis is that normal x beam.
		b := normal.cross(in).cross(in)
		b = b.scale(1 / b.norm())
		e := in.cross(b)
		psi = -math.Atan2(out.dot(b), out.dot(e)/e.norm())
	}
	return 0.5 * (1 + c*c - kahn*math.Cos(2*psi)*(1-c*c))
}

var compounding = Rule{
	ID: "compounding", Stage: schema.Sum,
	Title: "a factor that multiplies the running sum, or each term once",
	Text: `With -oversample_omega, _polar or _thick on, the reference multiplies the whole running sum by the factor after each term: the factors
compound. A port that multiplies each term once has another sum.

How it shows: the sum of each side is what its printed terms make, by the one rule or the other.

How to check: trace with one step; the difference goes.`,
	Do: "Multiply the running sum after each term where parity with the reference is wanted.",
	Example: `c.log:   I = ((t1 w1) + t2) w2 ...
py.log:  I = t1 w1 + t2 w2 ...`,
	Find: func(c *Context) ([]Cause, string) {
		rows := c.Open(sumKeys...)
		if len(rows) == 0 {
			return nil, "I_before_scaling is no root that is left to explain"
		}
		on := false
		for _, k := range []schema.Key{schema.OversampleOmega, schema.OversamplePolar, schema.OversampleThick} {
			on = on || flag(c.Ref, k) || flag(c.Got, k)
		}
		if !on {
			return nil, "no -oversample_ switch is on"
		}
		a, ok1 := sumRule(c, c.Ref)
		b, ok2 := sumRule(c, c.Got)
		if !ok1 || !ok2 || a == b {
			return nil, fmt.Sprintf("the sums are those of: %s, %s", or(a, "no rule that the printed terms tell"), or(b, "no rule that the printed terms tell"))
		}
		return one(rows, fmt.Sprintf("the factor (omega, polar, capture) %s in the reference, %s in got", a, b), []string{"each sum is what the printed terms make by its rule"}, show(rows[0])+"."), ""
	},
}

func or(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

// sumRule tells how a log's sum was made from its terms and the factors that are
// on.
func sumRule(c *Context, s *Side) (string, bool) {
	t, ok := termsOf(s)
	omega := s.All(schema.OmegaSample)
	polar, _, ok2 := s.Num(schema.Polar)
	capture, _, ok3 := s.Num(schema.CaptureFraction)
	if !ok || !ok2 || !ok3 || !t.whole || len(omega) == 0 {
		return "", false
	}
	running, each := 0.0, 0.0
	for i, v := range t.values {
		f := 1.0
		if n := int(t.sub[i]); flag(s, schema.OversampleOmega) && n < len(omega) && n >= 0 {
			w, _ := num(omega[n])
			f *= w
		}
		if flag(s, schema.OversamplePolar) {
			f *= polar
		}
		if flag(s, schema.OversampleThick) {
			f *= capture
		}
		running = (running + v) * f
		each += v * f
	}
	const within = 1e-3 // polar and capture are printed of one sample alone
	switch {
	case closeTo(t.sum, t.total, 1e-9):
		return "is not in the sum", true
	case closeTo(t.sum, running, within):
		return "multiplies the running sum and compounds", true
	case closeTo(t.sum, each, within):
		return "multiplies each term once", true
	}
	return "", false
}
