package diff

import (
	"strconv"
	"strings"
	"testing"

	"simtrace/pkg/trace"
)

// read makes a log of text.
func read(t testing.TB, name, text string) *trace.Log {
	t.Helper()
	l, err := trace.Read(strings.NewReader(text), name)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func compare(t testing.TB, ref, got string) *Result {
	t.Helper()
	return Compare(read(t, "ref", ref), read(t, "got", got), 1e-6)
}

// only returns the row of the key, and fails where there is not just one.
func only(t *testing.T, res *Result, name string) *Row {
	t.Helper()
	var found *Row
	for i := range res.Rows {
		if res.Rows[i].Name() == name {
			if found != nil {
				t.Fatalf("several rows named %s", name)
			}
			found = &res.Rows[i]
		}
	}
	if found == nil {
		t.Fatalf("no row named %s", name)
	}
	return found
}

func g(v float64) string { return strconv.FormatFloat(v, 'g', 15, 64) }
