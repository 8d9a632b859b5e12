package trace

import (
	"io"
	"strconv"
	"strings"

	"simtrace/pkg/trace/schema"
)

// Form says how another program prints its quantities: lines of "key value",
// "key: value" or "key=value", of the latter several in a line. What it reads
// are records of TapStream that have no key of the schema.
type Form struct {
	// Prefixes are what a trace line may begin with. Every line that does is a
	// trace, and a quantity that is not declared is read as any numbers. Without
	// any, a line is a trace where it names what is declared, and other lines
	// are the program's own business.
	Prefixes []string
	// Declared are the quantities, by each of their names.
	Declared map[string]Declared
	// Index are the keys whose values place the records behind them, by name;
	// the number is the key's depth: an outer one ends the inner ones.
	Index map[string]int
	// Place turns the values of the index keys, by depth and "" where there is
	// none, into the number that Where.Domain gets.
	Place func(values []string) int
}

// Declared is a quantity of a Form.
type Declared struct {
	Name string // that its records get, whichever of its names is printed
	Unit string // that may stand behind its numbers
	Kind schema.Kind
	Any  bool // any numbers: Kind says nothing
	// Inner is how many of the inner index keys do not place it: a sum over the
	// cells of a step belongs to the step, wherever it is printed.
	Inner int
}

// ReadForm is Read for a log of another program.
func ReadForm(r io.Reader, name string, f *Form) (*Log, error) {
	rd := NewReader(r, name)
	rd.form = &former{Form: f, at: make([]string, len(f.Index)), place: -1, tags: map[string]*tag{}}
	return rd.log(name)
}

// former is a Form with what was read by it.
type former struct {
	*Form
	at    []string // values of the index keys
	place int
	tags  map[string]*tag
}

// strip drops the prefix of a trace line.
func (f *former) strip(s string) (prefix, body string, ok bool) {
	s = trimBlanks(s)
	for _, p := range f.Prefixes {
		body, found := strings.CutPrefix(s, p)
		if !found || len(p) < len(prefix) || body != "" && isWordByte(p[len(p)-1]) && isWordByte(body[0]) {
			continue
		}
		prefix, ok = p, true
	}
	if !ok {
		return "", s, len(f.Prefixes) == 0
	}
	return prefix, strings.TrimLeft(s[len(prefix):], " \t:"), true
}

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
	pairs := splitPairs(body)
	if prefix == "" && !f.names(pairs) {
		return false
	}
	r.traceLines++
	if len(pairs) == 0 {
		r.problem(s, "no key with a value")
	}
	for _, p := range pairs {
		depth, isIndex := f.Index[p.key]
		_, declared := f.Declared[p.key]
		switch {
		case isIndex:
			r.indexed(depth, p, s)
		case declared || prefix != "":
			r.foreign(t, p, s)
		}
	}
	return true
}

// names tells whether one of the keys is declared.
func (f *former) names(pairs []keyValue) bool {
	for _, p := range pairs {
		if _, ok := f.Index[p.key]; ok {
			return true
		}
		if _, ok := f.Declared[p.key]; ok {
			return true
		}
	}
	return false
}

// indexed moves to another place. Numbers are the same however they are printed.
func (r *Reader) indexed(depth int, p keyValue, line string) {
	if p.value == "" || strings.ContainsAny(p.value, " \t") {
		r.problem(line, p.key+": one value places what follows, not "+quoted(p.value))
		return
	}
	f, value := r.form, p.value
	if v, ok := parseFloat(value); ok {
		value = strconv.FormatFloat(v, 'g', -1, 64)
	}
	f.at[depth] = cloned(value)
	clear(f.at[depth+1:])
	f.place = f.Place(f.at)
}

// foreign reads a quantity of another program.
func (r *Reader) foreign(t *tag, p keyValue, line string) {
	d, known := r.form.Declared[p.key]
	if !known {
		d = Declared{Name: p.key, Any: true}
	}
	value, unit := p.value, ""
	if head, ok := strings.CutSuffix(value, d.Unit); ok && d.Unit != "" && strings.TrimSpace(head) != "" && !isWordByte(head[len(head)-1]) {
		value, unit = strings.TrimSpace(head), d.Unit
	}
	vs, text, why := evaluate(!d.Any, d.Kind, value, p.assigned && !known, r.scratch())
	if why == "" && len(vs) == 0 && d.Any && known && !isPlainWord(text) {
		why = "no number"
	}
	if why != "" {
		r.problem(line, p.key+": "+why)
		return
	}
	if text == "" {
		text = unit
	}
	n := r.names.get(d.Name)
	rec := r.record(t, TapStream, n, vs, text)
	rec.At.Domain = r.form.placeOf(d)
	r.push(rec, n)
}

// placeOf is where a quantity belongs that is printed here.
func (f *former) placeOf(d Declared) int {
	outer := len(f.at) - d.Inner
	if d.Inner == 0 || f.place < 0 {
		return f.place
	}
	at := make([]string, len(f.at))
	copy(at, f.at[:outer])
	if strings.Join(at, "") == "" {
		return -1
	}
	return f.Place(at)
}

// keyValue is one quantity of a line.
type keyValue struct {
	key, value string
	assigned   bool // by "="
}

// splitPairs parts "key value", "key: value" and "a=1 b = 2, c=[3, 4]".
func splitPairs(s string) []keyValue {
	s = strings.TrimSpace(s)
	first, rest := field(s)
	if first == "" || !isLetter(first[0]) {
		return nil
	}
	if _, ok := assignedKey(first, rest); !ok {
		key := strings.TrimSuffix(first, ":")
		value := trimBlanks(rest)
		if key == "" || value == "" || strings.HasPrefix(value, "==") {
			return nil
		}
		return []keyValue{{key: key, value: value}}
	}
	var out []keyValue
	for s != "" {
		first, rest := field(s)
		key, _ := assignedKey(first, rest)
		_, value, _ := strings.Cut(s, "=")
		end := nextAssigned(value)
		out = append(out, keyValue{key, strings.TrimRight(value[:end], ",; \t"), true})
		s = value[end:]
	}
	for i := range out {
		out[i].value = strings.TrimSpace(out[i].value)
	}
	return out
}

// nextAssigned is where the next "key=" begins, or the end.
func nextAssigned(s string) int {
	for at := 0; at < len(s); {
		f, rest := field(s[at:])
		at = len(s) - len(rest) - len(f)
		if _, ok := assignedKey(f, rest); ok {
			return at
		}
		at += len(f)
	}
	return len(s)
}

// field is the text up to the next blank, and what follows.
func field(s string) (first, rest string) {
	s = trimBlanks(s)
	if i := strings.IndexAny(s, " \t"); i >= 0 {
		return s[:i], s[i:]
	}
	return s, ""
}

// assignedKey is the key of "key=value" or "key =", of which first is the first
// field.
func assignedKey(first, rest string) (string, bool) {
	key, after, ok := strings.Cut(first, "=")
	if !ok {
		rest = trimBlanks(rest)
		after, ok = strings.CutPrefix(rest, "=")
	}
	if !ok || key == "" || strings.HasPrefix(after, "=") || !isLetter(key[0]) || strings.ContainsAny(key, "\"'`(){}<>,;") {
		return "", false
	}
	return key, true
}
