package explain

import (
	"fmt"
	"math"
	"strings"

	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

var rotationOrder = Rule{
	ID:    "rotation-order",
	Title: "rotations applied in the reverse order",
	Text: `nanoBragg turns about x, then y, then z: the matrix is Rz Ry Rx. One side applies them in the reverse order, or
multiplies from the other side. It concerns the detector's rotx, roty, rotz and the crystal's misset.

How it shows: the angles agree, the vectors keep their lengths and do not agree; turning by the printed angles in
the reverse order gives the other side's vectors to the last digits.

How to check: set all but one of the angles to 0; the difference goes.`,
	Example: `c.log:   TRACE_C:fdet_after_rotz=0.0784590957278449 0.0830416013655108 0.993452
py.log:  TRACE_PY:fdet_after_rotz=0.0871557427476582 0.052176 0.994828`,
	Find: findRotationOrder,
}

func findRotationOrder(c *Context) ([]Cause, string) {
	var out []Cause
	detector, why := detectorOrder(c)
	out = append(out, detector...)
	crystal, why2 := missetOrder(c)
	out = append(out, crystal...)
	return out, why + "; " + why2
}

// turn rotates about x, y and z by the angles in rad, in that order or in the
// reverse.
func turn(v Vec, angles Vec, reverse bool) Vec {
	for i := range 3 {
		axis := i
		if reverse {
			axis = 2 - i
		}
		sin, cos := math.Sincos(angles[axis])
		a, b := (axis+1)%3, (axis+2)%3
		v[a], v[b] = float64(cos*v[a])-float64(sin*v[b]), float64(sin*v[a])+float64(cos*v[b])
	}
	return v
}

// untwist undoes turn in the order x, y, z.
func untwist(v Vec, angles Vec) Vec { return turn(v, angles.scale(-1), true) }

// detectorOrder looks at the axes before twotheta. The BEAM pivot prints the
// final axes there, so that twotheta has to be 0.
func detectorOrder(c *Context) ([]Cause, string) {
	keys := []schema.Key{
		schema.RTotal, schema.FdetAfterRotz, schema.SdetAfterRotz, schema.OdetAfterRotz,
		schema.FdetAfterTwotheta, schema.SdetAfterTwotheta, schema.OdetAfterTwotheta, schema.FdetVec, schema.SdetVec, schema.Pix0AfterRotz,
	}
	rows := c.open(keys...)
	rec := c.Ref.Rec(schema.AnglesRad)
	if rec == nil {
		rec = c.Got.Rec(schema.AnglesRad)
	}
	if len(rows) == 0 || rec == nil {
		return nil, "no detector axis is a root, or the angles are not printed"
	}
	var angles Vec
	for i, n := range []string{"rotx", "roty", "rotz"} {
		angles[i], _ = named(rec, n)
	}
	tried := 0
	for _, pair := range [][]schema.Key{{schema.FdetAfterRotz, schema.FdetVec}, {schema.SdetAfterRotz, schema.SdetVec}} {
		for _, k := range pair {
			ref, _, ok1 := c.Ref.Vec(k)
			got, _, ok2 := c.Got.Vec(k)
			if !ok1 || !ok2 {
				continue
			}
			forward := turn(untwist(ref, angles), angles, true)
			backward := turn(turn(ref, angles.scale(-1), false), angles, false)
			if !meetsVec(got, forward, 1) && !meetsVec(got, backward, 1) || meetsVec(got, ref, 1) {
				return nil, "turning by the printed angles in the reverse order does not give the other side's detector axes"
			}
			tried++
			break
		}
	}
	if tried < 2 {
		return nil, "the detector's axes are not on both sides"
	}
	return []Cause{{
		Role: IsCause, Confidence: confidence(2), order: rows[0].Key, Explains: rows,
		Title: "the detector's rotations are applied in the reverse order",
		Evidence: []string{show(rows[0]) + ".",
			fmt.Sprintf("Undoing the rotations by (%.9g, %.9g, %.9g) rad (%s) and applying them in the reverse order takes both axes of the one side into those of the other.", angles[0], angles[1], angles[2], rec.Pos)},
		Findings: []Finding{finding(rows[0], "the order of the rotations")},
	}}, ""
}

// missetOrder looks at the reciprocal vectors; the misset stands in the notes.
func missetOrder(c *Context) ([]Cause, string) {
	rows := c.open(schema.RotAStar, schema.RotBStar, schema.RotCStar)
	ref, ok1 := c.Ref.Vecs(schema.RotAStar, schema.RotBStar, schema.RotCStar)
	got, ok2 := c.Got.Vecs(schema.RotAStar, schema.RotBStar, schema.RotCStar)
	if len(rows) == 0 || !ok1 || !ok2 {
		return nil, "the reciprocal vectors are no root"
	}
	angles, at, ok := missetOf(c)
	if !ok {
		return nil, "no log prints the misset angles"
	}
	for i := range ref {
		if meetsVec(ref[i], got[i], ref[i].norm()) {
			return nil, "a reciprocal vector agrees"
		}
		forward := turn(untwist(ref[i], angles), angles, true)
		backward := turn(turn(ref[i], angles.scale(-1), false), angles, false)
		// The notes print the angles with six digits.
		size := ref[i].norm() * 10
		if !meetsVec(got[i], forward, size) && !meetsVec(got[i], backward, size) {
			return nil, "turning by the misset in the reverse order does not give the other side's reciprocal vectors"
		}
	}
	return []Cause{{
		Role: IsCause, Confidence: confidence(2), order: schema.RotAStar, Explains: rows,
		Title:    "the misset's rotations are applied in the reverse order",
		Evidence: []string{show(rows[0]) + ".", fmt.Sprintf("Undoing the misset (%s) and applying it in the reverse order takes all three vectors of the one side into those of the other.", at)},
		Findings: []Finding{finding(rows[0], "the order of the misset's rotations")},
	}}, ""
}

// missetOf reads "misset angles = [x, y, z] degrees" from the notes.
func missetOf(c *Context) (Vec, string, bool) {
	for _, s := range c.sides() {
		for _, r := range s.records {
			if r.Stream == trace.NoteStream && strings.Contains(r.Text, "misset angles") && len(r.Values) == 3 {
				v := Vec{r.Values[0].Num, r.Values[1].Num, r.Values[2].Num}
				return v.scale(math.Pi / 180), r.Pos.String(), true
			}
		}
	}
	return Vec{}, "", false
}
