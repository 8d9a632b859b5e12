package trace

import (
	"bytes"
	"io"
	"strings"

	"simtrace/pkg/trace/schema"
)

// Reader reads a log record by record, in one pass. It keeps one line, what is
// needed to place the records, and the problems met.
type Reader struct {
	src   source
	names *names
	place *place
	notes headings
	alloc valueArena

	cols []column // scratch

	last *shape // of the quantity read last

	form *former // of another program's log, else nil

	queue      []Record // read and not handed out
	queued     int      // how many of them are handed out
	problems   []Problem
	listed     ProblemCounts
	unlisted   ProblemCounts
	traceLines int
	pos        Pos
	cut        bool // the line lacks its newline: the log ends here
	done       error
	crash      crash
	end        ending
}

// NewReader returns a reader of the log r; name is what its positions say.
func NewReader(r io.Reader, name string) *Reader {
	return &Reader{
		src:   source{r: r, name: name},
		names: newNames(),
		place: newPlace(),
		pos:   Pos{File: name},
	}
}

// Problems returns the problems met so far, in the order of the file, of each
// kind the first MaxProblems. The reader may be a few lines ahead of Next.
func (r *Reader) Problems() []Problem { return r.problems }

// Unlisted tells how many problems of each kind Problems leaves out.
func (r *Reader) Unlisted() ProblemCounts { return r.unlisted }

// Next returns the next record, and io.EOF at the end. A garbled line is no
// error, see Problems; any other error is one of the input.
func (r *Reader) Next() (Record, error) {
	if r.queued == len(r.queue) {
		if r.fill(); len(r.queue) == 0 {
			return Record{}, r.done
		}
	}
	rec := r.queue[r.queued]
	r.queued++
	return rec, nil
}

// readAhead is how many records are read at a time, as far as the input has
// come.
const readAhead = 32

// fill reads until there are records, or the log ends.
func (r *Reader) fill() {
	r.queue, r.queued = r.queue[:0], 0
	for r.done == nil && (len(r.queue) == 0 || len(r.queue) < readAhead && r.src.hasLine()) {
		r.readLine()
	}
}

func (r *Reader) readLine() {
	held := len(r.queue)
	l, err := r.src.next()
	if err != nil {
		r.finish(err)
		return
	}
	r.pos.Line = r.src.lines
	r.cut = !l.ended
	traces, problems := r.traceLines, len(r.problems)
	r.line(l)
	if r.cut {
		r.lastLine(l.text, held, r.traceLines > traces, len(r.problems) > problems)
	}
}

// line reads one line. Carriage returns within it, as progress bars print
// them, part it like newlines.
func (r *Reader) line(l rawLine) {
	if l.long {
		r.traceLines++
		r.problem(string(l.text), "the line is longer than 1 MiB")
		return
	}
	if n := len(l.text); n > 0 && l.text[n-1] == '\r' {
		l.text = bytes.TrimRight(l.text, "\r")
	}
	if bytes.IndexByte(l.text, '\r') < 0 {
		r.piece(l.text, l.at)
		return
	}
	held := r.traceLines
	for part := range bytes.SplitSeq(l.text, []byte("\r")) {
		r.piece(part, l.at)
		l.at += len(part) + 1
	}
	r.traceLines = min(r.traceLines, held+1)
}

// piece reads a line that has no line ends of any kind within; at is where it
// stands in the buffer.
func (r *Reader) piece(b []byte, at int) {
	if r.form != nil {
		if !r.formed(r.src.text(at, at+len(b))) {
			r.crash.plain(r, b)
		}
		return
	}
	switch i := bytes.Index(b, []byte("TRACE")); {
	case i >= 0 && (i == 0 || len(bytes.TrimLeft(b[:i], " \t")) == 0):
		r.traces(r.src.text(at+i, at+len(b)))
	case bytes.HasPrefix(b, []byte(jsonStart)):
		r.json(b)
	case i >= 0:
		r.glued(string(b), i)
	default:
		r.plain(b)
	}
}

// plain looks into a line without a trace for what it tells about the traces.
func (r *Reader) plain(b []byte) {
	r.crash.plain(r, b)
	if slow, fast, ok := announced(b); ok {
		r.place.pixel(slow, fast)
	}
}

// glued reads a line in which a tag stands behind something else.
func (r *Reader) glued(s string, i int) {
	at := r.findGlued(s, i)
	if at < 0 {
		r.plain([]byte(s))
		return
	}
	r.plain([]byte(s[:at]))
	r.traces(s[at:])
}

// traces reads what starts with a tag, up to the end of the line; more traces
// may be glued behind it. A line counts once, whatever it holds.
func (r *Reader) traces(s string) {
	held := r.traceLines
	for first := true; ; first = false {
		next := r.findGlued(s, len("TRACE"))
		if next < 0 {
			if !r.one(s) && first {
				r.plain([]byte(s))
			}
			break
		}
		r.before(s[:next])
		s = s[next:]
	}
	r.traceLines = min(r.traceLines, held+1)
}

// one reads one trace and counts it.
func (r *Reader) one(s string) bool {
	ok := r.trace(s)
	if ok {
		r.traceLines++
	}
	return ok
}

// before reads a trace that another one is glued behind. Without a blank
// between them its end may be missing.
func (r *Reader) before(s string) {
	if strings.HasSuffix(s, " ") || strings.HasSuffix(s, "\t") {
		r.one(s)
		return
	}
	if n := tagLen(s); n > 0 && n < len(s) && (s[n] == ':' || s[n] == ' ') {
		r.traceLines++
		r.problem(s, "cut short: another trace line follows on the same line")
	}
}

// findGlued returns where, from index i on, a trace line begins within s, or
// -1. It must read as a quantity: a tag that prose, source code or a command
// line mentions does not begin a trace.
func (r *Reader) findGlued(s string, i int) int {
	for i < len(s) {
		j := strings.Index(s[i:], "TRACE")
		if j < 0 {
			break
		}
		i += j
		if mayPrecede(s[:i]) && r.readsAsQuantity(s[i:]) {
			return i
		}
		i += len("TRACE")
	}
	return -1
}

// mayPrecede sorts out longer words, string literals and quotations.
func mayPrecede(s string) bool {
	if s == "" || strings.HasSuffix(s, `\n`) {
		return s == ""
	}
	c := s[len(s)-1]
	return !(c >= 'A' && c <= 'Z') && strings.IndexByte("_\"'`", c) < 0
}

// readsAsQuantity tells whether s, which starts with "TRACE", reads as a
// quantity with its numbers, or names a key of the schema before it breaks.
func (r *Reader) readsAsQuantity(s string) bool {
	n := tagLen(s)
	if n <= len("TRACE_") {
		return false
	}
	t := r.names.tag(s[:n])
	// No key is longer; the bound keeps lines of tags from costing their square.
	rest := s[n:min(len(s), n+maxName)]
	switch t.form {
	case phiForm:
		return strings.HasPrefix(strings.TrimLeft(rest, ": "), "phi_tic=")
	case configForm:
		_, _, ok := announced([]byte(rest))
		return ok
	case gridForm:
		return strings.HasPrefix(rest, ": [")
	case coordsForm:
		return strings.HasPrefix(rest, ": [")
	case gridEdgeForm:
		return strings.TrimSpace(rest) == ""
	}
	head, body, ok := strings.Cut(rest, ":")
	key, value, _ := splitKey(body)
	if !ok || key == "" || head != "" && t.form != sourceForm {
		return false
	}
	if _, known := schema.ByName(key); known {
		return true
	}
	return isPlainKey(key) && startsWithNumber(value)
}

func isPlainKey(key string) bool {
	return isLetter(key[0]) && strings.Trim(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") == ""
}

func startsWithNumber(s string) bool {
	s = strings.TrimLeft(s, " [(")
	_, ok := parseFloat(s[:tokenLen(s)])
	return ok
}

// problem records that text, a trace line or a piece of one, cannot be read.
func (r *Reader) problem(text, why string) {
	kind := Unparsed
	if r.cut {
		kind = Truncated
	}
	r.report(Problem{Pos: r.pos, Kind: kind, Text: cloned(shortened(text)), Why: why})
}

// report lists the problem, or counts it where its kind has enough in the list.
func (r *Reader) report(p Problem) (listed bool) {
	if r.listed[p.Kind] == MaxProblems {
		r.unlisted[p.Kind]++
		return false
	}
	r.listed[p.Kind]++
	r.problems = append(r.problems, p)
	return true
}

// finish ends the log.
func (r *Reader) finish(err error) {
	r.done = err
	if err != io.EOF {
		return
	}
	if r.src.cut {
		r.report(Problem{Pos: r.pos, Kind: Truncated, Why: "the compressed log ends early"})
	}
}

const maxProblemText = 200

// shortened cuts text to what a Problem shows, without breaking a character.
func shortened(text string) string {
	text = strings.TrimRight(text, "\r\n")
	if len(text) > maxProblemText {
		text = text[:maxProblemText]
	}
	return strings.ToValidUTF8(text, "")
}

func cloned(s string) string { return strings.Clone(s) }

// valueArena hands out value slices cut from larger blocks.
type valueArena struct {
	free []Value
}

const arenaBlock = 512

// scratch returns a slice to append values to; see take.
func (a *valueArena) scratch() []Value {
	if len(a.free) < 16 {
		a.free = make([]Value, arenaBlock)
	}
	return a.free[:0:len(a.free)]
}

// take keeps the values that were appended to scratch, which nobody else may
// then append to; nil for none. Without it, they are overwritten.
func (a *valueArena) take(vs []Value) []Value {
	n := len(vs)
	if n == 0 {
		return nil
	}
	if n <= len(a.free) && &vs[0] == &a.free[0] {
		a.free = a.free[n:]
	}
	return vs[:n:n]
}
