package trace

import (
	"cmp"
	"slices"
	"strings"

	"simtrace/pkg/trace/schema"
)

// Block is what was read of the lines that belong together: those of a run's
// setup, of a pixel, of a step.
type Block struct {
	Records    []Record
	Problems   []Problem      // in the order of the file
	Unlisted   ProblemCounts  // problems beyond the first MaxProblems of their kind
	TraceLines int            // lines that hold a trace, readable or not
	Varied     map[string]int // what differs on every run, by name: how many numbers were left out
	Narrowed   string         // what the log says it is narrowed to: "stages=… phi=…"
	settings
}

// Count returns how many problems of the kind the block has, listed or not.
func (b *Block) Count(k ProblemKind) int {
	return countOf(k, b.Problems, b.Unlisted)
}

// Options say how a log is to be read.
type Options struct {
	Rename map[string]string // new names of quantities, by those that the log prints
	// Comma is set where a comma is the decimal mark of the log's numbers.
	Comma bool
	// CompareAll takes in what differs on every run of a program: times, memory,
	// process numbers.
	CompareAll bool
	// Columns is what parts the columns of every line of a table, a comma or a tab;
	// 0 where that is to be found out.
	Columns byte

	states *textStates // what the lines before a block say about those in it
	// Shift is added to the values of the schema's index keys, so that logs of
	// which one counts from 0 and the other from 1 come together.
	Shift schema.Coord
}

// Reader reads the blocks of a log, one after the other, in any order. What a
// block holds is that of the next one after Begin, unless Keep is set.
type Reader struct {
	Keep bool

	src   *Source
	opt   Options
	names *names
	block *Block
	spare []Value // room for values

	place place
	notes headings
	crash crash
	end   ending
	last  *shape // of the quantity read last
	array *openArray
	form  *form       // of a program that a schema file describes, else nil
	text  *textReader // of a program of which nothing is known, else nil

	alike    [2]*textState // of Repeats
	repeated []Record      // room

	cols []column // scratch

	perRecord int  // bytes of the log, about; 0 for not known
	line      int  // the current one, from 1
	cut       bool // it lacks its newline: the log ends here
	listed    ProblemCounts

	layouts     layouts
	jsons       jsonTemplates
	sources     sourceList
	sourceLines map[string]string // see sourceLine
}

// NewReader returns a reader of the blocks of src. Readers that share names may
// run at the same time.
func NewReader(src *Source, names *Names, opt Options) *Reader {
	r := &Reader{src: src, opt: opt, names: newNames(names, opt.Rename), block: &Block{}}
	switch {
	case names.Schema.Free:
		r.text = newTextReader(names.Schema)
		r.text.numbered = src.numbered != nil
		r.text.templates.on = true
	case names.Schema != schema.NanoBragg():
		r.form = newForm(names.Schema)
	}
	return r
}

// Renamed tells which names of Options.Rename were met.
func (r *Reader) Renamed() map[string]bool { return r.names.renamed }

// Begin starts a block that belongs at, of which nothing was read.
func (r *Reader) Begin(at schema.Coord) {
	b := r.block
	if r.Keep {
		r.block, r.spare = &Block{}, nil
	} else {
		*b = Block{Records: b.Records[:0], Problems: b.Problems[:0]}
		r.spare = r.spare[:0]
	}
	r.place = newPlace(at)
	r.notes, r.crash, r.end, r.listed = headings{}, crash{}, ending{}, ProblemCounts{}
	r.last, r.array, r.sources = nil, nil, sourceList{}
	if r.form != nil {
		r.form.begin(at)
	}
	if r.text != nil {
		r.text.begin(at)
	}
}

// Block returns what was read since Begin.
func (r *Reader) Block() *Block {
	r.closeArray()
	if r.text != nil {
		r.block.Varied = r.text.varied
	}
	return r.block
}

// bytesPerRecord is about how much of a log makes a record, as long as it is not
// known better, so that room for those of a long block is made at once.
const bytesPerRecord = 48

// manyRecords are enough to tell how much of a log makes one, and so is a part of it
// that is a small part of a long block.
const (
	manyRecords = 1000
	smallPart   = 1 << 16
)

// maxLine is how long a line may be.
const maxLine = 1 << 20

// Read reads lines of the block that stand in the log behind so many others.
// Only the last line of a log may lack its newline; last says that these reach
// to its end.
func (r *Reader) Read(lines string, behind int, last bool) {
	if r.perRecord == 0 && len(lines) > 4*smallPart {
		if i := strings.IndexByte(lines[smallPart:2*smallPart], '\n') + 1; i > 0 {
			r.Read(lines[:smallPart+i], behind, false)
			lines, behind = lines[smallPart+i:], r.line
		}
	}
	if n := len(lines) / cmp.Or(r.perRecord, bytesPerRecord); cap(r.block.Records)-len(r.block.Records) < n {
		r.block.Records = slices.Grow(r.block.Records, n)
	}
	size, before := len(lines), len(r.block.Records)
	if r.text != nil && (r.text.begun || behind != r.line) {
		r.text.resume(r.opt.states.at(int64(behind)))
	}
	r.line = behind
	for lines != "" {
		r.line++
		line := lines
		if i := strings.IndexByte(lines, '\n'); i >= 0 {
			line, lines = lines[:i], lines[i+1:]
			r.cut = r.src.endsPart(r.line-1, r.line)
		} else {
			lines, r.cut = "", last && !r.src.Whole
		}
		held, traces, problems := len(r.block.Records), r.block.TraceLines, len(r.block.Problems)
		r.readLine(line)
		if r.cut {
			r.lastLine(line, held, r.block.TraceLines > traces, len(r.block.Problems) > problems)
		}
	}
	if n := len(r.block.Records) - before; n >= manyRecords {
		r.perRecord = max(1, size/(n+n/8))
	}
}

// ReadMore is Read for a block that is too long to be held in memory: it returns
// the records of these lines, and overwrites those before.
func (r *Reader) ReadMore(lines string, behind int, last bool) []Record {
	r.block.Records, r.spare = r.block.Records[:0], r.spare[:0]
	r.Read(lines, behind, last)
	return r.block.Records
}

// readLine reads one line. Carriage returns within it, as progress bars print
// them, part it like newlines.
func (r *Reader) readLine(line string) {
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = strings.TrimRight(line, "\r")
	}
	if strings.IndexByte(line, '\r') < 0 {
		r.bounded(line)
		return
	}
	held := r.block.TraceLines
	for part := range strings.SplitSeq(line, "\r") {
		r.bounded(part)
	}
	r.block.TraceLines = min(r.block.TraceLines, held+1)
}

// bounded reads what stands between line ends of any kind, unless it is too long.
func (r *Reader) bounded(s string) {
	if len(s) <= maxLine {
		r.piece(plainText(s))
	} else if r.mayBeTrace(s) {
		r.block.TraceLines++
		r.problem(s, "the line is longer than 1 MiB")
	}
}

// mayBeTrace tells whether a line that is too long to be read may hold a trace.
func (r *Reader) mayBeTrace(line string) bool {
	switch {
	case r.form != nil:
		return r.form.mentioned(line)
	case r.text != nil:
		return strings.ContainsAny(line, "0123456789")
	}
	return strings.HasPrefix(line, jsonStart) || strings.Contains(line, "TRACE")
}

// piece reads a line that has no line ends of any kind within.
func (r *Reader) piece(s string) {
	if r.array != nil && r.continued(s) {
		return
	}
	if r.text != nil {
		if !r.textLine(s) {
			r.crash.plain(r, s)
		}
		return
	}
	if r.form != nil {
		if !r.formed(s) {
			r.crash.plain(r, s)
		}
		return
	}
	switch i := strings.Index(s, "TRACE"); {
	case i >= 0 && (i == 0 || strings.TrimLeft(s[:i], " \t") == ""):
		r.traces(s[i:])
	case strings.HasPrefix(s, jsonStart):
		r.json(s)
	case i >= 0:
		r.glued(s, i)
	default:
		r.plain(s)
	}
}

// plain looks into a line without a trace for what it tells about the traces.
func (r *Reader) plain(s string) {
	r.crash.plain(r, s)
	if r.Keep {
		r.block.setting(s, r.pos(), &r.sources)
	}
}

// glued reads a line in which a tag stands behind something else.
func (r *Reader) glued(s string, i int) {
	at := r.findGlued(s, i)
	if at < 0 {
		r.plain(s)
		return
	}
	r.plain(s[:at])
	r.traces(s[at:])
}

// traces reads what starts with a tag, up to the end of the line; more traces
// may be glued behind it. A line counts once, whatever it holds.
func (r *Reader) traces(s string) {
	held := r.block.TraceLines
	for first := true; ; first = false {
		next := r.findGlued(s, len("TRACE"))
		if next < 0 {
			if !r.one(s) && first {
				r.plain(s)
			}
			break
		}
		r.before(s[:next])
		s = s[next:]
	}
	r.block.TraceLines = min(r.block.TraceLines, held+1)
}

// one reads one trace and counts it.
func (r *Reader) one(s string) bool {
	ok := r.trace(s)
	if ok {
		r.block.TraceLines++
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
		r.block.TraceLines++
		r.problem(s, "cut short: another trace line follows on the same line")
	}
}

// pos is where the current line stands.
func (r *Reader) pos() Pos { return r.src.pos(r.line) }

// scratch is where values are gathered; see take.
func (r *Reader) scratch() []Value {
	if cap(r.spare)-len(r.spare) < 16 {
		r.spare = make([]Value, 0, max(512, 2*cap(r.spare)))
	}
	return r.spare[len(r.spare):]
}

// take keeps the values that were appended to scratch; nil for none. Without it,
// they are overwritten.
func (r *Reader) take(vs []Value) []Value {
	n := len(vs)
	if n == 0 {
		return nil
	}
	if room := r.spare[len(r.spare):cap(r.spare)]; len(room) >= n && &room[0] == &vs[0] {
		r.spare = r.spare[:len(r.spare)+n]
	}
	return vs[:n:n]
}

// record adds a record at the current line, which is placed nowhere yet.
func (r *Reader) record(t *tag, s Stream, n *name, vs []Value, text string) *Record {
	rec := r.newRecord()
	file, line := r.src.place(r.line)
	rec.Kind, rec.Line = r.names.kind(n, s, t.text, file), line
	rec.At, rec.Occur, rec.Values, rec.Text = schema.Nowhere, 0, r.take(vs), text
	rec.At[schema.Run] = r.place.at[schema.Run]
	return rec
}

// stands says that a record stands on line n of the log.
func (r *Reader) stands(rec *Record, n int) {
	file, line := r.src.place(n)
	rec.Kind, rec.Line = r.names.kindOf(rec.Kind, file, rec.Source), line
}

// setSource says of which line of the program the records from one on are.
func (r *Reader) setSource(from int, source string) {
	for i := from; i < len(r.block.Records); i++ {
		rec := &r.block.Records[i]
		rec.Kind = r.names.kindOf(rec.Kind, rec.File, source)
	}
}

// newRecord adds a record that is not filled.
func (r *Reader) newRecord() *Record {
	b := r.block
	if len(b.Records) == cap(b.Records) {
		b.Records = slices.Grow(b.Records, 1+len(b.Records)/2) // append alone would copy long lists often
	}
	b.Records = b.Records[:len(b.Records)+1]
	return &b.Records[len(b.Records)-1]
}

// push takes note of a record that is complete.
func (r *Reader) push(rec *Record) { r.end.saw(rec) }

// problem records that text, a trace line or a piece of one, cannot be read.
func (r *Reader) problem(text, why string) {
	kind := Unparsed
	if r.cut {
		kind = Truncated
	}
	r.report(Problem{Pos: r.pos(), Kind: kind, Text: strings.Clone(shortened(text)), Why: why})
}

// report lists the problem, or counts it where its kind has enough in the list.
func (r *Reader) report(p Problem) (listed bool) {
	if r.listed[p.Kind] == MaxProblems {
		r.block.Unlisted[p.Kind]++
		return false
	}
	r.listed[p.Kind]++
	r.block.Problems = append(r.block.Problems, p)
	return true
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
