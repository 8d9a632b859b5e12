package planted

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"simtrace/internal/record"
	"simtrace/internal/testkit"
	"simtrace/pkg/parity"
	"simtrace/pkg/sim"
	"simtrace/pkg/trace/schema"
)

// strange are faults that no rule knows: a name for one of them would be a guess
// dressed as a finding. What may be said is that a log contradicts itself.
func strange() []fault {
	turn := func(v vec, angle float64) vec {
		s, c := math.Sincos(angle)
		return vec{c*v[0] - s*v[1], s*v[0] + c*v[1], v[2]}
	}
	cell := func(change func(i int, v vec) vec) func(*port) {
		return fromStar(func(s [3]vec) [3]vec { return [3]vec{change(0, s[0]), change(1, s[1]), change(2, s[2])} })
	}
	return []fault{
		{name: "origin moved along f", plant: hooks(schema.Pix0Vector, shift(3.7e-5, 0, 0))},
		{name: "origin moved along f and s", plant: hooks(schema.Pix0Vector, shift(1.9e-4, -3.3e-4, 0))},
		{name: "origin moved along the normal", plant: hooks(schema.Pix0Vector, shift(0, 0, 1.23e-4))},
		{name: "origin moved along all", plant: hooks(schema.Pix0Vector, shift(2.1e-4, 7.7e-5, -5.1e-4))},
		{name: "origin scaled", plant: hooks(schema.Pix0Vector, scaleBy(1.0007))},
		{name: "two pixels off", plant: hooks(schema.PixelPos, func(p *port, at sim.Step, v []float64) { shift(2*p.e.Geometry.PixelSize, 0, 0)(p, at, v) })},
		{name: "cell turned", want: "rotation metric-duality", in: nearest, plant: cell(func(_ int, v vec) vec { return turn(v, 0.01) })},
		{name: "cell turned far", want: "rotation metric-duality", in: nearest, plant: cell(func(_ int, v vec) vec { return turn(v, 1.3) })},
		{name: "b* alone longer", in: nearest, plant: cell(func(i int, v vec) vec { return times(v, 1+0.003*float64(i%2)) })},
		{name: "a* sheared", in: nearest, plant: cell(func(i int, v vec) vec {
			if i == 0 {
				v[2] += 1e-4
			}
			return v
		})},
		{name: "wavelength", config: func(c *sim.Config) { c.Beam.LambdaA *= 1.0031 }},
		{name: "sum by 1.37", plant: hooks(schema.IBeforeScaling, scaleBy(1.37)), in: func(c *sim.Config) bool { return !hasMosaic(c) }},
		{name: "intensity by 0.81", plant: hooks(schema.IPixelFinal, scaleBy(0.81))},
		{name: "solid angle by 1.002", plant: hooks(schema.OmegaSample, scaleBy(1.002))},
		{name: "capture fraction", plant: hooks(schema.CaptureFraction, scaleBy(0.977))},
		{name: "polar by 1.01", plant: hooks(schema.Polar, scaleBy(1.01))},
		{name: "F_latt_a with one cell more", plant: func(p *port) { c := p.e.Crystal.Cells; p.count = [3]float64{c[0] + 1, c[1], c[2]} }},
		{name: "phi step by 1.1", in: scans, config: func(c *sim.Config) { c.Rotation.OscDeg *= 1.1 }},
		{name: "phi starts elsewhere", want: "rotation", in: scans, config: func(c *sim.Config) { c.Rotation.PhiDeg += 0.0123 }},
		{name: "detector turned", in: isTilted, config: func(c *sim.Config) { c.Detector.RotDeg[1] += 0.4 }},
		{name: "another misset", want: "rotation", in: func(c *sim.Config) bool { return hasMisset(c) && nearest(c) }, config: func(c *sim.Config) {
			m := *c.Crystal.Misset
			m[1] += 2
			c.Crystal.Misset = &m
		}},
		{name: "beam centre moved", config: func(c *sim.Config) { c.Detector.Xbeam += 0.37 }},
		{name: "distance", config: func(c *sim.Config) { c.Detector.DistanceMM *= 1.004 }},
	}
}

// A name for any of them, in either order of the sides, is one too many; a turned
// crystal may be called that.
func TestUnknownFaultsGetNoName(t *testing.T) {
	testkit.NotUnderRace(t)
	claims, total := 0, 0
	var table strings.Builder
	for _, f := range strange() {
		shows := false
		for _, s := range settings(t) {
			if c := s.config; !f.applies(&c) {
				continue
			}
			for _, d := range []record.Dialect{record.C, record.Py} {
				ref, got := f.got(t, s, d)
				for _, logs := range [][2]string{{ref, got}, {got, ref}} {
					r := compareLogs(t, logs[0], logs[1], parity.DefaultTolerance)
					if r.Verdict == parity.Match {
						continue
					}
					shows = true
					total++
					for _, c := range r.Causes {
						if c.ID != "self-inconsistent" && !strings.Contains(f.want, c.ID) {
							claims++
							fmt.Fprintf(&table, "%-30s %-13s %-3s %s: %s\n", f.name, s.name, d, c.ID, c.Title)
						}
					}
				}
			}
		}
		if !shows {
			t.Errorf("%s shows in no configuration: it tests nothing", f.name)
		}
	}
	t.Logf("%d pairs with faults that no rule knows, %d false names", total, claims)
	if claims > 0 || total < 100 {
		t.Errorf("%d of %d pairs are given a cause that was not planted:\n%s", claims, total, table.String())
	}
}

// A latch needs several samples, and a port that prints both structure factors.
func TestLatchIsNamed(t *testing.T) {
	c := interpolated()
	c.Sampling.Oversample = 2
	clean := trace1(t, c, sim.Pixel{Slow: 39, Fast: 17})
	latched := trace1(t, c, sim.Pixel{Slow: 39, Fast: 17})
	p := &port{e: latched.e, hooks: map[schema.Key]hook{
		schema.FCell: func(p *port, at sim.Step, v []float64) {
			if h := p.vec(schema.HKLRounded); at.Sub >= 2 {
				v[0] = p.e.Config.Crystal.F.At(int(h[0]), int(h[1]), int(h[2]))
			}
		},
	}}
	latched.samples = p.derive(latched.samples)
	ref := latched.log(t, printed{dialect: record.C, setup: true})
	got := clean.log(t, printed{dialect: record.Py})
	r := compareLogs(t, ref, got, parity.DefaultTolerance)
	if named(r) != "interpolation-latch" {
		t.Errorf("%s, %q: %+v", r.Verdict, all(r), r.RuledOut)
	}
}

// A share is checked against the intensities where one fault is planted.
func TestSharesAreThoseOfTheIntensity(t *testing.T) {
	testkit.NotUnderRace(t)
	checked := 0
	for _, f := range faults() {
		for _, s := range settings(t) {
			if c := s.config; !f.applies(&c) || f.want == "truncated" || f.want == "missing-record" {
				continue
			}
			ref, got := f.got(t, s, record.C)
			r := compareLogs(t, ref, got, f.tolerance)
			if len(r.Causes) != 1 || r.Causes[0].Share == nil {
				continue
			}
			for i := range r.Rows {
				row := &r.Rows[i]
				if row.Key != schema.IPixelFinal || !row.Compared() {
					continue
				}
				a, b := row.Ref.Values[0].Num, row.Got.Values[0].Num
				want := (b - a) / a
				checked++
				// Nine digits: a share may be the product of printed ratios.
				if have := r.Causes[0].Share.Value; math.Abs(have-want) > 1e-9*math.Max(1, math.Abs(want)) {
					t.Errorf("%s, %s: %s has the share %.9g, the intensity changes by %.9g (%s)", f.name, s.name, r.Causes[0].ID, have, want, r.Causes[0].Share.How)
				}
			}
		}
	}
	if checked < 100 {
		t.Errorf("only %d shares checked", checked)
	}
}
