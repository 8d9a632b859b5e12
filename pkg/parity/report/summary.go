package report

import (
	"fmt"
	"strings"

	"simtrace/internal/doc"
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
func summaryLines(r *parity.Report, names [2]string) []string {
	s := r.Summary
	if s == nil {
		return nil
	}
	out := []string{compared(s, r.Unit())}
	for _, side := range []struct {
		n    int
		name string
	}{{s.OnlyRef, names[0]}, {s.OnlyGot, names[1]}} {
		if side.n > 0 {
			out = append(out, fmt.Sprintf("%s has %s that the other log lacks", side.name, doc.Plural(side.n, r.Unit())))
		}
	}
	const rest = "the first that differ, and the first of each kind of difference; the counts and the table by quantity cover all of them"
	if r.Foreign() {
		which := "of the " + r.Unit() + "s, " + rest
		if s.Pixels == 1 && s.OnlyRef+s.OnlyGot == 0 {
			which = "the first, and those that differ before others; the counts and the table by quantity cover all of them"
		}
		return append(out, fmt.Sprintf("To keep the report short, %d rows are listed: %s", s.Listed, which))
	}
	var pixels []string
	for i, p := range s.Detailed {
		if i == 3 && len(s.Detailed) > 4 {
			pixels = append(pixels, fmt.Sprintf("%d more", len(s.Detailed)-i))
			break
		}
		if pixels = append(pixels, fmt.Sprintf("%d %d", p.Slow, p.Fast)); p.Slow < 0 {
			pixels[i] = fmt.Sprintf("#%d", p.Fast+1) // it has no name
		}
	}
	if len(pixels) == 0 {
		return append(out, "To keep the report short, the rows listed are those of the setup; the counts and the table by quantity cover all of them")
	}
	return append(out, fmt.Sprintf("To keep the report short, rows, roots and causes are those of the setup and of %s (%s): %s", doc.Plural(len(s.Detailed), "pixel"), strings.Join(pixels, ", "), rest))
}

// compared says how many blocks were, and how many of them differ.
func compared(s *parity.Summary, unit string) string {
	if s.Pixels == 1 {
		return "1 " + unit + " of both logs was compared"
	}
	return fmt.Sprintf("%d %ss of both logs were compared one by one; %d of them differ", s.Pixels, unit, s.Differ)
}

// quantityTable adds up all rows by quantity where not all are listed; of those alone
// that differ, or of all.
func quantityTable(r *parity.Report, differing bool) doc.Table {
	t := doc.Table{Columns: doc.Names("quantity", "rows", "matched", "diverged", "waived", "lost", "no number", "on one side", "largest", "first at")}
	t.Columns[0].Wide, t.Columns[9].Place = true, true
	if r.Summary == nil {
		return t
	}
	shown := shownQuantities(r)
	for i := range r.Quantities {
		q := &r.Quantities[i]
		if !shown(q) || differing && q.First == nil && q.Counts.Placeholder == 0 {
			continue
		}
		c, first := q.Counts, doc.Text(nil)
		if q.First != nil {
			if first = where(q.First.Got); q.First.Got == nil {
				first = where(q.First.Ref)
			}
		}
		name := doc.Lit(q.Name)
		if !r.Foreign() {
			name = doc.Join(name, doc.Of(doc.Plain, " ("+q.Stream.String()+")")) // the same name stands on lines of several kinds
		}
		t.Rows = append(t.Rows, doc.Cells(name, number0(c.Total), number0(c.Matched), colored(doc.Bad, c.Diverged),
			colored(doc.Warn, c.Waived), colored(doc.Warn, c.Lost), number0(c.Placeholder), number0(c.Unpaired), doc.Of(doc.Plain, number(q.WorstRel())), first))
	}
	return t
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
		if p.Slow < 0 {
			continue // it has no name
		}
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
