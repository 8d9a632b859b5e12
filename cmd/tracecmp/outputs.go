package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/urfave/cli/v2"

	"simtrace/internal/input"
	"simtrace/internal/outfile"
	"simtrace/pkg/parity"
	"simtrace/pkg/parity/report"
)

// outputs are the files that a run is asked for.
type outputs struct {
	bundle      *bundle // nil without --out
	html, junit string  // "" where not asked for
	csv         string  // "" where not asked for, or for standard output
	rows        *csvRows
	rules       []ruleFile
	names       [2]string // what the sides are called; "" for the names of their logs
}

// newOutputs looks at all places before anything is read, so that one that
// cannot be written to is told at once. It writes nothing.
func newOutputs(c *cli.Context, ref, got *input.Source, rules []ruleFile) (*outputs, error) {
	o := &outputs{rules: rules, html: c.String("html"), junit: c.String("junit")}
	if c.String("csv") != "-" {
		o.csv = c.String("csv")
	}
	force := c.Bool("force")
	if c.IsSet("names") {
		var ok bool
		if o.names[0], o.names[1], ok = strings.Cut(c.String("names"), ","); !ok || o.names[0] == "" || o.names[1] == "" || o.names[0] == o.names[1] {
			return nil, fmt.Errorf("--names %s: two different names with a comma between are needed, such as C,port", c.String("names"))
		}
	}
	if c.IsSet("out") {
		b, err := newBundle(c.String("out"), force)
		if err != nil {
			return nil, err
		}
		o.bundle = b
	}
	for _, flag := range []string{"html", "junit", "csv"} {
		path := c.String(flag)
		if !c.IsSet(flag) || flag == "csv" && path == "-" {
			continue
		}
		if path == "" {
			return nil, fmt.Errorf("--%s: a file is needed", flag)
		}
		if st, err := os.Stat(path); err == nil && !st.Mode().IsRegular() {
			return nil, fmt.Errorf("--%s: %s is no regular file", flag, path)
		}
		if err := outfile.MayWrite(path, force); err != nil {
			return nil, fmt.Errorf("--%s: %w", flag, err)
		}
	}
	return o, o.spare(ref, got)
}

// paths lists what will be written.
func (o *outputs) paths() []string {
	var out []string
	if o.bundle != nil {
		for _, n := range o.bundle.names() {
			out = append(out, o.bundle.path(n))
		}
	}
	for _, p := range []string{o.html, o.junit, o.csv} {
		if p != "" {
			out = append(out, p)
		}
	}
	return out
}

// spare makes sure that no file is written twice, and no input at all.
func (o *outputs) spare(ref, got *input.Source) error {
	inputs := []string{ref.Path, got.Path}
	for _, f := range o.rules {
		inputs = append(inputs, f.Path)
	}
	return outfile.Spare(o.paths(), inputs)
}

// write renders everything first, then puts the files in place.
func (o *outputs) write(ctx context.Context, rep *parity.Report, ref, got *input.Source) error {
	var page, tests bytes.Buffer
	if o.bundle != nil || o.html != "" {
		if err := report.HTML(&page, rep, report.Options{Names: o.names, Excerpt: input.Excerpts(ref, got)}); err != nil {
			return err
		}
	}
	var files []outfile.File
	if o.bundle != nil {
		var err error
		if files, err = o.bundle.render(rep, o.names, page.Bytes(), ref, got, o.rules); err != nil {
			return err
		}
	}
	if o.html != "" {
		files = append(files, outfile.File{Path: o.html, Data: page.Bytes()})
	}
	if o.junit != "" {
		if err := report.JUnit(&tests, rep, o.names); err != nil {
			return err
		}
		files = append(files, outfile.File{Path: o.junit, Data: tests.Bytes()})
	}
	if err := outfile.Place(ctx, files); err != nil {
		return fmt.Errorf("the report could not be written: %w", err)
	}
	return nil
}
