package parity

import (
	"time"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/parity/explain"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// DefaultTolerance is the relative tolerance where Options names none.
const DefaultTolerance = 1e-6

// Options of a comparison. The zero value is ready for use.
type Options struct {
	// Tolerance is the largest relative difference that passes; zero means
	// DefaultTolerance, a negative number means none at all.
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
	// Map renames records of got before they are paired. Compare and
	// CompareChecked do it; CompareLogs leaves it to the caller, see Renamed.
	Map []Rename
	// Schema describes the quantities where the logs are another program's.
	// CompareSources and Compare then hold both logs in memory, however
	// large they are; none of the causes that are known of nanoBragg is looked
	// for, and waivers for a pixel or a phi step find nothing.
	Schema *Schema
	// ByPixel makes CompareSources compare logs pixel by pixel that are small
	// enough for one piece.
	ByPixel bool
	// Threads is how many threads CompareSources takes; 0 means GOMAXPROCS.
	Threads int
	// Again is the command that makes the comparison again, for the report;
	// empty means one made of the paths and the tolerance.
	Again string
	// Config is the configuration of the two runs, a preset or a file, for the
	// commands in the report. A trace does not tell it.
	Config string
}

func (o Options) tolerance() float64 {
	switch {
	case o.Tolerance < 0:
		return 0
	case o.Tolerance == 0:
		return DefaultTolerance
	}
	return o.Tolerance
}

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

	// Of Missing: records lost, records that the other producer never
	// prints, and words that stand for a number.
	Lost, Unpaired, Placeholder int

	// Unparsed counts trace lines of either log that could not be read. They
	// are lines, not rows, and stand outside of Total.
	Unparsed int
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
	Crashed    bool // holds a traceback
	// Pixels are those that have records, in the order of the log. Where there
	// are MorePixels, these are the first of them.
	Pixels     []diff.Pixel
	MorePixels int
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

	Verdict Verdict
	Reasons []string // one sentence each: why this verdict
	Counts  Counts

	// Summary is there where the logs have so many pixels that Rows, and with
	// them Roots, Causes and Phi, are of some only; else it is nil.
	Summary *Summary
	// Rows hold every record of both logs, in causal order; see Summary.
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

	Phi     []PhiTable // one table a pixel that has PHI rows
	Residue []string   // configuration that differs
	// Problems of both logs, the reference's first.
	Problems []trace.Problem

	Reproduce []string // command lines

	foreign *foreign // where the logs are another program's
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
func (r *Report) Label(row *diff.Row) string {
	if r.foreign != nil {
		return r.foreign.label(row)
	}
	return row.Label(max(r.Ref.NumPixels(), r.Got.NumPixels()))
}

// Foreign reports whether the logs are another program's, read by a Schema.
func (r *Report) Foreign() bool { return r.foreign != nil }

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
func config(r *diff.Row) bool { return r.Key != schema.None && schema.Info(r.Key).Config }
