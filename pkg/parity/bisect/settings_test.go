package bisect

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"simtrace/internal/doc"
	"simtrace/internal/record"
	"simtrace/internal/testkit"
	"simtrace/pkg/nanobragg"
	"simtrace/pkg/parity"
	"simtrace/pkg/parity/diff"
	"simtrace/pkg/sim"
	"simtrace/pkg/trace"
)

// simulated is simulatedBy with a tap of all.
func simulated(ctx context.Context, e *sim.Experiment, p sim.Pixel, d record.Dialect) ([]byte, error) {
	return simulatedBy(ctx, e, p, d, sim.NewTap(sim.Filter{}))
}

// builder reads a preset, or "", and flags.
func builder(preset string, flags ...string) func(sim.Profile) (sim.Config, error) {
	return func(p sim.Profile) (sim.Config, error) {
		b := nanobragg.NewBuilder(p)
		args, err := b.Configure(preset)
		if err != nil {
			return b.Config, err
		}
		_, more, err := nanobragg.Split(flags, nil)
		if err != nil {
			return b.Config, err
		}
		if err := b.Apply(append(args, more...)); err != nil {
			return b.Config, err
		}
		err = b.Load()
		return b.Config, err
	}
}

func recorded(t testing.TB, path ...string) *trace.Source {
	t.Helper()
	full := testkit.Shared(t, path...)
	return trace.Text(testkit.File(t, full), full)
}

func settings(t *testing.T, opt SettingsOptions) *SettingsReport {
	t.Helper()
	opt.Jobs = 2
	if opt.Tolerance == 0 {
		opt.Tolerance = parity.DefaultTolerance
	}
	rep, err := Settings(context.Background(), opt)
	if err != nil {
		t.Fatal(err)
	}
	return rep
}

func wantSet(t *testing.T, rep *SettingsReport, want ...string) {
	t.Helper()
	if !slices.Equal(rep.Best.Set, want) || !rep.Explained() || rep.Verdict != parity.Match {
		var out bytes.Buffer
		if err := doc.Terminal(&out, rep.Document(true), doc.Screen{}); err != nil {
			t.Fatal(err)
		}
		t.Errorf("found %v, want %v\n%s", rep.Best.Set, want, out.String())
	}
}

// The C reference's recorded trace, from the specification's habits: the
// vectors carried over at phi 0, and nothing else.
func TestSettingsOfTheReference(t *testing.T) {
	ref := recorded(t, "golden", "supervisor", "full", "trace_685_1039.log")
	rep := settings(t, SettingsOptions{Ref: ref, Build: builder("supervisor"), Profile: sim.ProfileSpec})
	wantSet(t, rep, "phi-zero=carry")
	if m := rep.Members[0]; m.Without.Broken != rep.Base.Broken || m.Alone.Broken != 0 {
		t.Errorf("the one member takes off %d of %d rows", m.Without.Broken-m.Alone.Broken, rep.Base.Broken)
	}
	// Where nothing is to be explained, nothing is.
	wantSet(t, settings(t, SettingsOptions{Ref: ref, Build: builder("supervisor"), Profile: sim.ProfileNanoBragg}))
}

// The port's own log, from the reference's habits: it turns the crystal afresh
// at phi 0, keeps the normal that it was given, and the lengths of all vectors.
func TestSettingsOfThePort(t *testing.T) {
	ref := recorded(t, "logs", "seed-pair", "py.log")
	px := &sim.Pixel{Slow: 685, Fast: 1039}
	rep := settings(t, SettingsOptions{Ref: ref, Pixel: px, Build: builder("supervisor"), Profile: sim.ProfileNanoBragg})
	wantSet(t, rep, "odet=keep", "vectors=as-given", "phi-zero=fresh")
	if _, err := Settings(context.Background(), SettingsOptions{Ref: ref, Build: builder("supervisor")}); err == nil {
		t.Error("a log that names no pixel")
	}
}

// Every choice that changes the toy's trace is found again from the trace that
// it makes: by its name, or by another set of one that makes the same trace.
func TestPlantedChoices(t *testing.T) {
	testkit.NotUnderRace(t)
	build := builder("", strings.Fields(toy)...)
	base, err := build(sim.ProfileSpec)
	if err != nil {
		t.Fatal(err)
	}
	e, err := sim.Prepare(base)
	if err != nil {
		t.Fatal(err)
	}
	px := sim.Pixel{Slow: 20, Fast: 40}
	text, err := simulated(context.Background(), e, px, record.C)
	if err != nil {
		t.Fatal(err)
	}
	plain := string(text)
	named, changed := 0, 0
	for _, c := range space(e, px) {
		if c.early {
			continue
		}
		conf := base
		c.change(&conf)
		e, err := sim.Prepare(conf)
		if err != nil {
			continue
		}
		text, err := simulated(context.Background(), e, px, record.C)
		if err != nil || string(text) == plain {
			continue
		}
		if c.Switch == "traced" {
			continue // prints other rows, not other numbers, of this pixel
		}
		changed++
		rep := settings(t, SettingsOptions{Ref: read(t, "ref.log", text), Pixel: &px, Build: build, Profile: sim.ProfileSpec, Tolerance: 1e-12})
		if len(rep.Best.Set) > 1 || !rep.Explained() {
			t.Errorf("%s: found %v, explained %v", c, rep.Best.Set, rep.Explained())
		}
		if len(rep.Best.Set) == 1 && rep.Best.Set[0] == c.String() {
			named++
		} else {
			t.Logf("%s is found as %v", c, rep.Best.Set)
		}
	}
	t.Logf("%d choices change the trace, %d are found by name", changed, named)
	if changed < 40 || named != changed {
		t.Errorf("%d choices change the trace, %d are found by name", changed, named)
	}
}

// Three mistakes at once are more than the search exhausts: it grows a set and
// shrinks it again.
func TestThreeMistakes(t *testing.T) {
	testkit.NotUnderRace(t)
	text := toyTraceOf(t, shortToy, sim.ProfileSpec, func(c *sim.Config) {
		c.Profile.PhiZero = sim.PhiZeroCarry
		noHalfPixel(c)
		c.Beam.NoPolar = true
	})
	rep := settings(t, SettingsOptions{Ref: read(t, "ref.log", text), Build: builder("", strings.Fields(shortToy)...), Profile: sim.ProfileSpec})
	wantSet(t, rep, "phi-zero=carry", "half-pixel=out", "polarization=off")
	for _, m := range rep.Members {
		if m.Without.Explains() {
			t.Errorf("%s is not needed", m.Choice)
		}
	}
	if !strings.Contains(rep.Searched, "pairs") || len(rep.RunnerUp) == 0 {
		t.Errorf("searched: %s; %d runners-up", rep.Searched, len(rep.RunnerUp))
	}
}

// What no setting explains is not explained.
func TestNotExplained(t *testing.T) {
	testkit.NotUnderRace(t)
	text := strings.Replace(string(toyTraceOf(t, shortToy, sim.ProfileSpec, nil)), "F_cell 100", "F_cell 123", 1)
	if !strings.Contains(text, "F_cell 123") {
		t.Fatal("nothing planted")
	}
	rep := settings(t, SettingsOptions{Ref: read(t, "ref.log", []byte(text)), Build: builder("", strings.Fields(shortToy)...), Profile: sim.ProfileSpec})
	if rep.Explained() || rep.Best.Explains() {
		t.Errorf("explained by %v", rep.Best.Set)
	}
}

// TestNothingIsHidden: a setting that prints less does not explain what the reference
// prints. Here the sum is that of another crystal shape, which has no lattice factors, but
// the reference prints them.
func TestNothingIsHidden(t *testing.T) {
	pixel := sim.Pixel{Slow: 50, Fast: 60}
	flags := []string{"-cell", "70", "80", "90", "90", "90", "90", "-default_F", "100", "-lambda", "1", "-distance", "100", "-detpixels", "128", "-pixel", "0.5", "-oversample", "1", "-N", "5"}
	traced := func(more ...string) []string {
		cfg, err := builder("", append(flags, more...)...)(sim.ProfileSpec)
		if err != nil {
			t.Fatal(err)
		}
		e, err := sim.Prepare(cfg)
		if err != nil {
			t.Fatal(err)
		}
		log, err := simulated(t.Context(), e, pixel, record.C)
		if err != nil {
			t.Fatal(err)
		}
		return strings.SplitAfter(string(log), "\n")
	}
	ref := traced()
	sums := map[string]string{}
	for _, line := range traced("-tophat_spots") {
		if f := strings.Fields(line); len(f) > 1 {
			sums[f[1]] = line
		}
	}
	for i, line := range ref {
		f := strings.Fields(line)
		if len(f) > 1 && slices.Contains([]string{"I_before_scaling", "I_pixel_final", "floatimage_accumulated"}, f[1]) {
			ref[i] = sums[f[1]]
		}
	}
	rep := settings(t, SettingsOptions{Ref: trace.Text(strings.Join(ref, ""), "c.log"), Build: builder("", flags...), Profile: sim.ProfileSpec, Pixel: &pixel})
	if rep.Best.Name() == "shape=tophat" {
		t.Errorf("%s, though it prints no lattice factors", rep.Headline())
	}
}

func TestDdmin(t *testing.T) {
	for _, c := range []struct{ need []int }{{[]int{3}}, {[]int{0, 7}}, {[]int{2, 3, 9}}, {[]int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}}, {[]int{5, 6, 7, 8}}} {
		set := []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}
		got, err := ddmin(set, func(part []int) (bool, error) {
			for _, n := range c.need {
				if !slices.Contains(part, n) {
					return false, nil
				}
			}
			return true, nil
		})
		if err != nil || !slices.Equal(got, c.need) {
			t.Errorf("%v: %v, %v", c.need, got, err)
		}
	}
}

// TestMeasuredOnce: equal traces are measured once, but anew against another reference,
// and where what rounding moves became known.
func TestMeasuredOnce(t *testing.T) {
	p := newPlanter(t, plantCase{"toy", sim.ProfileSpec, builder("", strings.Fields(shortToy)...), sim.Pixel{Slow: 20, Fast: 40}})
	probe := func(set ...string) Trial {
		t.Helper()
		trial, err := p.s.probe(t.Context(), p.s.point(set))
		if err != nil || trial.Failed != "" || !slices.Equal(trial.Set, set) {
			t.Fatal(err, trial.Failed, trial.Set)
		}
		return trial
	}
	const single = "setup=float32"
	text, failed := p.text(t, []string{single})
	if failed || !rounds(single) {
		t.Fatal("no trace in single precision")
	}
	ref := read(t, "ref.log", []byte(strings.Replace(text, "F_cell 100", "F_cell 123", 1)))
	hold(t, p.s, ref)
	probe()
	if got := probe(single); got.Broken == 0 || got.Rounded != 0 {
		t.Errorf("before rounding is known: %+v", got)
	}
	log := read(t, "simtrace", []byte(text))
	rows, err := diff.All(t.Context(), ref, log, p.s.opt.Tolerance)
	if err != nil {
		t.Fatal(err)
	}
	p.s.rounding = map[rowID]float64{}
	for i := range rows {
		p.s.rounding[idOf(&rows[i])] = 1
	}
	for range 2 {
		if got := probe(single); got.Broken == 0 || got.Rounded != got.Broken {
			t.Errorf("within rounding: %+v", got)
		}
	}
	hold(t, p.s, log)
	if got := probe(single); !got.Explains() {
		t.Errorf("its own trace: %+v", got)
	}
	plain, _ := p.text(t, nil)
	base, same := probe(), 0
	for _, c := range p.s.space {
		if text, failed := p.text(t, []string{c.String()}); !failed && text == plain {
			same++
			if got := probe(c.String()); got.Size != base.Size || got.Broken != base.Broken {
				t.Errorf("%s changes nothing, and yet %+v", c, got)
			}
		}
	}
	if same < 5 {
		t.Errorf("%d choices change nothing", same)
	}
}
