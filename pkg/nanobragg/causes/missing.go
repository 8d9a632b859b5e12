package causes

import (
	"fmt"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/parity/explain"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// findMissingRecord recognises missing-record.
func findMissingRecord(c *Context) ([]Cause, string) {
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
	title := fmt.Sprintf("%d records have no partner, %s in %s first", len(rows), what, side)
	if len(rows) == 1 {
		title = fmt.Sprintf("1 record has no partner: %s in %s", what, side)
	}
	cause := one(rows, title, nil,
		fmt.Sprintf("%s has no partner in %s, which prints others of its kind: %s", rec.Pos, side, rows[0].Note))
	cause[0].PrintOnly = true
	cause[0].Findings = []explain.Finding{{Pos: rec.Pos, What: what + " has no partner in " + side}}
	return cause, ""
}

// findTruncated recognises truncated.
func findTruncated(c *Context) ([]Cause, string) {
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
}
