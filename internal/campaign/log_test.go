package campaign

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"simtrace/pkg/sim"
)

// fewCases is a list of n small configurations; every second one has a traced pixel.
func fewCases(t *testing.T, names ...string) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("cases:\n  - id: A\n    base_args: -default_F 100 -cell 70 80 90 75 85 95 -lambda 1 -detpixels 16 -pixel 0.2 -distance 20 -oversample 1 -phi 0 -osc 1 -phisteps 2\n    thresholds: {corr_min: 0.1}\n    runs:\n")
	for i, name := range names {
		more := ""
		if i%2 == 0 {
			more = ", pixels: [[3, 5]]"
		}
		fmt.Fprintf(&b, "      - {name: %s, extra_args: -N %d%s}\n", name, 3+int(name[0]-'a'), more)
	}
	path := filepath.Join(t.TempDir(), "cases.yaml")
	if err := os.WriteFile(path, []byte(b.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// run compares a part of a list, both sides by simtrace.
func run(t *testing.T, cases, out string, shard Shard, merge bool) *MatrixResult {
	t.Helper()
	res, err := Matrix(t.Context(), MatrixOptions{Cases: cases, Out: out, RefProfile: sim.ProfileNanoBragg, GotProfile: sim.ProfileSpec, Tolerance: 1e-6, Jobs: 2, Shard: shard, Merge: merge})
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// logsOf lists a folder's logs, the oldest first.
func logsOf(t *testing.T, out string) []string {
	t.Helper()
	s := store{dir: out}
	names, err := s.names()
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, n := range names {
		paths = append(paths, filepath.Join(s.logs(), n.String()))
	}
	return paths
}

// states are the rows' states in order.
func states(res *MatrixResult) string {
	var out []string
	for _, r := range res.Rows {
		out = append(out, r.State)
	}
	return strings.Join(out, " ")
}

// Whatever a killed process leaves of its log, whole lines count, the rest is run again,
// and the table is that of a run without accidents.
func TestHalfWrittenLogs(t *testing.T) {
	cases := fewCases(t, "a", "b", "c", "d")
	whole := filepath.Join(t.TempDir(), "whole")
	want := states(run(t, cases, whole, Shard{}, false))
	for what, spoil := range map[string]func([]byte) []byte{
		"cut within a line":    func(b []byte) []byte { return b[:len(b)-len(`{"end":true}`)-40] },
		"cut before a newline": func(b []byte) []byte { return b[:len(b)-len("\n"+`{"end":true}`+"\n")] },
		"a page of zeros": func(b []byte) []byte {
			at := bytes.LastIndex(b, []byte(`{"row"`))
			clear(b[at+10 : at+60])
			return b
		},
	} {
		out := filepath.Join(t.TempDir(), "out")
		run(t, cases, out, Shard{0, 2}, false)
		run(t, cases, out, Shard{1, 2}, false)
		log := logsOf(t, out)[1]
		data, err := os.ReadFile(log)
		if err == nil {
			err = os.WriteFile(log, spoil(data), 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
		res := run(t, cases, out, Shard{}, true)
		if n := strings.Count(states(res), Missing); n != 1 || !strings.Contains(strings.Join(res.Notes, "\n"), "1 line in ") {
			t.Errorf("%s: %d missing: %s", what, n, strings.Join(res.Notes, "\n"))
		}
		st, err := ReadStatus(out, time.Now())
		if err != nil || st.Absent != 1 || st.Torn != 1 || st.Whole() {
			t.Errorf("%s: status %+v, %v", what, st, err)
		}
		run(t, cases, out, Shard{1, 2}, false)
		again, err := os.ReadFile(logsOf(t, out)[2])
		if err != nil || bytes.Count(again, []byte(`{"row"`)) != 1 {
			t.Errorf("%s: the second run of the part did more or less than what is missing: %v\n%s", what, err, again)
		}
		if got := states(run(t, cases, out, Shard{}, true)); got != want {
			t.Errorf("%s: %s, want %s", what, got, want)
		}
		for _, name := range []string{"matrix.json", "matrix.md", "matrix.html"} {
			a, err1 := os.ReadFile(filepath.Join(whole, name))
			b, err2 := os.ReadFile(filepath.Join(out, name))
			if err1 != nil || err2 != nil || !bytes.Equal(a, b) {
				t.Errorf("%s: %s differs: %v %v", what, name, err1, err2)
			}
		}
	}
}

// Another division of the list, and a list with a configuration more, take what is there;
// traces that somebody took away are made again.
func TestResultsMove(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	rows := func(path string) int {
		t.Helper()
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Count(data, []byte(`{"row"`))
	}
	old := fewCases(t, "a", "b", "c", "d", "e")
	for p := range 3 {
		run(t, old, out, Shard{p, 3}, false)
	}
	run(t, old, out, Shard{0, 2}, false) // a, c, e: all there
	began := time.Now()
	more := fewCases(t, "a", "b", "c", "d", "e", "f")
	run(t, more, out, Shard{1, 2}, false) // b, d, f
	logs := logsOf(t, out)
	if len(logs) != 5 || rows(logs[3]) != 3 || rows(logs[4]) != 3 {
		t.Fatalf("logs %v", logs)
	}
	if res := run(t, more, out, Shard{}, true); strings.Contains(states(res), Missing) {
		t.Errorf("merge: %s", states(res))
	}
	st, err := ReadStatus(out, began.Add(time.Hour))
	if err != nil || st.Done != 6 || len(st.Parts) != 2 || st.Parts[0].State != Complete {
		t.Errorf("status %+v, %v", st, err)
	}
	if err := os.RemoveAll(filepath.Join(out, "runs")); err != nil {
		t.Fatal(err)
	}
	if res := run(t, more, out, Shard{}, true); states(res) != "MISSING "+strings.Replace(states(res), "MISSING ", "", 1) || strings.Count(states(res), Missing) != 3 {
		t.Errorf("without the traces: %s", states(res))
	}
}

// A process that works gives signs of life; one that is silent, or gone, was stopped.
func TestStatusOfProcesses(t *testing.T) {
	cases, out := fewCases(t, "a", "b", "c", "d"), filepath.Join(t.TempDir(), "out")
	m, err := newMatrix(MatrixOptions{Cases: cases, Out: out, Shard: Shard{1, 2}, Tolerance: 1e-6})
	if err != nil {
		t.Fatal(err)
	}
	tasks, err := m.load()
	if err != nil {
		t.Fatal(err)
	}
	log, err := m.begin()
	if err != nil {
		t.Fatal(err)
	}
	row := tasks[0].row
	row.State = "MATCH"
	if _, err := log.add(row); err != nil {
		t.Fatal(err)
	}
	state := func(now time.Time) PartState {
		t.Helper()
		st, err := ReadStatus(out, now)
		if err != nil {
			t.Fatal(err)
		}
		if st.Done != 1 || st.Absent != 3 || st.Parts[0].State != Waiting {
			t.Errorf("%+v", st)
		}
		return st.Parts[1].State
	}
	if s := state(time.Now()); s != Running {
		t.Errorf("a process that lives is %s", s)
	}
	if s := state(time.Now().Add(2 * silence)); s != Stopped {
		t.Errorf("a silent process is %s", s)
	}
	data, err := os.ReadFile(log.path)
	if err != nil {
		t.Fatal(err)
	}
	pid := []byte(fmt.Sprintf(`"pid":%d`, os.Getpid()))
	if err := os.WriteFile(log.path, bytes.Replace(data, pid, []byte(`"pid":999999999`), 1), 0o666); err != nil {
		t.Fatal(err)
	}
	if s := state(time.Now()); s != Stopped {
		t.Errorf("a process that is gone is %s", s)
	}
	if err := log.close(true); err != nil {
		t.Fatal(err)
	}
	if s := state(time.Now()); s != Ended {
		t.Errorf("a process that tried all is %s", s)
	}
}
