package diff

import (
	"strconv"
	"strings"

	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// narrowing is what a log says that it is narrowed to, in a note that simtrace
// writes for --stages and --phi: "stages=miller,lattice phi=0-3", and tracecmp probe
// for the quantities that it was asked for: "quantities=F_cell,F_latt". nil says
// nothing.
type narrowing struct {
	stages     map[string]bool // nil: all
	quantities map[string]bool // nil: all
	phi        [][2]int        // nil: all
}

// with adds what a block says.
func (n *narrowing) with(b *trace.Block) *narrowing {
	if b.Narrowed == "" {
		return n
	}
	out := &narrowing{}
	for _, w := range strings.Fields(b.Narrowed) {
		key, value, _ := strings.Cut(w, "=")
		switch key {
		case "stages":
			out.stages = setOf(value)
		case "quantities":
			out.quantities = setOf(value)
		case "phi":
			out.phi = [][2]int{}
			for s := range strings.SplitSeq(value, ",") {
				a, z, ok := strings.Cut(s, "-")
				if !ok {
					z = a
				}
				from, err1 := strconv.Atoi(a)
				to, err2 := strconv.Atoi(z)
				if err1 == nil && err2 == nil {
					out.phi = append(out.phi, [2]int{from, to})
				}
			}
		}
	}
	return out
}

func setOf(list string) map[string]bool {
	out := map[string]bool{}
	for s := range strings.SplitSeq(list, ",") {
		out[s] = true
	}
	return out
}

func (n *narrowing) merge(o *narrowing) *narrowing {
	if n == nil {
		return o
	}
	return n
}

// takeNarrowing notes what a log says, and tells whether that was not known.
func (e *Engine) takeNarrowing(side int, n *narrowing) bool {
	changed := (n == nil) != (e.narrow[side] == nil)
	e.narrow[side] = n
	return changed
}

// Narrowed reports whether a log says that it leaves things out.
func (e *Engine) Narrowed(side int) bool { return e.narrow[side] != nil }

// narrowed tells whether the log says that it leaves the record out.
func (e *Engine) narrowed(side int, r *trace.Record) bool {
	n := e.narrow[side]
	if n == nil || r.Symbol.Info == nil {
		return false
	}
	if n.stages != nil && !n.stages[r.Symbol.Info.Stage.String()] {
		return true
	}
	if n.quantities != nil && !n.quantities[r.Symbol.Info.Name] {
		return true
	}
	if n.phi == nil || r.Stream != trace.PhiStream {
		return false
	}
	tic := int(r.At[schema.Phi])
	for _, p := range n.phi {
		if tic >= p[0] && tic <= p[1] {
			return false
		}
	}
	return true
}
