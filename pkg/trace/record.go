package trace

import (
	"fmt"
	"strings"

	"simtrace/pkg/trace/schema"
)

// Stream is the kind of line a record came from. Records are aligned within a
// stream only: k_frac of a per-phi row never meets a line of the pixel block.
// Whether a quantity of the schema belongs to the setup or to the pixel follows
// from the schema; ports print either in the form of the other.
type Stream uint8

const (
	// SetupStream holds the "TRACE_C:key=value" lines printed before any pixel.
	SetupStream Stream = iota
	// PixelStream holds the "TRACE_C: key value" lines of a pixel.
	PixelStream
	// PhiStream holds the columns of the "TRACE_C_PHI phi_tic=..." rows.
	PhiStream
	// TricubicStream holds the neighbourhood of an interpolation.
	TricubicStream
	// SourceStream holds the "TRACE_PY_SOURCE n: key value" lines.
	SourceStream
	// TapStream holds the "TRACE_C_TAP5: key value" lines and their like: every
	// suffix of a tag that no other stream claims.
	TapStream
	// NoteStream holds free "TRACE: ..." lines: headings and indented vectors.
	NoteStream
)

var streamNames = [...]string{"setup", "pixel", "phi", "tricubic", "source", "tap", "note"}

// String returns the name of the stream.
func (s Stream) String() string { return streamNames[s] }

// Pos is where a record stands.
type Pos struct {
	File string // as given by the caller, "-" for standard input
	Line int    // from 1
	// Source is the line of the program that the record is of, where the log says so
	// with "at": "main.c:12"; else "".
	Source string
}

// String returns "file:line", the form editors jump to, and the source's line in
// brackets behind it where it is known.
func (p Pos) String() string {
	if p.Source != "" {
		return fmt.Sprintf("%s:%d (%s)", p.File, p.Line, p.Source)
	}
	return fmt.Sprintf("%s:%d", p.File, p.Line)
}

// Value is one number of a record with the text it was read from: its digits
// tell the precision it was printed with.
type Value struct {
	Name string // of a sub-key ("rotx:0"), or ""
	Num  float64
	Text string // as printed, or as it will be printed
}

// Kind is what records of a log have in common that are printed alike. It is shared, and
// not to be changed.
type Kind struct {
	File   string // the log, as given by the caller, "-" for standard input
	Source string // the line of the program, see Pos
	Tag    string // the line's prefix, "TRACE_C" or "TRACE_PY_PHI"
	Stream Stream
	Key    schema.Key // schema.None for a quantity that the schema does not know
	Name   string     // the key as printed; in NoteStream "section / label"
	Symbol *Symbol    // what the name stands for in the table that the reader was given; nil for a record that was not read
}

// Record is one traced quantity of one log.
type Record struct {
	*Kind
	Line   int // in the log, from 1
	At     schema.Coord
	Occur  int     // how often this quantity came before at this place of its block, see Number
	Values []Value // the numbers, sub-keys and matrices flattened in print order
	Text   string  // what stood there, where it is no number (convention=MOSFLM, NOT_EXTRACTED); the unit behind the numbers; in NoteStream the whole line
}

// Problem is a line that looks like a trace and could not be read, or a sign
// that the log is not whole. Problems are data: they are counted and listed,
// and never end a comparison.
type Problem struct {
	Pos  Pos
	Kind ProblemKind
	Text string // the line, shortened to at most 200 bytes
	Why  string
}

// ProblemKind classifies a Problem.
type ProblemKind uint8

const (
	// Unparsed is a trace line whose value cannot be read.
	Unparsed ProblemKind = iota
	// Truncated is a log that ends in the middle of a line or number.
	Truncated
	// Traceback is a crash report of the program that wrote the log.
	Traceback
)

// MaxProblems is how many problems of a kind a Reader lists; it counts the rest.
const MaxProblems = 10000

// ProblemCounts holds a number for each ProblemKind.
type ProblemCounts [Traceback + 1]int

var problemNames = [...]string{"unparsed", "truncated", "traceback"}

// String returns the name of the kind.
func (k ProblemKind) String() string { return problemNames[k] }

// Pos is where the record stands.
func (r *Record) Pos() Pos { return Pos{r.File, r.Line, r.Source} }

// SameLine tells whether two records stand on one line.
func (r *Record) SameLine(o *Record) bool {
	return r.Line == o.Line && (r.Kind == o.Kind || r.File == o.File && r.Source == o.Source)
}

// MoveTo makes a record one of another file, without changing others like it.
func (r *Record) MoveTo(file string, line int) {
	k := *r.Kind
	k.File = file
	r.Kind, r.Line = &k, line
}

// Clone returns a copy of the record that keeps nothing of the memory of a
// reader.
func (r *Record) Clone() *Record {
	c := *r
	c.Values = append([]Value(nil), r.Values...)
	for i := range c.Values {
		c.Values[i].Text = strings.Clone(c.Values[i].Text)
	}
	c.Text = strings.Clone(c.Text)
	return &c
}
