package trace

import "strings"

// textJSON reads an object on a line of its own; false where it is none. Objects
// within name what they hold: {"a": {"b": 1}} is a.b.
func (r *Reader) textJSON(s, body string) bool {
	indent := strings.Index(s, body)
	p := jsonWalker{jsonParser: jsonParser{s: s[:indent+len(body)], i: indent}, r: r}
	if r.text.trail != nil {
		p.shown = []byte(s)
	}
	before := len(r.block.Records)
	if !p.value("") || p.blanksToEnd() {
		r.block.Records = r.block.Records[:before]
		return false
	}
	r.text.noteBody(string(p.shown))
	if p.source != "" {
		r.setSource(before, r.sourceLine(p.source))
	}
	r.block.TraceLines++
	return true
}

// jsonWalker walks over a JSON value.
type jsonWalker struct {
	jsonParser
	r      *Reader
	source string      // the program's line, which the object gives as "at"
	one    [1]numberAt // a number that stands by itself
	list   []numberAt  // those of a list
	shown  []byte      // the line without the digits of its words, where it is learnt
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
		from := p.i
		word, err := p.word()
		v, number := 0.0, false
		if word != "" && !isLetter(word[0]) {
			v, number = parseFloat(word)
		}
		switch {
		case name == sourceKey:
			p.source = word
		case number && p.i-from == len(word)+2:
			p.one[0] = numberAt{from: from + 1, to: p.i - 1, value: v} // in quotes
			p.add(name, p.one[:])
		default:
			p.hideDigits(from)
		}
		return err == nil
	}
	from := p.i
	x, ok := p.number()
	if ok {
		p.one[0] = x
		p.add(name, p.one[:])
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
	p.list = p.list[:0]
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
		p.list = append(p.list, x)
		p.blanks()
		if !p.next(',') {
			if p.next(']') {
				break
			}
			return false
		}
	}
	if len(p.list) > 0 {
		p.add(name, p.list)
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
	v, ok := quickFloat(p.token())
	return numberAt{from: from, to: p.i, value: v}, ok
}

// hideDigits takes what a word says that began at from for of no account: times and
// names, of which no number is read.
func (p *jsonWalker) hideDigits(from int) {
	if p.shown == nil {
		return
	}
	for i := from; i < p.i; i++ {
		if p.shown[i]-'0' <= 9 {
			p.shown[i] = ' '
		}
	}
}

// add makes a record, or moves to another place.
func (p *jsonWalker) add(name string, list []numberAt) {
	t := p.r.text
	t.scratch = append(t.scratch[:0], name...)
	p.r.put(p.r.named(t.scratch, -1), p.s, list)
}
