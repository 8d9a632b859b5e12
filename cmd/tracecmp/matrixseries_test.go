package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"simtrace/internal/campaign"
	"simtrace/internal/testkit"
	"simtrace/pkg/nanobragg"
	"simtrace/pkg/sim"
)

// seriesOf writes two pairs of images, one of which is a pair of copies, a pair that lacks its
// second image, two logs of the C program's habits, and the list of all of them.
func seriesOf(t *testing.T) (cases string) {
	t.Helper()
	dir := t.TempDir()
	flags := smallCase + " -phi 0 -osc 1 -phisteps 3"
	for i, name := range []string{"1", "2", "3"} {
		n := fmt.Sprintf(" -N %d", 4+i)
		rendered(t, filepath.Join(dir, "c_"+name+".bin"), sim.ProfileNanoBragg, flags+n)
		if i < 2 {
			rendered(t, filepath.Join(dir, "py_"+name+".bin"), []sim.Profile{sim.ProfileSpec, sim.ProfileNanoBragg}[i], flags+n)
			traced(t, filepath.Join(dir, "px_"+name+".log"), sim.ProfileNanoBragg, flags, sim.Pixel{Slow: i + 3, Fast: 5})
		}
	}
	text := fmt.Sprintf("cases:\n  - id: frames\n    images: {ref: %[1]s/c_*.bin, got: %[1]s/py_*.bin}\n  - id: pixels\n    base_args: %[2]s\n    explain: %[1]s/px_*.log\n", dir, flags)
	cases = filepath.Join(dir, "cases.yaml")
	if err := os.WriteFile(cases, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return cases
}

// A series of images and logs of which the settings are sought makes the same table in one
// process and in parts, and says of each configuration how it is looked at alone.
func TestMatrixSeries(t *testing.T) {
	noSlurm(t)
	cases := seriesOf(t)
	whole, parts := filepath.Join(t.TempDir(), "whole"), filepath.Join(t.TempDir(), "parts")
	code, out, errs := cmdline(t, "matrix", cases, "--out", whole, "--jobs", "1")
	if code != exitTrouble || !strings.Contains(out, "5 configurations: 1 MATCH, 2 EXPLAINED, 1 DIVERGED, 1 FAILED") || !strings.Contains(out, "phi-zero=carry") {
		t.Fatalf("exit code %d: %s%s", code, out, errs)
	}
	for i := range 3 {
		cmdline(t, "matrix", cases, "--out", parts, "--shard", fmt.Sprintf("%d/3", i+1), "--quiet", "--jobs", "3")
	}
	cmdline(t, "matrix", "merge", cases, "--out", parts)
	for _, name := range []string{"matrix.md", "matrix.json", "matrix.html"} {
		a, err1 := os.ReadFile(filepath.Join(whole, name))
		b, err2 := os.ReadFile(filepath.Join(parts, name))
		if err1 != nil || err2 != nil || string(a) != string(b) {
			t.Errorf("%s differs: %v %v", name, err1, err2)
		}
		if name == "matrix.html" && strings.Count(string(a), `<img class="thumb"`) != 2 {
			t.Error("two comparisons of images have pictures")
		}
	}
	held(t, "matrix", filepath.Join(whole, "matrix.json"))
	for _, row := range matrixRows(t, whole) {
		if row.State == campaign.Failed {
			continue
		}
		if row.Report != "" {
			for _, ext := range []string{".md", ".html"} {
				if _, err := os.Stat(filepath.Join(whole, strings.TrimSuffix(row.Report, ".md")+ext)); err != nil {
					t.Error(err)
				}
			}
		}
		words := strings.Fields(row.Next)
		if code, _, errs := cmdline(t, words[1:]...); words[0] != "tracecmp" || code == exitTrouble || (code == exitMatch) != (row.State != "DIVERGED") {
			t.Errorf("%s is %s, but %s: exit code %d %s", row.Label(), row.State, row.Next, code, errs)
		}
	}
}

// A search whose report was taken away is made again, and one of another log is another.
func TestMatrixSeriesAgain(t *testing.T) {
	testkit.NotUnderRace(t) // one search tries all sets
	noSlurm(t)
	cases := seriesOf(t)
	out := filepath.Join(t.TempDir(), "out")
	cmdline(t, "matrix", cases, "--out", out, "--quiet")
	before := matrixRows(t, out)
	report := filepath.Join(out, before[3].Report)
	if err := os.Remove(report); err != nil {
		t.Fatal(err)
	}
	if _, text, _ := cmdline(t, "matrix", "merge", cases, "--out", out); !strings.Contains(text, "1 MISSING") {
		t.Errorf("a merge without a report:\n%s", text)
	}
	cmdline(t, "matrix", cases, "--out", out, "--quiet")
	if _, err := os.Stat(report); err != nil {
		t.Error(err)
	}
	log := filepath.Join(filepath.Dir(cases), "px_1.log")
	text, err := os.ReadFile(log)
	if err == nil {
		err = os.WriteFile(log, []byte(strings.Replace(string(text), "F_cell 100", "F_cell 123", 1)), 0o666)
	}
	if err != nil {
		t.Fatal(err)
	}
	cmdline(t, "matrix", cases, "--out", out, "--quiet")
	if after := matrixRows(t, out); after[3].Key == before[3].Key || !strings.HasSuffix(after[3].Reasons[0], "but for F_cell.") || after[4].Key != before[4].Key {
		t.Errorf("a log that changed: %+v", after[3])
	}
}

func matrixRows(t *testing.T, dir string) []campaign.MatrixRow {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "matrix.json"))
	var got struct{ Rows []campaign.MatrixRow }
	if err == nil {
		err = json.Unmarshal(data, &got)
	}
	if err != nil {
		t.Fatal(err)
	}
	return got.Rows
}

// traced writes the log of a pixel.
func traced(t *testing.T, path string, profile sim.Profile, flags string, p sim.Pixel) {
	t.Helper()
	_, theirs, err := nanobragg.Split(strings.Fields(flags), nil)
	if err != nil {
		t.Fatal(err)
	}
	e, err := campaign.Experiment(profile, "", theirs)
	if err != nil {
		t.Fatal(err)
	}
	text, _, err := campaign.Trace(t.Context(), e, p)
	if err == nil {
		err = os.WriteFile(path, text, 0o666)
	}
	if err != nil {
		t.Fatal(err)
	}
}
