package parity_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"simtrace/pkg/parity"
	"simtrace/pkg/trace/schema"
)

func readSchema(t testing.TB, text string) *schema.Schema {
	t.Helper()
	s, err := schema.Read(strings.NewReader(text), "s.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func compareBySchema(t *testing.T, text, ref, got string, opt parity.Options) *parity.Report {
	t.Helper()
	opt.Schema = readSchema(t, text)
	return compareWith(t, ref, got, opt)
}

func rootsOf(r *parity.Report) string {
	var out []string
	for _, root := range r.Roots {
		out = append(out, r.Label(root.Row))
	}
	return strings.Join(out, " ")
}

// toy is a program of its own, a mass on a spring, that prints what it computes
// last first. A fault scales one force of one step and cell; the energies are
// summed over the cells, and over the whole run.
func toy(faultStep, faultCell int) string {
	var b strings.Builder
	total := 0.0
	for step := range 3 {
		fmt.Fprintf(&b, "step %d\n", step)
		sum := 0.0
		for cell := range 2 {
			x := 0.5 + 0.25*float64(step) + 0.1*float64(cell)
			f := -3 * x
			if step == faultStep && cell == faultCell {
				f *= 1.001
			}
			v := f * 0.01
			sum += v * v / 2
			fmt.Fprintf(&b, "cell %d\nvel %v\nforce %v\nx %v\n", cell, v, f, x)
		}
		fmt.Fprintf(&b, "kinetic %v\n", sum)
		total += sum
	}
	return fmt.Sprintf("stiffness 3\n%stotal %v\n", b.String(), total)
}

const toySchema = `index: [step, cell]
quantities:
  - {name: total, per: run, parents: [kinetic]}
  - {name: kinetic, per: step, parents: [velocity]}
  - {name: velocity, aliases: [vel], parents: [force]}
  - {name: force, parents: [x, stiffness]}
  - {name: x}
  - {name: stiffness}
`

func TestSchemaFindsTheRoot(t *testing.T) {
	for step := range 3 {
		for cell := range 2 {
			r := compareBySchema(t, toySchema, toy(-1, -1), toy(step, cell), parity.Options{})
			if want := fmt.Sprintf("force[step=%d cell=%d]", step, cell); rootsOf(r) != want {
				t.Errorf("roots %q, want %s", rootsOf(r), want)
			}
			if r.Verdict != parity.Diverged || r.Counts.Diverged != 3+1 || r.Label(r.FirstRow()) != rootsOf(r) {
				t.Errorf("%s, %d rows, first %s", r.Verdict, r.Counts.Diverged, r.Label(r.FirstRow()))
			}
			if len(r.Causes)+len(r.Notes)+len(r.RuledOut) > 0 {
				t.Errorf("nanoBragg's causes: %v %v %v", r.Causes, r.Notes, r.RuledOut)
			}
		}
	}
	if r := compareBySchema(t, toySchema, toy(1, 1), toy(1, 1), parity.Options{}); r.Verdict != parity.Match {
		t.Errorf("with itself: %s %v", r.Verdict, r.Reasons)
	}
}

// Two faults at different places are two roots; one does not hide the other.
func TestSchemaPlaces(t *testing.T) {
	s := "index: [{name: step, order: independent}]\nquantities: [{name: a}, {name: b, parents: [a]}]\n"
	ref, got := "step 1\na 1\nb 2\nstep 2\na 1\nb 2\n", "step 1\na 1.5\nb 2.5\nstep 2\na 1\nb 2.5\n"
	r := compareBySchema(t, s, ref, got, parity.Options{})
	if got := rootsOf(r); got != "a[step=1] b[step=2]" {
		t.Errorf("roots %s", got)
	}
	// Where one step follows from those before, the later one may have come of it.
	s = "index: [step]\nquantities: [{name: a}, {name: b, parents: [a]}]\n"
	r = compareBySchema(t, s, ref, got, parity.Options{})
	if got := rootsOf(r); got != "a[step=1]" {
		t.Errorf("roots of sequential steps %s", got)
	}
	// What was dropped is lost, and shifts nothing.
	r = compareBySchema(t, s, "step 1\na 1\nstep 2\na 2\nstep 3\na 3\n", "step 1\na 1\nstep 3\na 3\n", parity.Options{})
	if r.Counts.Lost != 1 || r.Counts.Matched != 2 || r.Verdict != parity.Diverged {
		t.Errorf("%s: %+v", r.Verdict, r.Counts)
	}
}

// Names that nanoBragg prints mean what the schema says of them.
func TestSchemaForeignNames(t *testing.T) {
	s := "quantities: [{name: F_latt}, {name: I_pixel_final, parents: [F_latt, polar]}, {name: polar}]\n"
	ref, got := "I_pixel_final 100\nF_latt 2\n", "I_pixel_final -100\nF_latt 2\n"
	r := compareBySchema(t, s, ref, got, parity.Options{})
	if rootsOf(r) != "I_pixel_final" || len(r.Causes)+len(r.Notes) > 0 {
		t.Errorf("roots %s, causes %v, notes %v", rootsOf(r), r.Causes, r.Notes)
	}
	if u := r.Roots[0].Unobserved; len(u) != 1 || u[0] != "polar (on neither side)" {
		t.Errorf("unobserved %v", u)
	}
}

func TestSchemaTolerances(t *testing.T) {
	s := "quantities:\n  - {name: v, aliases: [w], shape: spatial%s}\n  - {name: n, shape: int}\n"
	ref, got := "v 1000 0 1\nn 5\n", "w 1000 0 1.0001\nn 5\n"
	plain, tight := fmt.Sprintf(s, ""), fmt.Sprintf(s, ", tolerance: {rel: 1e-9}")
	// By norm it is 1e-7; by itself, as a plain vector has it, it is 1e-4.
	mixed := strings.Replace(plain, "spatial", "vector", 1)
	if r := compareBySchema(t, mixed, ref, got, parity.Options{}); r.Verdict != parity.Diverged || math.Abs(r.FirstRow().Rel-1e-4) > 1e-7 {
		t.Errorf("components of different scales: %s", r.Verdict)
	}
	if r := compareBySchema(t, plain, ref, got, parity.Options{}); r.Verdict != parity.Match {
		t.Errorf("%s %v", r.Verdict, r.Reasons)
	}
	r := compareBySchema(t, tight, ref, got, parity.Options{})
	if r.Verdict != parity.Diverged || r.FirstRow().Rule.Where != "s.yaml:2" || r.FirstRow().Component != "z" {
		t.Errorf("%s by %+v", r.Verdict, r.FirstRow())
	}
	if rel := r.FirstRow().Rel; math.Abs(rel-1e-7) > 1e-12 {
		t.Errorf("relative %g", rel)
	}
	loose, err := parity.ReadTolerances(strings.NewReader("quantities: {w: {abs: 1e-3}}\n"), "t.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if r := compareBySchema(t, tight, ref, got, parity.Options{Tolerances: loose}); r.Verdict != parity.Match {
		t.Errorf("a rule by an alias does not hold: %s", r.Verdict)
	}
	if r := compareBySchema(t, plain, "n 1000000000\n", "n 1000000001\n", parity.Options{}); r.Verdict != parity.Diverged {
		t.Errorf("an int is not compared exactly: %s", r.Verdict)
	}
	if r := compareBySchema(t, plain, "n 5\n", "m 6\nn 5\n", parity.Options{Map: []parity.Rename{{Old: "n", New: "w"}}}); r.Verdict != parity.Refused {
		t.Errorf("n, renamed to an alias of v, has no partner: %s", r.Verdict)
	}
}

// What nobody declared carries no verdict, and a cut log none that is good.
func TestSchemaRefuses(t *testing.T) {
	s := "prefixes: [P]\nquantities: [{name: a}]\n"
	if r := compareBySchema(t, s, "P b 1\n", "P b 1\n", parity.Options{}); r.Verdict != parity.Refused || r.Counts.Matched != 1 {
		t.Errorf("undeclared alone: %s %v", r.Verdict, r.Reasons)
	}
	if r := compareBySchema(t, s, "P a 1\nP b 1\n", "P a 1\nP b 2\n", parity.Options{}); r.Verdict != parity.Diverged {
		t.Errorf("undeclared beside declared: %s", r.Verdict)
	}
	if r := compareBySchema(t, s, "P a 1\nP a 2.", "P a 1\nP a 2.", parity.Options{}); r.Verdict == parity.Match {
		t.Errorf("logs that may be cut: %s", r.Verdict)
	}
}

// Several names and numbers on a line are read as those of any program, where the schema
// says so; where it does not, the refusal tells how.
func TestSchemaOfText(t *testing.T) {
	const s = "index: [step]\nquantities: [{name: force}, {name: x}]\n"
	ref, got := "step 0 force -3 x 0.5\nstep 1 force -2.5 x 0.25\n", "step 0 force -3 x 0.5\nstep 1 force -2 x 0.25\n"
	if r := compareBySchema(t, s, ref, got, parity.Options{}); r.Verdict != parity.Refused || !strings.Contains(r.Headline, `"format: text"`) {
		t.Errorf("without a format: %s: %s", r.Verdict, r.Headline)
	}
	if r := compareBySchema(t, "format: text\n"+s, ref, got, parity.Options{}); r.Verdict != parity.Diverged || !strings.HasPrefix(r.Headline, "first at force[step=1]: 1 of 4 rows") {
		t.Errorf("as text: %s: %s", r.Verdict, r.Headline)
	}
}

func TestSchemaErrors(t *testing.T) {
	q := "quantities:\n  - "
	for _, c := range []struct{ text, want string }{
		{"", "s.yaml:1: the file is empty"},
		{"prefixes: [a]\n", "s.yaml:1: quantities must be a list, with one at least"},
		{"quantity: []\n", `s.yaml:1: unknown key "quantity" in a schema file`},
		{q + "{unit: m}\n", "s.yaml:2: the quantity has no name"},
		{q + "{name: a, aliases: [b]}\n  - {name: c, aliases: [b]}\n", "s.yaml:3: b is a name of a already, in line 2"},
		{q + "{name: a, aliases: [a]}\n", "s.yaml:2: a is a name of a already"},
		{q + "{name: 'a:b'}\n", `s.yaml:2: "a:b" cannot be a key`},
		{"index: [a]\n" + q + "{name: a}\n", "s.yaml:3: a is a key of the index already"},
		{"index: [a, a]\n" + q + "{name: b}\n", "s.yaml:1: a stands twice in index"},
		{"index: [a, b, c, d, e]\n" + q + "{name: x}\n", "s.yaml:1: 5 keys in index; at most 4"},
		{q + "{name: a, parents: [a]}\n", "s.yaml:2: a cycle: a needs a"},
		{q + "{name: a}\n  - {name: b, aliases: [x], parents: [c]}\n  - {name: c, parents: [x]}\n", "s.yaml:3: a cycle: b needs c needs b"},
		{q + "{name: a, parents: [aa]}\n", `s.yaml:2: a has an unknown parent "aa"`},
		{q + "{name: a, shape: tensor}\n", `s.yaml:2: unknown shape "tensor"`},
		{"index: [step]\n" + q + "{name: a, per: stp}\n", `s.yaml:3: unknown per "stp"`},
		{q + "name: a\n    tolerance: {rel: -1}\n", "s.yaml:3: rel must be at least 0"},
		{q + "name: a\n    tolerance: {rel: 1, abs: 1}\n", "s.yaml:3: a has 2 terms"},
		{q + "[\n", "s.yaml:"},
	} {
		_, err := schema.Read(strings.NewReader(c.text), "s.yaml")
		if err == nil || !strings.HasPrefix(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v, want %s", c.text, err, c.want)
		}
	}
}

// What a run prints before its first step holds no result, and need not: the steps do.
func TestSchemaSetupBeforeSteps(t *testing.T) {
	const spring = "index: [step]\nquantities:\n  - {name: k, per: run}\n  - {name: force, formula: -k*prev(position)}\n  - {name: position, parents: [position@prev, force]}\n"
	const log = "k=3\nstep=1 force=-3 position=0.97\nstep=2 force=-2.91 position=0.9109\n"
	if r := compareBySchema(t, spring, log, log, parity.DefaultOptions()); r.Verdict != parity.Match || r.Coverage.Results != 2 {
		t.Errorf("%s of %d results: %q", r.Verdict, r.Coverage.Results, r.Reasons)
	}
	// A step without its result still refuses.
	cut := strings.TrimSuffix(log, " position=0.9109\n") + "\n"
	if r := compareBySchema(t, spring, cut, cut, parity.DefaultOptions()); r.Verdict != parity.Refused {
		t.Errorf("a step without its result: %s, %q", r.Verdict, r.Reasons)
	}
}

// TestDeclaredAndNeverRead: a result of the schema that neither log prints refuses,
// whatever else is left out by name; another quantity is told of.
func TestDeclaredAndNeverRead(t *testing.T) {
	const log = "step 1\na 1\nb 2\n"
	with := func(quantities string, ignore ...string) *parity.Report {
		opt := parity.DefaultOptions()
		opt.Ignore = ignore
		return compareBySchema(t, "index: [step]\nquantities: ["+quantities+"]\n", log, log, opt)
	}
	for _, ignore := range [][]string{nil, {"a"}} {
		r := with("{name: a}, {name: b, parents: [a]}, {name: c, parents: [a]}", ignore...)
		if r.Verdict != parity.Refused || !strings.Contains(strings.Join(r.Reasons, "\n"), "the schema declares the result c") {
			t.Errorf("without the result c, ignoring %v: %v %q", ignore, r.Verdict, r.Reasons)
		}
	}
	r := with("{name: a}, {name: x}, {name: b, parents: [a, x]}")
	if r.Verdict != parity.Match || !strings.Contains(strings.Join(r.Reasons, "\n"), "the schema declares x, which neither log prints") {
		t.Errorf("without the parent x: %v %q", r.Verdict, r.Reasons)
	}
}
