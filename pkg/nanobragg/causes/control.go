package causes

import (
	"fmt"
	"math"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace/schema"
)

// findSkippedLoop recognises skipped-loop.
func findSkippedLoop(c *Context) ([]Cause, string) {
	found, why := findEmpty(c, false)
	if len(found) > 0 {
		return found, ""
	}
	found, more := bySum("skipped-loop")(c)
	return found, why + "; " + more
}

// findEmpty looks for a side that evaluates fewer orientations than it has
// samples; cut chooses those that were left before the polarisation.
func findEmpty(c *Context, cut bool) ([]Cause, string) {
	for _, s := range c.Sides() {
		o := other(c, s)
		mine, theirs := len(s.All(schema.HKLFrac)), len(o.All(schema.HKLFrac))
		n, m := len(s.All(schema.ScatteringVec)), len(o.All(schema.ScatteringVec))
		if n == 0 || m == 0 || mine >= n || theirs*n <= mine*m {
			continue
		}
		sum, rec, ok := s.Num(schema.IBeforeScaling)
		polar, pr, ok2 := s.Num(schema.Polar)
		if !ok || !ok2 {
			return nil, notPrinted(schema.IBeforeScaling, schema.Polar)
		}
		early := polar == 0 || mine > 0
		if o, _, has := o.Num(schema.Polar); polar == 1 && has && o == 1 && cut {
			return nil, "polar is 1 on both sides, so that it does not tell whether the samples were left before it was computed"
		}
		if early != cut {
			return nil, fmt.Sprintf("polar of %s is %s (%s)", s.Name, text(pr), pr.Pos)
		}
		if mine == 0 && sum != 0 {
			if b := math.Abs(sum); b > 0 {
				return nil, fmt.Sprintf("%s prints no orientation, and its sum is %s (%s), not 0", s.Name, text(rec), rec.Pos)
			}
		}
		rows := append(c.Open(append(append([]schema.Key{schema.Polar, schema.OmegaPixel}, sumKeys...), finalKeys...)...), innerLost(c, s)...)
		title := fmt.Sprintf("%s evaluates %d of %d samples: the loop over phi steps and mosaic domains is empty or skipped", s.Name, mine, n)
		checks := []string{fmt.Sprintf("the sum of %s is %s (%s)", s.Name, text(rec), rec.Pos)}
		if cut {
			title = fmt.Sprintf("%s leaves %d of %d samples out before their polarisation, as a resolution limit (-dmin) does", s.Name, n-mine, n)
			checks = append(checks, fmt.Sprintf("polar of %s is %s (%s)", s.Name, text(pr), pr.Pos))
		} else {
			checks = append(checks, fmt.Sprintf("polar of %s was computed: %s (%s)", s.Name, text(pr), pr.Pos))
			if polar == 1 {
				title = fmt.Sprintf("%s evaluates %d of %d samples: they are cut by a resolution limit (-dmin), or the loop over phi steps and mosaic domains is empty or skipped", s.Name, mine, n)
				checks = checks[:1]
			}
		}
		v, vr, _ := vec(s, schema.ScatteringVec)
		return one(rows, title, checks,
			fmt.Sprintf("%s prints hkl_frac %d times for %d samples, the other side %d times for %d.", s.Name, mine, n, theirs, m),
			fmt.Sprintf("The sample's spacing 1/|S| is %.6g angstroms (%s).", 1e10/v.norm(), vr.Pos)), ""
	}
	return nil, fmt.Sprintf("each side evaluates its %d and %d orientations", len(c.Ref.All(schema.HKLFrac)), len(c.Got.All(schema.HKLFrac)))
}

// innerLost are the lost rows of orientations that s lacks.
func innerLost(c *Context, s *Side) []*diff.Row {
	var out []*diff.Row
	for _, r := range c.Lost() {
		if !c.Record(r, s) && r.Info != nil && (r.Info.Scope == schema.PerStep || r.Info.Scope == schema.PerPhi) {
			out = append(out, r)
		}
	}
	return out
}

// findSourceTraced recognises source-traced.
func findSourceTraced(c *Context) ([]Cause, string) {
	rows := c.Open(schema.IncidentVec)
	ref, rr, ok1 := vec(c.Ref, schema.IncidentVec)
	got, gr, ok2 := vec(c.Got, schema.IncidentVec)
	beam, ok3 := setVec(c, c.Ref, "beam")
	n, ok4 := set(c, c.Ref, "sources")
	switch {
	case !ok1 || !ok2:
		return nil, notPrinted(schema.IncidentVec)
	case len(rows) == 0:
		return nil, "incident_vec agrees, or follows from what differs before it"
	case !ok3 || !ok4:
		return nil, "not checked: neither the beam's direction nor the number of sources is printed"
	case n < 2:
		return nil, fmt.Sprintf("there is %g source", n)
	}
	main, first, mr := "the reference", "got", rr
	if got.sub(beam).norm() < ref.sub(beam).norm() {
		main, first, mr = "got", "the reference", gr
		ref, got = got, ref
	}
	if ref.angle(beam) > 1e-5 || got.angle(beam) < 1e-9 {
		return nil, fmt.Sprintf("incident_vec is %.3g and %.3g rad from the beam's direction", ref.angle(beam), got.angle(beam))
	}
	return one(rows, fmt.Sprintf("%s traces source 0 of %g, %s the main beam", first, n, main),
		[]string{fmt.Sprintf("incident_vec of %s is the beam's direction %s (%s)", main, beam.text(4), mr.Pos)}, show(rows[0])+"."), ""
}

func findCentre(c *Context) ([]Cause, string) {
	for _, s := range c.Sides() {
		o := other(c, s)
		mine, many := s.All(schema.PixelPos), o.All(schema.PixelPos)
		if len(mine) != 1 || len(many) < 2 {
			continue
		}
		var mean Vec
		widest, layer := 0.0, len(many)
		if n, ok := set(c, o, "oversample"); ok && n >= 1 && layer%int(n*n) == 0 {
			layer = int(n * n) // the samples of the first layer
		}
		for _, r := range many {
			widest = math.Max(widest, Vec(numbers(r)).sub(Vec(numbers(many[0]))).norm())
		}
		for _, r := range many[:layer] {
			mean = mean.add(Vec(numbers(r)).scale(1 / float64(layer)))
		}
		off := Vec(numbers(mine[0])).sub(mean).norm()
		if off > 1e-3*widest {
			return nil, fmt.Sprintf("the one place of %s is %.3g m from the middle of the other side's %d", s.Name, off, layer)
		}
		cause := one(centreRows(c, s), fmt.Sprintf("%s traces the pixel's centre once, %s each of %d samples (subpixels and layers)", s.Name, o.Name, len(many)),
			[]string{fmt.Sprintf("the one place is the mean of the %d to %.1g m (%s)", layer, off, mine[0].Pos)},
			fmt.Sprintf("%s prints pixel_pos_meters once (%s), %s %d times (%s on).", s.Name, mine[0].Pos, o.Name, len(many), many[0].Pos))
		cause[0].PrintOnly = true
		cause[0].Order = schema.PixelPos
		if len(cause[0].Explains) == 0 {
			cause[0].Role = "note"
		}
		return cause, ""
	}
	return nil, fmt.Sprintf("both sides trace their samples: %d and %d", len(c.Ref.All(schema.PixelPos)), len(c.Got.All(schema.PixelPos)))
}

// centreRows are the roots that another place within the pixel makes: those that
// follow from it by the log's own formulas, and what is kept of one sample.
func centreRows(c *Context, s *Side) []*diff.Row {
	var out []*diff.Row
	for _, r := range c.Open() {
		q := r.Info
		switch {
		case q == nil || q.Config || q.Stage == schema.Crystal || q.Stage == schema.Orientation || q.Stage < schema.Position || q.Stage == schema.Sum:
		case q.Scope == schema.PerSample || q.Scope == schema.PerStep:
			if o, ok := recomputed(c, s, r.Key); r.Key == schema.PixelPos || r.Key == schema.OmegaSample || ok && o.rel <= fingerprint || q.Stage == schema.Lattice || q.Stage == schema.StructureFactor {
				out = append(out, r)
			}
		case r.Key == schema.Cos2Theta || r.Key == schema.OmegaPixel || r.Key == schema.Polar:
			if r.Rel < 0.05 {
				out = append(out, r)
			}
		}
	}
	return out
}
