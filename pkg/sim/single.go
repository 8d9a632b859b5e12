package sim

import "math"

// The setup in single precision is the PyTorch port's: the cell, its missetting, its
// rotation about the spindle, the detector's axes and the beam centre in pixels are
// float32 whatever the pixels are. Operations come in its order, since the last bit of
// a float32 shows in every Miller index: sums from the left, except that its vector
// product and its norm fuse a product with the sum.

type vec32 = [3]float32

// fused is a*b + c with one rounding: the product of two float32 is exact in float64.
func fused(a, b, c float32) float32 {
	return float32(float64(float64(a)*float64(b)) + float64(c))
}

func cross32(a, b vec32) vec32 {
	return vec32{
		fused(a[1], b[2], -float32(a[2]*b[1])),
		fused(a[2], b[0], -float32(a[0]*b[2])),
		fused(a[0], b[1], -float32(a[1]*b[0])),
	}
}

// crosses32 are the products b x c, c x a and a x b of a cell's vectors.
func crosses32(v [3]vec32) [3]vec32 {
	return [3]vec32{cross32(v[1], v[2]), cross32(v[2], v[0]), cross32(v[0], v[1])}
}

func normFused(v vec32) float32 {
	return float32(math.Sqrt(float64(fused(v[2], v[2], fused(v[1], v[1], float32(v[0]*v[0]))))))
}

// trig32 are sine and cosine of a float32 angle, correctly rounded.
func trig32(x float32) (s, c float32) { return float32(sin(float64(x))), float32(cos(float64(x))) }

// radians32 is an angle of degrees in radians.
func radians32(deg float64) float32 { return float32(float32(deg) * float32(math.Pi/180)) }

// mat32 is a 3x3 matrix, rows first.
type mat32 [3]vec32

func (m mat32) apply(v vec32) vec32 { return vec32{dot(m[0], v), dot(m[1], v), dot(m[2], v)} }

func (m mat32) mul(n mat32) mat32 {
	var out mat32
	for i := range 3 {
		for j := range 3 {
			out[i][j] = dot(m[i], vec32{n[0][j], n[1][j], n[2][j]})
		}
	}
	return out
}

// turn32 is Rz Ry Rx of angles in radians.
func turn32(a vec32) mat32 {
	sx, cx := trig32(a[0])
	sy, cy := trig32(a[1])
	sz, cz := trig32(a[2])
	rx := mat32{{1, 0, 0}, {0, cx, -sx}, {0, sx, cx}}
	ry := mat32{{cy, 0, sy}, {0, 1, 0}, {-sy, 0, cy}}
	rz := mat32{{cz, -sz, 0}, {sz, cz, 0}, {0, 0, 1}}
	return rz.mul(ry).mul(rx)
}

// turnAbout32 turns v about u, v cos + (u x v) sin + u (u.v)(1-cos).
func turnAbout32(v, u vec32, phi float32) vec32 {
	u, _ = unit(u)
	s, c := trig32(phi)
	d, x := dot(u, v), cross32(u, v)
	var out vec32
	for i := range out {
		out[i] = float32(v[i]*c) + float32(x[i]*s) + float32(float32(u[i]*d)*(1-c))
	}
	return out
}

func widen32(v vec32) Vec3 { return Vec3{float64(v[0]), float64(v[1]), float64(v[2])} }

// single replaces the cell by that of single precision.
func (x *Crystal) single(c *CrystalConfig) {
	s := &x.Setup
	var star [3]vec32
	var edges vec32
	var volume float32
	given := c.Matrix == nil
	if given {
		star, edges, volume = cellStar32(c.Cell)
	} else {
		for i, v := range s.MatrixStar {
			star[i] = rounded[float32](v)
		}
	}
	var angles vec32
	switch {
	case s.MissetRandom:
		for i, a := range s.MissetRad {
			angles[i] = radians32(a * DegreesPerRadian)
		}
	case s.Misset:
		for i, a := range c.Misset {
			angles[i] = radians32(a)
		}
	}
	r := turn32(angles)
	for i := range star {
		star[i] = r.apply(star[i])
		s.StarIn[i] = widen32(star[i])
	}
	cr := crosses32(star)
	if !given {
		volume = 1 / dot(star[0], cr[0])
	}
	var cell [3]vec32
	for i, v := range cr {
		if given {
			v = scale(v, float32(float32(edges[i]/volume)/normFused(v)))
		}
		cell[i] = scale(v, volume)
		s.RealA[i] = widen32(cell[i])
	}
	x.single32(cell)
}

// single32 makes the reciprocal cell of the real one, with the volume of its vectors.
func (x *Crystal) single32(cell [3]vec32) {
	cr := crosses32(cell)
	volume := dot(cell[0], cr[0])
	x.VCell, x.Setup.VStar = float64(volume), float64(1/volume)
	for i := range cr {
		x.Setup.RealCross[i] = widen32(cr[i])
		x.Star[i] = widen32(scale(cr[i], 1/volume))
	}
	x.Real = x.Setup.RealA.scaled(1e-10)
}

// cellStar32 is cellStar in single precision, with the sine of gamma* from its cosine.
func cellStar32(cell *[6]float64) (star [3]vec32, edges vec32, volume float32) {
	a, b, c := float32(cell[0]), float32(cell[1]), float32(cell[2])
	al, be, ga := radians32(cell[3]), radians32(cell[4]), radians32(cell[5])
	sa, ca := trig32(al)
	sb, cb := trig32(be)
	sg, cg := trig32(ga)
	half := float32((float32(al+be) + ga) / 2)
	sine := func(x float32) float32 { s, _ := trig32(x); return s }
	skew := float32(math.Abs(float64(float32(float32(sine(half)*sine(half-al))*sine(half-be)) * sine(half-ga))))
	root := float32(math.Sqrt(float64(skew)))
	volume = float32(float32(float32(float32(2*a)*b)*c) * root)
	vstar := 1 / volume
	as := float32(float32(float32(b*c)*sa) * vstar)
	bs := float32(float32(float32(c*a)*sb) * vstar)
	cs := float32(float32(float32(a*b)*sg) * vstar)
	cosas := (float32(cb*cg) - ca) / float32(sb*sg)
	cosbs := (float32(cg*ca) - cb) / float32(sg*sa)
	cosgs := float32(math.Max(-1, math.Min(1, float64((float32(ca*cb)-cg)/float32(sa*sb)))))
	singas := float32(math.Sqrt(float64(1 - float32(cosgs*cosgs))))
	star = [3]vec32{
		{as, 0, 0},
		{float32(bs * cosgs), float32(bs * singas), 0},
		{float32(cs * cosbs), float32(cs*(cosas-float32(cosbs*cosgs))) / singas, float32(cs*volume) / float32(float32(float32(a*b)*c)*singas)},
	}
	return star, vec32{a, b, c}, volume
}

// singleStep is the cell in metres at a phi step, turned in single precision.
func (e *Experiment) singleStep(tic int) orientation {
	r := &e.Config.Rotation
	step := float32(e.Rotation.Step * DegreesPerRadian)
	phi := float32(float32(float32(r.PhiDeg)+float32(step*float32(tic))) * float32(math.Pi/180))
	u := rounded[float32](e.Geometry.SpindleRaw)
	var out [3]Vec3
	for i, v := range e.Crystal.Setup.RealA {
		out[i] = scale(widen32(turnAbout32(rounded[float32](v), u, phi)), 1e-10)
	}
	return orientation{out[0], out[1], out[2]}
}

// single turns the axes in single precision, by angles in radians.
func (f Frame) single(angles Vec3, twotheta float64, twothetaAxis Vec3) (afterRotz, final Frame) {
	r := turn32(rounded[float32](angles))
	turned := func(v Vec3) (Vec3, Vec3) {
		w := r.apply(rounded[float32](v))
		return widen32(w), widen32(turnAbout32(w, rounded[float32](twothetaAxis), float32(twotheta)))
	}
	afterRotz.Fast, final.Fast = turned(f.Fast)
	afterRotz.Slow, final.Slow = turned(f.Slow)
	afterRotz.Normal, final.Normal = turned(f.Normal)
	return afterRotz, final
}

// singleCentre rounds the beam centre as a number of pixels.
func (g *Geometry) singleCentre(c *beamCentre) {
	for _, v := range []*float64{&c.fbeam, &c.sbeam, &c.fclose, &c.sclose} {
		*v = float64(float64(float32(*v/g.PixelSize)) * g.PixelSize)
	}
}
