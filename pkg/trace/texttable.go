package trace

import (
	"math"
	"slices"
	"strings"
)

// textTable is the columns of a table with so many numbers in a row.
type textTable struct {
	header  string // the line that heads it, "" for none
	names   []string
	columns []*textColumn
	context int32 // of the headings that it was made below
}

// same tells whether two tables have the same columns below the same header.
func (a *textTable) same(b *textTable) bool {
	return a == b || a.header == b.header && slices.Equal(a.names, b.names)
}

// numberRow reads a line that has nothing but numbers: a row of an array, or of a
// table.
func (r *Reader) numberRow(s string) {
	t := r.text
	t.noteRow()
	if t.depth > 0 || t.base != "" && strings.ContainsAny(s, "[(") {
		t.scratch = appendRow(append(t.scratch[:0], t.base...), t.row)
		t.row++
		t.brackets(strings.TrimSpace(s), 0)
		r.put(r.named(t.scratch, -1), s, t.numbers)
		return
	}
	n := len(t.numbers)
	if n > maxNamed {
		r.put(r.named(append(t.scratch[:0], "numbers"...), -1), s, t.numbers)
		return
	}
	table := t.tables[n]
	if table == nil || t.fresh > 0 {
		table = r.tableFor(s, table, n)
	}
	for i, c := range table.columns {
		r.put(c, s, t.numbers[i:i+1])
	}
}

// maxNamed is how many rows of an array, and columns of a table, have a name of their
// own: a name takes some kilobytes. Beyond it the rows are one quantity, whose records
// come one behind the other, and the numbers of a line one list.
const maxNamed = 1024

func appendRow(b []byte, n int) []byte {
	b = append(b, '[')
	if n >= maxNamed {
		return append(append(b, itoa(maxNamed)...), "...]"...)
	}
	b = append(b, itoa(n)...)
	return append(b, ']')
}

// tableFor finds the columns of a row of n numbers: a header among the last lines
// names them; else they are those of the last such table.
func (r *Reader) tableFor(row string, table *textTable, n int) *textTable {
	t := r.text
	fresh := t.headers[:t.fresh]
	if table == nil {
		fresh = t.headers[:]
	}
	var names []string
	header := ""
	for _, h := range fresh {
		known := table != nil && table.header != ""
		names = columnsIn(h, row, t.numbers, known)
		t.noteHeader(h, names != nil, known)
		if names != nil {
			header = h
			break
		}
	}
	t.fresh = 0
	switch {
	case names == nil && table != nil, table != nil && header == table.header:
		return table
	case names == nil:
		for i := range n {
			names = append(names, columnName+itoa(i+1))
		}
	}
	table = r.table(header, names)
	t.keepTable(n, table)
	return table
}

// table makes a table, or finds one that was made before.
func (r *Reader) table(header string, names []string) *textTable {
	t := r.text
	i := slices.IndexFunc(t.built, func(x *textTable) bool {
		return x.header == header && x.context == t.context && slices.Equal(x.names, names)
	})
	if i >= 0 {
		toFront(t.built, i)
		return t.built[0]
	}
	table := &textTable{header: header, names: names, context: t.context}
	for i, name := range names {
		column := -1
		if header == "" {
			column = i
		}
		table.columns = append(table.columns, r.columnOf(name, "", "", column))
	}
	t.built = pushFront(t.built, table, maxLineStates)
	return table
}

// noteHeader notes what of a line that might head the columns of a row hangs on where
// the row's numbers stand.
func (t *textReader) noteHeader(h string, taken, known bool) {
	if t.trail == nil || h == "" || isSentence(h) {
		return
	}
	n := len(t.numbers)
	asMany := len(fieldsOf(h)) == n || len(tableFields(strings.TrimLeft(strings.TrimSpace(h), "#%| "))) == n
	switch {
	case !asMany && (n < 2 || len(strings.Fields(h)) < n || strings.HasSuffix(strings.TrimSpace(h), ":")):
		// It heads no row of so many numbers.
	case asMany && (!known || strings.ContainsAny(h, ",;\t|")):
		// It heads every row of so many.
	case taken && endsAbove(h, t.numbers):
		t.noteFixed()
	default:
		t.noteRigid()
	}
}

// endsAbove tells whether something of the header stands above the end of each
// number, and so above the number, however long it is.
func endsAbove(h string, numbers []numberAt) bool {
	for _, x := range numbers {
		// However short the number, above asks for what stands so near to its end.
		if from := max(0, x.to-2); from >= len(h) || strings.TrimSpace(h[from:min(x.to+1, len(h))]) == "" {
			return false
		}
	}
	return len(h) <= numbers[len(numbers)-1].to+8
}

// columnsIn parts a line into the names of a row's columns; nil where it is no
// head of this row: it has as many words as there are numbers, or, where names
// have blanks in them, one above each number. A line that comes where a header is
// known already has to stand above the numbers.
func columnsIn(h, row string, numbers []numberAt, known bool) []string {
	n := len(numbers)
	if h == "" || isSentence(h) {
		return nil
	}
	for _, f := range [][]string{fieldsOf(h), tableFields(strings.TrimLeft(strings.TrimSpace(h), "#%| "))} {
		if len(f) != n {
			continue
		}
		if known && !strings.ContainsAny(h, ",;\t|") && !above(h, numbers) {
			continue
		}
		return f
	}
	if n < 2 || len(h) > len(row)+8 || len(strings.Fields(h)) < n || strings.HasSuffix(strings.TrimSpace(h), ":") || !above(h, numbers) {
		return nil
	}
	out := make([]string, 0, n)
	from := 0
	for i, x := range numbers {
		to := min(x.to, len(h))
		switch {
		case i == n-1:
			to = len(h)
		case to > 0 && to < len(h) && h[to-1] != ' ' && h[to] != ' ':
			return nil // a word, of a sentence perhaps, goes on above the next number
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

// isSentence tells words that head no table.
func isSentence(s string) bool {
	s = strings.TrimSpace(s)
	return strings.Contains(s, ": ") && !strings.ContainsAny(s, ",\t|") || strings.HasSuffix(s, ".") || strings.HasSuffix(s, "!")
}

// above tells whether something of the header stands above each number. What stands for
// a number may be so short that nothing does.
func above(h string, numbers []numberAt) bool {
	for _, x := range numbers {
		from, to := max(0, x.from-1), min(len(h), x.to+1)
		if (from >= to || strings.TrimSpace(h[from:to]) == "") && !math.IsNaN(x.value) {
			return false
		}
	}
	return true
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

// tableFields parts a line where two blanks, a tab or a bar stand.
func tableFields(s string) []string {
	var out []string
	for from := 0; from < len(s); {
		end := len(s)
		for i := from; i < len(s); i++ {
			if s[i] == '\t' || s[i] == '|' || s[i] == ' ' && i+1 < len(s) && s[i+1] == ' ' {
				end = i
				break
			}
		}
		if f := strings.TrimSpace(s[from:end]); f != "" {
			out = append(out, f)
		}
		from = end + 1
	}
	return out
}

// separated reads a line of a table whose columns are parted by commas or tabs,
// some of them words; false where it is none.
func (r *Reader) separated(s string) bool {
	t := r.text
	sep, least := r.opt.Columns, 1
	if sep == 0 {
		sep, least = ',', 2
		if strings.Count(s, "\t") > strings.Count(s, ",") {
			sep = '\t'
		}
	}
	if strings.Count(s, string(sep)) < least {
		return false
	}
	t.fields = separatedFields(s, sep, t.fields[:0])
	fields := t.fields
	if !slices.ContainsFunc(t.numbers, func(x numberAt) bool {
		return slices.ContainsFunc(fields, func(f fieldAt) bool { return f.isOf(x, s) })
	}) {
		return false // words about numbers
	}
	names := t.separatedNames(sep, len(fields))
	if names == nil {
		return false
	}
	k, label := 0, ""
	for i, f := range fields {
		from := k
		for k < len(t.numbers) && t.numbers[k].to <= f.to {
			k++
		}
		text := strings.Trim(s[f.from:f.to], " \t\"")
		whole := k == from+1 && f.isOf(t.numbers[from], s)
		switch {
		case !whole && label == "" && text != "":
			label = text
		case k > from:
			t.scratch = t.scratch[:0]
			if label != "" {
				t.scratch = append(append(t.scratch, label...), '/')
			}
			r.put(r.named(r.counterFirst(names[i]), i), s, t.numbers[from:k])
		}
	}
	return true
}

// isCounter tells the names of what counts.
func (t *textReader) isCounter(name string) bool {
	return slices.ContainsFunc(t.index, func(k counterKey) bool { return k.name == name && name != "" })
}

// counterFirst appends the name of a column to what stands before it; a counter
// goes without that.
func (r *Reader) counterFirst(name string) []byte {
	t := r.text
	if t.isCounter(name) {
		t.scratch = t.scratch[:0]
	}
	t.scratch = append(t.scratch, name...)
	return t.scratch
}

// separatedNames are the names of so many columns; nil where no header has them.
func (t *textReader) separatedNames(sep byte, n int) []string {
	if table := t.tables[-n]; table != nil && t.fresh == 0 {
		return table.names
	}
	for _, h := range t.headers[:] {
		if h == "" || strings.Count(h, string(sep)) == 0 {
			continue
		}
		if f := separatedFields(h, sep, nil); len(f) == n {
			var names []string
			for _, x := range f {
				names = append(names, strings.Trim(h[x.from:x.to], " \t\"'#"))
			}
			t.keepTable(-n, &textTable{header: h, names: names})
			t.fresh = 0
			return names
		}
	}
	if table := t.tables[-n]; table != nil {
		return table.names
	}
	return nil
}

// field is where a column of a line stands.
type fieldAt struct{ from, to int }

// isOf tells whether the field is that number, in quotes or with a unit perhaps.
func (f fieldAt) isOf(x numberAt, s string) bool {
	if x.from < f.from || x.to > f.to || strings.Trim(s[f.from:x.from], " \t\"") != "" {
		return false
	}
	behind := strings.Trim(s[x.end():f.to], " \t\"")
	return behind == "" || isUnit(behind)
}

// separatedFields parts a line at a sign that stands in no quotes.
func separatedFields(s string, sep byte, out []fieldAt) []fieldAt {
	from, quoted := 0, false
	for i := range len(s) {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case s[i] == sep && !quoted:
			out = append(out, fieldAt{from, i})
			from = i + 1
		}
	}
	return append(out, fieldAt{from, len(s)})
}

// headsColumns takes a line for the header of a table whose columns are parted by
// a sign that the user names: the first that has a word among its fields.
func (t *textReader) headsColumns(s string, sep byte) bool {
	fields := separatedFields(s, sep, nil)
	if len(fields) < 2 || t.tables[-len(fields)] != nil {
		return false
	}
	words := 0
	for _, f := range fields {
		if _, ok := parseFloat(strings.Trim(s[f.from:f.to], " \t\"\r")); !ok {
			words++
		}
	}
	if words == 0 {
		return false
	}
	t.headers[0], t.fresh = strings.Clone(s), 1
	return t.separatedNames(sep, len(fields)) != nil
}
