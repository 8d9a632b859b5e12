// Command docs writes the documents that are generated: docs/causes.md from the rules,
// docs/profiles.md from the simulator's table of habits, and docs/report.svg, the picture
// of a report that the README shows.
//
//	go run ./internal/docs
//
// Run it from the root of the module. The tests beside it hold what is committed, and that
// what all documents show is what the programs do.
package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"

	"simtrace/internal/bundle"
)

// document is a generated file, with what writes it.
type document struct {
	path  string
	write func(w *bytes.Buffer) error
}

var generated = []document{
	{"docs/causes.md", writeCauses},
	{"docs/profiles.md", writeProfiles},
	{"docs/report.svg", func(w *bytes.Buffer) error { return writePicture(context.Background(), w) }},
}

func main() {
	for _, d := range generated {
		if err := d.make(); err != nil {
			fmt.Fprintf(os.Stderr, "docs: %s: %v\n", d.path, err)
			os.Exit(1)
		}
	}
}

func (d document) make() error {
	var text bytes.Buffer
	if err := d.write(&text); err != nil {
		return err
	}
	f, err := bundle.CreateAtomic(filepath.FromSlash(d.path))
	if err != nil {
		return err
	}
	defer f.Abort()
	if _, err := f.Write(text.Bytes()); err != nil {
		return err
	}
	return f.Commit()
}
