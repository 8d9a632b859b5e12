package diff

import (
	"fmt"
	"math"
	"strings"

	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// Status grades a row by its relative difference.
type Status uint8

const (
	// Pass: within tolerance, or closer than the digits printed.
	Pass Status = iota
	// Minor: beyond tolerance, below 1e-4.
	Minor
	// Divergent: from 1e-4, below 1e-2.
	Divergent
	// Critical: from 1e-2, or not comparable at all (nan against a number).
	Critical
	// NotFinite: nan or inf on both sides, which nobody can call agreement.
	NotFinite
	// Missing: one side has no such record; Gap says why.
	Missing
	// Waived: beyond tolerance, as somebody expected and wrote down.
	Waived
)

var statusNames = [...]string{"PASS", "MINOR", "DIVERGENT", "CRITICAL", "NOT FINITE", "MISSING", "WAIVED"}

// String returns the name that reports print.
func (s Status) String() string { return statusNames[s] }

// The bounds between the grades, as parity investigations of nanoBragg ports
// use them.
const (
	minorBelow     = 1e-4
	divergentBelow = 1e-2
)

// Gap tells why a row is Missing.
type Gap uint8

const (
	// NoGap: the row has both sides.
	NoGap Gap = iota
	// Unpaired: the other program does not print it here; nothing is lost.
	Unpaired
	// Lost: the other log should have it here. A record, a component of it, or
	// the whole block is gone.
	Lost
	// Placeholder: the other log has the line, with a word for a number
	// (NOT_EXTRACTED).
	Placeholder
	// Unresolved: a value is no larger than half of the last decimal that its log
	// prints, so that nothing was compared.
	Unresolved
)

var gapNames = [...]string{"", "unpaired", "lost", "placeholder", "unresolved"}

// String returns the name that reports print.
func (g Gap) String() string { return gapNames[g] }

// Row is one pair of records, or one record without a partner, with the
// difference between its sides.
type Row struct {
	Key    schema.Key // of the reference's record; of got's where only got has it
	Info   *schema.Quantity
	Stream trace.Stream
	At     schema.Coord // what either side knows
	// Occur is how often the log that Key is of printed the quantity at this place
	// before. Only rows of Detail, those of long jobs, and each row where every one is
	// asked for have it: other rows keep 0.
	Occur int

	Ref, Got *trace.Record // nil on the side that has none
	StandIn  bool          // the two keys differ and stand for each other

	Status Status
	Gap    Gap
	Note   string // what decided, where it is not the tolerance alone

	// Abs is got - ref of the component that differs most, in the unit of the
	// quantity; NaN where there is no number on both sides.
	Abs float64
	// Rel is |Abs| over the larger of the two magnitudes: the values
	// themselves, or the norms of the vectors. At least 0; +Inf where one side
	// is not finite and the other differs; NaN where nothing can be measured.
	Rel float64
	// Worst is the index of that component, -1 where there is none.
	Worst     int
	Component string // its name: "y", "[1,2]", "rotx"; "" for a scalar

	Rule   schema.Rule // what decided
	Needs  Needs       // what would have let it pass
	Waiver string      // the id of the waiver, where the row is waived

	// Split parts the difference, where the quantity can be recomputed from
	// what the same logs print; see Roots.
	Split *Split

	how *measure // what measured it; nil for a row with one side
}

// Compared reports whether both sides had a value.
func (r *Row) Compared() bool { return r.Status != Missing }

// Diverged reports whether both sides had a value and the values differ, or
// cannot be said to agree.
func (r *Row) Diverged() bool { return r.Status > Pass && r.Status < Missing }

// Broken reports whether the row speaks against a match: it diverged, or a
// record is lost.
func (r *Row) Broken() bool { return r.Diverged() || r.Gap == Lost }

// Once tells a row of a pixel that is of no sample, or of the first.
func (r *Row) Once() bool { return r.At[schema.Sub] <= 0 }

// Name returns the key as the reference prints it, or got where only got has
// it.
func (r *Row) Name() string { return r.one().Name }

// one is the record of the reference, or got's where there is none.
func (r *Row) one() *trace.Record {
	if r.Ref != nil {
		return r.Ref
	}
	return r.Got
}

// Symbol is the quantity as the reference has it, or got where only got has it.
func (r *Row) Symbol() *trace.Symbol { return r.one().Symbol }

// CrossStream reports whether the sides come from different kinds of line, as
// a stand-in may.
func (r *Row) CrossStream() bool {
	return r.Ref != nil && r.Got != nil && r.Ref.Stream != r.Got.Stream
}

// Pair returns the numbers of the component that differs most; ok is false
// where a side has none.
func (r *Row) Pair() (ref, got trace.Value, ok bool) {
	if r.Ref == nil || r.Got == nil || r.Worst < 0 || r.Worst >= len(r.Ref.Values) {
		return ref, got, false
	}
	ref = r.Ref.Values[r.Worst]
	got, ok = partner(r.Got, r.Worst, ref.Name)
	return ref, got, ok
}

// PartName is a component in a sentence: x, or number 3 of an array.
func PartName(component string) string {
	if component != "" && '0' <= component[0] && component[0] <= '9' {
		return "number " + component
	}
	return component
}

// Clone copies the row so that the memory of its block can be reused.
func (r *Row) Clone() *Row {
	c := *r
	for _, rec := range []**trace.Record{&c.Ref, &c.Got} {
		if *rec != nil {
			*rec = (*rec).Clone()
		}
	}
	return &c
}

// Labels name rows so that no two rows of a comparison share a name.
type Labels struct {
	Names  *trace.Names
	Pixels int // how many pixels are compared
	Runs   int
}

// Of names a row: the key, then what tells it from its siblings:
// "k_frac[phi=3]", "omega_pixel_sr[sub=1]", "energy[step=3 cell=2]".
func (l *Labels) Of(r *Row) string {
	var q []string
	if l.Names.Schema == schema.NanoBragg() {
		q = l.nanoBragg(r)
	} else {
		for i, k := range l.Names.Schema.Index {
			if c := r.At[i]; c >= 0 {
				q = append(q, k.Name+"="+l.coord(c))
			}
		}
	}
	if r.Occur > 0 {
		q = append(q, fmt.Sprintf("#%d", r.Occur+1))
	}
	if len(q) == 0 {
		return r.Name()
	}
	return r.Name() + "[" + strings.Join(q, " ") + "]"
}

func (l *Labels) coord(c int32) string {
	if text, ok := l.Names.CoordText(c); ok {
		return text
	}
	return fmt.Sprint(c)
}

// nanoBragg leaves out what is the same for all rows of most traces.
func (l *Labels) nanoBragg(r *Row) []string {
	var q []string
	add := func(i int, hide bool) {
		if v := r.At[i]; v >= 0 && !hide {
			q = append(q, fmt.Sprintf("%s=%d", l.Names.Schema.Index[i].Name, v))
		}
	}
	switch r.Stream {
	case trace.SetupStream, trace.NoteStream, trace.TapStream:
		q = append(q, r.Stream.String())
	}
	add(schema.Run, l.Runs < 2)
	switch {
	case l.Pixels < 2 || r.At[schema.Fast] < 0:
	case r.At[schema.Slow] < 0:
		q = append(q, fmt.Sprintf("pixel=#%d", r.At[schema.Fast]+1))
	default:
		q = append(q, fmt.Sprintf("pixel=%d,%d", r.At[schema.Slow], r.At[schema.Fast]))
	}
	add(schema.Layer, r.At[schema.Layer] == 0)
	add(schema.Sub, r.At[schema.Sub] == 0)
	add(schema.Source, r.Stream != trace.SourceStream && r.At[schema.Source] == 0)
	add(schema.Domain, r.At[schema.Domain] == 0)
	add(schema.Phi, r.Stream != trace.PhiStream && r.At[schema.Phi] == 0)
	return q
}

// grade turns a relative difference into a status. NaN, for a difference that
// cannot be measured, is critical.
func grade(rel, tolerance float64) Status {
	switch {
	case rel <= tolerance:
		return Pass
	case rel < minorBelow:
		return Minor
	case rel < divergentBelow:
		return Divergent
	}
	return Critical
}

// finite reports whether v is an ordinary number.
func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
