package trace

import "strings"

// headings are the notes that stand above the current one, outermost first.
type headings struct {
	stack []heading
}

type heading struct {
	indent int
	text   string
}

// under returns the headings that a note of this indentation stands under.
func (h *headings) under(indent int) string {
	for len(h.stack) > 0 && h.stack[len(h.stack)-1].indent >= indent {
		h.stack = h.stack[:len(h.stack)-1]
	}
	var b strings.Builder
	for _, s := range h.stack {
		b.WriteString(s.text)
		b.WriteString(" / ")
	}
	return b.String()
}

func (h *headings) push(indent int, text string) {
	h.stack = append(h.stack, heading{indent, text})
}

// note reads a free line: a heading, "label = numbers", "label numbers", or
// words. Its text is kept whole. strict reports a line that looks cut.
func (r *Reader) note(t *tag, line, s string, strict bool) {
	words := strings.TrimSpace(s)
	if strict && strings.Count(words, "[") != strings.Count(words, "]") {
		r.problem(line, openBracket)
		return
	}
	indent := len(s) - len(strings.TrimLeft(s, " \t"))
	above := r.notes.under(indent)
	label, vs := words, r.scratch()
	if title, ok := strings.CutSuffix(words, ":"); ok {
		r.notes.push(indent, title)
		label = title
	} else {
		label, vs = r.noteValues(words, vs)
	}
	rec := r.record(t, NoteStream, r.names.label(above+label), vs, s)
	rec.At = r.place.at
	r.push(rec)
}

// noteValues parts a note into its label and the numbers that stand alone in
// it; a number behind "|a| =" is named "|a|".
func (r *Reader) noteValues(s string, dst []Value) (label string, vs []Value) {
	head, tail, assigned := strings.Cut(s, " = ")
	if !assigned {
		return r.labelled(s, dst)
	}
	from := 0 // of the words that may name the next number
	for i := 0; i < len(tail); {
		n := tokenLen(tail[i:])
		if n == 0 {
			i++
			continue
		}
		token := tail[i : i+n]
		if token == "=" {
			i += n
			continue
		}
		if v, ok := parseFloat(token); ok {
			val := Value{Num: v, Text: token}
			if from > 0 { // the first belongs to the note's own label
				val.Name = valueName(tail[from:i])
			}
			dst = append(dst, val)
			from = i + n
		}
		i += n
	}
	return strings.TrimSpace(head), dst
}

// valueName returns "|a|" of "] |a| = ", and "" where no name stands.
func valueName(s string) string {
	before, ok := strings.CutSuffix(strings.TrimRight(s, " ["), "=")
	if !ok {
		return ""
	}
	words := strings.FieldsFunc(before, func(c rune) bool { return c == ' ' || c == ']' || c == ',' || c == '=' })
	if len(words) == 0 {
		return ""
	}
	return words[len(words)-1]
}

// labelled reads a note without "=": "hkl_rounded -1 13 0". Words with numbers
// among them are all label.
func (r *Reader) labelled(s string, dst []Value) (label string, vs []Value) {
	i := strings.IndexAny(s, " \t")
	if i < 0 {
		return s, dst
	}
	if vs, _, why := r.numbers(s[i:], dst); why == "" && len(vs) > 0 {
		return s[:i], vs
	}
	return s, dst[:0]
}
