package schema

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRead(t *testing.T) {
	const text = `prefixes: [DBG, "trace>"]
index: [step, {name: cell, order: independent}, {name: sweep, order: sequential}]
quantities:
  - {name: energy, per: step, parents: [velocity, total mass], result: true}
  - {name: velocity, aliases: [vel, v], shape: vector, parents: [position],
     tolerance: {abs: 1e-9, rel: 1e-6, join: and}}
  - {name: position, unit: m, shape: spatial, config: true}
  - {name: total mass, per: run, shape: scalar}
  - {name: turns, shape: int}
`
	s, err := Read(strings.NewReader(text), "s.yaml")
	if err != nil {
		t.Fatal(err)
	}
	rule := &Rule{Abs: 1e-9, Rel: 1e-6, ULP: math.NaN(), And: true, Where: "s.yaml:6"}
	want := []Quantity{
		{Key: 1, Name: "position", Unit: "m", Kind: Vec3, Scope: PerSample, Config: true, Depth: 3},
		{Key: 2, Name: "velocity", Aliases: []string{"vel", "v"}, Kind: Vec3, Mixed: true, Scope: PerSample, Parents: []Key{1}, Rule: rule, Depth: 3},
		{Key: 3, Name: "total mass", Kind: Scalar, Scope: PerRun},
		{Key: 4, Name: "energy", Any: true, Scope: PerSample, Parents: []Key{2, 3}, Result: true, Depth: 1},
		{Key: 5, Name: "turns", Kind: Int, Scope: PerSample, Depth: 3},
	}
	nan := cmp.Comparer(func(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) })
	if diff := cmp.Diff(want, s.All(), nan); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]IndexKey{{"step", Sequential}, {"cell", Independent}, {"sweep", Sequential}}, s.Index); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"DBG", "trace>"}, s.Prefixes); diff != "" {
		t.Error(diff)
	}
	if k, ok := s.Find(BlockLines, "vel"); !ok || k != 2 {
		t.Errorf("vel is %v", k)
	}
	if diff := cmp.Diff([]Key{4}, s.Results()); diff != "" {
		t.Error(diff)
	}
}

// TestReadErrors: each error names file and line, and what is wrong there.
func TestReadErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "s.yaml:1: the file is empty"},
		{"quantities: [{name: a}]\n---\nmore: 1\n", "s.yaml:2: a second document"},
		{"quantities: [{name: a}\n", "s.yaml:"},
		{"- a\n", "s.yaml:1: a schema file must be a mapping"},
		{"index: [step]\n", "s.yaml:1: quantities must be a list"},
		{"quantities: []\n", "s.yaml:1: quantities must be a list, with one at least"},
		{"quantity:\n  - {name: a}\n", `s.yaml:1: unknown key "quantity" in a schema file (did you mean quantities?)`},
		{"quantities:\n  - {unit: m}\n", "s.yaml:2: the quantity has no name"},
		{"quantities:\n  - {name: a}\n  - {name: b, pixls: 1}\n", `s.yaml:3: unknown key "pixls" in a quantity`},
		{"quantities:\n  - {name: a}\n  - {name: a}\n", "s.yaml:3: a is a name of a already, in line 2"},
		{"quantities:\n  - name: a\n    aliases: [a]\n", "s.yaml:3: a is a name of a already"},
		{"quantities:\n  - {name: a}\n  - name: b\n    aliases:\n      - c\n      - a\n", "s.yaml:6: a is a name of a already, in line 2"},
		{"quantities:\n  - {name: \"a=b\"}\n", `s.yaml:2: "a=b" cannot be a key`},
		{"quantities:\n  - {name: 3a}\n", `s.yaml:2: "3a" cannot be a key`},
		{"quantities:\n  - {name: a}\n  - {name: b, parents: [aa]}\n", `s.yaml:3: b has an unknown parent "aa" (did you mean a?)`},
		{"quantities:\n  - {name: a, parents: [b]}\n  - {name: b, parents: [a]}\n", "s.yaml:2: a cycle: a needs b needs a"},
		{"quantities:\n  - {name: a, parents: [a]}\n", "s.yaml:2: a cycle: a needs a"},
		{"quantities:\n  - {name: a, shape: vectr}\n", `s.yaml:2: unknown shape "vectr" (did you mean vector?)`},
		{"index: [step]\nquantities:\n  - {name: a, per: stp}\n", `s.yaml:3: unknown per "stp"`},
		{"index: [step]\nquantities:\n  - {name: step}\n", "s.yaml:3: step is a key of the index already"},
		{"index: [step, step]\nquantities: [{name: a}]\n", "s.yaml:1: step stands twice in index"},
		{"index: step\nquantities: [{name: a}]\n", "s.yaml:1: index must be a list"},
		{"index: [{order: sequential}]\nquantities: [{name: a}]\n", "s.yaml:1: the index key has no name"},
		{"index:\n  - {name: step, order: random}\nquantities: [{name: a}]\n", `s.yaml:2: order must be sequential or independent, not "random"`},
		{"index: [a, b, c, d, e]\nquantities: [{name: x}]\n", "s.yaml:1: 5 keys in index; at most 4"},
		{"quantities:\n  - {name: a, result: yes please}\n", `s.yaml:2: result must be true or false, not "yes please"`},
		{"quantities:\n  - {name: a, tolerance: {rel: small}}\n", `s.yaml:2: rel must be a finite number, not "small"`},
		{"quantities:\n  - {name: a, tolerance: {rel: -1}}\n", "s.yaml:2: rel must be at least 0, not -1"},
		{"quantities:\n  - {name: a, tolerance: {rel: 1, abs: 1}}\n", "s.yaml:2: a has 2 terms: join must say"},
		{"quantities:\n  - {name: a, tolerance: {rel: 1, join: or}}\n", "s.yaml:2: a has one term; there is nothing to join"},
		{"quantities:\n  - {name: a, tolerance: {rel: 1, abs: 2, join: xor}}\n", `s.yaml:2: join must be and, or or; not "xor"`},
		{"quantities:\n  - {name: a, tolerance: {}}\n", "s.yaml:2: a has no abs, rel or ulp"},
		{"quantities:\n  - {name: a}\n  - {name: b, parents: [aa@prev]}\n", `s.yaml:3: b has an unknown parent "aa@prev" (did you mean a?)`},
		{"quantities:\n  - {name: a, parents: [a@prev]}\n", "s.yaml:2: a has the parent a@prev, and no key of index counts steps: name what does"},
		{"index: [{name: cell, order: independent}]\nquantities:\n  - {name: a, formula: prev(a)}\n", "s.yaml:3: the formula of a has prev(a), and no key of index counts steps"},
		{"quantities:\n  - {name: a}\n  - name: b\n    formula: 2*aa\n", "s.yaml:4: the formula of b names aa, which is no quantity of the file (did you mean a?)"},
		{"quantities:\n  - {name: a, formula: b}\n  - {name: b, formula: 1 - a}\n", "s.yaml:2: a cycle: a needs b needs a; where one is of the step before, write a@prev among the parents, or prev(a) in the formula"},
		{"quantities:\n  - {name: a, formula: 2 +}\n", `s.yaml:2: the formula of a: "2 +" ends too early`},
		{"quantities:\n  - {name: a, formula: 2 b}\n", `s.yaml:2: the formula of a: "2 b" cannot be read from "b" on; names that are no plain words stand in backquotes`},
		{"quantities:\n  - {name: a, formula: tan(2)}\n", "s.yaml:2: the formula of a: the function tan is not known; there are sqrt, exp"},
		{"quantities:\n  - {name: a, formula: 'sqrt(1, 2)'}\n", "s.yaml:2: the formula of a: sqrt takes one number, not 2"},
		{"quantities:\n  - {name: a, formula: max(1)}\n", "s.yaml:2: the formula of a: max takes two numbers at least, not 1"},
		{"quantities:\n  - {name: a, formula: 1 > 2}\n", `s.yaml:2: the formula of a: the operator ">" is no arithmetic`},
		{"quantities:\n  - {name: a, formula: '[1, 2]'}\n", "s.yaml:2: the formula of a: [1, 2] is no arithmetic"},
		{"quantities:\n  - {name: a, formula: layer1.weight}\n", "s.yaml:2: the formula of a: a name with a point or brackets in it stands in backquotes"},
		{"quantities:\n  - {name: a, formula: prev(2)}\n", "s.yaml:2: the formula of a: prev takes the name of one quantity"},
		{"quantities:\n  - {name: a, shape: text, formula: 1}\n", "s.yaml:2: a is text, and has no formula"},
		{"quantities:\n  - {name: a, shape: text}\n  - {name: b, formula: a}\n", "s.yaml:3: the formula of b names a, which is text"},
		{"quantities:\n  - {name: a, shape: vector}\n  - {name: b, shape: scalar, formula: a}\n", "s.yaml:3: b is one number and its formula names a, which is 3 numbers"},
		{"index: [step]\nquantities:\n  - {name: a, per: run}\n  - {name: b, formula: prev(a)}\n", "s.yaml:4: the formula of b has prev(a), and a is per run: it has no step before; write a"},
		{"index: [step]\nquantities:\n  - {name: a, per: run}\n  - {name: b, parents: [a@prev]}\n", "s.yaml:4: b has the parent a@prev, and a is per run"},
		{"quantities:\n  - {name: a, formula: `b`}\n", "s.yaml:2: found character that cannot start any token; put the value in quotes"},
		{"quantities:\n  - {name: a, formula: []}\n", "s.yaml:2: formula is empty"},
		{"quantities:\n  - name: a\n    unit: m\n    name: b\n", "s.yaml:4: "},
	} {
		_, err := Read(strings.NewReader(c.text), "s.yaml")
		if err == nil || !strings.HasPrefix(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q:\n got %v\nwant %s", c.text, err, c.want)
		}
	}
}

// FuzzReadSchema: any file is a schema or one line that names it; what is read
// keeps its promises.
func FuzzReadSchema(f *testing.F) {
	f.Add("index: [step]\nquantities: [{name: a}, {name: b, parents: [a], tolerance: {rel: 1e-9}}]\n")
	f.Add("quantities: &q [{name: a, aliases: [b, c], shape: vector, per: run}]\n")
	f.Add("index: [step]\nquantities: [{name: a, parents: [a@prev]}, {name: b, formula: 'min(a, 2e3, -prev(b))^2/`c d`'}, {name: c d}]\n")
	f.Add("prefixes: [x]\nquantities: [*q]\n")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Read(strings.NewReader(text), "s.yaml")
		if err != nil {
			if !strings.HasPrefix(err.Error(), "s.yaml:") || strings.Contains(err.Error(), "\n") {
				t.Errorf("%q", err)
			}
			return
		}
		if len(s.All()) == 0 || len(s.Results()) == 0 {
			t.Error("no quantities, or no results")
		}
		for _, q := range s.All() {
			if k, ok := s.Find(q.Lines(), q.Name); !ok || k != q.Key || q.Depth > len(s.Index) {
				t.Errorf("%+v", q)
			}
		}
	})
}

func TestRulePasses(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		rule          Rule
		abs, rel, ulp float64
		want          bool
	}{
		{Relative(1e-6), 5, 1e-6, 1e9, true},
		{Relative(1e-6), 0, 2e-6, 0, false},
		{Relative(1e-6), nan, nan, nan, false},
		{Rule{Abs: 1, Rel: 1e-6, ULP: nan}, 0.5, 1, 0, true},
		{Rule{Abs: 1, Rel: 1e-6, ULP: nan, And: true}, 0.5, 1, 0, false},
		{Rule{Abs: 1, Rel: 1e-6, ULP: nan, And: true}, 0.5, 1e-7, 0, true},
		{Rule{Abs: nan, Rel: nan, ULP: 4}, 9, 9, 4, true},
		{Rule{Abs: nan, Rel: nan, ULP: nan, And: true}, 0, 0, 0, false},
	} {
		if got := c.rule.Passes(c.abs, c.rel, c.ulp); got != c.want {
			t.Errorf("%s with %g, %g, %g: %v", c.rule, c.abs, c.rel, c.ulp, got)
		}
	}
	if got := (Rule{Abs: 1e-9, Rel: 1e-6, ULP: nan}).String(); got != "abs 1e-09 or rel 1e-06" {
		t.Error(got)
	}
	if (Rule{}).Named() || !(Rule{Where: "t.yaml:3"}).Named() {
		t.Error("a rule is named by where it stands")
	}
}
