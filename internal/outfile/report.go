package outfile

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"simtrace/internal/bundle"
	"simtrace/internal/doc"
)

// Rendered is what a report is made of.
type Rendered interface {
	Document(brief bool) *doc.Document
	JSON(io.Writer) error
}

// Report is the place of a report: Markdown, and a page and JSON beside it.
type Report struct{ md, html, json string }

// NewReport looks at the place before anything is read; name is the report's in a folder. It
// writes nothing.
func NewReport(out, name string, force bool, inputs []string) (*Report, error) {
	st, err := os.Stat(out)
	switch {
	case out == "":
		return nil, errors.New("--out: a file or folder is needed")
	case bundle.Dangling(out):
		return nil, fmt.Errorf("--out: %s is a link to nothing", out)
	case err == nil && st.IsDir(), strings.HasSuffix(out, "/"), err != nil && filepath.Ext(out) == "":
		out = filepath.Join(out, name)
	case filepath.Ext(out) != ".md":
		return nil, fmt.Errorf("--out: %s must end in .md, or be a folder", out)
	case err == nil && !st.Mode().IsRegular():
		return nil, fmt.Errorf("--out: %s is no regular file", out)
	}
	base := strings.TrimSuffix(out, ".md")
	o := &Report{out, base + ".html", base + ".json"}
	for _, path := range []string{o.md, o.html, o.json} {
		if err := MayWrite(path, force); err != nil {
			return nil, err
		}
	}
	return o, Spare([]string{o.md, o.html, o.json}, inputs)
}

// Path is the Markdown file.
func (o *Report) Path() string { return o.md }

// Write renders the files first, then puts them in place.
func (o *Report) Write(ctx context.Context, r Rendered) error {
	var text, page, data bytes.Buffer
	d := r.Document(false)
	if err := errors.Join(doc.Markdown(&text, d), doc.HTML(&page, d), r.JSON(&data)); err != nil {
		return err
	}
	return Place(ctx, []File{{Path: o.md, Data: text.Bytes()}, {Path: o.html, Data: page.Bytes()}, {Path: o.json, Data: data.Bytes()}})
}
