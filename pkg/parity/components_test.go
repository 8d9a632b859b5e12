package parity_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"simtrace/internal/testkit"
	"simtrace/pkg/parity"
	"simtrace/pkg/parity/diff"
)

// A row is as far apart as its worst component, and what its components are, one by one, says
// no other thing than the row.
func TestComponentsAddUpToTheRow(t *testing.T) {
	testkit.NotUnderRace(t)
	pairs := pairsOf(t)
	const known = "TRACE_C: steps 100000000\nTRACE_C: hkl_rounded 30000000 2 1\nTRACE_C: hkl_frac 3.01 2.02 1.03\nTRACE_C:angles_rad=rotx:1 roty:200 rotz:3\nTRACE_C: I_pixel_final 5\n"
	for name, got := range map[string]string{
		"a large integer": strings.Replace(known, "100000000", "100000001", 1), "an index": strings.Replace(known, "30000000", "30000001", 1),
		"a field": strings.Replace(known, "rotx:1", "rotx:1.0001", 1),
	} {
		pairs["known: "+name] = [2]string{known, got}
	}
	const vectors = "TRACE: n 1 2 3\nTRACE: index 4 5 6\nTRACE: mixed 1e9 1e-3 5\n"
	for name, got := range map[string]string{
		"one of a vector": strings.Replace(vectors, "1 2 3", "1 2.001 3", 1), "two of them": strings.Replace(vectors, "1 2 3", "1.1 2 3.01", 1),
		"nan on one side": strings.Replace(vectors, "1 2 3", "1 nan 3", 1), "the small one of a mixed vector": strings.Replace(vectors, "1e-3", "2e-3", 1),
		"an integer": strings.Replace(vectors, "4 5 6", "4 5 7", 1), "a sign": strings.Replace(vectors, "1 2 3", "-1 2 3", 1),
		"one lost": strings.Replace(vectors, "1 2 3", "1 2", 1),
		"digits":   strings.Replace(vectors, "1e-3", "0.001000000001", 1),
	} {
		pairs["any: "+name] = [2]string{vectors, got}
	}
	pairs["any: nan on both"] = [2]string{strings.Replace(vectors, "1 2 3", "1 nan 3", 1), strings.Replace(vectors, "1 2 3", "1 nan 3.1", 1)}
	seen := map[diff.Status]int{}
	mixed := readSchema(t, "index: [step]\nquantities: [{name: n, shape: vector}, {name: e}]\n")
	pairs["mixed"] = [2]string{"step 1\nn 1e9 1e-3 5\ne 1\n", "step 1\nn 1e9 2e-3 5\ne 1\n"}
	for name, pair := range pairs {
		opt := withDefaults(parity.Options{})
		if name == "mixed" {
			opt.Schema = mixed
		}
		opt.EachRow = func(label string, r *diff.Row) {
			worst := diff.Pass
			parts := r.Components()
			for i, c := range parts {
				if slices.Index(outweighs, c.Status) > slices.Index(outweighs, worst) {
					worst = c.Status
				}
				seen[c.Status]++
				if i == r.Worst && r.Status != diff.Missing && (!same(c.Abs, r.Abs) || !same(c.Rel, r.Rel)) {
					t.Errorf("%s: %s, component %q is %g, %g and the row %g, %g", name, label, c.Name, c.Abs, c.Rel, r.Abs, r.Rel)
				}
			}
			if len(parts) > 0 && worst != r.Status {
				t.Errorf("%s: %s is %s, the worst of its components is %s", name, label, r.Status, worst)
			}
		}
		compareWith(t, pair[0], pair[1], opt)
	}
	for _, s := range []diff.Status{diff.Pass, diff.Minor, diff.Divergent, diff.Critical, diff.NotFinite, diff.Missing} {
		if seen[s] == 0 {
			t.Errorf("no component is %s: nothing was tested", s)
		}
	}
}

// outweighs are the states of a component, each of which decides about a row before those
// that stand ahead of it.
var outweighs = []diff.Status{diff.Pass, diff.NotFinite, diff.Minor, diff.Divergent, diff.Critical, diff.Missing}

func same(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }
