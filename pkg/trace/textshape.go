package trace

import (
	"hash/maphash"
	"maps"
	"slices"
	"strings"
)

// lineShape is a line without its numbers, and what these are of.
type lineShape struct {
	gaps   string // the words between, one behind the other
	groups []shapeGroup
	label  string // names the rows of an array below it
	opens  int    // brackets that it leaves open
	crash  bool   // the program says that it did not come to its end

	// What the names hang on beside the words: the header of rows like this one,
	// and whether it stands above the numbers. They are looked at for every line,
	// so that what was read before does not matter.
	tabled  int // how many numbers the line ends with, 0 for less than 2
	table   *textTable
	above   bool
	headers [3]string
	words   bool // the last line of words names something
	aligned bool // a header might name the columns, if it stood above the numbers
	headed  bool // it does
}

// holds tells whether the shape names the numbers of a line like the one that it
// was learnt from.
func (t *textReader) holds(shape *lineShape) bool {
	if shape.words {
		return false
	}
	if shape.tabled == 0 {
		return true
	}
	table := t.tables[labelledTables+shape.tabled]
	switch {
	case table == nil:
		return shape.table == nil && t.headers == shape.headers
	case shape.table == nil || !table.same(shape.table):
		return false
	}
	return above(table.header, t.numbers[len(t.numbers)-shape.tabled:]) == shape.above
}

// shapeGroup is numbers of one quantity.
type shapeGroup struct {
	to     int // index behind the last
	column *textColumn
}

// shapeID tells line shapes apart, but for what hashes alike.
type shapeID struct {
	hash    uint64
	context int32
}

var shapeSeed = maphash.MakeSeed()

// maxShapes bounds the shapes that are remembered.
const maxShapes = 1 << 16

// changed notes that the headings are others.
func (t *textReader) changed() {
	if len(t.path) == 0 && !t.timing {
		t.context = 0
		return
	}
	b := t.scratch[:0]
	for _, h := range t.path {
		b = append(append(b, h.text...), 0)
	}
	if t.timing {
		b = append(b, 1)
	}
	t.scratch = b
	// Two paths of one number would name alike what differs; 31 bits of a hash
	// are looked up with the shape's text, which is compared.
	t.context = int32(maphash.Bytes(shapeSeed, b)>>33) | 1
}

// namedNumbers reads a line of words and numbers.
func (r *Reader) namedNumbers(s string) {
	t := r.text
	indent := indentOf(s)
	if len(t.path) > 0 {
		t.pop(indent)
	}
	shape := r.shapeOf(s)
	if shape.crash || r.crash.open {
		r.crash.plain(r, s)
	}
	from := 0
	for i := range shape.groups {
		g := &shape.groups[i]
		r.put(g.column, s, t.numbers[from:g.to])
		from = g.to
	}
	if shape.label != "" {
		t.base, t.baseLine, t.row, t.depth = shape.label, indent, 0, 0
		if shape.opens > 0 {
			t.depth, t.row = shape.opens, 1
			t.push(indent, shape.label)
			t.changed()
		}
	}
}

// shapeOf returns the shape of a line, which it learns where it is new.
func (r *Reader) shapeOf(s string) *lineShape {
	t := r.text
	b, at := t.scratch[:0], 0
	for _, x := range t.numbers {
		b = append(append(b, s[at:x.from]...), 0)
		at = x.to
	}
	b = append(b, s[at:]...)
	t.scratch = b
	id := shapeID{maphash.Bytes(shapeSeed, b), t.context}
	shape := t.shapes[id]
	if shape == nil || t.fresh > 0 && (shape.words || shape.tabled > 0) || shape.gaps != string(b) || !t.holds(shape) {
		shape = &lineShape{gaps: string(b)}
		r.learnShape(s, shape)
		if len(t.shapes) < maxShapes {
			t.shapes[id] = shape
		}
	}
	t.fresh = 0
	switch {
	case shape.headed && endsAbove(shape.table.header, t.numbers[len(t.numbers)-shape.tabled:]):
		t.noteFixed()
	case shape.aligned:
		t.noteRigid()
	}
	return shape
}

// learnShape finds out what the numbers of a line are of.
func (r *Reader) learnShape(s string, shape *lineShape) {
	t := r.text
	n := len(t.numbers)
	last := ""
	if i := strings.LastIndexByte(s[:t.numbers[0].from], ':'); i >= 0 && !t.timing && t.headsTiming(s[:i]) {
		t.timing, t.timed = true, true // "Timers: Solve = 1.2 Iter = 0.3" is of times
		defer func() { t.timing, t.timed = false, false }()
	}
	for from := 0; from < n; {
		to := from + 1
		for to < n && joined(s[t.numbers[to-1].end():t.numbers[to].from]) {
			to++
		}
		if to == n && to-from > 1 && r.tableRow(s, from, shape) {
			break
		}
		if to-from > 3 && strings.HasPrefix(s[t.numbers[to-1].to:], "s") {
			to-- // "1.5 2.25 7 3s" ends with the time so far
		}
		unit, behind := unitBehind(s, t.numbers, to-1), behindTime(s, t.numbers, to-1)
		if to-from > 1 {
			behind = "" // it is of the last alone
		}
		if x := t.numbers[to-1]; x.glued > 0 {
			unit = s[x.to:x.end()]
		}
		name := t.nameOf(s, from, to, last, shape)
		last = name
		if from == 0 {
			name = t.under(name)
		}
		shape.groups = append(shape.groups, shapeGroup{to, r.columnOf(name, unit, behind, -1)})
		from = to
	}
	shape.opens = strings.Count(s, "[") + strings.Count(s, "(") - strings.Count(s, "]") - strings.Count(s, ")")
	shape.words = shape.words || isWrapped(s[:t.numbers[0].from])
	shape.label = strings.Clone(t.labelOf(s))
	shape.crash = isCrash(strings.TrimLeft(s, " "))
}

// nameOf is what the words around numbers from one to another call them.
func (t *textReader) nameOf(s string, from, to int, last string, shape *lineShape) string {
	name := nameBefore(s, t.numbers, from)
	if hasLetter(name) {
		return name
	}
	if from == 0 && isWrapped(s[:t.numbers[0].from]) {
		shape.words = true
		if h := t.lastWords(); h != "" {
			return h
		}
	}
	behind := strings.TrimSpace(textBehind(s, t.numbers, to-1)[t.numbers[to-1].glued:])
	if i := strings.IndexAny(behind, ",;|([{"); i >= 0 {
		behind = behind[:i]
	}
	switch {
	case hasLetter(behind):
		return "# " + cleanName(behind)
	case last != "":
		return last + " #2"
	}
	return strings.TrimSpace("# " + name)
}

// lastWords is the last line of words alone that may name an array.
func (t *textReader) lastWords() string {
	for _, h := range t.headers {
		if h != "" && !isSentence(h) {
			return cleanName(h)
		}
	}
	return ""
}

func hasLetter(s string) bool {
	for i := range len(s) {
		if isLetter(s[i]) && s[i] != '_' || s[i] >= 0x80 {
			return true
		}
	}
	return false
}

// tableRow names the numbers from one to the last of a line by the header above:
// those of a row that begins with a word.
func (r *Reader) tableRow(s string, from int, shape *lineShape) bool {
	t := r.text
	list := t.numbers[from:]
	label := ""
	if from == 0 {
		head := s[:list[0].from]
		label = cleanName(head)
		if strings.Contains(head, "=") || !hasLetter(label) {
			return false // what is assigned has its name, whatever stands above
		}
	}
	shape.aligned = t.tables[labelledTables+len(list)] != nil || slices.ContainsFunc(t.headers[:], maybeHeader)
	names := t.labelledColumns(list)
	shape.tabled, shape.headers, shape.table = len(list), t.headers, t.tables[labelledTables+len(list)]
	shape.above = shape.table != nil && above(shape.table.header, list)
	if names == nil {
		return false
	}
	shape.headed = true
	for i, name := range names {
		if label != "" {
			name = label + "/" + name
		}
		shape.groups = append(shape.groups, shapeGroup{from + i + 1, r.columnOf(t.under(name), "", textBehind(s, t.numbers, from+i), -1)})
	}
	return true
}

// labelledTables is where the headers of rows that begin with a word are kept,
// by the count of numbers beyond it.
const labelledTables = 1 << 20

// labelledColumns finds the header of a row that begins with a word: one of the
// last lines, or else that of the last such row.
func (t *textReader) labelledColumns(list []numberAt) []string {
	n := len(list)
	kept := t.tables[labelledTables+n]
	for i, h := range t.headers {
		if i >= t.fresh && kept != nil {
			break
		}
		if !maybeHeader(h) {
			continue
		}
		if names := labelledIn(h, list, t.headsRows(h)); names != nil {
			t.keepTable(labelledTables+n, &textTable{header: h, names: names})
			return names
		}
	}
	if kept != nil && above(kept.header, list) {
		return kept.names
	}
	return nil
}

// maybeHeader tells lines that may head rows which begin with a word.
func maybeHeader(h string) bool {
	return h != "" && !isSentence(h) && !strings.HasSuffix(strings.TrimSpace(h), ":")
}

// labelledIn parts a line into the names of the columns of a row that begins with
// a word; nil where it is no head of this row. One that heads rows of numbers alone
// has to have as many columns.
func labelledIn(h string, list []numberAt, headsRows bool) []string {
	n := len(list)
	for _, f := range [][]string{tableFields(h), fieldsOf(h)} {
		if (len(f) == n || len(f) == n+1) && above(h, list) {
			return f[len(f)-n:]
		}
	}
	if headsRows {
		return nil
	}
	return nearest(h, list)
}

// headsRows tells whether rows that have nothing but numbers stand below a header.
func (t *textReader) headsRows(h string) bool {
	for n, table := range t.tables {
		if n > 0 && n < labelledTables && table.header == h {
			return true
		}
	}
	return false
}

// keepTable remembers the columns of a kind of rows. The map of tables is shared
// with the states of blocks before, and never written to. A header that comes
// again changes nothing.
func (t *textReader) keepTable(key int, table *textTable) {
	if old := t.tables[key]; old != nil && old.same(table) {
		return
	}
	tables := make(map[int]*textTable, len(t.tables)+1)
	maps.Copy(tables, t.tables)
	tables[key] = table
	t.counts = t.counts || slices.ContainsFunc(table.names, t.isCounter)
	// Programs print the same few tables over and over: what was there before is known
	// by its number.
	i := slices.IndexFunc(t.sets, func(s tableSet) bool { return sameTables(s.tables, tables) })
	if i >= 0 {
		toFront(t.sets, i)
	} else {
		t.editions++
		t.sets = pushFront(t.sets, tableSet{tables, t.editions}, maxLineStates)
	}
	t.tables, t.edition = t.sets[0].tables, t.sets[0].edition
}

// tableSet is the tables of a state, and their number.
type tableSet struct {
	tables  map[int]*textTable
	edition int
}

func sameTables(a, b map[int]*textTable) bool {
	if len(a) != len(b) {
		return false
	}
	for n, table := range a {
		if other := b[n]; other == nil || !other.same(table) {
			return false
		}
	}
	return true
}

// nearest are the fields of a header that end nearest to where the numbers end;
// nil where two numbers would share one.
func nearest(h string, list []numberAt) []string {
	type field struct {
		text string
		end  int
	}
	var fields []field
	at := 0
	for _, f := range tableFields(h) {
		i := strings.Index(h[at:], f) + at
		at = i + len(f)
		fields = append(fields, field{f, at})
	}
	if len(fields) < len(list) || !above(h, list) {
		return nil
	}
	var out []string
	k := 0
	for _, x := range list {
		best := -1
		for i := k; i < len(fields); i++ {
			if best < 0 || distance(fields[i].end, x.to) < distance(fields[best].end, x.to) {
				best = i
			}
		}
		if best < 0 {
			return nil
		}
		out = append(out, fields[best].text)
		k = best + 1
	}
	return out
}

func distance(a, b int) int { return max(a-b, b-a) }
