package nanobragg

import (
	"strings"
	"testing"

	"simtrace/pkg/sim"
)

// TestLeaks: what words set in the bl831 programs besides what they spell.
func TestLeaks(t *testing.T) {
	const crystal = " -cell 50 60 70 85 95 100 -default_F 1 -detpixels 8 -nonoise -nopgm"
	for _, v := range []struct {
		profile, line, warning string
		holds                  func(c *sim.Config) bool
	}{
		{"nanobragg", "-misset random -misset_seed 3", "", func(c *sim.Config) bool { return c.Crystal.MissetRandom && c.Crystal.MissetSeed == 3 }},
		// -cell is no number, so 0, and its first value the third angle.
		{"bl831-c", "-misset random -misset_seed 3", "-misset_seed also sets -misset to 3 0 50", func(c *sim.Config) bool {
			return !c.Crystal.MissetRandom && *c.Crystal.Misset == [3]float64{3, 0, 50}
		}},
		{"bl831-cuda", "-misset random -seed 5", "", func(c *sim.Config) bool { return c.Crystal.MissetRandom && c.Crystal.MissetSeed == 5 }},
		{"bl831-cuda", "-oversample 3 -oversample_omega", "sets -oversample to 0", func(c *sim.Config) bool {
			return c.Sampling.Oversample == 0 && !c.Sampling.OversampleOmega
		}},
		{"bl831-c", "-oversample 3 -oversample_omega", "", func(c *sim.Config) bool {
			return c.Sampling.Oversample == 3 && c.Sampling.OversampleOmega
		}},
		{"bl831-cuda", "-thicksteps 0.00003", "sets -xtal_thick to 0.00003", func(c *sim.Config) bool {
			return c.Crystal.SizeMM[0] == 0.00003 && c.Detector.ThickSteps < 0
		}},
	} {
		p, err := sim.ProfileByName(v.profile)
		if err != nil {
			t.Fatal(err)
		}
		b, _, err := build(t, p, v.line+crystal)
		if err != nil {
			t.Fatalf("%s: %s: %v", v.profile, v.line, err)
		}
		if !v.holds(&b.Config) {
			t.Errorf("%s: %s: configuration is %+v", v.profile, v.line, b.Config.Crystal)
		}
		if all := strings.Join(b.Warnings, "; "); !strings.Contains(all, v.warning) {
			t.Errorf("%s: %s: warnings are %s", v.profile, v.line, all)
		}
	}
}

// TestLeadingNumbers: numbers as C reads them out of words.
func TestLeadingNumbers(t *testing.T) {
	for word, want := range map[string][2]string{
		"3": {"3", "3"}, "2.5": {"2.5", "2"}, "-1e2x": {"-1e2", "-1"}, "-noprogress": {"0", "0"}, "": {"0", "0"}, "12ab": {"12", "12"}, "inf": {"0", "0"},
	} {
		if f, i := leadingFloat(word), leadingInt(word); f != want[0] || i != want[1] {
			t.Errorf("%q begins with %s and %s, not %v", word, f, i, want)
		}
	}
}
