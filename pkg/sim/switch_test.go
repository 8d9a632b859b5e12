package sim

import (
	"context"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestSwitches: every setting can be set and read back, changes nothing but
// itself, and is told by Changes.
func TestSwitches(t *testing.T) {
	for _, name := range ProfileNames() {
		p, err := ProfileByName(name)
		if err != nil {
			t.Fatal(err)
		}
		if p.Changes() != nil || p.String() != name || p.Title() == "" {
			t.Errorf("%s: changes %v, text %q, title %q", name, p.Changes(), p, p.Title())
		}
		for _, s := range Switches() {
			for _, v := range s.ValueNames() {
				q := p
				if err := q.Set(s.Name, v); err != nil {
					t.Fatal(err)
				}
				if got := s.Get(q); got != v {
					t.Errorf("%s: %s set to %s is %s", name, s.Name, v, got)
				}
				want := ""
				if v != s.Get(p) {
					want = s.Name + "=" + v
				}
				if got := strings.Join(q.Changes(), " "); got != want {
					t.Errorf("%s with %s=%s: changes are %q", name, s.Name, v, got)
				}
			}
		}
	}
}

func TestSwitchErrors(t *testing.T) {
	p := ProfileSpec
	err := p.Set("phi-nought", "carry")
	if err == nil || !strings.Contains(err.Error(), `unknown switch "phi-nought" (known: flags, `) {
		t.Errorf("unknown name: %v", err)
	}
	err = p.Set("phi-zero", "never")
	if err == nil || !strings.Contains(err.Error(), `no value "never" (known: fresh, carry)`) {
		t.Errorf("unknown value: %v", err)
	}
	if p != ProfileSpec {
		t.Error("a failed Set changed the profile")
	}
}

// switchCases are experiments in which a switch must show; any two of its settings
// have to differ in one of them.
var switchCases = map[string][]func(c *Config){
	"dials-axes": {func(c *Config) { c.Detector.Convention = Dials }},
	"orgx":       {func(c *Config) { c.Detector.Convention, c.Detector.ORGX, c.Detector.ORGY = XDS, 10, 10 }},
	"odet": {
		func(c *Config) { askew(c); c.Detector.Odet = Vec3{1, 0.02, 0} },
		func(c *Config) { askew(c); c.Detector.Odet = Vec3{-1, 0.02, 0} },
	},
	"setup":          {func(c *Config) { c.Detector.RotDeg = [3]float64{5, 3, 2} }},
	"close":          {func(c *Config) { c.Detector.Convention, c.Detector.TwothetaDeg = XDS, 5 }},
	"source-lambda":  {func(c *Config) { c.Beam.Sources = twoSources(); c.Beam.Sources[1].LambdaM = 1.1e-10 }},
	"layer-sum":      {func(c *Config) { thick(c); c.Detector.ThickSteps = 3 }},
	"vectors":        {askew},
	"detector-order": {func(c *Config) { c.Detector.RotDeg = [3]float64{5, 3, 2} }},
	"absorption":     {func(c *Config) { c.Detector.ThickUM = 300 }},
	"misset-order":   {func(c *Config) { c.Crystal.Misset = &[3]float64{10, 20, 30} }},
	"mosaic-0":       {func(*Config) {}},
	"mosaic-draws":   {func(*Config) {}},
	"phi-zero":       {func(*Config) {}},
	"cell-count":     {func(c *Config) { c.Crystal.SizeMM = [3]float64{30e-6, 25e-6, 20e-6} }},
	"miller":         {func(c *Config) { c.Crystal.Cells = [3]float64{50, 60, 70} }},
	"crystal-shape":  {func(*Config) {}},
	"layer-pitch":    {func(c *Config) { thick(c); c.Detector.ThickSteps = 3 }},
	"gauss-radius":   {func(c *Config) { c.Crystal.Shape = Gauss }},
	"interp-oob":     {outOfSomeRange},
	"F000":           {aroundTheBeam, func(c *Config) { aroundTheBeam(c); c.Crystal.F = nil }},
	"F-beyond":       {aroundTheBeam},
	"hkl-count":      {func(c *Config) { aroundTheBeam(c); c.Crystal.F.Count = 1 << 16 }},
	"steps":          {func(c *Config) { c.Beam.Sources, c.Detector.ThickUM = twoSources(), 300 }},
	"source-weight": {func(c *Config) {
		c.Profile.Steps, c.Beam.Sources = StepsWeighed, twoSources()
		c.Beam.Sources[0].Weight = math.NaN()
	}},
	"layers":     {func(c *Config) { thick(c); c.Profile.CaptureKeep = KeepEvery }},
	"water":      {func(c *Config) { thick(c); c.Beam.WaterUM, c.Profile.CaptureKeep = 100, KeepEvery }},
	"sums":       {func(*Config) {}},
	"capture":    {func(c *Config) { thick(c); c.Sampling.Oversample = 2 }},
	"polar":      {polarised, func(c *Config) { polarised(c); c.Crystal.Shape = Tophat }, allCut},
	"directions": {func(c *Config) { c.Beam.Sources = twoSources() }},
	"omega":      {func(c *Config) { c.Sampling.Oversample = 3 }},
	"products":   {polarised},
}

func thick(c *Config) { c.Detector.ThickUM, c.Detector.AbsorbUM = 300, 200 }

func polarised(c *Config) { c.Beam.Polarization, c.Sampling.Oversample = 0.9, 3 }

// allCut leaves nothing in the far pixels but water.
func allCut(c *Config) {
	polarised(c)
	c.Crystal.DminA, c.Beam.WaterUM = 200, 100
}

// aroundTheBeam has few reflections, among them 0 0 0, and pixels beyond them.
func aroundTheBeam(c *Config) {
	outOfSomeRange(c)
	c.Crystal.Interpolate = InterpolateOff
	c.Detector.Xbeam, c.Detector.Ybeam = math.NaN(), math.NaN()
}

// askew gives vectors that are not quite of length 1.
func askew(c *Config) {
	d := &c.Detector
	d.Convention, d.Pivot = Custom, PivotSample
	d.Xbeam, d.Ybeam = d.Ybeam, d.Xbeam
	d.Fdet, d.Sdet, d.Beam = Vec3{0, 0, 1.01}, Vec3{0, -1, 0.01}, Vec3{1.001, 0, 0}
}

func twoSources() []Source {
	return []Source{{Vec3{-10, 0.02, 0}, 1.7, 1e-10}, {Vec3{-10, -0.03, 0.01}, 0.4, 1e-10}}
}

// outOfSomeRange interpolates in a grid that some samples leave, and whose
// nearest F differs from default_F.
func outOfSomeRange(c *Config) {
	c.Detector.DistanceMM, c.Detector.Xbeam, c.Detector.Ybeam = 20, 0, 0 // the first pixels are in range
	g, err := NewFGrid([3]int{-4, -4, -4}, [3]int{4, 4, 4}, 0)
	if err != nil {
		panic(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	g.setAll(func(int) float64 { return 50 + 100*r.Float64() })
	c.Crystal.F, c.Crystal.Interpolate = g, InterpolateOn
}

// TestEverySwitchShows: any two settings of each switch that concerns the image make
// different ones.
func TestEverySwitchShows(t *testing.T) {
	for _, s := range Switches() {
		switch s.Name {
		case "flags", "comments", "stops", "traced":
			continue // these concern the reading of flags and files, what is not computed, and traces alone
		}
		if switchCases[s.Name] == nil {
			t.Errorf("no case for switch %s", s.Name)
		}
		same := map[[2]string]int{}
		for _, prepare := range switchCases[s.Name] {
			prints := map[string]uint64{}
			for _, v := range s.ValueNames() {
				c := base()
				c.Crystal.F = nil
				prepare(&c)
				if err := c.Profile.Set(s.Name, v); err != nil {
					t.Fatal(err)
				}
				prints[v] = fingerprint(t, mustPrepare(t, c))
			}
			for a, x := range prints {
				for b, y := range prints {
					if a < b && x == y {
						same[[2]string{a, b}]++
					}
				}
			}
		}
		for pair, n := range same {
			if n == len(switchCases[s.Name]) {
				t.Errorf("%s: %s and %s give the same images", s.Name, pair[0], pair[1])
			}
		}
	}
}

// fingerprint is one of the pixels before they are rounded to float32.
func fingerprint(t *testing.T, e *Experiment) uint64 {
	h := uint64(14695981039346656037)
	for slow := range e.Geometry.Slow {
		for fast := range e.Geometry.Fast {
			v, err := e.Trace(context.Background(), Pixel{slow, fast}, nil)
			if err != nil {
				t.Fatal(err)
			}
			h = (h ^ math.Float64bits(v)) * 1099511628211
		}
	}
	return h
}

// TestStops: where a program stops, so does its profile, with what it stops at; a
// profile that does not stop computes the same.
func TestStops(t *testing.T) {
	for _, v := range []struct {
		stops  Stops
		change func(c *Config)
		want   string
	}{
		{StopsBl831CUDA, func(c *Config) { c.Crystal.Shape = Gauss }, "-gauss_xtal"},
		{StopsBl831CUDA, func(c *Config) { c.Crystal.Shape = Tophat }, "-tophat_spots"},
		{StopsBl831CUDA, func(c *Config) { c.Crystal.Fudge = 2 }, "-fudge"},
		{StopsBl831CUDA, func(c *Config) { c.Crystal.Interpolate = InterpolateOn }, "-interpolate"},
		{StopsCurved, func(c *Config) { c.Detector.Curved = true }, "-curved_det"},
	} {
		c := base()
		v.change(&c)
		mustPrepare(t, c)
		c.Profile.Stops = v.stops
		if _, err := Prepare(c); err == nil || !strings.Contains(err.Error(), v.want) {
			t.Errorf("%s: error is %v", v.want, err)
		}
	}
}

// TestIdleSwitches: with one subpixel, one layer, one source, no crossing of
// phi = 0, a square crystal and a list that has all reflections and no F of 0 0 0, no profile differs from another but by the
// rounding of its products.
func TestIdleSwitches(t *testing.T) {
	c := base()
	c.Crystal.MosaicDeg, c.Crystal.Domains = -1, -1
	c.Rotation.PhiDeg, c.Sampling.Oversample = 1, 1
	var err error
	if c.Crystal.F, err = NewFGrid([3]int{-40, -40, -40}, [3]int{40, 40, 40}, 100); err != nil {
		t.Fatal(err)
	}
	c.Crystal.F.Count = 1
	c.Crystal.F.Set(0, 0, 0, 0)
	want := render(t, mustPrepare(t, c), Options{})
	for _, name := range ProfileNames() {
		if c.Profile, _ = ProfileByName(name); c.Profile.AlwaysGauss {
			continue
		}
		c.Profile.Setup = SetupDouble
		got := render(t, mustPrepare(t, c), Options{})
		for i := range want {
			// A few roundings at 2^-53, then one to float32.
			if math.Abs(float64(got[i])-float64(want[i])) > 1.2e-7*math.Abs(float64(want[i])) {
				t.Fatalf("%s: pixel %d is %v, in the specification %v", name, i, got[i], want[i])
			}
		}
	}
}

// TestEveryIsAMean: with every sample multiplied by its own solid angle, the
// pixel is the mean of its subpixels, each rendered as a pixel of its own.
func TestEveryIsAMean(t *testing.T) {
	c := base()
	c.Beam.NoPolar = true
	c.Crystal.MosaicDeg, c.Crystal.Domains = -1, -1
	c.Detector.DistanceMM, c.Detector.PointPixel = 30, true
	c.Profile.OmegaKeep = KeepEvery
	coarse := render(t, mustPrepare(t, c), Options{})
	n := c.Sampling.Oversample
	c.Sampling.Oversample = 1
	c.Detector.PixelMM /= float64(n)
	c.Detector.Xbeam, c.Detector.Ybeam = mosflmCentre(t, c, n)
	c.Detector.PixelsFast, c.Detector.PixelsSlow = n*c.Detector.PixelsFast, n*c.Detector.PixelsSlow
	fine := mustPrepare(t, c)
	image := render(t, fine, Options{})
	for s := range fine.Geometry.Slow / n {
		for f := range fine.Geometry.Fast / n {
			sum := 0.0
			for i := range n * n {
				sum += float64(image[(n*s+i/n)*fine.Geometry.Fast+n*f+i%n])
			}
			got, want := float64(coarse[s*fine.Geometry.Fast/n+f]), sum/float64(n*n)
			// float32 pixels, and a sine ratio near its zero magnifies the
			// last bits of the position: 1e-4 leaves room for that.
			if math.Abs(got-want) > 1e-4*want {
				t.Fatalf("pixel %d %d is %v, the mean of its subpixels %v", s, f, got, want)
			}
		}
	}
}

// mosflmCentre is the beam centre in mm that leaves the origin where it was
// when pixels become n times smaller: Mosflm adds half a pixel.
func mosflmCentre(t *testing.T, c Config, n int) (x, y float64) {
	big := c
	big.Detector.PixelMM *= float64(n)
	g := mustPrepare(t, big).Geometry
	return (g.Setup.Sbeam - g.PixelSize/2/float64(n)) * 1000, (g.Setup.Fbeam - g.PixelSize/2/float64(n)) * 1000
}

// TestWeights: weights that sum to one, without the sources in the steps, are a
// weighted mean of the images of single sources.
func TestWeights(t *testing.T) {
	c := base()
	c.Beam.NoPolar = true
	c.Profile.Steps = StepsWeighed
	c.Beam.Sources = twoSources()
	both := render(t, mustPrepare(t, c), Options{})
	var one [2][]float32
	for i, s := range twoSources() {
		s.Weight = 1
		c.Beam.Sources = []Source{s}
		one[i] = render(t, mustPrepare(t, c), Options{})
	}
	for i := range both {
		want := 1.7*float64(one[0][i]) + 0.4*float64(one[1][i])
		if math.Abs(float64(both[i])-want) > 3e-7*want { // three float32 roundings
			t.Fatalf("pixel %d is %v, the weighted sum of two single sources %v", i, both[i], want)
		}
	}
}
