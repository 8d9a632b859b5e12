package trace

import "strings"

// templateWriter makes a template.
type templateWriter struct {
	inner bool // counters of inner keys are holes, too
	t     template
	text  strings.Builder // of the current literal
	marks bool
}

func (w *templateWriter) hole(as taken, column int) {
	w.close()
	w.t.takes, w.t.literals[len(w.t.literals)-1].column = append(w.t.takes, as), int32(column)
}

func (w *templateWriter) close() {
	w.t.literals = append(w.t.literals, newLiteral(w.text.String(), w.marks))
	w.text.Reset()
	w.marks = false
}

// finish returns the template.
func (w *templateWriter) finish() template {
	w.close()
	return w.t
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
