package causes

import (
	"fmt"
	"math"
	"slices"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace/schema"
)

// inclination is what a log's solid angle is made of, of its first sample.
type inclination struct {
	side                  *Side
	omega, r, close, area float64 // area is omega R^3/close
	row                   schema.Key
}

func inclinationOf(s *Side) (i inclination, ok bool) {
	i.side, i.row, i.r, i.close = s, schema.OmegaSample, val(s, schema.RDistance), val(s, schema.CloseDistance)
	if s.Rec(i.row) == nil {
		i.row = schema.OmegaPixel
	}
	i.omega = num(s.Rec(i.row))
	i.area = i.omega * i.r * i.r * i.r / i.close
	return i, finite(i.area) && i.area != 0
}

// omegaFactors are by what a wrong solid angle is out.
var omegaFactors = []struct {
	rule, says string
	within     float64
	of         func(c *Context, i inclination) float64
}{
	{"obliquity", "without the obliquity, close_distance/R", fingerprint, func(_ *Context, i inclination) float64 { return i.r / i.close }},
	{"obliquity", "with the obliquity, close_distance/R, twice", fingerprint, func(_ *Context, i inclination) float64 { return i.close / i.r }},
	{"solid-angle", "with the distance for the distance of closest approach", sixDigits, func(c *Context, i inclination) float64 {
		return either(num(c.Ref.Rec(schema.Distance)), num(c.Got.Rec(schema.Distance))) / i.close
	}},
	{"solid-angle", "with the distance along the beam for the distance of closest approach", sixDigits, func(c *Context, i inclination) float64 {
		return set(c, i.side, "distance") / i.close
	}},
	{"solid-angle", "with the area of a subpixel for that of the pixel", sixDigits, func(c *Context, i inclination) float64 {
		return math.Pow(set(c, i.side, "oversample"), -2)
	}},
	{"solid-angle", "for a point, 1/R^2, without area and obliquity", sixDigits, func(c *Context, i inclination) float64 {
		px := pixelSize(c)
		return i.r / i.close / (px * px)
	}},
}

// sixDigits is how closely what was made with a setting meets what is made with it as it is printed.
const sixDigits = 1e-5

// byOmega looks for the one factor by which the two areas, omega R^3/close, are apart. Places
// that differ by another cause do not matter.
func byOmega(rule string) finder {
	return func(c *Context, _ []*diff.Row) ([]Cause, string) {
		ref, got, ok := both(c, inclinationOf)
		switch {
		case !ok || ref.row != got.row:
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
				if f.rule != rule || !finite(want) || closeTo(want, 1, 10*f.within) || !closeTo(bad.area/good.area, want, f.within) {
					continue
				}
				// Which of the two is wrong the pixel's size tells, where it is printed.
				if px := pixelSize(c); px > 0 && i == 0 && closeTo(bad.area, px*px, 1e-5) {
					continue
				}
				cause := one(c.Open(ref.row), fmt.Sprintf("the solid angle of %s is made %s", bad.side.Name, f.says),
					[]string{fmt.Sprintf("%s R^3/close_distance, the pixel's area, is out by %.12g; %s that makes %.12g", bad.row, bad.area/good.area, f.says, want)},
					fmt.Sprintf("%s is %.9g in the reference and %.9g in got.", ref.row, ref.omega, got.omega)).enters(ref.row)
				if c.Agrees(schema.RDistance, schema.CloseDistance) {
					cause.times(got.omega/ref.omega, "the ratio of the first sample's solid angles")
				}
				return cause, ""
			}
		}
		return nil, fmt.Sprintf("omega_pixel_sr R^3/close_distance, the pixel's area, has the ratio %.9g", got.area/ref.area)
	}
}

func findOmegaLast(c *Context, _ []*diff.Row) ([]Cause, string) {
	if found := omegaOverwritten(c); found != nil {
		return found, ""
	}
	rows := c.Open(schema.OmegaPixel)
	if len(rows) == 0 {
		return nil, noRoot(schema.OmegaPixel)
	}
	ref, got, ok := both(c, whichSample)
	if !c.Agrees(schema.OmegaSample) || !ok || ref == got {
		return nil, "omega_pixel is not, on each side, another one of the samples' omega_pixel_sr"
	}
	cause := shown(rows, fmt.Sprintf("got keeps the solid angle of sample %d, the reference that of sample %d", got, ref),
		"omega_pixel_sr agrees for all samples", fmt.Sprintf("that of sample %d is at %s in the reference, that of sample %d at %s in got",
			ref, c.Ref.All(schema.OmegaSample)[ref].Pos(), got, c.Got.All(schema.OmegaSample)[got].Pos()))
	if r, ok := rowRatio(rows[0]); ok {
		cause.times(r, "the ratio of omega_pixel")
	}
	return cause, ""
}

// omegaOverwritten recognises the traces that print the kept value: the one side
// repeats sample 0's solid angle for all samples, the other has each sample's
// own, and its last one for the pixel.
func omegaOverwritten(c *Context) []Cause {
	for s, o := range pairs(c) {
		keeps, each := numsOf(s.All(schema.OmegaSample)), numsOf(o.All(schema.OmegaSample))
		n := len(keeps)
		a, b := val(s, schema.OmegaPixel), val(o, schema.OmegaPixel)
		if !c.Differs(schema.OmegaSample, schema.OmegaPixel) || n < 2 || len(each) != n || !repeated(keeps) || repeated(each) ||
			!meets(a, keeps[0]) || !meets(b, each[n-1]) || !ownOmegas(o, each) {
			continue
		}
		cause := one(c.Open(schema.OmegaSample, schema.OmegaPixel), o.Name+" computes each sample's solid angle and keeps the last, "+s.Name+" keeps the first",
			[]string{fmt.Sprintf("%s has %.12g for all %d samples (%s on); in %s it goes with 1/R^3 from sample to sample, and omega_pixel is the last, %.12g (%s)",
				s.Name, keeps[0], n, s.All(schema.OmegaSample)[0].Pos(), o.Name, b, pos(o, schema.OmegaPixel))}).enters(schema.OmegaPixel)
		ratio := b / a
		if s == c.Got {
			ratio = a / b
		}
		if meets(each[0], keeps[0]) { // else they differ for other reasons as well
			cause.times(ratio, "the ratio of omega_pixel")
		}
		return cause
	}
	return nil
}

// repeated reports whether all numbers are the same.
func repeated(v []float64) bool { return len(slices.Compact(slices.Clone(v))) == 1 }

// ownOmegas reports whether the solid angles go with 1/R^3, as those of one
// plane do. Layers lie at other distances of closest approach: 1 % is left for
// them.
func ownOmegas(s *Side, omega []float64) bool {
	rs := numsOf(s.All(schema.RDistance))
	if len(rs) != len(omega) {
		return false
	}
	for i := range omega {
		if math.Abs(omega[i]/omega[0]/math.Pow(rs[0]/rs[i], 3)-1) > 0.01 {
			return false
		}
	}
	return true
}

// whichSample returns the one sample whose solid angle the pixel has.
func whichSample(s *Side) (int, bool) {
	v := val(s, schema.OmegaPixel)
	found, at := 0, 0
	for i, r := range s.All(schema.OmegaSample) {
		if math.Abs(num(r)-v) <= 1e-13*math.Abs(v) {
			found++
			at = i
		}
	}
	return at, found == 1
}
