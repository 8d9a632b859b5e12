package parity_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"simtrace/internal/testkit"
	rules "simtrace/pkg/nanobragg/causes"
	"simtrace/pkg/parity"
)

// compare compares two logs as the command does.
func compare(t testing.TB, ref, got string) *parity.Report {
	t.Helper()
	return compareWith(t, ref, got, parity.Options{})
}

// compareWith compares two logs with options; what they do not say is that of
// DefaultOptions.
func compareWith(t testing.TB, ref, got string, opt parity.Options) *parity.Report {
	t.Helper()
	r, err := parity.Readers(t.Context(), strings.NewReader(ref), strings.NewReader(got), withDefaults(opt))
	if err != nil {
		t.Fatal(err)
	}
	checkCounts(t, r)
	return r
}

func withDefaults(opt parity.Options) parity.Options {
	std := parity.DefaultOptions()
	if opt.Tolerance == 0 {
		opt.Tolerance = std.Tolerance
	}
	opt.Rules = rules.Rules()
	if opt.RefPath == "" {
		opt.RefPath, opt.GotPath = "c.log", "py.log"
	}
	return opt
}

func checkCounts(t testing.TB, r *parity.Report) {
	t.Helper()
	c := r.Counts
	if c.Matched+c.Diverged+c.Missing+c.Waived != c.Total || c.Lost+c.Unpaired+c.Placeholder+c.Unresolved != c.Missing {
		t.Errorf("the counts do not add up: %+v", c)
	}
	if r.Summary == nil && len(r.Rows) != c.Total {
		t.Errorf("%d rows of %d are listed, and nothing says so", len(r.Rows), c.Total)
	}
}

// pair compares a pair of the recorded logs.
func pair(t *testing.T, name string) *parity.Report {
	t.Helper()
	dir := testkit.Shared(t, "logs", name)
	return compare(t, testkit.File(t, filepath.Join(dir, "c.log")), testkit.File(t, filepath.Join(dir, "py.log")))
}

func causes(r *parity.Report) string {
	var ids []string
	for _, c := range r.Causes {
		ids = append(ids, c.ID)
	}
	return strings.Join(ids, " ")
}

// text joins all that a report says in words.
func text(r *parity.Report) string {
	var b strings.Builder
	for _, c := range append(r.Causes, r.Notes...) {
		b.WriteString(c.ID + ": " + c.Title + "\n" + strings.Join(append(slices.Clone(c.Checks), c.Evidence...), "\n") + "\n")
		if c.Share != nil {
			b.WriteString(c.Share.How + "\n")
		}
	}
	for _, f := range r.Findings {
		b.WriteString(f.Pos.String() + " " + f.What + "\n")
	}
	for _, p := range r.Phi {
		b.WriteString(strings.Join(p.Pattern, "\n") + "\n")
	}
	b.WriteString(strings.Join(r.Reasons, "\n"))
	return b.String()
}

func wants(t *testing.T, r *parity.Report, words ...string) {
	t.Helper()
	all := text(r)
	for _, w := range words {
		if !strings.Contains(all, w) {
			t.Errorf("the report does not say %q:\n%s", w, all)
		}
	}
}
