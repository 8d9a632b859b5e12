package program

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
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
		got, err := Command(command)
		if err != nil || strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%s is %v, not %v: %v", command, got, want, err)
		}
	}
	for _, bad := range []string{"A=1", "none", "B=2 none"} {
		if got, err := Command(bad); err == nil {
			t.Errorf("%s is %v", bad, got)
		}
	}
	t.Setenv("PYTHONPATH", "src")
	if got, err := inheritPythonPath([]string{python, "x"}); err != nil || strings.Join(got, " ") != env+" PYTHONPATH="+filepath.Join(here, "src")+" "+python+" x" {
		t.Errorf("inherited: %v %v", got, err)
	}
}
