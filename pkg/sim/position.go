package sim

// sweeps reports whether any sample of the pixel passes the resolution cut.
func (e *kernel[T]) sweeps(slow, fast int) bool {
	for layer := range e.Geometry.ThickSteps {
		for sub := range e.Oversample * e.Oversample {
			d, _ := unit(e.position(slow, fast, layer, sub/e.Oversample, sub%e.Oversample))
			for i := range e.Beam.Sources {
				s := &e.Beam.Sources[i]
				if !e.cut(scattering(d, rounded[T](s.Incident), T(s.Lambda))) {
					return true
				}
			}
		}
	}
	return false
}

// mayLeave reports whether any sample of the pixel lies outside the range of
// interpolation, whether or not its lattice factor lets it count.
func (e *kernel[T]) mayLeave(slow, fast int) bool {
	grid := e.Config.Crystal.F
	for layer := range e.Geometry.ThickSteps {
		for sub := range e.Oversample * e.Oversample {
			d, _ := unit(e.position(slow, fast, layer, sub/e.Oversample, sub%e.Oversample))
			for i := range e.Beam.Sources {
				s := &e.Beam.Sources[i]
				q := scattering(d, rounded[T](s.Incident), T(s.Lambda))
				for _, table := range [][]cell[T]{e.sweepCells, e.firstCells} {
					for j := range table {
						o := &table[j]
						if !interpolable(grid, dot(o.a, q), dot(o.b, q), dot(o.c, q)) {
							return true
						}
					}
				}
			}
		}
	}
	return false
}

// cut reports whether the resolution limit drops a scattering vector.
func (e *kernel[T]) cut(q [3]T) bool {
	if e.dmin <= 0 {
		return false
	}
	stol := 0.5 * norm(q)
	return stol > 0 && e.dmin > 0.5/stol
}

func scattering[T float](d, incident [3]T, lambda T) [3]T {
	return [3]T{(d[0] - incident[0]) / lambda, (d[1] - incident[1]) / lambda, (d[2] - incident[2]) / lambda}
}

// position is that of a subpixel's centre on a layer, in metres.
func (e *kernel[T]) position(slow, fast, layer, subS, subF int) [3]T {
	n := e.Oversample
	half := T(e.subpixel / 2.0) // halving is a product to the compiler
	f := T(e.subpixel*T(fast*n+subF)) + half
	s := T(e.subpixel*T(slow*n+subS)) + half
	return e.onDetector(f, s, T(layer)*e.thickStep)
}

// toCentre is the direction to a pixel's centre on the sensor's front.
func (e *kernel[T]) toCentre(slow, fast int) [3]T {
	half := T(e.pixelSize / 2.0)
	d, _ := unit(e.onDetector(T(e.pixelSize*T(fast))+half, T(e.pixelSize*T(slow))+half, 0))
	return d
}

// onDetector is the point at the coordinates f and s along the axes, at the depth o,
// in metres.
func (e *kernel[T]) onDetector(f, s, o T) [3]T {
	var p [3]T
	for i := range p {
		p[i] = T(f*e.fast[i]) + T(s*e.slow[i]) + T(o*e.normal[i]) + e.pix0[i]
	}
	if e.Geometry.Curved {
		p = e.curve(p)
	}
	return p
}

// curve bends the detector into a sphere around the crystal: coordinates
// across the beam become angles.
func (e *kernel[T]) curve(p [3]T) [3]T {
	v := scale(e.beam, e.distance)
	v = rotateAxis(v, e.slow, p[1]/e.distance)
	return rotateAxis(v, e.fast, p[2]/e.distance)
}
