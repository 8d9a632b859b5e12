// Package history tells how comparisons went over time: of the reports that tracecmp
// wrote into folders (--out), where the logs parted first, how many roots there were,
// and how far the intensities were apart.
package history

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// metricsName is the file of a report that is read.
const metricsName = "metrics.json"

// The forms of metrics.json. The first of them has no rows_total and other causes; what
// is read here means the same in both.
var forms = []string{"simtrace/tracecmp-metrics/1", "simtrace/tracecmp-metrics/2"}

// Report is one comparison.
type Report struct {
	Name     string // of its folder, below the one that was asked for
	Verdict  string
	First    string // the first divergence, "" for none
	Differ   int    // rows that differ or are lost
	Rows     int
	Roots    []string
	Causes   []string
	Quantity float64 // largest relative difference of the quantity, NaN where none was compared

	changed time.Time
}

// Order says by what reports follow each other.
type Order string

// The orders. Names are compared as people count: run-9 stands before run-10.
const (
	ByName Order = "name"
	ByTime Order = "time" // of the last change of the file
)

// Read reads the reports in a folder and below. quantity is the one whose difference
// is followed. The error is one line that names the file.
func Read(dir, quantity string, by Order) ([]Report, error) {
	if st, err := os.Stat(dir); err != nil {
		return nil, err
	} else if !st.IsDir() {
		return nil, fmt.Errorf("%s is no folder: the one above the reports is needed", dir)
	}
	var out []Report
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.Name() != metricsName || e.IsDir() {
			return err
		}
		r, err := read(path, quantity)
		if err != nil {
			return err
		}
		if r.Name, err = filepath.Rel(dir, filepath.Dir(path)); err != nil {
			return err
		}
		r.Name = filepath.ToSlash(r.Name)
		out = append(out, r)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s holds no report: none of the folders in it has a %s (tracecmp --out writes one)", dir, metricsName)
	}
	slices.SortStableFunc(out, func(a, b Report) int {
		if by == ByTime {
			if c := a.changed.Compare(b.changed); c != 0 {
				return c
			}
		}
		return natural(a.Name, b.Name)
	})
	return out, nil
}

// metrics is what is read of the file.
type metrics struct {
	Schema  string                 `json:"schema"`
	Verdict string                 `json:"verdict"`
	First   *string                `json:"first_divergence"`
	Differ  int                    `json:"num_divergent"`
	Counts  struct{ Total int }    `json:"counts"`
	Roots   []struct{ Key string } `json:"roots"`
	Causes  []struct{ ID string }  `json:"causes"`
	Factors map[string]struct {
		Rel *json.RawMessage `json:"rel"`
	} `json:"factors"`
}

func read(path, quantity string) (Report, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return Report{}, err
	}
	st, err := os.Stat(path)
	if err != nil {
		return Report{}, err
	}
	var m metrics
	if err := json.Unmarshal(data, &m); err != nil {
		return Report{}, fmt.Errorf("%s: %s; it is no report of tracecmp, or was changed: take it out of the folder", path, line(data, err))
	}
	if !slices.Contains(forms, m.Schema) {
		return Report{}, fmt.Errorf("%s: of the form %q; known are %s", path, m.Schema, strings.Join(forms, " and "))
	}
	r := Report{Verdict: m.Verdict, Differ: m.Differ, Rows: m.Counts.Total, Quantity: math.NaN(), changed: st.ModTime()}
	if m.First != nil {
		r.First = *m.First
	}
	for _, x := range m.Roots {
		r.Roots = append(r.Roots, x.Key)
	}
	for _, c := range m.Causes {
		r.Causes = append(r.Causes, c.ID)
	}
	for name, f := range m.Factors {
		if bare(name) != quantity || f.Rel == nil {
			continue
		}
		if v, ok := number(*f.Rel); ok && !(v <= r.Quantity) {
			r.Quantity = v
		}
	}
	return r, nil
}

// bare is a row's quantity without its place: I_pixel_final of I_pixel_final[685 1039].
func bare(label string) string {
	name, _, _ := strings.Cut(label, "[")
	name, _, _ = strings.Cut(name, " (")
	return name
}

// number reads a number, or the word that stands for an infinity.
func number(raw json.RawMessage) (float64, bool) {
	var v float64
	if json.Unmarshal(raw, &v) == nil {
		return v, true
	}
	return math.Inf(1), string(raw) == `"inf"`
}

// line says where in the file an error of JSON is.
func line(data []byte, err error) string {
	at := int64(-1)
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		at = syntax.Offset
	case errors.As(err, &kind):
		at = kind.Offset
	}
	if at < 0 || at > int64(len(data)) {
		return err.Error()
	}
	return fmt.Sprintf("line %d: %s", 1+strings.Count(string(data[:at]), "\n"), err)
}

// natural compares names, the numbers in them by their size.
func natural(a, b string) int {
	for a != "" && b != "" {
		x, y := leading(a), leading(b)
		if x != "" && y != "" {
			p, q := strings.TrimLeft(x, "0"), strings.TrimLeft(y, "0")
			if len(p) != len(q) {
				return len(p) - len(q)
			}
			if c := strings.Compare(p, q); c != 0 {
				return c
			}
			a, b = a[len(x):], b[len(y):]
			continue
		}
		if a[0] != b[0] {
			return int(a[0]) - int(b[0])
		}
		a, b = a[1:], b[1:]
	}
	return len(a) - len(b)
}

// leading are the digits with which a name begins.
func leading(s string) string {
	return s[:len(s)-len(strings.TrimLeft(s, "0123456789"))]
}
