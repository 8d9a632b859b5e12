package explain

import (
	"fmt"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

var singlePrecision = Rule{
	ID:    "float32",
	Title: "single precision on one side",
	Text: `One side computes in single precision. Each number is then good to 6e-8, and what is a small difference of large
numbers (an index, a lattice factor near a zero) to much less.

How it shows: nearly all numbers of the one log are just those that a float32 can have, and those of the other are
not; the roots differ by little.

How to check: run the port in double precision.`,
	Example: `c.log:   TRACE_C: rot_a_angstroms -14.3562690335399 -21.8717928453817 -5.58202083498661
py.log:  TRACE_PY: rot_a_angstroms -14.3562688827515 -21.8717937469482 -5.58202075958252`,
	Find: findFloat32,
}

// The evidence for single precision: so many numbers, so many of them in
// float32. By chance one number in 1e7 is.
const (
	leastSingle  = 8
	singleShare  = 0.7
	doubleShare  = 0.2
	singleRel    = 1e-4 // of a root: 6e-8 grown by the distance of a small difference
	latticeScale = 1e-2 // of a root among the lattice factors: grown by N pi h
	epsilon32    = 6e-8 // half the distance of two float32 numbers, relative
)

func findFloat32(c *Context) ([]Cause, string) {
	var share [2]float64
	var single, all [2]int
	for i, s := range c.sides() {
		single[i], all[i] = float32Share(s.values())
		if all[i] < leastSingle {
			return nil, s.Name + " has too few long numbers to tell"
		}
		share[i] = float64(single[i]) / float64(all[i])
	}
	name, i := "got", 1
	if share[0] > share[1] {
		name, i = "the reference", 0
	}
	if share[i] < singleShare || share[1-i] > doubleShare {
		return nil, fmt.Sprintf("%.0f %% of the reference's long numbers and %.0f %% of got's are float32 numbers", 100*share[0], 100*share[1])
	}
	var rows []*diff.Row
	for _, r := range c.Roots {
		if r.Key == schema.None {
			continue
		}
		if schema.Info(r.Key).Config { // rounded once, not computed
			if r.Rel <= epsilon32 {
				rows = append(rows, r)
			}
			continue
		}
		if r.Rel <= singleRel || r.Key > schema.HKLRounded && r.Rel <= latticeScale {
			rows = append(rows, r)
		}
	}
	if len(rows) == 0 {
		return nil, name + " is in single precision, but every root differs by more than that can make"
	}
	return []Cause{{
		Role: IsCause, Confidence: confidence(2), order: rows[0].Key, Explains: rows,
		Title:    name + " computes in single precision",
		Evidence: []string{fmt.Sprintf("%d of %d long numbers of %s are float32 numbers, of the other log %d of %d.", single[i], all[i], name, single[1-i], all[1-i]), show(rows[0]) + fmt.Sprintf(": %.2g.", rows[0].Rel)},
		Findings: []Finding{finding(rows[0], "single precision")},
	}}, ""
}

// values are the numbers of the pixel's own lines. floatimage is float32 in
// every program.
func (s *Side) values() []trace.Value {
	var out []trace.Value
	for _, r := range s.records {
		if (r.Stream == trace.PixelStream || r.Stream == trace.PhiStream) && r.Key != schema.FloatImage {
			out = append(out, r.Values...)
		}
	}
	return out
}
