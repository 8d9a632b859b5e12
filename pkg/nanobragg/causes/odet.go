package causes

import (
	"fmt"
	"math"
	"slices"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// The angles, in rad, between the normal that a log used and f x s.
const (
	sameNormal  = 1e-10 // above the rounding of 15 printed digits by far
	otherNormal = 1e-8
	farNormal   = 1e-3 // beyond: a wrong vector, not a rounded one
)

// originLines are the quantities in which the other normal shows first.
var originLines = []schema.Key{
	schema.InitialOdet, schema.OdetAfterRotz, schema.OdetAfterTwotheta, schema.Ratio, schema.CloseDistanceSetup, schema.Distance,
	schema.TermCloseBeforeRot, schema.Pix0BeforeRotation, schema.Pix0AfterRotz, schema.Pix0AfterTwotheta, schema.Pix0Setup,
	schema.Pix0Vector, schema.PixelPos, schema.RDistance, schema.CloseDistance, schema.OmegaSample, schema.Obliquity,
	schema.DiffractedVec, schema.ScatteringVec,
}

// normal is the detector normal that a log's origin was made with.
type normal struct {
	side  *Side
	reach Vec     // D0 + Fclose f + Sclose s = close_distance odet
	o     Vec     // reach / close_distance
	angle float64 // to f x s
	pix0  Vec
	from  schema.Key // the line that it is read from
}

func (n normal) pos() trace.Pos { return pos(n.side, n.from) }

// normals are those that two origins were made with: f x s, and one that
// somebody typed, with so many decimals, to an angle in rad.
type normals struct {
	made, kept normal
	typed      Vec
	decimals   int
	off        float64
}

func normalsOf(c *Context) (n normals, why string) {
	if n.made, why = normalOf(c, c.Ref); why != "" {
		return n, why
	}
	if n.kept, why = normalOf(c, c.Got); why != "" {
		return n, why
	}
	if n.kept.angle < n.made.angle {
		n.made, n.kept = n.kept, n.made
	}
	var ok bool
	// A shifted origin (half a pixel, another beam centre) looks like another
	// normal too. What tells them apart is that the normal is one that somebody
	// typed.
	n.typed, n.decimals, n.off, ok = asTyped(n.kept.o)
	switch {
	case n.kept.angle <= otherNormal:
		return n, "both origins are along f x s"
	case n.made.angle > sameNormal:
		return n, fmt.Sprintf("neither origin is along f x s (off by %.2g and %.2g rad)", n.made.angle, n.kept.angle)
	case n.kept.angle > farNormal:
		return n, fmt.Sprintf("the normals are %.2g rad apart, too much for a rounded vector", n.kept.angle)
	case !ok:
		return n, "the normal that the other origin asks for is no short decimal vector, so that it may as well be a shifted origin"
	case n.typed.norm() == 1:
		return n, "the normal that was given has the length 1, and is not regenerated"
	}
	return n, ""
}

// normalOf solves the SAMPLE pivot's origin for the normal. Fclose and Sclose
// may come from the other log: both are of one experiment, and an origin that
// was made with others does not come out near f x s.
func normalOf(c *Context, s *Side) (normal, string) {
	keys, k := []schema.Key{schema.Pix0Vector, schema.FdetVec, schema.SdetVec}, schema.CloseDistance
	if why := unrotatedDetector(c); why != "" { // then those before rotation tell, where they are printed
		keys, k = []schema.Key{schema.Pix0BeforeRotation, schema.InitialFdet, schema.InitialSdet}, schema.CloseDistanceSetup
		if s.Rec(schema.Pix0BeforeRotation) == nil {
			return normal{}, why
		}
	}
	v, ok := vecs(s, keys...)
	distance := val(s, k)
	fclose := either(num(s.Rec(schema.Fclose)), num(other(c, s).Rec(schema.Fclose)))
	sclose := either(num(s.Rec(schema.Sclose)), num(other(c, s).Rec(schema.Sclose)))
	switch {
	case !ok || !known(distance) || distance == 0:
		return normal{}, s.Name + " does not print origin, axes and close distance"
	case !known(fclose, sclose):
		return normal{}, "no log prints Fclose_m and Sclose_m: the pivot is not SAMPLE, or not known"
	}
	n := normal{side: s, from: keys[0], pix0: v[0], reach: v[0].add(v[1].scale(fclose)).add(v[2].scale(sclose))}
	n.o = n.reach.scale(1 / distance)
	n.angle = n.o.angle(v[1].cross(v[2]))
	return n, ""
}

// unrotatedDetector demands that some log shows an origin that no rotation
// changed: then axes and origin of the pixel block are those of the formula.
func unrotatedDetector(c *Context) string {
	for _, s := range c.Sides() {
		before, after := s.Rec(schema.Pix0BeforeRotation), s.Rec(schema.Pix0AfterTwotheta)
		switch {
		case before == nil || after == nil:
		case valueText(before) != valueText(after):
			return "the detector is rotated"
		default:
			return ""
		}
	}
	return "no log prints the origin before rotation: the pivot is not SAMPLE, or not known"
}

func findOdet(c *Context, _ []*diff.Row) ([]Cause, string) {
	n, why := normalsOf(c)
	if why != "" {
		return nil, why
	}
	roots := slices.DeleteFunc(c.RootsOf(originLines...), func(r *diff.Row) bool { return n.outgrown(c, r) })
	made, kept, typed := n.made, n.kept, n.typed
	ref, got, but := made, kept, "odet there is not f x s"
	if made.side == c.Got {
		ref, got, but = kept, made, "odet there is f x s, as it is not in the reference"
	}
	delta := expText(got.pix0.sub(ref.pix0))
	cause := one(roots, fmt.Sprintf("%s made the detector's origin with odet = f x s, %s with another odet", made.side.Name, kept.side.Name), []string{
		fmt.Sprintf("the origin of %s (%s), solved for odet, gives f x s: the angle between them is %.1g rad", made.side.Name, made.pos(), made.angle),
		fmt.Sprintf("the origin of %s (%s) gives %s, %.3g rad from f x s: the direction of %s to %.1g rad, a vector of %d decimals as one types it, of length %.9f and not 1",
			kept.side.Name, kept.pos(), kept.o.text(9), kept.angle, typed.text(n.decimals), n.off, n.decimals, typed.norm())},
		fmt.Sprintf("The origins are apart by %s m.", delta)).enters(schema.Pix0Vector).alone().
		at(pos(c.Got, schema.Pix0Vector), fmt.Sprintf("pix0_vector_meters: off by %s m (%s); %s", delta, ref.pos(), but))
	if len(roots) == 0 {
		cause.also("No row starts to differ by that alone: what it moves differs within tolerance, or by more for another cause.")
	}
	// Another normal does not change the distance along it: where that differs,
	// there is another cause besides.
	along := kept.reach.dot(typed) / typed.dot(typed)
	if extra := along - made.reach.norm(); math.Abs(extra) > 1e-6*along {
		cause.partly(roots)
		cause.also(fmt.Sprintf("This does not explain all: the origin of %s lies %.9g m along its odet, that of %s %.9g m, which is %+.4g m apart.",
			kept.side.Name, along, made.side.Name, made.reach.norm(), extra))
	}
	return cause, ""
}

// outgrown reports whether a row differs by more than ten times what the other normal moves the origin by, or by
// something that is in none of its inputs. A scattering vector is a small difference of two of length 1/lambda.
func (n normals) outgrown(c *Context, r *diff.Row) bool {
	moved := n.made.pix0.sub(n.kept.pix0).norm() / n.made.pix0.norm()
	if r.Key == schema.ScatteringVec {
		moved /= math.Min(1, either(vec(c.Ref, r.Key).norm()*val(c.Ref, schema.LambdaMeters), 1))
	}
	return ofItself(c, r) || r.Rel > 10*moved
}

// asTyped finds the short decimal vector whose direction this is. The
// direction must be met a thousand times better than the decimals resolve: by
// chance that happens to one direction in 200 000.
func asTyped(o Vec) (typed Vec, decimals int, off float64, ok bool) {
	for d := 3; d <= 8; d++ {
		p := math.Pow(10, float64(d))
		for i := range o {
			typed[i] = math.Round(o[i]*p) / p
		}
		if off = typed.angle(o); typed.norm() > 0 && off < 1e-3/p {
			return typed, d, off, true
		}
	}
	return Vec{}, 0, 0, false
}
