package bisect

import (
	"fmt"
	"io"
	"math"
	"strings"

	"simtrace/internal/doc"
)

// SettingsSchema names the form of the JSON report of Settings.
const SettingsSchema = "simtrace/bisect-settings/1"

// Name is a set in one line.
func (t Trial) Name() string {
	if len(t.Set) == 0 {
		return "nothing changed"
	}
	return strings.Join(t.Set, " ")
}

// Headline is the answer in one clause.
func (r *SettingsReport) Headline() string {
	switch {
	case r.Base.Compared == 0:
		return "nothing in the reference can be compared"
	case r.Explained() && len(r.Best.Set) == 0:
		return "the settings make the trace equal the reference as they are"
	case r.Explained():
		return "the reference is explained by " + r.Best.Name()
	case r.ButFor() != nil:
		return "the intensity is explained by " + r.Best.Name() + ", but for " + strings.Join(r.ButFor(), ", ")
	case !r.Closer():
		return "not explained: no set of settings removes half of the rows that differ, or nine tenths of the intensity's difference, by more than chance"
	}
	return "not explained; the closest is " + r.Best.Name()
}

func (t Trial) state() string {
	switch {
	case t.Failed != "":
		return "no trace: " + t.Failed
	case t.Explains():
		return fmt.Sprintf("equal: all %d rows compared agree", t.Compared)
	case t.ExplainsRounded():
		return fmt.Sprintf("equal to the rounding of float32: %d of %d rows compared agree, %d differ by no more than it moves them (%s at most)",
			t.Compared-t.Broken, t.Compared, t.Rounded, number(t.Worst))
	}
	s := fmt.Sprintf("%d of %d rows differ, first %s", t.Broken, t.Compared, t.First)
	if !math.IsNaN(t.Intensity) {
		s += fmt.Sprintf(", intensity by %s", number(t.Intensity))
	}
	return s
}

func (r *SettingsReport) summary() []string {
	out := []string{
		fmt.Sprintf("reference: %s, pixel %d %d, tolerance %g", r.Reference, r.Pixel.Slow, r.Pixel.Fast, r.Tolerance),
		"as configured: " + r.Base.state(),
	}
	if len(r.Best.Set) > 0 {
		out = append(out, "with "+r.Best.Name()+": "+r.Best.state())
	}
	verdict := "a last run with these settings: " + string(r.Verdict)
	for _, why := range r.Reasons {
		verdict += "; " + why
	}
	out = append(out, verdict,
		fmt.Sprintf("%s in the space, %s made, %d without a trace; %s", doc.Plural(r.Choices, "choice"), doc.Plural(r.Trials, "trace"), r.Failed, r.Searched))
	return append(out, r.Notes...)
}

// Document is the report for people.
func (r *SettingsReport) Document(bool) *doc.Document {
	d := document(doc.Upper(r.Headline()), sentences(r.summary()))
	members := doc.Table{Columns: doc.Names("choice", "what it is", "alone", "without it")}
	for i := 1; i < 4; i++ {
		members.Columns[i].Wide = true
	}
	for _, m := range r.Members {
		members.Rows = append(members.Rows, doc.Cells(doc.Lit(m.Choice.String()), doc.Prose(m.Choice.Help), doc.Prose(m.Alone.state()), doc.Prose(m.Without.state())))
	}
	if len(members.Rows) > 0 {
		d.Body = section("The answer, choice by choice", members)
	}
	others := doc.Table{Columns: doc.Names("choice", "what it makes of the trace")}
	others.Columns[0].Wide, others.Columns[1].Wide = true, true
	for _, t := range r.RunnerUp {
		others.Rows = append(others.Rows, doc.Cells(doc.Lit(t.Name()), doc.Prose(t.state())))
	}
	if len(others.Rows) > 0 {
		d.Body = append(d.Body, section("Runners-up", others)...)
	}
	if r.Reproduce != "" {
		d.Body = append(d.Body, next("Make this trace again:", r.Reproduce)...)
	}
	return d
}

type trialJSON struct {
	Set       []string `json:"set"`
	Failed    string   `json:"failed,omitempty"`
	Explains  bool     `json:"explains"`
	Compared  int      `json:"compared"`
	Broken    int      `json:"differ"`
	Size      real     `json:"size"`
	Residue   real     `json:"sum_rel"`
	First     string   `json:"first,omitempty"`
	Intensity real     `json:"intensity_rel"`
}

func (t Trial) json() trialJSON {
	return trialJSON{append([]string{}, t.Set...), t.Failed, t.Explains(), t.Compared, t.Broken, real(t.Size), real(t.Residue), t.First, real(t.Intensity)}
}

type memberJSON struct {
	Choice  string    `json:"choice"`
	Help    string    `json:"help"`
	Alone   trialJSON `json:"alone"`
	Without trialJSON `json:"without"`
}

// settingsJSON is what JSON writes.
type settingsJSON struct {
	Schema    string       `json:"schema"`
	Explained bool         `json:"explained"`
	Reference string       `json:"reference"`
	Pixel     [2]int       `json:"pixel"`
	Tolerance float64      `json:"tolerance_rel"`
	Base      trialJSON    `json:"as_configured"`
	Best      trialJSON    `json:"answer"`
	Members   []memberJSON `json:"members"`
	Verdict   string       `json:"verdict"`
	Reasons   []string     `json:"reasons"`
	RunnerUp  []trialJSON  `json:"runners_up"`
	Choices   int          `json:"choices"`
	Trials    int          `json:"trials"`
	Failed    int          `json:"trials_without_trace"`
	Searched  string       `json:"searched"`
	Notes     []string     `json:"notes"`
	Reproduce string       `json:"reproduce,omitempty"`
}

// JSON writes the report for programs.
func (r *SettingsReport) JSON(w io.Writer) error {
	out := settingsJSON{
		SettingsSchema, r.Explained(), r.Reference, [2]int{r.Pixel.Slow, r.Pixel.Fast}, r.Tolerance, r.Base.json(), r.Best.json(), []memberJSON{},
		string(r.Verdict), append([]string{}, r.Reasons...), []trialJSON{}, r.Choices, r.Trials, r.Failed, r.Searched, append([]string{}, r.Notes...), r.Reproduce,
	}
	for _, m := range r.Members {
		out.Members = append(out.Members, memberJSON{m.Choice.String(), m.Choice.Help, m.Alone.json(), m.Without.json()})
	}
	for _, t := range r.RunnerUp {
		out.RunnerUp = append(out.RunnerUp, t.json())
	}
	return writeJSON(w, out)
}
