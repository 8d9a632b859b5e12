package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"simtrace/pkg/parity"
	"simtrace/pkg/parity/diff"
)

type waiverView struct{ ID, Class, State, Note, Where, Band, Expires, Reason string }

func waiverViews(r *parity.Report) []waiverView {
	var out []waiverView
	for i := range r.Waivers {
		u := &r.Waivers[i]
		v := waiverView{ID: u.ID, Class: "bad", State: string(u.State), Note: u.Note, Where: u.Place(), Band: u.Expected(), Expires: u.Expires.Format(time.DateOnly), Reason: u.Reason}
		if u.State == parity.WaiverUsed {
			v.Class, v.Note = "ok", rowsText(u.Rows)
		}
		for _, s := range []*string{&v.ID, &v.Note, &v.Where, &v.Reason} {
			*s = printable(*s)
		}
		out = append(out, v)
	}
	return out
}

func rowsText(n int) string {
	if n == 1 {
		return "1 row"
	}
	return fmt.Sprintf("%d rows", n)
}

// waiverLines tells of the waivers, one line each.
func waiverLines(r *parity.Report) []string {
	var out []string
	for _, v := range waiverViews(r) {
		out = append(out, fmt.Sprintf("%s %s (%s): %s, %s, until %s: %s", v.ID, v.State, v.Note, v.Where, v.Band, v.Expires, v.Reason))
	}
	return out
}

func isWaived(row *diff.Row) bool { return row.Status == diff.Waived }

// toleranceLine says what passes, and what would have been enough.
func toleranceLine(r *parity.Report) string {
	s := fmt.Sprintf("Tolerance %g, relative.", r.Tolerance)
	if !math.IsNaN(r.Smallest) {
		s += fmt.Sprintf(" One of %s would let all rows compared pass", number(r.Smallest))
		if len(ruleLines(r)) > 0 {
			s += " but those with a rule of their own"
		}
		s += "."
	}
	return s
}

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
	return printable(strings.Join(parts, "; "))
}

// ruleLines tells which rules of their own rows break, and what would do.
func ruleLines(r *parity.Report) []string {
	var out []string
	left := 0
	for i := range r.Rows {
		row := &r.Rows[i]
		if !row.Diverged() || !row.Rule.Named() {
			continue
		}
		if len(out) == maxLines {
			left++
			continue
		}
		out = append(out, fmt.Sprintf("%s: %s", component(r, row), decided(row)))
	}
	if left > 0 {
		out = append(out, fmt.Sprintf("%d more", left))
	}
	return out
}

// remark is all that is said of a row beside its status.
func remark(row *diff.Row) string {
	note, rule := printable(row.Note), decided(row)
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
		c := junitCase{Class: "tracecmp.waiver", Name: v.ID, File: printable(file), Line: n}
		if u.State != parity.WaiverUsed {
			line := fmt.Sprintf("%s: %s, %s", u.At, v.State, v.Note)
			c.Failure = &junitResult{Message: printable(line), Text: printable(line + "\n" + v.Reason)}
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
