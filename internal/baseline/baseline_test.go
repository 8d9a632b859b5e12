package baseline

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simtrace/internal/testkit"
	"simtrace/pkg/nanobragg/causes"
	"simtrace/pkg/parity"
	"simtrace/pkg/trace"
)

const carry, fresh = "../../pkg/parity/testdata/carry.log", "../../pkg/parity/testdata/fresh.log"

// put writes a baseline's files.
func put(t *testing.T, b *Baseline) {
	t.Helper()
	files, err := b.Files()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if f.Data == nil {
			if err := os.Remove(f.Path); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if err := os.MkdirAll(filepath.Dir(f.Path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(f.Path, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func given(t *testing.T, dir, text string) Given {
	t.Helper()
	return Given{Dir: dir, Name: "b", Log: trace.Text(text, "x.log"), Path: "x.log"}
}

func made(t *testing.T, dir, text string) *Baseline {
	t.Helper()
	b, err := New(context.Background(), given(t, dir, text), "")
	if err != nil {
		t.Fatal(err)
	}
	put(t, b)
	return b
}

// essence is what a comparison says, without positions.
type essence struct {
	Verdict  parity.Verdict
	Counts   parity.Counts
	Coverage parity.Coverage
	First    string
	Causes   []string
	Residue  int
}

func essenceOf(t *testing.T, ref, got *trace.Source) essence {
	t.Helper()
	opt := parity.DefaultOptions()
	opt.Rules = causes.Rules()
	r, err := parity.Sources(t.Context(), ref, got, opt)
	if err != nil {
		t.Fatal(err)
	}
	e := essence{Verdict: r.Verdict, Counts: r.Counts, Coverage: r.Coverage, Residue: len(r.Residue)}
	if row := r.FirstRow(); row != nil {
		e.First = r.Label(row)
	}
	for _, c := range r.Causes {
		e.Causes = append(e.Causes, c.ID)
	}
	return e
}

// A check against a baseline says what a comparison with the log itself says: of
// recorded pairs of two programs, of logs with a banner, of logs of any program.
func TestBaselineStandsForTheLog(t *testing.T) {
	pairs := [][2]string{{carry, fresh}, {fresh, carry}}
	for _, pattern := range [][]string{{"logs", "*", "c.log"}, {"cases", "*", "*", "ref.log"}} {
		if testkit.SharedPath(pattern[0]) == "" {
			t.Logf("SKIPPED, NOT TESTED: shared/%s is not there", pattern[0])
			continue
		}
		for _, ref := range testkit.SharedGlob(t, pattern...) {
			other := map[string]string{"c.log": "py.log", "ref.log": "got.log"}[filepath.Base(ref)]
			pairs = append(pairs, [2]string{ref, filepath.Join(filepath.Dir(ref), other)})
		}
	}
	json, log, refused := 0, 0, 0
	for _, p := range pairs {
		text := testkit.File(t, p[0])
		b, err := New(t.Context(), given(t, t.TempDir(), text), "")
		if err != nil {
			refused++
			continue
		}
		golden, err := b.open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if b.Trace == jsonName {
			json++
		} else {
			log++
		}
		other := trace.Text(testkit.File(t, p[1]), "other.log")
		want, got := essenceOf(t, trace.Text(text, "x.log"), other), essenceOf(t, golden, other)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%v, kept as %s (-with the log +with the baseline):\n%s", p, b.Trace, diff)
		}
	}
	t.Logf("%d kept as JSON lines, %d as printed, %d refused", json, log, refused)
	if json < 2 {
		t.Errorf("%d logs are kept as JSON lines", json)
	}
}

// The same log gives the same bytes; so does one whose lines of a block come in
// another order, in the trace.
func TestBaselineSameBytes(t *testing.T) {
	text := testkit.File(t, carry)
	a, b := made(t, t.TempDir(), text), made(t, t.TempDir(), text)
	b.dir = a.dir
	one, err := a.Files()
	if err != nil {
		t.Fatal(err)
	}
	two, err := b.Files()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(one, two); diff != "" {
		t.Error(diff)
	}
	lines := strings.SplitAfter(text, "\n")
	for i, l := range lines {
		if strings.HasPrefix(l, "TRACE_C: omega_pixel") || strings.HasPrefix(l, "TRACE_C: polar ") {
			lines[i], lines[i-1] = lines[i-1], l
		}
	}
	moved := strings.Join(lines, "")
	if moved == text {
		t.Fatal("no line was moved")
	}
	if c := made(t, t.TempDir(), moved); c.SHA256 != a.SHA256 {
		t.Error("another order of printing is another baseline")
	}
}

// Files that are not as they were written are refused by name.
func TestBaselineTampered(t *testing.T) {
	for name, change := range map[string]func(path string) error{
		"baseline.json":  func(p string) error { return appendTo(p, " ") },
		"trace.jsonl.gz": func(p string) error { return appendTo(p, "x") },
		"sha256.txt":     os.Remove,
	} {
		dir := t.TempDir()
		b := made(t, dir, testkit.File(t, carry))
		if b.Trace != jsonName {
			t.Fatalf("kept as %s", b.Trace)
		}
		if _, err := Open(dir, "b"); err != nil {
			t.Fatal(err)
		}
		if err := change(filepath.Join(dir, "b", name)); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(dir, "b"); err == nil || !strings.Contains(err.Error(), name) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Even where the list of checksums was written anew with it.
	dir := t.TempDir()
	b := made(t, dir, testkit.File(t, carry))
	var err error
	if b.packed, err = pack([]byte("another")); err != nil {
		t.Fatal(err)
	}
	put(t, b)
	if _, err := Open(dir, "b"); err == nil || !strings.Contains(err.Error(), "trace.jsonl.gz: it holds another trace") {
		t.Error(err)
	}
}

func appendTo(path, text string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(data, text...), 0o666)
}

// What could never match, or would always, is no baseline.
func TestBaselineRefuses(t *testing.T) {
	text := testkit.File(t, carry)
	for name, c := range map[string]struct{ log, want string }{
		"cut":     {text[:len(text)-200], "x.log: "},
		"garbled": {strings.Replace(text, "TRACE_C: polar ", "TRACE_C: polar x", 1), "could not be read"},
		"crash":   {text + "Traceback (most recent call last):\n  File \"a.py\", line 1\nValueError: x\n", "crash report"},
		"empty":   {"", "no run could match it"},
		"prose":   {"nothing here\n", "no run could match it"},
	} {
		if _, err := New(t.Context(), given(t, t.TempDir(), c.log), ""); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// An update keeps all reasons, counts the rows that changed to the last digit, and
// puts one form in the place of the other.
func TestBaselineUpdate(t *testing.T) {
	dir := t.TempDir()
	made(t, dir, testkit.File(t, carry))
	old, err := Open(dir, "b")
	if err != nil {
		t.Fatal(err)
	}
	for _, reason := range []string{"", " \t"} {
		if _, err := Update(t.Context(), old, given(t, dir, testkit.File(t, fresh)), reason); err == nil {
			t.Errorf("reason %q is taken", reason)
		}
	}
	if same, err := Update(t.Context(), old, given(t, dir, testkit.File(t, carry)), "again"); err != nil || same != nil {
		t.Errorf("the same log changes the baseline: %v %v", same, err)
	}
	b, err := Update(t.Context(), old, given(t, dir, testkit.File(t, fresh)), "a fresh rotation")
	if err != nil {
		t.Fatal(err)
	}
	put(t, b)
	if old, err = Open(dir, "b"); err != nil {
		t.Fatal(err)
	}
	if b, err = Update(t.Context(), old, given(t, dir, "step=1 x=1\nstep=2 x=2\n"), "another program"); err != nil {
		t.Fatal(err)
	}
	put(t, b)
	last, err := Open(dir, "b")
	if err != nil {
		t.Fatal(err)
	}
	var reasons []string
	for _, s := range last.History {
		reasons = append(reasons, s.Reason)
	}
	if diff := cmp.Diff([]string{"first saved", "a fresh rotation", "another program"}, reasons); diff != "" {
		t.Error(diff)
	}
	if n := last.History[1].Changed; n < 14 || last.History[1].First == "" {
		t.Errorf("%d rows changed, first %q", n, last.History[1].First)
	}
	found, err := os.ReadDir(filepath.Join(dir, "b"))
	if err != nil || len(found) != 3 {
		t.Errorf("%v %v", found, err)
	}
}
