package report

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"simtrace/pkg/parity"
	"simtrace/pkg/parity/diff"
	"simtrace/pkg/parity/explain"
	"simtrace/pkg/trace/schema"
)

// maxLines bounds the table of differences on a terminal.
const maxLines = 40

// Terminal writes the report for a terminal: verdict, causes, findings and a
// table of what differs; where all agrees, a table of what was compared. No
// colour, so that it reads the same in a file.
func Terminal(w io.Writer, r *parity.Report) error { return terminal(w, r, plain) }

// TerminalColour is Terminal with the escape sequences that colour a verdict,
// the titles and what differs. Without them the text is Terminal's.
func TerminalColour(w io.Writer, r *parity.Report) error { return terminal(w, r, colours) }

func terminal(w io.Writer, r *parity.Report, ink inks) error {
	t := term{w: w, ink: ink}
	t.inked(ink.verdict(r.Verdict), headline(r))
	for _, s := range otherReasons(r) {
		t.line("  %s", s)
	}
	t.line("  %s", countsLine(r.Counts))
	t.line("  missing: %s", missingLine(r.Counts))
	if !math.IsNaN(r.Smallest) {
		t.line("  %s", toleranceLine(r))
	}
	if r.Counts.Unparsed > 0 {
		t.line("  unparsed trace lines: %d", r.Counts.Unparsed)
	}
	t.section(byUnit(r), summaryLines(r))
	t.section("waivers", waiverLines(r))
	t.section("set differently", r.Residue)
	t.causes(r)
	if g := r.Growth; g != nil {
		t.section("along "+g.Index, []string{g.Text})
	}
	t.findings(r.Findings)
	t.phi(r)
	if err := t.differences(r); err != nil {
		return err
	}
	if err := t.quantities(r); err != nil {
		return err
	}
	t.section("by rules of their own", ruleLines(r))
	if err := t.stages(r); err != nil {
		return err
	}
	t.section("to reproduce", r.Reproduce)
	return t.err
}

type term struct {
	w   io.Writer
	ink inks
	err error
}

// inked writes a line in a colour.
func (t *term) inked(ink, text string) {
	if t.err == nil {
		_, t.err = fmt.Fprintln(t.w, dyed(ink, printable(text)))
	}
}

func (t *term) line(format string, args ...any) {
	if t.err == nil {
		_, t.err = fmt.Fprintln(t.w, printable(fmt.Sprintf(format, args...)))
	}
}

func (t *term) section(title string, lines []string) {
	if len(lines) == 0 {
		return
	}
	t.line("")
	t.inked(t.ink.title, title+":")
	for _, s := range lines {
		t.line("  %s", s)
	}
}

func (t *term) causes(r *parity.Report) {
	var lines []string
	add := func(head string, c explain.Cause) {
		lines = append(lines, head+causeLine(c))
		for _, e := range evidence(c) {
			lines = append(lines, "    "+e)
		}
		if c.Share != nil {
			lines = append(lines, "    share: "+c.Share.How)
		}
	}
	for _, c := range r.Causes {
		add("", c)
	}
	for _, g := range r.RootGroups() {
		if g.Unexplained() {
			lines = append(lines, groupLine(r, g)+": "+strings.Join(groupNotes(g), "; "))
		}
	}
	for _, c := range r.Notes {
		add("note: ", c)
	}
	if len(r.Causes) == 0 {
		for _, x := range r.RuledOut {
			lines = append(lines, fmt.Sprintf("ruled out: %s: %s", x.ID, x.Why))
		}
	}
	t.section("causes", lines)
}

func (t *term) findings(fs []explain.Finding) {
	var lines []string
	for _, f := range fs {
		lines = append(lines, fmt.Sprintf("%s — %s", f.Pos, f.What))
	}
	t.section("findings", lines)
}

// differences tables the rows that speak against a match.
func (t *term) differences(r *parity.Report) error {
	var rows [][]string
	n := 0
	for i := range r.Rows {
		row := &r.Rows[i]
		if !row.Broken() && row.Gap != diff.Placeholder {
			continue
		}
		if n++; n > maxLines {
			continue
		}
		ref, got := values(row)
		rows = append(rows, []string{component(r, row), ref, got, number(row.Rel), status(row), where(row.Ref), where(row.Got)})
	}
	if n == 0 || t.err != nil {
		return t.err
	}
	t.line("")
	if err := table(t.w, []string{"quantity", "reference", "got", "relative", "status", "at", "at"}, rows, t.ink); err != nil {
		return err
	}
	if n > maxLines {
		t.line("%d more rows differ", n-maxLines)
	}
	if all := r.Counts.Diverged + r.Counts.Lost + r.Counts.Placeholder; all > n {
		t.line("%d more rows differ at pixels that are not listed", all-n)
	}
	return t.err
}

// phi writes how k_frac differs along phi, of pixels in which it does where
// there are many.
func (t *term) phi(r *parity.Report) {
	shown := 0
	for _, p := range r.Phi {
		if len(r.Phi) > maxTables && (!p.Differs() || shown == maxTables) {
			continue
		}
		shown++
		title := "along phi"
		if len(r.Phi) > 1 {
			title += fmt.Sprintf(", pixel %d %d", p.Pixel.Slow, p.Pixel.Fast)
		}
		t.section(title, p.Pattern)
	}
}

// quantities tables what differs, added up over all pixels.
func (t *term) quantities(r *parity.Report) error {
	rows := quantityCells(r, true)
	if len(rows) == 0 || t.err != nil {
		return t.err
	}
	left := max(0, len(rows)-maxLines)
	t.line("")
	if err := table(t.w, quantityHead, rows[:len(rows)-left], t.ink); err != nil {
		return err
	}
	if left > 0 {
		t.line("%d more quantities differ", left)
	}
	return t.err
}

// stages tables how much was compared in each stage of the calculation.
func (t *term) stages(r *parity.Report) error {
	type tally struct {
		matched, diverged, waived, lost, unpaired int
		worst                                     float64
	}
	sum := map[schema.Stage]*tally{}
	var other tally
	for _, q := range r.ByQuantity() {
		into := &other
		if q.Key != schema.None && !r.Foreign() {
			s := r.Schema().Info(q.Key).Stage
			if sum[s] == nil {
				sum[s] = &tally{}
			}
			into = sum[s]
		}
		into.matched += q.Counts.Matched
		into.diverged += q.Counts.Diverged
		into.waived += q.Counts.Waived
		into.unpaired += q.Counts.Unpaired
		into.lost += q.Counts.Lost + q.Counts.Placeholder
		if w := q.WorstRel(); w > into.worst {
			into.worst = w
		}
	}
	cells := func(name string, a *tally) []string {
		return []string{name, fmt.Sprint(a.matched), fmt.Sprint(a.diverged), fmt.Sprint(a.waived), fmt.Sprint(a.lost), fmt.Sprint(a.unpaired), number(a.worst)}
	}
	var rows [][]string
	for _, s := range schema.Stages() {
		if a := sum[s]; a != nil {
			rows = append(rows, cells(s.String(), a))
		}
	}
	if other != (tally{}) {
		name := "notes, unknown keys"
		if r.Foreign() {
			name = "all quantities"
		}
		rows = append(rows, cells(name, &other))
	}
	if len(rows) == 0 || t.err != nil {
		return t.err
	}
	t.line("")
	head := []string{"stage", "matched", "diverged", "waived", "lost", "on one side", "largest difference"}
	if r.Counts.Waived == 0 {
		head = slices.Delete(head, 3, 4)
		for i := range rows {
			rows[i] = slices.Delete(rows[i], 3, 4)
		}
	}
	return table(t.w, head, rows, t.ink)
}

func table(w io.Writer, head []string, rows [][]string, ink inks) error {
	none := tw.CellPadding{Global: tw.Padding{Left: "", Right: "  ", Overwrite: true}}
	left := tw.CellAlignment{Global: tw.AlignLeft}
	tab := tablewriter.NewTable(w,
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders:  tw.BorderNone,
			Settings: tw.Settings{Lines: tw.Lines{ShowHeaderLine: tw.Off, ShowTop: tw.Off, ShowBottom: tw.Off}, Separators: tw.SeparatorsNone},
		})),
		tablewriter.WithConfig(tablewriter.Config{
			Header: tw.CellConfig{Padding: none, Alignment: left, Formatting: tw.CellFormatting{AutoFormat: tw.Off, AutoWrap: tw.WrapNone}},
			Row:    tw.CellConfig{Padding: none, Alignment: left, Formatting: tw.CellFormatting{AutoWrap: tw.WrapNone}},
		}),
	)
	tab.Header(head)
	for _, r := range rows {
		for i := range r {
			r[i] = dyed(ink.cell(head[i], r[i]), printable(r[i]))
		}
		if err := tab.Append(r); err != nil {
			return err
		}
	}
	return tab.Render()
}
