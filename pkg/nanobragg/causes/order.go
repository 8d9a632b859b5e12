package causes

import (
	"fmt"
	"math"
	"strings"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// findRotationOrder recognises rotation-order.
func findRotationOrder(c *Context) ([]Cause, string) {
	out, why := detectorOrder(c)
	crystal, why2 := missetOrder(c)
	return append(out, crystal...), why + "; " + why2
}

// turning is a rotation by three angles, in rad, about x, y and z, and by a last one about an
// axis of its own.
type turning struct {
	angles Vec
	axis   Vec
	last   float64
	single bool // the sines are float32
}

// in turns a vector about the axes in their order: 0 to 2 for x to z, 3 for the last.
func (t turning) in(v Vec, order ...int) Vec {
	for _, axis := range order {
		if axis == 3 {
			if t.last != 0 {
				v = spin(v, t.axis.scale(1/t.axis.norm()), t.last*180/math.Pi)
			}
			continue
		}
		sin, cos := math.Sincos(t.angles[axis])
		if t.single {
			sin, cos = float64(float32(sin)), float64(float32(cos))
		}
		a, b := (axis+1)%3, (axis+2)%3
		v[a], v[b] = float64(cos*v[a])-float64(sin*v[b]), float64(sin*v[a])+float64(cos*v[b])
	}
	return v
}

// times is the rotation by a multiple of all its angles.
func (t turning) times(f float64) turning {
	return turning{t.angles.scale(f), t.axis, t.last * f, t.single}
}

func (t turning) back(v Vec) Vec { return t.times(-1).in(v, 3, 2, 1, 0) }

// otherWays are what programs do for turning about x, y, z and the last axis.
var otherWays = []struct {
	says string
	turn func(t turning, v Vec) Vec
}{
	{"in the reverse order, z, y, x", func(t turning, v Vec) Vec { return t.in(v, 2, 1, 0, 3) }},
	{"in the order x, z, y", func(t turning, v Vec) Vec { return t.in(v, 0, 2, 1, 3) }},
	{"in the order y, x, z", func(t turning, v Vec) Vec { return t.in(v, 1, 0, 2, 3) }},
	{"in the order y, z, x", func(t turning, v Vec) Vec { return t.in(v, 1, 2, 0, 3) }},
	{"in the order z, x, y", func(t turning, v Vec) Vec { return t.in(v, 2, 0, 1, 3) }},
	{"without the turn about x", func(t turning, v Vec) Vec { return t.in(v, 1, 2, 3) }},
	{"without the turn about y", func(t turning, v Vec) Vec { return t.in(v, 0, 2, 3) }},
	{"without the turn about z", func(t turning, v Vec) Vec { return t.in(v, 0, 1, 3) }},
	{"with the angles about x and z exchanged", func(t turning, v Vec) Vec {
		t.angles[0], t.angles[2] = t.angles[2], t.angles[0]
		return t.in(v, 0, 1, 2, 3)
	}},
	{"with twotheta first, before x, y, z", func(t turning, v Vec) Vec { return t.in(v, 3, 0, 1, 2) }},
	{"without twotheta", func(t turning, v Vec) Vec { return t.in(v, 0, 1, 2) }},
	{"with twotheta alone", func(t turning, v Vec) Vec { return t.in(v, 3) }},
	{"with twotheta in the opposite sense", func(t turning, v Vec) Vec { return t.times(-1).in(t.in(v, 0, 1, 2), 3) }},
	{"backwards, by the inverse rotation", func(t turning, v Vec) Vec { return t.back(v) }},
	{"with the opposite sign of all angles", func(t turning, v Vec) Vec { return t.times(-1).in(v, 0, 1, 2, 3) }},
	{"not at all", func(_ turning, v Vec) Vec { return v }},
	{"twice", func(t turning, v Vec) Vec { return t.in(t.in(v, 0, 1, 2, 3), 0, 1, 2, 3) }},
	{"with degrees for radians", func(t turning, v Vec) Vec { return t.times(180/math.Pi).in(v, 0, 1, 2, 3) }},
	{"converted to radians twice", func(t turning, v Vec) Vec { return t.times(math.Pi/180).in(v, 0, 1, 2, 3) }},
}

// otherWay finds the way in which the one side turned, where the other turned as the reference does;
// within is relative to the vectors' lengths.
func (t turning) otherWay(c *Context, ref, got []Vec, within float64) (s *Side, says string, ok bool) {
	for _, way := range otherWays {
		if t.last == 0 && strings.Contains(way.says, "twotheta") {
			continue
		}
		for i, p := range [2][2][]Vec{{got, ref}, {ref, got}} {
			fits := true
			moved := false
			for j, v := range p[1] {
				want := way.turn(t, t.back(v))
				fits = fits && p[0][j].near(want, within/fingerprint*v.norm())
				moved = moved || !v.near(want, 10*within/fingerprint*v.norm())
			}
			if fits && moved {
				return c.Sides()[1-i], way.says, true
			}
		}
	}
	return nil, "", false
}

// detectorTurning reads the detector's rotations; rec is nil where no log prints them.
func detectorTurning(c *Context) (t turning, rec *trace.Record) {
	if rec = c.Ref.Rec(schema.AnglesRad); rec == nil {
		rec = c.Got.Rec(schema.AnglesRad)
	}
	for i, n := range []string{"rotx", "roty", "rotz"} {
		t.angles[i], _ = named(rec, n)
	}
	if axis, _, ok := vec(c.Ref, schema.TwothetaAxis); ok && axis.norm() > 0 && c.Agrees(schema.AnglesRad) {
		t.axis = axis
		t.last, _ = named(rec, "twotheta")
	}
	return t, rec
}

func detectorOrder(c *Context) ([]Cause, string) {
	rows := c.Open(append([]schema.Key{schema.RTotal}, twothetaLines...)...)
	t, rec := detectorTurning(c)
	if len(rows) == 0 || rec == nil {
		return nil, "no detector axis is a root, or the angles are not printed"
	}
	for _, last := range []float64{t.last, 0} {
		ref, ok1 := vecs(c.Ref, schema.FdetVec, schema.SdetVec)
		got, ok2 := vecs(c.Got, schema.FdetVec, schema.SdetVec)
		if !ok1 || !ok2 {
			return nil, notPrinted(schema.FdetVec, schema.SdetVec)
		}
		t.last = last
		if s, says, ok := t.otherWay(c, ref, got, fingerprint); ok {
			return one(rows, fmt.Sprintf("%s turns the detector %s", s.Name, says),
				[]string{fmt.Sprintf("undoing the rotations by %s rad and twotheta %.9g (%s) and applying them %s takes both axes of the other side into those of %s", t.angles.text(9), t.last, rec.Pos, says, s.Name)}, show(rows[0])+"."), ""
		}
	}
	if found := otherAxis(c, t, rows); found != nil {
		return found, ""
	}
	return nil, fmt.Sprintf("turning by the printed angles %s rad in any other way does not give the other side's detector axes", t.angles.text(6))
}

// otherAxis tells a detector that is turned by twotheta about another axis.
func otherAxis(c *Context, t turning, rows []*diff.Row) []Cause {
	right, _ := vecs(c.Ref, schema.FdetVec, schema.SdetVec)
	axes, ok := vecs(c.Got, schema.FdetVec, schema.SdetVec)
	axis, rec, ok2 := vec(c.Ref, schema.TwothetaAxis)
	angle, ok3 := named(c.Ref.Rec(schema.AnglesRad), "twotheta")
	if !ok || !ok2 || !ok3 || angle == 0 || len(right) != 2 {
		return nil
	}
	t.axis, t.last = axis, angle
	var before []Vec
	for _, v := range right {
		before = append(before, t.in(t.back(v), 0, 1, 2))
	}
	r, ok := rotationOf(append(before, before[0].cross(before[1])), append(axes, axes[0].cross(axes[1])))
	if !ok || !closeTo(r.angle, math.Abs(angle)*180/math.Pi, 1e-5) || r.about(axis.scale(1/axis.norm()), angle*180/math.Pi) {
		return nil
	}
	return one(rows, fmt.Sprintf("got turns the detector by twotheta about another axis: %s, for %s in the reference", r.axis.text(4), axis.text(4)),
		[]string{fmt.Sprintf("undoing twotheta in the reference (%s), got's axes are turned by %.6g degrees, the angle of twotheta, about %s", rec.Pos, r.angle, r.axis.text(6))}, show(rows[0])+".")
}

// missetOrder looks at the reciprocal vectors; the misset stands in the notes.
func missetOrder(c *Context) ([]Cause, string) {
	rows := c.Open(cellKeys...)
	ref, ok1 := vecs(c.Ref, starKeys...)
	got, ok2 := vecs(c.Got, starKeys...)
	if len(rows) == 0 || !ok1 || !ok2 {
		return nil, "no cell vector is a root, or the reciprocal ones are not printed"
	}
	angles, pos, ok := missetOf(c.Ref)
	other, _, ok2 := missetOf(c.Got)
	switch {
	case !ok && !ok2:
		return nil, "not checked: no log prints the misset angles"
	case ok && ok2 && angles != other:
		return nil, fmt.Sprintf("the misset angles are %s and %s", angles.text(4), other.text(4))
	case !ok:
		angles, pos, _ = missetOf(c.Got)
	}
	t := turning{angles: angles.scale(math.Pi / 180)}
	// The notes print the angles with six digits.
	s, says, ok := t.otherWay(c, ref, got, 10*fingerprint)
	if !ok {
		return nil, fmt.Sprintf("turning by the misset %s in any other way does not give the other side's reciprocal vectors", angles.text(4))
	}
	cause := one(rows, fmt.Sprintf("%s applies the misset %s to the crystal's orientation", s.Name, says),
		[]string{fmt.Sprintf("undoing the misset (%s) and applying it %s takes all three reciprocal vectors of the other side into those of %s", pos, says, s.Name)}, show(rows[0])+".")
	if real := c.Agrees(realKeys...); real {
		cause[0].Title, cause[0].PrintOnly = fmt.Sprintf("%s prints the reciprocal vectors with the misset applied %s: on one set of vectors only, the real ones agree", s.Name, says), true
	}
	return cause, ""
}

// missetOf reads "misset angles = [x, y, z] degrees" from the notes.
func missetOf(s *Side) (v Vec, pos string, ok bool) {
	for _, r := range s.Records {
		if r.Stream == trace.NoteStream && strings.Contains(r.Text, "misset angles") && len(r.Values) == 3 {
			return Vec(numbers(r)), r.Pos.String(), true
		}
	}
	return v, "", false
}
