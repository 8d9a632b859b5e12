package parity

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"simtrace/internal/yamlfile"
	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// Waiver lets a difference pass that is known, expected and written down.
type Waiver struct {
	ID      string
	Key     string      // the quantity as a trace prints it
	Phi     int         // phi step, -1 for all
	Pixel   *diff.Pixel // nil for all
	Rel     *Band       // of the relative difference, at least 0
	Abs     *Band       // of got - ref, with its sign, in the unit that the trace prints
	Reason  string
	Expires time.Time // the last day on which it holds
	At      string    // where it is written
}

// Band is a range, its ends included.
type Band struct{ Min, Max float64 }

func (b *Band) holds(v float64) bool { return b == nil || v >= b.Min && v <= b.Max }

// Expected is the band in words.
func (w *Waiver) Expected() string {
	var parts []string
	if w.Rel != nil {
		parts = append(parts, fmt.Sprintf("rel %g to %g", w.Rel.Min, w.Rel.Max))
	}
	if w.Abs != nil {
		parts = append(parts, fmt.Sprintf("abs %+g to %+g", w.Abs.Min, w.Abs.Max))
	}
	return strings.Join(parts, " and ")
}

// Place is what the waiver is for, in words.
func (w *Waiver) Place() string {
	s := w.Key
	if w.Phi >= 0 {
		s += fmt.Sprintf(", phi step %d", w.Phi)
	}
	if w.Pixel != nil {
		s += fmt.Sprintf(", pixel %d %d", w.Pixel.Slow, w.Pixel.Fast)
	}
	return s
}

// WaiverState says what came of a waiver. Only a used one speaks for a match.
type WaiverState string

// The states.
const (
	WaiverUsed    WaiverState = "used"
	WaiverUnused  WaiverState = "unused"
	WaiverOutside WaiverState = "out of band"
	WaiverExpired WaiverState = "expired"
)

// WaiverUse is a waiver with what came of it.
type WaiverUse struct {
	Waiver
	State WaiverState
	Rows  int    // how many rows it waived
	Note  string // why it does not hold
}

// ReadWaivers reads waivers from YAML; name is what errors and reports call
// the file. All keys but phi and pixel are needed, and one of rel and abs:
//
//	waivers:
//	  - id: phi-zero
//	    where: {key: k_frac, phi: 0, pixel: [685, 1039]}
//	    rel: [1e-2, 5e-2]
//	    reason: the reference keeps the last step's cell at phi = 0
//	    expires: 2027-01-31
//
// The error is the first one found, "file:line: what is wrong".
func ReadWaivers(r io.Reader, name string) ([]Waiver, error) {
	f := yamlfile.File{Name: name}
	root, err := f.Root(r)
	if err != nil {
		return nil, err
	}
	top, err := f.Fields(root, "a waivers file", "waivers")
	if err != nil {
		return nil, err
	}
	list := top["waivers"]
	if list == nil || list.Kind != yaml.SequenceNode || len(list.Content) == 0 {
		return nil, f.Fail(root, "no list of waivers is given")
	}
	var out []Waiver
	seen := map[string]string{}
	for _, n := range list.Content {
		w, err := readWaiver(f, yamlfile.Resolved(n))
		if err != nil {
			return nil, err
		}
		if at, dup := seen[w.ID]; dup {
			return nil, f.Fail(n, "the id %q stands twice, at %s as well", w.ID, at)
		}
		seen[w.ID] = w.At
		out = append(out, w)
	}
	return out, nil
}

func readWaiver(f yamlfile.File, n *yaml.Node) (Waiver, error) {
	w := Waiver{Phi: -1, At: f.At(n)}
	fields, err := f.Fields(n, "a waiver", "id", "where", "rel", "abs", "reason", "expires")
	if err != nil {
		return w, err
	}
	for _, need := range []string{"id", "where", "reason", "expires"} {
		if fields[need] == nil {
			return w, f.Fail(n, "the waiver has no %s", need)
		}
	}
	if w.ID, err = f.Word(fields["id"], "id"); err != nil {
		return w, err
	}
	if w.Reason, err = f.Word(fields["reason"], "reason"); err != nil {
		return w, err
	}
	if w.Expires, err = time.Parse(time.DateOnly, fields["expires"].Value); err != nil {
		return w, f.Fail(fields["expires"], "expires must be a date like 2027-01-31, not %q", fields["expires"].Value)
	}
	if err := readWhere(f, &w, fields["where"]); err != nil {
		return w, err
	}
	if fields["rel"] == nil && fields["abs"] == nil {
		return w, f.Fail(n, "the waiver has no band: rel or abs, [least, largest]")
	}
	if w.Rel, err = readBand(f, fields["rel"], "rel"); err != nil {
		return w, err
	}
	if w.Rel != nil && w.Rel.Min < 0 {
		return w, f.Fail(fields["rel"], "rel is a size, and at least 0")
	}
	w.Abs, err = readBand(f, fields["abs"], "abs")
	return w, err
}

func readWhere(f yamlfile.File, w *Waiver, n *yaml.Node) error {
	fields, err := f.Fields(n, "where", "key", "phi", "pixel")
	if err != nil {
		return err
	}
	if fields["key"] == nil {
		return f.Fail(n, "where has no key")
	}
	if w.Key, err = f.Word(fields["key"], "key"); err != nil {
		return err
	}
	if p := fields["phi"]; p != nil {
		if w.Phi, err = f.Integer(p, "phi"); err != nil {
			return err
		}
	}
	p := fields["pixel"]
	if p == nil {
		return nil
	}
	if p.Kind != yaml.SequenceNode || len(p.Content) != 2 {
		return f.Fail(p, "pixel must be [slow, fast]")
	}
	w.Pixel = &diff.Pixel{}
	if w.Pixel.Slow, err = f.Integer(yamlfile.Resolved(p.Content[0]), "pixel"); err == nil {
		w.Pixel.Fast, err = f.Integer(yamlfile.Resolved(p.Content[1]), "pixel")
	}
	return err
}

func readBand(f yamlfile.File, n *yaml.Node, what string) (*Band, error) {
	if n == nil {
		return nil, nil
	}
	if n.Kind != yaml.SequenceNode || len(n.Content) != 2 {
		return nil, f.Fail(n, "%s must be [least, largest]", what)
	}
	var b Band
	var err error
	if b.Min, err = f.Number(yamlfile.Resolved(n.Content[0]), what); err != nil {
		return nil, err
	}
	if b.Max, err = f.Number(yamlfile.Resolved(n.Content[1]), what); err != nil {
		return nil, err
	}
	if b.Min > b.Max {
		return nil, f.Fail(n, "%s: the least, %g, is above the largest, %g", what, b.Min, b.Max)
	}
	return &b, nil
}

// waiving applies waivers to rows that differ, one row at a time.
type waiving struct {
	uses  []waiverUse
	today time.Time
}

// waiverUse is what has come of a waiver so far.
type waiverUse struct {
	WaiverUse
	expired   bool
	outside   int
	outsideAt diff.At // the first that is out of band
}

// newWaiving makes ready to apply the waivers. Without a date none holds: a
// waiver that nobody can tell to be in force is not in force.
func newWaiving(ws []Waiver, today time.Time) *waiving {
	v := &waiving{today: today}
	for _, w := range ws {
		expired := today.IsZero() || today.Format(time.DateOnly) > w.Expires.Format(time.DateOnly)
		v.uses = append(v.uses, waiverUse{WaiverUse: WaiverUse{Waiver: w}, expired: expired})
	}
	return v
}

// take lets the row pass if a waiver says so; label names the row.
func (v *waiving) take(row *diff.Row, at diff.At, label func(*diff.Row) string) {
	for i := range v.uses {
		u := &v.uses[i]
		w := &u.Waiver
		if !row.Diverged() || !w.covers(row) {
			continue
		}
		switch {
		case u.expired:
		case w.Rel.holds(row.Rel) && (w.Abs == nil || w.Abs.holds(row.Abs)):
			row.Note = strings.TrimPrefix(fmt.Sprintf("%s; %s but for the waiver %s (%s)", row.Note, row.Status, w.ID, w.At), "; ")
			row.Status, row.Waiver = diff.Waived, w.ID
			u.Rows++
		default:
			row.Note = strings.TrimPrefix(fmt.Sprintf("%s; the waiver %s (%s) allows %s", row.Note, w.ID, w.At, w.Expected()), "; ")
			u.outsideRow(at, fmt.Sprintf("%s differs by %s", label(row), measured(row)))
			u.outside++
		}
	}
}

// outsideRow keeps what is said of the first row in causal order.
func (u *waiverUse) outsideRow(at diff.At, note string) {
	if u.outside > 0 && !at.Before(u.outsideAt) {
		return
	}
	u.outsideAt, u.Note = at, note
}

// merge adds what came of the same waivers elsewhere.
func (v *waiving) merge(o *waiving) {
	for i := range v.uses {
		a, b := &v.uses[i], &o.uses[i]
		if b.outside > 0 {
			a.outsideRow(b.outsideAt, b.Note)
		}
		a.outside += b.outside
		a.Rows += b.Rows
	}
}

// judged says what came of each waiver.
func (v *waiving) judged() []WaiverUse {
	var out []WaiverUse
	for _, u := range v.uses {
		u.judge(u.expired, u.outside, v.today)
		out = append(out, u.WaiverUse)
	}
	return out
}

func (u *WaiverUse) judge(expired bool, outside int, today time.Time) {
	switch {
	case expired && today.IsZero():
		u.State, u.Note = WaiverExpired, "no date is given to hold it against"
	case expired:
		u.State, u.Note = WaiverExpired, "its last day was "+u.Expires.Format(time.DateOnly)
	case outside > 0:
		u.State = WaiverOutside
	case u.Rows > 0:
		u.State = WaiverUsed
	default:
		u.State, u.Note = WaiverUnused, "nothing differs there that is not waived already"
	}
}

func measured(row *diff.Row) string {
	if math.IsNaN(row.Abs) {
		return fmt.Sprintf("rel %.3g", row.Rel)
	}
	return fmt.Sprintf("rel %.3g, abs %+.3g", row.Rel, row.Abs)
}

func (w *Waiver) covers(row *diff.Row) bool {
	return isOf(row, w.Key) && (w.Phi < 0 || row.At[schema.Phi] == int32(w.Phi)) &&
		(w.Pixel == nil || row.At[schema.Slow] == int32(w.Pixel.Slow) && row.At[schema.Fast] == int32(w.Pixel.Fast))
}

// judgeWaivers adds what the waivers say to the verdict: one that does not hold
// turns a match.
func (r *Report) judgeWaivers() {
	var used, bad []string
	rows := 0
	for _, u := range r.Waivers {
		if u.State == WaiverUsed {
			used = append(used, u.ID)
			rows += u.Rows
			continue
		}
		bad = append(bad, fmt.Sprintf("the waiver %s (%s) is %s: %s", u.ID, u.At, u.State, u.Note))
	}
	if len(used) > 0 {
		r.say("%s waived, by %s", differs(rows), strings.Join(used, ", "))
	}
	if len(bad) == 0 {
		return
	}
	r.Reasons = append(bad, r.Reasons...)
	if r.Verdict == Match {
		r.Verdict = Diverged
	}
}

// differs begins a sentence about waived rows.
func differs(n int) string {
	if n == 1 {
		return "1 row differs and is"
	}
	return fmt.Sprintf("%d rows differ and are", n)
}

// isOf reports whether the row is of the quantity that prints as name.
func isOf(row *diff.Row, name string) bool {
	for _, r := range [...]*trace.Record{row.Ref, row.Got} {
		if r == nil {
			continue
		}
		if r.Name == name {
			return true
		}
		if q := r.Symbol.Info; q != nil && (q.Name == name || slices.Contains(q.Aliases, name)) {
			return true
		}
	}
	return false
}
