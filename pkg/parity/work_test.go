package parity_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"simtrace/internal/testkit"
)

// TestWorkIsLinear holds how the work of a comparison grows with the logs, for every
// shape and over two decades: not in time, which other work on the machine changes, but
// in statements of this module that are executed, which the compiler's coverage counts.
func TestWorkIsLinear(t *testing.T) {
	testkit.NotUnderRace(t)
	if testing.Short() {
		t.Skip("builds a counting tracecmp")
	}
	bin := filepath.Join(t.TempDir(), "tracecmp")
	build := exec.Command("go", "build", "-cover", "-covermode=count", "-coverpkg=simtrace/...", "-o", bin, "simtrace/cmd/tracecmp")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, s := range shapes(t) {
		t.Run(s.name, func(t *testing.T) {
			// The steps are small because a counter has 32 bits: what grows as the
			// square shows in the first step, what begins late in the second.
			last := 0.0
			for i, size := range []int{48 << 10, 480 << 10, 4800 << 10} {
				ref, got := s.logsOf(t, size)
				work := statements(t, bin, ref, got, s.schema) / float64(sizeOf(t, ref)+sizeOf(t, got))
				t.Logf("%8d bytes: %.1f statements a byte", size, work)
				if i > 0 && work > 1.3*last {
					t.Errorf("ten times the bytes are %.1f times the work", 10*work/last)
				}
				last = work
			}
		})
	}
}

// statements counts those that a comparison executes.
func statements(t *testing.T, bin, ref, got, schema string) float64 {
	t.Helper()
	counters := t.TempDir()
	args := []string{ref, got, "--quiet"}
	if schema != "" {
		file := filepath.Join(counters, "s.yaml")
		if err := os.WriteFile(file, []byte(schema), 0o644); err != nil {
			t.Fatal(err)
		}
		args = append(args, "--schema", file)
	}
	cmd := exec.Command(bin, args...)
	// One thread, so that no count is lost to another.
	cmd.Env = append(os.Environ(), "GOCOVERDIR="+counters, "GOMAXPROCS=1")
	if out, err := cmd.CombinedOutput(); err != nil && cmd.ProcessState.ExitCode() != 1 {
		t.Fatalf("%v: %s", err, out)
	}
	profile := filepath.Join(counters, "profile")
	if out, err := exec.Command("go", "tool", "covdata", "textfmt", "-i="+counters, "-o="+profile).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	sum := 0.0
	for line := range strings.Lines(testkit.File(t, profile)) {
		f := strings.Fields(line) // place, statements, times
		if len(f) != 3 {
			continue
		}
		n, err := strconv.Atoi(f[1])
		times, err2 := strconv.ParseFloat(f[2], 64)
		if err != nil || err2 != nil {
			t.Fatalf("%q: %v, %v", line, err, err2)
		}
		sum += float64(n) * times
	}
	if sum == 0 {
		t.Fatal("nothing was counted")
	}
	return sum
}
