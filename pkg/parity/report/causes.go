package report

import (
	"fmt"
	"math"
	"strings"

	"simtrace/internal/digits"
	"simtrace/internal/doc"
	"simtrace/pkg/parity"
	"simtrace/pkg/parity/diff"
	"simtrace/pkg/parity/explain"
)

// first shows the first divergence; parts asks for all components of it.
func (b *builder) first(parts bool) []doc.Block {
	row := b.r.FirstRow()
	if row == nil {
		return nil
	}
	what := b.upper(row.Note) + "."
	switch {
	case row.Diverged() && math.IsNaN(row.Abs):
		what = fmt.Sprintf("Not equal, and no difference of numbers: %s.", row.Status)
	case row.Diverged():
		what = fmt.Sprintf("Difference %s, relative %s: %s.", signed(row.Abs), number(row.Rel), row.Status)
	}
	t := doc.Table{ID: "parts", Columns: []doc.Column{{Name: doc.Of(doc.Plain, "side")}, {Name: doc.Of(doc.Plain, "where")}, {Name: doc.Of(doc.Plain, "value"), Number: true}}}
	if parts {
		t = b.parts(row)
	} else {
		ref, got := digits.SetOff(values(row))
		for i, side := range []struct {
			d   digits.Parts
			rec doc.Text
		}{{ref, where(row.Ref)}, {got, where(row.Got)}} {
			value := digitsText(side.d)
			if row.Component != "" && row.Diverged() {
				value = doc.Join(doc.Of(doc.Mono, part(row, row.Component)), doc.Of(doc.Plain, " = "), value)
			}
			t.Rows = append(t.Rows, doc.Cells(doc.Of(doc.Plain, b.names[i]), side.rec, value))
		}
	}
	out := section("first", "First divergence", doc.Paragraph{Text: doc.Join(doc.To(b.rowLink(row), doc.Lit(b.r.Label(row))), doc.Of(doc.Plain, atStep(row)+", "+b.order()+"."))},
		t, paragraph(what))
	if parts && row.Diverged() {
		out = append(out, soft("Digits that differ are underlined."))
	}
	return out
}

// order says how the rows follow each other.
func (b *builder) order() string {
	if b.r.Schema().Related() {
		return "in causal order"
	}
	return "in the order of the logs"
}

// parts tables all components of a row.
func (b *builder) parts(row *diff.Row) doc.Table {
	t := doc.Table{ID: "parts", Columns: []doc.Column{{}, {Name: doc.Join(doc.Of(doc.Plain, b.names[0]+" "), where(row.Ref)), Number: true},
		{Name: doc.Join(doc.Of(doc.Plain, b.names[1]+" "), where(row.Got)), Number: true}, {Name: doc.Of(doc.Plain, "difference"), Number: true}}}
	if !row.Diverged() || len(row.Ref.Values) == 0 || len(row.Got.Values) == 0 {
		ref, got := digits.Parts{Same: whole(row.Ref)}, digits.Parts{Same: whole(row.Got)}
		if row.Diverged() {
			ref, got = digits.SetOff(ref.Same, got.Same)
		}
		t.Rows = []doc.Row{doc.Cells(nil, digitsText(ref), digitsText(got), doc.Of(doc.Plain, "-"))}
		return t
	}
	for _, c := range row.Components() {
		ref, got := digits.SetOff(c.Ref.Text, c.Got.Text)
		t.Rows = append(t.Rows, doc.Cells(doc.Of(doc.Plain, part(row, c.Name)), digitsText(ref), digitsText(got), doc.Of(doc.Plain, signed(c.Got.Num-c.Ref.Num))))
	}
	return t
}

// rowLink leads to a row of the table of all rows.
func (b *builder) rowLink(row *diff.Row) string {
	for i := range b.r.Rows {
		if &b.r.Rows[i] == row {
			return rowID(i)
		}
	}
	return ""
}

func rowID(i int) string { return fmt.Sprintf("#row-%d", i) }

func (b *builder) roots() []doc.Block {
	if len(b.r.Roots) == 0 {
		return nil
	}
	// Neighbours of which the same is known, such as three axes of a cell, share a line.
	var names, notes []string
	for _, g := range b.r.RootGroups() {
		name, note := groupLine(b.r, g), strings.Join(groupNotes(g), "; ")
		if n := len(notes) - 1; n >= 0 && notes[n] == note {
			names[n] += "; " + name
			continue
		}
		names, notes = append(names, name), append(notes, note)
	}
	var items []doc.Text
	for i := range names {
		items = append(items, b.prose(names[i]+": "+notes[i]))
	}
	return []doc.Block{paragraph("Roots, the divergences that follow from no other:"), doc.List{Items: items}}
}

// causes are the causes with their evidence, what is not explained, and what was
// ruled out.
func (b *builder) causes() []doc.Block {
	if b.r.Verdict != parity.Diverged && len(b.r.Notes) == 0 {
		return nil
	}
	out := section("causes", "Causes")
	for i, c := range b.r.Causes {
		out = append(out, b.cause(fmt.Sprintf("%d. %s", i+1, c.ID), c))
	}
	if len(b.r.Causes) == 0 {
		out = append(out, paragraph("No known cause."))
	}
	var lines []string
	for _, g := range b.r.RootGroups() {
		if g.Unexplained() {
			lines = append(lines, groupLine(b.r, g))
		}
	}
	if len(lines) > 0 && len(b.r.Causes) > 0 {
		out = append(out, paragraph("Not explained:"), doc.List{Items: doc.Strings(lines)})
	}
	for _, c := range b.r.Notes {
		out = append(out, b.cause("Note: "+c.ID, c))
	}
	if n := len(b.r.RuledOut); n > 0 {
		out = append(out, doc.Fold{Summary: doc.Of(doc.Plain, fmt.Sprintf("Ruled out: %s, and why", doc.Plural(n, "cause"))), Blocks: []doc.Block{doc.List{Items: b.ruledOut()}}})
	}
	return out
}

func (b *builder) ruledOut() []doc.Text {
	var out []doc.Text
	for _, x := range b.r.RuledOut {
		out = append(out, doc.Join(doc.Of(doc.Strong, x.ID), doc.Prose(": "+x.Why)))
	}
	return out
}

func (b *builder) cause(head string, c explain.Cause) doc.Block {
	line := doc.Of(doc.Strong, "")
	for _, x := range doc.Prose(b.upper(c.Title) + ".") {
		if x.Style == doc.Plain {
			x.Style = doc.Strong
		}
		line = append(line, x)
	}
	if n := checked(c); n != "" {
		line = append(line, doc.Span{Text: " " + doc.Upper(n) + "."})
	}
	if held := calibrated(c); held != "" {
		line = append(line, doc.Span{Text: " " + doc.Upper(held) + "."})
	}
	card := doc.Card{Blocks: []doc.Block{doc.Heading{Level: 3, Text: doc.Of(doc.Plain, head)}, doc.Paragraph{Text: line[1:]}}}
	if c.Share != nil {
		kind := "Share: "
		if c.Share.Rest {
			kind = "Share, as what is left: "
		}
		card.Blocks = append(card.Blocks, doc.Paragraph{Text: doc.Join(doc.Of(doc.Plain, kind), doc.Of(doc.Strong, share(c.Share)), doc.Prose(". "+b.upper(c.Share.How)+"."))})
	}
	if e := evidence(c, b.upper); len(e) > 0 {
		card.Blocks = append(card.Blocks, doc.List{Items: doc.Strings(e)})
	}
	return card
}

// quietCauses are the causes for a terminal: what was ruled out is counted there.
func (b *builder) quietCauses() []doc.Block {
	var out []doc.Block
	add := func(head string, c explain.Cause) {
		lines := evidence(c, b.upper)
		if c.Share != nil {
			lines = append(lines, "Share: "+c.Share.How+".")
		}
		card := doc.Card{Blocks: []doc.Block{doc.Heading{Level: 3, Text: doc.Prose(head + causeLine(c))}}}
		if len(lines) > 0 {
			card.Blocks = append(card.Blocks, doc.List{Items: doc.Strings(lines)})
		}
		out = append(out, card)
	}
	for _, c := range b.r.Causes {
		add("", c)
	}
	var unexplained []string
	for _, g := range b.r.RootGroups() {
		if g.Unexplained() {
			unexplained = append(unexplained, groupLine(b.r, g)+": "+strings.Join(groupNotes(g), "; "))
		}
	}
	if len(unexplained) > 0 {
		out = append(out, doc.List{Items: doc.Strings(unexplained)})
	}
	for _, c := range b.r.Notes {
		add("note: ", c)
	}
	if n := len(b.r.RuledOut); n > 0 && len(b.r.Causes) == 0 {
		out = append(out, soft(doc.Plural(n, "known cause")+" ruled out; --out FILE.md writes each with its reason."))
	}
	if len(out) == 0 {
		return nil
	}
	return append(section("", "Causes"), out...)
}

// digitsText is a number with the digits set off in which it parts from the other.
func digitsText(d digits.Parts) doc.Text {
	if d.Same+d.Rest == "" {
		return doc.Of(doc.Plain, "-")
	}
	var out doc.Text
	if d.Same != "" {
		out = append(out, doc.Span{Text: d.Same, Style: doc.Mono})
	}
	if d.Rest != "" {
		out = append(out, doc.Span{Text: d.Rest, Style: doc.Differ})
	}
	return out
}

// toleranceLine says what passes, how large the largest difference is, and whether a
// slightly larger tolerance would do.
func toleranceLine(r *parity.Report) string {
	s := fmt.Sprintf("Tolerance %g (relative).", r.Tolerance)
	worst := r.Worst()
	if worst == nil {
		return s
	}
	s += fmt.Sprintf(" Largest difference: %s, in %s%s.", relative(worst.Rel), component(r, worst), atStep(worst))
	if !math.IsNaN(r.Smallest) && r.Smallest <= 1e-3 {
		s += fmt.Sprintf(" All rows pass with --tolerance %.3g", r.Smallest)
		if len(brokenRules(r)) > 0 {
			s += " but those with a rule of their own"
		}
		s += "."
	}
	return s
}
