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

var detectorKeys = slices.Concat([]schema.Key{
	schema.DetectorConvention, schema.AnglesRad, schema.BeamCenter, schema.ConventionMapping, schema.TwothetaAxis, schema.InitialFdet, schema.InitialSdet, schema.InitialOdet,
}, twothetaLines, placeLines)

var sourceKeys = []schema.Key{
	schema.IncidentVec, schema.LambdaMeters, schema.LambdaAngstroms, schema.ScatteringVec, schema.SourceDirection, schema.SourceLambda, schema.SourceWeight, schema.SourceFLatt,
	schema.SourceFCell, schema.SourcePolar, schema.SourceIndex, schema.SourceCos2Theta, schema.Steps, schema.Polar, schema.Cos2Theta,
}

var settingGroups = []settingGroup{
	{[]string{"sources", "wavelength", "dispersion", "dispersion steps", "horizontal divergence", "horizontal divergence step", "vertical divergence", "vertical divergence step", "divergence steps", "source "}, slices.Concat(sourceKeys, sumKeys, cellKeys)},
	{[]string{"convention"}, slices.Concat(detectorKeys, []schema.Key{schema.IncidentVec, schema.ScatteringVec, schema.SourceDirection, schema.PolarAxis, schema.Polar, schema.Cos2Theta, schema.SpindleAxis, schema.SpindleAxisRaw}, realKeys)},
	{[]string{"curved detector", "distance", "pixel", "Xbeam", "Ybeam", "pixels"}, placeLines},
	{[]string{"beam"}, slices.Concat(sourceKeys, placeLines)},
	{[]string{"misset"}, cellKeys},
	{[]string{"spindle"}, slices.Concat([]schema.Key{schema.SpindleAxisRaw, schema.SpindleAxis, schema.PhiKFrac}, realKeys, sumKeys)},
	{[]string{"phi steps", "phi start", "phi end"}, slices.Concat([]schema.Key{schema.PhiDeg, schema.PhiKFrac, schema.Steps}, realKeys, sumKeys)},
	{[]string{"shape", "Na", "Nb", "Nc"}, slices.Concat(latticeKeys, sumKeys)},
	{[]string{"structure factors from", "reflections", "default F", "interpolation"}, slices.Concat(factorKeys, sumKeys)},
	{[]string{"mosaic domains", "mosaic spread"}, slices.Concat([]schema.Key{schema.Steps}, realKeys, sumKeys)},
	{[]string{"oversample"}, append([]schema.Key{schema.Steps, schema.PixelPos, schema.OmegaSample, schema.OmegaPixel, schema.Polar, schema.Cos2Theta}, sumKeys...)},
	{[]string{"sensor thickness", "layers", "attenuation"}, append([]schema.Key{schema.Steps, schema.CaptureFraction, schema.PixelPos}, sumKeys...)},
	{[]string{"Kahn factor", "polarization normal"}, []schema.Key{schema.PolarAxis, schema.PolarizationFactor, schema.Polar, schema.SourcePolar, schema.IBeforeScaling}},
	{[]string{"pixel obliquity"}, []schema.Key{schema.OmegaSample, schema.OmegaPixel}},
	{[]string{"water"}, slices.Concat(sumKeys, finalKeys)},
}

func findSettings(c *Context, _ []*diff.Row) ([]Cause, string) {
	var out []Cause
	both := 0
	for _, g := range settingGroups {
		causes, n := g.find(c)
		out, both = append(out, causes...), both+n
	}
	if both == 0 {
		return nil, "not checked: the logs print no setting in common"
	}
	return out, fmt.Sprintf("the %d settings that both logs print agree", both)
}

// find compares the settings of a group; n is how many both logs print.
func (g *settingGroup) find(c *Context) (causes []Cause, n int) {
	var names []string
	for name := range c.Ref.Settings {
		if _, has := c.Got.Settings[name]; has && g.rank(name) < len(g.names) {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int { return g.rank(a)*1000 - g.rank(b)*1000 + strings.Compare(a, b) })
	n = len(names)
	names = slices.DeleteFunc(names, func(name string) bool {
		return c.Ref.Settings[name].Same(c.Got.Settings[name]) || derived(c, name)
	})
	if len(names) == 0 {
		return nil, n
	}
	// What does not follow from its own log's inputs, as it does on the other side, no setting makes.
	rows := slices.DeleteFunc(c.Open(g.follows...), func(r *diff.Row) bool { return ofItself(c, r) })
	if slices.Contains(g.follows, schema.Steps) { // it decides how many samples are traced
		rows = append(rows, moreSamples(c)...)
	}
	r, t := c.Ref.Settings[names[0]], c.Got.Settings[names[0]]
	cause := Cause{Of: names[0], Title: fmt.Sprintf("%s: %s in the reference, %s in got", names[0], r.Text, t.Text), Explains: rows, Role: explain.IsNote,
		Findings: []explain.Finding{{Pos: t.Pos, What: fmt.Sprintf("%s is %s against %s (%s)", names[0], t.Text, r.Text, r.Pos)}}}
	for _, name := range names {
		r, t := c.Ref.Settings[name], c.Got.Settings[name]
		cause.Evidence = append(cause.Evidence, fmt.Sprintf("%s is %s (%s) against %s (%s)%s.", name, t.Text, t.Pos, r.Text, r.Pos, unitWords(r, t)))
	}
	if hint := centreHint(c); slices.Contains(g.names, "Xbeam") && hint != "" {
		cause.Title += ": " + hint
	}
	if len(rows) > 0 {
		cause.Role, cause.Checks = explain.IsCause, []string{fmt.Sprintf("%d rows that follow from it start to differ there, %s first", len(rows), rows[0].Name())}
	}
	return []Cause{cause}, n
}

// rank is the place of a setting in the group, the number of its names for none.
func (g *settingGroup) rank(name string) int {
	for i, n := range g.names {
		if n == name || strings.HasSuffix(n, " ") && strings.HasPrefix(name, n) {
			return i
		}
	}
	return len(g.names)
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
// printed as close_distance over its cosine: where one side took the one for the other, it is made of that, and a detector
// that is turned over changes its sign.
func derived(c *Context, name string) bool {
	for s, o := range pairs(c) {
		if d := o.Settings[name].Num; name == "distance" && (closeTo(val(s, schema.CloseDistance), d, 1e-5) || s.Settings[name].Num == -d) {
			return true
		}
	}
	return slices.ContainsFunc(givenAs[name], func(k schema.Key) bool { return c.Agrees(k) })
}

// moreSamples are the rows of samples or steps that one log alone has.
func moreSamples(c *Context) []*diff.Row {
	return slices.DeleteFunc(c.Lost(), func(r *diff.Row) bool {
		return r.At[schema.Sub] <= 0 && r.At[schema.Phi] <= 0 && r.At[schema.Layer] <= 0
	})
}

// unitWords says so where two numbers differ by the ratio of two units.
func unitWords(r, g trace.Setting) string {
	if _, ok := powerOfTen(g.Num / r.Num); ok {
		return fmt.Sprintf("; the ratio is %.6g, as of another unit", g.Num/r.Num)
	}
	return ""
}
