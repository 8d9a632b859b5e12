package causes

import (
	"cmp"
	"fmt"
	"math"
	"strings"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace/schema"
)

// findPolarValue recognises polar-value.
func findPolarValue(c *Context) ([]Cause, string) {
	rows := c.Open(schema.Polar)
	if len(rows) == 0 {
		return nil, "polar is no root that is left to explain"
	}
	a, ref := polarName(c, c.Ref)
	b, got := polarName(c, c.Got)
	if a == b || a == "" || b == "" {
		return nil, fmt.Sprintf("polar is %.9g (%s) and %.9g (%s)", ref, cmp.Or(a, "no known recipe"), got, cmp.Or(b, "no known recipe"))
	}
	cause := one(append(rows, zeroFinal(c, ref, got)...), fmt.Sprintf("polar is %s in the reference, %s in got", a, b), []string{fmt.Sprintf("%.12g and %.12g are what the two recipes make", ref, got)}, show(rows[0])+".")
	if ref != 0 {
		cause[0].Share = times(got/ref, "the ratio of polar")
	}
	return cause, ""
}

// zeroFinal are the intensities that a polar of 0 leaves nothing of.
func zeroFinal(c *Context, ref, got float64) []*diff.Row {
	if ref != 0 && got != 0 {
		return nil
	}
	return c.Open(finalKeys...)
}

// polarName tries the recipes for the polarisation factor on what a log prints.
func polarName(c *Context, s *Side) (string, float64) {
	polar, _, ok := s.Num(schema.Polar)
	d, i := s.All(schema.DiffractedVec), s.All(schema.IncidentVec)
	switch {
	case !ok:
		return "", math.NaN()
	case polar == 0:
		return "0, never computed", polar
	case polar == 1:
		return "1, as without polarisation", polar
	}
	kahn, known := set(c, s, "Kahn factor")
	if v, _, ok := s.Num(schema.PolarizationFactor); ok && !known {
		kahn = v
	}
	// The programs print beam x axis; the axis is that normal x beam.
	axis, _ := setVec(c, s, "polarization normal")
	if main, ok := setVec(c, s, "beam"); ok {
		axis = axis.cross(main)
	} else if len(i) > 0 {
		axis = axis.cross(Vec(numbers(i[0])))
	}
	for n := range min(len(d), len(i)) {
		which := map[int]string{0: "that of the first sample", len(d) - 1: "that of the last sample"}[n]
		if which == "" {
			continue
		}
		in, out := Vec(numbers(i[n])), Vec(numbers(d[n]))
		for _, r := range polarRecipes(c, s, in, out, kahn, axis) {
			want := polarOf(r.in, out, r.axis, r.kahn, r.cos)
			if closeTo(polar, 2*want, r.within) {
				return which + ", not halved", polar
			}
			if closeTo(polar, want, r.within) {
				return strings.TrimSuffix(which+", "+r.says, ", "), polar
			}
		}
	}
	return "", polar
}

// polarRecipe is a way to make the polarisation factor of a sample.
type polarRecipe struct {
	says      string
	in, axis  Vec
	kahn, cos float64
	within    float64
}

// polarRecipes are the reference's way, and those that are known of programs.
func polarRecipes(c *Context, s *Side, in, out Vec, kahn float64, axis Vec) []polarRecipe {
	exact := func(says string, in Vec, kahn, cos float64) polarRecipe {
		return polarRecipe{says, in, axis, kahn, cos, fingerprint}
	}
	list := []polarRecipe{
		exact("", in, kahn, in.dot(out)), exact("unpolarised (K = 0)", in, 0, in.dot(out)),
		exact("with the Kahn factor negated", in, -kahn, in.dot(out)), exact("fully polarised (K = 1)", in, 1, in.dot(out)),
	}
	if main, ok := setVec(c, s, "beam"); ok {
		list = append(list, exact("with the main beam", main, kahn, main.dot(out)))
	}
	if spindle, ok := setVec(c, s, "spindle"); ok {
		list = append(list, polarRecipe{"with the spindle for the polarisation axis", in, spindle, kahn, in.dot(out), fingerprint})
	}
	for k := range 3 {
		name, same := string("xyz"[k]), Vec{1, 1, 1}.scale(math.Copysign(1/math.Sqrt(3), in[k]))
		list = append(list, exact("made with component "+name+" of the directions thrice", in, kahn, 3*in[k]*out[k]),
			exact("made with an incident beam that has component "+name+" thrice, normalised", same, kahn, same.dot(out)))
	}
	for n := 1; ; n++ {
		v, ok := setVec(c, s, fmt.Sprintf("source %d", n))
		if !ok || v.norm() == 0 {
			return list
		}
		from := v.scale(-1 / v.norm()) // printed with six digits
		list = append(list, polarRecipe{fmt.Sprintf("with the beam of source %d", n), from, axis, kahn, from.dot(out), 1e-5})
	}
}

// polarOf is the polarisation factor, with c for cos 2theta; the axis is the direction of
// the electric field.
func polarOf(in, out, axis Vec, kahn, c float64) float64 {
	psi := 0.0
	if kahn != 0 {
		b := axis.cross(in)
		b = b.scale(1 / b.norm())
		e := in.cross(b)
		psi = -math.Atan2(out.dot(b), out.dot(e)/e.norm())
	}
	return 0.5 * (1 + c*c - kahn*math.Cos(2*psi)*(1-c*c))
}
