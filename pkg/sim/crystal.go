package sim

import (
	"fmt"
	"math"
)

// Lattice holds the three vectors of a cell, real (metres or angstrom) or
// reciprocal (1/angstrom).
type Lattice [3]Vec3

func (l Lattice) scaled(s float64) Lattice {
	return Lattice{scale(l[0], s), scale(l[1], s), scale(l[2], s)}
}

// Lengths returns the lengths of the three vectors.
func (l Lattice) Lengths() Vec3 { return Vec3{norm(l[0]), norm(l[1]), norm(l[2])} }

// crosses returns b x c, c x a, a x b.
func (l Lattice) crosses() Lattice {
	return Lattice{cross(l[1], l[2]), cross(l[2], l[0]), cross(l[0], l[1])}
}

// Crystal is the cell in SI units and the way to it.
type Crystal struct {
	Real  Lattice // a0 b0 c0 in metres at phi = 0, domain 0
	Star  Lattice // a* b* c* in 1/angstrom, never rotated by phi or mosaic
	VCell float64 // cubic angstrom
	Cells Vec3    // Na, Nb, Nc
	Setup CrystalSetup
}

// CrystalSetup keeps the intermediate quantities of the cell, for the setup
// lines of a trace. Vectors are in angstrom and 1/angstrom.
type CrystalSetup struct {
	FromMatrix     bool
	RawStar        Lattice // as the file has them, where FromMatrix
	LambdaA        float64
	Scale          float64 // 1e-10/lambda
	MatrixStar     Lattice // after the wavelength correction
	Misset         bool
	MissetRandom   bool
	MissetRad      Vec3
	BeforeMisset   Lattice
	StarIn         Lattice // the reciprocal vectors that the cell is built from
	StarLengths    Vec3    // their lengths: of -cell, by the formula, which a triclinic c* does not quite have
	StarCross      Lattice // b*xc*, c*xa*, a*xb*
	VStarRaw       float64 // a* . (b* x c*)
	StarCrossFinal Lattice // after the lengths of -cell were forced
	VStar          float64
	RealA          Lattice // angstrom
	RealCross      Lattice
}

// cellStar builds the reciprocal cell of -cell in the default orientation, its
// edges, the formula's reciprocal lengths and the volume. The third component of c* comes from the volume of the angles and
// sin(gamma*), as the reference has it: for a triclinic cell the real vectors
// then differ slightly from what was asked.
func cellStar(cell [6]float64) (star Lattice, edges, lengths Vec3, volume float64, err error) {
	a, b, c := cell[0], cell[1], cell[2]
	if !(a > 0) {
		return star, edges, lengths, 0, fmt.Errorf("cell edge a = %g is not positive", a)
	}
	if b <= 0 {
		b = a
	}
	if c <= 0 {
		c = a
	}
	var ang Vec3
	for i := range ang {
		ang[i] = cell[3+i] / DegreesPerRadian
		if ang[i] <= 0 {
			ang[i] = math.Pi / 2
		}
	}
	al, be, ga := ang[0], ang[1], ang[2]
	half := float64((al + be + ga) / 2) // halving is a product to the compiler
	skew := sin(half) * sin(half-al) * sin(half-be) * sin(half-ga)
	if skew <= 0 || math.IsNaN(skew) {
		return star, edges, lengths, 0, fmt.Errorf("cell angles %g %g %g make no cell", cell[3], cell[4], cell[5])
	}
	volume = 2.0 * a * b * c * math.Sqrt(skew)
	vstar := 1.0 / volume
	as, bs, cs := float64(b*c*sin(al)*vstar), float64(c*a*sin(be)*vstar), float64(a*b*sin(ga)*vstar)
	if !(as > 0 && bs > 0 && cs > 0) || math.IsInf(as+bs+cs, 0) {
		return star, edges, lengths, 0, fmt.Errorf("cell %g %g %g has no finite reciprocal cell", a, b, c)
	}
	singas := clamp1(c * vstar / as / bs)
	cosals := clampSquare((float64(cos(be)*cos(ga)) - cos(al)) / (sin(be) * sin(ga)))
	cosbes := clampSquare((float64(cos(ga)*cos(al)) - cos(be)) / (sin(ga) * sin(al)))
	cosgas := clampSquare((float64(cos(al)*cos(be)) - cos(ga)) / (sin(al) * sin(be)))
	star = Lattice{
		{as, 0, 0},
		{bs * cosgas, bs * singas, 0},
		{cs * cosbes, cs * (cosals - float64(cosbes*cosgas)) / singas, cs * volume / (a * b * c * singas)},
	}
	return star, Vec3{a, b, c}, Vec3{as, bs, cs}, volume, nil
}

func clamp1(s float64) float64 { return math.Max(-1, math.Min(1, s)) }

// clampSquare keeps the reference's clamp of a cosine: out of range in either
// direction becomes +1.
func clampSquare(c float64) float64 {
	if c*c > 1 {
		return 1
	}
	return c
}

// prepareCrystal finds the real and reciprocal vectors. lambda is in metres.
func prepareCrystal(c *CrystalConfig, p *Profile, lambda float64, table *shuffle) (*Crystal, error) {
	x := &Crystal{}
	s := &x.Setup
	var star Lattice
	var edges Vec3
	var volume float64
	if c.Cell != nil {
		var err error
		if star, edges, s.StarLengths, volume, err = cellStar(*c.Cell); err != nil {
			return nil, err
		}
	}
	if c.Matrix != nil {
		m := c.Matrix
		s.FromMatrix, s.LambdaA, s.Scale = true, lambda*1e10, 1e-10/lambda
		s.RawStar = Lattice{{m[0], m[3], m[6]}, {m[1], m[4], m[7]}, {m[2], m[5], m[8]}}
		s.MatrixStar = s.RawStar.scaled(s.Scale)
		star, s.StarLengths = s.MatrixStar, s.MatrixStar.Lengths()
	}
	if c.Cell == nil && c.Matrix == nil {
		return nil, fmt.Errorf("no unit cell: give -cell or -mat")
	}
	star = x.misset(c, p, star, table)
	if err := x.invert(star, c.Cell != nil, edges, volume); err != nil {
		return nil, err
	}
	return x, nil
}

// misset turns the reciprocal vectors by the missetting angles.
func (x *Crystal) misset(c *CrystalConfig, p *Profile, star Lattice, table *shuffle) Lattice {
	s := &x.Setup
	s.BeforeMisset = star
	switch {
	case c.MissetRandom:
		// 90 is handed on as it stands, in radians.
		r := &random{shared: table, seed: -c.MissetSeed}
		s.MissetRad = missetAngles(randomRotation(90, r))
		s.MissetRandom = true
	case c.Misset != nil:
		s.MissetRad = Vec3{c.Misset[0] / DegreesPerRadian, c.Misset[1] / DegreesPerRadian, c.Misset[2] / DegreesPerRadian}
	default:
		return star
	}
	s.Misset = true
	for i := range star {
		star[i] = turnXYZ(star[i], s.MissetRad, p.MissetZYX)
	}
	return star
}

// invert builds the real cell from the reciprocal one, and the reciprocal one
// again from the real. Where the cell was given, its edges and volume count.
func (x *Crystal) invert(star Lattice, given bool, edges Vec3, volume float64) error {
	s := &x.Setup
	s.StarIn = star
	s.StarCross = star.crosses()
	s.VStarRaw = dot(star[0], s.StarCross[0])
	s.VStar, s.StarCrossFinal = s.VStarRaw, s.StarCross
	if given {
		for i := range s.StarCrossFinal {
			s.StarCrossFinal[i] = rescale(s.StarCross[i], edges[i]/volume)
		}
		s.VStar = 1.0 / volume
	}
	x.VCell = 1.0 / s.VStar
	if s.VStarRaw == 0 || math.IsNaN(x.VCell) || math.IsInf(x.VCell, 0) {
		return fmt.Errorf("the reciprocal cell has no volume")
	}
	s.RealA = s.StarCrossFinal.scaled(x.VCell)
	s.RealCross = s.RealA.crosses()
	x.Star = s.RealCross.scaled(s.VStar)
	x.Real = s.RealA.scaled(1e-10)
	return nil
}

// count sets the numbers of cells, from the size in metres where one is given: rounded
// up, or as they are.
func (x *Crystal) count(c *CrystalConfig, p *Profile, size Vec3) {
	edges := x.Real.Lengths()
	for i := range x.Cells {
		x.Cells[i] = c.Cells[i]
		if size[i] > 0 {
			if x.Cells[i] = size[i] / edges[i]; !p.CellFractions {
				x.Cells[i] = math.Ceil(x.Cells[i])
			}
		}
		if x.Cells[i] <= 1 {
			x.Cells[i] = 1
		}
	}
}
