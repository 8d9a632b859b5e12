// Package doc is the document model of every report, and its three renderers.
//
//	report ─ builder ─▶ *Document ─▶ Markdown   a file that forges and editors show
//	                              ├▶ HTML       one page that opens anywhere
//	                              └▶ Terminal   fitted to a number of columns
//
// A builder says what stands in the document, once; a renderer decides how it looks
// and computes nothing. Text of unknown origin, such as a line of a log, is made safe
// by the renderers: a builder hands it over as it is.
//
// Prose turns a plain sentence into Text: names such as F_latt_b, places such as
// c.log:12 and command-line flags become code, so that no sentence needs an escape
// in Markdown.
package doc

import (
	"io"
	"strings"
)

// Document is a report: a title, what stands at its head, and its body.
type Document struct {
	Marker string // a comment that begins the Markdown file and tells whose it is
	Title  Text
	// Badge is the first word of the title where it is a verdict; it colours the
	// head of the page.
	Badge string
	Lead  []Block // the head, together with the title
	Body  []Block
	// Style and Script are what a page of its own kind adds to the HTML.
	Style, Script string
}

// Style says how a span is shown.
type Style uint8

// The styles of a span.
const (
	Plain  Style = iota
	Mono         // a name, a number or a place, in a fixed width
	Strong       // what is to be seen first
	Differ       // digits in which two numbers part
	Soft         // a remark
	Good         // a status, coloured
	Warn
	Bad
)

// Span is a piece of text in one style.
type Span struct {
	Text  string
	Style Style
	// Link is where the span leads to: "#id" for a block of the document, else a
	// file or an address.
	Link string
	// Image is a PNG that a page shows in the place of Text, which describes it.
	Image []byte
}

// Text is a run of spans.
type Text []Span

// Block is one of the kinds below.
type Block interface{ block() }

// Heading begins a section; Level is 2 for the sections of a document. ID is what
// links lead to; headings of level 2 with one are listed in the contents.
type Heading struct {
	Level int
	Text  Text
	ID    string
}

// Paragraph is a sentence or several. Soft ones are remarks.
type Paragraph struct {
	Text Text
	Soft bool
}

// List is a list of points.
type List struct{ Items []Text }

// Column heads a column of a table.
type Column struct {
	Name Text
	// Place marks positions in files, which a narrow terminal shows on a second line.
	Place bool
	// Late marks what goes there as well where that does not help.
	Late bool
	// Wide marks text that may be broken into lines.
	Wide bool
	// Number marks what is shown in a fixed width and not broken.
	Number bool
}

// Row is a row of a table.
type Row struct {
	Cells []Text
	Kind  string // what a filter goes by
	ID    string
	Keys  map[int]string // numbers to sort by, of the columns whose text is none
}

// Table is a table. With a Filter the page has controls above it.
type Table struct {
	ID      string
	Columns []Column
	Rows    []Row
	Sort    bool
	Filter  *Filter
}

// Filter is the choice of rows that a page offers: each kind of row with what it is
// called, and which is shown at first.
type Filter struct {
	Choices []Choice
	First   string
}

// Choice shows the rows of its kinds; without any, all.
type Choice struct {
	Name, Text string
	Kinds      []string
}

// Figure is a picture: the page holds SVG, a Markdown file links to File. Without a
// File only the page shows it. Keys explain the signs; SVG and the signs are trusted.
type Figure struct {
	SVG, File, Alt string
	ID             string
	Keys           []Key
}

// Key explains a sign of a figure.
type Key struct{ SVG, Text string }

// Line is a line of code, with its number in its file; 0 for none.
type Line struct {
	N    int
	Text string
	Hit  bool
	ID   string
}

// Code is text as it stands somewhere: lines of a log, or commands to copy.
type Code struct {
	Lines []Line
	Copy  bool // the page has a button that copies it
}

// Fold is what is shown on demand; a terminal leaves it out, but for its summary.
type Fold struct {
	Summary Text
	Blocks  []Block
}

// Card sets blocks off from others.
type Card struct{ Blocks []Block }

// Columns puts two runs of blocks side by side where there is room.
type Columns struct{ Main, Side []Block }

// Tally adds numbers up before the reader's eyes: the last is the sum of the others.
type Tally struct{ Parts []Count }

// Count is a number of a tally, with what it counts.
type Count struct {
	N    int
	Name string
}

// noun is what is counted: of one, "rows" is "row".
func (c Count) noun() string {
	if c.N == 1 {
		return strings.TrimSuffix(c.Name, "s")
	}
	return c.Name
}

// Raw is HTML for the page alone, as text or by what writes it. It is trusted.
type Raw struct {
	HTML  string
	Write func(w io.Writer) error
}

func (Heading) block()   {}
func (Paragraph) block() {}
func (List) block()      {}
func (Table) block()     {}
func (Figure) block()    {}
func (Code) block()      {}
func (Fold) block()      {}
func (Card) block()      {}
func (Columns) block()   {}
func (Tally) block()     {}
func (Raw) block()       {}

// Of makes text of one style.
func Of(style Style, s string) Text { return Text{{Text: s, Style: style}} }

// Lit is a name, a number or a place as it stands somewhere; "-" for none.
func Lit(s string) Text {
	if s == "" {
		return Of(Plain, "-")
	}
	return Of(Mono, s)
}

// Picture is a small PNG that a page shows, described in words.
func Picture(png []byte, alt string) Text {
	if len(png) == 0 {
		return nil
	}
	return Text{{Text: alt, Image: png}}
}

// To is text that leads somewhere.
func To(link string, t Text) Text {
	out := append(Text(nil), t...)
	for i := range out {
		out[i].Link = link
	}
	return out
}

// Join puts texts behind each other.
func Join(ts ...Text) Text {
	var out Text
	for _, t := range ts {
		out = append(out, t...)
	}
	return out
}

// Strings are the texts of plain sentences.
func Strings(list []string) []Text {
	var out []Text
	for _, s := range list {
		out = append(out, Prose(s))
	}
	return out
}

// String is the text without its styles.
func (t Text) String() string {
	s := ""
	for _, x := range t {
		s += x.Text
	}
	return s
}

// Names heads columns of plain words.
func Names(names ...string) []Column {
	var out []Column
	for _, n := range names {
		out = append(out, Column{Name: Of(Plain, n)})
	}
	return out
}

// Cells is a row of texts.
func Cells(cells ...Text) Row { return Row{Cells: cells} }
