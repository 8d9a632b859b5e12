package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"simtrace/internal/runfile"
	"simtrace/internal/shell"
	"simtrace/pkg/sim"
)

// nextOf is the command that a report ends with, below "What next".
func nextOf(t *testing.T, text string) []string {
	t.Helper()
	_, rest, ok := strings.Cut(text, "\nWhat next\n")
	lines := strings.Split(rest, "\n")
	if !ok || len(lines) < 2 {
		t.Fatalf("it does not say what next:\n%s", text)
	}
	words, err := shell.Split(strings.TrimSpace(lines[1]))
	if err != nil {
		t.Fatal(err)
	}
	return words
}

// What two images are told to do next finds the cause: from the images to the pixels with the
// flags of the run where a folder has them, from the pixels to the cause. A command that was
// printed runs as it stands.
func TestNextOfImages(t *testing.T) {
	dir := t.TempDir()
	ref, got := filepath.Join(dir, "c.bin"), filepath.Join(dir, "port.bin")
	rendered(t, ref, sim.ProfileNanoBragg, smallCase)
	rendered(t, got, sim.ProfileSpec, smallCase)
	_, text, _ := cmdline(t, "image", ref, got)
	if words := nextOf(t, text); !strings.HasSuffix(strings.Join(words, " "), "--drill 3 --config CONFIG") || !strings.Contains(text, "CONFIG is the configuration") {
		t.Errorf("without a configuration: %v", words)
	}
	flags := strings.Fields(smallCase)
	snapshot := `{"schema": "` + runfile.SnapshotSchema + `", "config": "command line", "profile": "spec", "flags": [{"flag": "` + flags[0] + `", "values": ["` + strings.Join(flags[1:], `", "`) + `"], "origin": "command line"}]}`
	if err := os.WriteFile(filepath.Join(dir, runfile.SnapshotName), []byte(snapshot), 0o666); err != nil {
		t.Fatal(err)
	}
	_, text, _ = cmdline(t, "image", ref, got, "--names", "C,port", "--tolerance", "1e-5")
	if strings.Contains(text, "reference") || strings.Contains(text, "other image") || !strings.HasPrefix(text, "DIVERGED: C and port, 1024 pixels compared\n") {
		t.Errorf("the sides have names:\n%s", text)
	}
	words := nextOf(t, text)
	code, text, errs := cmdline(t, words[1:]...)
	if code != exitDiverged || !strings.Contains(text, "because phi-carryover: C keeps") {
		t.Fatalf("%v: exit code %d\n%s%s", words, code, text, errs)
	}
	words = nextOf(t, text)
	if code, text, errs := cmdline(t, words[1:]...); code != exitMatch || !strings.HasPrefix(text, "phi-carryover") {
		t.Errorf("%v: exit code %d\n%s%s", words, code, text, errs)
	}
}

// What two logs are told to do next has the flags of the run that filled a folder, its profile,
// and the log of the other program to explain.
func TestNextOfLogs(t *testing.T) {
	dir := t.TempDir()
	flags := strings.Fields(smallCase)
	log := filepath.Join(dir, "c.log")
	traced(t, log, sim.ProfileNanoBragg, smallCase+" -N 6", sim.Pixel{Slow: 3, Fast: 5})
	folder := filepath.Join(dir, "run")
	if err := os.Mkdir(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	traced(t, filepath.Join(folder, "trace_py_scaling.log"), sim.ProfileSpec, smallCase, sim.Pixel{Slow: 3, Fast: 5})
	head(t, filepath.Join(folder, "trace_py_scaling.log"), "# simtrace, profile spec, dtype float64\n")
	snapshot := `{"schema": "` + runfile.SnapshotSchema + `", "config": "command line", "profile": "spec", "flags": [{"flag": "` + flags[0] + `", "values": ["` + strings.Join(flags[1:], `", "`) + `"], "origin": "command line"}]}`
	if err := os.WriteFile(filepath.Join(folder, runfile.SnapshotName), []byte(snapshot), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, order := range [][2]string{{log, folder}, {folder, log}} {
		_, text, errs := cmdline(t, order[0], order[1])
		words := nextOf(t, text)
		want := append([]string{"tracecmp", "bisect", "settings", "--ref", log}, flags...)
		want = append(want, "--profile", "spec", "--pixel", "3", "5")
		if strings.Join(words, " ") != strings.Join(want, " ") {
			t.Errorf("%v\nwant %v %s", words, want, errs)
		}
		if !strings.Contains(text, "simtrace trace "+strings.Join(flags, " ")+" --pixel 3 5") {
			t.Errorf("how to reproduce has other flags:\n%s", text)
		}
	}
}

func head(t *testing.T, path, line string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err == nil {
		err = os.WriteFile(path, append([]byte(line), text...), 0o666)
	}
	if err != nil {
		t.Fatal(err)
	}
}
