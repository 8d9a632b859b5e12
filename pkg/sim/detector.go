package sim

import (
	"fmt"
	"math"
)

// Frame is the detector's three unit axes.
type Frame struct{ Fast, Slow, Normal Vec3 }

func (f Frame) rotate(angles Vec3, reversed bool) Frame {
	return Frame{turnXYZ(f.Fast, angles, reversed), turnXYZ(f.Slow, angles, reversed), turnXYZ(f.Normal, angles, reversed)}
}

func (f Frame) rotateAxis(u Vec3, phi float64) Frame {
	return Frame{rotateAxis(f.Fast, u, phi), rotateAxis(f.Slow, u, phi), rotateAxis(f.Normal, u, phi)}
}

// Geometry is the detector in SI units: metres, radians, laboratory frame.
type Geometry struct {
	Convention  Convention
	Pivot       Pivot
	PixelSize   float64
	Fast, Slow  int     // pixels
	SizeF       float64 // metres along the fast axis
	SizeS       float64
	Frame       Frame // after all rotations
	Pix0        Vec3  // outer corner of the first pixel
	Distance    float64
	Close       float64 // distance of closest approach, Pix0 . Normal
	Beam        Vec3    // unit, direction of travel
	Polar       Vec3    // unit, E vector
	Vertical    Vec3    // Beam x Polar
	Spindle     Vec3    // unit
	SpindleRaw  Vec3    // as given or chosen by the convention
	Curved      bool
	PointPixel  bool
	Setup       GeometrySetup
	Xbeam       float64 // as given or defaulted; image headers print it
	Ybeam       float64
	Xclose      float64
	Yclose      float64
	Fbeam       float64 // where the beam hits, recomputed from the final frame
	Sbeam       float64
	Fclose      float64 // point of closest approach, recomputed likewise
	Sclose      float64
	DialsOrigin Vec3 // millimetres
	Thick       float64
	ThickStep   float64
	ThickSteps  int
	CaptureFrom int     // the layer whose capture fraction the first one has
	Mu          float64 // 1/attenuation depth; -1 where not given
	Depth       float64 // attenuation depth in metres, where the profile divides by it; else 0
}

// GeometrySetup keeps what the way to the final frame passed through, for the
// setup lines of a trace.
type GeometrySetup struct {
	Angles          Vec3 // rotx, roty, rotz
	Reversed        bool // turned about z first and x last
	Twotheta        float64
	TwothetaAxis    Vec3
	Initial         Frame
	AfterRotz       Frame
	Fclose, Sclose  float64
	Fbeam, Sbeam    float64
	Ratio           float64
	Distance, Close float64
	OdetRegenerated bool
	Pix0Before      Vec3 // SAMPLE pivot: before any rotation, after rotz, after twotheta
	Pix0AfterRotz   Vec3
}

// beamCentre is the bookkeeping between the beam centre's three forms.
type beamCentre struct {
	fclose, sclose, fbeam, sbeam float64
	xbeam, ybeam, xclose, yclose float64
}

func prepareGeometry(d *DetectorConfig, p *Profile) (*Geometry, error) {
	g := &Geometry{Convention: d.Convention, Curved: d.Curved, PointPixel: d.PointPixel}
	if err := g.size(d); err != nil {
		return nil, err
	}
	c := g.centre(d, p)
	twothetaAxis := g.axes(d, p, &c)
	if err := g.straighten(p); err != nil {
		return nil, err
	}
	g.Setup.Reversed = p.DetectorZYX
	g.place(d, p, &c, twothetaAxis)
	g.Xbeam, g.Ybeam, g.Xclose, g.Yclose = c.xbeam, c.ybeam, c.xclose, c.yclose
	return g, nil
}

// maxPixels bounds the image: 2^31 float32 pixels are 8 GB.
const maxPixels = 1 << 31

func (g *Geometry) size(d *DetectorConfig) error {
	g.PixelSize = d.PixelMM / 1000.0
	if !(g.PixelSize > 0) || math.IsInf(g.PixelSize, 0) {
		return fmt.Errorf("pixel size %g mm is not positive", d.PixelMM)
	}
	g.SizeF, g.SizeS = d.SizeFastMM/1000.0, d.SizeSlowMM/1000.0
	if d.PixelsFast != 0 {
		g.SizeF = g.PixelSize * float64(d.PixelsFast)
	}
	if d.PixelsSlow != 0 {
		g.SizeS = g.PixelSize * float64(d.PixelsSlow)
	}
	f, s := math.Ceil(g.SizeF/g.PixelSize-0.5), math.Ceil(g.SizeS/g.PixelSize-0.5)
	if !(f >= 1) || !(s >= 1) {
		return fmt.Errorf("detector of %g x %g pixels has none", f, s)
	}
	if !(f*s <= maxPixels) {
		return fmt.Errorf("detector of %g x %g pixels is too large (at most 2^31 pixels)", f, s)
	}
	g.Fast, g.Slow = int(f), int(s)
	return nil
}

func (g *Geometry) centre(d *DetectorConfig, p *Profile) beamCentre {
	corner := 0.5
	if p.Orgx != OrgxHalf {
		corner = 0
	}
	c := beamCentre{
		fclose: (d.ORGX - corner) * g.PixelSize, sclose: (d.ORGY - corner) * g.PixelSize,
		xbeam: d.Xbeam / 1000.0, ybeam: d.Ybeam / 1000.0,
		xclose: d.Xclose / 1000.0, yclose: d.Yclose / 1000.0,
	}
	setDefault(&c.ybeam, d.YbeamM)
	if p.Orgx == OrgxUnset && d.Convention == Custom {
		setDefault(&c.fclose, (g.SizeF-g.PixelSize)/2.0)
		setDefault(&c.sclose, (g.SizeS+g.PixelSize)/2.0)
	}
	setDefault(&c.fclose, g.SizeF/2.0)
	setDefault(&c.sclose, g.SizeS/2.0)
	setDefault(&c.xclose, c.fclose)
	setDefault(&c.yclose, c.sclose)
	c.fbeam, c.sbeam = c.fclose, c.sclose
	return c
}

func setDefault(v *float64, def float64) {
	if math.IsNaN(*v) {
		*v = def
	}
}

// conventionAxes are the axes that a convention prescribes.
type conventionAxes struct{ beam, fdet, sdet, odet, twotheta, polar, spindle Vec3 }

var axesOf = map[Convention]conventionAxes{
	Adxv:   {Vec3{0, 0, 1}, Vec3{1, 0, 0}, Vec3{0, -1, 0}, Vec3{0, 0, 1}, Vec3{-1, 0, 0}, Vec3{1, 0, 0}, Vec3{1, 0, 0}},
	Mosflm: {Vec3{1, 0, 0}, Vec3{0, 0, 1}, Vec3{0, -1, 0}, Vec3{1, 0, 0}, Vec3{0, 0, -1}, Vec3{0, 0, 1}, Vec3{0, 0, 1}},
	Denzo:  {Vec3{1, 0, 0}, Vec3{0, 0, 1}, Vec3{0, -1, 0}, Vec3{1, 0, 0}, Vec3{0, 0, -1}, Vec3{0, 0, 1}, Vec3{0, 0, 1}},
	XDS:    {Vec3{0, 0, 1}, Vec3{1, 0, 0}, Vec3{0, 1, 0}, Vec3{0, 0, 1}, Vec3{1, 0, 0}, Vec3{1, 0, 0}, Vec3{1, 0, 0}},
	Dials:  {Vec3{0, 0, 1}, Vec3{1, 0, 0}, Vec3{0, 1, 0}, Vec3{0, 0, 1}, Vec3{0, 1, 0}, Vec3{0, 1, 0}, Vec3{0, 1, 0}},
}

// dialsMinusZ is the frame that cctbx gives to DIALS.
var dialsMinusZ = conventionAxes{Vec3{0, 0, -1}, Vec3{1, 0, 0}, Vec3{0, -1, 0}, Vec3{0, 0, -1}, Vec3{1, 0, 0}, Vec3{1, 0, 0}, Vec3{1, 0, 0}}

// axes sets the frame and the beam centre of the convention and returns the
// twotheta axis. All conventions but Custom replace every axis that was given.
func (g *Geometry) axes(d *DetectorConfig, p *Profile, c *beamCentre) Vec3 {
	a, ok := axesOf[d.Convention]
	if d.Convention == Dials && p.DialsMinusZ {
		a = dialsMinusZ
	}
	if !ok {
		a = conventionAxes{d.Beam, d.Fdet, d.Sdet, d.Odet, d.TwothetaAxis, d.Polar, d.Spindle}
	}
	g.Beam, g.Polar, g.Spindle = a.beam, a.polar, a.spindle
	g.Frame = Frame{a.fdet, a.sdet, a.odet}
	px := g.PixelSize
	g.Pivot = PivotBeam
	switch d.Convention {
	case Adxv:
		setDefault(&c.xbeam, (g.SizeF+px)/2.0)
		setDefault(&c.ybeam, (g.SizeS-px)/2.0)
		c.fbeam, c.sbeam = c.xbeam, g.SizeS-c.ybeam
	case Mosflm, Denzo:
		setDefault(&c.xbeam, (g.SizeS+px)/2.0)
		setDefault(&c.ybeam, (g.SizeF+px)/2.0)
		c.fbeam, c.sbeam = c.ybeam, c.xbeam
		if d.Convention == Mosflm {
			c.fbeam += float64(0.5 * px)
			c.sbeam += float64(0.5 * px)
		}
	case XDS, Dials, Custom:
		if p.Orgx == OrgxUnset && d.Convention != Custom {
			g.unset(d, c)
		}
		setDefault(&c.xbeam, c.xclose)
		setDefault(&c.ybeam, c.yclose)
		c.fbeam, c.sbeam = c.xbeam, c.ybeam
		g.Pivot = PivotSample
		if d.Convention == Custom {
			c.fclose, c.sclose = c.xbeam, c.ybeam
			g.Pivot = d.Pivot
		}
	}
	return a.twotheta
}

// unset leaves the point of closest approach as cctbx's objects have it in XDS and
// Dials: setting ORGX makes it no number, and without it what the construction in
// Mosflm's convention left there stands.
func (g *Geometry) unset(d *DetectorConfig, c *beamCentre) {
	px := g.PixelSize
	mosflm := beamCentre{xbeam: c.xbeam, ybeam: c.ybeam}
	setDefault(&mosflm.xbeam, (g.SizeS+px)/2.0)
	setDefault(&mosflm.ybeam, (g.SizeF+px)/2.0)
	c.fclose, c.sclose = mosflm.ybeam+float64(0.5*px), mosflm.xbeam+float64(0.5*px)
	if !math.IsNaN(d.ORGX) || !math.IsNaN(d.ORGY) {
		c.fclose, c.sclose = math.NaN(), math.NaN()
	}
}

// straighten makes the axes unit vectors. The normal is kept only where its
// length was exactly 1; else it becomes fast x slow.
// A profile may keep the normal, and the lengths.
func (g *Geometry) straighten(p *Profile) error {
	g.SpindleRaw = g.Spindle
	f := &g.Frame
	for _, v := range []struct {
		name string
		v    *Vec3
		raw  bool
	}{{"beam_vector", &g.Beam, p.VectorsRaw}, {"fdet_vector", &f.Fast, p.VectorsRaw}, {"sdet_vector", &f.Slow, p.VectorsRaw}, {"polar_vector", &g.Polar, false}, {"spindle_axis", &g.Spindle, false}} {
		u, m := unit(*v.v)
		if !(m > 0) || math.IsInf(m, 0) {
			return fmt.Errorf("%s %g %g %g has no direction", v.name, v.v[0], v.v[1], v.v[2])
		}
		if !v.raw {
			*v.v = u
		}
	}
	given := f.Normal
	odet, m := unit(f.Normal)
	if keep := p.Odet == OdetKeep && m > 0 && !math.IsInf(m, 0); keep && p.VectorsRaw {
		odet = f.Normal
	} else if m != 1.0 && !keep {
		odet, m = unit(cross(f.Fast, f.Slow))
		g.Setup.OdetRegenerated = true
		if m == 0 {
			return fmt.Errorf("fdet_vector and sdet_vector are parallel")
		}
		if p.Odet == OdetRegenerateSided && dot(odet, given) < 0 {
			odet = scale(odet, -1)
		}
	}
	f.Normal = odet
	g.Vertical, _ = unit(cross(g.Beam, g.Polar))
	return nil
}

// place rotates the detector and finds its origin.
func (g *Geometry) place(d *DetectorConfig, p *Profile, c *beamCentre, twothetaAxis Vec3) {
	s := &g.Setup
	s.Angles = Vec3{d.RotDeg[0] / DegreesPerRadian, d.RotDeg[1] / DegreesPerRadian, d.RotDeg[2] / DegreesPerRadian}
	s.Twotheta, s.TwothetaAxis = d.TwothetaDeg/DegreesPerRadian, twothetaAxis
	single := p.Setup.detector()
	if single {
		// The port's angles are float32 wherever they are used.
		for i, a := range d.RotDeg {
			s.Angles[i] = float64(radians32(a))
		}
		s.Twotheta = float64(radians32(d.TwothetaDeg))
		g.singleCentre(c)
	}
	s.Initial = g.Frame
	s.Fclose, s.Sclose, s.Fbeam, s.Sbeam = c.fclose, c.sclose, c.fbeam, c.sbeam

	s.AfterRotz = g.Frame.rotate(s.Angles, s.Reversed)
	final := s.AfterRotz.rotateAxis(twothetaAxis, s.Twotheta)
	if single {
		s.AfterRotz, final = g.Frame.single(s.Angles, s.Twotheta, twothetaAxis)
	}
	normal := turnXYZ(g.Frame.Normal, s.Angles, s.Reversed)
	if p.CloseTwotheta {
		normal = final.Normal
	}
	s.Ratio = dot(g.Beam, normal)
	if s.Ratio == 0 {
		s.Ratio = math.SmallestNonzeroFloat64 * (1 << 52) // DBL_MIN
	}
	s.Close = d.CloseMM / 1000.0
	setDefault(&s.Close, math.Abs(s.Ratio*(d.DistanceMM/1000.0)))
	s.Distance = s.Close / s.Ratio

	if g.Pivot == PivotSample {
		s.Pix0Before = origin(s.Fclose, s.Sclose, g.Frame.Fast, g.Frame.Slow, s.Close, g.Frame.Normal)
		s.Pix0AfterRotz = turnXYZ(s.Pix0Before, s.Angles, s.Reversed)
		g.Pix0 = rotateAxis(s.Pix0AfterRotz, twothetaAxis, s.Twotheta)
	}
	g.Frame = final
	if g.Pivot == PivotBeam {
		g.Pix0 = origin(s.Fbeam, s.Sbeam, g.Frame.Fast, g.Frame.Slow, s.Distance, g.Beam)
	}
	g.locate()
}

// origin is -F f - S s + length towards.
func origin(f, s float64, fast, slow Vec3, length float64, towards Vec3) Vec3 {
	var p Vec3
	for i := range p {
		p[i] = float64(-f*fast[i]) - float64(s*slow[i]) + float64(length*towards[i])
	}
	return p
}

// locate recomputes distances and centres from the final frame.
func (g *Geometry) locate() {
	f := g.Frame
	g.Fclose, g.Sclose = -dot(g.Pix0, f.Fast), -dot(g.Pix0, f.Slow)
	g.Close = dot(g.Pix0, f.Normal)
	g.Distance = g.Close / g.Setup.Ratio
	var hit Vec3
	for i := range hit {
		hit[i] = float64(g.Distance*g.Beam[i]) - g.Pix0[i]
	}
	g.Fbeam, g.Sbeam = dot(f.Fast, hit), dot(f.Slow, hit)
	g.DialsOrigin = Vec3{
		1000.0 * dot(g.Pix0, Vec3{0, 0, 1}),
		1000.0 * dot(g.Pix0, Vec3{0, 1, 0}),
		1000.0 * dot(g.Pix0, Vec3{-1, 0, 0}),
	}
}
