//go:build unix

package campaign

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"simtrace/pkg/parity/imagecmp"
)

// longList writes a list of n short configurations.
func longList(t testing.TB, n int) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("cases:\n  - id: sweep\n    base_args: -default_F 100 -cell 70 80 90 75 85 95 -lambda 1 -N 5 -detpixels 32 -pixel 0.2 -distance 20\n    thresholds: {corr_min: 0.9}\n    runs:\n")
	for i := range n {
		fmt.Fprintf(&b, "      - {name: r%d, extra_args: -misset %d 20 30}\n", i, i)
	}
	path := filepath.Join(t.TempDir(), "cases.yaml")
	if err := os.WriteFile(path, []byte(b.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// processorTime is what this process has used, of all processors, the system's part included.
func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// TestScale measures what the shards of a long list and their merge cost, stage by stage, for
// docs/cluster.md, in processor time. SIMTRACE_SCALE is the number of configurations, 1000 in 10 parts if unset.
func TestScale(t *testing.T) {
	n, parts := 1000, 10
	if v, err := strconv.Atoi(os.Getenv("SIMTRACE_SCALE")); err == nil {
		n, parts = v, 1000
	}
	start := processorTime(t)
	stage := func(what string) {
		t.Logf("%-40s %8.2f s", what, (processorTime(t) - start).Seconds())
		start = processorTime(t)
	}
	opt := MatrixOptions{Cases: longList(t, n), Out: t.TempDir(), Tolerance: 1e-6, Jobs: 1, Merge: true}
	stage("write the list")
	m, err := newMatrix(opt)
	if err != nil {
		t.Fatal(err)
	}
	runs, err := readMatrix(m.Cases)
	if err != nil {
		t.Fatal(err)
	}
	stage("read it from YAML")
	if m.Cases, err = freeze(m.Out, m.Cases, runs, parts); err != nil {
		t.Fatal(err)
	}
	stage("freeze it")
	tasks, err := m.load()
	if err != nil {
		t.Fatal(err)
	}
	stage("all configurations and keys, frozen")
	leaveLogs(t, m, tasks, parts)
	stage("the shards' logs")
	m.Shard = Shard{parts / 2, parts}
	mine, err := m.load()
	if err != nil || len(mine) != n/parts {
		t.Fatalf("%d configurations, %v", len(mine), err)
	}
	stage("one part's configurations and keys")
	if moved, torn, err := m.restore(mine); err != nil || len(moved)+torn > 0 {
		t.Fatalf("%d moved, %d torn, %v", len(moved), torn, err)
	}
	stage("one part's own log")
	m.Shard = Shard{}
	all := m.tasks(runsOf(tasks))
	start = processorTime(t)
	if _, _, err := m.restore(all); err != nil {
		t.Fatal(err)
	}
	stage("all logs")
	rows := make([]MatrixRow, n)
	for i := range all {
		if rows[i] = all[i].row; rows[i].State != string(imagecmp.Match) {
			t.Fatalf("%s is %s", rows[i].Run, rows[i].State)
		}
	}
	if err := m.write(t.Context(), rows); err != nil {
		t.Fatal(err)
	}
	stage("the tables")
	if title := matrixDocument(rows, onTerminal, "").Title.String(); !strings.Contains(title, fmt.Sprintf("%d MATCH", n)) {
		t.Error("the tally is wrong")
	}
	for _, p := range m.tablePaths() {
		st, err := os.Stat(p)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %.1f MB", filepath.Base(p), float64(st.Size())/1e6)
	}
}

// leaveLogs leaves what the parts of a list would: a log each, all matching.
func leaveLogs(t *testing.T, m *matrix, tasks []task, parts int) {
	t.Helper()
	for p := range parts {
		m.Shard = Shard{p, parts}
		log, err := m.begin()
		if err != nil {
			t.Fatal(err)
		}
		for i := p; i < len(tasks); i += parts {
			row := tasks[i].row
			row.State, row.Image, row.Reasons = string(imagecmp.Match), string(imagecmp.Match), []string{"All thresholds hold; 12 of 1024 pixels differ by more than the tolerance."}
			row.Correlation, row.SumRatio, row.MaxAbs, row.RMSE, row.Compared, row.Beyond, row.Smallest = 0.99123456789, 1.0012345678, 12.3456789, 0.123456789, 1024, 12, 0.0123456789
			if _, err := log.add(row); err != nil {
				t.Fatal(err)
			}
		}
		if err := log.close(true); err != nil {
			t.Fatal(err)
		}
	}
}
