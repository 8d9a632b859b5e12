package comparison

import (
	"bytes"
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"simtrace/internal/input"
	"simtrace/pkg/parity"
	"simtrace/pkg/trace/schema"
)

// tidy is a program whose quantities have components, a formula, a word and a number that one
// side alone prints.
const tidy = `prefixes: [T]
index: [step]
quantities:
  - {name: x, shape: spatial}
  - {name: k}
  - {name: m}
  - {name: size, parents: [m, k], formula: "k*m"}
  - {name: mode, shape: text}
`

// rowsOf are the rows of --csv, by place and component.
func rowsOf(t *testing.T, ref, got string) map[string]map[string]string {
	t.Helper()
	s, err := schema.Read(strings.NewReader(tidy), "tidy.yaml")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	opt := parity.DefaultOptions()
	opt.Schema = s
	path := dir + "/rows.csv"
	job := Job{Ref: &input.Source{Role: "reference", Path: write(t, dir, "a.log", ref)}, Got: &input.Source{Role: "got", Path: write(t, dir, "b.log", got)}, Options: opt, Files: Files{CSV: path}, Stdout: io.Discard}
	if _, _, err := Run(t.Context(), job); err != nil {
		t.Fatal(err)
	}
	table, err := csv.NewReader(bytes.NewReader(read(t, path))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string]string{}
	for _, line := range table[1:] {
		row := map[string]string{}
		for i, cell := range line {
			row[table[0][i]] = cell
		}
		key := row["place"] + " " + row["component"]
		if out[key] != nil {
			t.Errorf("%s is there twice", key)
		}
		out[key] = row
	}
	return out
}

// One row a number: each component with its own difference and status, what one log alone has
// with its components, words as one, and the part of a difference that follows from no input.
func TestRowsAreTidy(t *testing.T) {
	rows := rowsOf(t, "T step 1\nT x 3 4 0\nT k 2\nT m 5\nT size 10\nT mode fast\n", "T step 1\nT x 3 4.4 0\nT k 2.2\nT m 5\nT size 11.5\nT mode slow\n")
	for key, want := range map[string]string{
		"x[step=1] x":    "3 3 0 0 PASS",
		"x[step=1] y":    "4 4.4 0.40000000000000036 0.07",
		"x[step=1] z":    "0 0 0 0 PASS",
		"mode[step=1] ":  "fast slow CRITICAL the words differ",
		"m[step=1] ":     "5 5 0 0 PASS",
		"size[step=1] ":  "10 11.5 1.5 0.13043478260869565 CRITICAL",
		"nothing[step] ": "",
	} {
		r := rows[key]
		line := strings.Join(strings.Fields(strings.Join([]string{r["reference"], r["got"], r["absolute"], r["relative"], r["status"], r["note"]}, " ")), " ")
		if !strings.HasPrefix(line, want) || (line == "") != (want == "") {
			t.Errorf("%s: %q, want %q", key, line, want)
		}
	}
	// Of the 1.5 that the sizes differ by, 5*0.2 are inherited.
	if local := rows["size[step=1] "]["local"]; local != "0.5" || rows["x[step=1] y"]["local"] != "" {
		t.Errorf("the local part is %q, of an input %q", local, rows["x[step=1] y"]["local"])
	}
	rows = rowsOf(t, "T step 1\nT x 3 4 0\nT k 2\n", "T step 1\nT k 2\n")
	for _, key := range []string{"x[step=1] x", "x[step=1] y", "x[step=1] z"} {
		if r := rows[key]; r["reference"] == "" || r["got"] != "" || r["status"] != "MISSING" || r["got_at"] != "" {
			t.Errorf("%s: %v", key, r)
		}
	}
}

func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
