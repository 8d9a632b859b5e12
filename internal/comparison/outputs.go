package comparison

import (
	"bytes"
	"context"
	"fmt"
	"os"

	"simtrace/internal/input"
	"simtrace/internal/outfile"
	"simtrace/pkg/parity"
	"simtrace/pkg/parity/report"
)

// Files are what a comparison is asked to write; "" for none.
type Files struct {
	Out   string    // the report: a file for the summary, others beside it, or a folder
	HTML  string    // one page
	JUnit string    // for CI systems
	CSV   string    // every row; "-" for standard output
	Force bool      // overwrite what tracecmp did not write
	Names [2]string // what the sides are called; "" for the names of their logs
}

// RuleFile is a file that says what passes.
type RuleFile struct {
	Role   string `json:"role"`
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
}

// Outputs are the places of a comparison's files.
type Outputs struct {
	Files
	folder *folder // nil without Out
	rules  []RuleFile
}

// NewOutputs looks at all places before anything is read, so that one that
// cannot be written to is told at once. It writes nothing.
func NewOutputs(files Files, ref, got *input.Source, rules []RuleFile) (*Outputs, error) {
	o := &Outputs{Files: files, rules: rules}
	if o.Out != "" {
		var err error
		if o.folder, err = newFolder(o.Out, o.Force); err != nil {
			return nil, err
		}
	}
	for _, f := range [][2]string{{"html", o.HTML}, {"junit", o.JUnit}, {"csv", o.csv()}} {
		flag, path := f[0], f[1]
		if path == "" {
			continue
		}
		if st, err := os.Stat(path); err == nil && !st.Mode().IsRegular() {
			return nil, fmt.Errorf("--%s: %s is no regular file", flag, path)
		}
		if err := outfile.MayWrite(path, o.Force); err != nil {
			return nil, fmt.Errorf("--%s: %w", flag, err)
		}
	}
	return o, o.spare(ref, got)
}

// csv is the file of the rows; "" where none is asked for, or standard output.
func (o *Outputs) csv() string {
	if o.RowsShown() {
		return ""
	}
	return o.CSV
}

// RowsShown reports whether the rows go to standard output, in the report's place.
func (o *Outputs) RowsShown() bool { return o.CSV == "-" }

// Summary is the report's first file; "" for none.
func (o *Outputs) Summary() string {
	if o.folder == nil {
		return ""
	}
	return o.folder.summary()
}

// Paths lists what will be written.
func (o *Outputs) Paths() []string {
	var out []string
	if o.folder != nil {
		for _, n := range o.folder.names() {
			out = append(out, o.folder.path(n))
		}
	}
	for _, p := range []string{o.HTML, o.JUnit, o.csv()} {
		if p != "" {
			out = append(out, p)
		}
	}
	return out
}

// spare makes sure that no file is written twice, and no input at all.
func (o *Outputs) spare(ref, got *input.Source) error {
	inputs := []string{ref.Path, got.Path}
	for _, f := range o.rules {
		inputs = append(inputs, f.Path)
	}
	return outfile.Spare(o.Paths(), inputs)
}

// write renders everything first, then puts the files in place.
func (o *Outputs) write(ctx context.Context, rep *parity.Report, ref, got *input.Source) error {
	var page, tests bytes.Buffer
	if o.folder != nil || o.HTML != "" {
		if err := report.HTML(&page, rep, report.Options{Names: o.Names, Excerpt: input.Excerpts(ref, got)}); err != nil {
			return err
		}
	}
	var files []outfile.File
	if o.folder != nil {
		var err error
		if files, err = o.folder.render(rep, o.Names, page.Bytes(), ref, got, o.rules); err != nil {
			return err
		}
	}
	if o.HTML != "" {
		files = append(files, outfile.File{Path: o.HTML, Data: page.Bytes()})
	}
	if o.JUnit != "" {
		if err := report.JUnit(&tests, rep, o.Names); err != nil {
			return err
		}
		files = append(files, outfile.File{Path: o.JUnit, Data: tests.Bytes()})
	}
	if err := outfile.Place(ctx, files); err != nil {
		return fmt.Errorf("the report could not be written: %w", err)
	}
	return nil
}
