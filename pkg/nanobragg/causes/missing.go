package causes

import (
	"fmt"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/parity/explain"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

var missingRecord = Rule{
	ID: "missing-record", Stage: schema.Scale,
	Title: "records lost on one side",
	Text: `One log lacks records that its program prints elsewhere, or lines lack components. It is no numeric divergence: nothing
is known of the values that are not there. The reference itself leaves out what follows a -dmin cut or a lattice
factor of 0.

How it shows: a row of the one side has no partner, while the log has others of its kind.

How to check: look at the lines around the place; was the log filtered, or written by several threads at once?`,
	Do: "Run the program again, and write its log unfiltered.",
	Example: `c.log:   ten TRACE_C_PHI rows, phi_tic 0 to 9
py.log:  nine, phi_tic=4 is not there`,
	Find: func(c *Context) ([]Cause, string) {
		rows := c.Lost()
		if len(rows) == 0 {
			return nil, "no record is lost that is not accounted for"
		}
		rec, side := rows[0].Ref, "got"
		if rec == nil {
			rec, side = rows[0].Got, "the reference"
		}
		what := rows[0].Name()
		if rec.At[schema.Phi] >= 0 && rec.Stream == trace.PhiStream {
			what = fmt.Sprintf("%s of phi step %d", what, rec.At[schema.Phi])
		}
		cause := one(rows, fmt.Sprintf("%d records have no partner, %s in %s first", len(rows), what, side), nil,
			fmt.Sprintf("%s has no partner in %s, which prints others of its kind. %s", rec.Pos, side, rows[0].Note))
		cause[0].PrintOnly = true
		cause[0].Findings = []explain.Finding{{Pos: rec.Pos, What: what + " has no partner in " + side}}
		return cause, ""
	},
}

var truncated = Rule{
	ID: "truncated", Stage: schema.Scale,
	Title: "log cut off, or ended by a crash",
	Text: `One log ends in the middle of a line or in a traceback. It is no numeric divergence: what it lost nobody knows.

How it shows: the last line is no whole line, or the program's crash report stands there; records behind it are missing.

How to check: run the program again, to its end.`,
	Do:      "Run the program again, to its end.",
	Example: `py.log:  TRACE_PY: I_pixel_fi`,
	Find: func(c *Context) ([]Cause, string) {
		if !c.RefCut && !c.GotCut {
			return nil, "both logs are whole"
		}
		cut := c.Got
		if c.RefCut {
			cut = c.Ref
		}
		var rows []*diff.Row
		for _, r := range c.Lost() {
			if !c.Record(r, cut) {
				rows = append(rows, r)
			}
		}
		if len(rows) == 0 {
			return nil, cut.Name + " is cut off or crashed, but no record is lost by it"
		}
		var last trace.Pos
		for _, r := range cut.Records {
			if r.Pos.Line > last.Line {
				last = r.Pos
			}
		}
		cause := one(rows, cut.Name+" is cut off, or ended in a crash", nil,
			fmt.Sprintf("Its last record is at %s; %d records of the other side have no partner, %s first.", last, len(rows), rows[0].Name()))
		cause[0].PrintOnly, cause[0].Order = true, schema.FloatImage
		cause[0].Findings = []explain.Finding{{Pos: last, What: "the log ends here"}}
		return cause, ""
	},
}
