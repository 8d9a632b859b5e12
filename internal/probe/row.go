package probe

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// value is what an expression gave: numbers as they are to be printed, or words.
type value struct {
	numbers []string
	text    string
}

// say adds words behind those that are there.
func (v *value) say(words string) { v.text = strings.TrimLeft(v.text+" "+words, " ") }

// hit is one stop at a tap.
type hit struct {
	tap    *Tap
	index  []string // of tap.index, in its order
	values []value  // of tap.Values, in its order
}

// hitOf parts what Tap.reads lists, as it was read at a stop, into the values of the tap
// and those of its index.
func (s *Spec) hitOf(t *Tap, all []value) (*hit, error) {
	h := &hit{tap: t, values: all[:len(t.Values)]}
	all = all[len(t.Values):]
	for _, x := range t.index {
		n := ""
		if x.Key != t.Each {
			var err error
			if n, err = coordinate(s, x, all[0]); err != nil {
				return nil, err
			}
			all = all[1:]
		}
		h.index = append(h.index, n)
	}
	return h, nil
}

// coordinate is an index's value, which must be one integer.
func coordinate(s *Spec, x Index, v value) (string, error) {
	if len(v.numbers) == 1 && v.text == "" {
		if n, err := strconv.ParseFloat(v.numbers[0], 64); err == nil && n == float64(int64(n)) {
			return strconv.FormatInt(int64(n), 10), nil
		}
	}
	return "", s.fail(x.Value.Line, "index %s: %s is no integer: %s", x.Key, x.Value.Text, fmt.Sprint(append(v.numbers, v.text)))
}

// rows writes hits as lines of a log.
type rows struct {
	w    *bufio.Writer
	spec *Spec
	n    int // rows written
}

// newRows begins a log. One of nanoBragg's quantities says which it holds, so that
// nobody takes the others for lost.
func newRows(w io.Writer, s *Spec) *rows {
	r := &rows{w: bufio.NewWriter(w), spec: s}
	if s.Schema == schema.NanoBragg() {
		names := map[string]bool{}
		for i := range s.Taps {
			names[s.Taps[i].info.Name] = true
		}
		note := trace.NarrowedNote("quantities=" + strings.Join(slices.Sorted(maps.Keys(names)), ","))
		fmt.Fprintf(r.w, `{"stream":%s,"key":%s,"text":%s}`+"\n", quoted(note.Stream.String()), quoted(note.Name), quoted(note.Text))
	}
	return r
}

// write writes a hit: a row, or one for each element where the tap says each.
func (r *rows) write(h *hit) error {
	t := h.tap
	if t.Each == "" {
		var all value
		for _, v := range h.values {
			all.numbers = append(all.numbers, v.numbers...)
			if v.text != "" {
				all.say(v.text)
			}
		}
		return r.row(h, "", 0, all)
	}
	n := len(h.values[0].numbers)
	for i, v := range h.values {
		if len(v.numbers) != n || n == 0 {
			return r.spec.fail(t.Values[i].Line, "%s: each: %s needs arrays of one length; %s has %d numbers, %s has %d",
				t.Quantity, t.Each, t.Values[0].Text, n, t.Values[i].Text, len(v.numbers))
		}
	}
	for i := range n {
		var one value
		for _, v := range h.values {
			one.numbers = append(one.numbers, v.numbers[i])
		}
		if err := r.row(h, t.Each, i, one); err != nil {
			return err
		}
	}
	return nil
}

// place is the index of a row: keys and values, in the order of the tap.
func (h *hit) place(each string, i int) (keys, values []string) {
	for j, x := range h.tap.index {
		if x.Key != each {
			keys, values = append(keys, x.Key), append(values, h.index[j])
		}
	}
	if each != "" {
		keys, values = append(keys, each), append(values, strconv.Itoa(i))
	}
	return keys, values
}

func (r *rows) row(h *hit, each string, i int, v value) error {
	if err := r.check(h.tap, v); err != nil {
		return err
	}
	keys, values := h.place(each, i)
	r.n++
	switch s := r.spec.Schema; {
	case s == schema.NanoBragg():
		return r.nanoBragg(h.tap, keys, values, v)
	case s != nil && !s.Free:
		return r.pairs(h.tap, keys, values, v)
	}
	return r.object(h.tap, keys, values, v)
}

// check refuses a number of values that the reader would not take.
func (r *rows) check(t *Tap, v value) error {
	if len(v.numbers) == 0 && v.text == "" {
		return r.spec.fail(t.Line, "%s has no value at %s", t.Quantity, t.At)
	}
	if len(v.numbers) > 0 && v.text != "" {
		return r.spec.fail(t.Line, "%s has numbers and words at %s: %s and %s; give each a tap of its own", t.Quantity, t.At, v.numbers[0], v.text)
	}
	if t.info == nil || t.info.Any || t.info.Kind == schema.Text {
		return nil
	}
	if want := t.info.Kind.Components(); want > 0 && len(v.numbers) != want {
		return r.spec.fail(t.Line, "%s is %s, and its value at %s has %d", t.Quantity, schema.ShapeWords(t.info), t.At, len(v.numbers))
	}
	return nil
}

// nanoBragg writes a line as trace.NewJSONL does, with the source's line besides.
func (r *rows) nanoBragg(t *Tap, keys, values []string, v value) error {
	fmt.Fprintf(r.w, `{"stream":%s,"key":%s`, quoted(t.stream), quoted(t.info.Name))
	at := map[string]string{}
	for i, k := range keys {
		at[k] = values[i]
	}
	if at["slow"] != "" && at["fast"] != "" {
		fmt.Fprintf(r.w, `,"pixel":[%s,%s]`, at["slow"], at["fast"])
	}
	for _, k := range keys {
		if k != "slow" && k != "fast" {
			fmt.Fprintf(r.w, `,%s:%s`, quoted(k), at[k])
		}
	}
	if len(v.numbers) > 0 {
		fmt.Fprintf(r.w, `,"values":[%s]`, strings.Join(inJSON(v.numbers), ","))
	}
	if v.text != "" {
		fmt.Fprintf(r.w, `,"text":%s`, quoted(v.text))
	}
	_, err := fmt.Fprintf(r.w, `,"at":%s}`+"\n", quoted(t.At.String()))
	return err
}

// object writes a line for readers that know no schema: names and numbers.
func (r *rows) object(t *Tap, keys, values []string, v value) error {
	r.w.WriteByte('{')
	for i, k := range keys {
		fmt.Fprintf(r.w, `%s:%s,`, quoted(k), values[i])
	}
	switch numbers := inJSON(v.numbers); {
	case v.text != "":
		fmt.Fprintf(r.w, `%s:%s`, quoted(t.Quantity), quoted(v.text))
	case len(numbers) == 1:
		fmt.Fprintf(r.w, `%s:%s`, quoted(t.Quantity), numbers[0])
	default:
		fmt.Fprintf(r.w, `%s:[%s]`, quoted(t.Quantity), strings.Join(numbers, ","))
	}
	_, err := fmt.Fprintf(r.w, `,"at":%s}`+"\n", quoted(t.At.String()))
	return err
}

// pairs writes a line for a schema file's reader: step=1 force=-3 at=md.c:12.
func (r *rows) pairs(t *Tap, keys, values []string, v value) error {
	if p := r.spec.Schema.Prefixes; len(p) > 0 {
		fmt.Fprintf(r.w, "%s ", p[0])
	}
	for i, k := range keys {
		fmt.Fprintf(r.w, "%s=%s ", k, values[i])
	}
	text := strings.Join(v.numbers, " ")
	if v.text != "" {
		text = v.text
	}
	_, err := fmt.Fprintf(r.w, "%s=%s at=%s\n", t.info.Name, text, t.At)
	return err
}

func quoted(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string always can be
	return strings.TrimSuffix(b.String(), "\n")
}

// inJSON writes what JSON has no number for as Python does.
func inJSON(numbers []string) []string {
	out := make([]string, len(numbers))
	for i, n := range numbers {
		switch strings.ToLower(n) {
		case "nan", "-nan":
			n = "NaN"
		case "inf":
			n = "Infinity"
		case "-inf":
			n = "-Infinity"
		}
		out[i] = n
	}
	return out
}
