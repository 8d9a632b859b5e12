package trace

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"simtrace/pkg/trace/schema"
)

// Writer writes records as a log. What it wrote is complete after Flush.
//
// Values are written as their Text where they have one, so that a log that was
// read comes out as it was; else as C's "%.15g", or as integers where the
// schema says so.
type Writer interface {
	Write(*Record) error
	Flush() error

	// Series returns the records of a quantity that are numbers alone, under a name of
	// one word. Put writes one of them: what Write does, in a fraction of the time.
	Series(s Stream, k schema.Key, name string) *Series
	Put(q *Series, at *schema.Coord, values []float64) error
}

// NewC returns a writer of the reference's dialect: TRACE_C lines.
func NewC(w io.Writer) Writer { return newText(w, "C") }

// NewPy returns a writer of the port's dialect: TRACE_PY lines.
func NewPy(w io.Writer) Writer { return newText(w, "PY") }

// textWriter writes the line dialects. Records that share a line are gathered
// until one comes that does not belong to it.
type textWriter struct {
	out        output
	dialect    string // "C" or "PY"
	prefix     string // "TRACE_C"
	slow, fast int32  // of the last TRACE_CONFIG line
	visit      int    // Occur of the samples since then
	row        row
	grid       grid
}

func newText(w io.Writer, dialect string) *textWriter {
	return &textWriter{out: output{w: w}, dialect: dialect, prefix: "TRACE_" + dialect, slow: -1, fast: -1}
}

// Write writes one record, or keeps it until its row or grid is full. It
// refuses records that no line could give back.
func (t *textWriter) Write(r *Record) error {
	if err := writableLine(r); err != nil {
		return err
	}
	if t.row.open && !t.row.takes(r.Stream, r.Tag, &r.At, r.Occur, r.Name) {
		t.endRow()
	}
	if t.grid.open && !t.grid.takes(r) {
		t.endGrid()
	}
	if r.Stream != SetupStream && r.At[schema.Slow] >= 0 && r.At[schema.Fast] >= 0 {
		// A sample's quantity repeats in the next sample; where it occurs again in
		// the same one, the pixel was traced again.
		again := r.Occur > t.visit && r.Stream == PixelStream && r.Key != schema.None && schema.Info(r.Key).Scope == schema.PerSample
		if again {
			t.slow = -1
		}
		t.pixel(&r.At)
		if again {
			t.visit = r.Occur
		}
	}
	switch {
	case r.Stream == PhiStream, r.Stream == TapStream && r.At[schema.Phi] >= 0:
		t.column(r)
	case r.Stream == TricubicStream:
		t.neighbour(r)
	default:
		t.out.b = t.appendLine(t.out.b, r)
	}
	return t.out.spill()
}

// Flush writes what is still gathered or buffered.
func (t *textWriter) Flush() error {
	t.endRow()
	t.endGrid()
	return t.out.flush()
}

// writable refuses what no reader could give back.
func writable(r *Record) error {
	what := ""
	switch {
	case int(r.Stream) >= len(streamNames):
		return fmt.Errorf("trace: no such stream: %d", r.Stream)
	case r.Stream == NoteStream:
		return nil
	case !isOneWord(r.Name):
		what = "a key that is not one word"
	case len(r.Values) == 0 && strings.TrimSpace(r.Text) == "":
		what = "no value"
	default:
		return nil
	}
	return fmt.Errorf("trace: %s record %q has %s", r.Stream, r.Name, what)
}

// writableLine refuses, besides, what would break a line.
func writableLine(r *Record) error {
	what := ""
	switch {
	case hasBreak(r.Name) || hasBreak(r.Text) || hasBreak(r.Tag):
		what = "a line break"
	case r.Stream == PhiStream && r.At[schema.Phi] < 0:
		what = "no phi step"
	default:
		return writable(r)
	}
	return fmt.Errorf("trace: %s record %q has %s", r.Stream, r.Name, what)
}

func hasBreak(s string) bool {
	return strings.IndexByte(s, '\n') >= 0 || strings.IndexByte(s, '\r') >= 0
}

func isOneWord(s string) bool {
	for i := range len(s) {
		switch s[i] {
		case ' ', '\t', '=', '\n', '\r':
			return false
		}
	}
	return s != ""
}

// pixel announces a pixel where it is another than before.
func (t *textWriter) pixel(at *schema.Coord) {
	slow, fast := at[schema.Slow], at[schema.Fast]
	if slow < 0 || fast < 0 || slow == t.slow && fast == t.fast {
		return
	}
	t.slow, t.fast, t.visit = slow, fast, 0
	b := append(t.out.b, "TRACE_CONFIG: tracing pixel (spixel="...)
	b = append(strconv.AppendInt(b, int64(slow), 10), ", fpixel="...)
	t.out.b = append(strconv.AppendInt(b, int64(fast), 10), ")\n"...)
}

// appendLine appends the line of a record that has one of its own.
func (t *textWriter) appendLine(b []byte, r *Record) []byte {
	switch r.Stream {
	case NoteStream:
		b = append(b, t.tag(r.Tag, "TRACE")...)
		b = append(b, ':')
		b = append(b, r.Text...)
	case SetupStream:
		b = append(b, t.prefix...)
		b = append(b, ':')
		b = append(b, r.Name...)
		b = append(b, '=')
		b = appendValues(b, r)
	default:
		b = appendValues(t.appendKey(b, r), r)
	}
	return append(b, '\n')
}

// appendKey appends what stands before the values of a line.
func (t *textWriter) appendKey(b []byte, r *Record) []byte {
	b = t.head(b, r)
	b = append(b, t.between(r)[0]...)
	b = append(b, r.Name...)
	return append(b, t.between(r)[1]...)
}

// between returns what stands before and behind the key. Words of a tap, and
// numbers with names, read back only from the form "key=value".
func (t *textWriter) between(r *Record) [2]string {
	if r.Stream == TapStream && (r.Text != "" || !isLetter(r.Name[0]) || r.Values[0].Name != "") {
		return [2]string{":", "="}
	}
	return [2]string{": ", " "}
}

// head writes the tag of a pixel, source or tap line, up to its colon.
func (t *textWriter) head(b []byte, r *Record) []byte {
	switch r.Stream {
	case SourceStream:
		b = append(b, t.prefix...)
		b = append(b, "_SOURCE"...)
		if t.dialect == "PY" {
			b = append(b, ' ')
		}
		return strconv.AppendInt(b, int64(max(r.At[schema.Source], 0)), 10)
	case TapStream:
		return append(b, t.tag(r.Tag, t.prefix+"_TAP")...)
	}
	return append(b, t.prefix...)
}

// tag turns a tag of either dialect into one of this writer's; other tags stay.
func (t *textWriter) tag(tag, none string) string {
	if tag == "" {
		return none
	}
	dialect, suffix := splitTag(tag)
	if tag == "TRACE" || dialect != "C" && dialect != "PY" {
		return tag
	}
	if suffix == "" {
		return t.prefix
	}
	return t.prefix + "_" + suffix
}

// appendValues writes what stands behind the key.
func appendValues(b []byte, r *Record) []byte {
	kind := kindOf(r)
	if kind == schema.Mat3 && len(r.Values) == 9 {
		b = appendMatrix(b, r)
	} else {
		for i := range r.Values {
			if i > 0 {
				b = append(b, ' ')
			}
			b = appendValue(b, &r.Values[i], kind)
		}
	}
	if r.Text != "" && len(r.Values) > 0 {
		b = append(b, ' ')
	}
	return append(b, r.Text...)
}

// appendMatrix writes "[a b c; d e f; g h i]".
func appendMatrix(b []byte, r *Record) []byte {
	b = append(b, '[')
	for i := range r.Values {
		switch {
		case i == 0:
		case i%3 == 0:
			b = append(b, "; "...)
		default:
			b = append(b, ' ')
		}
		b = appendValue(b, &r.Values[i], schema.Mat3)
	}
	return append(b, ']')
}

func appendValue(b []byte, v *Value, kind schema.Kind) []byte {
	if v.Name != "" {
		b = append(b, v.Name...)
		b = append(b, ':')
	}
	switch {
	case v.Text != "":
		return append(b, v.Text...)
	case kind == schema.Int || kind == schema.Int3:
		return appendWhole(b, v.Num)
	}
	return appendFloat(b, v.Num)
}

// appendWhole appends a number of a quantity that is counted.
func appendWhole(b []byte, v float64) []byte {
	if v == float64(int64(v)) {
		return strconv.AppendInt(b, int64(v), 10)
	}
	return appendFloat(b, v)
}

func kindOf(r *Record) schema.Kind {
	if r.Key == schema.None {
		return schema.List
	}
	return schema.Info(r.Key).Kind
}
