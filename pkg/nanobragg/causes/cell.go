package causes

import (
	"fmt"
	"math"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace/schema"
)

// findMatrixTranspose recognises matrix-transpose.
func findMatrixTranspose(c *Context) ([]Cause, string) {
	for _, keys := range [][]schema.Key{starKeys, realKeys} {
		ref, ok1 := vecs(c.Ref, keys...)
		got, ok2 := vecs(c.Got, keys...)
		if rows := c.Open(keys...); len(rows) > 0 && ok1 && ok2 && transposed(ref, got) {
			return one(rows, "", []string{fmt.Sprintf("all nine components of got (from %s) are those of the reference (from %s) with rows and columns exchanged", c.Got.Rec(keys[0]).Pos, c.Ref.Rec(keys[0]).Pos)}, show(rows[0])+"."), ""
		}
	}
	return nil, "the cell vectors of the two sides are not transposes of each other"
}

// transposed reports whether b is a with rows and columns exchanged, and is not
// the same matrix.
func transposed(a, b []Vec) bool {
	size, same := 0.0, true
	for i := range a {
		size = math.Max(size, a[i].norm())
	}
	for i := range a {
		for j := range a[i] {
			if !(math.Abs(b[i][j]-a[j][i]) <= fingerprint*size) {
				return false
			}
			same = same && math.Abs(b[i][j]-a[i][j]) <= fingerprint*size
		}
	}
	return !same
}

// findLambdaRescale recognises lambda-rescale.
func findLambdaRescale(c *Context) ([]Cause, string) {
	lambda, lr, ok := c.Ref.Num(schema.LambdaAngstroms)
	if !ok {
		return nil, notPrinted(schema.LambdaAngstroms)
	}
	return scaled(c, "", func(keys []schema.Key, ratio float64) (string, bool) {
		_, ok := eitherWay(ratio, lambda)
		return fmt.Sprintf("lambda_angstroms is %.9g (%s), its inverse %.9g", lambda, lr.Pos, 1/lambda), ok
	})
}

// findVolumeScale recognises volume.
func findVolumeScale(c *Context) ([]Cause, string) {
	return scaled(c, "cell vectors scaled by a wrong volume", func(keys []schema.Key, ratio float64) (string, bool) {
		if _, ok := eitherWay(ratio, 2*math.Pi); ok {
			return "the ratio is 2 pi: the physicist's reciprocal lattice against the crystallographer's", true
		}
		if keys[0] == schema.RotA && c.Agrees(starKeys...) {
			return "the reciprocal vectors agree, so that the volume between them and the real ones is wrong by this factor", true
		}
		return "the ratio is not the wavelength", true
	})
}

// scaled looks for one ratio of all nine components that means something.
func scaled(c *Context, title string, means func([]schema.Key, float64) (string, bool)) ([]Cause, string) {
	for _, keys := range [][]schema.Key{starKeys, realKeys} {
		ratio, rows, ok := cellScale(c, keys)
		if !ok {
			continue
		}
		what, ok := means(keys, ratio)
		if !ok {
			return nil, fmt.Sprintf("the cell vectors have the one ratio %.9g; %s", ratio, what)
		}
		return one(rows, title, []string{fmt.Sprintf("all nine components from %s on (%s, %s) have the ratio %.9g", keys[0], c.Ref.Rec(keys[0]).Pos, c.Got.Rec(keys[0]).Pos, ratio), what}), ""
	}
	return nil, "the cell vectors of the two sides have no common ratio but 1"
}

// cellScale returns the one ratio of the nine components where it is not 1.
func cellScale(c *Context, keys []schema.Key) (ratio float64, rows []*diff.Row, ok bool) {
	rows = c.Open(keys...)
	ref, ok1 := vecs(c.Ref, keys...)
	got, ok2 := vecs(c.Got, keys...)
	if len(rows) == 0 || !ok1 || !ok2 {
		return 0, nil, false
	}
	var a, b []float64
	for i := range ref {
		a, b = append(a, ref[i][:]...), append(b, got[i][:]...)
	}
	ratio, ok = oneRatio(a, b)
	if l, has := lambdaRatio(c); has {
		if _, follows := eitherWay(ratio, l); follows {
			return 0, nil, false // a matrix is divided by the wavelength that is set
		}
	}
	return ratio, rows, ok && ratio > 0 && !meets(ratio, 1)
}

// lambdaRatio is the ratio of the wavelengths, where they differ.
func lambdaRatio(c *Context) (float64, bool) {
	ref, _, ok1 := c.Ref.Num(schema.LambdaMeters)
	got, _, ok2 := c.Got.Num(schema.LambdaMeters)
	return got / ref, ok1 && ok2 && ref != 0 && ref != got
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

func findDuality(c *Context) ([]Cause, string) {
	rows := c.Open(cellKeys...)
	if len(rows) == 0 {
		return nil, "no cell vector is a root that is left to explain"
	}
	for _, s := range c.Sides() {
		if o, ok := recomputed(c, s, schema.HKLFrac); ok && o.rel > fingerprint {
			return nil, fmt.Sprintf("the indices of %s are off what its real vectors make by %.3g", s.Name, o.rel)
		}
	}
	ref, ok1 := cellOf(c.Ref)
	got, ok2 := cellOf(c.Got)
	if !ok1 || !ok2 {
		return nil, "not checked: the logs do not both print a real and a reciprocal cell that are duals but for one factor"
	}
	right, wrong := ref, got
	if math.Abs(ref.k-1) > math.Abs(got.k-1) {
		right, wrong = got, ref
	}
	// 15 printed digits make 1e-13 of it; an angle that is off moves the volume by
	// 1e-4 for each degree, and more than 1 % is another matter.
	off := math.Abs(wrong.k - 1)
	numbers := fmt.Sprintf("a . a* is %.9g in the reference (%s) and %.9g in got (%s), from the lengths and angles that no rotation changes", ref.k, c.Ref.Rec(schema.RotA).Pos, got.k, c.Got.Rec(schema.RotA).Pos)
	if off < 1e-7 || off > 1e-2 || math.Abs(right.k-1) > math.Max(1e-9, 1e-3*off) {
		return nil, numbers
	}
	near := func(ratio float64) bool {
		return math.Min(math.Abs(ratio-wrong.k), math.Abs(1/ratio-wrong.k)) <= 5e-3*off
	}
	var how string
	keys := cellKeys
	switch real, star := edgeRatio(right.real, wrong.real), edgeRatio(right.star, wrong.star); {
	case math.Abs(star-1) < 5e-3*off && near(real):
		keys = realKeys
		how = fmt.Sprintf("the reciprocal edges agree, and the real ones have the one ratio %.9g: the volume between them is another", real)
	case math.Abs(real-1) < 5e-3*off && near(star):
		keys = starKeys
		how = fmt.Sprintf("the real edges agree, and the reciprocal ones have the one ratio %.9g: the volume between them is another", star)
	case near(volumeOf(wrong.real)/volumeOf(right.real)) && c.Agrees(schema.RotC) && math.Abs(real-1) < 1e-6:
		how = fmt.Sprintf("the edges agree; the volumes are %.9g and %.9g cubic angstroms, as that of the vectors and that of the angles", volumeOf(right.real), volumeOf(wrong.real))
	case sameDirections(right.real, wrong.real) && madeByAngles(right.star, wrong.real, volumeOf(wrong.real)/wrong.k):
		how = fmt.Sprintf("the real vectors have the same directions, and their lengths are those of the given cell on one side and those of the vectors on the other: %.9g and %.9g cubic angstroms", volumeOf(right.real), volumeOf(wrong.real))
	default:
		return nil, fmt.Sprintf("%s is not dual, but the cells differ by more than that", wrong.side.Name)
	}
	if rows = c.Open(keys...); len(rows) == 0 {
		return nil, numbers + "; but what it makes differ is no root"
	}
	cause := one(rows, fmt.Sprintf("the cell of %s is not the dual of its reciprocal cell", wrong.side.Name), []string{numbers, how}, show(rows[0])+".")
	cause[0].PrintOnly = !c.Differs(realKeys...)
	return cause, ""
}

// dualCell is a log's cell: the real vectors times k are dual to the
// reciprocal ones.
type dualCell struct {
	side       *Side
	k          float64
	real, star []Vec
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

// sameDirections reports whether three vectors are parallel to three others.
func sameDirections(a, b []Vec) bool {
	for i := range a {
		if a[i].angle(b[i]) > 1e-9 {
			return false
		}
	}
	return true
}

func volumeOf(v []Vec) float64 { return math.Abs(v[0].dot(v[1].cross(v[2]))) }

// cellOf demands that the product of the two metrics is a multiple of the unit
// matrix, k^2. Rotations do not change it.
func cellOf(s *Side) (dualCell, bool) {
	out := dualCell{side: s}
	var ok1, ok2 bool
	out.real, ok1 = vecs(s, realKeys...)
	out.star, ok2 = vecs(s, starKeys...)
	if !ok1 || !ok2 {
		return out, false
	}
	var m [3][3]float64
	for i := range 3 {
		for j := range 3 {
			for k := range 3 {
				m[i][j] += float64(out.real[i].dot(out.real[k]) * out.star[k].dot(out.star[j]))
			}
			m[i][j] *= out.real[j].norm() / out.real[i].norm() // off the diagonal the lengths do not cancel
		}
	}
	// The one cell may be printed in another unit.
	if n := math.Round(math.Log10(m[0][0]) / 2); n != 0 && !math.IsNaN(n) && math.Abs(n) < 30 {
		for i := range 3 {
			out.real[i] = out.real[i].scale(math.Pow(10, -n))
			for j := range 3 {
				m[i][j] *= math.Pow(10, -2*n)
			}
		}
	}
	out.k = math.Sqrt(m[0][0])
	for i := range 3 {
		for j := range 3 {
			want := 0.0
			if i == j {
				want = m[0][0]
			}
			if !(math.Abs(m[i][j]-want) <= 5e-7) {
				return out, false
			}
		}
	}
	return out, finite(out.k)
}
