package explain

import (
	"fmt"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

var missingRecord = Rule{
	ID:    "missing-record",
	Title: "records lost on one side",
	Text: `One log lacks records that its program prints elsewhere, or lines lack components. It is no numeric divergence: nothing
is known of the values that are not there. The reference itself leaves out what follows a -dmin cut or a lattice
factor of 0.

How it shows: a row of the one side has no partner, while the log has others of its kind.

How to check: look at the lines around the place; was the log filtered, or written by several threads at once?`,
	Example: `c.log:   ten TRACE_C_PHI rows, phi_tic 0 to 9
py.log:  nine, phi_tic=4 is not there`,
	Find: findMissing,
}

var truncated = Rule{
	ID:    "truncated",
	Title: "log cut off, or ended by a crash",
	Text: `One log ends in the middle of a line or in a traceback. It is no numeric divergence: what it lost nobody knows.

How it shows: the last line is no whole line, or the program's crash report stands there; records behind it are missing.

How to check: run the program again, to its end.`,
	Example: `py.log:  TRACE_PY: I_pixel_fi`,
	Find:    findTruncated,
}

func findTruncated(c *Context) ([]Cause, string) {
	if !c.RefCut && !c.GotCut {
		return nil, "both logs are whole"
	}
	cut := c.Got
	if c.RefCut {
		cut = c.Ref
	}
	last := lastPos(cut)
	var rows []*diff.Row
	for _, r := range c.lost() {
		if mine := recordOn(c, r, cut); mine == nil {
			rows = append(rows, r)
		}
	}
	if len(rows) == 0 {
		return nil, cut.Name + " is cut off or crashed, but no record is lost by it"
	}
	return []Cause{{
		Role: IsCause, Confidence: confidence(2), order: schema.FloatImage, Explains: rows,
		Title:    cut.Name + " is cut off, or ended in a crash",
		Evidence: []string{fmt.Sprintf("Its last record is at %s; %d records of the other side have no partner, %s first.", last, len(rows), rows[0].Name())},
		Findings: []Finding{{last, "the log ends here"}},
	}}, ""
}

func findMissing(c *Context) ([]Cause, string) {
	var rows []*diff.Row
	for _, r := range c.lost() {
		if !c.claimed[r] {
			rows = append(rows, r)
		}
	}
	if len(rows) == 0 {
		return nil, "no record is lost"
	}
	row := rows[0]
	rec, side := row.Ref, "got"
	if rec == nil {
		rec, side = row.Got, "the reference"
	}
	what := row.Name()
	if rec.At[schema.Phi] >= 0 && rec.Stream == trace.PhiStream {
		what = fmt.Sprintf("%s of phi step %d", what, rec.At[schema.Phi])
	}
	return []Cause{{
		Role: IsCause, Confidence: confidence(2), order: row.Key, Explains: rows,
		Title:    fmt.Sprintf("%d records have no partner, %s in %s first", len(rows), what, side),
		Evidence: []string{fmt.Sprintf("%s has no partner in %s, which prints others of its kind. %s", rec.Pos, side, row.Note)},
		Findings: []Finding{{rec.Pos, what + " has no partner in " + side}},
	}}, ""
}

// lost are the rows of records that are gone.
func (c *Context) lost() []*diff.Row {
	var out []*diff.Row
	for _, r := range c.Rows {
		if r.Gap == diff.Lost {
			out = append(out, r)
		}
	}
	return out
}

// HasLost reports whether a record is gone.
func (c *Context) HasLost() bool { return len(c.lost()) > 0 }

func recordOn(c *Context, r *diff.Row, s *Side) *trace.Record {
	if s == c.Ref {
		return r.Ref
	}
	return r.Got
}

func lastPos(s *Side) trace.Pos {
	var last trace.Pos
	for _, r := range s.records {
		if r.Pos.Line > last.Line {
			last = r.Pos
		}
	}
	return last
}
