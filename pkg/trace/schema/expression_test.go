package schema

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestFormula: what a file's formula makes of numbers, and what it needs of which
// step.
func TestFormula(t *testing.T) {
	x, v := 0.37, -2.5
	for _, c := range []struct {
		formula  string
		inputs   string
		previous string
		want     float64
	}{
		{"-k*x - c*v", "k x c v", "", float64(-3*x) - float64(0.5*v)},
		{"-x^2", "x", "", -(x * x)},
		{"(-x)**2", "x", "", x * x},
		{"2 - 3 - 4", "", "", -5},
		{"1/2", "", "", 0.5},
		{"2/3/4", "", "", 2.0 / 3 / 4},
		{"7 - (x - 1)*2e-1", "x", "", 7 - float64((x-1)*0.2)},
		{"sqrt(x) + exp(v) + log(x) + sin(x) + cos(v) + abs(v)", "x v", "", math.Sqrt(x) + math.Exp(v) + math.Log(x) + math.Sin(x) + math.Cos(v) + 2.5},
		{"min(x, v, 3) + max(x, v)", "x v", "", v + x},
		{"2*pi", "", "", 2 * math.Pi},
		{"prev(x) + dt*v", "dt v", "x", x + float64(0.01*v)},
		{"x - prev(x)", "x", "x", 0},
		{"prev(`total energy`) + `layer1.weight`", "layer1.weight", "total energy", 11 + 13},
		{"length + x", "length x", "", 17 + x}, // an alias
	} {
		s, err := Read(strings.NewReader("index: [step]\nquantities: [{name: x}, {name: v}, {name: k}, {name: c}, {name: dt},\n"+
			"  {name: total energy}, {name: layer1.weight}, {name: L, aliases: [length]}, {name: y, formula: '"+c.formula+"'}]\n"), "s.yaml")
		if err != nil {
			t.Errorf("%s: %v", c.formula, err)
			continue
		}
		k, _ := s.Find(BlockLines, "y")
		q := s.Info(k)
		value := map[string]float64{"x": x, "v": v, "k": 3, "c": 0.5, "dt": 0.01, "total energy": 11, "layer1.weight": 13, "L": 17}
		var in [][]float64
		names := func(keys []Key) string {
			var out []string
			for _, k := range keys {
				name := s.Info(k).Name
				in = append(in, []float64{value[name]})
				if name == "L" {
					name = "length"
				}
				out = append(out, name)
			}
			return strings.Join(out, " ")
		}
		if got := [2]string{names(q.Formula.Inputs), names(q.Formula.Previous)}; got != [2]string{c.inputs, c.previous} {
			t.Errorf("%s needs %q", c.formula, got)
		}
		if diff := cmp.Diff([2][]Key{q.Formula.Inputs, q.Formula.Previous}, [2][]Key{q.Parents, q.Previous}); diff != "" {
			t.Errorf("%s: its inputs are not its parents: %s", c.formula, diff)
		}
		if got, ok := q.Formula.Eval(in, nil, nil); !ok || len(got) != 1 || math.Abs(got[0]-c.want) > 1e-15*math.Abs(c.want) {
			t.Errorf("%s = %v, want %v", c.formula, got, c.want)
		}
	}
}

// TestFormulaComponents: a vector is computed component by component, with the
// same number for all where an input is one.
func TestFormulaComponents(t *testing.T) {
	s, err := Read(strings.NewReader("quantities: [{name: f, formula: -k*x}, {name: k}, {name: x}]\n"), "s.yaml")
	if err != nil {
		t.Fatal(err)
	}
	k, _ := s.Find(BlockLines, "f")
	eval := s.Info(k).Formula.Eval
	got, ok := eval([][]float64{{2}, {1, 2, 3}}, nil, nil)
	if diff := cmp.Diff([]float64{-2, -4, -6}, got); diff != "" || !ok {
		t.Error(diff)
	}
	if _, ok := eval([][]float64{{1, 2}, {1, 2, 3}}, nil, nil); ok {
		t.Error("two numbers and three make none")
	}
	if _, ok := eval([][]float64{{math.NaN()}, {1}}, nil, nil); ok {
		t.Error("nan is taken for a number")
	}
}

// TestFeedback: a cycle over steps is none within one, and does not make a
// quantity nobody's result.
func TestFeedback(t *testing.T) {
	s, err := Read(strings.NewReader("index: [step]\nquantities:\n"+
		"  - {name: v, parents: [v@prev, a]}\n  - {name: a, parents: [x]}\n  - {name: x, parents: [x@prev, v@prev, dt]}\n  - {name: dt, per: run}\n  - {name: y@prev}\n  - {name: z, parents: [y@prev]}\n"), "s.yaml")
	if err != nil {
		t.Fatal(err)
	}
	names := func(keys []Key) string {
		var out []string
		for _, k := range keys {
			out = append(out, s.Info(k).Name)
		}
		return strings.Join(out, " ")
	}
	x, _ := s.Find(BlockLines, "x")
	z, _ := s.Find(BlockLines, "z")
	if got := names(s.Info(x).Parents) + "|" + names(s.Info(x).Previous); got != "dt|x v" {
		t.Errorf("parents of x: %s", got)
	}
	if got := names(s.Sources(x)); got != "dt x a v" {
		t.Errorf("sources of x: %s", got)
	}
	if got := names(s.Info(z).Parents); got != "y@prev" {
		t.Errorf("a name with @prev in it: %s", got)
	}
	if got := names(s.Results()); got != "v z" {
		t.Errorf("results: %s", got)
	}
	if !s.Feedback() || !s.Related() || s.Time() != 0 || NanoBragg().Feedback() || NanoBragg().Time() != -1 {
		t.Error("feedback, or time")
	}
}
