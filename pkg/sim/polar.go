package sim

// polarizes reports whether a sample has a polarisation factor computed before its
// orientations are.
func (e *kernel[T]) polarizes(p *pixelState[T]) bool {
	if e.polarLate {
		return false
	}
	keep := e.Config.Profile.PolarKeep
	return p.polar == 0 || e.compoundPolar || (keep == KeepLast || keep == KeepEvery) && !e.Beam.NoPolar
}

// polarize computes the polarisation factor. It makes the two directions unit
// vectors once more on the way, and they stay so unless the profile keeps them:
// the reference's last bits depend on it.
func (e *kernel[T]) polarize(p *pixelState[T]) {
	if !e.Config.Profile.PolarKept {
		p.incident, _ = unit(p.incident)
		p.diffracted, _ = unit(p.diffracted)
	}
	p.polar = polarizationFactor(e.polarization, p.incident, p.diffracted, e.polarAxis)
}

// polarizeLate is for profiles that take the very last sample's factor, whether or
// not its structure factor is 0.
func (e *kernel[T]) polarizeLate(p *pixelState[T], latt T) {
	if e.Config.Profile.PolarKeep != KeepFinal || !p.last {
		return
	}
	if p.polar = 1; latt != 0 && !e.Beam.NoPolar {
		e.polarize(p)
	}
}

// polarizeLit is for profiles that take the factor of the last sample whose lattice
// factor is not 0. It is computed again until the directions do not change any more.
func (e *kernel[T]) polarizeLit(p *pixelState[T], latt T) {
	if e.Config.Profile.PolarKeep != KeepLastLit || latt == 0 || p.settled {
		return
	}
	diffracted, incident := p.diffracted, p.incident
	e.polarize(p)
	p.settled = p.diffracted == diffracted && p.incident == incident
}

// polarAtCentre computes the factor of the pixel's centre on the first layer, with
// the first source.
func (e *kernel[T]) polarAtCentre(p *pixelState[T], slow, fast int) {
	if p.polar = 1; e.Beam.NoPolar {
		return
	}
	p.polar = polarizationFactor(e.polarization, rounded[T](e.Beam.Sources[0].Incident), e.toCentre(slow, fast), e.polarAxis)
}
