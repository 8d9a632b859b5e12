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
	// Missing: one side has no such record; Gap says why.
	Missing
	// Waived: beyond tolerance, as somebody expected and wrote down.
	Waived
)

var statusNames = [...]string{"PASS", "MINOR", "DIVERGENT", "CRITICAL", "MISSING", "WAIVED"}

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
	// Unpaired: the other log never prints this quantity; its producer has
	// another vocabulary.
	Unpaired
	// Lost: the other log prints the quantity elsewhere, or its dialect does,
	// but not here. A record, or a component of it, is gone.
	Lost
	// Placeholder: the other log has the line, with a word for a number
	// (NOT_EXTRACTED).
	Placeholder
)

var gapNames = [...]string{"", "unpaired", "lost", "placeholder"}

// String returns the name that reports print.
func (g Gap) String() string { return gapNames[g] }

// Row is one pair of records, or one record without a partner, with the
// difference between its sides.
type Row struct {
	Key    schema.Key // of the reference's record; of got's where only got has it
	Stream trace.Stream
	At     trace.Where // what either side knows
	Occur  int         // number among equals, where a log repeats a line

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

	Rule   Rule   // what decided
	Needs  Needs  // what would have let it pass
	Waiver string // the id of the waiver, where the row is waived
}

// Compared reports whether both sides had a value.
func (r *Row) Compared() bool { return r.Status != Missing }

// Diverged reports whether both sides had a value and the values differ.
func (r *Row) Diverged() bool { return r.Status > Pass && r.Status < Missing }

// Broken reports whether the row speaks against a match: it diverged, or a
// record is lost.
func (r *Row) Broken() bool { return r.Diverged() || r.Gap == Lost }

// Name returns the key as the reference prints it, or got where only got has
// it.
func (r *Row) Name() string {
	if r.Ref != nil {
		return r.Ref.Name
	}
	return r.Got.Name
}

// CrossStream reports whether the sides come from different kinds of line, as
// a stand-in may.
func (r *Row) CrossStream() bool {
	return r.Ref != nil && r.Got != nil && r.Ref.Stream != r.Got.Stream
}

// Pair returns the numbers of the component that differs most; ok is false
// where a side has none.
func (r *Row) Pair() (ref, got trace.Value, ok bool) {
	if r.Ref == nil || r.Got == nil || r.Worst < 0 {
		return ref, got, false
	}
	name := ""
	if r.Worst < len(r.Ref.Values) {
		ref = r.Ref.Values[r.Worst]
		name = ref.Name
	} else {
		return ref, got, false
	}
	got, ok = partner(r.Got, r.Worst, name)
	return ref, got, ok
}

// Label names the row so that no two rows of a comparison share it when
// several is the number of pixels compared: the key, then what tells it from
// its siblings: "k_frac[phi=3]", "omega_pixel_sr[sub=1]".
func (r *Row) Label(several int) string {
	var q []string
	add := func(name string, v int, hide bool) {
		if v >= 0 && !hide {
			q = append(q, fmt.Sprintf("%s=%d", name, v))
		}
	}
	if several > 1 && r.At.Slow >= 0 {
		q = append(q, fmt.Sprintf("pixel=%d,%d", r.At.Slow, r.At.Fast))
	}
	add("layer", r.At.Layer, r.At.Layer == 0)
	add("sub", r.At.Sub, r.At.Sub == 0)
	add("source", r.At.Source, r.Stream != trace.SourceStream && r.At.Source == 0)
	add("domain", r.At.Domain, r.At.Domain == 0)
	add("phi", r.At.Phi, r.Stream != trace.PhiStream && r.At.Phi == 0)
	switch r.Stream {
	case trace.SetupStream, trace.NoteStream, trace.TapStream:
		q = append([]string{r.Stream.String()}, q...)
	}
	if r.Occur > 0 {
		q = append(q, fmt.Sprintf("#%d", r.Occur+1))
	}
	if len(q) == 0 {
		return r.Name()
	}
	return r.Name() + "[" + strings.Join(q, " ") + "]"
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
