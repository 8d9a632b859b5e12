package doc

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

// Screen is what a document is fitted to.
type Screen struct {
	// Width is the number of columns; 0 breaks no line, as in a pipe.
	Width  int
	Colour bool
	// Link returns the address that a place such as c.log:12, or a file, is linked
	// to, "" for none. Nil links nothing.
	Link func(target string) string
}

// The escape sequences of a terminal.
var inks = map[Style]string{Strong: "\x1b[1m", Good: "\x1b[1;32m", Bad: "\x1b[1;31m", Warn: "\x1b[33m"}

const noInk = "\x1b[0m"

// Terminal writes the document for a terminal: what it says, without pictures and
// without what is folded. No line ends in blanks.
func Terminal(w io.Writer, d *Document, s Screen) error {
	t := &terminal{Screen: s}
	title := append(Text(nil), d.Title...)
	if ink := badges[d.Badge]; ink != Plain {
		for i := range title {
			title[i].Style = ink
		}
	}
	t.text(0, 2, title)
	t.indent = 2
	t.blocks(d.Lead)
	t.blocks(d.Body)
	_, err := w.Write(t.out.Bytes())
	return err
}

// badges colour verdicts.
var badges = map[string]Style{"MATCH": Good, "DIVERGED": Bad, "REFUSED": Warn}

type terminal struct {
	Screen
	out    bytes.Buffer
	indent int
	apart  bool // a blank line is due before the next block
}

// line ends a line; blanks at its end are left out, coloured ones too.
func (t *terminal) line(s string) {
	for s = strings.TrimRight(s, " "); strings.HasSuffix(s, noInk); {
		rest := strings.TrimRight(strings.TrimSuffix(s, noInk), " ")
		if !strings.HasSuffix(rest, noInk) && !strings.HasSuffix(rest, "\a") {
			break
		}
		s = rest
	}
	t.out.WriteString(s)
	t.out.WriteByte('\n')
}

func (t *terminal) blocks(list []Block) {
	for _, b := range list {
		t.block(b)
	}
}

func (t *terminal) gap() {
	if t.apart {
		t.line("")
	}
	t.apart = false
}

func (t *terminal) block(b Block) {
	switch b := b.(type) {
	case Heading:
		t.heading(b)
	case Paragraph:
		t.gap()
		t.text(t.indent, t.indent, b.Text)
	case List:
		t.gap()
		for _, item := range b.Items {
			t.text(t.indent, t.indent+2, item)
		}
	case Tally:
		t.gap()
		t.text(t.indent, t.indent+2, Of(Plain, b.String()))
	case Table:
		t.gap()
		t.table(b)
		t.apart = true
	case Code:
		t.gap()
		for _, l := range b.Lines {
			t.code(OneLine(l.Text))
		}
	case Fold:
		t.gap()
		t.text(t.indent, t.indent+2, b.Summary)
	case Card:
		old := t.indent
		t.blocks(b.Blocks)
		t.indent = old
	case Columns:
		t.blocks(b.Main)
		t.blocks(b.Side)
	}
}

func (t *terminal) heading(h Heading) {
	if h.Level <= 2 {
		t.apart = true
	}
	t.gap()
	style := append(Text(nil), h.Text...)
	for i := range style {
		style[i].Style = Strong
	}
	at := 2 * (h.Level - 2)
	t.text(at, at+2, style)
	t.indent = at + 2
}

// code breaks a command where a shell lets it: at blanks outside of quotes, behind a
// backslash.
func (t *terminal) code(s string) {
	pad := strings.Repeat(" ", t.indent)
	if t.Width == 0 || t.indent+twwidth.Width(s) <= t.Width {
		t.line(pad + s)
		return
	}
	words, line := shellWords(s), pad
	for i, w := range words {
		room := t.Width
		if i < len(words)-1 {
			room -= 2
		}
		switch {
		case strings.TrimSpace(line) == "":
			line += w
		case twwidth.Width(line)+1+twwidth.Width(w) <= room:
			line += " " + w
		default:
			t.line(line + ` \`)
			line = pad + "  " + w
		}
	}
	t.line(line)
}

// shellWords parts a command at blanks outside of quotes.
func shellWords(s string) []string {
	var out []string
	start, quoted := 0, false
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\'':
			quoted = !quoted
		case s[i] == ' ' && !quoted:
			out, start = append(out, s[start:i]), i+1
		}
	}
	return append(out, s[start:])
}

// text writes a paragraph, its first line and the others behind so many blanks.
func (t *terminal) text(first, rest int, text Text) {
	for i, l := range t.wrap(text, t.Width-first, t.Width-rest) {
		at := rest
		if i == 0 {
			at = first
		}
		t.line(strings.Repeat(" ", at) + t.styled(l))
	}
}

// wrap breaks text into lines of at most so many columns.
func (t *terminal) wrap(text Text, first, rest int) []Text {
	if t.Width == 0 {
		return []Text{text}
	}
	lines, width, room := []Text{nil}, 0, max(first, 8)
	add := func(x Span) {
		n := len(lines) - 1
		lines[n] = append(lines[n], x)
		width += twwidth.Width(x.Text)
	}
	for _, word := range wordsOf(text) {
		w := twwidth.Width(word.String())
		if width > 0 && width+1+w > room {
			lines, width, room = append(lines, nil), 0, max(rest, 8)
		}
		if width > 0 {
			blank := Span{Text: " "}
			last := lines[len(lines)-1]
			if x := last[len(last)-1]; x.Style == word[0].Style && x.Link == word[0].Link {
				blank.Style, blank.Link = x.Style, x.Link
			}
			add(blank)
		}
		for _, x := range word {
			for twwidth.Width(x.Text) > room-width {
				cut := breakAt(x.Text, room-width)
				add(Span{Text: x.Text[:cut], Style: x.Style, Link: x.Link})
				x.Text = x.Text[cut:]
				lines, width, room = append(lines, nil), 0, max(rest, 8)
			}
			if x.Text != "" {
				add(x)
			}
		}
	}
	return lines
}

// breakAt is where a word that is too long for a line is broken: behind a mark that
// parts it, or where the room ends.
func breakAt(s string, room int) int {
	end, cut, width := 0, 0, 0
	for i, r := range s {
		n := twwidth.Width(string(r))
		if width+n > room {
			break
		}
		width += n
		end = i + len(string(r))
		if strings.ContainsRune("/_,=-", r) {
			cut = end
		}
	}
	if cut*3 > end {
		return cut
	}
	return end
}

// wordsOf parts text at blanks; a word may have several styles.
func wordsOf(text Text) []Text {
	var out []Text
	open := false
	for _, x := range text {
		for i, w := range strings.Split(OneLine(x.Text), " ") {
			if i > 0 {
				open = false
			}
			if w == "" {
				continue
			}
			if !open {
				out = append(out, nil)
			}
			open = true
			out[len(out)-1] = append(out[len(out)-1], Span{Text: w, Style: x.Style, Link: x.Link})
		}
	}
	return out
}

// styled writes a line with its escape sequences. Neighbours of one style and link
// share them.
func (t *terminal) styled(l Text) string {
	var b strings.Builder
	for i := 0; i < len(l); i++ {
		x := l[i]
		x.Text = OneLine(x.Text)
		for i+1 < len(l) && l[i+1].Style == x.Style && l[i+1].Link == x.Link && !place.MatchString(l[i+1].Text) {
			i++
			x.Text += OneLine(l[i].Text)
		}
		s := x.Text
		if ink := inks[x.Style]; t.Colour && ink != "" && s != "" {
			s = ink + s + noInk
		}
		if url := t.address(x); url != "" {
			s = fmt.Sprintf("\x1b]8;;%s\a%s\x1b]8;;\a", url, s)
		}
		b.WriteString(s)
	}
	return b.String()
}

func (t *terminal) address(x Span) string {
	switch {
	case t.Link == nil:
		return ""
	case x.Link != "" && !strings.HasPrefix(x.Link, "#"):
		return t.Link(x.Link)
	case x.Style == Mono && place.MatchString(x.Text):
		return t.Link(x.Text)
	}
	return ""
}
