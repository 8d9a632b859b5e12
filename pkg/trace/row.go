package trace

import (
	"strconv"
	"strings"

	"simtrace/pkg/trace/schema"
)

// column is "name=value" of a row.
type column struct{ name, value string }

// columns reads a row of "name=value" columns, each a record of its own; a
// value may be several numbers. A column that cannot be read is reported, the
// others stand.
func (r *Reader) columns(t *tag, line, s string) {
	cols, why := splitColumns(s, r.cols[:0])
	r.cols = cols
	if why != "" {
		r.problem(line, why)
		return
	}
	tic, ok := rowIndex(cols)
	stream := TapStream
	if t.form == phiForm {
		if stream = PhiStream; !ok {
			r.problem(line, "no phi_tic")
			return
		}
	}
	at := r.place.unknownRow(stream, tic, ok)
	for _, c := range cols {
		if c.name != "phi_tic" {
			r.column(t, stream, c, at, line)
		}
	}
}

func (r *Reader) column(t *tag, stream Stream, c column, at schema.Coord, line string) {
	n := r.names.get(c.name)
	vs, text, why := r.evaluate(r.names.all.Schema.Info(n.in(stream)), c.value, true, r.scratch())
	if why != "" {
		r.problem(line, c.name+": "+why)
		return
	}
	rec := r.record(t, stream, n, vs, text)
	rec.At = at
	r.push(rec)
}

// unknownRow places a row: by phi_tic where it has one, else like a quantity
// that the schema does not know.
func (p *place) unknownRow(stream Stream, tic int32, ok bool) schema.Coord {
	switch {
	case stream == PhiStream:
		return p.row(tic)
	case ok:
		w := p.unknown()
		w[schema.Phi] = tic
		return w
	}
	return p.unknown()
}

// splitColumns cuts a row at the words that hold "="; words without belong to
// the column before.
func splitColumns(s string, cols []column) ([]column, string) {
	for i := 0; i < len(s); {
		if s[i] == ' ' || s[i] == '\t' {
			i++
			continue
		}
		j, eq := i, -1
		for j < len(s) && s[j] != ' ' && s[j] != '\t' {
			if s[j] == '=' && eq < 0 {
				eq = j - i
			}
			j++
		}
		switch {
		case eq == 0 || eq > 0 && strings.HasPrefix(s[i+eq:j], "=="):
			return cols, "a stray = in " + quoted(s[i:j])
		case eq > 0:
			cols = append(cols, column{s[i : i+eq], s[i+eq+1 : j]})
		case len(cols) == 0:
			return cols, "no column before " + quoted(s[i:j])
		default:
			c := &cols[len(cols)-1]
			c.value += " " + s[i:j]
		}
		i = j
	}
	if len(cols) == 0 {
		return cols, "no columns"
	}
	return cols, ""
}

// rowIndex returns the row's phi step.
func rowIndex(cols []column) (tic int32, ok bool) {
	for _, c := range cols {
		if c.name == "phi_tic" {
			n, err := strconv.ParseInt(c.value, 10, 32)
			return int32(n), err == nil && n >= 0
		}
	}
	return -1, false
}

// tap reads a line of any other tag: "key=value", a row of "name=value"
// columns, a row of names with numbers behind them, or a note.
func (r *Reader) tap(t *tag, line, s string) {
	if s != "" && s[0] != ' ' {
		r.tapSetup(t, line, s)
		return
	}
	words := strings.TrimSpace(s)
	if isColumn(words) {
		r.columns(t, line, words)
		return
	}
	groups, ok := splitGroups(words, r.cols[:0])
	r.cols = groups
	if !ok {
		r.note(t, line, s, false)
		return
	}
	at := r.place.unknown()
	for _, g := range groups {
		r.column(t, TapStream, g, at, line)
	}
}

// tapSetup reads "key=value" of a tap; its numbers or words are one record.
func (r *Reader) tapSetup(t *tag, line, s string) {
	key, rest, setup := splitKey(s)
	if key == "" || !setup {
		r.note(t, line, s, false)
		return
	}
	vs, text, why := r.evaluate(nil, rest, true, r.scratch())
	if why != "" {
		r.problem(line, key+": "+why)
		return
	}
	n := r.names.get(key)
	rec := r.record(t, TapStream, n, vs, text)
	rec.At = r.place.unknown()
	r.push(rec)
}

// splitGroups reads "h -7.9 k 39.4 hkl 1 2 3": each name with the numbers
// behind it. It is not ok where a name has none, save a single word.
func splitGroups(s string, groups []column) (out []column, ok bool) {
	words := strings.Fields(s)
	if len(words) < 2 || !isLetter(words[0][0]) {
		return groups, false
	}
	if len(words) == 2 {
		return append(groups, column{words[0], words[1]}), words[1] != "="
	}
	for i, w := range words {
		switch _, num := parseFloat(w); {
		case !num && i+1 < len(words) && isLetter(w[0]):
			groups = append(groups, column{name: w})
		case !num || len(groups) == 0:
			return groups, false
		default:
			g := &groups[len(groups)-1]
			g.value = strings.TrimLeft(g.value+" "+w, " ")
		}
	}
	for _, g := range groups {
		if g.value == "" {
			return groups, false
		}
	}
	return groups, true
}
