package diff

import (
	"maps"
	"math"
	"slices"

	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// Split parts the difference of a row, component by component: Inherited is what
// the quantity's formula makes of the differences between its printed inputs,
// Local what is left. Noise is what the printed digits of both sides leave open,
// carried through the formula.
type Split struct {
	Inherited, Local, Noise []float64
	Scale                   float64 // what the parts are held against
	Inputs                  []*Row  // the rows that it was computed from
}

// LocalRel is the largest local part over the scale of the quantity, of the
// components in which it is above the noise; 0 where it is in none.
func (s *Split) LocalRel() float64 {
	worst := 0.0
	for i, l := range s.Local {
		if math.Abs(l) > s.Noise[i] && s.Scale > 0 {
			worst = max(worst, math.Abs(l)/s.Scale)
		}
	}
	return worst
}

// Root is a difference that does not follow from another.
type Root struct {
	Row *Row
	// Unobserved names the parents that were not compared, so that the
	// difference may start in one of them.
	Unobserved []string
	// Below are the ancestors that differ within tolerance, most different
	// first: what diverges here may have grown from them.
	Below []*Row
	// Amplified is set where the row itself is within tolerance, and what
	// follows from it is not: by so many times the difference grows.
	Amplified float64
	// Local is set where the row was recomputed, and a part of its difference is in
	// none of what it is computed from.
	Local bool
	// Jump is how many times larger, relatively, the row differs than all that
	// it is computed from; 0 where nothing of that differs.
	Jump float64
}

// jumpFrom is how many times larger than its parents' a difference must be to
// start here although they differ as well.
const jumpFrom = 100

// outgrows is how many times larger than its source's a difference within
// tolerance must be to have one of its own: sums and products make it a few times
// larger, a cancellation that makes it more would show in its formula.
const outgrows = 10

// evaluations find the rows of a job by what they are of.
type evaluations struct {
	schema *schema.Schema
	byKey  map[schema.Key][]*Row
	at     map[evaluation][]*Row // of nanoBragg: by key and sample
	steps  *steps                // of other programs: by key and place
	set    [2]trace.Settings
	single [2]bool             // the log's numbers are float32 numbers
	unfit  map[schema.Key]*Row // whose formula is not what either program computes
}

// evaluation is what rows of nanoBragg are looked up by: the sample, and of phi
// rows the step.
type evaluation struct {
	key             schema.Key
	layer, sub, phi int32
}

func evaluationOf(k schema.Key, q *schema.Quantity, at *schema.Coord) evaluation {
	e := evaluation{k, at[schema.Layer], at[schema.Sub], -1}
	if q.Scope == schema.PerPhi {
		e.phi = at[schema.Phi]
	}
	return e
}

// Roots finds where the differences of a job start. rows are those of the job and
// of its run's setup, in causal order; around are rows that these may be computed
// from besides: of the whole run, and of the step before. settings are what the
// two programs say of themselves. Rows that can be recomputed get their Split.
//
// unfit are rows, one a quantity, for which the formula of a schema file gives
// what neither log prints: it is left aside.
func (e *Engine) Roots(rows, around []Row, settings [2]trace.Settings) (out []Root, unfit []*Row) {
	ev := e.evaluations(rows, around, settings)
	var grown []*Row // they inherit all of their difference from rows within tolerance
	for i := range rows {
		r := &rows[i]
		if !r.Diverged() || r.Info == nil {
			continue
		}
		ev.split(e, r)
		if root, ok := ev.root(r); ok {
			out = append(out, root)
		} else if r.Split != nil && !anyRow(r.Split.Inputs, (*Row).Diverged) {
			grown = append(grown, r)
		}
	}
	switch {
	case len(grown) > 0:
		out = append(out, ev.amplified(e, rows, grown))
		slices.SortStableFunc(out, func(x, y Root) int { return e.Order(x.Row, y.Row) })
	case len(out) == 0 && !slices.ContainsFunc(around, func(r Row) bool { return r.Diverged() }):
		for i := range rows {
			if rows[i].Diverged() {
				out = []Root{{Row: &rows[i]}}
				break
			}
		}
	}
	for _, k := range slices.Sorted(maps.Keys(ev.unfit)) {
		unfit = append(unfit, ev.unfit[k])
	}
	return out, unfit
}

// evaluations makes the rows of a job findable.
func (e *Engine) evaluations(rows, around []Row, settings [2]trace.Settings) *evaluations {
	ev := &evaluations{schema: e.opt.Names.Schema, byKey: map[schema.Key][]*Row{}, at: map[evaluation][]*Row{}, set: settings, unfit: map[schema.Key]*Row{}}
	if !e.isNanoBragg() {
		ev.steps = newSteps(e.opt.Names)
	}
	for _, list := range [2][]Row{around, rows} {
		for i := range list {
			r := &list[i]
			if r.Key == schema.None {
				continue
			}
			ev.add(r.Key, r)
			if r.StandIn && r.Got.Key != r.Key {
				ev.add(r.Got.Key, r)
			}
		}
	}
	ev.single = singlePrecision(rows)
	return ev
}

// root judges a diverged row; ok is false where it inherits all of its
// difference.
func (ev *evaluations) root(r *Row) (root Root, ok bool) {
	root.Row = r
	var inputs []*Row
	if r.Split != nil {
		inputs, root.Local = r.Split.Inputs, true
		if r.Split.LocalRel() <= localTolerance(r) {
			return root, false
		}
		if r.Status == NotFinite && anyRow(inputs, func(p *Row) bool { return p.Status == NotFinite }) {
			return root, false
		}
	} else {
		inputs = ev.nearest(r)
		if most, ok := ev.inheritable(r, inputs); !ok {
			return root, false
		} else if most > 0 {
			root.Jump = relOf(r) / most
		}
	}
	root.Unobserved = ev.unobserved(r)
	root.Below = ev.below(r)
	return root, true
}

// inheritable tells whether the difference of r starts in r, by what its nearest
// compared ancestors are: none of them diverged, or r differs a hundredfold more
// than all of them. most is the largest of theirs.
func (ev *evaluations) inheritable(r *Row, inputs []*Row) (most float64, starts bool) {
	diverged := false
	for _, p := range inputs {
		if p.Diverged() {
			diverged = true
			most = max(most, relOf(p))
		}
	}
	if !diverged {
		return 0, true
	}
	if r.Status == NotFinite {
		return 0, !anyRow(inputs, func(p *Row) bool { return p.Status == NotFinite || math.IsInf(p.Rel, 1) })
	}
	// What is rounded, thresholded or summed away amplifies a lot; only where
	// all inputs differ by next to nothing is the jump a finding.
	return most, most > 0 && most < minorBelow && relOf(r) > jumpFrom*most && relOf(r) >= divergentBelow
}

// relOf is the relative difference of a row; one that cannot be measured is as
// large as can be.
func relOf(r *Row) float64 {
	if math.IsNaN(r.Rel) {
		return math.Inf(1)
	}
	return r.Rel
}

func anyRow(rows []*Row, is func(*Row) bool) bool { return slices.ContainsFunc(rows, is) }

// localTolerance is the relative tolerance that a local part is held against.
func localTolerance(r *Row) float64 {
	if math.IsNaN(r.Rule.Rel) {
		return 0
	}
	return r.Rule.Rel
}

// amplified returns the root of differences that all follow from rows within
// tolerance. It is one of the rows that differ by more than their printed digits
// leave open, and by more than what they are computed from: the earliest of those
// that differ at least half as much as any. Noise in a last digit further up does
// not account for what is a million times larger behind it.
func (ev *evaluations) amplified(e *Engine, rows []Row, grown []*Row) Root {
	worst := grown[0]
	for _, r := range grown {
		if relOf(r) > relOf(worst) && !math.IsInf(r.Rel, 1) {
			worst = r
		}
	}
	var sources []*Row
	most := 0.0
	for _, r := range ev.within(e, rows, grown) {
		if ev.local(e, r, sources) {
			sources = append(sources, r)
			most = max(most, r.Rel)
		}
	}
	for _, r := range sources {
		if 2*r.Rel < most {
			continue
		}
		root := Root{Row: r, Unobserved: ev.unobserved(r)}
		if !math.IsInf(worst.Rel, 1) {
			root.Amplified = worst.Rel / r.Rel
		}
		return root
	}
	return Root{Row: grown[0], Below: ev.below(grown[0])}
}

// within lists the rows within tolerance that differ and that some of the grown
// ones may come of, in the order of reports.
func (ev *evaluations) within(e *Engine, rows []Row, grown []*Row) []*Row {
	var out []*Row
	if ev.steps != nil {
		seen := map[*Row]bool{}
		for _, r := range grown {
			for _, up := range ev.below(r) {
				if !seen[up] {
					seen[up] = true
					out = append(out, up)
				}
			}
		}
		slices.SortStableFunc(out, e.Order)
		return out
	}
	up := map[schema.Key]bool{}
	for _, r := range grown {
		for _, k := range ev.schema.Ancestors(r.Key) {
			up[k] = true
		}
	}
	for i := range rows {
		if r := &rows[i]; up[r.Key] && r.Compared() && !r.Diverged() && r.Rel > 0 {
			out = append(out, r)
		}
	}
	return out
}

// local tells whether the difference of a row within tolerance starts in it: what
// its formula makes of its inputs does not account for it, or, without a formula,
// its digits show it and it is much larger than all sources before it that it may
// follow from.
func (ev *evaluations) local(e *Engine, r *Row, sources []*Row) bool {
	if ev.split(e, r); r.Split != nil {
		return r.Split.LocalRel() > 0
	}
	if ev.steps != nil && r.Info.Formula != nil {
		return false // what it comes of is not at hand
	}
	ref, got, ok := r.Pair()
	if !ok || math.Abs(r.Abs) <= e.dec.print[0].of(r.Ref.Stream).printed(ref)+e.dec.print[1].of(r.Got.Stream).printed(got) {
		return false
	}
	above := ev.schema.Ancestors(r.Key)
	return !anyRow(sources, func(s *Row) bool {
		return slices.Contains(above, s.Key) && ev.feeds(s, r) && r.Rel < outgrows*s.Rel
	})
}

// values are the numbers of a record.
func values(r *trace.Record) []float64 {
	out := make([]float64, len(r.Values))
	for i := range r.Values {
		out[i] = r.Values[i].Num
	}
	return out
}
