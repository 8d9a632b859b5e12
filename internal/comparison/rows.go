package comparison

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"

	folders "simtrace/internal/bundle"
	"simtrace/internal/outfile"
	"simtrace/pkg/parity"
	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
)

// csvHead heads the rows of --csv: one a number that was compared, whatever the report
// lists; a quantity with several components has a row for each.
var csvHead = []string{"place", "quantity", "component", "reference", "got", "absolute", "relative", "local", "status", "gap", "reference_at", "got_at", "note"}

// localColumn is the one that is known in the end only.
const localColumn = 7

// csvMarkers are how the file begins, and how it began before it had a local part.
var csvMarkers = []string{"place,quantity,component,reference,got,absolute,relative,local,status,gap,", "place,quantity,component,reference,got,absolute,relative,status,gap,"}

func init() { outfile.Mark(csvMarkers...) }

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

// row writes a row, component by component.
func (c *csvRows) row(label string, r *diff.Row) {
	parts := r.Components()
	if len(parts) == 0 || r.Gap == diff.Lost { // words, or what one side alone has
		ref, got := alone(r.Ref), alone(r.Got)
		for i := range max(len(ref), len(got)) {
			name, a, b := "", "", ""
			if i < len(ref) {
				name, a = ref[i][0], ref[i][1]
			}
			if i < len(got) {
				name, b = got[i][0], got[i][1]
			}
			c.line(label, r, name, a, b, r.Abs, r.Rel, r.Status)
		}
		return
	}
	for _, p := range parts {
		c.line(label, r, p.Name, p.Ref.Text, p.Got.Text, p.Abs, p.Rel, p.Status)
	}
}

func (c *csvRows) line(label string, r *diff.Row, component, ref, got string, abs, rel float64, status diff.Status) {
	c.take([]string{label, r.Name(), component, ref, got, real(abs), real(rel), "", status.String(), r.Gap.String(), at(r.Ref), at(r.Got), r.Note})
}

// alone lists what a record prints, each number with its component's name; the words of one
// that has no number.
func alone(rec *trace.Record) [][2]string {
	if rec == nil {
		return nil
	}
	parts := (&diff.Row{Ref: rec, Got: rec, Info: rec.Symbol.Info}).Components()
	if len(parts) == 0 {
		return [][2]string{{"", rec.Text}}
	}
	var out [][2]string
	for _, p := range parts {
		out = append(out, [2]string{p.Name, p.Ref.Text})
	}
	return out
}

func at(rec *trace.Record) string {
	if rec == nil {
		return ""
	}
	return rec.Pos().String()
}

func real(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

// finish puts the rows where they were asked for. What is local of a difference is known of
// the rows that the report lists, once all are compared.
func (c *csvRows) finish(stdout io.Writer, rep *parity.Report) error {
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
		return withLocal(stdout, c.f, rep)
	}
	out, err := folders.CreateAtomic(c.path)
	if err != nil {
		return err
	}
	defer out.Abort()
	if err := withLocal(out, c.f, rep); err != nil {
		return err
	}
	return out.Commit()
}

// withLocal copies the rows and fills in the local part of those that have one.
func withLocal(out io.Writer, in io.Reader, rep *parity.Report) error {
	local := map[[2]string]float64{}
	for i := range rep.Rows {
		r := &rep.Rows[i]
		if r.Split == nil {
			continue
		}
		label := rep.Label(r)
		for i, p := range r.Components() {
			local[[2]string{label, p.Name}] = r.Split.Local[i] // a split row has the same components on both sides
		}
	}
	if len(local) == 0 {
		_, err := io.Copy(out, in)
		return err
	}
	from, to := csv.NewReader(bufio.NewReader(in)), csv.NewWriter(out)
	from.ReuseRecord = true
	for {
		cells, err := from.Read()
		if err == io.EOF {
			to.Flush()
			return to.Error()
		}
		if err != nil {
			return err
		}
		if v, ok := local[[2]string{cells[0], cells[2]}]; ok {
			cells[localColumn] = real(v)
		}
		if err := to.Write(cells); err != nil {
			return err
		}
	}
}

// close removes the temporary file.
func (c *csvRows) close() {
	c.f.Close()
	_ = c.remove()
}
