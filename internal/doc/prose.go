package doc

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"simtrace/internal/visible"
)

// place is a position in a file.
var place = regexp.MustCompile(`^[^\s()]*[^\s():]:[1-9]\d*$`)

// Prose makes text of a plain sentence: words that hold what Markdown would take
// for markup, such as rot_*_star, places such as c.log:12, and flags become code.
// Brackets and punctuation about a word stay outside.
func Prose(s string) Text {
	var out Text
	add := func(style Style, s string) {
		if n := len(out); n > 0 && out[n-1].Style == style && style == Plain {
			out[n-1].Text += s
		} else if s != "" {
			out = append(out, Span{Text: s, Style: style})
		}
	}
	s = indexed.ReplaceAllStringFunc(OneLine(s), func(x string) string { return strings.ReplaceAll(x, " ", "\n") })
	for i, word := range strings.Split(s, " ") {
		word = strings.ReplaceAll(word, "\n", " ")
		if i > 0 {
			add(Plain, " ")
		}
		before, core, after := bare(word)
		if !isCode(core) && !(i == 0 && opensBlock(word)) {
			add(Plain, word)
			continue
		}
		add(Plain, before)
		add(Mono, core)
		add(Plain, after)
	}
	return out
}

// indexed is the index of a name such as x[pixel=3,4 phi=0], whose blanks part no words.
var indexed = regexp.MustCompile(`\[[^\[\] ]+( [^\[\] ]+){1,4}\]`)

// bare takes brackets and punctuation off a word. Those that have their partner
// within the word stay: a name may be x[3] or f(t).
func bare(word string) (before, core, after string) {
	core = word
	for core != "" && strings.ContainsRune("(\"'", rune(core[0])) {
		before, core = before+core[:1], core[1:]
	}
	for core != "" {
		last := core[len(core)-1]
		if !strings.ContainsRune(",.;:)\"'%", rune(last)) || last == ')' && strings.Count(core, "(") >= strings.Count(core, ")") {
			break
		}
		core, after = core[:len(core)-1], string(last)+after
	}
	if cut, ok := strings.CutSuffix(core, "'s"); ok {
		core, after = cut, "'s"+after
	}
	return before, core, after
}

func isCode(word string) bool {
	return isRaw(word) || strings.ContainsAny(word, "\\`*_[]<>|~#&") || place.MatchString(word) || len(word) > 2 && strings.HasPrefix(word, "--")
}

// proseDigits is how many digits a number of a sentence has; with more it is a value as it was printed.
const proseDigits = 4

var decimal = regexp.MustCompile(`^[-+]?(\d*\.?\d+)(e[-+]?\d+)?$`)

// isRaw reports whether a word is a decimal number of more digits than prose has. Whole numbers are
// counts, and stay.
func isRaw(word string) bool {
	m := decimal.FindStringSubmatch(word)
	return m != nil && strings.ContainsAny(word, ".e") && len(strings.Trim(strings.ReplaceAll(m[1], ".", ""), "0")) > proseDigits
}

// listMark is a word that begins a list or a rule where it begins a line.
var listMark = regexp.MustCompile(`^(\d+[.)]|[-+=]+)$`)

func opensBlock(word string) bool { return listMark.MatchString(word) }

// OneLine replaces what would end a line by blanks, and shows what would steer a
// terminal, or is no UTF-8, as an escape.
func OneLine(s string) string {
	return visible.Text(strings.Map(func(c rune) rune {
		if c == '\n' || c == '\r' || c == '\t' {
			return ' '
		}
		return c
	}, strings.ToValidUTF8(s, "?")))
}

// Upper starts a sentence, unless it begins with a name.
func Upper(s string) string {
	word, _, _ := strings.Cut(s, " ")
	_, core, _ := bare(word)
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 || isCode(core) || strings.ContainsAny(core, ".0123456789") {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

// Plural counts things: "1 row", "2 rows of all", "3 quantities".
func Plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	rest := ""
	for _, link := range []string{" of ", " from "} {
		if i := strings.Index(what, link); i >= 0 {
			what, rest = what[:i], what[i:]+rest
		}
	}
	if noun, ok := strings.CutSuffix(what, "ty"); ok {
		return fmt.Sprintf("%d %sties%s", n, noun, rest)
	}
	return fmt.Sprintf("%d %ss%s", n, what, rest)
}
