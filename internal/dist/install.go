package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"simtrace/internal/bundle"
)

// install puts the programs, their manual pages and their completions below a prefix.
func install(prefix string, log io.Writer) error {
	work, err := os.MkdirTemp("", "simtrace-install-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	bin := filepath.Join(work, "bin")
	if err := build(bin, nil); err != nil {
		return err
	}
	entries, err := printPages(bin, work)
	if err != nil {
		return err
	}
	built, err := os.ReadDir(bin)
	if err != nil {
		return err
	}
	for _, f := range built {
		entries = append(entries, entry{"bin/" + f.Name(), filepath.Join(bin, f.Name()), true})
	}
	for _, e := range entries {
		if err := e.copyTo(filepath.Join(prefix, filepath.FromSlash(e.name))); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(log, "installed simtrace and tracecmp, their manual pages and completions below %s\n", prefix)
	return err
}

// copyTo copies the file, whole or not at all: a program that runs keeps its old file.
func (e entry) copyTo(path string) error {
	data, err := os.ReadFile(e.path)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if err := bundle.WriteFileAtomic(path, data, e.mode()); err != nil {
		return err
	}
	return os.Chmod(path, e.mode())
}
