package trace

import (
	"strings"

	"simtrace/pkg/trace/schema"
)

// textReader reads the log of a program of which nothing is known: every number
// that stands by itself becomes a value of a quantity, which is named by what
// stands before it.
//
//	force = -4.06 N            the words before a number name it
//	Step Temp Press            a header names the columns of the rows below
//	{"step": 3, "x": [1, 2]}   keys name numbers, with those around them
//	forces:                    headings name what is indented below
//	rhs = [[ 1.0               rows of an array have its name and a number
//
// What counts (step, iteration, layer) places the records behind it. Times of
// day, log levels and ranks before a line are no quantities; what differs on every
// run (times, memory, process numbers) is counted and left out.
type textReader struct {
	index []counterKey
	at    map[int32]*schema.Coord // by rank, -1 for none
	here  *schema.Coord

	headers  [3]string // lines that may head a table, the last first
	columns  []string  // of the table that is open
	path     []heading // headings above the line, outermost first
	depth    int       // brackets that are open
	base     string    // name of the array whose rows follow
	row      int       // of that array
	tag      tag
	numbers  []numberAt
	varied   map[string]int // what varies by run, by name: how often
	rankAxis int            // index key of the ranks, -1 for none
}

// counterKey is what places the records behind it.
type counterKey struct {
	name   string
	column int // of rows that have no header, -1 for a counter with a name
}

// numberAt is a number within a line.
type numberAt struct {
	from, to int
	value    float64
}

func newTextReader(s *schema.Schema) *textReader {
	t := &textReader{at: map[int32]*schema.Coord{}, varied: map[string]int{}, rankAxis: -1}
	for i, k := range s.Index {
		if k.Name == rankKey {
			t.rankAxis = i
			continue
		}
		c := counterKey{name: k.Name, column: -1}
		if strings.HasPrefix(k.Name, columnName) {
			if n, ok := plainInt(k.Name[len(columnName):]); ok {
				c.column = int(n) - 1
			}
		}
		t.index = append(t.index, c)
	}
	return t
}

// The names of columns without a header, and of the index key of ranks.
const (
	columnName = "column "
	rankKey    = "rank"
)

func (t *textReader) begin(at schema.Coord) {
	t.path, t.depth, t.base, t.row = t.path[:0], 0, "", 0
	clear(t.at)
	t.varied = map[string]int{}
	t.moveTo(-1)
	*t.here = at
}

// moveTo goes on with the lines of a rank.
func (t *textReader) moveTo(rank int32) {
	c := t.at[rank]
	if c == nil {
		c = &schema.Coord{}
		*c = schema.Nowhere
		if first := t.at[-1]; first != nil {
			*c = *first
		}
		t.at[rank] = c
	}
	if rank >= 0 && t.rankAxis >= 0 {
		c[t.rankAxis] = rank
	}
	t.here = c
}

// textLine reads a line; false where it holds no number.
func (r *Reader) textLine(s string) bool {
	t := r.text
	rank, s := stripPrefixes(s)
	if rank >= 0 || t.rankAxis >= 0 {
		t.moveTo(rank)
	}
	body := strings.TrimSpace(s)
	if body == "" {
		return false
	}
	if body[0] == '{' && body[len(body)-1] == '}' && strings.IndexByte(body, '"') > 0 && r.textJSON(body) {
		return true
	}
	t.numbers = findNumbers(s, t.numbers[:0], r.opt.Comma)
	if len(t.numbers) == 0 {
		t.wordsOnly(s, body)
		return false
	}
	r.block.TraceLines++
	switch {
	case onlyNumbers(s, t.numbers):
		r.numberRow(s)
	case r.separated(s):
	default:
		r.namedNumbers(s)
	}
	return true
}

// wordsOnly takes a line without numbers: a heading, the head of a table, a
// bracket that opens or closes.
func (t *textReader) wordsOnly(s, body string) {
	if strings.Trim(body, "[](){}, .") == "" {
		t.brackets(body)
		return
	}
	copy(t.headers[1:], t.headers[:])
	t.headers[0] = strings.Clone(s)
	open := strings.TrimRight(body, " \t")
	if c := open[len(open)-1]; c == ':' || c == '{' || c == '[' {
		t.pop(indentOf(s))
		t.path = append(t.path, heading{indentOf(s), strings.Clone(cleanName(open))})
	}
}

// brackets counts what opens and closes.
func (t *textReader) brackets(s string) {
	for i := range len(s) {
		switch s[i] {
		case '[', '(':
			t.depth++
		case ']', ')':
			t.depth = max(0, t.depth-1)
		}
	}
	if t.depth == 0 {
		t.row = 0
	}
}

// pop drops the headings that do not stand above a line of this indentation.
func (t *textReader) pop(indent int) {
	for len(t.path) > 0 && t.path[len(t.path)-1].indent >= indent {
		t.path = t.path[:len(t.path)-1]
	}
}

func indentOf(s string) int {
	return len(s) - len(strings.TrimLeft(s, " \t"))
}

// under is the name of a quantity with the headings above it.
func (t *textReader) under(name string) string {
	if len(t.path) == 0 {
		return name
	}
	var b strings.Builder
	for _, h := range t.path {
		b.WriteString(h.text)
		b.WriteByte('/')
	}
	b.WriteString(name)
	return b.String()
}

// numberRow reads a line that has nothing but numbers: a row of an array, or of a
// table.
func (r *Reader) numberRow(s string) {
	t := r.text
	if t.depth > 0 || strings.ContainsAny(s, "[(") && t.base != "" {
		name := t.base + rowName(t.row)
		t.row++
		t.brackets(strings.TrimSpace(s))
		r.textRecord(name, s, t.numbers, "")
		return
	}
	n := len(t.numbers)
	if len(t.columns) != n {
		t.columns = t.columnsFor(s)
	}
	for i := range t.numbers {
		name := columnName + itoa(i+1)
		if len(t.columns) == n {
			name = t.columns[i]
		}
		if r.counts(name, i, s, t.numbers[i]) {
			continue
		}
		r.textRecord(name, s, t.numbers[i:i+1], "")
	}
}

// columnsFor finds the head of a table for a row of numbers among the lines
// before it: as many words, or, where names have blanks in them, what stands
// above each number.
func (t *textReader) columnsFor(row string) []string {
	n := len(t.numbers)
	for _, h := range t.headers {
		if h == "" {
			continue
		}
		if f := fieldsOf(h); len(f) == n {
			return f
		}
	}
	h := t.headers[0]
	if h == "" || n < 2 || len(h) > len(row)+8 || strings.HasSuffix(strings.TrimSpace(h), ":") || len(strings.Fields(h)) < n {
		return nil
	}
	out := make([]string, 0, n)
	from := 0
	for i, x := range t.numbers {
		to := min(x.to, len(h))
		if i == n-1 {
			to = len(h)
		}
		name := strings.TrimSpace(h[min(from, to):to])
		if name == "" {
			return nil
		}
		out = append(out, strings.Join(strings.Fields(name), " "))
		from = to
	}
	return out
}

// fieldsOf parts the head of a table: at commas, tabs or bars where there are
// some, else at blanks.
func fieldsOf(h string) []string {
	h = strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(h), "#%|"))
	for _, sep := range []string{",", ";", "\t", "|"} {
		if strings.Count(h, sep) > 0 {
			f := strings.Split(strings.TrimSuffix(h, sep), sep)
			for i := range f {
				f[i] = strings.Trim(f[i], " \t\"'")
			}
			return f
		}
	}
	return strings.Fields(h)
}

// separated reads a line of a table whose columns are parted by commas or tabs,
// some of them words; false where it is none.
func (r *Reader) separated(s string) bool {
	t := r.text
	sep := ","
	if strings.Count(s, "\t") > strings.Count(s, ",") {
		sep = "\t"
	}
	if strings.Count(s, sep) < 2 || strings.ContainsAny(s, "=:") {
		return false
	}
	var names []string
	for _, h := range t.headers {
		if f := fieldsOf(h); h != "" && strings.Contains(h, sep) && len(f) == strings.Count(s, sep)+1 {
			names = f
			break
		}
	}
	if names == nil {
		return false
	}
	at, k := 0, 0
	label := ""
	for i, f := range strings.Split(s, sep) {
		from := k
		for k < len(t.numbers) && t.numbers[k].to <= at+len(f) {
			k++
		}
		switch {
		case k == from && label == "":
			label = strings.TrimSpace(f)
		case k > from && !r.counts(names[i], i, s, t.numbers[from]):
			name := names[i]
			if label != "" {
				name = label + "/" + name
			}
			r.textRecord(name, s, t.numbers[from:k], "")
		}
		at += len(f) + 1
	}
	return true
}

// namedNumbers reads a line of words and numbers.
func (r *Reader) namedNumbers(s string) {
	t := r.text
	indent := indentOf(s)
	t.pop(indent)
	from := 0
	for from < len(t.numbers) {
		name := nameBefore(s, t.numbers, from)
		to := from + 1
		for to < len(t.numbers) && joined(s[t.numbers[to-1].to:t.numbers[to].from]) {
			to++
		}
		unit := unitBehind(s, t.numbers, to-1)
		if from == 0 {
			if name == "" {
				name = "# " + cleanName(textBehind(s, t.numbers, to-1))
			}
			name = t.under(name)
		}
		switch {
		case to == from+1 && r.counts(name, -1, s, t.numbers[from]):
		case variesByRun(name, unit, textBehind(s, t.numbers, to-1)):
			t.varied[strings.Clone(name)] += to - from
		default:
			r.textRecord(name, s, t.numbers[from:to], unit)
		}
		from = to
	}
	opens := strings.Count(s, "[") + strings.Count(s, "(") - strings.Count(s, "]") - strings.Count(s, ")")
	if label := labelOf(s); label != "" {
		t.base, t.row, t.depth = strings.Clone(label), 0, 0
		if opens > 0 {
			t.depth, t.row = opens, 1
		}
	}
	t.columns = nil
}

// counts moves to another place where the number is a counter's.
func (r *Reader) counts(name string, column int, s string, x numberAt) bool {
	t := r.text
	for depth, k := range t.index {
		if k.column >= 0 && k.column != column || k.column < 0 && k.name != name || k.column >= 0 && len(t.columns) > 0 {
			continue
		}
		text, ok := indexValue(s[x.from:x.to])
		if !ok {
			return false
		}
		c := r.names.all.coordOf(text)
		if t.here[depth] != c {
			t.here[depth] = c
			for i := depth + 1; i < len(t.index); i++ {
				t.here[i] = -1
			}
		}
		return true
	}
	return false
}

// textRecord adds a record of some numbers of the line.
func (r *Reader) textRecord(name, s string, list []numberAt, unit string) {
	vs := r.scratch()
	for _, x := range list {
		vs = append(vs, Value{Num: x.value, Text: s[x.from:x.to]})
	}
	rec := r.record(&r.text.tag, PixelStream, r.names.get(name), vs, unit)
	rec.At = *r.text.here
	r.push(rec)
}

// rowName is the number of an array's row.
func rowName(n int) string { return "[" + itoa(n) + "]" }
