package causes

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"simtrace/pkg/parity"
	"simtrace/pkg/parity/explain"
)

// Every rule says what it is, how it shows and how to check, what to do, and shows a
// real pair, under an id of its own.
func TestRulesAreDocumented(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range Rules() {
		if r.ID == "" || seen[r.ID] || strings.ToLower(r.ID) != r.ID || strings.ContainsAny(r.ID, " _") {
			t.Errorf("id %q is empty, taken, or not in lower case with hyphens", r.ID)
		}
		seen[r.ID] = true
		for _, part := range []string{"How it shows:", "How to check:"} {
			if !strings.Contains(r.Text, part) {
				t.Errorf("%s does not say %q", r.ID, part)
			}
		}
		if r.Title == "" || r.Do == "" || r.Example == "" || r.Find == nil {
			t.Errorf("%s has no title, remedy, example or Find", r.ID)
		}
		if strings.HasSuffix(r.Title, ".") || strings.Contains(r.Title, "\n") {
			t.Errorf("%s: the title %q is no line", r.ID, r.Title)
		}
		if byID, ok := explain.ByID(Rules(), r.ID); !ok || byID.Title != r.Title {
			t.Errorf("%s is not found by its id", r.ID)
		}
	}
}

// compared compares two texts at a tolerance, with all rules.
func compared(t *testing.T, ref, got string, tolerance float64) *parity.Report {
	t.Helper()
	opt := parity.DefaultOptions()
	opt.Rules, opt.RefPath, opt.GotPath, opt.Tolerance = Rules(), "ref.log", "got.log", tolerance
	r, err := parity.Readers(t.Context(), strings.NewReader(ref), strings.NewReader(got), opt)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func ids(r *parity.Report) []string {
	var out []string
	for _, c := range append(append([]explain.Cause(nil), r.Causes...), r.Notes...) {
		out = append(out, c.ID)
	}
	return out
}

// livePairs reads the pairs of one traced pixel each, of the C program against itself with the
// faults that the folder is named for.
func livePairs(t *testing.T) map[string][3]string {
	t.Helper()
	out := map[string][3]string{}
	dirs, err := filepath.Glob("testdata/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range dirs {
		var texts [3]string
		for i, name := range []string{"ref.log", "got.log", "causes"} {
			b, err := os.ReadFile(filepath.Join(d, name))
			if err != nil {
				t.Fatal(err)
			}
			texts[i] = string(b)
		}
		out[filepath.Base(d)] = texts
	}
	if len(out) < 10 {
		t.Fatalf("%d pairs", len(out))
	}
	return out
}

// One to three faults at once are all named, and nothing else is.
func TestLivePairs(t *testing.T) {
	for name, p := range livePairs(t) {
		r := compared(t, p[0], p[1], parity.DefaultTolerance)
		if got, want := strings.Join(ids(r), " "), strings.Join(strings.Fields(p[2]), " "); got != want {
			t.Errorf("%s: named %q, want %q", name, got, want)
		}
		for _, c := range r.Causes {
			if len(c.Checks) == 0 && len(c.Evidence) == 0 {
				t.Errorf("%s: %s has neither check nor evidence", name, c.ID)
			}
		}
	}
}

// With the sides exchanged the same causes are named.
func TestLivePairsExchanged(t *testing.T) {
	for name, p := range livePairs(t) {
		want := map[string]bool{}
		for _, id := range strings.Fields(p[2]) {
			want[id] = true
		}
		for _, id := range ids(compared(t, p[1], p[0], parity.DefaultTolerance)) {
			if !want[id] {
				t.Errorf("%s, exchanged: %s is named, not among %v", name, id, strings.Fields(p[2]))
			}
			delete(want, id)
		}
		for id := range want {
			t.Errorf("%s, exchanged: %s is not named", name, id)
		}
	}
}

// A log against itself has no cause, at any tolerance.
func TestSelfHasNoCause(t *testing.T) {
	for name, p := range livePairs(t) {
		for _, log := range p[:2] {
			for _, tolerance := range []float64{0, parity.DefaultTolerance} {
				if r := compared(t, log, log, tolerance); r.Verdict != parity.Match || len(ids(r)) > 0 {
					t.Errorf("%s against itself at %g: %s, %v", name, tolerance, r.Verdict, ids(r))
				}
			}
		}
	}
}
