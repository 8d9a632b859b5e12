package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"simtrace/internal/digits"
	"simtrace/internal/doc"
	"simtrace/pkg/parity"
	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// maxExcerpt is how much of a line or record is shown, in characters.
const maxExcerpt = 240

// rowColumns head the table of rows.
func (b *builder) rowColumns() []doc.Column {
	return []doc.Column{{Name: doc.Of(doc.Plain, "quantity"), Wide: true}, {Name: doc.Of(doc.Plain, b.names[0]), Number: true}, {Name: doc.Of(doc.Plain, b.names[1]), Number: true},
		{Name: doc.Of(doc.Plain, "difference"), Number: true}, {Name: doc.Of(doc.Plain, "relative"), Number: true}, {Name: doc.Of(doc.Plain, "status")},
		{Name: doc.Of(doc.Plain, "where"), Place: true}}
}

const rowsNote = ". Of a vector, the component that differs most; a relative difference is of the larger magnitude, for vectors of the larger norm."

func (b *builder) rowsTitle() string {
	if b.r.Summary != nil {
		return someRows(b.r)
	}
	return "All rows compared"
}

// row is a row of the report in a table.
func (b *builder) row(i int) doc.Row {
	row := &b.r.Rows[i]
	ref, got := digits.SetOffBoth(cellTexts(row))
	state := statusText(row)
	if note := remark(row); note != "" {
		state = append(append(state, doc.Span{Text: " "}), softly(doc.Prose(note))...)
	}
	place := doc.Join(where(row.Ref), doc.Of(doc.Plain, "\n"), where(row.Got))
	kind, _, _ := look(row)
	return doc.Row{ID: rowID(i)[1:], Kind: kind, Keys: map[int]string{0: fmt.Sprint(i), 3: sortable(math.Abs(row.Abs)), 4: sortable(row.Rel)},
		Cells: []doc.Text{doc.Lit(component(b.r, row)), digitsText(ref), digitsText(got), doc.Of(doc.Plain, signed(row.Abs)), doc.Of(doc.Plain, number(row.Rel)), state, place}}
}

func softly(t doc.Text) doc.Text {
	for i := range t {
		if t[i].Style == doc.Plain {
			t[i].Style = doc.Soft
		}
	}
	return t
}

// table lists every row that was compared, and every lost record.
func (b *builder) table() []doc.Block {
	t := doc.Table{Columns: b.rowColumns()}
	left := 0
	for i := range b.r.Rows {
		switch {
		case b.r.Rows[i].Gap == diff.Unpaired:
		case len(t.Rows) == maxRows:
			left++
		default:
			t.Rows = append(t.Rows, b.row(i))
		}
	}
	out := section("rows", b.rowsTitle(), paragraph(doc.Upper(b.order())+rowsNote), t)
	if left > 0 {
		out = append(out, paragraph(fmt.Sprintf("%d more rows are in metrics.json.", left)))
	}
	return out
}

// rows is the table of a page, with controls.
func (b *builder) rows() []doc.Block {
	f := &doc.Filter{Choices: []doc.Choice{{Name: "all", Text: "all"}, {Name: "compared", Text: "what was compared", Kinds: []string{"ok", "bad", "lost", "waived", "placeholder"}},
		{Name: "bad", Text: "what differs", Kinds: []string{"bad", "lost"}}, {Name: "missing", Text: "what is missing", Kinds: []string{"unpaired", "placeholder", "lost"}},
		{Name: "waived", Text: "what is waived", Kinds: []string{"waived"}}, {Name: "ok", Text: "what agrees", Kinds: []string{"ok"}}}, First: "all"}
	if b.r.Counts.Total > b.r.Counts.Unpaired {
		f.First = "compared"
	}
	show := pickRows(b.r)
	t := doc.Table{ID: "rows", Columns: b.rowColumns(), Sort: true, Filter: f}
	for _, i := range show {
		t.Rows = append(t.Rows, b.row(i))
	}
	out := section("all", b.rowsTitle(), soft(doc.Upper(b.order())+rowsNote), t)
	if left := len(b.r.Rows) - len(show); left > 0 {
		out = append(out, soft(fmt.Sprintf("%d more rows are left out, those that agree or that only one log prints before those that differ; metrics.json has them all.", left)))
	}
	return out
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

// missing lists what only one log prints, folded away.
func (b *builder) missing() []doc.Block {
	if b.r.Counts.Unpaired == 0 {
		return nil
	}
	f := doc.Fold{Summary: doc.Of(doc.Plain, fmt.Sprintf("%d records that only one log prints", b.r.Counts.Unpaired))}
	if b.r.Summary != nil {
		f.Blocks = append(f.Blocks, paragraph("These are of the setup and of the "+b.r.Unit()+"s that are listed; the table by quantity has the others."))
	}
	t, n := doc.Table{Columns: doc.Names("record", "where", "why")}, 0
	for i := range b.r.Rows {
		row := &b.r.Rows[i]
		if row.Gap != diff.Unpaired {
			continue
		}
		if n++; n > maxRows {
			continue
		}
		rec := row.Ref
		if rec == nil {
			rec = row.Got
		}
		t.Rows = append(t.Rows, doc.Cells(doc.Lit(b.r.Label(row)), where(rec), doc.Prose(row.Note)))
	}
	f.Blocks = append(f.Blocks, t)
	if n > maxRows {
		f.Blocks = append(f.Blocks, paragraph(fmt.Sprintf("%d more records are in metrics.json.", n-maxRows)))
	}
	return []doc.Block{f}
}

func (b *builder) counts() []doc.Block {
	c := b.r.Counts
	t := doc.Table{Columns: doc.Names("matched", "diverged", "missing", "waived", "total", "unparsed lines")}
	t.Rows = []doc.Row{doc.Cells(number0(c.Matched), number0(c.Diverged), number0(c.Missing), number0(c.Waived), number0(c.Total), number0(c.Unparsed))}
	return append(section("counts", "Counts", t), paragraph(strings.TrimSpace(missingLine(b.r)+" "+toleranceLine(b.r))))
}

// differences tables the rows that speak against a match, their numbers cut to the
// digits that differ.
func (b *builder) differences() []doc.Block {
	words := false // some cell holds more than a number
	for i := range b.r.Rows {
		ref, got := values(&b.r.Rows[i])
		words = words || b.r.Rows[i].Broken() && max(len(ref), len(got)) > 24
	}
	t := doc.Table{Columns: []doc.Column{{Name: doc.Of(doc.Plain, "quantity"), Wide: true}, {Name: doc.Of(doc.Plain, b.names[0]), Wide: words}, {Name: doc.Of(doc.Plain, b.names[1]), Wide: words},
		{Name: doc.Of(doc.Plain, "relative"), Number: true}, {Name: doc.Of(doc.Plain, "status"), Late: true}, {Name: doc.Of(doc.Plain, "at"), Place: true}, {Name: doc.Of(doc.Plain, "and at"), Place: true}}}
	n := 0
	for i := range b.r.Rows {
		row := &b.r.Rows[i]
		if !row.Broken() && row.Gap != diff.Placeholder {
			continue
		}
		if n++; n > maxLines {
			continue
		}
		ref, got := digits.Cut(values(row))
		_, style, _ := look(row)
		t.Rows = append(t.Rows, doc.Cells(doc.Of(doc.Mono, component(b.r, row)), doc.Lit(ref), doc.Lit(got), doc.Of(doc.Plain, number(row.Rel)), doc.Of(style, status(row)), where(row.Ref), where(row.Got)))
	}
	if n == 0 {
		return nil
	}
	out := section("", "What differs", t)
	if n > maxLines {
		out = append(out, paragraph(moreDiffer(n-maxLines)+"."))
	}
	if all := b.r.Counts.Diverged + b.r.Counts.Lost + b.r.Counts.Placeholder; all > n {
		at := " at " + b.r.Unit() + "s that are not listed"
		if b.r.Coverage.Common == 1 {
			at = " and are not listed"
		}
		out = append(out, paragraph(fmt.Sprintf("%s%s.", moreDiffer(all-n), at)))
	}
	return out
}

func moreDiffer(n int) string {
	if n == 1 {
		return "1 more row differs"
	}
	return fmt.Sprintf("%d more rows differ", n)
}

// stages tables how much was compared in each stage of the calculation.
func (b *builder) stages() []doc.Block {
	type sum struct {
		counts parity.Counts
		worst  float64
	}
	sums := map[schema.Stage]*sum{}
	var other sum
	for _, q := range b.r.ByQuantity() {
		into := &other
		if q.Key != schema.None && !b.r.Foreign() {
			s := b.r.Schema().Info(q.Key).Stage
			if sums[s] == nil {
				sums[s] = &sum{}
			}
			into = sums[s]
		}
		into.counts.Matched += q.Counts.Matched
		into.counts.Diverged += q.Counts.Diverged
		into.counts.Waived += q.Counts.Waived
		into.counts.Unpaired += q.Counts.Unpaired
		into.counts.Lost += q.Counts.Lost + q.Counts.Placeholder
		if w := q.WorstRel(); w > into.worst {
			into.worst = w
		}
	}
	t := doc.Table{Columns: doc.Names("stage", "matched", "diverged", "waived", "lost", "on one side", "largest difference")}
	add := func(name string, s *sum) {
		c := s.counts
		t.Rows = append(t.Rows, doc.Cells(doc.Of(doc.Plain, name), number0(c.Matched), colored(doc.Bad, c.Diverged), colored(doc.Warn, c.Waived), colored(doc.Warn, c.Lost), number0(c.Unpaired), doc.Of(doc.Plain, number(s.worst))))
	}
	for _, s := range schema.Stages() {
		if sums[s] != nil {
			add(s.String(), sums[s])
		}
	}
	if other != (sum{}) {
		name := "notes, unknown keys"
		if b.r.Foreign() {
			name = "all quantities"
		}
		add(name, &other)
	}
	if len(t.Rows) == 0 {
		return nil
	}
	if b.r.Counts.Waived == 0 {
		t.Columns = slices.Delete(t.Columns, 3, 4)
		for i := range t.Rows {
			t.Rows[i].Cells = slices.Delete(t.Rows[i].Cells, 3, 4)
		}
	}
	return section("", "By stage", t)
}

// colored is a count of what differs.
func colored(style doc.Style, n int) doc.Text {
	if n == 0 {
		style = doc.Plain
	}
	return doc.Of(style, fmt.Sprint(n))
}

// cellTexts returns what a row's cells show: the numbers of the component that
// differs most, or all of a record without a partner, three to a line.
func cellTexts(row *diff.Row) (ref, got string) {
	if a, b, ok := row.Pair(); ok {
		return a.Text, b.Text
	}
	return inLines(row.Ref), inLines(row.Got)
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

// cutText shortens a line at its end.
func cutText(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
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
func look(row *diff.Row) (kind string, style doc.Style, sign string) {
	switch {
	case row.Gap == diff.Lost:
		return "lost", doc.Bad, "✗"
	case row.Status == diff.Minor:
		return "bad", doc.Warn, "≠"
	case row.Diverged():
		return "bad", doc.Bad, "≠"
	case isWaived(row):
		return "waived", doc.Warn, "△"
	case row.Gap == diff.Placeholder:
		return "placeholder", doc.Warn, "?"
	case row.Status == diff.Missing:
		return "unpaired", doc.Warn, "–"
	}
	return "ok", doc.Good, "✓"
}
