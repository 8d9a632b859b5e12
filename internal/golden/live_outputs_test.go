package golden

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"simtrace/pkg/nanobragg"
	"simtrace/pkg/sim"
)

// TestLiveOutputs draws random configurations and holds every file and every
// printed line against those of the reference binary that NB_C_BIN names: the
// files byte for byte, the lines but for lastBit. NB_LIVE_N and NB_LIVE_SEED
// choose how many and which.
func TestLiveOutputs(t *testing.T) {
	bin := os.Getenv("NB_C_BIN")
	if bin == "" {
		t.Skip("SKIPPED: NB_C_BIN names no reference binary")
	}
	n, seed := envInt("NB_LIVE_N", 40), envInt("NB_LIVE_SEED", 1)
	compared, dumps, apart := 0, 0, tally{}
	kinds := map[string]int{}
	for i := range n {
		r := rand.New(rand.NewPCG(uint64(seed), uint64(i+1_000_000)))
		t.Chdir(t.TempDir())
		flags := drawFlags(r)
		if i%2 == 1 {
			// Fewer flags, so that what the files say counts.
			inputs := drawInputs(t, r)
			flags = flags[:len(flags)-r.IntN(len(flags))/2]
			if len(inputs) > 0 && inputs[0][0] == "-mask" { // whose size must be the detector's
				flags = slices.DeleteFunc(flags, func(f []string) bool { return strings.HasPrefix(f[0], "-detpixels") })
			}
			flags = append(inputs, flags...)
		}
		run := liveOutputs{bin, append(flags, drawOutputs(r)...), apart}
		took, why := run.compare()
		if took && len(why) == 0 && strings.Contains(strings.Join(run.words(), " "), "-hkl s.hkl") {
			// The next run takes the structure factors that this one left.
			run.flags = slices.DeleteFunc(run.flags, func(f []string) bool { return f[0] == "-hkl" })
			took, why = run.compare()
			dumps++
		}
		if took {
			compared++
			for _, f := range run.flags {
				kinds[f[0]]++
			}
		}
		if len(why) > 0 {
			t.Errorf("configuration %d disagrees: %s\n  %s", i, strings.Join(why, "\n    "), strings.Join(run.words(), " "))
		}
	}
	t.Logf("%d configurations, %d compared, with -mask %d, -img %d, -hkl or its dump %d, -sourcefile %d, -stol, -4stol or -Q %d, -stolout %d, -printout_pixel %d; not compared:%s", n, compared,
		kinds["-mask"], kinds["-img"], dumps, kinds["-sourcefile"], kinds["-stol"]+kinds["-4stol"]+kinds["-Q"], kinds["-stolout"], kinds["-printout_pixel"], apart)
	if compared < n/3 {
		t.Errorf("only %d of %d configurations could be compared", compared, n)
	}
}

// drawOutputs draws what the integer images depend on. The fluence covers
// counts from none to far beyond the overload.
func drawOutputs(r *rand.Rand) [][]string {
	d := &drawer{r: r}
	d.flag("-seed", 1+r.IntN(1000)-200*r.IntN(2))
	d.flag("-fluence", math.Pow(10, 22+9*r.Float64()))
	d.maybe(3, "-scale", math.Exp(8*r.Float64()-4))
	d.maybe(3, "-adc", 100*r.NormFloat64())
	d.maybe(3, "-pgmscale", math.Exp(8*r.Float64()-4))
	d.maybe(4, "-printout_pixel", r.IntN(16), r.IntN(16))
	return d.flags
}

type liveOutputs struct {
	bin   string
	flags [][]string
	apart tally
}

func (r liveOutputs) words() []string {
	var w []string
	for _, f := range r.flags {
		w = append(w, f...)
	}
	return append(w, "-floatfile", "f.bin", "-intfile", "i.img", "-pgmfile", "p.pgm", "-noisefile", "n.img", "-noprogress")
}

// compare reports whether both programs took the configuration, and where they
// disagree.
func (r liveOutputs) compare() (took bool, why []string) {
	b, e, err := r.prepare()
	if err == nil && e.Steps*e.Geometry.Fast*e.Geometry.Slow > liveSamples {
		r.apart["too large"]++
		return false, nil
	}
	if strings.Contains(strings.Join(b.Warnings, " "), "drops the first byte") {
		r.apart["what the reference reads from the dump is no structure factor"]++
		return false, nil
	}
	stdout, cErr := r.reference()
	if err != nil || cErr != nil {
		r.apart.refused(err, cErr)
		return false, nil
	}
	taps, err := b.Out.Taps(e)
	if err != nil {
		return true, []string{err.Error()}
	}
	image, err := e.Render(context.Background(), sim.Options{Taps: taps})
	if err != nil {
		return true, []string{err.Error()}
	}
	m := b.Out.Images(e, image, e.Sums(image))
	writers := map[string]func(io.Writer) error{
		"f.bin": func(w io.Writer) error { return nanobragg.WriteFloatImage(w, image) },
		"i.img": func(w io.Writer) error { return m.WriteInt(w, e) },
		"p.pgm": func(w io.Writer) error { return m.WritePGM(w, e) },
		"n.img": func(w io.Writer) error { return m.WriteNoise(w, e) },
	}
	if b.HKLFile != "" {
		writers["Fdump.bin"] = func(w io.Writer) error { return nanobragg.WriteFdump(w, e.Config.Crystal.F) }
	}
	for name, write := range writers {
		want, err := os.ReadFile(name)
		if err != nil {
			return true, []string{err.Error()}
		}
		var got bytes.Buffer
		if err := write(&got); err != nil {
			return true, []string{err.Error()}
		}
		if d := firstByte(want, got.Bytes()); d != "" {
			why = append(why, name+": "+d)
		}
	}
	slices.Sort(why)
	var text strings.Builder
	b.WriteBanner(&text, e)
	notice, err := nanobragg.OutOfRange(context.Background(), e)
	if err != nil {
		return true, []string{err.Error()}
	}
	nanobragg.WritePrintout(&text, e, taps, notice)
	// What was never computed is whatever stood in memory.
	if d := firstUnlike(bannerOf(stdout), bannerOf(text.String()), lastBit); d != "" && !strings.Contains(text.String(), "F_cell=-nan") {
		why = append(why, "banner: "+d)
	}
	text.Reset()
	b.WriteReport(&text, e, m, true)
	if d := firstLine(stdout[max(0, strings.Index(stdout, "\nsolid angle")):], text.String()); d != "" {
		why = append(why, d)
	}
	return true, why
}

func (r liveOutputs) prepare() (*nanobragg.Builder, *sim.Experiment, error) {
	_, theirs, err := nanobragg.Split(r.words(), nil)
	if err != nil {
		return nanobragg.NewBuilder(sim.ProfileNanoBragg), nil, err
	}
	return prepared(sim.ProfileNanoBragg, theirs, false)
}

func (r liveOutputs) reference() (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, r.bin, r.words()...)
	cmd.Env = append(os.Environ(), "OMP_NUM_THREADS=1")
	stdout, err := cmd.Output()
	return string(stdout), err
}

// lastBit is how far a printed number may be off where all files are the same:
// the reference's sine rounds once in some thousand arguments the other way,
// which a last bit of 2^-53 carries on to the 15th digit. It cannot reach a
// number of six digits, unless that lies at a half.
const lastBit = 1e-14

// firstLine tells where two texts differ first.
func firstLine(want, got string) string { return firstUnlike(want, got, 0) }

// firstUnlike tells where two texts differ first by more than a bound, relative
// to the largest number on the line.
func firstUnlike(want, got string, bound float64) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(w), len(g)) {
		if i >= len(w) || i >= len(g) {
			return fmt.Sprintf("%d lines, the reference has %d", len(g), len(w))
		}
		if w[i] != g[i] && !(bound > 0 && numbersNear(w[i], g[i], bound)) {
			return fmt.Sprintf("line %d is %q, in the reference %q", i+1, g[i], w[i])
		}
	}
	return ""
}
