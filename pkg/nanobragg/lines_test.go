package nanobragg

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"simtrace/pkg/sim"
)

// A file that is one endless line, or has no end, is refused in one line and with
// little memory.
func TestEndlessFiles(t *testing.T) {
	endless := filepath.Join(t.TempDir(), "endless")
	if err := os.WriteFile(endless, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(endless, 1<<32); err != nil {
		t.Skip(err) // a file system without holes
	}
	paths := []string{endless}
	if _, err := os.Stat("/dev/zero"); err == nil {
		paths = append(paths, "/dev/zero")
	}
	for _, path := range paths {
		for name, read := range map[string]func() error{
			"hkl":     func() error { _, err := ReadHKL(path, 0); return err },
			"mat":     func() error { _, err := ReadMat(path); return err },
			"sources": func() error { _, err := ReadSources(path, false); return err },
			"stol":    func() error { return checkStol(path) },
			"mask":    func() error { _, err := ReadSMV(path); return err },
			"config":  func() error { _, err := NewBuilder(sim.ProfileSpec).ReadYAML(path); return err },
		} {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			err := read()
			runtime.ReadMemStats(&after)
			if err == nil || !strings.HasPrefix(err.Error(), path+":") || strings.Contains(err.Error(), "\n") {
				t.Errorf("%s of %s: the error is %v", name, path, err)
			}
			if took := (after.TotalAlloc - before.TotalAlloc) >> 20; took > 150 {
				t.Errorf("%s of %s: %d MB were allocated", name, path, took)
			}
		}
	}
}

// A line longer than the buffer is read whole, and the last one needs no newline.
func TestEachLine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lines")
	lines := []string{"a", strings.Repeat("b", 3<<16), "", strings.Repeat("c", 1<<16), "d"}
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o666); err != nil {
		t.Fatal(err)
	}
	n := 0
	err := eachLine(path, func(i int, line []byte) (bool, error) {
		if n++; i != n || string(line) != lines[i-1] {
			t.Errorf("line %d of %d bytes as number %d, want %d bytes", n, len(line), i, len(lines[n-1]))
		}
		return true, nil
	})
	if err != nil || n != len(lines) {
		t.Errorf("%d lines, want %d: %v", n, len(lines), err)
	}
}
