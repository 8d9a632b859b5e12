package causes

import (
	"fmt"
	"math"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/parity/explain"
	"simtrace/pkg/trace/schema"
)

// findFormulaTerm recognises term.
func findFormulaTerm(c *Context) ([]Cause, string) {
	if found := copied(c); found != nil {
		return found, ""
	}
	tried := 0
	for _, row := range c.Open() {
		if row.Info == nil || row.Info.Formula == nil || row.Info.Stage >= schema.Sum {
			continue
		}
		ref, ok1 := recomputed(c, c.Ref, row.Key)
		got, ok2 := recomputed(c, c.Got, row.Key)
		if !ok1 || !ok2 || (ref.rel <= fingerprint) == (got.rel <= fingerprint) {
			continue
		}
		bad, good, s := got, ref, c.Got
		if ref.rel > fingerprint {
			bad, good, s = ref, got, c.Ref
		}
		tried++
		if what := mutated(row.Info, bad); what != "" {
			cause := one(c.Open(row.Key), fmt.Sprintf("%s of %s is made with %s", row.Name(), s.Name, what),
				[]string{fmt.Sprintf("%s = %s follows from the log's own inputs with that change alone, and on the other side without it to %.1g (%s)", row.Name(), list(bad.printed), good.rel, good.pos)}, bad.text(s)+".")
			return cause, ""
		}
	}
	return nil, fmt.Sprintf("%d roots do not follow from their own log's inputs, and no change of one input makes them", tried)
}

// copied tells a cell vector that is another one of the same log.
func copied(c *Context) []Cause {
	for _, keys := range [][]schema.Key{realKeys, starKeys} {
		for _, s := range c.Sides() {
			v, ok1 := vecs(s, keys...)
			o, ok2 := vecs(other(c, s), keys...)
			for i := range 6 {
				a, b := i/2, (i/2+1+i%2)%3
				rows := c.Open(keys[a])
				if !ok1 || !ok2 || len(rows) == 0 || !v[a].near(v[b], v[b].norm()) || o[a].near(o[b], o[b].norm()) {
					continue
				}
				return one(rows, fmt.Sprintf("%s of %s is %s: one vector in place of the other", keys[a], s.Name, keys[b]),
					[]string{fmt.Sprintf("all three components are the same (%s, %s); on the other side they are not", s.Rec(keys[a]).Pos, s.Rec(keys[b]).Pos)}, show(rows[0])+".")
			}
		}
	}
	return nil
}

// mutated finds the one change of an input that makes what is printed.
func mutated(q *schema.Quantity, a account) string {
	f := q.Formula
	test := func(in [][]float64) bool {
		out, ok := f.Eval(in, a.settings, nil)
		if !ok || len(out) != len(a.printed) {
			return false
		}
		scale := 0.0
		if f.Scale != nil {
			scale = f.Scale(in)
		}
		off, ok := offBy(a.printed, out, scale)
		return ok && off <= fingerprint
	}
	if what, ok := flipped(a.want, a.printed); ok {
		return "its formula, " + what
	}
	name := func(i int) string { return schema.Info(f.Inputs[i]).Name }
	changes := []struct {
		word   string
		change func(x []float64, k int) float64
	}{
		{"negated", func(x []float64, k int) float64 { return -x[k] }},
		{"left out", func([]float64, int) float64 { return 0 }},
		{"taken twice", func(x []float64, k int) float64 { return 2 * x[k] }},
		{"x thrice", func(x []float64, _ int) float64 { return x[0] }},
		{"y thrice", func(x []float64, _ int) float64 { return x[min(1, len(x)-1)] }},
		{"z thrice", func(x []float64, _ int) float64 { return x[len(x)-1] }},
	}
	for i, x := range a.inputs {
		for n, ch := range changes {
			if n >= 3 && len(x) != 3 {
				continue
			}
			in := append([][]float64(nil), a.inputs...)
			in[i] = make([]float64, len(x))
			for k := range x {
				in[i][k] = ch.change(x, k)
			}
			if test(in) {
				return name(i) + " " + ch.word
			}
		}
		for j := range i {
			if len(a.inputs[j]) == len(x) {
				in := append([][]float64(nil), a.inputs...)
				in[i], in[j] = in[j], in[i]
				if test(in) {
					return name(i) + " and " + name(j) + " exchanged"
				}
				for _, p := range [2][2]int{{i, j}, {j, i}} {
					in := append([][]float64(nil), a.inputs...)
					if in[p[0]] = in[p[1]]; test(in) {
						return name(p[1]) + " in place of " + name(p[0])
					}
				}
			}
		}
	}
	return ""
}

// findSignFlip recognises sign.
func findSignFlip(c *Context) ([]Cause, string) {
	var out []Cause
	seen := map[schema.Key]bool{}
	for _, row := range c.Open() {
		if seen[row.Key] || row.Info == nil || row.Info.Kind != schema.Vec3 && row.Info.Kind != schema.Scalar {
			continue
		}
		ref, got, ok := pairOf(row)
		what, flips := flipped(ref, got)
		if !ok || !flips {
			continue
		}
		seen[row.Key] = true
		var rows []*diff.Row
		for _, r := range c.Open(row.Key) {
			a, b, _ := pairOf(r)
			if _, ok := flipped(a, b); ok {
				rows = append(rows, r)
			}
		}
		cause := one(rows, fmt.Sprintf("%s: %s", row.Name(), what), []string{fmt.Sprintf("%d components agree but for the sign", len(ref))}, show(row)+".")[0]
		cause.Of, cause.PrintOnly = row.Name(), row.Key == schema.HKLFrac // a lattice factor is the same at -h
		out = append(out, cause)
	}
	return out, "no root is the other side's negated"
}

// flipped reports whether some components differ in their sign alone and all
// others agree.
func flipped(ref, got []float64) (string, bool) {
	size := 0.0
	for _, x := range ref {
		size = math.Hypot(size, x)
	}
	if size == 0 || !finite(size) || len(ref) != len(got) {
		return "", false
	}
	limit := fingerprint * size
	n, last, zero := 0, 0, 0
	for i := range ref {
		switch {
		case math.Abs(ref[i]) <= limit && math.Abs(got[i]) <= limit:
			zero++
		case math.Abs(got[i]-ref[i]) <= limit:
		case math.Abs(got[i]+ref[i]) <= limit:
			n++
			last = i
		default:
			return "", false
		}
	}
	switch {
	case n == 0:
		return "", false
	case n+zero == len(ref):
		return "negated", true
	case n == 1 && len(ref) == 3:
		return "component " + string("xyz"[last]) + " has the other sign", true
	}
	return fmt.Sprintf("%d components have the other sign", n), true
}

// findSelfInconsistent recognises self-inconsistent.
func findSelfInconsistent(c *Context) ([]Cause, string) {
	var out []Cause
	limit := math.Max(c.Tolerance, fingerprint)
	for i := range schema.NanoBragg().All() {
		q := &schema.NanoBragg().All()[i]
		ref, ok1 := recomputed(c, c.Ref, q.Key)
		got, ok2 := recomputed(c, c.Got, q.Key)
		// Where both hold, or neither, the formula is not theirs.
		if !ok1 || !ok2 || (ref.rel <= limit) == (got.rel <= limit) || !c.Differs(q.Key) {
			continue
		}
		bad, good, s := got, ref, c.Got
		if ref.rel > limit {
			bad, good, s = ref, got, c.Ref
		}
		rows := c.Open(q.Key)
		if len(rows) == 0 && (q.Key != schema.IPixelFinal || c.Claimed(q.Key)) {
			continue // another cause accounts for it, or nothing starts there
		}
		cause := one(rows, fmt.Sprintf("%s of %s does not follow from its own inputs", q.Name, s.Name),
			[]string{fmt.Sprintf("on the other side it follows, to %.1g (%s)", good.rel, good.pos)}, fmt.Sprintf("%s, off by %.3g.", bad.text(s), bad.rel))[0]
		cause.Of, cause.PrintOnly, cause.Order = q.Name, true, q.Key
		if len(rows) == 0 {
			cause.Role = explain.IsNote
		}
		if r, ok := bad.ratio(); ok {
			cause.Evidence = append(cause.Evidence, fmt.Sprintf("The ratio is %.9g.", r))
		}
		cause.Findings = []explain.Finding{{Pos: s.RecOr(q.Key).Pos, What: fmt.Sprintf("%s is %s; the log's own inputs make %s", q.Name, list(bad.printed), list(bad.want))}}
		out = append(out, cause)
	}
	return out, "each root that is left follows from its own log's inputs as well as on the other side"
}
