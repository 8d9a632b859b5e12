package trace

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unsafe"

	"simtrace/pkg/trace/schema"
)

// form reads the lines of a program that a schema file describes: "key value",
// "key: value" or "key=value", of the latter several in a line.
type form struct {
	schema *schema.Schema
	index  map[string]int // depth of the index keys, the outermost first
	spaced []string       // names with blanks in them

	outermost []byte // the outermost of the index keys

	at   schema.Coord
	tags map[string]*tag
	list []keyValue // room for those of a line
}

func newForm(s *schema.Schema) *form {
	f := &form{schema: s, index: map[string]int{}, tags: map[string]*tag{}, at: schema.Nowhere}
	for depth, k := range s.Index {
		f.index[k.Name] = depth
		if depth == 0 {
			f.outermost = []byte(k.Name)
		}
	}
	for i := range s.All() {
		q := &s.All()[i]
		for _, n := range append([]string{q.Name}, q.Aliases...) {
			if strings.ContainsAny(n, " \t") {
				f.spaced = append(f.spaced, n)
			}
		}
	}
	// The longest fits first.
	slices.SortStableFunc(f.spaced, func(a, b string) int { return len(b) - len(a) })
	return f
}

func (f *form) begin(at schema.Coord) { f.at = at }

// strip drops the prefix of a trace line.
func (f *form) strip(s string) (prefix, body string, ok bool) {
	s = trimBlanks(s)
	if len(f.schema.Prefixes) == 0 {
		return "", strings.TrimLeft(s, "!*#>| \t"), true
	}
	at := 0
	for _, p := range f.schema.Prefixes {
		i := 0
		if !strings.HasPrefix(s, p) {
			// Ranks, time stamps and log levels stand before a prefix.
			if i = strings.Index(s, p); i < 0 || i > maxBefore || isWordByte(s[i-1]) {
				continue
			}
		}
		body := s[i+len(p):]
		if len(p) < len(prefix) || body != "" && isWordByte(p[len(p)-1]) && isWordByte(body[0]) {
			continue
		}
		prefix, ok, at = p, true, i
	}
	if !ok {
		return "", s, false
	}
	body = s[at+len(prefix):]
	for body != "" && (body[0] == ' ' || body[0] == ':' || body[0] == '\t') {
		body = body[1:]
	}
	return prefix, body, true
}

// mentioned tells whether a prefix stands in the line, or a name where the program
// has no prefixes.
func (f *form) mentioned(line string) bool {
	for _, p := range f.schema.Prefixes {
		if strings.Contains(line, p) {
			return true
		}
	}
	return len(f.schema.Prefixes) == 0 && slices.ContainsFunc(f.schema.NamesOf(), func(name string) bool { return containsWord([]byte(line), name) })
}

// maxBefore is how much may stand before a prefix.
const maxBefore = 120

func isWordByte(c byte) bool { return isLetter(c) || c >= '0' && c <= '9' }

// formed reads a line of another program; false where it is no trace.
func (r *Reader) formed(s string) bool {
	f := r.form
	prefix, body, ok := f.strip(s)
	if !ok {
		return false
	}
	t := f.tags[prefix]
	if t == nil {
		t = &tag{text: prefix}
		f.tags[prefix] = t
	}
	pairs := f.pairs(body)
	for i := range pairs {
		pairs[i].key = r.names.renamedTo(pairs[i].key)
	}
	if prefix == "" && !f.names(pairs) {
		return false
	}
	r.block.TraceLines++
	if len(pairs) == 0 {
		r.problem(s, "no key with a value")
	}
	held := len(r.block.Records)
	for _, p := range pairs {
		depth, isIndex := f.index[p.key]
		key, _ := f.schema.Find(schema.BlockLines, p.key)
		switch {
		case p.key == sourceKey && key == schema.None && p.assigned && !isIndex && strings.Contains(p.value, ":"):
			r.setSource(held, r.sourceLine(p.value))
		case isIndex:
			r.indexed(depth, p, s)
		case key != schema.None || prefix != "":
			r.foreign(t, f.schema.Info(key), p, s)
		}
	}
	return true
}

// names tells whether one of the keys is declared.
func (f *form) names(pairs []keyValue) bool {
	for _, p := range pairs {
		if _, ok := f.index[p.key]; ok {
			return true
		}
		if _, ok := f.schema.Find(schema.BlockLines, p.key); ok {
			return true
		}
	}
	return false
}

// indexed moves to another place.
func (r *Reader) indexed(depth int, p keyValue, line string) {
	c, ok := r.names.all.coordOf(p.value)
	if !ok {
		r.problem(line, p.key+": one value places what follows, not "+quoted(p.value))
		return
	}
	f := r.form
	f.at[depth] = shifted(c, r.opt.Shift[depth])
	for i := depth + 1; i < len(f.at); i++ {
		f.at[i] = -1
	}
}

// foreign reads a quantity of another program; q is nil for one that the schema
// does not list.
func (r *Reader) foreign(t *tag, q *schema.Quantity, p keyValue, line string) {
	f := r.form
	name, want := p.key, q
	if q != nil {
		name = q.Name
		if q.Any {
			want = nil
		}
	}
	vs, text, why := r.evaluate(want, p.value, p.assigned && q == nil, r.scratch())
	if why == openBracket && !r.cut {
		r.openArray(t, q, p, line)
		return
	}
	if why == "" && len(vs) == 0 && want == nil && q != nil && !isPlainWord(text) {
		why = "no number"
	}
	if why != "" {
		if vs, _, unread := r.numbers(p.value, r.scratch()); want != nil && unread == "" {
			if hint := r.wrongShape(q, p.key, len(vs)); hint != "" {
				r.problem(line, hint)
				return
			}
		}
		r.problem(line, p.key+": "+why)
		return
	}
	if text == "" {
		text = p.unit
	}
	n := r.names.get(name)
	rec := r.record(t, PixelStream, n, vs, text)
	rec.At = f.at
	if q != nil {
		for i := q.Depth; i < len(rec.At); i++ {
			rec.At[i] = -1
		}
	}
	r.push(rec)
}

// formLine is scanner.line for a program that a schema file describes: a new
// value of the outermost index key begins a block.
func (s *scanner) formLine(b []byte, begins *Piece) bool {
	f := s.form
	s.marks.seeAll(b)
	if len(f.schema.Index) == 0 || !containsWord(b, f.schema.Index[0].Name) {
		return false
	}
	line := unsafe.String(unsafe.SliceData(b), len(b)) // nothing is kept of it
	if depth, value, ok := f.counter(line); ok {
		return depth == 0 && s.formBlock(value, begins)
	}
	_, body, ok := f.strip(plainText(line))
	if !ok {
		return false
	}
	for _, p := range f.pairs(body) {
		if depth, isIndex := f.index[p.key]; isIndex && depth == 0 && s.formBlock(p.value, begins) {
			return true
		}
	}
	return false
}

// formBlock begins a block where the outermost index key has another value.
func (s *scanner) formBlock(value string, begins *Piece) bool {
	c, ok := s.names.all.coordOf(value)
	at := BlockAt{shifted(c, s.shift[0]), -1, -1}
	return ok && at != s.at && s.begin(at, begins)
}

// counter reads "step 12", a line of an index key and a whole number, as most blocks
// begin; others are left to pairs.
func (f *form) counter(line string) (depth int, value string, ok bool) {
	i := strings.IndexByte(line, ' ')
	if i <= 0 || len(f.schema.Prefixes) > 0 || len(f.spaced) > 0 {
		return 0, "", false
	}
	value = line[i+1:]
	if n := digitsEnd(value, 0); n == 0 || n < len(value) {
		return 0, "", false
	}
	depth, ok = f.index[line[:i]]
	return depth, value, ok
}

// idle returns how many bytes of whole lines no block can begin in: the outermost
// index key stands nowhere.
func (s *scanner) idle(b []byte) int {
	if s.form == nil || !s.marks.points || len(s.form.schema.Index) == 0 {
		return 0
	}
	i := bytes.Index(b, s.form.outermost)
	if i < 0 {
		return len(b)
	}
	return bytes.LastIndexByte(b[:i], '\n') + 1
}

// wrongShape says that a quantity has another shape than the schema declares, and
// what to do; "" where it has that.
func (r *Reader) wrongShape(q *schema.Quantity, key string, n int) string {
	if q.Any || n == 0 || wrongCount(q.Kind, n) == "" {
		return ""
	}
	use := "list"
	switch n {
	case 1:
		use = "scalar"
	case 3:
		use = "vector, or list"
	case 9:
		use = "matrix, or list"
	}
	return fmt.Sprintf("%s is declared %s but has %d on line %d: use %s", key, schema.ShapeWords(q), n, r.pos().Line, use)
}
