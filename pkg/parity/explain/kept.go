package explain

import (
	"fmt"
	"math"

	"simtrace/pkg/trace/schema"
)

var omegaLast = Rule{
	ID:    "omega-last",
	Title: "another sample's solid angle kept for the pixel",
	Text: `Without -oversample_omega the pixel's omega is the first sample's in the reference, and the last one's in ports that
overwrite it.

How it shows: omega_pixel_sr agrees for all samples; omega_pixel is one of them on each side, and not the same one.

How to check: trace with one subpixel; the difference goes.`,
	Example: `c.log:   omega_pixel_sr 3.9021e-06, 3.9020e-06, ...    omega_pixel 3.9021e-06 (the first)
py.log:  omega_pixel_sr 3.9021e-06, 3.9020e-06, ...    omega_pixel 3.9016e-06 (the last)`,
	Find: findOmegaLast,
}

var captureKept = Rule{
	ID:    "capture",
	Title: "another detector layer's capture fraction kept",
	Text: `Without -oversample_thick the pixel's capture fraction is the last layer's in the reference. A port that keeps the
first layer's, or another's, has a larger one.

How it shows: capture_fraction has the ratio of two layers' fractions: what a layer leaves through is the same factor
for each, and both numbers follow from one such factor.

How to check: trace with one layer (-detector_thicksteps 1); the difference goes.`,
	Example: `c.log:   TRACE_C: capture_fraction 0.0639     (the last of 5 layers)
py.log:  TRACE_PY: capture_fraction 0.3297     (the first)`,
	Find: findCapture,
}

func findOmegaLast(c *Context) ([]Cause, string) {
	rows := c.open(schema.OmegaPixel)
	if len(rows) == 0 {
		return nil, "omega_pixel is no root"
	}
	ref, ok1 := whichSample(c.Ref)
	got, ok2 := whichSample(c.Got)
	if !c.agrees(schema.OmegaSample) || !ok1 || !ok2 || ref == got {
		return nil, "omega_pixel is not, on each side, another one of the samples' omega_pixel_sr"
	}
	cause := Cause{
		Role: IsCause, Confidence: confidence(2), order: schema.OmegaPixel, Explains: rows,
		Title: fmt.Sprintf("got keeps the solid angle of sample %d, the reference that of sample %d", got, ref),
		Evidence: []string{show(rows[0]) + ".", fmt.Sprintf("omega_pixel_sr agrees for all samples; that of sample %d is at %s in the reference, that of sample %d at %s in got.",
			ref, c.Ref.All(schema.OmegaSample)[ref].Pos, got, c.Got.All(schema.OmegaSample)[got].Pos)},
		Findings: []Finding{finding(rows[0], "another sample's")},
	}
	if r, ok := rowRatio(rows[0]); ok {
		cause.Share = ratioShare(r, "the ratio of omega_pixel")
	}
	return []Cause{cause}, ""
}

// whichSample returns the one sample whose solid angle the pixel has.
func whichSample(s *Side) (int, bool) {
	v, _, ok := s.Num(schema.OmegaPixel)
	found, at := 0, 0
	for i, r := range s.All(schema.OmegaSample) {
		if x, has := num(r); has && math.Abs(x-v) <= 1e-13*math.Abs(v) {
			found++
			at = i
		}
	}
	return at, ok && found == 1
}

func findCapture(c *Context) ([]Cause, string) {
	rows := c.open(schema.CaptureFraction)
	if len(rows) == 0 {
		return nil, "capture_fraction is no root"
	}
	ref, _, ok1 := c.Ref.Num(schema.CaptureFraction)
	got, _, ok2 := c.Got.Num(schema.CaptureFraction)
	blocks := len(c.Ref.All(schema.PixelPos))
	if !ok1 || !ok2 || !(ref > 0 && ref < 1 && got > 0 && got < 1) || blocks < 2 {
		return nil, "the capture fractions are not between 0 and 1, or there is one layer only"
	}
	low, high := math.Min(ref, got), math.Max(ref, got)
	for layers := 2; layers <= blocks; layers++ {
		if blocks%layers != 0 {
			continue
		}
		for ahead := 1; ahead < layers; ahead++ {
			// Layer t takes (1 - x) x^t: the ratio of two is a power of x, and
			// x has to give the number of the last one too.
			x := math.Pow(low/high, 1/float64(ahead))
			if meets(low, (1-x)*math.Pow(x, float64(layers-1))) {
				return []Cause{{
					Role: IsCause, Confidence: confidence(1), order: schema.CaptureFraction, Explains: rows,
					Title: fmt.Sprintf("one side keeps the capture fraction of the last of %d layers, the other that of layer %d", layers, layers-1-ahead),
					Evidence: []string{show(rows[0]) + ".", fmt.Sprintf("A layer lets through %.9g: then the last of %d layers takes %.9g and layer %d takes %.9g.",
						x, layers, low, layers-1-ahead, high)},
					Findings: []Finding{finding(rows[0], "another layer's")},
					Share:    ratioShare(got/ref, "the ratio of the capture fractions"),
				}}, ""
			}
		}
	}
	return nil, "the capture fractions are not those of two layers"
}
