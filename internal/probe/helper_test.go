package probe

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"simtrace/pkg/trace/schema"
)

// need skips a test that cannot do without programs.
func need(t *testing.T, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			t.Skipf("SKIPPED, NOT TESTED: %s is not in the PATH", p)
		}
	}
}

// compiled builds a program of testdata, and returns its path in a folder of its own.
func compiled(t *testing.T, compiler, source string, flags ...string) string {
	t.Helper()
	need(t, "gdb", compiler)
	src, err := filepath.Abs(filepath.Join("testdata", source))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	out := filepath.Join(dir, strings.TrimSuffix(source, filepath.Ext(source)))
	cmd := exec.Command(compiler, append(append([]string{}, flags...), src, "-o", out)...)
	cmd.Dir = dir
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", compiler, err, text)
	}
	return out
}

// parsed reads a probes file from text. RUN in it is the program, and DIR is testdata.
func parsed(t *testing.T, run, text string) (*Spec, error) {
	t.Helper()
	dir, err := filepath.Abs("testdata")
	if err != nil {
		t.Fatal(err)
	}
	text = strings.NewReplacer("RUN", run, "DIR", dir).Replace(text)
	return Read(strings.NewReader(text), filepath.Join(t.TempDir(), "p.yaml"), nil, func(path string) (*schema.Schema, error) {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		return schema.Read(f, path)
	})
}

// probed runs a probes file and returns the rows, or the error without the folder of
// the file, and the notes.
func probed(t *testing.T, run, text string, args ...string) string {
	t.Helper()
	s, err := parsed(t, run, text)
	if err != nil {
		return withoutFolder(err)
	}
	var out bytes.Buffer
	r, err := Run(context.Background(), s, &out, Options{Args: args, Limit: time.Minute})
	if err != nil {
		return withoutFolder(err)
	}
	for _, n := range r.Notes {
		fmt.Fprintln(&out, "note: "+withoutFolder(fmt.Errorf("%s", n)))
	}
	if got := strings.Count(out.String(), "\n") - len(r.Notes); got != r.Rows && s.Schema != schema.NanoBragg() {
		t.Errorf("%d rows are counted, %d are there", r.Rows, got)
	}
	return out.String()
}

func withoutFolder(err error) string {
	text := err.Error()
	if i := strings.Index(text, "p.yaml"); i >= 0 {
		text = text[i:]
	}
	return text
}

// lines joins rows for comparison with a wanted text.
func lines(rows ...string) string { return strings.Join(rows, "\n") + "\n" }
