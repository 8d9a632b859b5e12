package causes

import (
	"cmp"
	"fmt"
	"math"
	"strings"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace/schema"
)

func findPolarValue(c *Context, _ []*diff.Row) ([]Cause, string) {
	if !c.Differs(schema.Polar) {
		return nil, "polar agrees, or is not printed on both sides"
	}
	a, ref := polarName(c, c.Ref)
	b, got := polarName(c, c.Got)
	if a == b || a == "" || b == "" {
		return nil, fmt.Sprintf("polar is %.9g (%s) and %.9g (%s)", ref, cmp.Or(a, "no known recipe"), got, cmp.Or(b, "no known recipe"))
	}
	rows := c.Open(schema.Polar)
	if ref == 0 || got == 0 { // which leaves nothing of the intensity
		rows = append(rows, c.Open(finalKeys...)...)
	}
	cause := shown(rows, fmt.Sprintf("polar is %s in the reference, %s in got", a, b), fmt.Sprintf("%.12g and %.12g are what the two recipes make of each log's own directions", ref, got)).enters(schema.Polar)
	if ref != 0 {
		cause.times(got/ref, "the ratio of polar")
	}
	return cause, ""
}

// polarName tries the recipes for the polarisation factor on what a log prints.
func polarName(c *Context, s *Side) (string, float64) {
	polar := val(s, schema.Polar)
	d, i := s.All(schema.DiffractedVec), s.All(schema.IncidentVec)
	switch {
	case polar == 0:
		return "0, never computed", polar
	case polar == 1:
		return "1, as without polarisation", polar
	}
	for n := range min(len(d), len(i)) {
		which := "that of the first sample"
		switch {
		case n == 0:
		case n == len(d)-1:
			which = "that of the last sample"
		default:
			continue
		}
		for _, r := range polarRecipes(c, s, vecOf(i[n]), vecOf(d[n])) {
			if closeTo(polar, 2*r.want, r.within) {
				return which + ", not halved", polar
			}
			if closeTo(polar, r.want, r.within) {
				return strings.TrimSuffix(which+", "+r.says, ", "), polar
			}
		}
	}
	return "", polar
}

// polarRecipes are the reference's way to make the polarisation factor of a sample, and those that are known of programs.
func polarRecipes(c *Context, s *Side, in, out Vec) (list []recipe) {
	kahn := either(set(c, s, "Kahn factor"), val(s, schema.PolarizationFactor), 0)
	// The programs print beam x axis; the axis is that normal x beam.
	axis, _ := setVec(c, s, "polarization normal")
	main, hasMain := setVec(c, s, "beam")
	first := main
	if !hasMain {
		first = vecOf(s.All(schema.IncidentVec)[0])
	}
	axis = axis.cross(first)
	add := func(says string, in, axis Vec, kahn, cos, within float64) {
		list = append(list, recipe{says: says, want: polarOf(in, out, axis, kahn, cos), within: within})
	}
	add("", in, axis, kahn, in.dot(out), fingerprint)
	add("unpolarised (K = 0)", in, axis, 0, in.dot(out), fingerprint)
	add("with the Kahn factor negated", in, axis, -kahn, in.dot(out), fingerprint)
	add("fully polarised (K = 1)", in, axis, 1, in.dot(out), fingerprint)
	if hasMain {
		add("with the main beam", main, axis, kahn, main.dot(out), fingerprint)
	}
	if spindle, ok := setVec(c, s, "spindle"); ok {
		add("with the spindle for the polarisation axis", in, spindle, kahn, in.dot(out), fingerprint)
	}
	for k := range 3 {
		name, same := string("xyz"[k]), Vec{1, 1, 1}.scale(math.Copysign(1/math.Sqrt(3), in[k]))
		add("made with component "+name+" of the directions thrice", in, axis, kahn, 3*in[k]*out[k], fingerprint)
		add("made with an incident beam that has component "+name+" thrice, normalised", same, axis, kahn, same.dot(out), fingerprint)
	}
	for n := 1; ; n++ {
		v := source(c, s, n, 3)
		if v == nil || Vec(v[:3]).norm() == 0 {
			return list
		}
		from := Vec(v[:3]).unit().scale(-1)
		add(fmt.Sprintf("with the beam of source %d", n), from, axis, kahn, from.dot(out), sixDigits)
	}
}

// polarOf is the polarisation factor, with c for cos 2theta; the axis is the direction of
// the electric field.
func polarOf(in, out, axis Vec, kahn, c float64) float64 {
	psi := 0.0
	if kahn != 0 {
		b := axis.cross(in).unit()
		e := in.cross(b)
		psi = -math.Atan2(out.dot(b), out.dot(e)/e.norm())
	}
	return 0.5 * (1 + c*c - kahn*math.Cos(2*psi)*(1-c*c))
}
