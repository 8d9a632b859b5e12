package campaign

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"simtrace/internal/testkit"
)

// The port's own list, as it is.
func TestMatrixPortsCases(t *testing.T) {
	path := testkit.Shared(t, "golden", "parity_cases.yaml")
	runs, err := readMatrix(path)
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.Count(string(data), "- name:"); len(runs) != want {
		t.Errorf("%d runs, the file names %d", len(runs), want)
	}
	for _, r := range runs {
		if !r.Thresholds.Any() || len(r.Args) < 10 {
			t.Errorf("%s/%s: %v, %v", r.Case, r.Name, r.Thresholds, r.Args)
		}
	}
}

// The numbers of a job array's tasks, with and without their count, in a fresh folder.
func TestSlurmShards(t *testing.T) {
	for _, c := range []struct {
		env         string // ID MIN MAX COUNT STEP, - for none
		part, parts int    // 0 for an error
	}{
		{"0 - 3 4 -", 0, 4}, {"7 1 10 4 3", 2, 4}, {"7 1 10 - 3", 2, 4}, {"5 5 5 1 1", 0, 1}, {"3 0 9 - -", 3, 10},
		{"3 0 7 3 1", 0, 0}, // 0,3,7: no step makes that
		{"4 1 10 4 4", 0, 0}, {"2 - - - -", 0, 0}, {"x 0 3 4 1", 0, 0}, {"1 0 3 4 0", 0, 0}, {"11 1 10 - 1", 0, 0}, {"0 0 y - 1", 0, 0},
	} {
		for i, v := range strings.Fields(c.env) {
			t.Setenv("SLURM_ARRAY_TASK_"+[]string{"ID", "MIN", "MAX", "COUNT", "STEP"}[i], strings.Trim(v, "-"))
		}
		var shard Shard
		a, err := SlurmArray()
		if err == nil {
			shard, err = a.shard(t.TempDir())
		}
		if (err != nil) != (c.parts == 0) || shard != (Shard{c.part, c.parts}) {
			t.Errorf("%s: part %d of %d, %v, want %d of %d", c.env, shard.Part, shard.Parts, err, c.part, c.parts)
		}
	}
}

// An array that does single parts again, with gaps or alone, does those of the first array.
func TestSlurmArrayAgain(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	for _, c := range []struct {
		env  string // ID MIN MAX COUNT STEP
		want Shard  // zero for an error
	}{
		{"3 3 7 2 1", Shard{}}, // nothing divided the list yet
		{"12 10 28 10 2", Shard{1, 10}},
		{"16 16 24 2 2", Shard{3, 10}}, {"24 16 24 2 2", Shard{7, 10}}, // --array=16,24
		{"28 28 28 1 1", Shard{9, 10}}, // --array=28
		{"10 10 14 5 1", Shard{0, 10}},
		{"30 30 30 1 1", Shard{}}, {"11 10 20 11 1", Shard{}},
	} {
		for i, v := range strings.Fields(c.env) {
			t.Setenv("SLURM_ARRAY_TASK_"+[]string{"ID", "MIN", "MAX", "COUNT", "STEP"}[i], v)
		}
		a, err := SlurmArray()
		if err != nil {
			t.Fatal(err)
		}
		got, err := a.shard(out)
		if err == nil {
			err = a.keep(out)
		}
		if got != c.want || (err != nil) != (c.want.Parts == 0) {
			t.Errorf("%s: %v, %v, want %v", c.env, got, err, c.want)
		}
	}
}
