package probe

import (
	"errors"
	"strings"
)

// record is a line that gdb writes in its machine interface: results, a stop of the
// program, or text meant for people.
type record struct {
	token string
	kind  byte   // '^' result, '*' the program's state, '=' notice, '~' '@' '&' text
	class string // done, error, running, stopped; the text itself where it is text
	vars  tuple
}

// tuple is a set of results by name.
type tuple map[string]any

// str is a string among the results, "" for none.
func (t tuple) str(name string) string {
	s, _ := t[name].(string)
	return s
}

// list is the list of tuples of that name.
func (t tuple) list(name string) []tuple {
	all, _ := t[name].([]any)
	var out []tuple
	for _, x := range all {
		if m, ok := x.(tuple); ok {
			out = append(out, m)
		}
	}
	return out
}

var errMI = errors.New("gdb writes what is not its machine interface")

// parseMI reads a line. The prompt is a record of kind 0.
func parseMI(line string) (record, error) {
	line = strings.TrimRight(line, "\r\n ")
	if line == "(gdb)" || line == "" {
		return record{}, nil
	}
	n := 0
	for n < len(line) && line[n] >= '0' && line[n] <= '9' {
		n++
	}
	r := record{token: line[:n]}
	if n == len(line) {
		return r, errMI
	}
	r.kind = line[n]
	p := miParser{line[n+1:]}
	switch r.kind {
	case '~', '@', '&':
		text, err := p.text()
		r.class = text
		return r, err
	case '^', '*', '=', '+':
	default:
		return r, errMI
	}
	r.class, p.s, _ = strings.Cut(p.s, ",")
	r.vars = tuple{}
	return r, p.results(r.vars, 0)
}

type miParser struct{ s string }

// text reads a C string.
func (p *miParser) text() (string, error) {
	if !strings.HasPrefix(p.s, `"`) {
		return "", errMI
	}
	var b strings.Builder
	for i := 1; i < len(p.s); i++ {
		switch c := p.s[i]; c {
		case '"':
			p.s = p.s[i+1:]
			return b.String(), nil
		case '\\':
			i++
			if i == len(p.s) {
				return "", errMI
			}
			i += escape(&b, p.s[i:])
		default:
			b.WriteByte(c)
		}
	}
	return "", errMI
}

// escape writes what stands behind a backslash, and returns how many bytes beyond the
// first it took.
func escape(b *strings.Builder, s string) int {
	switch c := s[0]; {
	case c == 'n':
		b.WriteByte('\n')
	case c == 't':
		b.WriteByte('\t')
	case c == 'r':
		b.WriteByte('\r')
	case c == 'e':
		b.WriteByte(27)
	case c >= '0' && c <= '7':
		n, code := 0, 0
		for n < 3 && n < len(s) && s[n] >= '0' && s[n] <= '7' {
			code = code*8 + int(s[n]-'0')
			n++
		}
		b.WriteByte(byte(code))
		return n - 1
	default:
		b.WriteByte(c)
	}
	return 0
}

// results reads name=value,… up to a closing byte, or to the end for 0.
func (p *miParser) results(into tuple, closing byte) error {
	for p.s != "" && (closing == 0 || p.s[0] != closing) {
		name, rest, ok := strings.Cut(p.s, "=")
		if !ok {
			return errMI
		}
		p.s = rest
		v, err := p.value()
		if err != nil {
			return err
		}
		into[name] = v
		p.s = strings.TrimPrefix(p.s, ",")
	}
	return p.close(closing)
}

func (p *miParser) close(closing byte) error {
	if closing == 0 {
		return nil
	}
	if p.s == "" || p.s[0] != closing {
		return errMI
	}
	p.s = p.s[1:]
	return nil
}

func (p *miParser) value() (any, error) {
	if p.s == "" {
		return nil, errMI
	}
	switch p.s[0] {
	case '"':
		return p.text()
	case '{':
		p.s = p.s[1:]
		t := tuple{}
		return t, p.results(t, '}')
	case '[':
		p.s = p.s[1:]
		return p.elements()
	}
	return nil, errMI
}

// elements reads a list, of values or of results, whose names are left out.
func (p *miParser) elements() (any, error) {
	var out []any
	for p.s != "" && p.s[0] != ']' {
		if c := p.s[0]; c != '"' && c != '{' && c != '[' {
			_, rest, ok := strings.Cut(p.s, "=")
			if !ok {
				return nil, errMI
			}
			p.s = rest
		}
		v, err := p.value()
		if err != nil {
			return nil, err
		}
		out = append(out, v)
		p.s = strings.TrimPrefix(p.s, ",")
	}
	return out, p.close(']')
}
