package planted

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"simtrace/internal/record"
	"simtrace/internal/testkit"
	"simtrace/pkg/parity"
	"simtrace/pkg/sim"
)

// drawn is a configuration that no rule was tuned on: crystal, detector, beam and
// scan are drawn at random.
func drawn(seed uint64) setting {
	rng := rand.New(rand.NewPCG(seed, 0x5eed))
	in := func(lo, hi float64) float64 { return lo + (hi-lo)*rng.Float64() }
	round := func(v float64, digits int) float64 { // as people type numbers
		var out float64
		fmt.Sscanf(fmt.Sprintf("%.*f", digits, v), "%g", &out)
		return out
	}
	c := base()
	cell := [6]float64{round(in(25, 120), 2), round(in(25, 120), 2), round(in(25, 120), 2), 90, 90, 90}
	switch rng.IntN(3) {
	case 0:
		cell[3], cell[4], cell[5] = round(in(70, 110), 1), round(in(70, 110), 1), round(in(70, 110), 1)
	case 1:
		cell[4] = round(in(91, 115), 1)
	}
	c.Crystal.Cell = &cell
	c.Crystal.Cells = [3]float64{float64(3 + rng.IntN(20)), float64(3 + rng.IntN(20)), float64(3 + rng.IntN(20))}
	c.Crystal.Misset = &[3]float64{round(in(0, 90), 1), round(in(0, 90), 1), round(in(0, 90), 1)}
	c.Beam.LambdaA = round(in(0.7, 1.8), 4)
	d := &c.Detector
	d.PixelsFast, d.PixelsSlow = 60+rng.IntN(200), 60+rng.IntN(200)
	d.PixelMM, d.DistanceMM = round(in(0.08, 0.6), 3), round(in(50, 250), 2)
	d.Xbeam, d.Ybeam = round(d.PixelMM*in(0.3, 0.7)*float64(d.PixelsFast), 3), round(d.PixelMM*in(0.3, 0.7)*float64(d.PixelsSlow), 3)
	if rng.IntN(3) == 0 {
		d.Convention, d.Pivot = sim.Custom, sim.PivotSample
		d.Beam, d.Fdet, d.Sdet, d.Odet = sim.Vec3{1, round(in(-0.03, 0.03), 3), 0.01}, sim.Vec3{0, 0, 1}, sim.Vec3{0, -1, 0}, sim.Vec3{1, 0, 0}
		d.RotDeg = [3]float64{round(in(-8, 8), 1), round(in(-8, 8), 1), round(in(-8, 8), 1)}
		d.TwothetaAxis = sim.Vec3{0, 0, -1}
	}
	c.Rotation.PhiDeg, c.Rotation.OscDeg, c.Rotation.Phisteps = round(in(0.1, 30), 2), round(in(0.2, 2), 2), 3+rng.IntN(8)
	if rng.IntN(4) == 0 {
		c.Sampling.Oversample = 2 + rng.IntN(2)
	}
	if rng.IntN(4) == 0 {
		c.Crystal.MosaicDeg, c.Crystal.Domains = round(in(0.1, 1), 2), 2+rng.IntN(4)
	}
	return setting{fmt.Sprintf("drawn %d", seed), c, sim.Pixel{Slow: rng.IntN(d.PixelsSlow), Fast: rng.IntN(d.PixelsFast)}}
}

// TestHeldOut asks for the faults in configurations that were drawn after the
// rules were written, and says how often the first-named cause is right. Clean
// pairs of them must have no cause. SIMTRACE_LONG takes ten times as many.
func TestHeldOut(t *testing.T) {
	testkit.NotUnderRace(t)
	n := &tally{shows: map[string]bool{}}
	count := uint64(3)
	if testkit.Long() {
		count = 30
	}
	for seed := range count {
		s := drawn(1000 + seed)
		for _, f := range faults() {
			if c := s.config; !f.applies(&c) {
				continue
			}
			n.sides(t, f, s)
		}
		clean := trace1(t, s.config, s.pixel)
		for _, dialect := range []record.Dialect{record.C, record.Py} {
			r := compareLogs(t, clean.log(t, printed{dialect: record.C, setup: true}), clean.log(t, printed{dialect: dialect}), parity.DefaultTolerance)
			if r.Verdict != parity.Match || all(r) != "" {
				t.Errorf("%s against itself: %s, %s", s.name, r.Verdict, all(r))
			}
		}
	}
	share := float64(n.right) / float64(n.total)
	t.Logf("\n%sheld out: %d of %d first-named causes are right, %.1f %%", n.table.String(), n.right, n.total, 100*share)
	if share < goal || n.total < 100 {
		t.Errorf("held out: %d of %d first-named causes are right, %.1f %%; the goal is %.0f %%", n.right, n.total, 100*share, 100*goal)
	}
}
