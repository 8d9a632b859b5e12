package report

import (
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"

	"simtrace/pkg/parity"
	"simtrace/pkg/parity/diff"
	"simtrace/pkg/parity/explain"
	"simtrace/pkg/trace"
)

type firstView struct {
	Label, What, RefAt, GotAt string
	Parts                     []partView
}

type partView struct {
	Name     string
	Ref, Got digits
	Delta    string
}

// firstOf shows the first divergence with all its components.
func firstOf(r *parity.Report) *firstView {
	row := r.FirstRow()
	if row == nil {
		return nil
	}
	v := &firstView{Label: printable(r.Label(row)), RefAt: where(row.Ref), GotAt: where(row.Got)}
	if !row.Diverged() {
		v.What = fmt.Sprintf("%s, %s.", status(row), printable(row.Note))
		v.Parts = []partView{{Ref: digits{Same: printable(whole(row.Ref))}, Got: digits{Same: printable(whole(row.Got))}, Delta: "-"}}
		return v
	}
	v.What = fmt.Sprintf("difference %s, relative %s, %s.", signed(row.Abs), number(row.Rel), row.Status)
	if len(row.Ref.Values) == 0 || len(row.Got.Values) == 0 {
		a, b := setOff(whole(row.Ref), whole(row.Got))
		v.Parts = []partView{{Ref: a, Got: b, Delta: "-"}}
		return v
	}
	for _, c := range row.Components() {
		a, b := setOff(c.Ref.Text, c.Got.Text)
		v.Parts = append(v.Parts, partView{printable(c.Name), a, b, signed(c.Got.Num - c.Ref.Num)})
	}
	return v
}

func causeOf(head string, c explain.Cause) causeView {
	v := causeView{Head: printable(head), Title: printable(upper(c.Title)) + ".", Checked: printable(checked(c)), Evidence: texts(evidence(c))}
	if c.Share != nil {
		v.Share = "Share: " + share(c.Share)
		if c.Share.Rest {
			v.Share = "Share, as what is left: " + share(c.Share)
		}
		v.How = printable(upper(c.Share.How)) + "."
	}
	return v
}

type excerptView struct {
	Label string
	Fold  bool
	Sides []excerptSide
}

type excerptSide struct {
	Role, At, Why string
	Lines         []excerptLine
}

type excerptLine struct {
	N    int
	Text string
	Hit  bool
}

// What an excerpt shows: lines on either side, and how long they may be; and
// how many places there are excerpts of.
const (
	aroundLines = 3
	maxExcerpt  = 240
	maxExcerpts = 5
)

// excerptsOf shows both logs at the first divergence and, folded, at the other
// roots.
func excerptsOf(r *parity.Report, opt HTMLOptions) []excerptView {
	first := r.FirstRow()
	if first == nil {
		return nil
	}
	rows := []*diff.Row{first}
	for _, g := range r.RootGroups() {
		if row := g.First().Row; row != first && len(rows) < maxExcerpts {
			rows = append(rows, row)
		}
	}
	var out []excerptView
	for i, row := range rows {
		v := excerptView{Label: printable(r.Label(row)), Fold: i > 0}
		v.Sides = append(v.Sides, excerpt("reference", row.Ref, opt), excerpt("got", row.Got, opt))
		out = append(out, v)
	}
	return out
}

func excerpt(role string, rec *trace.Record, opt HTMLOptions) excerptSide {
	s := excerptSide{Role: role, At: printable(where(rec))}
	if rec == nil {
		s.Why = "This log has no such record."
		return s
	}
	if opt.Excerpt == nil {
		s.Why = "The log is not at hand."
		return s
	}
	lines, n, err := opt.Excerpt(rec.Pos, aroundLines)
	if err != nil {
		s.Why = "The log is not at hand: " + printable(err.Error()) + "."
		return s
	}
	for i, l := range lines {
		s.Lines = append(s.Lines, excerptLine{n + i, cutText(printable(l), maxExcerpt), n+i == rec.Pos.Line})
	}
	return s
}

// cutText shortens a line at its end.
func cutText(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}

type phiView struct {
	Title   string
	Pattern []string
	Plots   []template.HTML
	Rows    []phiRowView
	Foot    string
}

type phiRowView struct {
	Step, Deg, Delta string
	K, FB, F         struct{ Ref, Got digits }
}

func (p *page) takePhi(r *parity.Report) {
	for _, t := range r.Phi {
		if len(r.Phi) > maxTables && (!t.Differs() || len(p.Phi) == maxTables) {
			continue
		}
		p.Phi = append(p.Phi, phiViewOf(t, len(r.Phi) > 1))
	}
	if left := len(r.Phi) - len(p.Phi); left > 0 {
		p.PhiLeft = fmt.Sprintf("The tables of %d more pixels are in metrics.json.", left)
	}
	key := func(drawing, text string) legendKey {
		return legendKey{template.HTML(`<svg width="34" height="12" viewBox="0 0 34 12" aria-hidden="true">` + drawing + `</svg>`), text}
	}
	stands := false
	for _, t := range r.Phi {
		stands = stands || len(t.Outliers) > 0
	}
	p.PhiKeys = []legendKey{
		key(`<path class="ref line" d="M1 6H33"/><circle class="ref dot" cx="17" cy="6" r="2.6"/>`, "reference "+printable(r.Ref.Name)),
		key(`<path class="got line" d="M1 6H33"/><circle class="got" cx="17" cy="6" r="4.5"/>`, "got "+printable(r.Got.Name)),
	}
	if stands {
		p.PhiKeys = append(p.PhiKeys, key(`<rect class="band" x="9" y="0" width="16" height="12"/>`, "stands out"))
	}
}

func phiViewOf(t parity.PhiTable, several bool) phiView {
	v := phiView{Pattern: texts(t.Pattern)}
	if several {
		v.Title = fmt.Sprintf("Pixel %d %d (slow fast)", t.Pixel.Slow, t.Pixel.Fast)
	}
	v.Plots = []template.HTML{
		phiPlot(t, "k_frac (b · S)", func(s parity.PhiSide) float64 { return s.K }),
		phiPlot(t, "F_latt_b", func(s parity.PhiSide) float64 { return s.FB }),
		phiPlot(t, "F_latt", func(s parity.PhiSide) float64 { return s.F }),
	}
	block := false
	for _, row := range t.Rows {
		x := phiRowView{Step: fmt.Sprint(row.Tic), Deg: degrees(row.Deg), Delta: signed(row.Delta)}
		if row.Ref.Block || row.Got.Block {
			x.Step, block = x.Step+" (a)", true
		}
		x.K.Ref, x.K.Got = setOffBoth(row.Ref.KText, row.Got.KText)
		x.FB.Ref, x.FB.Got = setOffBoth(row.Ref.FBText, row.Got.FBText)
		x.F.Ref, x.F.Got = setOffBoth(row.Ref.FText, row.Got.FText)
		v.Rows = append(v.Rows, x)
	}
	if t.Samples > 1 {
		v.Foot = fmt.Sprintf("The pixel has %d subpixels; these are the rows of the first. The others are in the table of all rows. ", t.Samples)
	}
	if block {
		v.Foot += "(a) One log prints no phi rows; these are its numbers of the pixel block, which is of the first step."
	}
	return v
}

// setOffBoth sets off the digits only where both sides have some.
func setOffBoth(ref, got string) (digits, digits) {
	if ref == "" || got == "" {
		return digits{Same: shown(ref)}, digits{Same: shown(got)}
	}
	return setOff(ref, got)
}

type rowView struct {
	N                         int
	Kind, Label               string
	Words                     bool // the values are words, and may be broken
	Ref, Got                  digits
	Abs, AbsV, Rel, RelV      string
	Class, Sign, Status, Note string
	RefAt, GotAt              string
}

func (p *page) takeRows(r *parity.Report) {
	show := pickRows(r)
	if left := len(r.Rows) - len(show); left > 0 {
		p.RowsLeft = fmt.Sprintf("%d more rows are left out, those that agree or that only one log prints before those that differ; metrics.json has them all.", left)
	}
	for _, i := range show {
		row := &r.Rows[i]
		ref, got, words := cellTexts(row)
		v := rowView{N: i, Words: words, Label: printable(component(r, row)), Abs: signed(row.Abs), Rel: number(row.Rel), AbsV: sortable(math.Abs(row.Abs)), RelV: sortable(row.Rel),
			Status: status(row), Note: remark(row), RefAt: printable(where(row.Ref)), GotAt: printable(where(row.Got))}
		v.Ref, v.Got = setOffBoth(ref, got)
		v.Kind, v.Class, v.Sign = look(row)
		p.Rows = append(p.Rows, v)
	}
}

// pickRows chooses at most maxRows rows, in causal order: what speaks against a
// match before what was compared, and that before the rest.
func pickRows(r *parity.Report) []int {
	var out []int
	for rank := range 3 {
		for i := range r.Rows {
			row := &r.Rows[i]
			is := 2
			switch {
			case row.Broken() || isWaived(row) || row.Gap == diff.Placeholder:
				is = 0
			case row.Compared():
				is = 1
			}
			if is == rank && len(out) < maxRows {
				out = append(out, i)
			}
		}
	}
	slices.Sort(out)
	return out
}

// cellTexts returns what a row's cells show: the numbers of the component that
// differs most, or all of a record without a partner, three to a line.
func cellTexts(row *diff.Row) (ref, got string, words bool) {
	if a, b, ok := row.Pair(); ok {
		return a.Text, b.Text, false
	}
	for _, rec := range []*trace.Record{row.Ref, row.Got} {
		words = words || rec != nil && len(rec.Values) == 0
	}
	return inLines(row.Ref), inLines(row.Got), words
}

func inLines(rec *trace.Record) string {
	if rec == nil || len(rec.Values) < 2 {
		return cutText(whole(rec), maxExcerpt)
	}
	var b strings.Builder
	for i, v := range rec.Values {
		if i > 0 && (i%3 == 0 || len(rec.Values) <= 3) {
			b.WriteByte('\n')
		} else if i > 0 {
			b.WriteByte(' ')
		}
		if v.Name != "" {
			b.WriteString(v.Name + ":")
		}
		b.WriteString(v.Text)
	}
	return cutText(b.String(), 2*maxExcerpt)
}

// sortable is a number that the page's script can sort; what is none comes
// before all.
func sortable(v float64) string {
	switch {
	case math.IsNaN(v):
		return "-1"
	case math.IsInf(v, 0):
		return "1e999"
	}
	return fmt.Sprint(v)
}

// look tells how a row is shown: its kind for the filter, its colour, and a
// sign that tells it without colour.
func look(row *diff.Row) (kind, class, sign string) {
	switch {
	case row.Gap == diff.Lost:
		return "lost", "bad", "✗"
	case row.Diverged():
		return "bad", "bad", "≠"
	case isWaived(row):
		return "waived", "warn", "△"
	case row.Gap == diff.Placeholder:
		return "placeholder", "warn", "?"
	case row.Status == diff.Missing:
		return "unpaired", "warn", "–"
	}
	return "ok", "ok", "✓"
}
