package causes

import (
	"fmt"
	"math"
	"strings"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

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
				v = spin(v, t.axis.unit(), t.last*180/math.Pi)
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
	{"twice", func(t turning, v Vec) Vec { return t.in(v, 0, 1, 2, 3, 0, 1, 2, 3) }},
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
			fits, moved := true, false
			for j, v := range p[1] {
				size := within / fingerprint * v.norm()
				want := way.turn(t, t.back(v))
				fits = fits && p[0][j].near(want, size)
				moved = moved || !v.near(want, 10*size)
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
		t.angles[i] = either(named(rec, n), 0)
	}
	if axis := vec(c.Ref, schema.TwothetaAxis); axis.norm() > 0 && c.Agrees(schema.AnglesRad) {
		t.axis, t.last = axis, either(named(rec, "twotheta"), 0)
	}
	return t, rec
}

func findRotationOrder(c *Context, _ []*diff.Row) ([]Cause, string) {
	out, why := detectorOrder(c)
	crystal, why2 := missetOrder(c)
	return append(out, crystal...), why + "; " + why2
}

func detectorOrder(c *Context) ([]Cause, string) {
	rows := c.Open(append([]schema.Key{schema.RTotal}, twothetaLines...)...)
	t, rec := detectorTurning(c)
	if len(rows) == 0 || rec == nil {
		return nil, "no detector axis is a root, or the angles are not printed"
	}
	ref, got, ok := bothVecs(c, schema.FdetVec, schema.SdetVec)
	if !ok {
		return nil, notPrinted(schema.FdetVec, schema.SdetVec)
	}
	for _, last := range []float64{t.last, 0} {
		t.last = last
		if s, says, ok := t.otherWay(c, ref, got, fingerprint); ok {
			return shown(rows, fmt.Sprintf("%s turns the detector %s", s.Name, says),
				fmt.Sprintf("undoing the rotations by %s rad and twotheta %.9g (%s) and applying them %s takes both axes of the other side into those of %s", t.angles.text(9), t.last, rec.Pos(), says, s.Name)), ""
		}
	}
	if found := otherAxis(c, t, rows, ref, got); found != nil {
		return found, ""
	}
	return nil, fmt.Sprintf("turning by the printed angles %s rad in any other way does not give the other side's detector axes", t.angles.text(6))
}

// otherAxis tells a detector that is turned by twotheta about another axis.
func otherAxis(c *Context, t turning, rows []*diff.Row, ref, got []Vec) []Cause {
	axis, angle := vec(c.Ref, schema.TwothetaAxis), named(c.Ref.Rec(schema.AnglesRad), "twotheta")
	t.axis, t.last = axis, angle
	var before []Vec
	for _, v := range ref {
		before = append(before, t.in(t.back(v), 0, 1, 2))
	}
	degrees := angle * 180 / math.Pi
	r, ok := rotationOf(append(before, before[0].cross(before[1])), append(got, got[0].cross(got[1])))
	if !ok || angle == 0 || !closeTo(r.angle, math.Abs(degrees), 1e-5) || r.about(axis.unit(), degrees) {
		return nil
	}
	return shown(rows, fmt.Sprintf("got turns the detector by twotheta about another axis: %s, for %s in the reference", r.axis.text(4), axis.text(4)),
		fmt.Sprintf("undoing twotheta in the reference (%s), got's axes are turned by %.6g degrees, the angle of twotheta, about %s", pos(c.Ref, schema.TwothetaAxis), r.angle, r.axis.text(6)))
}

// missetOrder looks at the reciprocal vectors; the misset stands in the notes.
func missetOrder(c *Context) ([]Cause, string) {
	rows := c.Open(cellKeys...)
	ref, got, ok := bothVecs(c, starKeys...)
	if len(rows) == 0 || !ok {
		return nil, "no cell vector is a root, or the reciprocal ones are not printed"
	}
	angles, pos, ok := missetOf(c.Ref)
	other, otherPos, ok2 := missetOf(c.Got)
	switch {
	case !ok && !ok2:
		return nil, "not checked: no log prints the misset angles"
	case ok && ok2 && angles != other:
		return nil, fmt.Sprintf("the misset angles are %s and %s", angles.text(4), other.text(4))
	case !ok:
		angles, pos = other, otherPos
	}
	t := turning{angles: angles.scale(math.Pi / 180)}
	if ratio := edgeRatio(ref, got); !meets(ratio, 1) && known(ratio) { // the matrix may be scaled besides
		got = scaled(got, 1/ratio)
	}
	// The notes print the angles with six digits.
	s, says, ok := t.otherWay(c, ref, got, 10*fingerprint)
	if !ok {
		return nil, fmt.Sprintf("turning by the misset %s in any other way does not give the other side's reciprocal vectors", angles.text(4))
	}
	cause := shown(rows, fmt.Sprintf("%s applies the misset %s to the crystal's orientation", s.Name, says),
		fmt.Sprintf("undoing the misset (%s) and applying it %s takes all three reciprocal vectors of the other side into those of %s", pos, says, s.Name))
	if c.Agrees(realKeys...) {
		cause.alone()[0].Title = fmt.Sprintf("%s prints the reciprocal vectors with the misset applied %s: on one set of vectors only, the real ones agree", s.Name, says)
	}
	return cause, ""
}

// missetOf reads "misset angles = [x, y, z] degrees" from the notes.
func missetOf(s *Side) (v Vec, pos string, ok bool) {
	for _, r := range s.Records {
		if r.Stream == trace.NoteStream && strings.Contains(r.Text, "misset angles") && len(r.Values) == 3 {
			return vecOf(r), r.Pos().String(), true
		}
	}
	return v, "", false
}

func findBeamVector(c *Context, rows []*diff.Row) ([]Cause, string) {
	ref, got := vec(c.Ref, schema.IncidentVec), vec(c.Got, schema.IncidentVec)
	if c.Agrees(schema.ScatteringVec) {
		return nil, "scattering_vec_A_inv, which is made with incident_vec, agrees"
	}
	for _, side := range c.Sides() {
		if e, ok := recomputed(c, side, schema.ScatteringVec); ok && e.rel > math.Max(c.Tolerance, fingerprint) {
			return nil, fmt.Sprintf("scattering_vec_A_inv of %s is off what its incident_vec makes by %.3g", side.Name, e.rel)
		}
	}
	what := "the beams point in other directions"
	const unit = 1e-5 // some logs print six digits
	switch {
	case got.near(ref.scale(-1), ref.norm()):
		what = "the one beam is the other negated"
	case math.Abs(ref.norm()-1) > unit:
		what = fmt.Sprintf("the beam of the reference has the length %.9g", ref.norm())
	case math.Abs(got.norm()-1) > unit:
		what = fmt.Sprintf("the beam of got has the length %.9g", got.norm())
	}
	rows = append(append(rows, movedOrigin(c, ref, got)...), c.Open(schema.Cos2Theta, schema.SourceCos2Theta)...)
	return one(rows, "incident_vec differs: "+what, []string{"the scattering vector of each side follows from its own incident_vec"}, show(rows[0])+".",
		fmt.Sprintf("The lengths are %.9g (%s) and %.9g (%s); the angle between them is %.6g degrees.", ref.norm(), pos(c.Ref, schema.IncidentVec), got.norm(), pos(c.Got, schema.IncidentVec), ref.angle(got)*180/math.Pi)), ""
}

// movedOrigin returns the roots of the detector's place that the beam moves: with
// the BEAM pivot the origin by the distance times its change, with the SAMPLE
// pivot by the change of beam . normal.
func movedOrigin(c *Context, ref, got Vec) []*diff.Row {
	p, why := placeOf(c)
	d := distanceOf(c)
	if p.got == p.ref {
		return nil
	}
	along := d * (math.Abs(got.dot(p.o)) - math.Abs(ref.dot(p.o)))
	if why == "" && !p.turned && (p.got.sub(p.ref).near(got.sub(ref).scale(d), 10*math.Abs(d)) || p.delta().sub(Vec{0, 0, along}).norm() <= 1e-3*math.Abs(along)) {
		return p.rows
	}
	return nil
}
