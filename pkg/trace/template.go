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
	text  string // the literals, one behind the other, with the marks below
	usual string // with one blank for each mark of blanks, as most lines have them
	ends  []int32
	loose []bool  // by literal: it has marks
	takes []taken // by hole
	// columns are, by hole, where in its line the number ends; -1 for anywhere.
	columns []int32
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

// templateWriter makes a template.
type templateWriter struct {
	inner bool // counters of inner keys are holes, too
	t     template
	text  strings.Builder
	marks bool
}

func (w *templateWriter) hole(as taken, column int) {
	w.close()
	w.t.takes, w.t.columns = append(w.t.takes, as), append(w.t.columns, int32(column))
}

func (w *templateWriter) close() {
	w.t.ends = append(w.t.ends, int32(w.text.Len()))
	w.t.loose = append(w.t.loose, w.marks)
	w.marks = false
}

func (w *templateWriter) mark(m byte) {
	w.text.WriteByte(m)
	w.marks = true
}

// line adds a line as it was read; false where its numbers are not told from what
// is around them by their own form.
func (w *templateWriter) line(text string, l *trailLine) bool {
	w.digits(text[:l.prefix], strings.Repeat(" ", l.prefix))
	rest, at := text[l.prefix:], 0
	if len(l.taken) == 0 {
		w.digits(rest, l.body) // it may head what follows, blanks and all
		return true
	}
	for i, x := range l.taken {
		if x.as > asCounter && !w.inner {
			continue // it places what follows: part of the words
		}
		if x.from < at || !standsAlone(text, l.prefix+x.from, l.prefix+x.to) || (i > 0 && clockGap(rest[at:x.from])) || l.joined(text, i) {
			return false
		}
		w.between(rest[at:x.from], hiddenPart(l.body, at, x.from), at == 0, false, l.row)
		column := -1
		if l.fixed {
			column = l.prefix + x.to
		}
		w.hole(x.as, column)
		at = x.to
	}
	w.between(rest[at:], hiddenPart(l.body, at, len(rest)), at == 0, true, l.row)
	return true
}

// hiddenPart is a part of the line as its numbers were looked for in it; the line
// may be longer, by what was cut off.
func hiddenPart(body string, from, to int) string {
	return body[min(from, len(body)):min(to, len(body))]
}

// between adds what stands before, between or behind holes. How far a line is
// indented matters, but to rows of numbers, which may have blanks at either end.
func (w *templateWriter) between(s, hidden string, first, last, row bool) {
	head, tail := 0, len(s)
	for head < len(s) && s[head] == ' ' {
		head++
	}
	for tail > head && s[tail-1] == ' ' {
		tail--
	}
	if first && !row {
		w.digits(s[:tail], hidden)
		w.blanks(len(s)-tail, false)
		return
	}
	if head == len(s) {
		w.blanks(head, row && (first || last))
		return
	}
	w.blanks(head, row && first)
	w.digits(s[head:tail], hidden[min(head, len(hidden)):])
	w.blanks(len(s)-tail, row && last)
}

func (w *templateWriter) blanks(n int, optional bool) {
	switch {
	case optional:
		w.mark(spaceMark)
	case n > 0:
		w.mark(blanksMark)
	}
}

// digits adds words; their digits may be others where they were hidden as those of
// dates and times, of what kind the expressions tell that find these.
func (w *templateWriter) digits(s, hidden string) {
	for i := range len(s) {
		c := s[i]
		switch {
		case c-'0' > 9 || i >= len(hidden) || hidden[i] == c:
			w.text.WriteByte(c)
		case i > 0 && s[i-1] == ':' && c <= '5':
			w.mark(digit5Mark)
		case i > 0 && s[i-1] == ':':
			w.text.WriteByte(c)
		default:
			w.mark(digitMark)
		}
	}
}

// standsAlone tells whether a number is told from what is around it by its own
// form, whatever its digits.
func standsAlone(s string, from, to int) bool {
	if from > 0 {
		switch s[from-1] {
		case ' ', '\t', '=', '(', '[', '{', ',', ';', '|':
		case ':':
			if from > 1 && s[from-2]-'0' <= 9 {
				return false
			}
		default:
			return false
		}
	}
	if to < len(s) {
		switch s[to] {
		case ' ', '\t', ')', ']', '}', ',', ';', '|', '%':
		default:
			return false
		}
	}
	return true
}

// joined tells whether a sign alone parts a number from digits that are none of the
// line's numbers, such as those of a date: with another number between them, they
// might be more of it.
func (l *trailLine) joined(text string, i int) bool {
	digit := func(at int) bool { return at >= 0 && at < len(text) && text[at]-'0' <= 9 }
	from, to := l.prefix+l.taken[i].from, l.prefix+l.taken[i].to
	if digit(from-2) && text[from-1] != ' ' && text[from-1] != '\t' && (i == 0 || l.prefix+l.taken[i-1].to != from-1) {
		return true
	}
	return digit(to+1) && text[to] != ' ' && text[to] != '\t' && (i+1 == len(l.taken) || l.prefix+l.taken[i+1].from != to+1)
}

// clockGap tells what may make a date or a time of day of the numbers around it.
func clockGap(s string) bool {
	return strings.Trim(s, " ") != "" && strings.Trim(s, " :-/.") == ""
}

// match finds the numbers of lines of this template, and appends them to spans.
func (t *template) match(lines string, spans []span) ([]span, bool) {
	at, i := int32(0), 0
	last := len(t.ends) - 1
	for k, end := range t.ends {
		lit := t.text[at:end]
		at = end
		if !t.loose[k] {
			if len(lines)-i < len(lit) || lines[i:i+len(lit)] != lit {
				return spans, false
			}
			i += len(lit)
		} else if n := len(lit); len(lines)-i >= n && lines[i:i+n] == t.usual[int(end)-n:end] && (i+n == len(lines) || lines[i+n] != ' ') {
			i += n
		} else if i = looseEnd(lines, i, lit); i < 0 {
			return spans, false
		}
		if k == last {
			break
		}
		to := plainEnd(lines, i)
		if to < 0 {
			return spans, false
		}
		if c := t.columns[k]; c >= 0 && to-lineStart(lines, i) != int(c) {
			return spans, false
		}
		spans = append(spans, span{int32(i), int32(to)})
		i = to
	}
	return spans, i == len(lines)
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

// finish returns the template.
func (w *templateWriter) finish() template {
	w.close()
	w.t.text = w.text.String()
	w.t.usual = strings.NewReplacer(string(rune(blanksMark)), " ", string(rune(spaceMark)), " ").Replace(w.t.text)
	return w.t
}

// otherForms are numbers to try layouts and templates with, try by try.
var otherForms = [...][]string{{"1.5", "-2.25e-07", "3", "4.0625", "-0.5D+01"}, {"-7", "8e+02", "0.001953125", "0"}}

// retold returns lines of the template with other numbers, blanks and times, as one of
// several tries has them; what was taken for one of the kept stays. It answers false
// where the columns leave no room for other numbers.
func (t *template) retold(lines string, spans []span, try int, keeps func(taken) bool) (string, bool) {
	forms := otherForms[try]
	var out []byte
	at := int32(0)
	for i, end := range t.ends {
		for _, c := range []byte(t.text[at:end]) {
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
		if at = end; i == len(spans) {
			break
		}
		number := forms[i%len(forms)]
		kept := keeps(t.takes[i])
		if kept {
			number = lines[spans[i].from:spans[i].to]
		}
		var ok bool
		if out, ok = aligned(out, number, int(t.columns[i]), !kept); !ok {
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
