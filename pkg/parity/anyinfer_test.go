package parity_test

import (
	"bytes"
	"context"
	"fmt"
	"math"
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
				if (a == nil) != (b == nil) || a != nil && (without.Label(a) != with.Label(b) || a.Ref.Pos() != b.Ref.Pos()) {
					t.Errorf("first %s (%s) without the file, %s (%s) with it", without.Label(a), a.Ref.Pos(), with.Label(b), b.Ref.Pos())
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

// TestSpeedOfTheModel: what programs call speed is compared, but for steps and the like
// per second where they differ from the first on, as those of a program do on every run.
func TestSpeedOfTheModel(t *testing.T) {
	var ref, got, runs [2]strings.Builder
	for i := range 20 {
		wrong := 0.0
		if i > 12 {
			wrong = 0.5
		}
		fmt.Fprintf(&ref[0], "step %d\nspeed = %.6f\nenergy = %.6f\n", i, 3+math.Sin(float64(i)), float64(i*i))
		fmt.Fprintf(&got[0], "step %d\nspeed = %.6f\nenergy = %.6f\n", i, 3+math.Sin(float64(i))+wrong, float64(i*i))
		for side := range runs {
			fmt.Fprintf(&runs[side], "step %d\nfps = %.6f\nenergy = %.6f\n", i, 300+math.Sin(float64(i+7*side)), float64(i*i))
		}
	}
	opt := parity.DefaultOptions()
	for _, c := range []struct {
		ref, got string
		opt      parity.Options
		want     parity.Verdict
	}{
		{ref[0].String(), got[0].String(), opt, parity.Diverged},
		{ref[0].String(), ref[0].String(), opt, parity.Match},
		{runs[0].String(), runs[1].String(), opt, parity.Match},
		{strings.ReplaceAll(runs[0].String(), "fps", "speed"), strings.ReplaceAll(runs[1].String(), "fps", "speed"), opt, parity.Diverged},
	} {
		r, err := parity.Sources(context.Background(), trace.Text(c.ref, "a.log"), trace.Text(c.got, "b.log"), c.opt)
		if err != nil || r.Verdict != c.want {
			t.Errorf("%v %v, not %s: %v", r.Verdict, err, c.want, r.Reasons)
		}
	}
}
