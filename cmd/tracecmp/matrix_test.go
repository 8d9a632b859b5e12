package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simtrace/internal/campaign"
	"simtrace/pkg/sim"
)

// matrixYAML holds a still, on which the profiles agree, and a rotation, on
// which they do not.
const matrixYAML = `cases:
  - id: A
    description: two ways to hold a crystal
    base_args: >-
      -default_F 100 -cell 70 80 90 75 85 95 -lambda 1 -N 5
      -detpixels 32 -pixel 0.2 -distance 20 -oversample 1
    thresholds:
      corr_min: %s
      max_abs_max: 1e9
    runs:
      - name: still
        extra_args: >-
      - name: carry
        extra_args: -phi 0 -osc 1 -phisteps 3
`

func writeCases(t *testing.T, corrMin string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "cases.yaml")
	if err := os.WriteFile(path, fmt.Appendf(nil, matrixYAML, corrMin), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

func noSlurm(t *testing.T) {
	for _, e := range os.Environ() {
		if name, _, _ := strings.Cut(e, "="); strings.HasPrefix(name, "SLURM_ARRAY_") {
			t.Setenv(name, "")
		}
	}
}

// Shards of a job array, the merge of what they left, and one run of all of it
// make the same tables.
func TestMatrixShards(t *testing.T) {
	noSlurm(t)
	cases := writeCases(t, "0.99")
	whole, parts := filepath.Join(t.TempDir(), "whole"), filepath.Join(t.TempDir(), "parts")
	if code, out, errs := cmdline(t, "matrix", cases, "--out", whole); code != exitDiverged || !strings.Contains(out, "1 MATCH, 1 DIVERGED") {
		t.Fatalf("exit code %d: %s%s", code, out, errs)
	}
	if code, out, _ := cmdline(t, "matrix", cases, "--out", parts, "--shard", "1/2"); code != exitMatch || !strings.Contains(out, "1 configuration: 1 MATCH") {
		t.Errorf("the first part: exit code %d: %s", code, out)
	}
	if code, out, _ := cmdline(t, "matrix", "merge", cases, "--out", parts); code != exitRefused || !strings.Contains(out, "1 MATCH, 1 MISSING") {
		t.Errorf("a merge of one part: exit code %d: %s", code, out)
	}
	t.Setenv("SLURM_ARRAY_TASK_ID", "14")
	t.Setenv("SLURM_ARRAY_TASK_COUNT", "2")
	t.Setenv("SLURM_ARRAY_TASK_MIN", "10")
	t.Setenv("SLURM_ARRAY_TASK_STEP", "4")
	if code, out, _ := cmdline(t, "matrix", cases, "--out", parts); code != exitDiverged || !strings.Contains(out, "1 configuration: 1 DIVERGED\n") || !strings.Contains(out, "part 2 of 2") {
		t.Errorf("the second part: exit code %d: %s", code, out)
	}
	if code, _, _ := cmdline(t, "matrix", "merge", cases, "--out", parts); code != exitDiverged {
		t.Errorf("the merge of both: exit code %d", code)
	}
	t.Setenv("SLURM_ARRAY_TASK_ID", "18")
	if code, _, errs := cmdline(t, "matrix", cases, "--out", parts); code != exitTrouble || !strings.Contains(errs, "SLURM_ARRAY_TASK_ID") {
		t.Errorf("a part that is none: exit code %d: %s", code, errs)
	}
	held(t, "matrix", filepath.Join(whole, "matrix.json"))
	for _, name := range []string{"matrix.md", "matrix.json", "matrix.html"} {
		a, err1 := os.ReadFile(filepath.Join(whole, name))
		b, err2 := os.ReadFile(filepath.Join(parts, name))
		if err1 != nil || err2 != nil || string(a) != string(b) {
			t.Errorf("%s differs: %v %v", name, err1, err2)
		}
	}
}

// What is at hand is not run again, unless it failed or something changed.
func TestMatrixResumes(t *testing.T) {
	noSlurm(t)
	dir := t.TempDir()
	image, count := filepath.Join(dir, "i.bin"), filepath.Join(dir, "count")
	rendered(t, image, sim.ProfileSpec, smallCase)
	fails := stub(t, dir, "fails", "echo x >>"+count+"; exit 3")
	good := stub(t, dir, "good", "echo x >>"+count+"; cp "+image+" \"$last\"")
	out := filepath.Join(dir, "out")
	runs := func(cases, bin string, want, wantCode int) {
		t.Helper()
		_ = os.Remove(count)
		code, text, errs := cmdline(t, "matrix", cases, "--out", out, "--c-bin", bin)
		data, _ := os.ReadFile(count)
		if n := strings.Count(string(data), "x"); n != want || code != wantCode {
			t.Errorf("%d runs, want %d; exit code %d, want %d: %s%s", n, want, code, wantCode, text, errs)
		}
	}
	loose, strict := writeCases(t, "-1"), writeCases(t, "1")
	runs(loose, fails, 2, exitTrouble)
	runs(loose, fails, 2, exitTrouble) // a failure is tried again
	runs(loose, good, 2, exitMatch)
	runs(loose, good, 0, exitMatch)
	runs(strict, good, 2, exitDiverged) // other thresholds
	data, err := os.ReadFile(filepath.Join(out, "matrix.json"))
	var got struct{ Rows []campaign.MatrixRow }
	if err == nil {
		err = json.Unmarshal(data, &got)
	}
	if err != nil || len(got.Rows) != 2 || math.IsNaN(float64(got.Rows[0].RMSE)) || got.Rows[0].State != "DIVERGED" || got.Rows[1].State != "MATCH" {
		t.Errorf("%v: %+v", err, got.Rows)
	}
}

func TestMatrixBadCases(t *testing.T) {
	noSlurm(t)
	dir := t.TempDir()
	for text, want := range map[string]string{
		"":                                     "no cases",
		"cases:\n  - id: A\n    nonsense: 1\n": `:3: unknown key "nonsense"`,
		"cases:\n  - id: A\n":                  "A: base_args and extra_args hold no flags",
		"cases:\n  - id: A\n    thresholds: {corr_min: high}\n    runs: [{name: r}]\n":                         ":3: ",
		"cases:\n  - id: A\n    base_args: -N 5\n    runs: [{name: r}, {name: r}]\n":                           "there twice",
		"cases:\n  - id: A\n    base_args: -N 5\n    pixels: [[1]]\n    runs: [{name: r}]\n":                   "A/r: pixels: [1]: a pixel is two whole numbers",
		"cases:\n  - id: A\n    runs: [{name: r}]\n":                                                           "A/r: base_args and extra_args hold no flags",
		"cases:\n  - id: A\n    pixels: [[1, x]]\n    runs: [{name: r}]\n":                                     ":3: ",
		"cases:\n  - id: A\n    base_args: -N 5\n    thresholds: {trace_rel_max: -1}\n    runs: [{name: r}]\n": "trace_rel_max -1",
		"cases:\n  - id: A\n    base_args: -N 5 | rm\n    runs: [{name: r, extra_args: -N 6}]\n":               "for a shell",
	} {
		path := filepath.Join(dir, "c.yaml")
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		code, _, errs := cmdline(t, "matrix", path, "--out", filepath.Join(dir, "out"))
		if code != exitTrouble || !strings.Contains(errs, want) || !strings.Contains(errs, path) {
			t.Errorf("%q: exit code %d, want %q: %s", text, code, want, errs)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "out")); err == nil {
		t.Error("a folder was left")
	}
}

const pixelsYAML = `cases:
  - id: A
    description: a crystal that turns | from phi 0 on
    base_args: >-
      -default_F 100 -cell 70 80 90 75 85 95 -lambda 1 -N 5
      -detpixels 32 -pixel 0.2 -distance 20 -oversample 1 -phi 0 -osc 1 -phisteps 3
    thresholds: {corr_min: 0.1%s}
    pixels: [[12, 20], [0, 3]]
    runs:
      - name: both
        extra_args: >-
        pixels: [[0, 0], [12, 20]]
      - name: none
        extra_args: -seed 2
        thresholds: {corr_min: 0.2}
`

// Traced pixels decide beside the image, with their first divergence and its
// cause; the run's first pixel is fresh on both sides and agrees.
func TestMatrixPixels(t *testing.T) {
	noSlurm(t)
	dir := t.TempDir()
	cases, out := filepath.Join(dir, "c.yaml"), filepath.Join(dir, "out")
	matrixOf := func(more string, args ...string) (int, []campaign.MatrixRow, string) {
		t.Helper()
		if err := os.WriteFile(cases, fmt.Appendf(nil, pixelsYAML, more), 0o666); err != nil {
			t.Fatal(err)
		}
		code, text, errs := cmdline(t, append([]string{"matrix", cases, "--out", out}, args...)...)
		data, err := os.ReadFile(filepath.Join(out, "matrix.json"))
		var got struct{ Rows []campaign.MatrixRow }
		if err == nil {
			err = json.Unmarshal(data, &got)
		}
		if err != nil || len(got.Rows) != 2 {
			t.Fatalf("%v: %d rows: %s%s", err, len(got.Rows), text, errs)
		}
		return code, got.Rows, text
	}
	code, rows, text := matrixOf("")
	if code != exitDiverged || len(rows[0].Pixels) != 3 || len(rows[1].Pixels) != 2 || rows[0].State != "DIVERGED" || rows[0].Image != "MATCH" {
		t.Fatalf("exit code %d: %s", code, text)
	}
	for _, p := range rows[0].Pixels {
		type said struct{ Verdict, First, Why string }
		want := said{"DIVERGED", "rot_a_angstroms", "phi-carryover"}
		if p.Slow == 0 && p.Fast == 0 {
			want = said{Verdict: "MATCH"}
		}
		if diff := cmp.Diff(want, said{p.Verdict, p.First, p.Why()}); diff != "" || p.Rows < 100 {
			t.Errorf("pixel %d %d, %d rows (-want +got):\n%s", p.Slow, p.Fast, p.Rows, diff)
		}
		data, err := os.ReadFile(filepath.Join(out, p.Compared))
		if err != nil || !strings.Contains(string(data), p.Verdict) {
			t.Errorf("%s: %v", p.Compared, err)
		}
	}
	page, err := os.ReadFile(filepath.Join(out, "matrix.html"))
	table, err2 := os.ReadFile(filepath.Join(out, "matrix.md"))
	link := rows[0].Pixels[0].Compared
	asPage := strings.TrimSuffix(link, ".md") + ".html"
	if _, err := os.Stat(filepath.Join(out, asPage)); err != nil {
		t.Error(err)
	}
	for link, file := range map[string]string{asPage: string(page), link: string(table)} {
		if err != nil || err2 != nil || !strings.Contains(file, "phi-carryover") || strings.Count(file, link) != 1 {
			t.Errorf("%v %v: %s is linked %d times", err, err2, link, strings.Count(file, link))
		}
	}
	// A tolerance of the case's own, with which the trace passes; the run that
	// has thresholds of its own does not inherit it.
	if _, rows, text := matrixOf(", trace_rel_max: 100"); rows[0].Pixels[0].Verdict != "MATCH" || rows[1].Pixels[0].Verdict != "DIVERGED" {
		t.Error(text)
	}
	if code, rows, text := matrixOf("", "--profile", "nanobragg"); code != exitMatch || rows[0].Traced() != "3 MATCH" {
		t.Errorf("exit code %d: %s", code, text)
	}
	// A program that prints no trace is not compared, and that is said.
	image := filepath.Join(dir, "i.bin")
	rendered(t, image, sim.ProfileNanoBragg, "-default_F 100 -cell 70 80 90 75 85 95 -lambda 1 -N 5 -detpixels 32 -pixel 0.2 -distance 20 -oversample 1 -phi 0 -osc 1 -phisteps 3")
	silent := stub(t, dir, "silent", `for a; do case $want in float) cp `+image+` "$a";; esac; want=; [ "$a" = -floatfile ] && want=float; done; true`)
	if code, rows, text := matrixOf("", "--got-bin", silent); code != exitRefused || rows[0].Traced() != "3 REFUSED" || rows[0].Image != "MATCH" {
		t.Errorf("exit code %d: %s", code, text)
	}
}
