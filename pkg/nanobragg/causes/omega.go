package causes

import (
	"fmt"

	"simtrace/pkg/trace/schema"
)

// inclination is what a log's solid angle is made of, of its first sample.
type inclination struct {
	side                  *Side
	omega, r, close, area float64 // area is omega R^3/close
	row                   schema.Key
}

func inclinationOf(s *Side) (i inclination, ok bool) {
	v, ok := nums(s, schema.RDistance, schema.CloseDistance)
	i.side, i.row = s, schema.OmegaSample
	rec := s.Rec(schema.OmegaSample)
	if rec == nil {
		rec, i.row = s.Rec(schema.OmegaPixel), schema.OmegaPixel
	}
	var ok2 bool
	if i.omega, ok2 = num(rec); !ok || !ok2 || v[1] == 0 || i.omega == 0 {
		return i, false
	}
	i.r, i.close = v[0], v[1]
	i.area = i.omega * i.r * i.r * i.r / i.close
	return i, true
}

// omegaFactors are by what a wrong solid angle is out.
var omegaFactors = []struct {
	rule, says string
	of         func(c *Context, i inclination) float64
}{
	{"obliquity", "without the obliquity, close_distance/R", func(_ *Context, i inclination) float64 { return i.r / i.close }},
	{"obliquity", "with the obliquity, close_distance/R, twice", func(_ *Context, i inclination) float64 { return i.close / i.r }},
	{"solid-angle", "with the distance for the distance of closest approach", func(c *Context, i inclination) float64 {
		d, _ := either(c, schema.Distance)
		return d / i.close
	}},
	{"solid-angle", "with the distance along the beam for the distance of closest approach", func(c *Context, i inclination) float64 {
		d, _ := set(c, i.side, "distance")
		return d / i.close
	}},
	{"solid-angle", "with the area of a subpixel for that of the pixel", func(c *Context, i inclination) float64 {
		n, _ := set(c, i.side, "oversample")
		return 1 / (n * n)
	}},
	{"solid-angle", "for a point, 1/R^2, without area and obliquity", func(c *Context, i inclination) float64 {
		px := pixelSize(c)
		return i.r / i.close / (px * px)
	}},
}

// byOmega looks for the one factor by which the two areas, omega R^3/close, are apart. Places
// that differ by another cause do not matter.
func byOmega(c *Context, rule string) ([]Cause, string) {
	ref, ok1 := inclinationOf(c.Ref)
	got, ok2 := inclinationOf(c.Got)
	switch {
	case !ok1 || !ok2 || ref.row != got.row:
		return nil, notPrinted(schema.OmegaSample, schema.RDistance, schema.CloseDistance)
	case !c.Differs(ref.row):
		return nil, ref.row.String() + " agrees"
	case closeTo(ref.area, got.area, fingerprint):
		return nil, "omega_pixel_sr R^3/close_distance, the pixel's area, agrees"
	}
	for _, f := range omegaFactors {
		for i, p := range [2][2]inclination{{got, ref}, {ref, got}} {
			bad, good := p[0], p[1]
			want := f.of(c, bad)
			within := fingerprint
			if f.rule == "solid-angle" {
				within = 1e-5 // settings are printed with six digits
			}
			if f.rule != rule || !finite(want) || closeTo(want, 1, 10*within) || !closeTo(bad.area/good.area, want, within) {
				continue
			}
			// Which of the two is wrong the pixel's size tells, where it is printed.
			if px := pixelSize(c); px > 0 && i == 0 && closeTo(bad.area, px*px, 1e-5) {
				continue
			}
			cause := one(c.Open(ref.row), fmt.Sprintf("the solid angle of %s is made %s", bad.side.Name, f.says),
				[]string{fmt.Sprintf("%s R^3/close_distance, the pixel's area, is out by %.12g; %s that makes %.12g", bad.row, bad.area/good.area, f.says, want)},
				fmt.Sprintf("%s is %.9g in the reference and %.9g in got.", ref.row, ref.omega, got.omega))
			cause[0].Order = ref.row
			if c.Agrees(schema.RDistance, schema.CloseDistance) {
				cause[0].Share = times(got.omega/ref.omega, "the ratio of the first sample's solid angles")
			}
			return cause, ""
		}
	}
	return nil, fmt.Sprintf("omega_pixel_sr R^3/close_distance, the pixel's area, has the ratio %.9g", got.area/ref.area)
}
