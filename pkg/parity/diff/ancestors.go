package diff

import (
	"fmt"
	"slices"
	"sort"

	"simtrace/pkg/trace/schema"
)

func (ev *evaluations) add(k schema.Key, r *Row) {
	ev.byKey[k] = append(ev.byKey[k], r)
	if ev.steps != nil {
		ev.steps.add(k, r)
	} else {
		e := evaluationOf(k, ev.schema.Info(k), &r.At)
		ev.at[e] = append(ev.at[e], r)
	}
}

// feeding returns the rows of k that belong to the evaluation of row.
func (ev *evaluations) feeding(k schema.Key, row *Row) []*Row {
	var out []*Row
	for _, list := range ev.candidates(k, row) {
		for _, up := range list {
			if up != row && ev.feeds(up, row) {
				out = append(out, up)
			}
		}
	}
	return out
}

// candidates are lists of rows of k, among them all that feed row.
func (ev *evaluations) candidates(k schema.Key, row *Row) [][]*Row {
	at, q := &row.At, ev.schema.Info(k)
	if ev.steps != nil {
		if list, ok := ev.steps.same(q, row); ok {
			return [][]*Row{list}
		}
		return [][]*Row{ev.byKey[k]}
	}
	whole := row.Info.Scope == schema.PerPixel || row.Info.Scope == schema.PerRun || at[schema.Sub] < 0
	if whole || q.Scope == schema.PerPhi && row.Info.Scope != schema.PerPhi {
		return [][]*Row{ev.byKey[k]}
	}
	var out [][]*Row
	for _, layer := range either(at[schema.Layer]) {
		for _, sub := range either(at[schema.Sub]) {
			e := evaluation{k, layer, sub, -1}
			if q.Scope == schema.PerPhi {
				e.phi = at[schema.Phi]
			}
			out = append(out, ev.at[e])
		}
	}
	return out
}

// either is a coordinate, and that of what does not know its own.
func either(c int32) []int32 {
	if c < 0 {
		return []int32{-1}
	}
	return []int32{c, -1}
}

// feeds reports whether up belongs to the same evaluation as row: the coordinates
// that both know agree. What is printed once a run or pixel is fed by all
// samples. What is printed of phi step 0 says nothing of the other steps.
func (ev *evaluations) feeds(up, row *Row) bool {
	if ev.steps != nil {
		return ev.steps.sameStep(up, row)
	}
	switch row.Info.Scope {
	case schema.PerRun:
		return true
	case schema.PerPixel:
		return true
	}
	for _, i := range [...]int{schema.Layer, schema.Sub} {
		if a, b := up.At[i], row.At[i]; a >= 0 && b >= 0 && a != b {
			return false
		}
	}
	switch row.Info.Scope {
	case schema.PerSource:
		return up.Info.Scope != schema.PerSource || up.At[schema.Source] == row.At[schema.Source]
	case schema.PerPhi:
		if up.Info.Scope == schema.PerPhi || up.Info.Scope == schema.PerStep && up.Info.Stage == schema.Orientation {
			return up.At[schema.Phi] < 0 || up.At[schema.Phi] == row.At[schema.Phi]
		}
	}
	return true
}

// nearest returns the compared rows that are nearest to row upwards: its parents,
// and where one was not compared, that one's.
func (ev *evaluations) nearest(row *Row) []*Row {
	var out []*Row
	seen := map[schema.Key]bool{}
	var up func(schema.Key)
	up = func(k schema.Key) {
		for _, p := range ev.schema.Info(k).Parents {
			if seen[p] {
				continue
			}
			seen[p] = true
			found := false
			for _, r := range ev.observed(p, row) {
				out, found = append(out, r), true
			}
			if !found && !ev.covered(row, k, p) {
				up(p)
			}
		}
		for _, p := range ev.schema.Info(k).Previous {
			for _, r := range ev.previous(p, row) {
				if !slices.Contains(out, r) {
					out = append(out, r)
				}
			}
		}
	}
	up(row.Key)
	return out
}

// previous are the compared rows of k that belong to the step before the row's.
func (ev *evaluations) previous(k schema.Key, row *Row) []*Row {
	if ev.steps == nil {
		return nil
	}
	var out []*Row
	for _, r := range ev.steps.before(ev.schema.Info(k), row, ev.byKey[k]) {
		if r.Compared() {
			out = append(out, r)
		}
	}
	return out
}

// observed are the compared rows of k, or of what stands in for it, that feed
// row.
func (ev *evaluations) observed(k schema.Key, row *Row) []*Row {
	var out []*Row
	for _, key := range append([]schema.Key{k}, ev.schema.Info(k).Same...) {
		for _, r := range ev.feeding(key, row) {
			if r.Compared() {
				out = append(out, r)
			}
		}
		if len(out) > 0 {
			break
		}
	}
	return out
}

// covered reports whether another parent of k is printed instead of p:
// pix0_vector_meters follows from one of two setup lines, by pivot.
func (ev *evaluations) covered(row *Row, k, p schema.Key) bool {
	q := ev.schema.Info(p)
	if ev.steps != nil || q.Scope != schema.PerRun {
		return false // of another program, nothing says which setup lines exclude each other
	}
	for _, other := range ev.schema.Info(k).Parents {
		if o := ev.schema.Info(other); other != p && o.Stage == q.Stage && o.Scope == q.Scope && len(ev.observed(other, row)) > 0 {
			return true
		}
	}
	return false
}

// unobserved names the parents of the row that nobody compared.
func (ev *evaluations) unobserved(row *Row) []string {
	var out []string
	for _, p := range ev.schema.Info(row.Key).Parents {
		if len(ev.observed(p, row)) > 0 || ev.covered(row, row.Key, p) {
			continue
		}
		why := "on neither side"
		for _, up := range ev.feeding(p, row) {
			switch {
			case up.Ref == nil:
				why = "only in got"
			case up.Got == nil:
				why = "only in the reference"
			}
		}
		out = append(out, fmt.Sprintf("%s (%s)", ev.schema.Info(p).Name, why))
	}
	for _, p := range ev.schema.Info(row.Key).Previous {
		if !slices.ContainsFunc(ev.byKey[p], (*Row).Compared) {
			out = append(out, fmt.Sprintf("%s of the step before (on neither side)", ev.schema.Info(p).Name))
		}
	}
	return out
}

// below lists the ancestors that differ within tolerance, those that differ most
// first.
func (ev *evaluations) below(row *Row) []*Row {
	var out []*Row
	add := func(rows []*Row) {
		for _, up := range rows {
			if !up.Diverged() && up.Compared() && up.Rel > 0 && !slices.Contains(out, up) {
				out = append(out, up)
			}
		}
	}
	for _, k := range append(slices.Clone(ev.schema.Ancestors(row.Key)), row.Key) {
		if k != row.Key {
			add(ev.feeding(k, row))
		}
		for _, p := range ev.schema.Info(k).Previous {
			add(ev.previous(p, row))
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Rel > out[j].Rel })
	return out
}
