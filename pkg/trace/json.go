package trace

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"simtrace/pkg/trace/schema"
)

// sourceKey is under which a log says what line of the program's source a record is of.
const sourceKey = "at"

// sourceLine is a line of the program's source, in memory of its own: the lines of a
// log are overwritten, and name few.
func (r *Reader) sourceLine(s string) string {
	if s == "" {
		return ""
	}
	if own, ok := r.sourceLines[s]; ok {
		return own
	}
	if r.sourceLines == nil || len(r.sourceLines) == maxSourceLines {
		r.sourceLines = map[string]string{}
	}
	own := strings.Clone(s)
	r.sourceLines[own] = own
	return own
}

// maxSourceLines is how many lines of the source are kept.
const maxSourceLines = 10000

// jsonStart is how a line of NewJSONL begins, and of any writer that puts the
// stream first.
const jsonStart = `{"stream"`

// jsonRecord is a Record as a JSON line; coordinates that are not known are left
// out.
type jsonRecord struct {
	stream, key, tag, text string
	source                 string // the program's line, under "at"
	at                     schema.Coord
	names                  []string
}

// json reads a line that NewJSONL wrote. Its places are taken as they stand.
func (r *Reader) json(line string) {
	if r.knownJSON(line) {
		return
	}
	r.block.TraceLines++
	vs := r.scratch()
	j := jsonRecord{at: schema.Nowhere}
	p := jsonParser{s: line, i: 1}
	if r.jsons.learns() {
		r.jsons.holes = r.jsons.holes[:0]
		p.holes = &r.jsons.holes
	}
	vs, err := p.record(&j, vs)
	held := len(r.block.Records)
	if err == nil {
		err = r.fromJSON(&j, vs)
	}
	if err != nil {
		r.problem(line, "JSON: "+err.Error())
	} else if p.holes != nil && len(r.block.Records) > held {
		r.learnJSON(line, &r.block.Records[held])
	}
}

// fromJSON adds the record that j is.
func (r *Reader) fromJSON(j *jsonRecord, vs []Value) error {
	stream, ok := streamByName(j.stream)
	switch {
	case !ok:
		return fmt.Errorf("no such stream: %q", j.stream)
	case j.key == "" && stream != NoteStream:
		return fmt.Errorf("no key")
	case len(j.names) > 0 && len(j.names) != len(vs):
		return fmt.Errorf("%d names for %d values", len(j.names), len(vs))
	case len(vs) == 0 && j.text == "" && stream != NoteStream:
		return fmt.Errorf("neither values nor text")
	}
	if stream == NoteStream && j.key == narrowedKey {
		r.block.Narrowed = strings.Clone(strings.TrimSpace(j.text))
		return nil
	}
	for i, n := range j.names {
		vs[i].Name = n
	}
	n := r.names.get(j.key)
	switch {
	case stream == NoteStream:
		n = r.names.label(j.key)
	case stream == TricubicStream && isTricubicCell(j.key):
		n = r.names.cell(j.key[len(tricubicName):])
	}
	if q := r.names.all.Schema.Info(n.in(stream)); q != nil && len(vs) > 0 {
		kind := q.Kind
		if n.cell {
			kind = schema.Scalar
		}
		if why := wrongCount(kind, len(vs)); why != "" {
			return fmt.Errorf("%s: %s", j.key, why)
		}
	}
	rec := r.record(r.names.tag(j.tag), stream, n, vs, j.text)
	run := rec.At[schema.Run]
	r.setSource(len(r.block.Records)-1, r.sourceLine(j.source))
	rec.At = j.at
	for i, by := range r.opt.Shift {
		rec.At[i] = shifted(rec.At[i], by)
	}
	rec.At[schema.Run] = run
	r.push(rec)
	return nil
}

func isTricubicCell(key string) bool {
	index, ok := strings.CutPrefix(key, tricubicName)
	return ok && isCell(index)
}

func streamByName(name string) (Stream, bool) {
	for i, n := range streamNames {
		if n == name {
			return Stream(i), true
		}
	}
	return 0, false
}

// jsonParser reads one flat object; a key that stands twice is an error, since
// nobody knows which of the two is meant.
type jsonParser struct {
	s     string
	i     int
	holes *[]jsonHole // nil where nobody asks where the numbers stand
}

// narrowedKey is the note that says what a log is narrowed to.
const narrowedKey = "narrowed"

// NarrowedNote is the record that says what a log is narrowed to, "stages=…
// phi=…": a comparison then takes nothing else of it for lost.
func NarrowedNote(text string) Record {
	return Record{Kind: &Kind{Tag: "TRACE_NOTE", Stream: NoteStream, Name: narrowedKey}, At: schema.Nowhere, Text: " " + text}
}

// jsonCoords are the keys that place a record.
var jsonCoords = map[string]int{
	"layer": schema.Layer, "sub": schema.Sub, "source": schema.Source, "domain": schema.Domain, "phi": schema.Phi,
}

func (p *jsonParser) record(j *jsonRecord, vs []Value) ([]Value, error) {
	var few [16]string // enough for what is written here
	var more map[string]bool
	for n := 0; ; n++ {
		p.blanks()
		if n == 0 && p.next('}') {
			break
		}
		key, err := p.word()
		if err != nil {
			return vs, err
		}
		if slices.Contains(few[:min(n, len(few))], key) || more[key] {
			return vs, fmt.Errorf("the key %q stands twice", key)
		}
		switch {
		case n < len(few):
			few[n] = key
		case more == nil:
			more = map[string]bool{key: true}
		default:
			more[key] = true
		}
		p.blanks()
		if !p.next(':') {
			return vs, p.fail("a colon")
		}
		p.blanks()
		if vs, err = p.field(j, key, vs); err != nil {
			return vs, err
		}
		p.blanks()
		if p.next(',') {
			continue
		}
		if p.next('}') {
			break
		}
		return vs, p.fail("a comma or a brace")
	}
	if p.blanks(); p.i < len(p.s) {
		return vs, fmt.Errorf("text behind the object")
	}
	return vs, nil
}

func (p *jsonParser) field(j *jsonRecord, key string, vs []Value) (_ []Value, err error) {
	switch key {
	case "stream":
		j.stream, err = p.word()
	case "key":
		j.key, err = p.word()
	case "tag":
		j.tag, err = p.word()
	case "text":
		j.text, err = p.word()
	case sourceKey:
		if p.i < len(p.s) && p.s[p.i] != '"' {
			return vs, p.skip()
		}
		j.source, err = p.word()
	case "pixel":
		var room [2]Value
		at := room[:0]
		if at, err = p.values(at); err == nil && len(at) != 2 {
			err = fmt.Errorf("pixel: two numbers belong there")
		}
		if p.holes != nil && err == nil {
			places := (*p.holes)[len(*p.holes)-2:]
			places[0].role, places[1].role = schema.Slow, schema.Fast
		}
		if err == nil {
			j.at[schema.Slow], err = coordinate(at[0].Num)
		}
		if err == nil {
			j.at[schema.Fast], err = coordinate(at[1].Num)
		}
	case "names":
		j.names, err = p.words()
	case "values":
		vs, err = p.values(vs)
	default:
		i, ok := jsonCoords[key]
		if !ok {
			return vs, p.skip()
		}
		var v Value
		if v, err = p.value(i); err == nil {
			j.at[i], err = coordinate(v.Num)
		}
	}
	return vs, err
}

func coordinate(v float64) (int32, error) {
	if v != math.Trunc(v) || v < -1 || v > math.MaxInt32 {
		return -1, fmt.Errorf("%g is no coordinate", v)
	}
	return int32(v), nil
}

func (p *jsonParser) blanks() {
	for p.i < len(p.s) && (p.s[p.i] == ' ' || p.s[p.i] == '\t') {
		p.i++
	}
}

func (p *jsonParser) next(c byte) bool {
	if p.i < len(p.s) && p.s[p.i] == c {
		p.i++
		return true
	}
	return false
}

func (p *jsonParser) fail(what string) error {
	return fmt.Errorf("%s belongs at byte %d", what, p.i+1)
}

// word reads a string.
func (p *jsonParser) word() (string, error) {
	if !p.next('"') {
		return "", p.fail("a string")
	}
	from := p.i
	for p.i < len(p.s) {
		switch p.s[p.i] {
		case '"':
			p.i++
			return p.s[from : p.i-1], nil
		case '\\':
			return p.escaped(from)
		}
		p.i++
	}
	return "", fmt.Errorf("a string is not closed")
}

// escaped reads a string with escapes from its beginning.
func (p *jsonParser) escaped(from int) (string, error) {
	for p.i < len(p.s) && p.s[p.i] != '"' {
		if p.s[p.i] == '\\' {
			p.i++
		}
		p.i++
	}
	if p.i >= len(p.s) {
		return "", fmt.Errorf("a string is not closed")
	}
	p.i++
	var out string
	err := json.Unmarshal([]byte(p.s[from-1:p.i]), &out)
	return out, err
}

func (p *jsonParser) words() (out []string, err error) {
	err = p.list(func() error {
		w, err := p.word()
		out = append(out, w)
		return err
	})
	return out, err
}

func (p *jsonParser) values(dst []Value) ([]Value, error) {
	err := p.list(func() error {
		v, err := p.value(isValue)
		dst = append(dst, v)
		return err
	})
	return dst, err
}

func (p *jsonParser) list(element func() error) error {
	if !p.next('[') {
		return p.fail("a list")
	}
	p.blanks()
	if p.next(']') {
		return nil
	}
	for {
		p.blanks()
		if err := element(); err != nil {
			return err
		}
		p.blanks()
		if p.next(']') {
			return nil
		}
		if !p.next(',') {
			return p.fail("a comma or a bracket")
		}
	}
}

// value reads a number, or one of the words that JSON has no number for. null is
// no number.
func (p *jsonParser) value(role int) (Value, error) {
	from := p.i
	if p.i < len(p.s) && p.s[p.i] == '"' {
		text, err := p.word()
		if err != nil {
			return Value{}, err
		}
		v, ok := parseFloat(text)
		if !ok || !math.IsNaN(v) && !math.IsInf(v, 0) {
			return Value{}, fmt.Errorf("not a number: %q", text)
		}
		p.note(from, role)
		return Value{Num: v, Text: text}, nil
	}
	text := p.token()
	v, ok := quickFloat(text)
	if !ok {
		return Value{}, fmt.Errorf("not a number: %s", strconv.Quote(text))
	}
	p.note(from, role)
	return Value{Num: v, Text: text}, nil
}

// token is what stands up to the end of a number.
func (p *jsonParser) token() string {
	from := p.i
	for !endsJSON(p.s, p.i) {
		p.i++
	}
	return p.s[from:p.i]
}

// endsJSON tells whether a number ends before byte i.
func endsJSON(s string, i int) bool {
	if i >= len(s) {
		return true
	}
	switch s[i] {
	case ',', ']', '}', ' ', '\t':
		return true
	}
	return false
}

// skip passes over a value of a key that nobody reads.
func (p *jsonParser) skip() error {
	if p.i < len(p.s) && p.s[p.i] == '"' {
		_, err := p.word()
		return err
	}
	d := json.NewDecoder(strings.NewReader(p.s[p.i:]))
	var any json.RawMessage
	if err := d.Decode(&any); err != nil {
		return err
	}
	p.i += int(d.InputOffset())
	return nil
}
