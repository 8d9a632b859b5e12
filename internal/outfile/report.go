package outfile

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"simtrace/internal/bundle"
	"simtrace/internal/doc"
)

// Rendered is what a report is made of.
type Rendered interface {
	Document(brief bool) *doc.Document
	JSON(io.Writer) error
}

// Report is the place of a report: Markdown, and a page and JSON beside it; and a page
// of its own. What was not asked for is "".
type Report struct{ md, html, json, page string }

// Wanted is what a report is asked for.
type Wanted struct {
	Out  *string // --out: a Markdown file or a folder; nil where it was not given
	HTML *string // --html: a page of its own; nil likewise
	Name string  // of the report in a folder
}

// NewReport looks at the places before anything is read; it writes nothing. The
// report is nil where none is wanted.
func NewReport(want Wanted, force bool, inputs []string) (*Report, error) {
	if want.Out == nil && want.HTML == nil {
		return nil, nil
	}
	o := &Report{}
	if want.HTML != nil {
		o.page = *want.HTML
		if st, err := os.Stat(o.page); o.page == "" || err == nil && !st.Mode().IsRegular() {
			return nil, fmt.Errorf("--html: a file is needed, not %q", o.page)
		}
	}
	if want.Out != nil {
		if err := o.beside(*want.Out, want.Name); err != nil {
			return nil, err
		}
	}
	for _, path := range o.paths() {
		if err := MayWrite(path, force); err != nil {
			return nil, err
		}
	}
	return o, Spare(o.paths(), inputs)
}

// beside names the files of --out.
func (o *Report) beside(out, name string) error {
	st, err := os.Stat(out)
	switch {
	case out == "":
		return errors.New("--out: a file or folder is needed")
	case bundle.Dangling(out):
		return fmt.Errorf("--out: %s is a link to nothing", out)
	case err == nil && st.IsDir(), strings.HasSuffix(out, "/"), err != nil && filepath.Ext(out) == "":
		out = filepath.Join(out, name)
	case filepath.Ext(out) != ".md":
		return fmt.Errorf("--out: %s must end in .md, or be a folder", out)
	case err == nil && !st.Mode().IsRegular():
		return fmt.Errorf("--out: %s is no regular file", out)
	}
	base := strings.TrimSuffix(out, ".md")
	o.md, o.html, o.json = out, base+".html", base+".json"
	return nil
}

// paths lists what will be written.
func (o *Report) paths() []string {
	return slices.DeleteFunc([]string{o.md, o.html, o.json, o.page}, func(p string) bool { return p == "" })
}

// Path is the Markdown file, "" where only a page is wanted.
func (o *Report) Path() string { return o.md }

// Write renders the files first, then puts them in place.
func (o *Report) Write(ctx context.Context, r Rendered) error {
	var text, page, data bytes.Buffer
	d := r.Document(false)
	if err := errors.Join(doc.Markdown(&text, d), doc.HTML(&page, d), r.JSON(&data)); err != nil {
		return err
	}
	var files []File
	for _, f := range []File{{Path: o.md, Data: text.Bytes()}, {Path: o.html, Data: page.Bytes()}, {Path: o.json, Data: data.Bytes()}, {Path: o.page, Data: page.Bytes()}} {
		if f.Path != "" {
			files = append(files, f)
		}
	}
	return Place(ctx, files)
}
