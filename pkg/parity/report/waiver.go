package report

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"simtrace/internal/doc"
	"simtrace/pkg/parity"
	"simtrace/pkg/parity/diff"
)

type waiverView struct {
	ID, State, Note, Where, Band, Expires, Reason string
	Style                                         doc.Style
}

func waiverViews(r *parity.Report) []waiverView {
	var out []waiverView
	for i := range r.Waivers {
		u := &r.Waivers[i]
		v := waiverView{ID: u.ID, Style: doc.Bad, State: string(u.State), Note: u.Note, Where: u.Place(), Band: u.Expected(), Expires: u.Expires.Format(time.DateOnly), Reason: u.Reason}
		if u.State == parity.WaiverUsed {
			v.Style, v.Note = doc.Good, doc.Plural(u.Rows, "row")
		}
		out = append(out, v)
	}
	return out
}

// waivers tables the known differences, and what became of each.
func (b *builder) waivers() []doc.Block {
	if len(b.r.Waivers) == 0 {
		return nil
	}
	t := doc.Table{Columns: doc.Names("waiver", "state", "where", "expected", "expires", "reason")}
	for _, v := range waiverViews(b.r) {
		state := doc.Join(doc.Of(v.Style, v.State), doc.Prose(", "+v.Note))
		t.Rows = append(t.Rows, doc.Cells(doc.Lit(v.ID), state, doc.Prose(v.Where), doc.Prose(v.Band), doc.Of(doc.Plain, v.Expires), doc.Prose(v.Reason)))
	}
	return section("waivers", "Waivers", t)
}

// waiverList tells of the waivers, one line each.
func (b *builder) waiverList() []doc.Block {
	var out []string
	for _, v := range waiverViews(b.r) {
		out = append(out, fmt.Sprintf("%s %s (%s): %s, %s, until %s: %s", v.ID, v.State, v.Note, v.Where, v.Band, v.Expires, v.Reason))
	}
	return listed("", "Waivers", out)
}

func isWaived(row *diff.Row) bool { return row.Status == diff.Waived }

// decided tells of a row's own rule, and of the tolerance that would have let
// the row pass: "" where it passed by the tolerance for all.
func decided(row *diff.Row) string {
	var parts []string
	if row.Rule.Named() && row.Compared() {
		parts = append(parts, fmt.Sprintf("%s (%s)", row.Rule, row.Rule.Where))
	}
	if s := row.WouldPass(); s != "" && row.Diverged() && row.Rule.Named() {
		parts = append(parts, "would pass with "+s)
	}
	return strings.Join(parts, "; ")
}

// brokenRules are the rows that break a rule of their own.
func brokenRules(r *parity.Report) []*diff.Row {
	var out []*diff.Row
	for i := range r.Rows {
		if row := &r.Rows[i]; row.Diverged() && row.Rule.Named() {
			out = append(out, row)
		}
	}
	return out
}

// ruleLines tells which rules of their own rows break, and what would do.
func (b *builder) ruleLines() []doc.Block {
	var out []string
	rows := brokenRules(b.r)
	for _, row := range rows[:min(len(rows), maxLines)] {
		out = append(out, fmt.Sprintf("%s: %s", component(b.r, row), decided(row)))
	}
	if left := len(rows) - len(out); left > 0 {
		out = append(out, fmt.Sprintf("%d more", left))
	}
	return listed("", "By rules of their own", out)
}

// remark is all that is said of a row beside its status.
func remark(row *diff.Row) string {
	note, rule := row.Note, decided(row)
	if note != "" && rule != "" {
		return note + "; " + rule
	}
	return note + rule
}

func waiverCases(r *parity.Report) []junitCase {
	var out []junitCase
	for i, v := range waiverViews(r) {
		u := &r.Waivers[i]
		file, line, _ := strings.Cut(u.At, ":")
		n, _ := strconv.Atoi(line)
		c := junitCase{Class: "tracecmp.waiver", Name: v.ID, File: plain(file), Line: n}
		if u.State != parity.WaiverUsed {
			line := fmt.Sprintf("%s: %s, %s", u.At, v.State, v.Note)
			c.Failure = &junitResult{Message: plain(line), Text: plain(line + "\n" + v.Reason)}
		}
		out = append(out, c)
	}
	return out
}

// waiverJSON is a waiver in metrics.json.
type waiverJSON struct {
	ID      string    `json:"id"`
	At      string    `json:"at"`
	Key     string    `json:"key"`
	Phi     *int      `json:"phi"`
	Slow    *int      `json:"slow"`
	Fast    *int      `json:"fast"`
	Rel     []float64 `json:"rel"`
	Abs     []float64 `json:"abs"`
	Reason  string    `json:"reason"`
	Expires string    `json:"expires"`
	State   string    `json:"state"`
	Rows    int       `json:"rows"`
	Note    string    `json:"note"`
}

func waiversJSON(r *parity.Report) []waiverJSON {
	out := []waiverJSON{}
	for i := range r.Waivers {
		u := &r.Waivers[i]
		w := waiverJSON{ID: u.ID, At: u.At, Key: u.Key, Reason: u.Reason, Expires: u.Expires.Format(time.DateOnly),
			State: string(u.State), Rows: u.Rows, Note: u.Note, Rel: ends(u.Rel), Abs: ends(u.Abs)}
		if u.Phi >= 0 {
			w.Phi = &u.Phi
		}
		if u.Pixel != nil {
			w.Slow, w.Fast = &u.Pixel.Slow, &u.Pixel.Fast
		}
		out = append(out, w)
	}
	return out
}

func ends(b *parity.Band) []float64 {
	if b == nil {
		return nil
	}
	return []float64{b.Min, b.Max}
}
