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
	"strconv"
	"strings"
	"testing"
	"time"

	"simtrace/pkg/nanobragg"
	"simtrace/pkg/sim"
)

// TestLiveOutputs draws random configurations and holds every file and every
// printed line against those of the reference binary that NB_C_BIN names, byte
// for byte. NB_LIVE_N and NB_LIVE_SEED choose how many and which.
func TestLiveOutputs(t *testing.T) {
	bin := os.Getenv("NB_C_BIN")
	if bin == "" {
		t.Skip("SKIPPED: NB_C_BIN names no reference binary")
	}
	n, seed := envInt("NB_LIVE_N", 40), envInt("NB_LIVE_SEED", 1)
	compared := 0
	for i := range n {
		r := rand.New(rand.NewPCG(uint64(seed), uint64(i+1_000_000)))
		t.Chdir(t.TempDir())
		flags := drawFlags(r)
		if i%2 == 1 {
			// Fewer flags, so that what the files say counts.
			flags = append(drawInputs(t, r), flags[:len(flags)-r.IntN(len(flags))/2]...)
		}
		run := liveOutputs{bin, append(flags, drawOutputs(r)...)}
		took, why := run.compare()
		if took && len(why) == 0 && strings.Contains(strings.Join(run.words(), " "), "-hkl s.hkl") {
			// The next run takes the structure factors that this one left.
			run.flags = slices.DeleteFunc(run.flags, func(f []string) bool { return f[0] == "-hkl" })
			took, why = run.compare()
		}
		if took {
			compared++
		}
		if len(why) > 0 {
			t.Errorf("configuration %d disagrees: %s\n  %s", i, strings.Join(why, "\n    "), strings.Join(run.words(), " "))
		}
	}
	t.Logf("%d configurations, %d compared, the others refused or too large", n, compared)
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
	return d.flags
}

type liveOutputs struct {
	bin   string
	flags [][]string
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
	_, theirs, err := nanobragg.Split(r.words(), nil)
	if err != nil {
		return false, nil
	}
	b := nanobragg.NewBuilder(sim.ProfileNanoBragg)
	if err := b.Apply(theirs); err != nil {
		return false, nil
	}
	e, err := b.Prepare()
	if err != nil || e.Steps*e.Geometry.Fast*e.Geometry.Slow > liveSamples {
		return false, nil
	}
	if strings.Contains(strings.Join(b.Warnings, " "), "drops the first byte") {
		return false, nil // what the reference then reads is no structure factor
	}
	stdout, err := r.reference()
	if err != nil {
		return false, nil
	}
	image, err := e.Render(context.Background(), sim.Options{})
	if err != nil {
		return true, []string{err.Error()}
	}
	m := b.Out.Images(e, image)
	writers := map[string]func(io.Writer) error{
		"f.bin": func(w io.Writer) error { return nanobragg.WriteFloatImage(w, image) },
		"i.img": func(w io.Writer) error { return nanobragg.WriteSMV(w, e, m.Int) },
		"p.pgm": func(w io.Writer) error { return nanobragg.WritePGM(w, e, m.PGMScale, m.PGM) },
		"n.img": func(w io.Writer) error { return nanobragg.WriteSMV(w, e, m.Noise) },
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
	if d := firstLine(bannerOf(stdout), text.String()); d != "" {
		why = append(why, "banner: "+d)
	}
	text.Reset()
	b.WriteReport(&text, e, m, true)
	if d := firstLine(stdout[max(0, strings.Index(stdout, "\nsolid angle")):], text.String()); d != "" {
		why = append(why, d)
	}
	return true, why
}

func (r liveOutputs) reference() (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, r.bin, r.words()...)
	cmd.Env = append(os.Environ(), "OMP_NUM_THREADS=1")
	stdout, err := cmd.Output()
	return string(stdout), err
}

// firstLine tells where two texts differ first.
func firstLine(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(w), len(g)) {
		a, b := "nothing", "nothing"
		if i < len(w) {
			a = strconv.Quote(w[i])
		}
		if i < len(g) {
			b = strconv.Quote(g[i])
		}
		if a != b {
			return fmt.Sprintf("line %d is %s, in the reference %s", i+1, b, a)
		}
	}
	return ""
}
