package main

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"simtrace/internal/campaign"
	"simtrace/internal/testkit"
	"simtrace/pkg/nanobragg"
	"simtrace/pkg/sim"
)

// smallCase is a rotation in which the reference's carried vectors show.
const smallCase = "-default_F 100 -cell 70 80 90 75 85 95 -lambda 1 -N 5 -detpixels 32 -pixel 0.2 -distance 20 -oversample 1 -phi 0 -osc 1 -phisteps 3"

// rendered writes the image of the case under a profile.
func rendered(t *testing.T, path string, profile sim.Profile, flags string) {
	t.Helper()
	_, theirs, err := nanobragg.Split(strings.Fields(flags), nil)
	if err != nil {
		t.Fatal(err)
	}
	e, err := campaign.Experiment(profile, "", theirs)
	if err != nil {
		t.Fatal(err)
	}
	pix, err := e.Render(context.Background(), sim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var raw bytes.Buffer
	if err := nanobragg.WriteFloatImage(&raw, pix); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, raw.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
}

// cmdline runs the program and returns exit code, output and errors.
func cmdline(t *testing.T, args ...string) (int, string, string) {
	t.Helper()
	var out, errs bytes.Buffer
	code := run(context.Background(), append([]string{"tracecmp"}, args...), strings.NewReader(""), &out, &errs)
	if n := strings.Count(errs.String(), "\n"); n > 1 {
		t.Errorf("%v: %d lines on standard error", args, n)
	}
	return code, out.String(), errs.String()
}

// The flags that made the images tell their shape.
func TestImageDrillShape(t *testing.T) {
	path := filepath.Join(t.TempDir(), "oblong.bin")
	flags := strings.Replace(smallCase, "-detpixels 32", "-detpixels_x 24 -detpixels_y 16", 1)
	rendered(t, path, sim.ProfileSpec, flags)
	if code, text, errs := cmdline(t, append([]string{"image", path, path, "--drill", "1"}, strings.Fields(flags)...)...); code != exitMatch {
		t.Errorf("exit code %d: %s%s", code, text, errs)
	}
}

// From "the images differ" to the cause without a person choosing a pixel; and
// what stands in no image is said to stand in none.
func TestImageDrill(t *testing.T) {
	dir := t.TempDir()
	ref, got := filepath.Join(dir, "ref.bin"), filepath.Join(dir, "got.bin")
	rendered(t, ref, sim.ProfileNanoBragg, smallCase)
	rendered(t, got, sim.ProfileSpec, smallCase)
	out := filepath.Join(dir, "out")
	args := append([]string{"image", ref, got, "--drill", "3", "--out", out}, strings.Fields(smallCase)...)
	code, text, errs := cmdline(t, args...)
	if code != exitDiverged || !strings.Contains(text, "because phi-carryover") {
		t.Fatalf("exit code %d: %s%s", code, text, errs)
	}
	if strings.Contains(text, "does not account") || strings.Contains(text, "truncated") {
		t.Errorf("the traces are those of the images, and whole:\n%s", text)
	}
	var s struct {
		Verdict string
		Drill   []struct {
			Causes    []string
			RefStands bool `json:"ref_traced_is_pixel"`
			GotStands bool `json:"got_traced_is_pixel"`
		}
	}
	data, err := os.ReadFile(filepath.Join(out, "summary.json"))
	if err == nil {
		err = json.Unmarshal(data, &s)
	}
	if err != nil || s.Verdict != "DIVERGED" || len(s.Drill) < 2 || !s.Drill[0].RefStands || !s.Drill[0].GotStands {
		t.Errorf("%v, %+v", err, s)
	}
	for _, name := range []string{"summary.md", "ref.png", "got.png", "diff.png", "sha256.txt"} {
		if st, err := os.Stat(filepath.Join(out, name)); err != nil || st.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Other flags than those of the images.
	wrong := append([]string{"image", ref, got, "--drill", "1"}, strings.Fields(strings.Replace(smallCase, "-N 5", "-N 6", 1))...)
	if code, text, _ := cmdline(t, wrong...); code != exitDiverged || strings.Count(text, "does not account") != 2 {
		t.Errorf("traces of another crystal: exit code %d\n%s", code, text)
	}
}

func TestImageExitCodes(t *testing.T) {
	dir := t.TempDir()
	ref, odd := filepath.Join(dir, "ref.bin"), filepath.Join(dir, "odd.bin")
	rendered(t, ref, sim.ProfileSpec, smallCase)
	rendered(t, odd, sim.ProfileSpec, strings.Replace(smallCase, "-detpixels 32", "-detpixels 33", 1))
	black := filepath.Join(dir, "black.bin")
	if err := os.WriteFile(black, make([]byte, 4*32*32), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		code int
		args []string
	}{
		{exitMatch, []string{ref, ref}},
		{exitMatch, []string{"--tolerance", "0", "--roi", "1", "30", "2", "29", ref, ref}},
		{exitRefused, []string{ref, odd}},
		{exitRefused, []string{black, black}},
		{exitRefused, []string{ref, black}},
		{exitRefused, []string{ref, ref, "--roi", "0", "32", "0", "31"}},
		{exitTrouble, []string{ref}},
		{exitTrouble, []string{ref, filepath.Join(dir, "none")}},
		{exitTrouble, []string{ref, ref, "--shape", "31", "32"}},
		{exitTrouble, []string{ref, ref, "--roi", "5", "4", "0", "31"}},
		{exitTrouble, []string{ref, ref, "--tolerance", "-1"}},
		{exitTrouble, []string{ref, ref, "--drill", "1"}},
		{exitTrouble, []string{ref, ref, "-N", "5"}},
		{exitTrouble, []string{ref, ref, "--mask", odd}},
		{exitDiverged, []string{ref, ref, "--corr-min", "1", "--sum-ratio-max", "0.5"}},
	} {
		code, out, errs := cmdline(t, append([]string{"image"}, c.args...)...)
		if code != c.code || (code == exitTrouble) == (errs == "") {
			t.Errorf("%v: exit code %d, want %d: %s%s", c.args, code, c.code, out, errs)
		}
	}
}

// stub writes a program that stands for a simulator: it copies a file to where
// -floatfile says, behind a line on each stream.
func stub(t *testing.T, dir, name, then string) string {
	t.Helper()
	if _, err := os.Stat("/bin/sh"); err != nil {
		t.Skip("no /bin/sh: the programs of this test are shell scripts")
	}
	path := filepath.Join(dir, name)
	script := "#!/bin/sh\necho out\necho err >&2\nfor a; do last=$a; done\n" + then + "\n"
	if err := os.WriteFile(path, []byte(script), 0o777); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestNBCompare(t *testing.T) {
	t.Setenv("NB_C_BIN", "")
	t.Setenv("NB_PY_BIN", "")
	dir, temp := t.TempDir(), t.TempDir()
	t.Setenv("TMPDIR", temp)
	image, odd := filepath.Join(dir, "i.bin"), filepath.Join(dir, "odd.bin")
	rendered(t, image, sim.ProfileSpec, smallCase)
	rendered(t, odd, sim.ProfileSpec, strings.Replace(smallCase, "-detpixels 32", "-detpixels 33", 1))
	good := stub(t, dir, "good", "cp "+image+" \"$last\"")
	other := stub(t, dir, "odd", "cp "+odd+" \"$last\"")
	black := stub(t, dir, "black", "head -c 4096 /dev/zero >\"$last\"")
	for i, c := range []struct {
		code  int
		args  []string
		kept  string // a file of the folder
		wants string // in it
	}{
		{campaign.NBOK, []string{"--c-bin", good}, "summary.json", `"correlation": 1,`},
		{campaign.NBOK, []string{"--c-bin", good, "--got-bin", good, "--save-diff", "--threshold", "1"}, "py_stderr.txt", "err"},
		{campaign.NBUsage, []string{"--c-bin", filepath.Join(dir, "none")}, "", ""},
		{campaign.NBUsage, nil, "", ""},
		{campaign.NBUsage, []string{"--c-bin", good, "--threshold", "2"}, "", ""},
		{campaign.NBUsage, []string{"--c-bin", good, "--nonsense"}, "", ""},
		{campaign.NBFailed, []string{"--c-bin", stub(t, dir, "fails", "cp "+image+" \"$last\"; exit 7")}, "c_stderr.txt", "err"},
		{campaign.NBFailed, []string{"--c-bin", stub(t, dir, "silent", "")}, "c_stdout.txt", "out"},
		{campaign.NBFailed, []string{"--c-bin", good, "--got-bin", stub(t, dir, "killed", "kill -9 $$")}, "py_stdout.txt", "out"},
		{campaign.NBFailed, []string{"--c-bin", stub(t, dir, "hangs", "sleep 60"), "--timeout", "200ms"}, "blocked.md", "--timeout"},
		{campaign.NBBelow, []string{"--c-bin", black}, "summary.json", "REFUSED"},
		{campaign.NBOK, []string{"--c-bin", good, "--got-bin", "sh " + good, "--threshold", "1"}, "summary.json", `"max_abs_diff": 0,`},
		{campaign.NBUsage, []string{"--c-bin", good, "--got-bin", "sh " + good + " | sh"}, "", ""},
		{campaign.NBShapes, []string{"--c-bin", good, "--got-bin", other}, "summary.json", "shapes differ"},
		{campaign.NBBelow, []string{"--c-bin", good, "--got-bin", other, "--resample", "--threshold", "1"}, "summary.json", "resample_note"},
		{campaign.NBFiles, []string{"--c-bin", good, "--outdir", image}, "", ""},
	} {
		out := filepath.Join(dir, "out", string(rune('a'+i)))
		args := append([]string{"nb-compare", "--outdir", out}, c.args...)
		code, text, errs := cmdline(t, append(append(args, "--"), strings.Fields(smallCase)...)...)
		if code != c.code {
			t.Errorf("%v: exit code %d, want %d: %s%s", c.args, code, c.code, text, errs)
			continue
		}
		if c.kept == "" {
			if _, err := os.Stat(out); err == nil {
				t.Errorf("%v: a folder was left", c.args)
			}
			continue
		}
		if data, err := os.ReadFile(filepath.Join(out, c.kept)); err != nil || !strings.Contains(string(data), c.wants) {
			t.Errorf("%v: %s holds no %q: %v", c.args, c.kept, c.wants, err)
		}
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("folders of runs are left: %v %v", left, err)
	}
}

// An interrupt ends the program and what it started, and leaves nothing.
func TestNBCompareInterrupted(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	began := filepath.Join(dir, "began")
	hangs := stub(t, dir, "hangs", "touch "+began+"; sleep 60 & wait")
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		for {
			if _, err := os.Stat(began); err == nil {
				cancel()
				return
			}
			time.Sleep(time.Millisecond)
		}
	}()
	var out, errs bytes.Buffer
	args := append([]string{"tracecmp", "nb-compare", "--outdir", filepath.Join(dir, "out"), "--c-bin", hangs, "--"}, strings.Fields(smallCase)...)
	if code := run(ctx, args, nil, &out, &errs); code != campaign.NBFailed || !strings.Contains(errs.String(), "interrupted") {
		t.Errorf("exit code %d: %s", code, errs.String())
	}
	left, err := filepath.Glob(filepath.Join(dir, "*out*"))
	runs, err2 := filepath.Glob(filepath.Join(dir, "tracecmp-run-*"))
	if err != nil || err2 != nil || len(left)+len(runs) > 0 {
		t.Errorf("left: %v %v", left, runs)
	}
}

// A live reference, byte for byte under its own profile.
func TestNBCompareLive(t *testing.T) {
	if os.Getenv("NB_C_BIN") == "" {
		t.Skip("NB_C_BIN is not set: no reference program to run")
	}
	dir := filepath.Join(t.TempDir(), "out")
	code, text, errs := cmdline(t, append([]string{"nb-compare", "--outdir", dir, "--profile", "nanobragg", "--threshold", "1", "--"}, strings.Fields(smallCase)...)...)
	data, err := os.ReadFile(filepath.Join(dir, "summary.json"))
	if err != nil {
		t.Fatalf("%v\n%s%s", err, text, errs)
	}
	var s struct {
		Correlation float64 `json:"correlation"`
		MaxAbs      float64 `json:"max_abs_diff"`
	}
	if err := json.Unmarshal(data, &s); err != nil || code != campaign.NBOK || s.MaxAbs != 0 || math.Abs(s.Correlation-1) > 0 {
		t.Errorf("exit code %d, %v, %+v", code, err, s)
	}
}

// TestImagePage: --html writes the page alone, and never over an image or over what
// somebody else wrote.
func TestImagePage(t *testing.T) {
	dir := t.TempDir()
	ref, got := filepath.Join(dir, "ref.bin"), filepath.Join(dir, "got.bin")
	rendered(t, ref, sim.ProfileNanoBragg, smallCase)
	rendered(t, got, sim.ProfileSpec, smallCase)
	page := filepath.Join(dir, "page.html")
	if code, _, errs := cmdline(t, "image", ref, got, "--html", page, "--quiet"); code != exitDiverged {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	if text := testkit.File(t, page); !strings.Contains(text, "getBoundingClientRect") || strings.Contains(text, "compared.html") {
		t.Errorf("no page that stands alone: %.300s", text)
	}
	before := testkit.File(t, ref)
	if code, _, errs := cmdline(t, "image", ref, got, "--html", ref, "--force"); code != exitTrouble || !strings.Contains(errs, "is an input") {
		t.Errorf("over an input: exit code %d: %s", code, errs)
	}
	other := filepath.Join(dir, "other.html")
	writeText(t, other, "somebody's")
	if code, _, _ := cmdline(t, "image", ref, got, "--html", other, "--out", filepath.Join(dir, "report")); code != exitTrouble {
		t.Errorf("over a file of somebody else's: exit code %d", code)
	}
	if _, err := os.Stat(filepath.Join(dir, "report")); err == nil || testkit.File(t, ref) != before || testkit.File(t, other) != "somebody's" {
		t.Error("something was written all the same")
	}
}
