package report

import (
	"fmt"
	"strings"

	"simtrace/pkg/parity"
)

// byUnit heads what was compared block by block.
func byUnit(r *parity.Report) string { return r.Unit() + " by " + r.Unit() }

// someRows heads the table of rows where not all are listed.
func someRows(r *parity.Report) string {
	if r.Foreign() {
		return "The rows of some " + r.Unit() + "s"
	}
	return "The rows of the setup and of some pixels"
}

// summaryLines say what was compared pixel by pixel, and which pixels' rows are
// listed; none where all rows are.
func summaryLines(r *parity.Report) []string {
	s := r.Summary
	if s == nil {
		return nil
	}
	unit := r.Unit() + "s"
	out := []string{fmt.Sprintf("%d %s of both logs were compared one by one; in %d of them something speaks against a match", s.Pixels, unit, s.Differ)}
	for _, side := range []struct {
		n    int
		name string
	}{{s.OnlyRef, "the reference"}, {s.OnlyGot, "got"}} {
		if side.n > 0 {
			out = append(out, fmt.Sprintf("%s has %d %s that the other has not", side.name, side.n, unit))
		}
	}
	const rest = "the first that differ, and the first of each kind of difference; the counts, and the table by quantity, are of all"
	if r.Foreign() {
		return append(out, fmt.Sprintf("%d rows are listed, and the roots among them: of %s, %s", s.Listed, unit, rest))
	}
	var names []string
	for i, p := range s.Detailed {
		if i == 3 && len(s.Detailed) > 4 {
			names = append(names, fmt.Sprintf("%d more", len(s.Detailed)-i))
			break
		}
		names = append(names, fmt.Sprintf("%d %d", p.Slow, p.Fast))
	}
	return append(out, fmt.Sprintf("rows, roots and causes are those of the setup and of %d pixels (%s): %s", len(s.Detailed), strings.Join(names, ", "), rest))
}

// quantityHead heads the table of quantities.
var quantityHead = []string{"quantity", "rows", "matched", "diverged", "waived", "lost", "no number", "on one side", "largest", "first at"}

// quantityCells are the rows of the table of quantities where not all rows are
// listed; of those alone that differ, or of all.
func quantityCells(r *parity.Report, differing bool) [][]string {
	if r.Summary == nil {
		return nil
	}
	var out [][]string
	shown := shownQuantities(r)
	for i := range r.Quantities {
		q := &r.Quantities[i]
		if !shown(q) {
			continue
		}
		if differing && q.First == nil && q.Counts.Placeholder == 0 {
			continue
		}
		c, first := q.Counts, ""
		if q.First != nil {
			if first = where(q.First.Got); q.First.Got == nil {
				first = where(q.First.Ref)
			}
		}
		out = append(out, []string{quantityName(q), fmt.Sprint(c.Total), fmt.Sprint(c.Matched), fmt.Sprint(c.Diverged), fmt.Sprint(c.Waived),
			fmt.Sprint(c.Lost), fmt.Sprint(c.Placeholder), fmt.Sprint(c.Unpaired), number(q.WorstRel()), first})
	}
	return out
}

// maxQuantities bounds the tables of quantities: those that speak against a match
// come first, and a last line counts the others.
const maxQuantities = 500

// shownQuantities tells which quantities a table of bounded length shows.
func shownQuantities(r *parity.Report) func(*parity.Quantity) bool {
	if len(r.Quantities) <= maxQuantities {
		return func(*parity.Quantity) bool { return true }
	}
	broken, quiet := 0, 0
	for i := range r.Quantities {
		if r.Quantities[i].First != nil {
			broken++
		}
	}
	room := max(0, maxQuantities-broken)
	broken = 0
	return func(q *parity.Quantity) bool {
		if q.First != nil {
			broken++
			return broken <= maxQuantities
		}
		quiet++
		return quiet <= room
	}
}

// quantityName tells quantities of one name apart by their stream.
func quantityName(q *parity.Quantity) string { return q.Name + " (" + q.Stream.String() + ")" }

// summaryJSON is the summary for programs.
type summaryJSON struct {
	Pixels     int            `json:"pixels"`
	OnlyC      int            `json:"pixels_only_c"`
	OnlyPy     int            `json:"pixels_only_py"`
	Differ     int            `json:"pixels_that_differ"`
	Listed     [][2]int       `json:"listed"`
	Total      int            `json:"quantities_total"`
	Quantities []quantityJSON `json:"quantities"`
}

type quantityJSON struct {
	Key    string  `json:"key"`
	Stream string  `json:"stream"`
	Counts counts  `json:"counts"`
	Worst  delta   `json:"worst_rel"`
	First  *string `json:"first"`
	CAt    *string `json:"c_at"`
	PyAt   *string `json:"py_at"`
}

func summaryOf(r *parity.Report) *summaryJSON {
	s := r.Summary
	if s == nil {
		return nil
	}
	out := &summaryJSON{Pixels: s.Pixels, OnlyC: s.OnlyRef, OnlyPy: s.OnlyGot, Differ: s.Differ, Listed: [][2]int{}, Total: len(r.Quantities), Quantities: []quantityJSON{}}
	for _, p := range s.Detailed {
		out.Listed = append(out.Listed, [2]int{p.Slow, p.Fast})
	}
	shown := shownQuantities(r)
	for i := range r.Quantities {
		q := &r.Quantities[i]
		if !shown(q) {
			continue
		}
		x := quantityJSON{Key: q.Name, Stream: q.Stream.String(), Counts: countsOf(q.Counts), Worst: delta(q.WorstRel())}
		if q.First != nil {
			name := r.Label(q.First)
			x.First, x.CAt, x.PyAt = &name, at(q.First.Ref), at(q.First.Got)
		}
		out.Quantities = append(out.Quantities, x)
	}
	return out
}
