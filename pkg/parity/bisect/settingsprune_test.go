package bisect

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"simtrace/internal/testkit"
	"simtrace/pkg/sim"
)

// offBy makes a trace whose intensities no setting explains: they are larger by a factor.
func offBy(t *testing.T, text string, factor float64) string {
	t.Helper()
	n := 0
	out := regexp.MustCompile(`((?:I_before_scaling|I_pixel_final|floatimage_accumulated) )(\S+)`).ReplaceAllStringFunc(text, func(s string) string {
		name, number, _ := strings.Cut(s, " ")
		v, err := strconv.ParseFloat(number, 64)
		if n++; err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf("%s %.15g", name, v*factor)
	})
	if n != 3 {
		t.Fatalf("%d intensities", n)
	}
	return out
}

// TestPrune: what the rows of the trace need stays, and what brings the intensity nearer
// by more than chance does; what changes nothing, or the intensity a little, goes.
func TestPrune(t *testing.T) {
	flags := shortToy + " -detector_thick 300 -detector_abs 200 -detector_thicksteps 3 -oversample 2 -polar 0.9"
	p := newPlanter(t, plantCase{"toy", sim.ProfileSpec, builder("", strings.Fields(flags)...), sim.Pixel{Slow: 20, Fast: 40}})
	s := p.s
	planted := []string{"half-pixel=out", "layer-sum=front", "layer-pitch=n", "traced=centre"}
	text, failed := p.text(t, planted)
	if failed {
		t.Fatal("no trace")
	}
	front := "layer-sum=front" // shows in the intensity alone
	for _, c := range []struct {
		factor float64
		idle   string
		want   []string
	}{
		{1, "miller=float32", planted},
		{1.001, "directions=kept", planted},
		{1.001, "oversample-omega=on", planted}, // there is a row of it
		{1.3, "directions=kept", slices.DeleteFunc(slices.Clone(planted), func(c string) bool { return c == front })},
	} {
		hold(t, s, read(t, "ref.log", []byte(offBy(t, text, c.factor))))
		s.engine = &Engine[Trial]{Probe: s.probe}
		start := s.point(append([]string{c.idle}, planted...))
		if err := s.engine.Run(t.Context(), "", start); err != nil {
			t.Fatal(err)
		}
		whole, _ := s.engine.Result(start)
		got, err := s.prune(t.Context(), whole)
		if err != nil || s.point(got.Set) != s.point(c.want) || got.Broken > whole.Broken {
			t.Errorf("intensity times %g: %v is left, %d rows differ, want %v and %d (%v)", c.factor, got.Set, got.Broken, c.want, whole.Broken, err)
		}
	}
}

func TestAsGood(t *testing.T) {
	s := &settingsSearch{opt: SettingsOptions{Tolerance: 1e-6}, space: make([]Choice, 100)}
	of := Trial{Compared: 50, Broken: 3, Keys: 3, Intensity: 1e-3}
	for _, c := range []struct {
		name   string
		than   func(u *Trial)
		change func(t *Trial)
		want   bool
	}{
		{"the same", nil, func(*Trial) {}, true},
		{"one row more differs", nil, func(t *Trial) { t.Broken = 4 }, false},
		{"one row less is compared", nil, func(t *Trial) { t.Compared = 49 }, false},
		{"one quantity more differs", nil, func(t *Trial) { t.Keys = 4 }, false},
		{"no trace", nil, func(t *Trial) { t.Failed = "no" }, false},
		{"the intensity comes by chance", nil, func(t *Trial) { t.Intensity = 0.09 }, true},
		{"the intensity does not come by chance", nil, func(t *Trial) { t.Intensity = 0.2 }, false},
		{"the intensity is lost", nil, func(t *Trial) { t.Intensity = math.NaN() }, false},
		{"there was none", func(u *Trial) { u.Intensity = math.NaN() }, func(*Trial) {}, true},
		{"the intensity is explained no more", func(u *Trial) { u.IntensityAgrees = true }, func(*Trial) {}, false},
		{"nothing is explained any more", func(u *Trial) { u.Rounded, u.IntensityAgrees = 3, true }, func(t *Trial) { t.IntensityAgrees = true }, false},
		{"all are farther, if below rounding", func(u *Trial) { u.Rounded, u.IntensityAgrees = 3, true }, func(t *Trial) { t.Rounded, t.IntensityAgrees, t.Size = 3, true, 0.5 }, false},
		{"all are as far, below rounding", func(u *Trial) { u.Rounded, u.IntensityAgrees = 3, true }, func(t *Trial) { t.Rounded, t.IntensityAgrees = 3, true }, true},
		{"an explained intensity is farther", func(u *Trial) { u.IntensityAgrees = true }, func(t *Trial) { t.IntensityAgrees, t.Intensity = true, 2e-3 }, false},
	} {
		u, v := of, of
		if c.than != nil {
			c.than(&u)
		}
		if c.change(&v); s.asGood(v, u) != c.want {
			t.Errorf("%s: as good is %v", c.name, !c.want)
		}
	}
}

// TestRandomDomains: domains of another generator are not explained, the report says
// that they may be why, and no choice is named that only comes near by chance.
func TestRandomDomains(t *testing.T) {
	testkit.NotUnderRace(t)
	flags := shortToy + " -mosaic_spread 1 -mosaic_domains 3"
	build := builder("", strings.Fields(flags)...)
	other := func(c *sim.Config) { c.Crystal.MosaicSeed = 4711 }
	said := func(rep *SettingsReport) bool {
		return slices.ContainsFunc(rep.Notes, func(n string) bool { return strings.Contains(n, "3 mosaic domains") })
	}
	rep := settings(t, SettingsOptions{Ref: read(t, "ref.log", toyTraceOf(t, flags, sim.ProfileNanoBragg, other)), Build: build, Profile: sim.ProfileSpec})
	if rep.Explained() || !said(rep) {
		t.Errorf("%s; notes %q", rep.Headline(), rep.Notes)
	}
	if len(rep.Members) != 1 || rep.Members[0].Choice.String() != "phi-zero=carry" {
		t.Errorf("%s: of the traced domain only the vectors at phi 0 differ", rep.Headline())
	}
	rep = settings(t, SettingsOptions{Ref: read(t, "ref.log", toyTraceOf(t, flags, sim.ProfileNanoBragg, nil)), Build: build, Profile: sim.ProfileSpec})
	if !rep.Explained() || said(rep) {
		t.Errorf("%s; notes %q", rep.Headline(), rep.Notes)
	}
}
