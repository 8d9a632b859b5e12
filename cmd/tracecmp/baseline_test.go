package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"simtrace/internal/testkit"
)

// tracecmp runs the program in this folder: exit code, standard output, standard error.
func tracecmp(t *testing.T, stdin string, args ...string) (int, string, string) {
	t.Helper()
	var out, errs bytes.Buffer
	oneAtATime.Lock()
	defer oneAtATime.Unlock()
	code := run(t.Context(), append([]string{"tracecmp"}, args...), strings.NewReader(stdin), &out, &errs)
	return code, out.String(), errs.String()
}

// The way of a golden trace: kept, held against, changed with a reason.
func TestBaselineCommands(t *testing.T) {
	carry, fresh := testkit.File(t, "../../pkg/parity/testdata/carry.log"), testkit.File(t, "../../pkg/parity/testdata/fresh.log")
	t.Chdir(t.TempDir())
	writeText(t, "carry.log", carry)
	writeText(t, "fresh.log", fresh)
	writeText(t, "a.log", "step=1 x=1.5\nstep=2 x=2.5\n")
	writeText(t, "s.yaml", "index: [step]\nquantities:\n  - {name: pos, aliases: [x], tolerance: {rel: 0.5}}\n")
	for _, c := range []struct {
		stdin, args string
		code        int
		says        string // of standard output, or standard error where the code is 2
	}{
		{"", "save one carry.log", 0, "saved baselines/one/trace.jsonl.gz: 160 rows, 3 results"},
		{"", "save one carry.log", 2, "tracecmp baseline update one --reason"},
		{"", "check one carry.log", 0, "MATCH: 3 of 3 results"},
		{"", "check fresh.log", 2, "a log is needed"},
		{"", "check one fresh.log", 1, `tracecmp baseline update one LOG --reason "…"`},
		{"", "check one fresh.log", 1, "phi-carryover"},
		{"", "check one fresh.log --junit j.xml --quiet", 1, ""},
		{carry, "check one -", 0, "MATCH"},
		{"", "check one a.log", 3, "REFUSED"},
		{"", "check one --got-cmd ./nothing", 2, "--got-cmd"},
		{"", "check two carry.log", 2, "no baseline two in baselines (there are one)"},
		{"", "check ../one carry.log", 2, "a name of letters"},
		{"", "check", 2, "a NAME is needed"},
		{"", "chek one carry.log", 2, "did you mean check?"},
		{"", "check one carry.log fresh.log", 2, "one argument too many"},
		{"", "update one fresh.log", 2, "--reason"},
		{"", "update one carry.log --reason same", 0, "is as it was"},
		{"", "update one fresh.log --reason rotated", 0, ", first rot_a_angstroms"},
		{"", "check one fresh.log", 0, "MATCH"},
		{"", "check one carry.log", 1, "DIVERGED"},
		// The schema and the format are kept with the trace.
		{"", "save with a.log --schema s.yaml --dir golden", 0, "golden/with/trace.log.gz"},
		{"step=1 x=1.4\nstep=2 x=2.5\n", "check with - --dir golden", 0, "MATCH"},
		{"step=1 x=0.1\nstep=2 x=2.5\n", "check with - --dir golden", 1, "first at pos[step=1]"},
		{"step=1 x=1.4\nstep=2 x=2.5\n", "update with - --dir golden --reason closer", 0, "rows changed: 1, first pos[step=1]"},
		{"", "save as a.log --as keys --dir golden", 0, "saved"},
		{"", "save bad a.log --as csw --dir golden", 2, "did you mean csv?"},
	} {
		code, out, errs := tracecmp(t, c.stdin, append([]string{"baseline"}, strings.Fields(c.args)...)...)
		said := out
		if code == exitTrouble {
			said = errs
		}
		if code != c.code || !strings.Contains(said, c.says) || code == exitTrouble && strings.Count(errs, "\n") != 1 {
			t.Errorf("baseline %s: exit code %d, want %d with %q:\n%s%s", c.args, code, c.code, c.says, out, errs)
		}
	}
	if _, err := os.Stat("j.xml"); err != nil {
		t.Error(err)
	}
	if found, _ := os.ReadDir("golden"); len(found) != 2 {
		t.Errorf("golden holds %v", found)
	}
	if err := os.WriteFile("golden/with/schema.yaml", []byte("index: [x]\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	code, _, errs := tracecmp(t, "", "baseline", "check", "with", "a.log", "--dir", "golden")
	if code != exitTrouble || !strings.Contains(errs, "golden/with/schema.yaml is not the file that") {
		t.Errorf("a changed schema: exit code %d, %s", code, errs)
	}
}

// The reports that --out writes are read again by history, which spares files that
// are not its own.
func TestHistoryCommand(t *testing.T) {
	logs := "../../pkg/parity/testdata/"
	dir := t.TempDir()
	for i, got := range []string{"fresh.log", "carry.log"} {
		if code, _, errs := tracecmp(t, "", logs+"carry.log", logs+got, "--out", dir+"/r/"+string(rune('1'+i))+"/", "--quiet"); code == exitTrouble {
			t.Fatal(errs)
		}
	}
	code, out, errs := tracecmp(t, "", "history", dir+"/r", "--svg", dir+"/plot.svg")
	if code != exitMatch || !strings.Contains(out, "1       DIVERGED  rot_a_angstroms") || !strings.Contains(out, "2       MATCH     - *") {
		t.Errorf("exit code %d:\n%s%s", code, out, errs)
	}
	if svg := testkit.File(t, dir+"/plot.svg"); !strings.Contains(svg, "<svg ") {
		t.Error(svg)
	}
	if code, _, errs := tracecmp(t, "", "history", dir+"/r", "--svg", dir+"/plot.svg"); code != exitMatch {
		t.Errorf("its own plot is not written again: %s", errs)
	}
	writeText(t, dir+"/mine.svg", "<svg/>")
	for _, args := range [][]string{{dir + "/r", "--svg", dir + "/mine.svg"}, {dir + "/r", "--by", "size"}, {}, {dir}, {dir + "/none"}} {
		want := exitTrouble
		if len(args) == 1 && args[0] == dir {
			want = exitMatch // folders below count
		}
		if code, _, errs := tracecmp(t, "", append([]string{"history"}, args...)...); code != want {
			t.Errorf("history %v: exit code %d: %s", args, code, errs)
		}
	}
}
