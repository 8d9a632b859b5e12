package campaign

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"simtrace/pkg/nanobragg"
)

// A result belongs to what the files of its flags hold, in every spelling of a flag.
func TestKeyFollowsInputs(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, spelling := range []string{"-mat", "-matrix", "-matfile", "-hkl", "-sourcefile", "-Q"} {
		keyOf := func(text string) string {
			t.Helper()
			if err := os.WriteFile("in", []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
			args := []string{spelling, "in", "-N", "5"}
			_, theirs, err := nanobragg.Split(args, nil)
			if err != nil {
				t.Fatal(err)
			}
			m := &matrix{}
			key, err := m.key(matrixRun{Args: args}, theirs)
			if err != nil {
				t.Fatal(err)
			}
			return key
		}
		if a, b := keyOf("1"), keyOf("2"); a == b || a != keyOf("1") {
			t.Errorf("%s: the key does not follow the file: %s and %s", spelling, a, b)
		}
	}
}

// So it does to the programs: their files, and the modules that Python finds.
func TestIdentityFollowsPrograms(t *testing.T) {
	dir := t.TempDir()
	module, bin := filepath.Join(dir, "port", "a.py"), filepath.Join(dir, "prog")
	if err := os.MkdirAll(filepath.Dir(module), 0o777); err != nil {
		t.Fatal(err)
	}
	write := func(path, text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write(module, "1")
	write(bin, "1")
	opt := MatrixOptions{RefCommand: []string{bin}, GotCommand: []string{"/usr/bin/env", "PYTHONPATH=" + dir, "python3", "-m", "port"}}
	seen := map[string]string{}
	for _, c := range []struct{ what, path, text string }{{"nothing", module, "1"}, {"a module", module, "2"}, {"the program", bin, "2"}} {
		write(c.path, c.text)
		id, err := opt.identity(&sums{})
		if err != nil || !strings.Contains(id, "python3 -m port") {
			t.Fatalf("%q, %v", id, err)
		}
		if same := seen[id]; same != "" {
			t.Errorf("the programs are the same after a change of %s and of %s", same, c.what)
		}
		seen[id] = c.what
	}
}
