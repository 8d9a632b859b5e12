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
	schema *schema.Schema
	index  []counterKey
	at     map[int32]*schema.Coord // by rank, -1 for none
	here   *schema.Coord
	textState

	tag      tag
	numbers  []numberAt
	hex      []hexAt
	timed    bool           // the line itself says that its numbers are times of the clock
	varied   map[string]int // what varies by run, by name: how often
	rankAxis int            // index key of the ranks, -1 for none
	// undecided is set while it is being found out what varies by run: what may
	// be a time of the clock is read like all else, and noted here with why it may.
	undecided   map[string]varies
	timingHeads int // of lines, while it is being found out
	lines       int // that were read, but for blank ones
	ranked      int // of those, the ones that say which rank printed them

	shapes    map[shapeID]*lineShape
	columns   map[string]*textColumn // by name
	words     [][]byte               // of the counters with a name: what stands in their lines
	fields    []fieldAt
	scratch   []byte
	depth     int  // brackets that are open
	row       int  // of the array that is open
	begun     bool // a block began, and no line of it is read
	trail     *trail
	spans     []span
	numbered  bool // each line begins with its number
	templates lineTemplates
	counts    bool // a table has a column that counts

	sets     []tableSet // that were there, used last first
	editions int        // how many there were
	built    []*textTable
	judged   map[string]varies // what variesByRun said, of most names
	timings  map[string]bool   // what headsTiming said
	key      []byte            // room
}

// textState is what the lines before say about those that follow. It is a value
// but for what its slices and maps hold, which is never written to again.
type textState struct {
	headers  [3]string // lines that may head a table, the last first
	fresh    int       // of those, how many no row was looked up in
	tables   map[int]*textTable
	edition  int       // of tables: their number in this log
	path     []heading // headings above the line, outermost first
	timing   bool      // a heading says that times of the clock follow
	heads    bool      // the line before was that heading
	base     string    // name of the array whose rows follow
	baseLine int       // indentation of the line that named it
	context  int32     // number of the path and of timing
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
	glued    int  // how long what is glued to it is: "5.98dB"
	apart    bool // blanks part its sign from it
	word     bool // it is a word that may stand for a number
}

// textColumn is what a number is of.
type textColumn struct {
	name   *name
	depth  int // of the index key that it is, -1 for a quantity
	varied bool
	unit   string
}

func newTextReader(s *schema.Schema) *textReader {
	t := &textReader{
		schema: s, at: map[int32]*schema.Coord{}, varied: map[string]int{}, rankAxis: -1,
		shapes: map[shapeID]*lineShape{}, columns: map[string]*textColumn{},
	}
	for i, k := range s.Index {
		c := counterKey{name: k.Name, column: -1}
		if k.Name == rankKey {
			t.rankAxis = i
			c.name = ""
		}
		if strings.HasPrefix(k.Name, columnName) {
			if n, ok := plainInt(k.Name[len(columnName):]); ok {
				c.column = int(n) - 1
			}
		}
		t.index = append(t.index, c)
		if c.name != "" && c.column < 0 {
			t.words = append(t.words, counterWord(c.name))
		}
	}
	return t
}

// counterWord is the longest word of a counter's name: it stands in the line, even
// where blanks and signs around it do not.
func counterWord(name string) []byte {
	word := ""
	for _, w := range strings.FieldsFunc(name, func(r rune) bool { return !(r < 0x80 && isWordByte(byte(r))) }) {
		if len(w) > len(word) {
			word = w
		}
	}
	return []byte(word)
}

// The names of columns without a header, and of the index key of ranks.
const (
	columnName = "column "
	rankKey    = "rank"
)

// begin starts a block.
func (t *textReader) begin(at schema.Coord) {
	t.begun = true
	clear(t.at)
	t.varied = nil
	t.moveTo(-1)
	*t.here = at
}

// resume goes on with lines of which those before say so much; nil for nothing.
func (t *textReader) resume(state *textState) {
	t.begun, t.depth, t.row, t.templates.now = false, 0, 0, nil
	if t.textState = (textState{}); state != nil {
		t.textState = *state
	}
	t.changed()
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

// lineOfText reads a line; false where it holds no number.
func (r *Reader) lineOfText(s string) bool {
	t := r.text
	if t.here == nil {
		t.moveTo(-1)
	}
	whole := len(s)
	if r.src.numbered != nil {
		var n int64
		if s, n = r.src.numbered.cut(s); n > 0 {
			t.leaveOut(lineNumbers, 1)
		}
	}
	rank, s := stripPrefixes(s)
	s = strings.TrimPrefix(s, r.src.lead)
	if rank >= 0 || t.rankAxis >= 0 || len(t.at) > 1 {
		t.moveTo(rank)
	}
	t.noteLine(r.line, whole-len(s), rank)
	body := strings.TrimSpace(s)
	if body != "" || len(s) < whole {
		t.lines++
		if rank >= 0 {
			t.ranked++
		}
	}
	if body == "" {
		t.endTiming()
		return false
	}
	if body[0] == '{' && body[len(body)-1] == '}' && strings.IndexByte(body, '"') > 0 {
		if r.textJSON(s, body) {
			return true
		}
		t.noteRigid()
	}
	s, clocks := hideClock(t.withoutSuperscripts(s))
	t.noteBody(s)
	t.heads = false
	s = withoutRate(t.withoutType(s))
	t.numbers = findValues(s, t.numbers[:0], r.opt.Comma, r.src.places)
	if clocks > 0 {
		t.leaveOut(clockName, clocks)
	}
	t.hex = t.hex[:0]
	if strings.Contains(s, "0x") {
		s = t.hexadecimals(s)
	}
	if len(t.numbers) == 0 {
		if len(t.hex) > 0 {
			t.pop(indentOf(s))
			r.putHex()
			return true
		}
		if clocks == 0 {
			t.wordsOnly(s, body)
		} else {
			r.crash.plain(r, body)
		}
		return clocks > 0
	}
	if r.opt.Columns != 0 && t.headsColumns(s, r.opt.Columns) {
		return false
	}
	r.block.TraceLines++
	switch {
	case r.opt.Columns != 0 && r.separated(s):
	case onlyNumbers(s, t.numbers):
		r.numberRow(s)
	case r.opt.Columns == 0 && r.separated(s):
	default:
		r.namedNumbers(s)
	}
	r.putHex()
	return true
}

// leaveOut counts numbers that are not compared.
func (t *textReader) leaveOut(name string, n int) {
	if t.varied == nil {
		t.varied = map[string]int{}
	}
	t.varied[name] += n
}

// wordsOnly takes a line without numbers: a heading, the head of a table, a
// bracket that opens or closes.
func (t *textReader) wordsOnly(s, body string) {
	if strings.Trim(body, "[](){}, .;") == "" {
		t.brackets(body, indentOf(s))
		return
	}
	if strings.Trim(body, "-=+*_|#~: ") == "" {
		return // a rule
	}
	if !isSentence(body) {
		copy(t.headers[1:], t.headers[:])
		t.headers[0] = strings.Clone(s)
		t.fresh = min(t.fresh+1, len(t.headers))
	}
	c := body[len(body)-1]
	timing, titled := t.timing, false
	opens := c == ':' || c == '{' || c == '['
	if opens {
		timing = t.headsTiming(body)
	} else if title := strings.Trim(body, "=<>*-#~_ "); !timing && len(tableFields(body)) > 1 && strings.IndexByte(title, '=') < 0 {
		f := tableFields(title)
		timing = t.headsTimes(f)
		titled = timing
	}
	if opens {
		indent, name := indentOf(s), strings.Clone(cleanName(body))
		t.path = t.above(indent)
		t.base = ""
		if c == '[' {
			t.base, t.baseLine, t.depth, t.row = t.under(name), indent, 1, 0
		}
		t.push(indent, name)
	}
	changed := opens || timing != t.timing
	if titled || opens {
		t.startTiming(timing)
	}
	if changed {
		t.changed()
	}
}

// isIdentifier tells a name as programs have it, "UseTimer" or "wall_type", from words.
func isIdentifier(s string) bool {
	for i := 1; i < len(s); i++ {
		if s[i] == ' ' {
			return false
		}
		if s[i] == '_' || s[i] == '.' || s[i-1] >= 'a' && s[i] >= 'A' && s[i] <= 'Z' {
			return true
		}
	}
	return false
}

// brackets counts what opens and closes.
func (t *textReader) brackets(s string, indent int) {
	if t.depth == 0 && t.base != "" && indent > t.baseLine {
		t.push(t.baseLine, t.base)
		t.changed()
	}
	for i := range len(s) {
		switch s[i] {
		case '[', '(', '{':
			t.depth++
		case ']', ')', '}':
			t.depth = max(0, t.depth-1)
		}
	}
	if t.depth == 0 {
		t.row = 0
	}
}

// above is the headings that stand above a line of this indentation.
func (t *textReader) above(indent int) []heading {
	n := len(t.path)
	for n > 0 && t.path[n-1].indent >= indent {
		n--
	}
	return t.path[:n]
}

// push opens a heading. The headings of lines before are shared with what was
// noted of them, and not written over.
func (t *textReader) push(indent int, text string) {
	path := t.above(indent)
	t.path = append(path[:len(path):len(path)], heading{indent, text})
}

// pop drops the headings that do not stand above a line of this indentation.
func (t *textReader) pop(indent int) {
	if n := len(t.above(indent)); n < len(t.path) {
		t.path = t.path[:n:n]
		t.changed()
	}
}

func indentOf(s string) int {
	for i := range len(s) {
		if s[i] != ' ' && s[i] != '\t' {
			return i
		}
	}
	return len(s)
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

// columnOf finds out what a number is of.
func (r *Reader) columnOf(name, unit, behind string, column int) *textColumn {
	t := r.text
	c := &textColumn{name: r.names.get(name), depth: -1, unit: strings.Clone(unit)}
	for depth, k := range t.index {
		if k.column >= 0 && k.column == column || k.column < 0 && k.name == name && name != "" {
			c.depth = depth
			return c
		}
	}
	own, heading := t.ownName(name)
	if c.name.text != name {
		own, heading = c.name.text, "" // as the user calls it
	}
	kind := t.judge(own, unit, behind)
	if kind == neverVaries && (t.timing || t.headsTiming(heading)) {
		kind = belowTiming
		if t.timed {
			kind = mayVary
		}
	}
	switch {
	case r.opt.CompareAll:
	case kind == alwaysVaries:
		c.varied = true
	case kind != neverVaries && t.undecided != nil:
		t.undecided[c.name.text] = max(t.undecided[c.name.text], kind)
	case kind != neverVaries:
		c.varied = t.schema.Varies[c.name.text]
	}
	return c
}

// ownName parts a name from the headings above it, of which it returns the last.
func (t *textReader) ownName(name string) (own, heading string) {
	n := 0
	for _, h := range t.path {
		if !strings.HasPrefix(name[n:], h.text+"/") {
			return name, ""
		}
		n += len(h.text) + 1
		heading = h.text
	}
	return name[n:], heading
}

// named is columnOf for a number of which the name says all.
func (r *Reader) named(name []byte, column int) *textColumn {
	t := r.text
	if c := t.columns[string(name)]; c != nil {
		return c
	}
	s := string(name)
	c := r.columnOf(s, "", "", column)
	if len(t.columns) < maxNames {
		t.columns[s] = c
	}
	return c
}

// put makes a record of numbers of the line, moves to another place where they
// count, or leaves them out.
func (r *Reader) put(c *textColumn, s string, list []numberAt) {
	t := r.text
	switch {
	case c.depth >= 0 && len(list) == 1 && r.count(c.depth, s[list[0].from:list[0].to]):
		t.noteTaken(list, counterAt(c.depth))
	case c.varied:
		t.noteTaken(list, asVaried)
		t.leaveOut(c.name.text, len(list))
	default:
		if q := c.name.info; q != nil && !q.Any {
			if hint := r.wrongShape(q, c.name.text, len(list)); hint != "" {
				r.problem(s, hint)
				return
			}
		}
		vs := r.scratch()
		for _, x := range list {
			vs = append(vs, Value{Num: x.value, Text: x.text(s)})
		}
		t.noteTaken(list, asValue)
		rec := r.record(&t.tag, PixelStream, c.name, vs, gluedTo(s, list, c.unit))
		rec.At = *t.here
		r.push(rec)
	}
}

// count moves to another place; false where the text is none that counts.
func (r *Reader) count(depth int, text string) bool {
	c, ok := r.names.all.coordOf(text)
	if !ok {
		return false
	}
	t := r.text
	c = shifted(c, r.opt.Shift[depth])
	if t.here[depth] != c {
		t.here[depth] = c
		for i := depth + 1; i < len(t.index); i++ {
			if i != t.rankAxis {
				t.here[i] = -1
			}
		}
	}
	return true
}

// rowName is the number of an array's row.
func rowName(n int) string { return "[" + itoa(n) + "]" }
