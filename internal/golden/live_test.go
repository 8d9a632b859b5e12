package golden

import (
	"context"
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"simtrace/pkg/nanobragg"
	"simtrace/pkg/sim"
)

// TestLive draws random configurations, runs the reference binary that
// NB_C_BIN names on each, and holds image and trace against ours. A
// configuration that disagrees is cut down to the fewest flags that still do.
// NB_LIVE_N and NB_LIVE_SEED choose how many and which.
func TestLive(t *testing.T) {
	bin := os.Getenv("NB_C_BIN")
	if bin == "" {
		t.Skip("SKIPPED: NB_C_BIN names no reference binary")
	}
	n, seed := envInt("NB_LIVE_N", 40), envInt("NB_LIVE_SEED", 1)
	lines, compared, apart := Lines{}, 0, tally{}
	for i := range n {
		r := rand.New(rand.NewPCG(uint64(seed), uint64(i)))
		run := liveRun{bin: bin, dir: t.TempDir(), flags: drawFlags(r), compared: &compared, apart: apart}
		l, why := run.compare()
		lines.Total, lines.Same = lines.Total+l.Total, lines.Same+l.Same
		if why != "" {
			small := run.shrink()
			if _, less := small.compare(); less != "" {
				why = less
			}
			t.Errorf("configuration %d disagrees: %s\n  %s", i, why, strings.Join(small.words(), " "))
		}
	}
	t.Logf("%d configurations, %d compared: %d of %d trace lines are the same; not compared:%s", n, compared, lines.Same, lines.Total, apart)
	if compared < n/3 {
		t.Errorf("only %d of %d configurations could be compared: is NB_C_BIN a reference that traces?", compared, n)
	}
}

func envInt(name string, def int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return def
}

// liveRun is one configuration: flags with their values.
type liveRun struct {
	bin, dir string
	flags    [][]string
	compared *int  // counts the configurations that both programs took
	apart    tally // says why the others were not compared
}

// tally counts why configurations were not compared, numbers left out.
type tally map[string]int

var anyNumber = regexp.MustCompile(`[-+0-9.]+(e[-+]?[0-9]+)?`)

// refused counts a configuration that one of the programs refused: ours with
// its words, or else the reference.
func (t tally) refused(ours, reference error) {
	switch {
	case ours == nil:
		t["refused by the reference alone"]++
	case reference == nil:
		t["refused by simtrace alone: "+anyNumber.ReplaceAllString(ours.Error(), "#")]++
	default:
		t["refused by both"]++
	}
}

func (t tally) String() string {
	var text strings.Builder
	for _, why := range slices.Sorted(maps.Keys(t)) {
		fmt.Fprintf(&text, "\n    %4d %s", t[why], why)
	}
	return text.String()
}

func (r liveRun) words() []string {
	var w []string
	for _, f := range r.flags {
		w = append(w, f...)
	}
	return w
}

// shrink leaves flags out, one at a time, as long as the programs disagree.
func (r liveRun) shrink() liveRun {
	for again := true; again; {
		again = false
		for i := range r.flags {
			if strings.HasPrefix(r.flags[i][0], "-detpixels") {
				continue // the default detector takes minutes
			}
			less := r
			less.flags = append(append([][]string{}, r.flags[:i]...), r.flags[i+1:]...)
			if _, why := less.compare(); why != "" {
				r, again = less, true
				break
			}
		}
	}
	return r
}

// liveSamples bounds a configuration to about a second.
const liveSamples = 5_000_000

var livePixel = sim.Pixel{Slow: 13, Fast: 7}

// compare runs both programs; why is empty where they agree, or where both
// refuse.
func (r liveRun) compare() (l Lines, why string) {
	e, err := r.prepare()
	if err == nil && e.Steps*e.Geometry.Fast*e.Geometry.Slow > liveSamples {
		r.apart["too large"]++
		return l, ""
	}
	image, stdout, cErr := r.reference()
	if err != nil || cErr != nil {
		// The reference takes nonsense that we refuse; that is no disagreement.
		r.apart.refused(err, cErr)
		return l, ""
	}
	*r.compared++
	got, err := e.Render(context.Background(), sim.Options{})
	if err != nil {
		return l, err.Error()
	}
	if len(got) != len(image) {
		return l, fmt.Sprintf("%d pixels, the reference has %d", len(got), len(image))
	}
	if p := ComparePixels(image, got); p.WorstULP > 1 && p.WorstOfMax > 1e-12 {
		return l, fmt.Sprintf("%d of %d pixels are the same, the worst off by %d ulp, %.2g of the maximum", p.Same, p.Total, p.WorstULP, p.WorstOfMax)
	}
	if e.Check(livePixel) != nil {
		return l, ""
	}
	text, err := Trace(e, livePixel)
	if err != nil {
		return l, err.Error()
	}
	return compareLive(traceLines(stdout), text)
}

// compareLive holds the traces to the recorded cases' bound; a line that the
// reference glued behind a warning is cut loose first.
func compareLive(want, got string) (Lines, string) {
	l := CompareLines(want, got)
	if l.Same == l.Total {
		return l, ""
	}
	w, g := strings.Split(strings.TrimSpace(want), "\n"), strings.Split(strings.TrimSpace(got), "\n")
	if len(w) != len(g) {
		return l, l.First
	}
	for i := range w {
		if !numbersNear(w[i], g[i], 1e-9) {
			return l, fmt.Sprintf("line %d\n    reference %s\n    simtrace  %s", i+1, w[i], g[i])
		}
	}
	return l, ""
}

// numbersNear compares two lines word by word: numbers within the bound, of
// the largest number on the line, since a component near zero is rounding.
func numbersNear(a, b string, bound float64) bool {
	split := func(r rune) bool { return strings.ContainsRune(" =:,;[]|", r) }
	x, y := strings.FieldsFunc(a, split), strings.FieldsFunc(b, split)
	if len(x) != len(y) {
		return false
	}
	largest := 0.0
	for _, w := range x {
		if v, err := strconv.ParseFloat(w, 64); err == nil && !math.IsInf(v, 0) {
			largest = math.Max(largest, math.Abs(v))
		}
	}
	for i := range x {
		v, err1 := strconv.ParseFloat(x[i], 64)
		u, err2 := strconv.ParseFloat(y[i], 64)
		switch {
		case x[i] == y[i]:
		case err1 != nil || err2 != nil || !(math.Abs(v-u) <= bound*largest):
			return false
		}
	}
	return true
}

func (r liveRun) prepare() (*sim.Experiment, error) {
	_, theirs, err := nanobragg.Split(r.words(), nil)
	if err != nil {
		return nil, err
	}
	_, e, err := prepared(sim.ProfileNanoBragg, theirs, false)
	return e, err
}

// reference runs the binary with one thread, so that pixels come in scan order.
func (r liveRun) reference() ([]float32, string, error) {
	out := filepath.Join(r.dir, "float.bin")
	_ = os.Remove(out)
	args := append(r.words(), "-floatfile", out, "-nonoise", "-nopgm", "-intfile", filepath.Join(r.dir, "int.img"),
		"-noprogress", "-trace_pixel", strconv.Itoa(livePixel.Slow), strconv.Itoa(livePixel.Fast))
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, r.bin, args...)
	cmd.Dir = r.dir
	cmd.Env = append(os.Environ(), "OMP_NUM_THREADS=1")
	stdout, err := cmd.Output()
	if err != nil {
		return nil, "", err
	}
	raw, err := os.ReadFile(out)
	if err != nil {
		return nil, "", err
	}
	image := make([]float32, len(raw)/4)
	for i := range image {
		image[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
	}
	return image, string(stdout), nil
}

// traceLines keeps what the recorded traces hold: all trace lines, also those
// glued behind a warning.
func traceLines(stdout string) string {
	var keep []string
	for _, line := range strings.Split(stdout, "\n") {
		if i := strings.Index(line, "TRACE"); i >= 0 {
			keep = append(keep, line[i:])
		}
	}
	return strings.Join(keep, "\n") + "\n"
}
