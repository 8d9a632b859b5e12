package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Names that would steer a terminal are shown, not obeyed: on the terminal, in the
// tables and in what is said of a file that is no good.
func TestMatrixNamesAreShown(t *testing.T) {
	noSlurm(t)
	dir := t.TempDir()
	path, out := filepath.Join(dir, "cases.yaml"), filepath.Join(dir, "out")
	cases := strings.NewReplacer("id: A", `id: "A\e[31m"`, "name: still", `name: "\u202estill\u0007"`, "two ways", `"two\e]0;x\a ways`, "a crystal", `a crystal"`).Replace(matrixYAML)
	cases = strings.Replace(cases, "%s", "0.9", 1)
	if err := os.WriteFile(path, []byte(cases), 0o666); err != nil {
		t.Fatal(err)
	}
	code, text, errs := cmdline(t, "matrix", path, "--out", out)
	if code == exitTrouble || !strings.Contains(text, `A\x1b[31m/\u202estill\a `) {
		t.Fatalf("exit code %d: %s%s", code, text, errs)
	}
	for _, name := range []string{"matrix.md", "matrix.html"} {
		data, err := os.ReadFile(filepath.Join(out, name))
		if err != nil {
			t.Fatal(err)
		}
		text += string(data)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(cases, "detpixels 32", "detpixels 'x", 1)), 0o666); err != nil {
		t.Fatal(err)
	}
	_, _, errs = cmdline(t, "matrix", path, "--out", out)
	if !strings.Contains(errs, `A\x1b[31m`) {
		t.Errorf("the message does not name the case: %s", errs)
	}
	for i, r := range text + errs {
		if r != '\n' && r < ' ' || r == 0x7f || r == 0x202e {
			t.Fatalf("%U is written at byte %d, behind %q", r, i, (text + errs)[max(0, i-40):i])
		}
	}
}
