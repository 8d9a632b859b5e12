package sim

// orientation is the real cell in metres at one phi step in one domain.
type orientation struct{ a, b, c Vec3 }

// orientations is the prepared table of all rotations: what differs between
// programs in how they rotate is a different table, not other code.
//
// Where the profile carries vectors over at phi = 0 and the first step of a
// sweep is such a step, its vectors are those of the sweep's last step, except
// in the very first sweep of a run: that one has a table of its own.
type orientations struct {
	domains    int
	sweep      []orientation // [phi*domains + domain]
	firstSweep []orientation // as sweep, for the run's first; nil where equal
}

func prepareOrientations(e *Experiment, table *shuffle) orientations {
	o := orientations{domains: e.Domains}
	mats := e.mosaicDomains(table)
	fresh := make([]orientation, e.Rotation.Steps)
	a0 := orientation{e.Crystal.Real[0], e.Crystal.Real[1], e.Crystal.Real[2]}
	for t := range fresh {
		fresh[t] = a0
		if phi := e.Rotation.Phi(t); phi != 0 {
			u := e.Geometry.Spindle
			fresh[t] = orientation{rotateAxis(a0.a, u, phi), rotateAxis(a0.b, u, phi), rotateAxis(a0.c, u, phi)}
		}
	}
	if e.Config.Profile.PhiZero == PhiZeroFresh {
		o.sweep = expand(fresh, mats)
		return o
	}
	o.sweep = expand(carried(e, fresh, fresh[len(fresh)-1]), mats)
	if e.Rotation.Phi(0) == 0 && e.Rotation.Steps > 1 {
		o.firstSweep = expand(carried(e, fresh, a0), mats)
	}
	return o
}

// carried replaces every step at phi = 0 by the one before it; before stands
// ahead of the first.
func carried(e *Experiment, fresh []orientation, before orientation) []orientation {
	out := make([]orientation, len(fresh))
	for t := range fresh {
		if e.Rotation.Phi(t) != 0 {
			before = fresh[t]
		}
		out[t] = before
	}
	return out
}

// expand turns every phi step by every domain's matrix; no matrices means one
// domain, left as it is.
func expand(steps []orientation, mats []Mat3) []orientation {
	if mats == nil {
		return steps
	}
	out := make([]orientation, 0, len(steps)*len(mats))
	for _, s := range steps {
		for i := range mats {
			m := &mats[i]
			out = append(out, orientation{m.apply(s.a), m.apply(s.b), m.apply(s.c)})
		}
	}
	return out
}

// mosaicDomains draws the domains' rotations. The first domain is set straight,
// whether it draws or not.
func (e *Experiment) mosaicDomains(table *shuffle) []Mat3 {
	if !(e.Mosaic > 0) {
		return nil
	}
	r := &random{shared: table, seed: -e.Config.Crystal.MosaicSeed}
	mats := make([]Mat3, e.Domains)
	for i := range mats {
		if i > 0 || !e.Config.Profile.MosaicNoDraw {
			mats[i] = randomRotation(e.Mosaic, r)
		}
	}
	mats[0] = identity
	return mats
}

// firstSweep returns the index of the first pixel in scan order that gets as
// far as the phi loop, where that matters, and -1 where it does not.
func (e *Experiment) firstSweep() int {
	if e.orient.firstSweep == nil {
		return -1
	}
	for slow := e.ROI[2]; slow <= e.ROI[3]; slow++ {
		for fast := e.ROI[0]; fast <= e.ROI[1]; fast++ {
			if e.Wanted(slow, fast) && (e.Dmin <= 0 || e.sweeps(slow, fast)) {
				return slow*e.Geometry.Fast + fast
			}
		}
	}
	return -1
}

// sweeps reports whether any sample of the pixel passes the resolution cut.
func (e *Experiment) sweeps(slow, fast int) bool {
	for layer := range e.Geometry.ThickSteps {
		for sub := range e.Oversample * e.Oversample {
			d, _ := unit(e.position(slow, fast, layer, sub/e.Oversample, sub%e.Oversample))
			for i := range e.Beam.Sources {
				s := &e.Beam.Sources[i]
				if !e.cut(scattering(d, s.Incident, s.Lambda)) {
					return true
				}
			}
		}
	}
	return false
}

// cut reports whether the resolution limit drops a scattering vector.
func (e *Experiment) cut(q Vec3) bool {
	if e.Dmin <= 0 {
		return false
	}
	stol := 0.5 * norm(q)
	return stol > 0 && e.Dmin > 0.5/stol
}

func scattering(d, incident Vec3, lambda float64) Vec3 {
	return Vec3{(d[0] - incident[0]) / lambda, (d[1] - incident[1]) / lambda, (d[2] - incident[2]) / lambda}
}

// position is that of a subpixel's centre on a layer, in metres.
func (e *Experiment) position(slow, fast, layer, subS, subF int) Vec3 {
	g, n := e.Geometry, e.Oversample
	half := float64(e.subpixel / 2.0) // halving is a product to the compiler
	f := float64(e.subpixel*float64(fast*n+subF)) + half
	s := float64(e.subpixel*float64(slow*n+subS)) + half
	o := float64(layer) * g.ThickStep
	var p Vec3
	for i := range p {
		p[i] = float64(f*g.Frame.Fast[i]) + float64(s*g.Frame.Slow[i]) + float64(o*g.Frame.Normal[i]) + g.Pix0[i]
	}
	if g.Curved {
		p = g.curve(p)
	}
	return p
}

// curve bends the detector into a sphere around the crystal: coordinates
// across the beam become angles.
func (g *Geometry) curve(p Vec3) Vec3 {
	v := scale(g.Beam, g.Distance)
	v = rotateAxis(v, g.Frame.Slow, p[1]/g.Distance)
	return rotateAxis(v, g.Frame.Fast, p[2]/g.Distance)
}
