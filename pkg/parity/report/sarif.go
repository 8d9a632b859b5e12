package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"simtrace/internal/doc"
	"simtrace/pkg/parity"
	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
)

// note is something that a report says of a line: for SARIF, and for annotations of a
// CI system.
type note struct {
	rule, level, text string // level is "error" or "warning"
	at                trace.Pos
}

// The rules of what is no cause.
var plainRules = map[string]string{
	"divergence":    "A quantity differs, and no known cause accounts for it",
	"lost-record":   "A record that one log prints is missing from the other",
	"unparsed-line": "A line that looks like a trace cannot be read",
	"refused":       "No verdict can be given",
}

// notes are the verdict, taken apart: causes, what is not explained, what is lost and
// what could not be read, at the lines that tell.
func notes(r *parity.Report) []note {
	var out []note
	if r.Verdict == parity.Refused {
		out = append(out, note{rule: "refused", level: "error", text: headline(r)})
	}
	for _, c := range r.Causes {
		n := note{rule: c.ID, level: "error", text: causeLine(c)}
		if len(c.Findings) > 0 {
			n.at, n.text = c.Findings[0].Pos, n.text+". "+c.Findings[0].What
		}
		out = append(out, n)
	}
	for _, g := range r.RootGroups() {
		if rec := either(g.First().Row); g.Unexplained() && rec != nil {
			out = append(out, note{"divergence", "error", groupLine(r, g) + ": " + strings.Join(groupNotes(g), "; "), rec.Pos()})
		}
	}
	for i := range r.Rows {
		if row := &r.Rows[i]; row.Gap == diff.Lost && len(out) < maxLines {
			out = append(out, note{"lost-record", "error", r.Label(row) + ": " + row.Note, either(row).Pos()})
		}
	}
	for _, p := range r.Problems {
		if p.Kind == trace.Unparsed && len(out) < maxLines {
			out = append(out, note{"unparsed-line", "warning", p.Why + ": " + p.Text, p.Pos})
		}
	}
	return out
}

// either is the record of the second log, or of the first where that has none.
func either(row *diff.Row) *trace.Record {
	if row.Got != nil {
		return row.Got
	}
	return row.Ref
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifRule struct {
	ID    string    `json:"id"`
	Short sarifText `json:"shortDescription"`
	Help  sarifText `json:"help"`
}

type sarifLocation struct {
	Physical struct {
		Artifact struct {
			URI string `json:"uri"`
		} `json:"artifactLocation"`
		Region struct {
			Line int `json:"startLine"`
		} `json:"region"`
	} `json:"physicalLocation"`
}

type sarifResult struct {
	Rule      string          `json:"ruleId"`
	Level     string          `json:"level"`
	Message   sarifText       `json:"message"`
	Locations []sarifLocation `json:"locations,omitempty"`
}

// SARIF writes the report as SARIF 2.1.0. The rules are the causes by their ids, and
// divergence, lost-record, unparsed-line and refused.
func SARIF(w io.Writer, r *parity.Report, opt Options) error {
	r = newBuilder(r, opt).r
	rules, results := []sarifRule{}, []sarifResult{}
	known := map[string]bool{}
	for _, n := range notes(r) {
		if !known[n.rule] {
			known[n.rule] = true
			rules = append(rules, ruleOf(n.rule, r))
		}
		x := sarifResult{Rule: n.rule, Level: n.level, Message: sarifText{doc.OneLine(n.text)}}
		if n.at.Line > 0 {
			var l sarifLocation
			l.Physical.Artifact.URI, l.Physical.Region.Line = doc.OneLine(opt.path(n.at)), n.at.Line
			x.Locations = []sarifLocation{l}
		}
		results = append(results, x)
	}
	type driver struct {
		Name  string      `json:"name"`
		Rules []sarifRule `json:"rules"`
	}
	type run struct {
		Tool struct {
			Driver driver `json:"driver"`
		} `json:"tool"`
		Results []sarifResult `json:"results"`
	}
	out := struct {
		Schema  string `json:"$schema"`
		Version string `json:"version"`
		Runs    []run  `json:"runs"`
	}{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []run{{Results: results}}}
	out.Runs[0].Tool.Driver = driver{"tracecmp", rules}
	e := json.NewEncoder(w)
	e.SetIndent("", " ")
	return e.Encode(out)
}

func ruleOf(id string, r *parity.Report) sarifRule {
	if text := plainRules[id]; text != "" {
		return sarifRule{id, sarifText{text}, sarifText{text + "."}}
	}
	title := id
	for _, c := range r.Causes {
		if c.ID == id {
			title = doc.OneLine(doc.Upper(c.Title))
		}
	}
	return sarifRule{id, sarifText{title}, sarifText{"tracecmp explain " + id}}
}

// path is where the file of a position is.
func (o *Options) path(at trace.Pos) string {
	if o.Path == nil {
		return at.File
	}
	return o.Path(at)
}

// Annotations writes the report as GitHub's workflow commands, which show each note at
// its line.
func Annotations(w io.Writer, r *parity.Report, opt Options) error {
	r = newBuilder(r, opt).r
	data := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	for _, n := range notes(r) {
		where := ""
		if n.at.Line > 0 {
			where = fmt.Sprintf("file=%s,line=%d,", property.Replace(doc.OneLine(opt.path(n.at))), n.at.Line)
		}
		if _, err := fmt.Fprintf(w, "::%s %stitle=tracecmp %s::%s\n", n.level, where, property.Replace(doc.OneLine(n.rule)), data.Replace(doc.OneLine(n.text))); err != nil {
			return err
		}
	}
	if r.Verdict == parity.Match {
		_, err := fmt.Fprintf(w, "::notice title=tracecmp::%s\n", data.Replace(doc.OneLine(headline(r))))
		return err
	}
	return nil
}
