package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"

	"simtrace/internal/doc"
	"simtrace/pkg/parity"
	"simtrace/pkg/parity/diff"
)

// JUnitMarker stands in the second line of every JUnit file; see
// MarkdownMarker.
const JUnitMarker = "<!-- tracecmp junit -->"

type junitSuite struct {
	XMLName  xml.Name    `xml:"testsuite"`
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string       `xml:"classname,attr"`
	Name    string       `xml:"name,attr"`
	File    string       `xml:"file,attr,omitempty"`
	Line    int          `xml:"line,attr,omitempty"`
	Failure *junitResult `xml:"failure"`
	Error   *junitResult `xml:"error"`
	Skipped *junitResult `xml:"skipped"`
}

type junitResult struct {
	Message string   `xml:"message,attr"`
	Text    string   `xml:",chardata"`
	more    []string // lines of Text that follow
}

// JUnit writes the report for CI systems: one test case for the verdict, one
// for each quantity that was compared or lost, and one for each waiver. A
// quantity with a word for a number is skipped; what only one log prints is no
// test. A report that is refused has an error, so that it never looks passed.
func JUnit(w io.Writer, r *parity.Report, names [2]string) error {
	r = named(r, sideNames(r, names))
	s := junitSuite{Name: "tracecmp"}
	s.Cases = append(s.Cases, verdictCase(r))
	s.Cases = append(s.Cases, quantityCases(r)...)
	s.Cases = append(s.Cases, waiverCases(r)...)
	for _, c := range s.Cases {
		s.Tests++
		switch {
		case c.Failure != nil:
			s.Failures++
			c.Failure.Text = strings.Join(append([]string{c.Failure.Text}, c.Failure.more...), "\n")
		case c.Error != nil:
			s.Errors++
		case c.Skipped != nil:
			s.Skipped++
		}
	}
	if _, err := io.WriteString(w, xml.Header+JUnitMarker+"\n"); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(s); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// plain is text without what XML cannot hold.
func plain(s string) string { return doc.OneLine(s) }

func verdictCase(r *parity.Report) junitCase {
	c := junitCase{Class: "tracecmp", Name: "verdict"}
	lines := slices.Clone(r.Reasons)
	for _, x := range r.CausesByShare() {
		lines = append(lines, "cause: "+plain(causeLine(x)))
	}
	for _, f := range r.Findings {
		lines = append(lines, plain(f.Pos.String()+": "+f.What))
	}
	for i := range lines {
		lines[i] = plain(lines[i])
	}
	result := &junitResult{Message: plain(headline(r)), Text: strings.Join(lines, "\n")}
	switch r.Verdict {
	case parity.Diverged:
		c.Failure = result
	case parity.Refused:
		c.Error = result
	}
	return c
}

// quantityCases joins the rows of a quantity: phi steps and samples are not
// tests of their own.
func quantityCases(r *parity.Report) []junitCase {
	var out []junitCase
	at := map[string]int{}
	for i := range r.Rows {
		row := &r.Rows[i]
		if row.Gap == diff.Unpaired {
			continue
		}
		class, name := "tracecmp."+row.Stream.String(), plain(row.Name())
		id := class + " " + name
		n, known := at[id]
		if !known {
			n = len(out)
			at[id] = n
			out = append(out, junitCase{Class: class, Name: name})
		}
		out[n].take(r, row)
	}
	if r.Summary == nil {
		return out
	}
	// Of the pixels that are not listed, the first row that fails stands for all.
	for i := range r.Quantities {
		q := &r.Quantities[i]
		if q.Counts.Total == q.Counts.Unpaired {
			continue
		}
		class, name := "tracecmp."+q.Stream.String(), plain(q.Name)
		n, known := at[class+" "+name]
		if !known {
			n = len(out)
			at[class+" "+name] = n
			out = append(out, junitCase{Class: class, Name: name})
		}
		if q.First == nil {
			continue
		}
		if out[n].Failure == nil {
			out[n].take(r, q.First)
		}
		out[n].Failure.more = append(out[n].Failure.more, fmt.Sprintf("In all, %d of %d rows differ or are lost.", q.Counts.Diverged+q.Counts.Lost, q.Counts.Total))
	}
	return out
}

// take adds a row to the quantity's case. The first row that fails gives file
// and line.
func (c *junitCase) take(r *parity.Report, row *diff.Row) {
	rec := row.Got
	if rec == nil {
		rec = row.Ref
	}
	if !row.Broken() {
		if row.Gap == diff.Placeholder && c.Failure == nil && c.Skipped == nil {
			c.Skipped = &junitResult{Message: plain(row.Note)}
		}
		return
	}
	ref, got := values(row)
	line := fmt.Sprintf("%s: %s is %s, the reference has %s (%s); relative difference %s, %s", position(rec), component(r, row), got, ref, position(row.Ref), number(row.Rel), row.Status)
	if row.Gap == diff.Lost {
		line = fmt.Sprintf("%s: %s has no partner: %s", position(rec), component(r, row), row.Note)
	}
	line = plain(line)
	c.Skipped = nil
	if c.Failure == nil {
		c.Failure, c.File, c.Line = &junitResult{Message: line, Text: line}, plain(rec.File), rec.Line
		return
	}
	c.Failure.more = append(c.Failure.more, line)
}
