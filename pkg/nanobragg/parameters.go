package nanobragg

import (
	"simtrace/pkg/sim"
)

var shapeNames = map[sim.Shape]string{
	sim.Round: "ellipsoidal", sim.Square: "parallelpiped", sim.Gauss: "gaussian", sim.Tophat: "tophat-spot",
}

// parameters prints the indented block ahead of the rendering.
func (p *banner) parameters() {
	e := p.e
	c, g, n := &e.Config, e.Geometry, e.Crystal.Cells
	count := 0
	if c.Crystal.F != nil {
		count = c.Crystal.F.Count
	}
	p.line("  %d initialized hkls (all others =%v)", count, c.Crystal.DefaultF)
	p.line("  %s xtal: %sx%sx%s cells", shapeNames[c.Crystal.Shape], fixed(n[0], 0), fixed(n[1], 0), fixed(n[2], 0))
	p.beam()
	p.line("  distance=%v detsize=%vx%v  pixel=%v meters (%dx%d pixels)", g.Distance, g.SizeF, g.SizeS, g.PixelSize, g.Fast, g.Slow)
	p.line("  sensor is %v m thick in %d layers with mu= %v", g.Thick, g.ThickSteps, g.Mu)
	p.line("  Xbeam=%v Ybeam=%v\n  Fbeam=%v Sbeam=%v", g.Xbeam, g.Ybeam, g.Fbeam, g.Sbeam)
	p.line("  Xclose=%v Yclose=%v\n  Fclose=%v Sclose=%v", g.Xclose, g.Yclose, g.Fclose, g.Sclose)
	p.vector("  DIRECTION_OF_DETECTOR_X-AXIS=", g.Frame.Fast)
	p.vector("  DIRECTION_OF_DETECTOR_Y-AXIS=", g.Frame.Slow)
	p.vector("  DIRECTION_OF_DETECTOR_Z-AXIS=", g.Frame.Normal)
	p.vector("  INCIDENT_BEAM_DIRECTION=", g.Beam)
	p.vector("  spindle ROTATION_AXIS=", g.Spindle)
	p.vector("  POLARIZATION_PLANE_NORMAL=", cross(g.Beam, g.Polar))
	p.vector("  dials origin=", g.DialsOrigin)
	p.region()
	p.steps()
}

func cross(a, b sim.Vec3) sim.Vec3 {
	return sim.Vec3{
		float64(a[1]*b[2]) - float64(a[2]*b[1]),
		float64(a[2]*b[0]) - float64(a[0]*b[2]),
		float64(a[0]*b[1]) - float64(a[1]*b[0]),
	}
}

func (p *banner) beam() {
	b, d := p.e.Beam, &p.e.Config.Detector
	p.line("  wave=%v meters +/- %v%% in %d steps", b.Lambda0, b.Dispersion.Range*100, b.Dispersion.Steps)
	if b.NoPolar {
		p.line("  polarization effect disabled")
	} else {
		p.line("  Kahn polarization factor: %s", fixed(b.Polarization, 6))
	}
	if d.Curved {
		p.line("  curved detector: all pixels same distance from origin")
	}
	if d.PointPixel {
		p.line("  pixel obliquity effect disabled")
	}
	p.line("  incident fluence: %v photons/m^2", b.Fluence)
}

// region prints the region of interest as it was given.
func (p *banner) region() {
	roi := p.e.Config.Sampling.ROI
	for i, whole := range [4]int{0, p.e.Geometry.Fast, 0, p.e.Geometry.Slow} {
		if roi[i] < 0 {
			roi[i] = whole
		}
	}
	p.line("  roi: %d < x < %d && %d < y < %d", roi[0], roi[1], roi[2], roi[3])
}

func (p *banner) steps() {
	e := p.e
	b, r, s := e.Beam, e.Rotation, &e.Config.Sampling
	p.line("  hdivrange=%v hdivstep=%v  radians", b.HDiv.Range, b.HDiv.Step)
	p.line("  vdivrange=%v vdivstep=%v  radians", b.VDiv.Range, b.VDiv.Step)
	p.line("  %d divergence steps\n  %d sources", b.DivSteps, len(b.Sources))
	p.line("  %d mosaic domains over mosaic spread of %v degrees", e.Domains, e.Mosaic*sim.DegreesPerRadian)
	p.line("  %d phi steps from %v to %v degrees", r.Steps, r.Phi0*sim.DegreesPerRadian, (r.Phi0+r.Osc)*sim.DegreesPerRadian)
	oversample := ""
	for _, o := range []struct {
		on   bool
		name string
	}{{s.OversampleThick, " +thick"}, {s.OversamplePolar, " +polar"}, {s.OversampleOmega, " +omega"}} {
		if o.on {
			oversample += o.name
		}
	}
	p.line("  %dx%d pixel oversample steps%s", e.Oversample, e.Oversample, oversample)
	if p.b.MaskFile != "" {
		p.line("  skipping zero-flagged pixels in %s", p.b.MaskFile)
	}
}

func (p *banner) noise() {
	if !p.b.Out.NoNoise {
		p.line("\n  noise image paramters:\n  seed: %d\n  water droplet size: %v m", -p.b.Out.Seed, p.e.Beam.WaterSize)
	}
}
