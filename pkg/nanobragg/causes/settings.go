package causes

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/parity/explain"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// settingGroup is settings of one matter, with the quantities that follow.
type settingGroup struct {
	names   []string
	follows []schema.Key
}

var detectorKeys = append([]schema.Key{
	schema.DetectorConvention, schema.AnglesRad, schema.BeamCenter, schema.ConventionMapping, schema.TwothetaAxis, schema.InitialFdet, schema.InitialSdet, schema.InitialOdet,
	schema.FdetAfterRotz, schema.SdetAfterRotz, schema.OdetAfterRotz, schema.FdetAfterTwotheta, schema.SdetAfterTwotheta, schema.OdetAfterTwotheta, schema.FdetVec, schema.SdetVec,
}, placeLines...)

var sourceKeys = []schema.Key{
	schema.IncidentVec, schema.LambdaMeters, schema.LambdaAngstroms, schema.ScatteringVec, schema.SourceDirection, schema.SourceLambda, schema.SourceWeight, schema.SourceFLatt,
	schema.SourceFCell, schema.SourcePolar, schema.SourceIndex, schema.SourceCos2Theta, schema.Steps, schema.Polar, schema.Cos2Theta,
}

var settingGroups = []settingGroup{
	{[]string{"sources", "wavelength", "dispersion", "dispersion steps", "horizontal divergence", "horizontal divergence step", "vertical divergence", "vertical divergence step", "divergence steps", "source "}, append(append(sourceKeys, sumKeys...), cellKeys...)},
	{[]string{"convention", "pivot"}, append(append(detectorKeys, sourceKeys...), schema.SpindleAxis, schema.SpindleAxisRaw, schema.RotA, schema.RotB, schema.RotC)},
	{[]string{"curved detector", "distance", "pixel", "Xbeam", "Ybeam", "pixels"}, detectorKeys},
	{[]string{"beam"}, append(append([]schema.Key{}, sourceKeys...), placeLines...)},
	{[]string{"misset"}, cellKeys},
	{[]string{"spindle"}, append([]schema.Key{schema.SpindleAxisRaw, schema.SpindleAxis, schema.PhiKFrac}, append(realKeys, sumKeys...)...)},
	{[]string{"phi steps", "phi start", "phi end"}, append([]schema.Key{schema.PhiDeg, schema.PhiKFrac, schema.Steps}, append(realKeys, sumKeys...)...)},
	{[]string{"shape", "Na", "Nb", "Nc"}, append(append([]schema.Key{}, latticeKeys...), sumKeys...)},
	{[]string{"structure factors from", "reflections", "default F", "interpolation"}, append(append([]schema.Key{}, factorKeys...), sumKeys...)},
	{[]string{"mosaic domains", "mosaic spread"}, append([]schema.Key{schema.Steps}, append(realKeys, sumKeys...)...)},
	{[]string{"oversample"}, append([]schema.Key{schema.Steps, schema.PixelPos, schema.OmegaSample, schema.OmegaPixel, schema.Polar, schema.Cos2Theta}, sumKeys...)},
	{[]string{"sensor thickness", "layers", "attenuation"}, append([]schema.Key{schema.Steps, schema.CaptureFraction, schema.PixelPos}, sumKeys...)},
	{[]string{"Kahn factor", "polarization normal"}, []schema.Key{schema.PolarAxis, schema.PolarizationFactor, schema.Polar, schema.SourcePolar, schema.IBeforeScaling}},
	{[]string{"pixel obliquity"}, []schema.Key{schema.OmegaSample, schema.OmegaPixel}},
	{[]string{"water"}, append(append([]schema.Key{}, sumKeys...), finalKeys...)},
}

func findSettings(c *Context) ([]Cause, string) {
	var out []Cause
	both := 0
	for _, g := range settingGroups {
		if cause, n, ok := g.find(c); ok {
			out = append(out, cause)
			both += n
		} else {
			both += n
		}
	}
	if both == 0 {
		return nil, "not checked: the logs print no setting in common"
	}
	return out, fmt.Sprintf("the %d settings that both logs print agree", both)
}

// find compares the settings of a group; n is how many both logs print.
func (g *settingGroup) find(c *Context) (cause Cause, n int, ok bool) {
	var names []string
	for name := range c.Ref.Settings {
		if _, has := c.Got.Settings[name]; has && g.has(name) {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int { return g.rank(a)*1000 - g.rank(b)*1000 + strings.Compare(a, b) })
	for _, name := range names {
		r, t := c.Ref.Settings[name], c.Got.Settings[name]
		if r.Same(t) || derived(c, name) {
			continue
		}
		if cause.Title == "" {
			cause.Of, cause.Title = name, fmt.Sprintf("%s: %s in the reference, %s in got", name, r.Text, t.Text)
			cause.Findings = []explain.Finding{{Pos: t.Pos, What: fmt.Sprintf("%s is %s against %s (%s)", name, t.Text, r.Text, r.Pos)}}
		}
		cause.Evidence = append(cause.Evidence, fmt.Sprintf("%s is %s (%s) against %s (%s)%s.", name, t.Text, t.Pos, r.Text, r.Pos, unitWords(r, t)))
	}
	if cause.Title == "" {
		return cause, len(names), false
	}
	if hint := centreHint(c); slices.Contains(g.names, "Xbeam") && hint != "" {
		cause.Title += ": " + hint
	}
	cause.Explains = c.Open(g.follows...)
	if g.counts() {
		cause.Explains = append(cause.Explains, moreSamples(c)...)
	}
	cause.Role = explain.IsCause
	if len(cause.Explains) == 0 {
		cause.Role = explain.IsNote
		return cause, len(names), true
	}
	cause.Checks = []string{fmt.Sprintf("%d rows that follow from it start to differ there, %s first", len(cause.Explains), cause.Explains[0].Name())}
	return cause, len(names), true
}

// centreHint says what two beam centres have to do with each other.
func centreHint(c *Context) string {
	var x, y [2]float64
	for i, s := range c.Sides() {
		x[i], y[i] = s.Settings["Xbeam"].Num, s.Settings["Ybeam"].Num
	}
	px := pixelSize(c)
	const within = 1e-5 // printed with six digits
	half := func(a, b float64) bool { return px > 0 && math.Abs(math.Abs(a-b)-px/2) < 2*within*(math.Abs(a)+px) }
	switch {
	case x[0] != y[0] && closeTo(x[0], y[1], within) && closeTo(x[1], y[0], within):
		return "Xbeam and Ybeam are exchanged"
	case half(x[0], x[1]) && half(y[0], y[1]):
		return "the centres are half a pixel apart on both axes"
	}
	return ""
}

// givenAs are the traced quantities that a setting is given as: what nanoBragg prints of
// the setting is computed again from the detector's origin.
var givenAs = map[string][]schema.Key{
	"distance": {schema.Distance}, "Xbeam": {schema.Fclose, schema.Fbeam}, "Ybeam": {schema.Sclose, schema.Sbeam},
}

// derived reports whether a setting differs only because of what follows from it. The distance is
// printed as close_distance over its cosine: where one side took the one for the other, it is made of that.
func derived(c *Context, name string) bool {
	for _, s := range c.Sides() {
		near, _, ok := s.Num(schema.CloseDistance)
		if v := other(c, s).Settings[name].Num; ok && name == "distance" && closeTo(near, v, 1e-5) {
			return true
		}
	}
	for _, k := range givenAs[name] {
		if c.Agrees(k) {
			return true
		}
	}
	return false
}

func (g *settingGroup) has(name string) bool { return g.rank(name) < len(g.names) }

func (g *settingGroup) rank(name string) int {
	for i, n := range g.names {
		if n == name || strings.HasSuffix(n, " ") && strings.HasPrefix(name, n) {
			return i
		}
	}
	return len(g.names)
}

// counts tells whether the settings decide how many samples are traced.
func (g *settingGroup) counts() bool { return slices.Contains(g.follows, schema.Steps) }

// moreSamples are the rows of samples or steps that one log alone has.
func moreSamples(c *Context) []*diff.Row {
	var out []*diff.Row
	for _, r := range c.Lost() {
		if r.At[schema.Sub] > 0 || r.At[schema.Phi] > 0 || r.At[schema.Layer] > 0 {
			out = append(out, r)
		}
	}
	return out
}

// unitWords says so where two numbers differ by the ratio of two units.
func unitWords(r, g trace.Setting) string {
	if _, ok := powerOfTen(g.Num / r.Num); ok {
		return fmt.Sprintf("; the ratio is %.6g, as of another unit", g.Num/r.Num)
	}
	return ""
}
