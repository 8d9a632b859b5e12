package comparison

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"

	"simtrace/internal/input"
	"simtrace/internal/outfile"
	"simtrace/pkg/parity"
	"simtrace/pkg/parity/report"
)

// Files are what a comparison is asked to write; "" for none, "-" for standard output, in
// the report's place.
type Files struct {
	Out      string    // the report: a file for the summary, others beside it, or a folder
	HTML     string    // one page
	JSON     string    // for programs
	JUnit    string    // for CI systems
	SARIF    string    // for code scanning
	CSV      string    // every row
	Annotate bool      // GitHub's annotations on standard output
	Force    bool      // overwrite what tracecmp did not write
	Names    [2]string // what the sides are called; "" for the names of their logs
}

// form is a form of the report at a place of its own.
type form struct {
	flag, path string
	write      func(io.Writer, *parity.Report, report.Options) error // nil for rows, which are written as they come
}

// forms are those that are asked for, but for the report's folder.
func (f *Files) forms() []form {
	all := []form{
		{"out", f.Out, report.Markdown},
		{"html", f.HTML, report.HTML},
		{"json", f.JSON, func(w io.Writer, r *parity.Report, _ report.Options) error { return report.JSON(w, r) }},
		{"junit", f.JUnit, func(w io.Writer, r *parity.Report, opt report.Options) error { return report.JUnit(w, r, opt.Names) }},
		{"sarif", f.SARIF, report.SARIF},
		{"csv", f.CSV, nil},
	}
	return slices.DeleteFunc(all, func(x form) bool { return x.path == "" || x.flag == "out" && x.path != "-" })
}

func init() { outfile.Mark(`"name": "tracecmp"`) } // of SARIF

// RuleFile is a file that says what passes.
type RuleFile struct {
	Role   string `json:"role"`
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
}

// Outputs are the places of a comparison's files.
type Outputs struct {
	Files
	folder *folder // nil without Out, or where that is standard output
	stdout string  // the flag that takes standard output; "" for none
	rules  []RuleFile
}

// NewOutputs looks at all places before anything is read, so that one that
// cannot be written to is told at once. It writes nothing.
func NewOutputs(files Files, ref, got *input.Source, rules []RuleFile) (*Outputs, error) {
	o := &Outputs{Files: files, rules: rules}
	if o.Out != "" && o.Out != "-" {
		var err error
		if o.folder, err = newFolder(o.Out, o.Force, commandLogs(ref, got)); err != nil {
			return nil, err
		}
	}
	if o.Annotate {
		o.stdout = "annotate"
	}
	for _, f := range o.forms() {
		if err := o.check(f); err != nil {
			return nil, err
		}
	}
	return o, o.spare(ref, got)
}

// check looks at the place of a form.
func (o *Outputs) check(f form) error {
	if f.path == "-" {
		if o.stdout != "" {
			return fmt.Errorf("--%s and --%s - both want standard output: give one of them a file, or leave it out", o.stdout, f.flag)
		}
		o.stdout = f.flag
		return nil
	}
	return outfile.CheckFile(f.flag, f.path, o.Force)
}

// commandLogs are the names of the logs that commands print, which are kept.
func commandLogs(sides ...*input.Source) []string {
	var out []string
	for _, s := range sides {
		if s.Argv != nil {
			out = append(out, s.KeptName())
		}
	}
	return out
}

// Instead reports whether something takes standard output in the report's place.
func (o *Outputs) Instead() bool { return o.stdout != "" && !o.Annotate }

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
		for _, n := range append(o.folder.names(), o.folder.logs...) {
			out = append(out, o.folder.path(n))
		}
	}
	for _, f := range o.forms() {
		if f.path != "-" {
			out = append(out, f.path)
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

// Options are what all forms show beside the report.
func (o *Outputs) Options(ref, got *input.Source) report.Options {
	return report.Options{Names: o.Names, Excerpt: input.Excerpts(ref, got), Path: input.Paths(ref, got), Made: [2]string{madeBy(ref), madeBy(got)}}
}

// write renders everything first, then puts the files in place, and standard output
// last.
func (o *Outputs) write(ctx context.Context, stdout io.Writer, rep *parity.Report, ref, got *input.Source) error {
	opt := o.Options(ref, got)
	var files []outfile.File
	var out bytes.Buffer
	if o.folder != nil {
		var err error
		if files, err = o.folder.render(rep, opt, ref, got, o.rules); err != nil {
			return err
		}
	}
	for _, f := range o.forms() {
		var data bytes.Buffer
		to := &data
		if f.path == "-" {
			to = &out
		}
		if f.write == nil {
			continue
		}
		if err := f.write(to, rep, opt); err != nil {
			return err
		}
		if f.path != "-" {
			files = append(files, outfile.File{Path: f.path, Data: data.Bytes()})
		}
	}
	if o.Annotate {
		if err := report.Annotations(&out, rep, opt); err != nil {
			return err
		}
	}
	if err := outfile.Place(ctx, files); err != nil {
		return fmt.Errorf("the report could not be written: %w", err)
	}
	if _, err := stdout.Write(out.Bytes()); err != nil {
		return fmt.Errorf("standard output: %w", err)
	}
	return nil
}
