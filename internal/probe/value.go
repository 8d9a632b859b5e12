package probe

import (
	"fmt"
	"strings"
)

// What gdb prints for values: with 17 digits for a double and 9 for a float, which give
// the number back exactly.
var (
	gdbNumber  = pattern(`^[-+]?(\d+\.?\d*([eE][-+]?\d+)?|\.\d+([eE][-+]?\d+)?|inf|nan)`)
	gdbPayload = pattern(`^\(0x[0-9a-fA-F]+\)`)
	gdbField   = pattern(`^(<[^<>={}]+>|[A-Za-z_][A-Za-z0-9_:]*) = `)
	gdbPointer = pattern(`^(\(.*\*.*\) )?0x[0-9a-fA-F]+( <[^>]*>)?`)
	gdbTruth   = pattern(`^(true\b|false\b|\.TRUE\.|\.FALSE\.)`)
	gdbWord    = pattern(`^[A-Za-z_][A-Za-z0-9_:]*`)
	gdbHead    = pattern(`^std::[^{}]* = \{`)
)

// gdbValue reads what gdb prints for an expression: a number, words, or any nesting of
// arrays and structures, whose numbers are taken in the order of printing.
func gdbValue(s string) (value, error) {
	p := gdbParser{s: s}
	err := p.item()
	if err == nil && strings.TrimSpace(p.s) != "" {
		err = fmt.Errorf("no number: %s", shortened(s))
	}
	return p.out, err
}

func shortened(s string) string {
	if len(s) > 60 {
		return s[:60] + "…"
	}
	return s
}

type gdbParser struct {
	s   string
	out value
}

func (p *gdbParser) item() error {
	p.s = strings.TrimLeft(p.s, " ")
	if m := gdbField().FindString(p.s); m != "" {
		p.s = p.s[len(m):]
	}
	if m := gdbHead().FindString(p.s); m != "" { // a container that libstdc++'s printers show
		p.s = p.s[len(m)-1:]
	}
	switch {
	case strings.HasPrefix(p.s, "<optimized out>"):
		return errOptimised
	case strings.HasPrefix(p.s, "<"):
		return fmt.Errorf("cannot be read: %s", strings.Trim(shortened(p.s), "<>"))
	case strings.HasPrefix(p.s, "{"):
		return p.list('}')
	case gdbPointer().MatchString(p.s):
		return p.pointer()
	case strings.HasPrefix(p.s, "("):
		return p.list(')')
	case strings.HasPrefix(p.s, `"`):
		return p.words()
	}
	return p.scalar()
}

func (p *gdbParser) list(closing byte) error {
	p.s = strings.TrimLeft(p.s[1:], " ")
	if p.s != "" && p.s[0] == closing {
		p.s = p.s[1:]
		return nil
	}
	for {
		if err := p.item(); err != nil {
			return err
		}
		p.s = strings.TrimLeft(p.s, " ")
		switch {
		case p.s == "":
			return fmt.Errorf("a list that does not end")
		case p.s[0] == closing:
			p.s = p.s[1:]
			return nil
		case p.s[0] != ',':
			return fmt.Errorf("no number: %s", shortened(p.s))
		}
		p.s = p.s[1:]
	}
}

// pointer reads a pointer: one to characters is words, another is no value.
func (p *gdbParser) pointer() error {
	m := gdbPointer().FindString(p.s)
	if rest := strings.TrimLeft(p.s[len(m):], " "); strings.HasPrefix(rest, `"`) {
		p.s = rest
		return p.words()
	}
	return fmt.Errorf("a pointer: write *NAME for what it points to, or NAME[0]@N for N elements")
}

// words reads a string; characters behind its end, a NUL, are left out.
func (p *gdbParser) words() error {
	for i := 1; i < len(p.s); i++ {
		switch p.s[i] {
		case '\\':
			i++
		case '"':
			text, _, _ := strings.Cut(p.s[1:i], `\000`)
			p.out.say(text)
			p.s = p.s[i+1:]
			return nil
		}
	}
	return fmt.Errorf("a string that does not end")
}

func (p *gdbParser) scalar() error {
	if m := gdbNumber().FindString(p.s); m != "" {
		p.s = p.s[len(m):]
		p.s = p.s[len(gdbPayload().FindString(p.s)):]
		p.out.numbers = append(p.out.numbers, m)
		return p.behind()
	}
	if m := gdbTruth().FindString(p.s); m != "" {
		p.s = p.s[len(m):]
		n := "0"
		if strings.EqualFold(strings.Trim(m, "."), "true") {
			n = "1"
		}
		p.out.numbers = append(p.out.numbers, n)
		return nil
	}
	if m := gdbWord().FindString(p.s); m != "" { // an enumerator
		p.s = p.s[len(m):]
		p.out.say(m)
		return nil
	}
	return fmt.Errorf("no number: %s", shortened(p.s))
}

// imaginary is what follows the real part of a complex number.
var imaginary = pattern(`^ ([-+]) ([^ ]+?)i`)

// behind reads what may stand behind a number: its character, or an imaginary part.
func (p *gdbParser) behind() error {
	if strings.HasPrefix(p.s, " '") {
		for i := 2; i < len(p.s); i++ {
			if p.s[i] == '\\' {
				i++
			} else if p.s[i] == '\'' {
				p.s = p.s[i+1:]
				return nil
			}
		}
	}
	if m := imaginary().FindStringSubmatch(p.s); m != nil && gdbNumber().MatchString(m[2]) {
		p.s = p.s[len(m[0]):]
		sign := strings.TrimPrefix(m[1], "+")
		p.out.numbers = append(p.out.numbers, strings.TrimPrefix(sign+gdbNumber().FindString(m[2]), "--"))
	}
	return nil
}
