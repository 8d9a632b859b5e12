package nanobragg

import (
	"fmt"
	"io"
	"math"
	"strings"

	"simtrace/pkg/sim"
	"simtrace/pkg/sim/crmath"
)

// banner prints what the reference prints ahead of a rendering, in its words
// and its order; its title line and memory addresses are left out.
type banner struct {
	w io.Writer
	b *Builder
	e *sim.Experiment
}

// WriteBanner prints the experiment as the reference does ahead of a
// rendering: convention, detector, cell, sampling, sources and the block of
// parameters.
func (b *Builder) WriteBanner(w io.Writer, e *sim.Experiment) {
	p := banner{w, b, e}
	p.inputs()
	p.detector()
	p.cell()
	p.size()
	p.reflections()
	p.sweeps()
	p.sources()
	p.parameters()
	p.noise()
}

func (p *banner) line(format string, args ...any) { printf(p.w, format+"\n", args...) }

func (p *banner) vector(name string, v sim.Vec3) { p.line("%s %v %v %v", name, v[0], v[1], v[2]) }

// long prints a vector with 15 digits.
func (p *banner) long(name string, v sim.Vec3) {
	p.line("%s %s %s %s", name, number(v[0], 'g', 15), number(v[1], 'g', 15), number(v[2], 'g', 15))
}

func (p *banner) inputs() {
	c, beam, g := &p.e.Config, p.e.Beam, p.e.Geometry
	for _, path := range []string{p.b.MaskFile, p.b.imgFile} {
		if path != "" {
			p.line("reading %s", path)
		}
	}
	for i, side := range []string{"high", "wide"} {
		if size := c.Crystal.SizeMM[i+1] / 1000; beam.Beamsize >= 0 && beam.Beamsize < size {
			p.line("WARNING: clipping sample (%v m %s) with beam (%v m)", size, side, beam.Beamsize)
		}
	}
	if g.Setup.OdetRegenerated {
		p.line("WARNING: auto-generating odet_vector")
	}
	if c.Detector.ThickUM > 0 && c.Detector.AbsorbUM < 0 {
		p.line("WARNING: setting detector attenuation depth to %v m", g.Mu)
	}
	switch m := &c.Crystal; {
	case m.Domains <= 0 && m.MosaicDeg > 0:
		p.line("WARNING: finite mosaicity with only one domain! upping to 10 mosaic domains")
	case m.Domains > 0 && m.MosaicDeg < 0:
		p.line("WARNING: no mosaic spread specified.  setting mosaic_domains = 1")
	case m.Domains > 0 && m.MosaicDeg == 0:
		p.line("WARNING: zero mosaic spread specified.  setting mosaic_domains = 1")
	}
}

func (p *banner) detector() {
	g, c := p.e.Geometry, &p.e.Config.Crystal
	p.line("%s convention selected.", strings.ToLower(g.Convention.String()))
	if g.Pivot == sim.PivotSample {
		p.line("pivoting detector around sample")
	}
	p.long("DETECTOR_FAST_AXIS", g.Frame.Fast)
	p.long("DETECTOR_SLOW_AXIS", g.Frame.Slow)
	p.long("DETECTOR_NORMAL_AXIS", g.Frame.Normal)
	if g.Pivot == sim.PivotBeam {
		p.line("pivoting detector around direct beam spot")
	}
	p.long("DETECTOR_PIX0_VECTOR", g.Pix0)
	p.vector("XDS incident beam:", sim.Vec3{dot(g.Beam, g.Frame.Fast), dot(g.Beam, g.Frame.Slow), dot(g.Beam, g.Frame.Normal)})
	if c.Interpolate == sim.InterpolateAuto {
		kind := "no interpolation"
		if c.Cells[0] <= 2 || c.Cells[1] <= 2 || c.Cells[2] <= 2 {
			kind = "tricubic interpolation of structure factors"
		}
		p.line("auto-selected %s", kind)
	}
}

func dot(a, b sim.Vec3) float64 {
	return float64(a[0]*b[0]) + float64(a[1]*b[1]) + float64(a[2]*b[2])
}

func (p *banner) cell() {
	x := p.e.Crystal
	if p.b.MatFile != "" {
		p.line("reading %s", p.b.MatFile)
	}
	if x.Setup.MissetRandom {
		m := x.Setup.MissetRad
		p.line("random orientation misset angles: %s %s %s deg", fixed(m[0]*sim.DegreesPerRadian, 6), fixed(m[1]*sim.DegreesPerRadian, 6), fixed(m[2]*sim.DegreesPerRadian, 6))
	}
	real, star := x.Setup.RealA, x.Star
	unitCell := p.edges("cell angles", "_%s", real, star, x.VCell)
	recpCell := p.edges("reciprocal cell angles", "(%s_star)", star, real, x.Setup.VStar)
	p.line("Unit Cell: %s\nRecp Cell: %s", unitCell, recpCell)
	p.line("volume = %v A^3", x.VCell)
	p.table("real-space cell vectors (Angstrom):", "", real)
	p.table("reciprocal-space cell vectors (Angstrom^-1):", "_star", star)
}

// edges returns the lengths and angles of a lattice and warns where the sines
// and cosines are none; other is the lattice dual to it.
func (p *banner) edges(what, form string, l, other sim.Lattice, volume float64) string {
	n, m := l.Lengths(), other.Lengths()
	var sines, cosines sim.Vec3
	text, odd := fmt.Sprintf("%s %s %s", general(n[0]), general(n[1]), general(n[2])), false
	for i := range sines {
		j, k := min((i+1)%3, (i+2)%3), max((i+1)%3, (i+2)%3)
		sines[i] = m[i] * volume / n[j] / n[k]
		cosines[i] = dot(l[j], l[k]) / n[j] / n[k]
		odd = odd || math.Abs(sines[i]) > 1.0000001 || math.Abs(cosines[i]) > 1.0000001
		s, c := math.Max(-1, math.Min(1, sines[i])), cosines[i]
		if c*c > 1 {
			c = 1
		}
		text += " " + general(crmath.Atan2(s, c)*sim.DegreesPerRadian)
	}
	if odd {
		p.oddball(what, form, sines, cosines)
	}
	return text
}

func (p *banner) oddball(what, form string, sines, cosines sim.Vec3) {
	p.line("WARNING: oddball %s:", what)
	width := len("sin" + fmt.Sprintf(form, "alpha"))
	for i, angle := range []string{"alpha", "beta", "gamma"} {
		name := fmt.Sprintf(form, angle)
		p.line("%-*s = %s", width, "sin"+name, number(sines[i], 'g', 25))
		p.line("%-*s = %s", width, "cos"+name, number(cosines[i], 'g', 25))
	}
}

func (p *banner) table(title, suffix string, l sim.Lattice) {
	p.line("%s", title)
	p.line("     %-10s  %-10s  %-10s", "a"+suffix, "b"+suffix, "c"+suffix)
	for i, axis := range "XYZ" {
		p.line("%c: %11s %11s %11s", axis, fixed(l[0][i], 8), fixed(l[1][i], 8), fixed(l[2][i], 8))
	}
}

func (p *banner) size() {
	e := p.e
	s := e.SizeA
	p.line("crystal is %v x %v x %v microns", s[0]*1e6, s[1]*1e6, s[2]*1e6)
	if e.Config.Sampling.Oversample <= 0 {
		p.line("auto-selected %d-fold oversampling", e.Oversample)
	}
	if e.Oversample < e.Recommended {
		largest := math.Max(s[0], math.Max(s[1], s[2]))
		pixel := e.Beam.Lambda0 * e.Geometry.Distance / e.Geometry.PixelSize
		p.line("WARNING: maximum dimension of sample is %v A", largest*1e10)
		p.line("         but reciprocal pixel size is %v A", pixel*1e10)
		p.line("         intensity may vary significantly across a pixel!")
		p.line("         recommend -oversample %d to work around this", e.Recommended)
	}
	const density, avogadro = 1.2e6, 6.02214179e23
	n := e.Crystal.Cells
	p.line("approximate MW = %v", s[0]*s[1]*s[2]*density*avogadro/(n[0]*n[1]*n[2]))
}

func (p *banner) reflections() {
	b, c := p.b, &p.e.Config.Crystal
	switch {
	case b.dumpRead:
		p.line("reading Fs from %s", dumpName)
	case b.HKLFile != "":
		p.line("counting entries in %s", b.HKLFile)
		if c.DefaultF != 0 {
			p.line("initializing to default_F = %v:\ndone initializing:", c.DefaultF)
		}
		p.line("re-reading %s", b.HKLFile)
		if b.Out.DumpFile != "" {
			p.line("writing dump file for next time: %s", b.Out.DumpFile)
		}
	}
	if b.StolFile != "" {
		p.line("reading %s", b.StolFile)
	}
}

func (p *banner) sweeps() {
	g, r := p.e.Geometry, p.e.Rotation
	for i := range g.ThickSteps {
		p.line("thick%d = %v um", i, g.ThickStep*float64(i)*1e6)
	}
	for i := range r.Steps {
		p.line("phi%d = %v", i, r.Phi(i)*sim.DegreesPerRadian)
	}
}

func (p *banner) sources() {
	beam := p.e.Beam
	if beam.DivSteps >= 0 {
		for _, d := range beam.Deviations {
			p.line("divergence deviation: %v %v", d[0], d[1])
		}
		for i := range beam.Dispersion.Steps {
			p.line("lambda%d = %s", i, number(beam.Wavelength(i), 'g', 15))
		}
	}
	p.line("  created a total of %d sources:", len(beam.Sources))
	for _, s := range beam.Sources {
		p.line("%v %v %v   %v %v", s.Position[0], s.Position[1], s.Position[2], s.Weight, s.Lambda)
	}
	p.line("  created a total of %d mosaic domains", p.e.Domains)
}
