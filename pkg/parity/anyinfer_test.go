package parity_test

import (
	"bytes"
	"strings"
	"testing"

	"simtrace/internal/schemafile"
	"simtrace/pkg/parity"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// TestInferredSchemaSaysTheSame: the file that is written of two logs, read back,
// gives the verdict and the first line that they have without it.
func TestInferredSchemaSaysTheSame(t *testing.T) {
	for i := range kinds {
		k := &kinds[i]
		t.Run(k.name, func(t *testing.T) {
			ref := strings.Join(lines(k, 0, func(int, *[5]float64) {}), "\n") + "\n"
			got := strings.Join(lines(k, 1, func(step int, q *[5]float64) {
				if step >= faultAt {
					q[0] *= 1.02
				}
			}), "\n") + "\n"
			s := inferred(t, ref, got)
			for _, other := range []string{got, strings.Join(lines(k, 1, func(int, *[5]float64) {}), "\n") + "\n"} {
				without, with := compare(t, ref, other), compareWith(t, ref, other, parity.Options{Schema: s})
				if without.Verdict != with.Verdict || without.Counts != with.Counts {
					t.Errorf("%s %+v without the file, %s %+v %v with it", without.Verdict, without.Counts, with.Verdict, with.Counts, with.Reasons)
				}
				a, b := without.FirstRow(), with.FirstRow()
				if (a == nil) != (b == nil) || a != nil && (without.Label(a) != with.Label(b) || a.Ref.Pos != b.Ref.Pos) {
					t.Errorf("first %s (%s) without the file, %s (%s) with it", without.Label(a), a.Ref.Pos, with.Label(b), b.Ref.Pos)
				}
			}
		})
	}
}

// inferred infers a schema, writes it, and reads the file.
func inferred(t *testing.T, ref, got string) *schema.Schema {
	t.Helper()
	src := [2]*trace.Source{trace.Text(ref, "ref.log"), trace.Text(got, "got.log")}
	s, how, err := trace.Infer(t.Context(), src)
	if err != nil {
		t.Fatal(err)
	}
	var found []*trace.Survey
	for _, l := range src {
		f, err := trace.NewSurvey(t.Context(), l, s)
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, f)
	}
	var file bytes.Buffer
	if err := schemafile.Write(&file, s, how, found); err != nil {
		t.Fatal(err)
	}
	back, err := schema.Read(bytes.NewReader(file.Bytes()), "schema.yaml")
	if err != nil {
		t.Fatalf("%v\n%s", err, file.String())
	}
	return back
}

// TestWrongShape: what a schema declares and a log does not hold is said with line
// and remedy.
func TestWrongShape(t *testing.T) {
	for _, format := range []string{"", "format: text\n"} {
		s, err := schema.Read(strings.NewReader(format+"index: [step]\nquantities: [{name: k1, shape: vector}, {name: e}]\n"), "s.yaml")
		if err != nil {
			t.Fatal(err)
		}
		log := "step 1\nk1 1.5 2.5\ne 3\n"
		r := compareWith(t, log, log, parity.Options{Schema: s})
		want := "k1 is declared a vector (3 numbers) but has 2 on line 2: use list"
		if len(r.Problems) == 0 || r.Problems[0].Why != want || r.Verdict != parity.Refused {
			t.Errorf("%q: %s %v, want %q", format, r.Verdict, r.Problems, want)
		}
	}
}
