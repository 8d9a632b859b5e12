package report

import (
	"fmt"
	"io"
	"strings"

	"simtrace/internal/doc"
	"simtrace/pkg/parity"
	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
)

// MarkdownMarker is how every summary begins; it tells a summary written by
// this package from somebody else's file.
const MarkdownMarker = "<!-- tracecmp summary -->"

// HTMLMarker stands at the head of every page; see MarkdownMarker.
const HTMLMarker = doc.HTMLMarker

// The bounds of a document. What is left out is said, and metrics.json has it.
const (
	maxRows   = 2000 // rows of the full table
	maxTables = 12   // phi tables, one a pixel; beyond, only those that differ are shown
	maxLines  = 40   // rows of a table on a terminal
	// maxPatterns is how many pixels a terminal shows along phi.
	maxPatterns = 3
)

// Options say what a document shows beside the report.
type Options struct {
	// Names are what the sides are called; "" means as their logs.
	Names [2]string
	// Picture and Growth are files beside a summary, the pictures of the phi scan
	// and of how differences grow; "" for none.
	Picture, Growth string
	// Excerpt returns lines of a log around a position: up to around lines
	// before it, the line itself and up to around lines behind, and the number
	// of the first. Nil, or an error, leaves a sentence in their place.
	Excerpt func(at trace.Pos, around int) (lines []string, first int, err error)
	// Path is where the file of a position is, for a terminal and for other programs;
	// nil prints the position as it is.
	Path func(at trace.Pos) string
	// Made are the profiles with which simtrace made the logs, "" for another program's.
	Made [2]string
}

// Markdown writes the report for people: the verdict first, then where the
// logs part and why, then everything else.
func Markdown(w io.Writer, r *parity.Report, opt Options) error {
	opt.Path = nil // it may be read elsewhere
	b := newBuilder(r, opt)
	d := b.begin()
	d.Lead = b.join(b.reasons(true), b.tally(), b.sides())
	d.Body = b.join(b.summary(), b.waivers(), b.first(false), b.roots(), b.growth(), b.causes(), b.findings(), b.phi(false),
		b.table(), b.missing(), b.counts(), b.problems(), b.residue(), b.next(), b.reproduce())
	return doc.Markdown(w, d)
}

// HTML writes the report as one page that needs nothing else: no network, no
// other file, and no JavaScript but to sort, filter and copy. The same report gives
// the same bytes.
func HTML(w io.Writer, r *parity.Report, opt Options) error {
	opt.Path = nil // places lead to lines of the page
	b := newBuilder(r, opt)
	d := b.begin()
	d.Lead = b.join(b.reasons(true), b.tally(), b.fine())
	main := b.join(b.first(true), b.roots(), b.causes(), b.findings(), b.next(), b.excerpts())
	graph := b.graph()
	body := append(main, graph...)
	if b.r.FirstRow() != nil && len(graph) > 0 {
		body = []doc.Block{doc.Columns{Main: main, Side: graph}} // a graph is long, and so is what is said of a divergence
	}
	d.Body = b.join(b.sides(), b.summary(), b.residue(), b.waivers(), body, b.growth(), b.phi(true), b.rows(), b.problems(), b.reproduce())
	return doc.HTML(w, d)
}

// Terminal writes the report for a terminal: verdict, causes, findings and a
// table of what differs.
func Terminal(w io.Writer, r *parity.Report, opt Options, s doc.Screen) error {
	b := newBuilder(r, opt)
	d := b.begin()
	d.Lead = b.join(b.reasons(false), b.tally(), b.fine())
	d.Body = b.join(b.quietSummary(), b.waiverList(), b.residue(), b.quietCauses(), b.growth(), b.findings(), b.patterns(), b.differences(),
		b.quantities(), b.ruleLines(), b.stages(), b.next(), b.reproduce())
	return doc.Terminal(w, d, s)
}

// builder makes documents of a report whose sides are called by name.
type builder struct {
	r     *parity.Report
	opt   Options
	names [2]string
}

func newBuilder(r *parity.Report, opt Options) *builder {
	names := sideNames(r, opt.Names)
	return &builder{named(r, names), opt, names}
}

func (b *builder) begin() *doc.Document {
	return &doc.Document{Marker: MarkdownMarker, Title: b.prose(headline(b.r)), Badge: string(b.r.Verdict)}
}

// prose is a sentence in which the first row's name is one, also where it has blanks.
func (b *builder) prose(s string) doc.Text {
	if row := b.r.FirstRow(); row != nil && strings.Contains(b.r.Label(row), " ") {
		if before, after, found := strings.Cut(s, b.r.Label(row)); found {
			return doc.Join(doc.Prose(before), doc.Lit(b.r.Label(row)), doc.Prose(after))
		}
	}
	return doc.Prose(s)
}

func (b *builder) join(parts ...[]doc.Block) []doc.Block {
	var out []doc.Block
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

// section is a heading with what stands below; nothing where that is nothing.
func section(id, title string, blocks ...doc.Block) []doc.Block {
	return append([]doc.Block{doc.Heading{Level: 2, ID: id, Text: doc.Prose(title)}}, blocks...)
}

// listed is a section of sentences.
func listed(id, title string, lines []string) []doc.Block {
	if len(lines) == 0 {
		return nil
	}
	return section(id, title, doc.List{Items: doc.Strings(lines)})
}

func paragraph(s string) doc.Block { return doc.Paragraph{Text: doc.Prose(s)} }
func soft(s string) doc.Block      { return doc.Paragraph{Text: doc.Prose(s), Soft: true} }

// reasons are those that the first line does not say, and the causes in short.
func (b *builder) reasons(causes bool) []doc.Block {
	var items []doc.Text
	for _, s := range otherReasons(b.r) {
		items = append(items, doc.Prose(s))
	}
	if causes {
		for _, c := range b.r.CausesByShare() {
			items = append(items, doc.Join(doc.Of(doc.Strong, "Cause:"), doc.Prose(" "+causeLine(c))))
		}
	}
	if len(items) == 0 {
		return nil
	}
	return []doc.Block{doc.List{Items: items}}
}

// tally adds the rows up before the reader's eyes.
func (b *builder) tally() []doc.Block {
	c := b.r.Counts
	return []doc.Block{doc.Tally{Parts: []doc.Count{{N: c.Matched, Name: "matched"}, {N: c.Diverged, Name: "diverged"}, {N: c.Missing, Name: "missing"},
		{N: c.Waived, Name: "waived"}, {N: c.Total, Name: "rows"}}}}
}

// fine is the small print of the verdict.
func (b *builder) fine() []doc.Block {
	var out []doc.Block
	for _, s := range []string{missingLine(b.r), toleranceLine(b.r), unparsedLine(b.r.Counts)} {
		if s != "" {
			out = append(out, soft(s))
		}
	}
	return out
}

// sides says what was compared with what.
func (b *builder) sides() []doc.Block {
	t := doc.Table{ID: "sides", Columns: []doc.Column{{Name: doc.Of(doc.Plain, "side")}, {Name: doc.Of(doc.Plain, "log"), Wide: true}, {Name: doc.Of(doc.Plain, "lines"), Number: true},
		{Name: doc.Of(doc.Plain, "records"), Number: true}}}
	traced := len(b.r.Ref.Pixels)+len(b.r.Got.Pixels) > 0
	if traced {
		t.Columns = append(t.Columns, doc.Names("pixel (slow fast)")...)
	}
	for i, in := range []parity.Input{b.r.Ref, b.r.Got} {
		role := b.names[i] + []string{", the reference", ""}[i]
		cells := []doc.Text{doc.Of(doc.Plain, role), doc.Lit(in.Path), number0(in.Lines), number0(in.Records)}
		if traced {
			cells = append(cells, doc.Of(doc.Plain, pixels(&in)))
		}
		t.Rows = append(t.Rows, doc.Cells(cells...))
	}
	return []doc.Block{t}
}

func number0(n int) doc.Text { return doc.Of(doc.Plain, fmt.Sprint(n)) }

func pixels(in *parity.Input) string {
	if len(in.Pixels) == 0 {
		return "not named"
	}
	s := fmt.Sprintf("%d %d", in.Pixels[0].Slow, in.Pixels[0].Fast)
	if n := in.NumPixels(); n > 1 {
		s += fmt.Sprintf(" and %d more", n-1)
	}
	return s
}

// summary says what is not listed row by row, and adds it up.
func (b *builder) summary() []doc.Block {
	if b.r.Summary == nil {
		return nil
	}
	return append(listed("units", doc.Upper(byUnit(b.r)), summaryLines(b.r, b.names)),
		doc.Fold{Summary: doc.Of(doc.Plain, "All rows, added up by quantity"), Blocks: []doc.Block{quantityTable(b.r, false)}})
}

func (b *builder) quietSummary() []doc.Block {
	return listed("", doc.Upper(byUnit(b.r)), summaryLines(b.r, b.names))
}

// quantities are those that differ, added up over all pixels.
func (b *builder) quantities() []doc.Block {
	t := quantityTable(b.r, true)
	if len(t.Rows) == 0 {
		return nil
	}
	left := max(0, len(t.Rows)-maxLines)
	t.Rows = t.Rows[:len(t.Rows)-left]
	out := section("", "By quantity", t)
	if left > 0 {
		out = append(out, paragraph(fmt.Sprintf("%d more quantities differ.", left)))
	}
	return out
}

func (b *builder) residue() []doc.Block {
	return listed("settings", "The runs are set differently", b.r.Residue)
}

// problems are lines that could not be read.
func (b *builder) problems() []doc.Block {
	if len(b.r.Problems) == 0 {
		return nil
	}
	var items []doc.Text
	for i, p := range b.r.Problems {
		if i == maxRows {
			items = append(items, doc.Prose(fmt.Sprintf("%d more are in metrics.json", len(b.r.Problems)-i)))
			break
		}
		items = append(items, doc.Join(doc.Lit(p.Pos.String()), doc.Prose(": "+p.Why+": "), doc.Lit(p.Text)))
	}
	return section("problems", "Problems in the logs", doc.List{Items: items})
}

func (b *builder) findings() []doc.Block {
	var items []doc.Text
	for _, f := range b.r.Findings {
		items = append(items, doc.Join(b.at(f.Pos), doc.Prose(" "+f.What)))
	}
	if len(items) == 0 {
		return nil
	}
	return section("findings", "Findings", doc.List{Items: items})
}

// at is a position as editors and problem matchers read it: a path from here, and
// a colon behind the line; then the line of the program's source where it is known.
func (b *builder) at(p trace.Pos) doc.Text {
	path := p.File
	if b.opt.Path != nil {
		path = b.opt.Path(p)
	}
	at := doc.Join(doc.Lit(fmt.Sprintf("%s:%d", path, p.Line)), doc.Of(doc.Plain, ":"))
	if p.Source == "" {
		return at
	}
	return doc.Join(at, doc.Of(doc.Plain, " "), doc.Lit(p.Source), doc.Of(doc.Plain, ":"))
}

// where is a record's place; "-" for no record.
func where(rec *trace.Record) doc.Text { return doc.Lit(position(rec)) }

func position(rec *trace.Record) string {
	if rec == nil {
		return ""
	}
	return rec.Pos().String()
}

// statusText is a row's status with its colour.
func statusText(row *diff.Row) doc.Text {
	_, style, sign := look(row)
	return doc.Of(style, sign+" "+status(row))
}
