package sim

import (
	"runtime"
	"strings"
	"testing"
)

// Numbers of steps that no memory holds are refused in one line, before any
// memory is taken for them.
func TestHugeNumbersOfSteps(t *testing.T) {
	const huge = 1_000_000_000
	for name, c := range map[string]struct {
		change func(c *Config)
		want   string
	}{
		"divergence":      {func(c *Config) { c.Beam.HDivergence = SweepConfig{Range: -1, Step: -1, Steps: huge} }, "1000000000 horizontal x 1 vertical"},
		"both divergent":  {func(c *Config) { c.Beam.HDivergence.Steps, c.Beam.VDivergence.Steps = huge, huge }, "1000000000000000000 directions"},
		"many directions": {func(c *Config) { c.Beam.HDivergence.Steps, c.Beam.VDivergence.Steps = 10000, 10000 }, "more than 4194304 sources"},
		"dispersion":      {func(c *Config) { c.Beam.Dispersion = SweepConfig{Range: 1, Step: -1, Steps: huge} }, "1000000000 sources"},
		"layers":          {func(c *Config) { c.Detector.ThickUM, c.Detector.ThickSteps = 450, huge }, "1000000000 layers"},
		"domains":         {func(c *Config) { c.Crystal.MosaicDeg, c.Crystal.Domains = 1, huge }, "1000000000 mosaic domains"},
		"phi steps":       {func(c *Config) { c.Rotation.OscDeg, c.Rotation.Phisteps = 1, huge }, "1000000000 phi steps"},
		"oversample":      {func(c *Config) { c.Sampling.Oversample = huge }, "1000000000^2 subpixels"},
		"detector":        {func(c *Config) { c.Detector.PixelsFast, c.Detector.PixelsSlow = huge, huge }, "too large"},
	} {
		config := base()
		c.change(&config)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := Prepare(config)
		runtime.ReadMemStats(&after)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: the error is %v, want one with %q", name, err, c.want)
		}
		if took := (after.TotalAlloc - before.TotalAlloc) >> 20; took > 400 {
			t.Errorf("%s: %d MB were allocated", name, took)
		}
	}
}

// The sum of solid angles has the same bits whether rows are cut or not.
func TestOmegaSumOfParts(t *testing.T) {
	c := base()
	c.Detector.PixelsFast, c.Detector.PixelsSlow = 300, 5
	c.Sampling.Oversample, c.Sampling.OversampleOmega = 3, true
	c.Sampling.Mask = make([]uint16, 1500)
	for i := range c.Sampling.Mask {
		c.Sampling.Mask[i] = uint16(i % 7)
	}
	e := mustPrepare(t, c)
	want := e.OmegaSum()
	defer func(old int) { omegaRoom = old }(omegaRoom)
	for _, omegaRoom = range []int{1, 9, 100, 9 * 299, 9 * 300} {
		if got := e.OmegaSum(); got != want {
			t.Errorf("%.17g in parts of %d samples, %.17g in rows", got, omegaRoom, want)
		}
	}
}
