package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"simtrace/pkg/sim"
)

// TestPortCommand: names are the caller's, variables stand ahead, Python files get
// Python.
func TestPortCommand(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	if err := os.MkdirAll("src/port", 0o777); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"port.py", "prog"} {
		if err := os.WriteFile(name, []byte("#!/bin/sh\n"), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	bin := t.TempDir()
	for _, name := range []string{"python3", "env"} {
		if err := os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", bin)
	t.Setenv("PYTHONPATH", "")
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	python, env := filepath.Join(bin, "python3"), filepath.Join(bin, "env")
	for command, want := range map[string][]string{
		"port.py":                         {python, filepath.Join(here, "port.py")},
		"port.py -v":                      {python, filepath.Join(here, "port.py"), "-v"},
		"./prog":                          {filepath.Join(here, "prog")},
		"python3 -m src":                  {python, "-m", "src"},
		"PYTHONPATH=src A=1 python3 -m x": {env, "PYTHONPATH=" + filepath.Join(here, "src"), "A=1", python, "-m", "x"},
		"PYTHONPATH=src:/none ./prog":     {env, "PYTHONPATH=" + filepath.Join(here, "src") + ":/none", filepath.Join(here, "prog")},
	} {
		got, err := portCommand(command)
		if err != nil || strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%s is %v, not %v: %v", command, got, want, err)
		}
	}
	for _, bad := range []string{"A=1", "none", "B=2 none"} {
		if got, err := portCommand(bad); err == nil {
			t.Errorf("%s is %v", bad, got)
		}
	}
	t.Setenv("PYTHONPATH", "src")
	if got, err := inheritPythonPath([]string{python, "x"}); err != nil || strings.Join(got, " ") != env+" PYTHONPATH="+filepath.Join(here, "src")+" "+python+" x" {
		t.Errorf("inherited: %v %v", got, err)
	}
}

// TestNBCompareSays: which program ran and why; and that what passes is not identical.
func TestNBCompareSays(t *testing.T) {
	dir := t.TempDir()
	image, near := filepath.Join(dir, "i.bin"), filepath.Join(dir, "near.bin")
	rendered(t, image, sim.ProfileSpec, smallCase)
	rendered(t, near, sim.ProfileSpec, smallCase+" -fluence 1.0001e29")
	good, other := stub(t, dir, "good", "cp "+image+" \"$last\""), stub(t, dir, "near", "cp "+near+" \"$last\"")
	t.Setenv("NB_C_BIN", good)
	t.Setenv("NB_PY_BIN", other)
	says := func(args []string, words ...string) {
		t.Helper()
		out := filepath.Join(t.TempDir(), "out")
		all := append(append([]string{"nb-compare", "--outdir", out}, args...), "--")
		code, text, errs := cmdline(t, append(all, strings.Fields(smallCase)...)...)
		if code != nbOK {
			t.Fatalf("%v: exit code %d: %s%s", args, code, text, errs)
		}
		summary, err := os.ReadFile(filepath.Join(out, "summary.md"))
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range words {
			if !strings.Contains(text, w) || !strings.Contains(string(summary), w) {
				t.Errorf("%v: no %q in\n%s\nor in\n%s", args, w, text, summary)
			}
		}
		if strings.Contains(text, "MATCH\n") && strings.Contains(text, "1024 of 1024 pixels differ") {
			t.Errorf("%v: a match that is none:\n%s", args, text)
		}
	}
	says(nil, "PASSES, NOT IDENTICAL", "Passes: correlation 1, at least 0.95", "of 1024 pixels differ", other+" (NB_PY_BIN)", good+" (NB_C_BIN)")
	says([]string{"--got-bin", good, "--c-bin", good}, "MATCH", good+" (--got-bin)", good+" (--c-bin)")
	says([]string{"--profile", "spec"}, "MATCH", "simtrace, profile spec (--profile)")
}
