package causes

import (
	"fmt"
	"math"
	"slices"

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
	side           *Side
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
	t.side, t.sum, t.pos, t.steps = s, val(s, schema.IBeforeScaling), pos(s, schema.IBeforeScaling), val(s, schema.Steps)
	if s.RecOr(schema.IBeforeScaling) == nil || s.RecOr(schema.Steps) == nil {
		return t, false
	}
	cells, factors := map[[2]int32]float64{}, map[schema.Key][]addend{}
	for _, r := range s.Records {
		cell := r.Key == schema.FCell || r.Key == schema.FCellNearest
		if !cell && r.Key != schema.FLatt && r.Key != schema.PhiFLatt || r.Stream == trace.SourceStream {
			continue
		}
		v := num(r)
		if !known(v) {
			continue
		}
		if cell {
			if len(cells) == 0 {
				t.cell = v
			}
			cells[[2]int32{r.At[schema.Layer], r.At[schema.Sub]}] = v
			continue
		}
		factors[r.Key] = append(factors[r.Key], addend{0, v, r.At[schema.Layer], r.At[schema.Sub], r.At[schema.Phi]})
	}
	t.phi = len(factors[schema.PhiFLatt]) > 0
	key := schema.FLatt
	if t.phi {
		key = schema.PhiFLatt
	}
	t.layers = math.Max(1, either(set(c, s, "layers"), 1))
	samples := int32(len(s.All(schema.PixelPos)))
	for _, one := range factors[key] {
		cell, has := cells[[2]int32{one.layer, one.sub}]
		if !has {
			continue
		}
		one.cell, one.layer = cell, 0
		if samples > 0 {
			one.layer = one.sub * int32(t.layers) / samples
		}
		t.list = append(t.list, one)
		t.total += one.value()
	}
	for _, f := range cells {
		t.square += f * f / float64(len(cells))
	}
	n := float64(len(t.list))
	t.whole = n > 0 && (n == t.steps || n == t.steps*t.layers)
	return t, n > 0
}

// adds reports whether the terms are all and make the log's sum.
func (t terms) adds() bool { return t.whole && closeTo(t.total, t.sum, 1e-9) }

// bothTerms are those of the two logs.
func bothTerms(c *Context) (ref, got terms, ok bool) {
	return both(c, func(s *Side) (terms, bool) { return termsOf(c, s) })
}

// termsDiffer reports whether something that the sum is made of differs as well.
func termsDiffer(c *Context) bool {
	return c.Differs(slices.Concat([]schema.Key{schema.HKLRounded}, latticeKeys, factorKeys)...)
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
		var sums []part
		for _, v := range t.list {
			name := fmt.Sprintf(by.name, by.of(v))
			i := slices.IndexFunc(sums, func(p part) bool { return p.name == name })
			if i < 0 {
				i = len(sums)
				sums = append(sums, part{name: name})
			}
			sums[i].value += v.value()
		}
		if len(sums) > 1 && len(sums) < len(t.list) {
			out = append(out, sums...)
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
	on := func(k schema.Key) bool { return either(val(s, k), 0) != 0 }
	omega, polar, thick := on(schema.OversampleOmega), on(schema.OversamplePolar), on(schema.OversampleThick)
	all := s.All(schema.OmegaSample)
	if !omega && !polar && !thick {
		return nil
	}
	return func(t addend) float64 {
		f := 1.0
		if n := int(t.sub); omega && n >= 0 && n < len(all) {
			f *= num(all[n])
		}
		if polar {
			f *= val(s, schema.Polar)
		}
		if thick {
			f *= val(s, schema.CaptureFraction)
		}
		return f
	}
}

// recipe is a way to make a pixel's sum out of the terms that the log prints.
type recipe struct {
	rule         string  // the rule that it is a case of; "" for the reference's way
	within, want float64 // the sum that it makes, and how closely it has to be met
	says         string  // of the sum: "lacks the contribution of phi step 3"
	how          string  // with its numbers
}

// made is how a log made its sum; known is false where no recipe fits.
type made struct {
	recipe
	terms
	known bool
}

// recipeOf finds the recipe of a log's own sum, the first that fits.
func recipeOf(c *Context, s *Side) made {
	t, ok := termsOf(c, s)
	if !ok {
		return made{terms: t}
	}
	for _, r := range t.recipes(c) {
		if finite(r.want) && closeTo(t.sum, r.want, r.within) {
			if r.how == "" {
				r.how = t.making(r.want)
			}
			return made{r, t, true}
		}
	}
	return made{terms: t}
}

func (t terms) making(want float64) string {
	return fmt.Sprintf("the %d printed terms F_cell^2 F_latt^2 make %.9g that way, and the sum of %s is %.9g (%s)", len(t.list), want, t.side.Name, t.sum, t.pos)
}

// Each recipe is tried to nine digits, except where a factor is printed of one sample
// alone.
const (
	exactly = 1e-9
	nearly  = 1e-3
)

// recipes are the ways in which programs make the sum of these terms.
func (t terms) recipes(c *Context) (out []recipe) {
	if n, ok := countsOf(c, t.side); ok && t.cell != 0 {
		cells := float64(n[0]) * float64(n[1]) * float64(n[2])
		if whole := t.steps * t.layers * t.square * cells * cells; !closeTo(t.total, whole, nearly) {
			out = append(out, recipe{"units-in-sum", fingerprint, whole, "is that of whole (integer) indices, F_cell^2 (Na Nb Nc)^2: units are mixed in it",
				fmt.Sprintf("%g steps x %.6g (F_cell^2) x (%d %d %d)^2 = %.9g, and I_before_scaling of %s is %.9g (%s)", t.steps*t.layers, t.square, n[0], n[1], n[2], whole, t.side.Name, t.sum, t.pos)})
		}
	}
	if t.total != 0 {
		out = append(out, recipe{"skipped-loop", 0, 0, "is 0, though the trace prints terms of it: all samples are cut, as by a resolution limit (dmin), a loop is empty, or the structure factors (F_cell) used are 0", t.making(t.total)})
	}
	on := factorsInSum(t.side)
	if !t.whole {
		return out
	}
	if on == nil {
		return append(append(out, recipe{"", exactly, t.total, "is what its terms make", ""}), t.partRecipes(c)...)
	}
	running, each := 0.0, 0.0
	for _, v := range t.list {
		f := on(v)
		running, each = (running+v.value())*f, each+v.value()*f
	}
	return append(out, recipe{"compounding", exactly, t.total, "has no factor (omega, polar, capture) in it", ""},
		recipe{"", nearly, running, "has the factor (omega, polar, capture) multiply the running sum: it compounds", ""},
		recipe{"compounding", nearly, each, "has the factor (omega, polar, capture) multiply each term once", ""})
}

// partRecipes are those of a sum in which some terms, or some factors of each, are missing or too many.
func (t terms) partRecipes(c *Context) (out []recipe) {
	add := func(when bool, rule string, want float64, says string) {
		if when {
			out = append(out, recipe{rule, exactly, want, says, ""})
		}
	}
	linear, plain, many := 0.0, 0.0, len(t.list) > 1
	for _, v := range t.list {
		linear, plain = linear+math.Abs(v.cell)*v.latt*v.latt, plain+v.cell*v.cell*math.Abs(v.latt)
	}
	polar := val(t.side, schema.Polar)
	add(t.steps > 1, "steps", t.total/t.steps, "is divided by steps")
	add(polar != 1, "polar", t.total*polar, "has polar in it")
	add(true, "power", linear, "has F_cell once, not squared")
	add(true, "power", plain, "has F_latt once, not squared")
	add(many, "lost-step", t.list[len(t.list)-1].value(), "is the last step's contribution alone, as where it is assigned and not added")
	add(many, "lost-step", t.list[0].value(), "is the first step's contribution alone")
	for _, p := range t.groups() {
		some := p.value != 0 && t.sum != 0
		add(some, "lost-step", t.total-p.value, "lacks the contribution of one step: "+p.name)
		add(some, "lost-step", t.total+p.value, "has twice the contribution of one step: "+p.name)
	}
	if l, ok := layersOf(c); ok {
		for _, step := range []float64{l.thick / (l.n - 1), l.thick / l.n} {
			if want, ok := t.captured(l, step); ok && !closeTo(want, t.total, 1e-4) {
				out = append(out, recipe{"capture-each", 1e-4, want, "has each layer's samples times that layer's capture fraction", ""})
			}
		}
	}
	if size, ok := droplet(c, t.sum-t.total, 1e-5); ok && t.sum > 10*t.total {
		out = append(out, recipe{"water", 0, t.sum, fmt.Sprintf("has a background (water) of %.4g, that of %g um", t.sum-t.total, size), t.making(t.total)})
	}
	return out
}

// captured is the sum of a side's terms, each times its layer's fraction. The first sample of
// a layer tells how it is crossed.
func (t terms) captured(l layers, step float64) (sum float64, ok bool) {
	n, paths := int(l.n), l.paths[t.side]
	if len(paths)%n != 0 || len(t.list)%n != 0 {
		return 0, false
	}
	for i, v := range t.list {
		layer := i / (len(t.list) / n)
		sum += v.value() * taken(layer, step*l.mu/paths[layer*len(paths)/n])
	}
	return sum, true
}
