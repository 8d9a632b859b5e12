package golden

import (
	"context"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"simtrace/pkg/sim"
)

// TestLiveWindow runs the reference on whole images and on the windows that
// sim.Window names, and holds trace and pixel against each other: all bytes.
// Interpolation and steps at phi = 0, which carry something from pixel to pixel,
// are drawn often.
func TestLiveWindow(t *testing.T) {
	bin := os.Getenv("NB_C_BIN")
	if bin == "" {
		t.Skip("SKIPPED: NB_C_BIN names no reference binary")
	}
	n, seed := envInt("NB_LIVE_N", 40), envInt("NB_LIVE_SEED", 1)
	compared, carried, latched, wide, told := 0, 0, 0, 0, 0
	for i := range n {
		r := rand.New(rand.NewPCG(uint64(seed), uint64(1000+i)))
		dir := t.TempDir()
		writeFile(t, dir+"/P.hkl", drawHKL(r))
		flags := append(drawFlags(r), []string{"-phi", "0"}, []string{"-osc", "1"}, []string{"-phisteps", "3"})
		if r.IntN(2) == 0 {
			flags = append(flags, []string{"-hkl", dir + "/P.hkl"}, []string{"-interpolate"})
		}
		whole := liveRun{bin: bin, dir: dir, flags: flags}
		e, err := whole.prepare()
		if err != nil || e.Check(livePixel) != nil || e.Steps*e.Geometry.Fast*e.Geometry.Slow > liveSamples {
			continue
		}
		roi, err := e.Window(context.Background(), livePixel)
		if err != nil {
			t.Fatal(err)
		}
		image, stdout, err := whole.reference()
		if err != nil {
			continue
		}
		window := []string{"-roi"}
		for _, v := range roi {
			window = append(window, strconv.Itoa(v))
		}
		part := whole
		part.flags = append(append([][]string{}, flags...), window)
		small, text, err := part.reference()
		if err != nil {
			t.Errorf("configuration %d: %v", i, err)
			continue
		}
		compared++
		if _, off := e.LatchedBefore(context.Background(), livePixel); off {
			latched++
		}
		if pixels := (roi[1] - roi[0] + 1) * (roi[3] - roi[2] + 1); pixels == 2 {
			carried++
		} else if pixels > 2 {
			wide++
		}
		at := livePixel.Slow*e.Geometry.Fast + livePixel.Fast
		if traceLines(stdout) != traceLines(text) || image[at] != small[at] {
			t.Errorf("configuration %d: the window %v does not give what the whole image gives: %s", i, roi, strings.Join(whole.words(), " "))
		}
		if alone := aloneDiffers(e); alone {
			told++
		}
	}
	t.Logf("%d compared: %d windows of two pixels, %d wider; interpolation was off before %d of them; %d pixels come out otherwise alone", compared, carried, wide, latched, told)
	if compared < n/3 {
		t.Errorf("only %d of %d configurations could be compared", compared, n)
	}
}

// aloneDiffers reports whether the pixel differs when it is the only one.
func aloneDiffers(e *sim.Experiment) bool {
	c := e.Config
	c.Sampling.ROI = [4]int{livePixel.Fast, livePixel.Fast, livePixel.Slow, livePixel.Slow}
	one, err := sim.Prepare(c)
	if err != nil {
		return true
	}
	a, err1 := Trace(e, livePixel)
	b, err2 := Trace(one, livePixel)
	return err1 != nil || err2 != nil || a != b
}
