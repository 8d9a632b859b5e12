package bisect

import (
	"fmt"
	"io"
	"strings"

	"simtrace/internal/doc"
)

// CommitsSchema names the form of the JSON report of Commits.
const CommitsSchema = "simtrace/bisect-commits/1"

// maxChanges bounds the table of changed quantities in text; JSON has all.
const maxChanges = 40

// headline is the answer in one line.
func (r *CommitReport) headline() string {
	switch b := r.First; {
	case b == nil && len(r.Regimes) == 0:
		return "no boundary"
	case b == nil:
		return doc.Plural(len(r.Regimes), "change") + " of kind"
	case len(b.Suspects) > 1:
		return fmt.Sprintf("the first bad commit is one of %d that cannot be told apart", len(b.Suspects))
	default:
		return fmt.Sprintf("first bad commit: %s %s", b.Commit.Short, b.Commit.Subject)
	}
}

func (r *CommitReport) summary() []string {
	out := []string{
		fmt.Sprintf("good: %s %s", r.Good.Short, r.Good.Subject),
		fmt.Sprintf("bad: %s %s", r.Bad.Short, r.Bad.Subject),
		fmt.Sprintf("%s between them, %d looked at", doc.Plural(r.Candidates, "commit"), len(r.Probes)),
		fmt.Sprintf("reference: %s, tolerance %g", r.Reference, r.Tolerance),
	}
	how := "command"
	if r.Command.Shell {
		how = "shell line"
	}
	return append(append(out, how+": "+strings.Join(r.Command.Args, " ")), r.Notes...)
}

func (b *Boundary) check() string {
	switch {
	case len(b.Suspects) > 1:
		return "the others of these commits cannot be judged"
	case b.Verified:
		return "verified: run again on both sides, with the same result"
	}
	return "not verified: " + b.Note
}

// isFirst reports whether the boundary is the first bad commit's, which the
// report shows in full already.
func (r *CommitReport) isFirst(b *Boundary) bool {
	return r.First != nil && r.First.Commit.Commit == b.Commit.Commit && len(r.First.Suspects) == len(b.Suspects)
}

// differing says how many rows differ, or are lost, of how many.
func differing(p CommitProbe) string {
	if p.Counts.Total == 0 {
		return "-"
	}
	return fmt.Sprintf("%d/%d", p.Counts.Diverged+p.Counts.Lost, p.Counts.Total)
}

// probes tables the commits that were looked at.
func (r *CommitReport) probes() doc.Table {
	t := doc.Table{Columns: doc.Names("commit", "", "differ", "what", "subject")}
	t.Columns[3].Wide, t.Columns[4].Wide = true, true
	for _, p := range r.Probes {
		what := p.Why
		if p.Outcome != CannotTell {
			what = p.Signature.String()
		}
		t.Rows = append(t.Rows, doc.Cells(doc.Of(doc.Plain, p.About.Short), doc.Of(outcomeStyles[p.Outcome], p.Outcome.String()), doc.Of(doc.Plain, differing(p)), doc.Prose(what), doc.Prose(p.About.Subject)))
	}
	return t
}

var outcomeStyles = map[Outcome]doc.Style{Good: doc.Good, Bad: doc.Bad, CannotTell: doc.Warn}

// changes tables the quantities that a commit changed, up to a number of them.
func changes(cs []Change, most int) doc.Table {
	t := doc.Table{Columns: doc.Names("quantity", "parent", "commit", "relative", "reference")}
	for _, c := range cs[:min(len(cs), most)] {
		key := c.Key
		if c.Component != "" {
			key += " " + c.Component
		}
		t.Rows = append(t.Rows, doc.Cells(doc.Lit(key), doc.Lit(c.Before), doc.Lit(c.After), doc.Of(doc.Plain, number(c.Rel)), doc.Lit(c.Reference)))
	}
	return t
}

// maxTerminalChanges bounds the changed quantities on a terminal.
const maxTerminalChanges = 12

// Document is the report for people; brief lists fewer of the changed quantities.
func (r *CommitReport) Document(brief bool) *doc.Document {
	most := maxChanges
	if brief {
		most = maxTerminalChanges
	}
	d := document(doc.Upper(r.headline()), sentences(r.summary()))
	if r.First != nil {
		d.Body = section("First bad commit", r.First.blocks(most)...)
	}
	if r.AskedRegimes {
		d.Body = append(d.Body, section("Changes of kind, in the order of history",
			doc.Paragraph{Soft: true, Text: doc.Prose("A kind is the verdict, the key that parts first, the roots and the causes. A kind that comes and goes between two commits that were looked at is not seen.")})...)
	}
	for i := range r.Regimes {
		b := &r.Regimes[i]
		d.Body = append(d.Body, doc.Heading{Level: 3, Text: doc.Prose(b.Commit.Short + " " + b.Commit.Subject)})
		if r.isFirst(b) {
			d.Body = append(d.Body, doc.Paragraph{Text: doc.Prose("The first bad commit, see above: from here on " + b.After.String() + ".")})
			continue
		}
		d.Body = append(d.Body, b.blocks(most)...)
	}
	d.Body = append(d.Body, section("Commits looked at", r.probes())...)
	if r.First != nil {
		d.Body = append(d.Body, next("What that commit changed:", "git show "+r.First.Commit.Commit)...)
	}
	return d
}

// blocks describe a boundary.
func (b *Boundary) blocks(most int) []doc.Block {
	lines := []string{b.Commit.Commit + " " + b.Commit.Subject, b.Commit.Author + ", " + b.Commit.Date,
		"before: " + b.Before.String(), "from here on: " + b.After.String(), b.check()}
	for _, s := range b.Suspects {
		lines = append(lines, "one of: "+s.Short+" "+s.Subject)
	}
	out := []doc.Block{doc.List{Items: sentences(lines)}}
	var stat doc.Code
	for line := range strings.SplitSeq(b.Diffstat, "\n") {
		if line != "" {
			stat.Lines = append(stat.Lines, doc.Line{Text: strings.TrimSpace(line)})
		}
	}
	if len(stat.Lines) > 0 {
		out = append(out, stat)
	}
	if len(b.Changes) > 0 {
		out = append(out, changes(b.Changes, most))
	}
	if n := len(b.Changes) - most; n > 0 {
		out = append(out, doc.Paragraph{Text: doc.Prose(doc.Plural(n, "more row") + ", in the JSON report.")})
	}
	return out
}

type boundaryJSON struct {
	Commit   About        `json:"commit"`
	Parent   About        `json:"parent"`
	Before   Signature    `json:"before"`
	After    Signature    `json:"after"`
	Suspects []About      `json:"suspects,omitempty"`
	Verified bool         `json:"verified"`
	Note     string       `json:"note,omitempty"`
	Diffstat string       `json:"diffstat"`
	Changes  []changeJSON `json:"changes"`
}

type changeJSON struct {
	Key       string `json:"key"`
	Component string `json:"component,omitempty"`
	Before    string `json:"parent_value"`
	After     string `json:"commit_value"`
	Reference string `json:"reference_value,omitempty"`
	Abs       real   `json:"abs"`
	Rel       real   `json:"rel"`
	Status    string `json:"status"`
}

func (b *Boundary) json() boundaryJSON {
	j := boundaryJSON{b.Commit, b.Parent, b.Before, b.After, b.Suspects, b.Verified, b.Note, b.Diffstat, []changeJSON{}}
	for _, c := range b.Changes {
		j.Changes = append(j.Changes, changeJSON{c.Key, c.Component, c.Before, c.After, c.Reference, real(c.Abs), real(c.Rel), c.Status})
	}
	return j
}

type probeJSON struct {
	Commit    About     `json:"commit"`
	Outcome   string    `json:"outcome"`
	Why       string    `json:"why"`
	Signature Signature `json:"signature"`
	Matched   int       `json:"matched"`
	Diverged  int       `json:"diverged"`
	Missing   int       `json:"missing"`
	Total     int       `json:"total"`
}

// commitsJSON is what JSON writes.
type commitsJSON struct {
	Schema     string         `json:"schema"`
	Conclusive bool           `json:"conclusive"`
	Command    []string       `json:"command"`
	Shell      bool           `json:"shell"`
	Reference  string         `json:"reference"`
	Tolerance  float64        `json:"tolerance_rel"`
	Good       About          `json:"good"`
	Bad        About          `json:"bad"`
	Candidates int            `json:"candidates"`
	First      *boundaryJSON  `json:"first_bad"`
	Regimes    []boundaryJSON `json:"regimes"`
	Notes      []string       `json:"notes"`
	Probes     []probeJSON    `json:"probes"`
}

// JSON writes the report for programs.
func (r *CommitReport) JSON(w io.Writer) error {
	out := commitsJSON{
		CommitsSchema, r.Conclusive(), r.Command.Args, r.Command.Shell, r.Reference, r.Tolerance,
		r.Good, r.Bad, r.Candidates, nil, []boundaryJSON{}, append([]string{}, r.Notes...), nil,
	}
	if r.First != nil {
		j := r.First.json()
		out.First = &j
	}
	for i := range r.Regimes {
		out.Regimes = append(out.Regimes, r.Regimes[i].json())
	}
	for _, p := range r.Probes {
		c := p.Counts
		out.Probes = append(out.Probes, probeJSON{p.About, p.Outcome.String(), p.Why, p.Signature, c.Matched, c.Diverged, c.Missing, c.Total})
	}
	return writeJSON(w, out)
}
