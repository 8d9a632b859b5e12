package golden

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"simtrace/internal/testkit"
	"simtrace/pkg/nanobragg"
	"simtrace/pkg/sim"
)

// supervisorFull is the recorded whole detector, with its real matrix and list
// of structure factors.
func supervisorFull(b *testing.B) *Case {
	cases, err := Cases(testkit.Shared(b, "golden", "supervisor"))
	if err != nil {
		b.Fatal(err)
	}
	for i := range cases {
		if cases[i].Name == "full" {
			return &cases[i]
		}
	}
	b.Skip("SKIPPED: ../shared/golden/supervisor/full is not there")
	return nil
}

// BenchmarkSupervisorRows renders a hundred rows of the supervisor detector in
// one thread.
func BenchmarkSupervisorRows(b *testing.B) {
	c := supervisorFull(b)
	c.Args = append(c.Args, nanobragg.Arg{Name: "-roi", Values: []string{"0", "2462", "1000", "1099"}})
	e, err := c.Prepare()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := e.Render(context.Background(), sim.Options{Threads: 1}); err != nil {
			b.Fatal(err)
		}
	}
	steps := 100 * e.Geometry.Fast * e.Steps
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(steps), "ns/step")
}

// BenchmarkLive renders the whole supervisor detector with the reference
// binaries that NB_C_BIN and NB_C_FAST_BIN name (the one compiled as it should be for
// comparisons, the other for speed) and with ours, whole processes that read the
// same files and write a float and an integer image, in turns, on as many threads as
// there are processors. It reports the median time of each, and the median of
// the ratios, pair by pair: above 1, ours is the faster.
func BenchmarkLive(b *testing.B) {
	for _, name := range []string{"NB_C_BIN", "NB_C_FAST_BIN"} {
		b.Run(name, func(b *testing.B) {
			bin := os.Getenv(name)
			if bin == "" {
				b.Skipf("SKIPPED: %s names no reference binary", name)
			}
			benchPair(b, newPair(b, bin, supervisorFull(b)))
		})
	}
}

func benchPair(b *testing.B, p *pair) {
	var theirs, ours, ratios []float64
	for i := 0; b.Loop(); i++ {
		var t [2]float64
		for turn := range 2 {
			which := (i + turn) % 2 // who goes first changes from pair to pair
			t[which] = p.run(b, which)
		}
		theirs, ours, ratios = append(theirs, t[0]), append(ours, t[1]), append(ratios, t[0]/t[1])
	}
	b.ReportMetric(median(theirs), "reference-s")
	b.ReportMetric(median(ours), "simtrace-s")
	b.ReportMetric(median(ratios), "times-faster")
}

func median(v []float64) float64 {
	s := slices.Sorted(slices.Values(v))
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}

// pair is the two command lines: the reference's, then ours.
type pair struct {
	dir  string
	argv [2][]string
}

// buildSimtrace builds the program into a folder and returns its path.
func buildSimtrace(b *testing.B, dir string) string {
	path := filepath.Join(dir, "simtrace")
	if out, err := exec.Command("go", "build", "-tags", "urfave_cli_no_docs", "-o", path, "simtrace/cmd/simtrace").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	return path
}

func newPair(b *testing.B, bin string, c *Case) *pair {
	dir := b.TempDir()
	self := buildSimtrace(b, dir)
	flags := []string{"-floatfile", "float.bin", "-nopgm", "-noprogress"}
	for _, a := range c.Args {
		flags = append(append(flags, a.Name), a.Values...)
		if a.Name == "-mat" || a.Name == "-hkl" {
			path, err := filepath.Abs(a.Values[0])
			if err != nil {
				b.Fatal(err)
			}
			flags[len(flags)-1] = path
		}
	}
	return &pair{dir, [2][]string{
		append([]string{bin}, flags...),
		append([]string{self, "render", "--profile", "nanobragg"}, flags...),
	}}
}

// run runs one of the two and returns the seconds that it took.
func (p *pair) run(b *testing.B, which int) float64 {
	argv := p.argv[which]
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Dir = filepath.Join(p.dir, fmt.Sprint(which))
	if err := os.MkdirAll(cmd.Dir, 0o755); err != nil {
		b.Fatal(err)
	}
	cmd.Env = append(os.Environ(), fmt.Sprintf("OMP_NUM_THREADS=%d", runtime.GOMAXPROCS(0)))
	start := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%s: %v\n%s", strings.Join(argv[:1], " "), err, out)
	}
	return time.Since(start).Seconds()
}
