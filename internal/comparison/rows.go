package comparison

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"

	folders "simtrace/internal/bundle"
	"simtrace/internal/outfile"
	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
)

// csvHead heads the rows of --csv: one a compared quantity, whatever the report
// lists.
var csvHead = []string{"place", "quantity", "component", "reference", "got", "absolute", "relative", "status", "gap", "reference_at", "got_at", "note"}

const csvMarker = "place,quantity,component,reference,got,absolute,relative,status,gap,"

func init() { outfile.Mark(csvMarker) }

// csvRows writes every row of a comparison as it comes. Until all are there they
// stand in a temporary file: where the rows have to come again it is begun anew.
type csvRows struct {
	path   string // "-" for standard output
	f      *os.File
	w      *csv.Writer
	remove func() error
	err    error
}

// newCSVRows makes ready to write to a file, or to standard output.
func newCSVRows(path string) (*csvRows, error) {
	dir, remove, err := folders.TempDir("tracecmp-csv-*")
	if err != nil {
		return nil, err
	}
	f, err := os.Create(filepath.Join(dir, "rows.csv"))
	if err != nil {
		return nil, err
	}
	return &csvRows{path: path, f: f, remove: remove}, nil
}

// begin starts over.
func (c *csvRows) begin() {
	if c.w != nil {
		c.w.Flush()
	}
	if err := c.f.Truncate(0); err != nil {
		c.err = err
	}
	if _, err := c.f.Seek(0, io.SeekStart); err != nil {
		c.err = err
	}
	c.w = csv.NewWriter(c.f)
	c.take(csvHead)
}

func (c *csvRows) take(cells []string) {
	if err := c.w.Write(cells); err != nil && c.err == nil {
		c.err = err
	}
}

// row writes a row.
func (c *csvRows) row(label string, r *diff.Row) {
	ref, got := texts(r)
	c.take([]string{label, r.Name(), r.Component, ref, got, real(r.Abs), real(r.Rel), r.Status.String(), r.Gap.String(), at(r.Ref), at(r.Got), r.Note})
}

// texts are what both logs print: of the component that differs most, or all.
func texts(r *diff.Row) (ref, got string) {
	if a, b, ok := r.Pair(); ok {
		return a.Text, b.Text
	}
	return printed(r.Ref), printed(r.Got)
}

func printed(rec *trace.Record) string {
	if rec == nil {
		return ""
	}
	s := rec.Text
	for i, v := range rec.Values {
		if i == 0 {
			s = v.Text
			continue
		}
		s += " " + v.Text
	}
	return s
}

func at(rec *trace.Record) string {
	if rec == nil {
		return ""
	}
	return rec.Pos.String()
}

func real(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

// finish puts the rows where they were asked for.
func (c *csvRows) finish(stdout io.Writer) error {
	c.w.Flush()
	if err := c.w.Error(); err != nil && c.err == nil {
		c.err = err
	}
	if c.err != nil {
		return fmt.Errorf("--csv: %w", c.err)
	}
	if _, err := c.f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if c.path == "-" {
		_, err := io.Copy(stdout, c.f)
		return err
	}
	out, err := folders.CreateAtomic(c.path)
	if err != nil {
		return err
	}
	defer out.Abort()
	if _, err := io.Copy(out, c.f); err != nil {
		return err
	}
	return out.Commit()
}

// close removes the temporary file.
func (c *csvRows) close() {
	c.f.Close()
	_ = c.remove()
}
