package trace

import (
	"bytes"
	"math/bits"
	"strings"
)

// template is lines with holes for their numbers. What stands between is the same
// to the byte, but for blanks around a number, of which there may be more or
// fewer, and the digits of dates and times.
type template struct {
	literals []literal // one before each hole, and the last
	takes    []taken   // by hole
}

// literal is what stands before a hole.
type literal struct {
	text   string // with the marks below
	usual  string // with one blank for each mark of blanks, as most lines have it
	word   uint64 // the first eight bytes of usual
	mask   uint64 // covers them
	loose  bool   // text has marks
	column int32  // where in its line the number behind it ends; -1 for anywhere
}

var usualBlanks = strings.NewReplacer(string(rune(blanksMark)), " ", string(rune(spaceMark)), " ")

func newLiteral(text string, loose bool) literal {
	l := literal{text: text, usual: text, loose: loose, mask: 1<<(8*min(len(text), 8)) - 1, column: -1}
	if loose {
		l.usual = usualBlanks.Replace(text)
	}
	for i := range min(len(l.usual), 8) {
		l.word |= uint64(l.usual[i]) << (8 * i)
	}
	return l
}

// Marks stand in a literal for what may differ. No line that a template is made of
// holds such a byte.
const (
	blanksMark = 1 + iota // one blank or more
	spaceMark             // blanks or none
	digitMark
	digit5Mark // 0 to 5
	lastMark   = digit5Mark
)

// match finds the numbers of lines of this template, and appends them to spans.
func (t *template) match(lines string, spans []span) ([]span, bool) {
	i, last := 0, len(t.literals)-1
	for k := range t.literals {
		l := &t.literals[k]
		if n := len(l.usual); n <= 8 && i+8 < len(lines) && eight(lines, i)&l.mask == l.word && (!l.loose || lines[i+n] != ' ') {
			i += n // most are short, and as usual
		} else if i = l.end(lines, i); i < 0 {
			return spans, false
		}
		if k == last {
			break
		}
		to := plainEnd(lines, i)
		if to < 0 || l.column >= 0 && to-lineStart(lines, i) != int(l.column) {
			return spans, false
		}
		spans = append(spans, span{int32(i), int32(to)})
		i = to
	}
	return spans, i == len(lines)
}

// end returns where the literal ends that begins at i, or -1.
func (l *literal) end(s string, i int) int {
	to := i + len(l.usual)
	switch same := strings.HasPrefix(s[i:], l.usual); {
	case !l.loose && same, same && (to == len(s) || s[to] != ' '):
		return to
	case l.loose:
		return looseEnd(s, i, l.text)
	}
	return -1
}

// lineStart is where the line of byte i begins.
func lineStart(s string, i int) int { return strings.LastIndexByte(s[:i], '\n') + 1 }

// looseEnd returns where a literal with marks ends that begins at i, or -1.
func looseEnd(s string, i int, lit string) int {
	for k := range len(lit) {
		m := lit[k]
		if m == spaceMark || m == blanksMark && i < len(s) && s[i] == ' ' {
			for i < len(s) && s[i] == ' ' {
				i++
			}
			continue
		}
		if i == len(s) {
			return -1
		}
		switch c := s[i]; {
		case m == digitMark && c-'0' <= 9, m == digit5Mark && c-'0' <= 5, m == c && m > lastMark:
			i++
		default:
			return -1
		}
	}
	return i
}

// plainEnd returns where the number ends that begins at i, or -1: a decimal that
// no program prints too large for a double.
func plainEnd(s string, i int) int {
	from := i
	if i < len(s) && (s[i] == '-' || s[i] == '+') {
		i++
	}
	i, count := decimalEnd(s, i)
	if count == 0 || i-from > maxPlain || s[i-1] == '.' {
		return -1
	}
	if i < len(s) && (s[i]|0x20 == 'e' || s[i]|0x20 == 'd') {
		if i++; i < len(s) && (s[i] == '-' || s[i] == '+') {
			i++
		}
		exponent := i
		i = digitsEnd(s, i)
		if n := i - exponent; n == 0 || n > 3 || n == 3 && s[exponent] > '1' {
			return -1
		}
	}
	return i
}

// decimalEnd returns where digits end that begin at i, with a point or none among them,
// and how many they are.
func decimalEnd(s string, i int) (end, digits int) {
	first := i
	if i+8 <= len(s) {
		others := notDigits(eight(s, i))
		n := bits.TrailingZeros64(others) / 8
		if n < 8 && s[i+n] != '.' {
			return i + n, n
		}
		if others &= others - 1; n < 8 && others != 0 { // the number ends within the eight bytes
			n = bits.TrailingZeros64(others) / 8
			return i + n, n - 1
		}
		i = digitsEnd(s, i+8)
		if n < 8 {
			return i, i - first - 1
		}
	} else {
		i = digitsEnd(s, i)
	}
	digits = i - first
	if i < len(s) && s[i] == '.' {
		point := i + 1
		i = digitsEnd(s, point)
		digits += i - point
	}
	return i, digits
}

// otherForms are numbers to try layouts and templates with, try by try.
var otherForms = [...][]string{{"1.5", "-2.25e-07", "3", "4.0625", "-0.5D+01"}, {"-7", "8e+02", "0.001953125", "0"}}

// retold returns lines of the template with other numbers, blanks and times, as one of
// several tries has them; what was taken for one of the kept stays. It answers false
// where the columns leave no room for other numbers.
func (t *template) retold(lines string, spans []span, try int, keeps func(taken) bool) (string, bool) {
	forms := otherForms[try]
	var out []byte
	for i := range t.literals {
		l := &t.literals[i]
		for _, c := range []byte(l.text) {
			switch c {
			case blanksMark:
				out = append(out, "   "[:1+2*(try%2)]...)
			case spaceMark:
				out = append(out, "  "[:2*(try%2)]...)
			case digitMark, digit5Mark:
				out = append(out, '1'+byte(i+3*try)%5)
			default:
				out = append(out, c)
			}
		}
		if i == len(spans) {
			break
		}
		number := forms[i%len(forms)]
		kept := keeps(t.takes[i])
		if kept {
			number = lines[spans[i].from:spans[i].to]
		}
		var ok bool
		if out, ok = aligned(out, number, int(l.column), !kept); !ok {
			return "", false
		}
	}
	return string(out), true
}

// outermost and counters are what stays in lines that are told again.
func outermost(t taken) bool { return t == asCounter }
func counters(t taken) bool  { return t >= asCounter }

// aligned appends a number so that it ends in a column of its line, or a short one in
// place of it.
func aligned(out []byte, number string, column int, short bool) ([]byte, bool) {
	if column < 0 {
		return append(out, number...), true
	}
	line := out[bytes.LastIndexByte(out, '\n')+1:]
	before := bytes.TrimRight(line, " ")
	room := column - len(before)
	if len(before) > 0 {
		room--
	}
	if len(number) > room && short {
		number = "7"
	}
	if len(number) > room {
		return out, false
	}
	out = out[:len(out)-len(line)+len(before)]
	out = append(out, strings.Repeat(" ", column-len(number)-len(before))...)
	return append(out, number...), true
}
