package record

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"simtrace/internal/npy"
	"simtrace/pkg/sim"
	"simtrace/pkg/trace/schema"
)

// Table is one of the arrays that columns of numbers are written to: what is
// computed once a pixel, once a sample and source, or once an orientation.
type Table int

// The tables.
const (
	PixelTable Table = iota
	SampleTable
	StepTable
	Tables // their number
)

// String is the table's name.
func (t Table) String() string { return [...]string{"pixel", "sample", "step"}[t] }

// tableOf tells where a quantity belongs; false for lists and words, which have no
// column.
func tableOf(q *schema.Quantity) (Table, bool) {
	if q.Kind == schema.Fields || q.Kind == schema.Text || q.Kind == schema.List || q.Kind == schema.Mat3 {
		return 0, false
	}
	switch q.Scope {
	case schema.PerPixel:
		return PixelTable, true
	case schema.PerSample:
		return SampleTable, true
	case schema.PerStep, schema.PerPhi, schema.PerSource:
		return StepTable, true
	}
	return 0, false
}

// coordinates are the names of a table's first columns, whole numbers.
func (t Table) coordinates() []string {
	return [...][]string{
		{"slow", "fast"}, {"slow", "fast", "layer", "sub", "source"},
		{"slow", "fast", "layer", "sub", "source", "domain", "phi"},
	}[t]
}

// at are the coordinates of a sample.
func (t Table) at(s *sim.Sample) []int {
	return []int{s.Pixel.Slow, s.Pixel.Fast, s.At.Layer, s.At.Sub, s.At.Source, s.At.Domain, s.At.Phi}[:len(t.coordinates())]
}

// components are what is behind the name of a vector's columns.
func components(q *schema.Quantity) []string {
	switch {
	case q.Kind == schema.Int3 || q.Key == schema.HKLFrac:
		return []string{"_h", "_k", "_l"}
	case q.Kind == schema.Vec3:
		return []string{"_x", "_y", "_z"}
	}
	return []string{""}
}

// Columns is a sink that makes rows of numbers: coordinates, then the quantities in
// the order of their keys, NaN where there is none.
type Columns struct {
	first [schema.Count]int // of a key's columns; -1 for none
	table [schema.Count]Table
	rows  [Tables]row
}

// row is the row that is being filled, and those that are complete.
type row struct {
	header string // the columns in NumPy's words
	at     []int
	values []float64
	open   bool
	count  int
	data   []byte
}

// NewColumns returns columns for the quantities of some stages, nil for all.
func NewColumns(stages []schema.Stage) *Columns {
	c := &Columns{}
	want := map[schema.Stage]bool{}
	for _, s := range stages {
		want[s] = true
	}
	var names [Tables]strings.Builder
	var taken [Tables]map[string]bool
	for t := range taken {
		taken[t] = map[string]bool{}
	}
	for i := range c.first {
		c.first[i] = -1
	}
	for t := range Tables {
		for _, n := range t.coordinates() {
			fmt.Fprintf(&names[t], "('%s', '<i4'), ", n)
		}
	}
	keys := sim.Tapped()
	slices.Sort(keys)
	for _, k := range keys {
		q := schema.Info(k)
		t, ok := tableOf(q)
		name := q.Name
		if taken[t][name] && q.Scope == schema.PerSource {
			name = "source_" + name
		}
		// The rows of the phi stream repeat quantities of the orientation.
		if !ok || taken[t][name] || len(want) > 0 && !want[q.Stage] {
			continue
		}
		taken[t][name] = true
		r := &c.rows[t]
		c.first[q.Key], c.table[q.Key] = len(r.values), t
		for _, part := range components(q) {
			fmt.Fprintf(&names[t], "('%s%s', '<f8'), ", name, part)
			r.values = append(r.values, 0)
		}
	}
	for t := range Tables {
		c.rows[t].header = names[t].String()
	}
	return c
}

// Take implements sim.Sink.
func (c *Columns) Take(s *sim.Sample) {
	first := c.first[s.Key]
	if first < 0 {
		return
	}
	t := c.table[s.Key]
	r := &c.rows[t]
	if at := t.at(s); !r.open || !equal(at, r.at) {
		r.close()
		r.open, r.at = true, append(r.at[:0], at...)
		for i := range r.values {
			r.values[i] = math.NaN()
		}
	}
	copy(r.values[first:], s.Values)
}

func equal(a, b []int) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// close completes the row.
func (r *row) close() {
	if !r.open {
		return
	}
	r.open = false
	r.count++
	for _, i := range r.at {
		r.data = binary.LittleEndian.AppendUint32(r.data, uint32(int32(i)))
	}
	for _, v := range r.values {
		r.data = binary.LittleEndian.AppendUint64(r.data, math.Float64bits(v))
	}
}

// End ends a pixel.
func (c *Columns) End() error {
	for t := range c.rows {
		c.rows[t].close()
	}
	return nil
}

// Rows returns a table's rows since the last call, and how many they are.
func (c *Columns) Rows(t Table) (data []byte, count int) {
	r := &c.rows[t]
	data, count = r.data, r.count
	r.data, r.count = nil, 0
	return data, count
}

// WriteHeader writes what begins NumPy's file of a table with so many rows.
func (c *Columns) WriteHeader(w io.Writer, t Table, count int) error {
	_, err := w.Write(npy.Header("["+strings.TrimSuffix(c.rows[t].header, ", ")+"]", count))
	return err
}
