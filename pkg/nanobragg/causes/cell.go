package causes

import (
	"fmt"
	"math"
	"slices"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace/schema"
)

func findMatrixTranspose(c *Context, _ []*diff.Row) ([]Cause, string) {
	for _, keys := range [][]schema.Key{starKeys, realKeys} {
		ref, got, ok := bothVecs(c, keys...)
		rows := c.Open(keys...)
		if len(rows) == 0 || !ok {
			continue
		}
		if transposed(ref, got) {
			return shown(rows, "", fmt.Sprintf("all nine components of got (from %s) are those of the reference (from %s) with rows and columns exchanged", c.Got.Rec(keys[0]).Pos(), c.Ref.Rec(keys[0]).Pos())), ""
		}
		if ratio, says := transposedBehind(c, ref, got); says != "" {
			return shown(rows, "", fmt.Sprintf("%s, all nine components of got (from %s) are %.9g times those of the reference (from %s) with rows and columns exchanged", says, c.Got.Rec(keys[0]).Pos(), ratio, c.Ref.Rec(keys[0]).Pos())), ""
		}
	}
	return nil, "the cell vectors of the two sides are not transposes of each other"
}

// transposedBehind looks for the transpose of vectors that were scaled, or turned by the misset angles, after the matrix was read.
func transposedBehind(c *Context, ref, got []Vec) (ratio float64, says string) {
	ratio = math.Sqrt((got[0].dot(got[0]) + got[1].dot(got[1]) + got[2].dot(got[2])) / (ref[0].dot(ref[0]) + ref[1].dot(ref[1]) + ref[2].dot(ref[2])))
	if transposed(ref, scaled(got, 1/ratio)) {
		return ratio, "but for one scale"
	}
	angles, pos, ok := missetOf(c.Ref)
	t := turning{angles: angles.scale(math.Pi / 180)}
	ref, got = slices.Clone(ref), scaled(got, 1/ratio)
	for i := range got {
		ref[i], got[i] = t.back(ref[i]), t.back(got[i])
	}
	if ok && transposed(ref, got) {
		return ratio, "before the misset (" + pos + ")"
	}
	return ratio, ""
}

// scaled are vectors times a number.
func scaled(v []Vec, f float64) (out []Vec) {
	for _, x := range v {
		out = append(out, x.scale(f))
	}
	return out
}

// scaleOf is the one ratio of two cells whose edges and angles are the same but for that, however they are turned or transposed.
func scaleOf(c *Context, ref, got []Vec) float64 {
	if ratio := edgeRatio(ref, got); sameAngles(ref, got, fingerprint) {
		return ratio
	}
	if ratio, says := transposedBehind(c, ref, got); says != "" {
		return ratio
	}
	return missing
}

// transposed reports whether b is a with rows and columns exchanged, and is not
// the same matrix.
func transposed(a, b []Vec) bool {
	size, same := math.Max(a[0].norm(), math.Max(a[1].norm(), a[2].norm())), true
	for i := range b {
		if !b[i].near(Vec{a[0][i], a[1][i], a[2][i]}, size) {
			return false
		}
		same = same && b[i].near(a[i], size)
	}
	return !same
}

// findScaled looks for one ratio of all nine components: lambda-rescale is that of the wavelength, volume any other.
func findScaled(byLambda bool) finder {
	return func(c *Context, _ []*diff.Row) ([]Cause, string) {
		lambda := val(c.Ref, schema.LambdaAngstroms)
		if !known(lambda) && byLambda {
			return nil, notPrinted(schema.LambdaAngstroms)
		}
		l, rescaled := lambdaRatio(c)
		for _, keys := range [][]schema.Key{starKeys, realKeys} {
			rows := c.Open(keys...)
			ref, got, ok := bothVecs(c, keys...)
			if !ok || !c.Differs(keys...) {
				continue
			}
			ratio, ok := oneRatio(slices.Concat(ref[0][:], ref[1][:], ref[2][:]), slices.Concat(got[0][:], got[1][:], got[2][:]))
			if len(rows) == 0 || !ok { // the lengths and angles tell beside another cause as well
				ratio = scaleOf(c, ref, got)
				_, unit := unitRatio(ratio)
				_, isLambda := eitherWay(ratio, lambda)
				// A ratio nearer to 1 is that of a cell that is no dual, unless it is a b c/V.
				ok = known(ratio) && !unit && isLambda == byLambda && (math.Abs(ratio-1) > 1e-2 || near1(ratio, boxOver(ref)) || near1(1/ratio, boxOver(got)))
				if keys[0] == schema.RotA && ok {
					r, g, printed := bothVecs(c, starKeys...)
					ok = printed && meets(edgeRatio(r, g), 1)
				}
			}
			// A matrix is divided by the wavelength that is set.
			if _, follows := eitherWay(ratio, l); !ok || ratio <= 0 || meets(ratio, 1) || rescaled && follows {
				continue
			}
			title, what := "cell vectors scaled by a wrong volume", "the ratio is not the wavelength"
			_, isLambda := eitherWay(ratio, lambda)
			_, isPi := eitherWay(ratio, 2*math.Pi)
			switch {
			case byLambda:
				title, what = "", fmt.Sprintf("lambda_angstroms is %.9g (%s), its inverse %.9g", lambda, pos(c.Ref, schema.LambdaAngstroms), 1/lambda)
				if !isLambda {
					return nil, fmt.Sprintf("the cell vectors have the one ratio %.9g; %s", ratio, what)
				}
			case isPi:
				what = "the ratio is 2 pi: the physicist's reciprocal lattice against the crystallographer's"
			case keys[0] == schema.RotA && c.Agrees(starKeys...):
				what = "the reciprocal vectors agree, so that the volume between them and the real ones is wrong by this factor"
			}
			return one(rows, title, []string{fmt.Sprintf("all nine components from %s on (%s, %s) have the ratio %.9g", keys[0], c.Ref.Rec(keys[0]).Pos(), c.Got.Rec(keys[0]).Pos(), ratio), what}), ""
		}
		return nil, "the cell vectors of the two sides have no common ratio but 1"
	}
}

// lambdaRatio is the ratio of the wavelengths, where they differ.
func lambdaRatio(c *Context) (float64, bool) {
	ref, got := vals(c, schema.LambdaMeters)
	return got / ref, known(ref, got) && ref != 0 && ref != got
}

// scaledByLambda are the roots of the cell that follow from another wavelength.
func scaledByLambda(c *Context) []*diff.Row {
	l, ok := lambdaRatio(c)
	var out []*diff.Row
	for _, r := range c.Open(cellKeys...) {
		ratio, ok2 := rowRatio(r)
		if _, follows := eitherWay(ratio, l); ok && ok2 && follows {
			out = append(out, r)
		}
	}
	return out
}

func findDuality(c *Context, _ []*diff.Row) ([]Cause, string) {
	for _, s := range c.Sides() {
		if o, ok := recomputed(c, s, schema.HKLFrac); ok && o.rel > fingerprint {
			return nil, fmt.Sprintf("the indices of %s are off what its real vectors make by %.3g", s.Name, o.rel)
		}
	}
	ref, got, ok := both(c, cellOf)
	if !ok {
		return nil, "not checked: the logs do not both print a real and a reciprocal cell that are duals but for one factor"
	}
	right, wrong := ref, got
	if math.Abs(ref.k-1) > math.Abs(got.k-1) {
		right, wrong = got, ref
	}
	// 15 printed digits make 1e-13 of it; an angle that is off moves the volume by
	// 1e-4 for each degree, and more than 1 % is another matter.
	off := math.Abs(wrong.k - 1)
	numbers := fmt.Sprintf("a . a* is %.9g in the reference (%s) and %.9g in got (%s), from the lengths and angles that no rotation changes", ref.k, pos(c.Ref, schema.RotA), got.k, pos(c.Got, schema.RotA))
	if off < 1e-7 || off > 1e-2 || math.Abs(right.k-1) > math.Max(1e-9, 1e-3*off) {
		return nil, numbers
	}
	keys, how := nonDual(c, right, wrong)
	if how == "" {
		return nil, fmt.Sprintf("%s is not dual, but the cells differ by more than that", wrong.side.Name)
	}
	rows := c.Open(keys...)
	if len(rows) == 0 {
		return nil, numbers + "; but what it makes differ is no root"
	}
	cause := shown(rows, fmt.Sprintf("the cell of %s is not the dual of its reciprocal cell", wrong.side.Name), numbers, how)
	cause[0].PrintOnly = !c.Differs(realKeys...)
	return cause, ""
}

// nonDual says which vectors a cell that is no dual has otherwise, and how; how is "" where
// the two cells differ by more.
func nonDual(c *Context, right, wrong dualCell) (keys []schema.Key, how string) {
	off := math.Abs(wrong.k - 1)
	if near1(edgeRatio(right.real, wrong.real), boxOver(right.real)) {
		return nil, "" // of a wrong volume altogether
	}
	near := func(ratio float64) bool {
		return math.Min(math.Abs(ratio-wrong.k), math.Abs(1/ratio-wrong.k)) <= 5e-3*off
	}
	volumes := [2]float64{volumeOf(right.real), volumeOf(wrong.real)}
	switch real, star := edgeRatio(right.real, wrong.real), edgeRatio(right.star, wrong.star); {
	case math.Abs(star-1) < 5e-3*off && near(real):
		return realKeys, fmt.Sprintf("the reciprocal edges agree, and the real ones have the one ratio %.9g: the volume between them is another", real)
	case math.Abs(real-1) < 5e-3*off && near(star):
		return starKeys, fmt.Sprintf("the real edges agree, and the reciprocal ones have the one ratio %.9g: the volume between them is another", star)
	case near(volumes[1]/volumes[0]) && math.Abs(real-1) < 1e-6:
		return cellKeys, fmt.Sprintf("the edges agree; the volumes are %.9g and %.9g cubic angstroms, as that of the vectors and that of the angles", volumes[0], volumes[1])
	case sameAngles(right.real, wrong.real, 1e-9) && madeByAngles(right.star, wrong.real, volumes[1]/wrong.k):
		return cellKeys, fmt.Sprintf("the real vectors have the same directions, and their lengths are those of the given cell on one side and those of the vectors on the other: %.9g and %.9g cubic angstroms", volumes[0], volumes[1])
	}
	return nil, ""
}

// edgeRatio is the one ratio of three edges, NaN where they have none.
func edgeRatio(a, b []Vec) float64 {
	r := b[0].norm() / a[0].norm()
	for i := range a {
		if !closeTo(b[i].norm()/a[i].norm(), r, 1e-6) {
			return math.NaN()
		}
	}
	return r
}

// madeByAngles reports whether the reciprocal vectors are those that the reference makes for a cell of the
// edges of real and the volume: a* = b c sin(alpha)/V and so on, where the angles have to make that volume.
func madeByAngles(star, real []Vec, volume float64) bool {
	a, b, c := real[0].norm(), real[1].norm(), real[2].norm()
	sinA, sinB := star[0].norm()*volume/(b*c), star[1].norm()*volume/(a*c)
	cosG := star[0].dot(star[1]) / star[0].norm() / star[1].norm()
	if sinA > 1 || sinB > 1 {
		return false
	}
	for _, sign := range [][2]float64{{1, 1}, {1, -1}, {-1, 1}, {-1, -1}} {
		cosA, cosB := sign[0]*math.Sqrt(1-sinA*sinA), sign[1]*math.Sqrt(1-sinB*sinB)
		cos := cosA*cosB - cosG*sinA*sinB
		v := a * b * c * math.Sqrt(1+2*cosA*cosB*cos-cosA*cosA-cosB*cosB-cos*cos)
		if closeTo(v, volume, 1e-9) {
			return true
		}
	}
	return false
}

// sameAngles reports whether three vectors have the angles between them that three others have.
func sameAngles(a, b []Vec, within float64) bool {
	for i := range a {
		if j := (i + 1) % 3; math.Abs(a[i].angle(a[j])-b[i].angle(b[j])) > within {
			return false
		}
	}
	return true
}

// boxOver is a b c/V, what the volume of a cell is out by where its angles are taken for right ones.
func boxOver(v []Vec) float64 { return v[0].norm() * v[1].norm() * v[2].norm() / volumeOf(v) }

// near1 reports whether two ratios near 1 are off it by the same, to a hundredth.
func near1(a, b float64) bool { return math.Abs(a-b) <= 1e-2*math.Abs(a-1) && !meets(a, 1) }

// dualCell is a log's cell: the real vectors times k are dual to the
// reciprocal ones.
type dualCell struct {
	side       *Side
	k          float64
	real, star []Vec
}

// cellOf demands that the product of the two metrics is a multiple of the unit
// matrix, k^2. Rotations do not change it.
func cellOf(s *Side) (out dualCell, ok bool) {
	real, _ := vecs(s, realKeys...)
	star, _ := vecs(s, starKeys...)
	unit, dual := make([]Vec, 3), make([]Vec, 3) // times the lengths, which do not cancel off the diagonal
	for i := range 3 {
		for j := range 3 {
			dual[i] = dual[i].add(real[j].scale(star[i].dot(star[j])))
		}
		unit[i], dual[i] = real[i].unit(), dual[i].scale(real[i].norm())
	}
	// The one cell may be printed in another unit.
	k, ten := math.Sqrt(unit[0].dot(dual[0])), 1.0
	if n := math.Round(math.Log10(k)); n != 0 && math.Abs(n) < 30 {
		ten = math.Pow(10, -n)
	}
	for i := range 3 {
		real[i], dual[i] = real[i].scale(ten), dual[i].scale(1/(k*k))
	}
	k *= ten
	return dualCell{s, k, real, star}, finite(k) && offUnit(unit, dual)*k*k <= 5e-7
}
