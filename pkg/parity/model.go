package parity

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"simtrace/internal/suggest"
	"simtrace/pkg/parity/diff"
	"simtrace/pkg/parity/explain"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// DefaultTolerance is the relative tolerance of DefaultOptions.
const DefaultTolerance = 1e-6

// Options of a comparison. The zero value compares exactly, and looks for no
// causes; DefaultOptions is what most want.
type Options struct {
	// Tolerance is the largest relative difference that passes, at least 0.
	Tolerance float64
	// RefPath and GotPath say where the logs are, for the commands in the
	// report; empty means that the logs' names say it.
	RefPath, GotPath string
	// Tolerances are rules for single quantities.
	Tolerances Tolerances
	// Waivers let known differences pass, until they expire. Today is the date
	// that is held against; without one no waiver holds.
	Waivers []Waiver
	Today   time.Time
	// Map renames quantities of got before they are paired.
	Map []Rename
	// Schema describes the quantities; nil means nanoBragg's.
	Schema *schema.Schema
	// Rules are the causes that are looked for; those of nanoBragg are
	// causes.Rules() of pkg/nanobragg/causes.
	Rules []explain.Rule
	// NaNEqual lets nan agree with nan, and inf with inf of the same sign.
	NaNEqual bool
	// Common leaves out blocks that one log alone has.
	Common bool
	// As says how the logs are written, one of Formats, where it is not to be found
	// out: "" for that.
	As string
	// CompareAll takes in what differs on every run of a program. Ignore leaves out
	// quantities by name, the end of one behind a heading, or a pattern with * and ?;
	// Only all others.
	CompareAll   bool
	Ignore, Only []string
	// Threads is how many threads compare; 0 means GOMAXPROCS. The report is the
	// same for any number.
	Threads int
	// EachRow, if set, is given every row of the comparison in the order of the
	// logs; the row is good until it returns. BeginRows is called before: where
	// what was guessed of the logs does not hold, they come again.
	EachRow   func(label string, row *diff.Row)
	BeginRows func()
	// Shift is added to index keys of got, by their name: a log that counts from 0
	// comes together with one that counts from 1.
	Shift map[string]int
	// Decimal is the decimal mark of both logs; 0 finds it out for each.
	Decimal byte
	// Again is the command that makes the comparison again, for the report;
	// empty means one made of the paths and the tolerance.
	Again string
	// Config are the words of a command line that say the configuration of the two runs, such
	// as "--config supervisor", for the commands that reproduce them; nil where nobody says it.
	Config []string
}

// DefaultOptions compares with a tolerance of 1e-6, and looks for no causes.
func DefaultOptions() Options { return Options{Tolerance: DefaultTolerance} }

// check returns an error for options that make no sense.
func (o *Options) check() error {
	switch {
	case math.IsNaN(o.Tolerance) || math.IsInf(o.Tolerance, 0) || o.Tolerance < 0:
		return fmt.Errorf("the tolerance must be a number of at least 0, not %g", o.Tolerance)
	case o.As != "" && !slices.Contains(Formats(), o.As):
		return fmt.Errorf("format %s is none of %s%s", o.As, strings.Join(Formats(), ", "), suggest.Nearest(o.As, Formats()))
	case o.As != "" && o.Schema != nil:
		return errors.New("a schema says how logs are written; a format beside it is one too many")
	case o.Threads < 0:
		return fmt.Errorf("%d threads: at least 1 is needed", o.Threads)
	}
	return nil
}

// Rename gives what a log calls Old the name New, before records are paired.
type Rename struct{ Old, New string }

// Verdict is the answer to the question whether the logs agree.
type Verdict string

// The verdicts.
const (
	Match    Verdict = "MATCH"
	Diverged Verdict = "DIVERGED"
	Refused  Verdict = "REFUSED"
)

// Counts of rows. Matched + Diverged + Missing + Waived = Total, always.
type Counts struct {
	Matched  int
	Diverged int
	Missing  int
	Waived   int
	Total    int

	// Of Missing: records lost, records that the other program does not print,
	// words that stand for a number, and values that are smaller than the last
	// decimal printed.
	Lost, Unpaired, Placeholder, Unresolved int
	// NotFinite counts those of Diverged that are nan or inf on both sides.
	NotFinite int

	// Unparsed counts trace lines of either log that could not be read. They
	// are lines, not rows, and stand outside of Total.
	Unparsed int
}

// Coverage says how much of the two logs was compared.
type Coverage struct {
	Results  int // results that both logs print, and are finite numbers
	Agreeing int // of those, the ones that agree
	// Blocks are what the logs have of pixels, steps or the like: those of both,
	// of one alone, and those of both in which no result was compared.
	Common, OnlyRef, OnlyGot, WithoutResult int
	// Outside counts those of Common that belong to no step of another program:
	// what its logs print before the first.
	Outside int
	// Inner is set where neither log prints results: setup alone, rows of phi
	// steps alone, or what simtrace was narrowed to.
	Inner bool
}

// Input describes one of the two logs.
type Input struct {
	Name       string // as in the positions "name:line"
	Path       string // where it is
	Lines      int
	Bytes      int64
	TraceLines int
	Records    int
	Unparsed   int
	Truncated  bool // cut off in the middle
	Crashed    bool // holds a crash report
	// Pixels are those that have records, in the order of the log. Where there
	// are MorePixels, these are the first of them.
	Pixels     []diff.Pixel
	MorePixels int
	Runs       int // how often the program printed its setup
}

// NumPixels is how many pixels the log traces.
func (in *Input) NumPixels() int { return len(in.Pixels) + in.MorePixels }

// Report is the whole result of a comparison. All renderers show this and
// compute nothing.
type Report struct {
	Ref, Got  Input
	Tolerance float64
	// Smallest is the smallest relative tolerance for all with which no row
	// would differ, rounded up to three digits; NaN where none differs or no
	// tolerance helps. Rows that a rule of their own decides on do not count.
	Smallest float64
	Waivers  []WaiverUse

	Verdict  Verdict
	ReadAs   string   // how the logs were read, where that was inferred
	Headline string   // what was compared, or why nothing can be said, in one sentence
	Reasons  []string // one sentence each: why this verdict
	Counts   Counts
	Coverage Coverage
	// Varied are numbers that were not compared because they differ on every run.
	Varied []Varied

	// Quantities add up all rows by quantity, in causal order.
	Quantities []Quantity
	// Summary is there where the logs have so many blocks that Rows, and with
	// them Roots, Causes and Phi, are of some only; else it is nil.
	Summary *Summary
	// Rows are those of the blocks that are listed, in causal order.
	Rows []diff.Row
	// First is the index in Rows of the first divergence in causal order, a
	// lost record included; -1 where there is none. A refused comparison has
	// no first divergence, no roots and no causes.
	First int
	Roots []Root

	Causes   []explain.Cause // of role cause, in causal order
	Notes    []explain.Cause // of role note
	RuledOut []explain.RuledOut
	Findings []explain.Finding // what to look at, most telling first

	Growth  *Growth    // how differences grow along a sequential index; nil where they do not
	Phi     []PhiTable // one table a pixel that has PHI rows
	Residue []string   // configuration that differs
	// Problems of both logs, the reference's first.
	Problems []trace.Problem

	Reproduce []string // command lines
	Config    []string // as Options has it

	schema *schema.Schema
	labels diff.Labels
}

// Schema describes the quantities that were compared.
func (r *Report) Schema() *schema.Schema { return r.schema }

// Varied counts the numbers of a quantity that differs on every run of a program:
// times, memory, process numbers.
type Varied struct {
	Name     string
	Ref, Got int
}

// Root is a divergence that does not follow from another.
type Root struct {
	Row *diff.Row
	// Unobserved names the parents that were not compared, so that the cause
	// may lie in one of them.
	Unobserved []string
	// Below names the ancestors that differ by less than the tolerance, most
	// different first: what diverges here may have grown from them.
	Below []string
	// Amplified is how many times the difference of a row within tolerance grows
	// in what follows from it; 0 where the row is beyond tolerance itself.
	Amplified float64
	// Local is set where the row was recomputed from what the logs print, and a
	// part of its difference is in none of that.
	Local bool
	// Jump is how many times larger the difference is than those of what it is
	// computed from, where these differ as well.
	Jump float64
	// Causes holds the ids of the causes that account for the root; empty
	// means no known cause.
	Causes []string
	// Partly is set where those causes account for a part of it.
	Partly bool
}

// Unexplained returns the roots that no cause accounts for in full.
func (r *Report) Unexplained() []Root {
	var out []Root
	for _, root := range r.Roots {
		if len(root.Causes) == 0 || root.Partly {
			out = append(out, root)
		}
	}
	return out
}

// FirstRow returns the first divergence, or nil.
func (r *Report) FirstRow() *diff.Row {
	if r.First < 0 {
		return nil
	}
	return &r.Rows[r.First]
}

// Label names a row of the report, so that no two share a name.
func (r *Report) Label(row *diff.Row) string { return r.labels.Of(row) }

// Foreign reports whether the logs are those of another program than nanoBragg.
func (r *Report) Foreign() bool { return r.schema != schema.NanoBragg() }

// Pixel returns the pixel that the comparison is of, where there is just one.
func (r *Report) Pixel() (diff.Pixel, bool) {
	in := &r.Ref
	if len(in.Pixels) == 0 {
		in = &r.Got
	}
	if in.NumPixels() != 1 {
		return diff.Pixel{}, false
	}
	return in.Pixels[0], true
}

// config reports whether the row is of a quantity that the user chooses.
func config(r *diff.Row) bool { return r.Info != nil && r.Info.Config }
