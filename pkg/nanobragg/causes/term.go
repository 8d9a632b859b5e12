package causes

import (
	"fmt"
	"math"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace/schema"
)

func findFormulaTerm(c *Context, open []*diff.Row) ([]Cause, string) {
	if found := copied(c); found != nil {
		return found, ""
	}
	tried := 0
	for _, row := range open {
		if row.Info == nil || row.Info.Formula == nil || row.Info.Stage >= schema.Sum {
			continue
		}
		bad, good, ok := contradicted(c, row.Key, fingerprint)
		if !ok {
			continue
		}
		tried++
		if what := bad.mutated(); what != "" {
			return one(c.Open(row.Key), fmt.Sprintf("%s of %s is made with %s", row.Name(), bad.side.Name, what),
				[]string{fmt.Sprintf("%s = %s follows from the log's own inputs with that change alone, and on the other side without it to %.1g (%s)", row.Name(), list(bad.printed), good.rel, good.pos)}, bad.text()+"."), ""
		}
	}
	return nil, fmt.Sprintf("%d roots do not follow from their own log's inputs, and no change of one input makes them", tried)
}

// copied tells a cell vector that is another one of the same log.
func copied(c *Context) []Cause {
	for _, keys := range [][]schema.Key{realKeys, starKeys} {
		for s, o := range pairs(c) {
			v, ok1 := vecs(s, keys...)
			w, ok2 := vecs(o, keys...)
			for i := range 6 {
				a, b := i/2, (i/2+1+i%2)%3
				rows := c.Open(keys[a])
				if !ok1 || !ok2 || len(rows) == 0 || !v[a].near(v[b], v[b].norm()) || w[a].near(w[b], w[b].norm()) {
					continue
				}
				return shown(rows, fmt.Sprintf("%s of %s is %s: one vector in place of the other", keys[a], s.Name, keys[b]),
					fmt.Sprintf("all three components are the same (%s, %s); on the other side they are not", s.Rec(keys[a]).Pos(), s.Rec(keys[b]).Pos()))
			}
		}
	}
	return nil
}

// changes are what a program does to one input of a formula.
var changes = []struct {
	word   string
	vector bool // of three components alone
	of     func(x []float64, k int) float64
}{
	{"negated", false, func(x []float64, k int) float64 { return -x[k] }},
	{"left out", false, func([]float64, int) float64 { return 0 }},
	{"taken twice", false, func(x []float64, k int) float64 { return 2 * x[k] }},
	{"x thrice", true, func(x []float64, _ int) float64 { return x[0] }},
	{"y thrice", true, func(x []float64, _ int) float64 { return x[1] }},
	{"z thrice", true, func(x []float64, _ int) float64 { return x[2] }},
}

// mutated finds the one change of the inputs that makes what is printed.
func (o account) mutated() string {
	if what, ok := flipped(o.want, o.printed); ok {
		return "its formula, " + what
	}
	name := func(i int) string { return schema.Info(o.q.Formula.Inputs[i]).Name }
	// made tries the inputs with that of i, and of j, in place.
	made := func(i int, x []float64, j int, y []float64) bool {
		in := append([][]float64(nil), o.inputs...)
		in[j], in[i] = y, x
		_, rel, ok := o.with(in)
		return ok && rel <= fingerprint
	}
	for i, x := range o.inputs {
		for _, ch := range changes {
			changed := make([]float64, len(x))
			if ch.vector && len(x) != 3 {
				continue
			}
			for k := range x {
				changed[k] = ch.of(x, k)
			}
			if made(i, changed, i, changed) {
				return name(i) + " " + ch.word
			}
		}
		for j, y := range o.inputs[:i] {
			switch {
			case len(x) != len(y):
			case made(i, y, j, x):
				return name(i) + " and " + name(j) + " exchanged"
			case made(i, y, j, y):
				return name(j) + " in place of " + name(i)
			case made(i, x, j, x):
				return name(i) + " in place of " + name(j)
			}
		}
	}
	return ""
}

func findSignFlip(c *Context, open []*diff.Row) ([]Cause, string) {
	var out []Cause
	seen := map[schema.Key]bool{}
	for _, row := range open {
		if seen[row.Key] || row.Info == nil || row.Info.Kind != schema.Vec3 && row.Info.Kind != schema.Scalar {
			continue
		}
		what, flips := flippedRow(row)
		if !flips {
			continue
		}
		seen[row.Key] = true
		var rows []*diff.Row
		for _, r := range c.Open(row.Key) {
			if _, ok := flippedRow(r); ok {
				rows = append(rows, r)
			}
		}
		cause := one(rows, fmt.Sprintf("%s: %s", row.Name(), what), []string{fmt.Sprintf("%d components agree but for the sign", len(row.Ref.Values))}, show(row)+".").of(row.Name())
		cause[0].PrintOnly = row.Key == schema.HKLFrac // a lattice factor is the same at -h
		out = append(out, cause...)
	}
	return out, "no root is the other side's negated"
}

func flippedRow(r *diff.Row) (string, bool) {
	ref, got, ok := pairOf(r)
	what, flips := flipped(ref, got)
	return what, ok && flips
}

// flipped reports whether some components differ in their sign alone and all
// others agree.
func flipped(ref, got []float64) (string, bool) {
	size := 0.0
	for _, x := range ref {
		size = math.Hypot(size, x)
	}
	n, same, last := 0, 0, 0
	for i := range min(len(ref), len(got)) {
		plus, minus := math.Abs(got[i]+ref[i]) <= fingerprint*size, math.Abs(got[i]-ref[i]) <= fingerprint*size
		switch {
		case minus && !plus:
			same++
		case plus && !minus:
			n++
			last = i
		case !plus:
			return "", false
		}
	}
	switch {
	case len(ref) != len(got) || n == 0 || !finite(size):
		return "", false
	case same == 0:
		return "negated", true
	case n == 1 && len(ref) == 3:
		return "component " + string("xyz"[last]) + " has the other sign", true
	}
	return fmt.Sprintf("%d components have the other sign", n), true
}

func findSelfInconsistent(c *Context, _ []*diff.Row) ([]Cause, string) {
	var out []Cause
	for i := range schema.NanoBragg().All() {
		q := &schema.NanoBragg().All()[i]
		bad, good, ok := contradicted(c, q.Key, math.Max(c.Tolerance, fingerprint))
		rows := c.Open(q.Key)
		if !ok || !c.Differs(q.Key) || len(rows) == 0 && (q.Key != schema.IPixelFinal || c.Claimed(q.Key)) {
			continue // another cause accounts for it, or nothing starts there
		}
		cause := one(rows, fmt.Sprintf("%s of %s does not follow from its own inputs", q.Name, bad.side.Name),
			[]string{fmt.Sprintf("on the other side it follows, to %.1g (%s)", good.rel, good.pos)}, fmt.Sprintf("%s, off by %.3g.", bad.text(), bad.rel)).
			of(q.Name).alone().enters(q.Key).at(bad.pos, fmt.Sprintf("%s is %s; the log's own inputs make %s", q.Name, list(bad.printed), list(bad.want)))
		if len(rows) == 0 {
			cause.note()
		}
		if r, ok := bad.ratio(); ok {
			cause.also(fmt.Sprintf("The ratio is %.9g.", r))
		}
		out = append(out, cause...)
	}
	return out, "each root that is left follows from its own log's inputs as well as on the other side"
}
