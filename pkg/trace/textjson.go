package trace

import "strings"

// textJSON reads an object on a line of its own; false where it is none. Objects
// within name what they hold: {"a": {"b": 1}} is a.b.
func (r *Reader) textJSON(s string) bool {
	p := jsonWalker{jsonParser: jsonParser{s: s}, r: r, line: s}
	before := len(r.block.Records)
	if !p.value("") || p.blanksToEnd() {
		r.block.Records = r.block.Records[:before]
		return false
	}
	for i := before; i < len(r.block.Records); i++ {
		r.block.Records[i].Pos.Source = r.sourceLine(p.source)
	}
	r.block.TraceLines++
	return true
}

// jsonWalker walks over a JSON value.
type jsonWalker struct {
	jsonParser
	r      *Reader
	line   string
	source string // the program's line, which the object gives as "at"
}

func (p *jsonWalker) blanksToEnd() bool {
	p.blanks()
	return p.i < len(p.s)
}

// value walks over a value that has a name; false where it is not JSON.
func (p *jsonWalker) value(name string) bool {
	p.blanks()
	if p.i == len(p.s) {
		return false
	}
	switch p.s[p.i] {
	case '{':
		return p.object(name)
	case '[':
		return p.array(name)
	case '"':
		word, err := p.word()
		if name == sourceKey {
			p.source = word
		}
		return err == nil
	}
	from := p.i
	x, ok := p.number()
	if ok {
		p.add(name, []numberAt{x})
		return true
	}
	p.i = from
	for _, w := range [...]string{"true", "false", "null"} {
		if strings.HasPrefix(p.s[p.i:], w) {
			p.i += len(w)
			return true
		}
	}
	return false
}

func (p *jsonWalker) object(name string) bool {
	p.i++
	p.blanks()
	if p.next('}') {
		return true
	}
	for {
		p.blanks()
		key, err := p.word()
		if err != nil {
			return false
		}
		p.blanks()
		if !p.next(':') {
			return false
		}
		if name != "" {
			key = name + "." + key
		}
		if !p.value(key) {
			return false
		}
		p.blanks()
		if p.next(',') {
			continue
		}
		return p.next('}')
	}
}

// array walks over a list; one of numbers alone is one quantity.
func (p *jsonWalker) array(name string) bool {
	from := p.i
	p.i++
	var list []numberAt
	for {
		p.blanks()
		if p.next(']') {
			break
		}
		x, ok := p.number()
		if !ok {
			p.i = from
			return p.mixed(name)
		}
		list = append(list, x)
		p.blanks()
		if !p.next(',') {
			if p.next(']') {
				break
			}
			return false
		}
	}
	if len(list) > 0 {
		p.add(name, list)
	}
	return true
}

// mixed walks over a list whose elements are values of any kind.
func (p *jsonWalker) mixed(name string) bool {
	p.i++
	for n := 0; ; n++ {
		p.blanks()
		if p.next(']') {
			return true
		}
		if !p.value(name + rowName(n)) {
			return false
		}
		p.blanks()
		if p.next(',') {
			continue
		}
		return p.next(']')
	}
}

// number reads a number, with the words that Python prints for what JSON lacks.
func (p *jsonWalker) number() (numberAt, bool) {
	from := p.i
	for p.i < len(p.s) && strings.IndexByte(",]} \t", p.s[p.i]) < 0 {
		p.i++
	}
	v, ok := parseFloat(p.s[from:p.i])
	return numberAt{from, p.i, v}, ok
}

// add makes a record, or moves to another place.
func (p *jsonWalker) add(name string, list []numberAt) {
	t := p.r.text
	t.scratch = append(t.scratch[:0], name...)
	p.r.put(p.r.named(t.scratch, -1), p.line, list)
}
