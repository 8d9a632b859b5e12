package causes

import (
	"fmt"
	"math"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// addend is one contribution F_cell^2 F_latt^2 to a pixel's sum.
type addend struct {
	cell, latt      float64
	layer, sub, tic int32 // where it was evaluated; samples are counted through all layers
}

func (t addend) value() float64 { return t.cell * t.cell * t.latt * t.latt }

// terms are the contributions that a log shows, in the order printed, with the sum
// that they are part of.
type terms struct {
	list           []addend
	total          float64
	cell           float64 // F_cell of the first sample
	square, layers float64 // the mean of F_cell^2 over the samples, and the layers of the sensor
	whole          bool    // nothing is hidden: as many as steps and layers make
	phi            bool    // they are those of PHI rows
	steps          float64
	sum            float64 // I_before_scaling
	pos            trace.Pos
}

// termsOf gathers them from the PHI rows, or where the log has none from the
// blocks of its samples. F_cell is printed of the first phi step alone: where the
// crystal turns into another reflection the terms are not what was added.
func termsOf(c *Context, s *Side) (t terms, ok bool) {
	sum, rec, ok1 := s.Num(schema.IBeforeScaling)
	steps, _, ok2 := s.Num(schema.Steps)
	if !ok1 || !ok2 {
		return t, false
	}
	t.sum, t.pos, t.steps = sum, rec.Pos, steps
	cells := map[[2]int32]float64{}
	for _, r := range s.Records {
		v, ok := num(r)
		if !ok || r.Stream == trace.SourceStream {
			continue
		}
		switch r.Key {
		case schema.FCell, schema.FCellNearest:
			if len(cells) == 0 {
				t.cell = v
			}
			cells[[2]int32{r.At[schema.Layer], r.At[schema.Sub]}] = v
		case schema.PhiFLatt:
			t.phi = true
		}
	}
	key := schema.FLatt
	if t.phi {
		key = schema.PhiFLatt
	}
	for _, r := range s.Records {
		v, ok := num(r)
		cell, has := cells[[2]int32{r.At[schema.Layer], r.At[schema.Sub]}]
		if ok && has && r.Key == key && r.Stream != trace.SourceStream {
			one := addend{cell, v, 0, r.At[schema.Sub], r.At[schema.Phi]}
			t.list = append(t.list, one)
			t.total += one.value()
		}
	}
	for _, f := range cells {
		t.square += f * f / float64(len(cells))
	}
	n := float64(len(t.list))
	t.layers = 1
	if layers, known := set(c, s, "layers"); known && layers >= 1 {
		t.layers = layers
	}
	t.whole = n > 0 && (n == steps || n == steps*t.layers)
	if samples := len(s.All(schema.PixelPos)); samples > 0 {
		for i, v := range t.list {
			t.list[i].layer = v.sub * int32(t.layers) / int32(samples)
		}
	}
	return t, n > 0
}

// adds reports whether the terms are all and make the log's sum.
func (t terms) adds() bool { return t.whole && closeTo(t.total, t.sum, 1e-9) }

// bothTerms are those of the two logs.
func bothTerms(c *Context) (ref, got terms, ok bool) {
	ref, ok1 := termsOf(c, c.Ref)
	got, ok2 := termsOf(c, c.Got)
	return ref, got, ok1 && ok2
}

// termsDiffer reports whether something that the sum is made of differs as well.
func termsDiffer(c *Context) bool {
	return c.Differs(append(append([]schema.Key{schema.HKLRounded}, latticeKeys...), factorKeys...)...)
}

// recipe is a way to make a pixel's sum out of the terms that the log prints.
type recipe struct {
	rule string // the rule that it is a case of; "" for the reference's way
	says string // of the sum: "lacks the contribution of phi step 3"
	how  string // with its numbers
}

// recipeOf finds the recipe of a log's own sum; ok is false where none fits.
// Each is tried to nine digits, except where a factor is printed of one sample
// alone.
func recipeOf(c *Context, s *Side) (recipe, terms, bool) {
	t, ok := termsOf(c, s)
	if !ok {
		return recipe{}, t, false
	}
	const exact, near = 1e-9, 1e-3
	try := func(rule string, within, want float64, says string) (recipe, bool) {
		how := fmt.Sprintf("the %d printed terms F_cell^2 F_latt^2 make %.9g that way, and the sum of %s is %.9g (%s)", len(t.list), want, s.Name, t.sum, t.pos)
		return recipe{rule, says, how}, finite(want) && closeTo(t.sum, want, within)
	}
	on := factorsInSum(s)
	if n, ok := countsOf(c, s); ok && t.cell != 0 {
		cells := float64(n[0]) * float64(n[1]) * float64(n[2])
		whole := t.steps * t.layers * t.square * cells * cells
		if r, ok := try("units-in-sum", fingerprint, whole, "is that of whole (integer) indices, F_cell^2 (Na Nb Nc)^2: units are mixed in it"); ok && !closeTo(t.total, whole, near) {
			r.how = fmt.Sprintf("%g steps x %.6g (F_cell^2) x (%d %d %d)^2 = %.9g, and I_before_scaling of %s is %.9g (%s)", t.steps*t.layers, t.square, n[0], n[1], n[2], whole, s.Name, t.sum, t.pos)
			return r, t, true
		}
	}
	if t.sum == 0 && t.total != 0 {
		r, _ := try("skipped-loop", 0, t.total, "is 0, though the trace prints terms of it: all samples are cut, as by a resolution limit (dmin), a loop is empty, or the structure factors (F_cell) used are 0")
		return r, t, true
	}
	if !t.whole {
		return recipe{}, t, false
	}
	if r, ok := try("", exact, t.total, "is what its terms make"); ok {
		if on != nil {
			r.rule, r.says = "compounding", "has no factor (omega, polar, capture) in it"
		}
		return r, t, true
	}
	if on != nil {
		running, each := 0.0, 0.0
		for _, v := range t.list {
			f := on(v)
			running, each = (running+v.value())*f, each+v.value()*f
		}
		if r, ok := try("", near, running, "has the factor (omega, polar, capture) multiply the running sum: it compounds"); ok {
			return r, t, true
		}
		r, ok := try("compounding", near, each, "has the factor (omega, polar, capture) multiply each term once")
		return r, t, ok
	}
	return partRecipe(c, s, t, try)
}

// partRecipe finds the recipe of a sum in which some terms, or some factors of each, are missing or too many.
func partRecipe(c *Context, s *Side, t terms, try func(rule string, within, want float64, says string) (recipe, bool)) (recipe, terms, bool) {
	const exact = 1e-9
	first, last, linear, plain := t.list[0].value(), t.list[len(t.list)-1].value(), 0.0, 0.0
	for _, v := range t.list {
		linear, plain = linear+math.Abs(v.cell)*v.latt*v.latt, plain+v.cell*v.cell*math.Abs(v.latt)
	}
	polar, _, _ := s.Num(schema.Polar)
	for _, way := range []struct {
		rule string
		want float64
		says string
		when bool
	}{
		{"steps", t.total / t.steps, "is divided by steps", t.steps > 1},
		{"polar", t.total * polar, "has polar in it", polar != 1},
		{"power", linear, "has F_cell once, not squared", true},
		{"power", plain, "has F_latt once, not squared", true},
		{"lost-step", last, "is the last step's contribution alone, as where it is assigned and not added", len(t.list) > 1},
		{"lost-step", first, "is the first step's contribution alone", len(t.list) > 1},
	} {
		if r, ok := try(way.rule, exact, way.want, way.says); ok && way.when {
			return r, t, true
		}
	}
	for _, p := range t.groups() {
		r, lacks := try("lost-step", exact, t.total-p.value, "lacks the contribution of one step: "+p.name)
		r2, twice := try("lost-step", exact, t.total+p.value, "has twice the contribution of one step: "+p.name)
		switch {
		case p.value == 0 || t.sum == 0:
		case lacks:
			return r, t, true
		case twice:
			return r2, t, true
		}
	}
	if l, ok := layersOf(c); ok {
		side := 0
		if s == c.Got {
			side = 1
		}
		for _, step := range []float64{l.thick / (l.n - 1), l.thick / l.n} {
			want, ok := t.captured(l, side, step)
			if r, fits := try("capture-each", 1e-4, want, "has each layer's samples times that layer's capture fraction"); ok && fits && !closeTo(want, t.total, 1e-4) {
				return r, t, true
			}
		}
	}
	if size, ok := droplet(c, t.sum-t.total, 1e-5); ok && t.sum > 10*t.total {
		r, _ := try("water", 1, t.total, fmt.Sprintf("has a background (water) of %.4g, that of %g um", t.sum-t.total, size))
		return r, t, true
	}
	return recipe{}, t, false
}

// part is some of the terms.
type part struct {
	name  string
	value float64
}

// groups are the parts of a sum that a loop may leave out at once: a term, a phi step of
// all samples, a sample or a layer of all phi steps.
func (t terms) groups() (out []part) {
	for i, v := range t.list {
		out = append(out, part{t.name(i), v.value()})
	}
	for _, by := range []struct {
		name string
		of   func(addend) int32
	}{
		{"phi step %d of all samples", func(v addend) int32 { return v.tic }},
		{"subpixel %d, all its phi steps", func(v addend) int32 { return v.sub }},
		{"layer %d", func(v addend) int32 { return v.layer }},
	} {
		sums := map[int32]float64{}
		var order []int32
		for _, v := range t.list {
			k := by.of(v)
			if _, seen := sums[k]; !seen {
				order = append(order, k)
			}
			sums[k] += v.value()
		}
		for _, k := range order {
			if len(order) > 1 && len(order) < len(t.list) {
				out = append(out, part{fmt.Sprintf(by.name, k), sums[k]})
			}
		}
	}
	return out
}

// name says which evaluation a term is of.
func (t terms) name(i int) string {
	switch v := t.list[i]; {
	case t.phi && v.sub > 0:
		return fmt.Sprintf("phi step %d of sample %d", v.tic, v.sub)
	case t.phi:
		return fmt.Sprintf("phi step %d", v.tic)
	}
	return fmt.Sprintf("sample %d", i)
}

// factorsInSum is the product of the factors that -oversample_omega, _polar and _thick
// put into the sum; nil where none is on.
func factorsInSum(s *Side) func(addend) float64 {
	on := func(k schema.Key) bool { v, _, ok := s.Num(k); return ok && v != 0 }
	omega, polar, thick := on(schema.OversampleOmega), on(schema.OversamplePolar), on(schema.OversampleThick)
	p, _, _ := s.Num(schema.Polar)
	capture, _, _ := s.Num(schema.CaptureFraction)
	all := s.All(schema.OmegaSample)
	if !omega && !polar && !thick {
		return nil
	}
	return func(t addend) float64 {
		f := 1.0
		if n := int(t.sub); omega && n >= 0 && n < len(all) {
			w, _ := num(all[n])
			f *= w
		}
		if polar {
			f *= p
		}
		if thick {
			f *= capture
		}
		return f
	}
}

// bySum is a rule whose numbers are those of one recipe for the sum.
func bySum(id string) func(*Context) ([]Cause, string) {
	return func(c *Context) ([]Cause, string) {
		if !c.Differs(sumKeys...) {
			return nil, "I_before_scaling agrees, or is not printed on both sides"
		}
		if id == "skipped-loop" && len(c.Open(sumKeys...)) == 0 {
			return nil, "I_before_scaling is no root that is left to explain"
		}
		a, ta, ok1 := recipeOf(c, c.Ref)
		b, tb, ok2 := recipeOf(c, c.Got)
		for i, p := range [2][2]recipe{{a, b}, {b, a}} {
			bad, good := p[0], p[1]
			known := [2]bool{ok1, ok2}
			if bad.rule != id || !known[i] || !known[1-i] && id != "units-in-sum" && id != "skipped-loop" || bad.says == good.says {
				continue
			}
			s, o := c.Sides()[i], c.Sides()[1-i]
			checks := []string{bad.how}
			if known[1-i] {
				checks = append(checks, fmt.Sprintf("that of %s %s, %.9g (%s)", o.Name, good.says, [2]terms{ta, tb}[1-i].sum, [2]terms{ta, tb}[1-i].pos))
			}
			return sumCause(c, fmt.Sprintf("the sum of %s %s", s.Name, bad.says), checks), ""
		}
		return nil, whySum(c, a, b, ok1, ok2, ta, tb)
	}
}

func whySum(c *Context, a, b recipe, ok1, ok2 bool, ta, tb terms) string {
	tell := func(s *Side, r recipe, t terms, ok bool) string {
		switch {
		case ok:
			return fmt.Sprintf("the sum of %s %s", s.Name, r.says)
		case len(t.list) == 0:
			return "not checked: " + s.Name + " prints no terms of its sum"
		case !t.whole:
			return fmt.Sprintf("not checked: %s prints %d terms of its sum, not all of its %g steps in each layer", s.Name, len(t.list), t.steps)
		}
		return fmt.Sprintf("the printed terms of %s make %.9g, the sum is %.9g, and no known way takes the one into the other", s.Name, t.total, t.sum)
	}
	return tell(c.Ref, a, ta, ok1) + "; " + tell(c.Got, b, tb, ok2)
}

// sumCause is a cause of the sum: it accounts for the sums that are roots.
func sumCause(c *Context, title string, checks []string) []Cause {
	rows := c.Open(sumKeys...)
	var evidence []string
	if len(rows) > 0 {
		evidence = append(evidence, show(rows[0])+".")
	}
	cause := one(rows, title, checks, evidence...)
	cause[0].Order = schema.IBeforeScaling
	return cause
}

// sumsDiffer returns the terms of two logs that agree in every term and not in
// their sum, and by how much.
func sumsDiffer(c *Context) (rows []*diff.Row, t terms, d float64, why string) {
	rows = c.Open(sumKeys...)
	a, b, ok := bothTerms(c)
	switch {
	case len(rows) == 0:
		return nil, t, 0, "I_before_scaling is no root that is left to explain"
	case !ok:
		return nil, t, 0, notPrinted(schema.FCell, schema.FLatt, schema.Steps)
	case termsDiffer(c) || a.whole && b.whole && !closeTo(a.total, b.total, 1e-3):
		return nil, t, 0, "the terms of the sum differ as well"
	}
	if t = a; !a.whole {
		t = b
	}
	return rows, t, b.sum - a.sum, ""
}
