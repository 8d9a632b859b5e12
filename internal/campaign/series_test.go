package campaign

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"simtrace/pkg/parity/imagecmp"
)

// series is a case of each kind, with files that begin in place of the dollar sign.
const series = `cases:
  - id: frames
    images: {ref: $/c/*.bin, got: $/py/*.bin, mask: $/mask_*.bin, shape: [4, 6], roi: [0, 3, 1, 2]}
    thresholds: {corr_min: 0.5}
  - id: logs
    base_args: -N 5 -detpixels 8
    explain: $/*.log
    pixels: [[1, 2]]
    runs:
      - {name: thin, extra_args: -N 3}
      - {name: one, explain: $/a.log}
  - id: alone
    base_args: -N 5
`

func readSeries(t *testing.T, dir, text string) ([]matrixRun, error) {
	t.Helper()
	path := filepath.Join(dir, "cases.yaml")
	if err := os.WriteFile(path, []byte(strings.ReplaceAll(text, "$", dir)), 0o666); err != nil {
		t.Fatal(err)
	}
	return readMatrix(path)
}

// A star makes as many configurations as there are files, in all names of a pair; a case without
// runs is one itself; and a frozen list is the list.
func TestSeriesOfFiles(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"c/f10.bin", "c/f2.bin", "py/f2.bin", "a.log", "b.log", "c/other.txt"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	runs, err := readSeries(t, dir, series)
	if err != nil {
		t.Fatal(err)
	}
	var labels []string
	for _, r := range runs {
		labels = append(labels, label(r.Case, r.Name))
	}
	if got := strings.Join(labels, " "); got != "frames/f10 frames/f2 logs/thin/a logs/thin/b logs/one alone" {
		t.Fatal(got)
	}
	if p := runs[1].Images; p.Ref != dir+"/c/f2.bin" || p.Got != dir+"/py/f2.bin" || p.Mask != dir+"/mask_f2.bin" || len(p.Shape) != 2 || len(p.ROI) != 4 {
		t.Errorf("%+v", p)
	}
	if r := runs[4]; r.Explain != dir+"/a.log" || r.Images != nil || len(r.Pixels) != 1 {
		t.Errorf("%+v", r)
	}
	path, err := freeze(dir, filepath.Join(dir, "cases.yaml"), runs, 4)
	if err != nil {
		t.Fatal(err)
	}
	for part := range 4 {
		back, err := readCases(path, Shard{part, 4})
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range (Shard{part, 4}).of(runs) {
			got := back.runs[i]
			for _, r := range []*matrixRun{&got, &want} { // what is made of the limits holds NaN, which is not itself
				r.Thresholds, r.TraceRelMax = imagecmp.Thresholds{}, 0
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("frozen: %+v, want %+v", got, want)
			}
		}
	}
}

// What does not go together is said with the case's name.
func TestSeriesThatAreNone(t *testing.T) {
	dir := t.TempDir()
	for text, want := range map[string]string{
		"{id: A, images: {ref: $/no*.bin, got: b}}":                      "A: " + dir + "/no*.bin: no file has such a name",
		"{id: A, images: {ref: $/*/*.bin, got: b}}":                      "one * can stand in a name",
		"{id: A, images: {ref: a}}":                                      "A: images: ref and got are needed",
		"{id: A, images: {ref: a, got: b}, base_args: -N 5}":             "neither flags nor pixels",
		"{id: A, images: {ref: a, got: b, shape: [0, 3]}}":               "shape [0 3]: two numbers of at least 1",
		"{id: A, images: {ref: a, got: b, roi: [5, 3, 0, 1]}}":           "roi 5 3 0 1: no region",
		"{id: A, images: {ref: a, got: b, roi: [5, 3]}}":                 "four numbers are needed",
		"{id: A, images: {ref: a, got: b}, explain: c}":                  "images and explain are two things",
		"{id: A, explain: c}":                                            "explain: the flags of the run",
		"{id: A, explain: c, base_args: -N 5, pixels: [[1, 2], [3, 4]]}": "one pixel at most",
		"{id: A, images: {ref: a, got: b, rio: [1]}}":                    `unknown key "rio"`,
		"{id: A}":           "hold no flags",
		"{base_args: -N 5}": "a case has no id",
		"{id: A, base_args: -N 5}, {id: A, base_args: -N 6}": "A is there twice",
	} {
		if _, err := readSeries(t, dir, "cases: ["+text+"]"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}
