package sim

// orientation is the real cell in metres at one phi step in one domain.
type orientation = cell[float64]

// cell holds the three vectors of a cell.
type cell[T float] struct{ a, b, c [3]T }

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
		switch phi := e.Rotation.Phi(t); {
		case phi == 0:
			fresh[t] = a0
		case e.Config.Profile.Setup.cell():
			fresh[t] = e.singleStep(t)
		default:
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

// mosaicDomains draws the domains' rotations. Whether the first domain draws, and is
// set straight, is the profile's.
func (e *Experiment) mosaicDomains(table *shuffle) []Mat3 {
	if !(e.Mosaic > 0) {
		return nil
	}
	first := e.Config.Profile.MosaicFirst
	r := &random{shared: table, seed: -e.Config.Crystal.MosaicSeed, double: e.Config.Profile.MosaicDouble}
	mats := make([]Mat3, e.Domains)
	for i := range mats {
		if i > 0 || first != MosaicFirstNoDraw {
			mats[i] = randomRotation(e.Mosaic, r)
		}
	}
	if first != MosaicFirstTurned {
		mats[0] = identity
	}
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
