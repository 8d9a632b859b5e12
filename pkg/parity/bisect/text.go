package bisect

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode"
)

// Marker is how every Markdown report of this package begins.
const Marker = "<!-- tracecmp bisect -->"

// page writes lines of a report.
type page struct{ *bufio.Writer }

func newPage(w io.Writer) page { return page{bufio.NewWriter(w)} }

func (p page) line(format string, args ...any) { fmt.Fprintf(p, format+"\n", args...) }

// opening writes the verdict and what sums it up, the head of a Markdown report.
func (p page) opening(headline string, summary []string) {
	p.line("%s", Marker)
	p.line("# %s", md(headline))
	p.line("")
	for _, s := range summary {
		p.line("- %s", md(s))
	}
	p.line("")
}

// table writes a Markdown table; cells are text, and are escaped.
func (p page) table(head []string, rows [][]string) {
	p.cells(head)
	rule := make([]string, len(head))
	for i := range rule {
		rule[i] = "---"
	}
	p.cells(rule)
	for _, r := range rows {
		safe := make([]string, len(r))
		for i := range r {
			safe[i] = md(r[i])
		}
		p.cells(safe)
	}
	p.line("")
}

func (p page) cells(c []string) { p.line("| %s |", strings.Join(c, " | ")) }

// columns writes a table for a terminal.
func (p page) columns(indent string, head []string, rows [][]string) {
	width := make([]int, len(head))
	all := append([][]string{head}, rows...)
	for _, r := range all {
		for i, c := range r {
			width[i] = max(width[i], len([]rune(c)))
		}
	}
	for _, r := range all {
		line := indent
		for i, c := range r {
			line += c
			if i < len(r)-1 {
				line += strings.Repeat(" ", width[i]-len([]rune(c))+2)
			}
		}
		p.line("%s", strings.TrimRight(line, " "))
	}
}

// plainText takes what could steer a terminal out of text from elsewhere.
func plainText(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' {
			return ' '
		}
		if !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
}

// md escapes text for Markdown.
func md(s string) string {
	s = plainText(s)
	for _, c := range []string{`\`, "`", "|", "*", "_", "<", "[", "]"} {
		s = strings.ReplaceAll(s, c, `\`+c)
	}
	return s
}

// fenced writes text as a block of code, whatever it holds.
func (p page) fenced(text string) {
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	p.line("%s", fence)
	for line := range strings.SplitSeq(text, "\n") {
		p.line("%s", plainText(line))
	}
	p.line("%s", fence)
	p.line("")
}

// number prints a difference with three digits.
func number(v float64) string {
	switch {
	case math.IsNaN(v):
		return "-"
	case v == 0:
		return "0"
	}
	return strconv.FormatFloat(v, 'g', 3, 64)
}

// real is a number in JSON, null where it is none.
type real float64

// MarshalJSON writes null for NaN and the infinities.
func (r real) MarshalJSON() ([]byte, error) {
	if v := float64(r); math.IsNaN(v) || math.IsInf(v, 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(r))
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
