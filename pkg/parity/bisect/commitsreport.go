package bisect

import (
	"fmt"
	"io"
	"strings"
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
		return plural(len(r.Regimes), "change") + " of kind"
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
		fmt.Sprintf("%s between them, %d looked at", plural(r.Candidates, "commit"), len(r.Probes)),
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

func probeRows(ps []CommitProbe) [][]string {
	var rows [][]string
	for _, p := range ps {
		what := p.Why
		if p.Outcome != CannotTell {
			what = p.Signature.String()
		}
		rows = append(rows, []string{plainText(p.About.Short), p.Outcome.String(), differing(p), plainText(what), plainText(p.About.Subject)})
	}
	return rows
}

// differing says how many rows differ, or are lost, of how many.
func differing(p CommitProbe) string {
	if p.Counts.Total == 0 {
		return "-"
	}
	return fmt.Sprintf("%d/%d", p.Counts.Diverged+p.Counts.Lost, p.Counts.Total)
}

var probeHead = []string{"commit", "", "differ", "what", "subject"}

func changeRows(cs []Change) [][]string {
	var rows [][]string
	for _, c := range cs[:min(len(cs), maxChanges)] {
		key := c.Key
		if c.Component != "" {
			key += " " + c.Component
		}
		rows = append(rows, []string{plainText(key), plainText(c.Before), plainText(c.After), number(c.Rel), plainText(c.Reference)})
	}
	return rows
}

var changeHead = []string{"quantity", "parent", "commit", "rel", "reference"}

// Markdown writes the report for people.
func (r *CommitReport) Markdown(w io.Writer) error {
	p := newPage(w)
	p.opening(r.headline(), r.summary())
	if r.First != nil {
		p.line("## First bad commit")
		p.line("")
		p.boundary(r.First)
	}
	if r.AskedRegimes {
		p.line("## Changes of kind")
		p.line("")
		p.line("A kind is the verdict, the key that parts first, the roots and the causes. A kind that comes and goes between two commits that were looked at is not seen.")
		p.line("")
	}
	for i := range r.Regimes {
		b := &r.Regimes[i]
		p.line("### %s %s", md(b.Commit.Short), md(b.Commit.Subject))
		p.line("")
		if r.isFirst(b) {
			p.line("The first bad commit, see above: from here on %s.", md(b.After.String()))
			p.line("")
			continue
		}
		p.boundary(b)
	}
	p.line("## Commits looked at")
	p.line("")
	p.table(probeHead, probeRows(r.Probes))
	return p.Flush()
}

func (p page) boundary(b *Boundary) {
	p.line("- %s %s", md(b.Commit.Commit), md(b.Commit.Subject))
	p.line("- %s, %s", md(b.Commit.Author), md(b.Commit.Date))
	p.line("- before: %s", md(b.Before.String()))
	p.line("- from here on: %s", md(b.After.String()))
	p.line("- %s", md(b.check()))
	for _, s := range b.Suspects {
		p.line("- one of: %s %s", md(s.Short), md(s.Subject))
	}
	p.line("")
	if b.Diffstat != "" {
		p.fenced(b.Diffstat)
	}
	if len(b.Changes) == 0 {
		return
	}
	p.table(changeHead, changeRows(b.Changes))
	if n := len(b.Changes) - maxChanges; n > 0 {
		p.line("%s more in the JSON report.", plural(n, "row"))
		p.line("")
	}
}

// maxTerminalChanges bounds the changed quantities on a terminal.
const maxTerminalChanges = 12

// Terminal writes the report for a screen.
func (r *CommitReport) Terminal(w io.Writer) error {
	p := newPage(w)
	p.line("%s", plainText(r.headline()))
	for _, s := range r.summary() {
		p.line("  %s", plainText(s))
	}
	if r.First != nil {
		p.line("")
		p.shortBoundary(r.First)
	}
	for i := range r.Regimes {
		if i == 0 {
			p.line("")
			p.line("changes of kind, in the order of history:")
		}
		p.line("")
		if b := &r.Regimes[i]; r.isFirst(b) {
			p.line("  %s %s: the first bad commit, see above", plainText(b.Commit.Short), plainText(b.Commit.Subject))
			continue
		}
		p.shortBoundary(&r.Regimes[i])
	}
	p.line("")
	p.columns("  ", probeHead, probeRows(r.Probes))
	return p.Flush()
}

func (p page) shortBoundary(b *Boundary) {
	p.line("  %s %s (%s, %s)", plainText(b.Commit.Short), plainText(b.Commit.Subject), plainText(b.Commit.Author), b.Commit.Date)
	p.line("    before:       %s", plainText(b.Before.String()))
	p.line("    from here on: %s", plainText(b.After.String()))
	p.line("    %s", plainText(b.check()))
	for _, s := range b.Suspects {
		p.line("    one of: %s %s", plainText(s.Short), plainText(s.Subject))
	}
	for line := range strings.SplitSeq(b.Diffstat, "\n") {
		if line != "" {
			p.line("    %s", plainText(strings.TrimSpace(line)))
		}
	}
	if len(b.Changes) == 0 {
		return
	}
	rows := changeRows(b.Changes)
	more := len(b.Changes) - maxTerminalChanges
	p.columns("    ", changeHead, rows[:min(len(rows), maxTerminalChanges)])
	if more > 0 {
		p.line("    %s more", plural(more, "row"))
	}
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

// JSON writes the report for programs.
func (r *CommitReport) JSON(w io.Writer) error {
	out := struct {
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
	}{
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
