package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/urfave/cli/v2"

	"simtrace/internal/input"
	"simtrace/internal/outfile"
	"simtrace/pkg/parity"
	"simtrace/pkg/parity/report"
)

// outputs are the files that a run is asked for, and what goes to standard output in
// the report's place.
type outputs struct {
	bundle *bundle  // nil without --out, or with --out -
	single []single // a file of one form each
	stdout string   // the flag that takes standard output; "" for none
	rows   *csvRows
	rules  []ruleFile
	names  [2]string // what the sides are called; "" for the names of their logs
	notes  bool      // --annotate
}

// single is a report of one form, at a place of its own: - for standard output.
type single struct {
	flag, path string
	write      func(io.Writer, *parity.Report, report.Options) error // nil for --csv, which is written as rows come
}

// forms are the flags that write a form of the report to a file, or to standard output.
var forms = []single{
	{"out", "", report.Markdown},
	{"html", "", report.HTML},
	{"json", "", func(w io.Writer, r *parity.Report, _ report.Options) error { return report.JSON(w, r) }},
	{"junit", "", func(w io.Writer, r *parity.Report, opt report.Options) error { return report.JUnit(w, r, opt.Names) }},
	{"sarif", "", report.SARIF},
	{"csv", "", nil},
}

func init() { outfile.Mark(`"name": "tracecmp"`) }

// newOutputs looks at all places before anything is read, so that one that
// cannot be written to is told at once. It writes nothing.
func newOutputs(c *cli.Context, ref, got *input.Source, rules []ruleFile) (*outputs, error) {
	o := &outputs{rules: rules}
	switch v := c.String("annotate"); v {
	case "":
	case "github":
		o.notes = true
	default:
		return nil, fmt.Errorf("--annotate %s: github is the one that is known", v)
	}
	force := c.Bool("force")
	if c.IsSet("names") {
		var ok bool
		if o.names[0], o.names[1], ok = strings.Cut(c.String("names"), ","); !ok || o.names[0] == "" || o.names[1] == "" || o.names[0] == o.names[1] {
			return nil, fmt.Errorf("--names %s: two different names with a comma between are needed, such as C,port", c.String("names"))
		}
	}
	for _, f := range forms {
		if f.path = c.String(f.flag); !c.IsSet(f.flag) {
			continue
		}
		if err := o.take(f, force, commandLogs(ref, got)); err != nil {
			return nil, err
		}
	}
	if o.notes && o.stdout != "" {
		return nil, fmt.Errorf("--annotate and --%s - both want standard output: give one of them a file or leave it out", o.stdout)
	}
	return o, o.spare(ref, got)
}

// take adds a form of the report.
func (o *outputs) take(f single, force bool, commands []string) error {
	switch st, err := os.Stat(f.path); {
	case f.path == "-":
		if o.stdout != "" {
			return fmt.Errorf("--%s - and --%s - both want standard output: give one of them a file", o.stdout, f.flag)
		}
		o.stdout = f.flag
	case f.flag == "out":
		o.bundle, err = newBundle(f.path, force, commands)
		return err
	case f.path == "":
		return fmt.Errorf("--%s: a file is needed, or - for standard output", f.flag)
	case err == nil && !st.Mode().IsRegular():
		return fmt.Errorf("--%s: %s is no regular file", f.flag, f.path)
	default:
		if err := outfile.MayWrite(f.path, force); err != nil {
			return fmt.Errorf("--%s: %w", f.flag, err)
		}
	}
	o.single = append(o.single, f)
	return nil
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

// paths lists what will be written.
func (o *outputs) paths() []string {
	var out []string
	if o.bundle != nil {
		for _, n := range append(o.bundle.names(), o.bundle.logs...) {
			out = append(out, o.bundle.path(n))
		}
	}
	for _, f := range o.single {
		if f.path != "-" {
			out = append(out, f.path)
		}
	}
	return out
}

// options are what all forms show beside the report.
func (o *outputs) options(ref, got *input.Source) report.Options {
	return report.Options{Names: o.names, Excerpt: input.Excerpts(ref, got), Path: input.Paths(ref, got)}
}

// spare makes sure that no file is written twice, and no input at all.
func (o *outputs) spare(ref, got *input.Source) error {
	inputs := []string{ref.Path, got.Path}
	for _, f := range o.rules {
		inputs = append(inputs, f.Path)
	}
	return outfile.Spare(o.paths(), inputs)
}

// write renders everything first, then puts the files in place, and standard output
// last.
func (o *outputs) write(ctx context.Context, stdout io.Writer, rep *parity.Report, ref, got *input.Source) error {
	opt := o.options(ref, got)
	var files []outfile.File
	var out bytes.Buffer
	if o.bundle != nil {
		var err error
		if files, err = o.bundle.render(rep, opt, ref, got, o.rules); err != nil {
			return err
		}
	}
	for _, f := range o.single {
		if f.write == nil {
			continue
		}
		if f.path == "-" {
			if err := f.write(&out, rep, opt); err != nil {
				return err
			}
			continue
		}
		var data bytes.Buffer
		if err := f.write(&data, rep, opt); err != nil {
			return err
		}
		files = append(files, outfile.File{Path: f.path, Data: data.Bytes()})
	}
	if err := outfile.Place(ctx, files); err != nil {
		return fmt.Errorf("the report could not be written: %w", err)
	}
	_, err := stdout.Write(out.Bytes())
	return err
}
