package history

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"simtrace/pkg/nanobragg/causes"
	"simtrace/pkg/parity"
	"simtrace/pkg/parity/report"
)

func put(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name), metricsName)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// minimal is a report of schema 1 with one row of the intensity.
func minimal(rel string) string {
	return fmt.Sprintf(`{"schema":"simtrace/tracecmp-metrics/1","verdict":"DIVERGED","first_divergence":"k","num_divergent":2,"counts":{"total":9},
"roots":[{"key":"k"}],"causes":[{"id":"x"}],"factors":{"I_pixel_final":{"rel":%s},"I_pixel_final_other":{"rel":7}}}`, rel)
}

// What tracecmp writes now is read, beside reports of the first form.
func TestReadsReports(t *testing.T) {
	dir := t.TempDir()
	opt := parity.DefaultOptions()
	opt.Rules = causes.Rules()
	const logs = "../../pkg/parity/testdata/"
	rep, err := parity.Files(t.Context(), logs+"carry.log", logs+"fresh.log", opt)
	if err != nil {
		t.Fatal(err)
	}
	var now bytes.Buffer
	if err := report.JSON(&now, rep); err != nil {
		t.Fatal(err)
	}
	put(t, dir, "run-10", now.String())
	put(t, dir, "run-9", minimal("0.5"))
	put(t, dir, "run-09b/deep", minimal("null"))
	put(t, dir, "run-1", minimal(`"inf"`))
	got, err := Read(dir, "I_pixel_final", ByName)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, r := range got {
		names = append(names, r.Name)
	}
	if want := []string{"run-1", "run-9", "run-09b/deep", "run-10"}; !slices.Equal(names, want) {
		t.Errorf("order %v, want %v", names, want)
	}
	last := got[3]
	if last.Verdict != string(rep.Verdict) || last.First != rep.Label(rep.FirstRow()) || last.Differ != rep.Counts.Diverged+rep.Counts.Lost ||
		len(last.Roots) != len(rep.Roots) || last.Causes[0] != rep.Causes[0].ID || last.Rows != rep.Counts.Total || !(last.Quantity > 0.14 && last.Quantity < 0.15) {
		t.Errorf("read as %+v", last)
	}
	if !math.IsInf(got[0].Quantity, 1) || got[1].Quantity != 0.5 || !math.IsNaN(got[2].Quantity) {
		t.Errorf("differences %g %g %g", got[0].Quantity, got[1].Quantity, got[2].Quantity)
	}
	var table, svg bytes.Buffer
	if err := Table(&table, got, "I_pixel_final"); err != nil || !strings.Contains(table.String(), "rot_a_angstroms *") || !strings.Contains(table.String(), "14 of 160") {
		t.Errorf("%v\n%s", err, table.String())
	}
	if err := SVG(&svg, got, "I_pixel_final"); err != nil {
		t.Fatal(err)
	}
	wellFormed(t, svg.String())
	if n := strings.Count(svg.String(), "<circle"); n != 3 {
		t.Errorf("%d points of three that have a number", n)
	}
}

func wellFormed(t *testing.T, svg string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if strings.Contains(svg, "NaN") || strings.Contains(svg, "Inf") {
		t.Errorf("a coordinate is no number:\n%s", svg)
	}
}

func TestByTime(t *testing.T) {
	dir := t.TempDir()
	old, young := put(t, dir, "b", minimal("1")), put(t, dir, "a", minimal("0"))
	day := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for path, at := range map[string]time.Time{old: day, young: day.Add(time.Hour)} {
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	got, err := Read(dir, "I_pixel_final", ByTime)
	if err != nil || got[0].Name != "b" || got[1].Name != "a" {
		t.Errorf("%v %v", got, err)
	}
}

// Plots of nothing but agreement, of nothing comparable, and of one report.
func TestPlotsOfLittle(t *testing.T) {
	for _, values := range [][]float64{{0, 0}, {math.NaN()}, {math.Inf(1), 0}, {1e-300, 1}, {0.1}, make([]float64, 100)} {
		var reports []Report
		for i, v := range values {
			reports = append(reports, Report{Name: fmt.Sprintf("<run> & %d", i), Quantity: v})
		}
		var svg bytes.Buffer
		if err := SVG(&svg, reports, "x<y"); err != nil {
			t.Fatal(err)
		}
		wellFormed(t, svg.String())
	}
}

func TestRefuses(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"none":    {"", "holds no report"},
		"garbled": {"{\n\"schema\": 1x", "line 2"},
		"other":   {`{"schema":"simtrace/matrix/2"}`, `of the form "simtrace/matrix/2"`},
	} {
		dir := t.TempDir()
		if c.text != "" {
			put(t, dir, "a", c.text)
		}
		_, err := Read(dir, "x", ByName)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Read(filepath.Join(t.TempDir(), "no"), "x", ByName); err == nil {
		t.Error("a folder that is not there")
	}
}
