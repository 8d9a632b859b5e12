package causes

import (
	"fmt"
	"math"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

var skippedLoop = Rule{
	ID: "skipped-loop", Stage: schema.Orientation,
	Title: "the loop over phi steps and mosaic domains ran zero times",
	Text: `One side evaluates no phi step or no mosaic domain: a count that became 0 in a narrower type, an empty range, a loop that
was left at once. Nothing is added, and the pixel is 0, or the background alone.

How it shows: the log prints positions and scattering vectors, but nothing of an orientation (rot_*, hkl_frac, F_latt, F_cell); its sum is 0 and
its steps are those of the other side. polar was computed, so that the source was not skipped.

How to check: print the counts of the loops.`,
	Do: "Look at the types and bounds of the loops over phi steps and mosaic domains.",
	Example: `c.log:   hkl_frac -2.07 -2.21 1.53 ...   I_before_scaling 1113577.8   steps 400
py.log:  (no hkl_frac)                   I_before_scaling 0           steps 400`,
	Find: func(c *Context) ([]Cause, string) {
		found, why := findEmpty(c, false)
		if len(found) > 0 {
			return found, ""
		}
		found, more := bySum("skipped-loop")(c)
		return found, why + "; " + more
	},
}

var dminCut = Rule{
	ID: "dmin", Stage: schema.Scattering,
	Title: "samples beyond a resolution limit (-dmin) cut on one side",
	Text: `With -dmin d, samples whose lattice spacing 1/|S| is below d are left out before anything is computed of them, the polarisation
included. One side cuts at another limit: half of it, where sin(theta)/lambda is taken for 1/d, or at none.

How it shows: the one log prints the scattering vector and then nothing of an orientation; its sum and its polar are 0.

How to check: compare 1/|S| with the -dmin given.`,
	Do: "The limit is dmin > 0.5/stol with stol = |S|/2.",
	Example: `c.log:   scattering_vec_A_inv ...   I_before_scaling 0   polar 0
py.log:  scattering_vec_A_inv ...   hkl_frac ...         I_before_scaling 13642.77   polar 0.99776`,
	Find: func(c *Context) ([]Cause, string) { return findEmpty(c, true) },
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

var sourceTraced = Rule{
	ID: "source-traced", Stage: schema.Scattering,
	Title: "one side traces source 0, the other the main beam",
	Text: `With several sources the reference traces the first of them: incident_vec, the scattering vector, the indices and cos_2theta are
that source's. A port that traces the main beam prints other numbers, and may sum the same.

How it shows: incident_vec of the one side is the beam's direction as it is set, that of the other side is the first source's.

How to check: compare I_pixel_final, or trace with one source.`,
	Do: "Compare the intensities: what is traced of one source says nothing of the others.",
	Example: `c.log:   incident_vec 0.9999995 -0 0.001     (the first of 3 sources)
py.log:  incident_vec 1 0 0`,
	Find: func(c *Context) ([]Cause, string) {
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
	},
}

var pixelCentre = Rule{
	ID: "pixel-centre", Stage: schema.Position,
	Title: "one side traces the pixel's centre, the other every subpixel",
	Text: `The reference traces every subpixel and detector layer of an oversampled pixel. A port that traces the pixel's centre once prints
numbers of a place that is none of the subpixels, where their number along an edge is even. What is summed may be the same.

How it shows: the one log prints one sample, the other as many as there are subpixels and layers; the one lies in the middle of the others,
and all that is computed from its place follows by the same formulas.

How to check: trace with -oversample 1.`,
	Do: "Compare with -oversample 1, or read I_before_scaling and what follows alone.",
	Example: `c.log:   4 blocks from pixel_pos_meters to F_cell
py.log:  1 block, at the mean of the 4 places`,
	Find: findCentre,
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
		for i, r := range many {
			p, q := Vec(numbers(r)), Vec(numbers(many[0]))
			if i > 0 && layer == len(many) && p.sub(q).norm() > 0 && len(many) > 4 && float64(i) == math.Round(math.Sqrt(float64(i)))*math.Round(math.Sqrt(float64(i))) && len(many)%i == 0 && sameStep(many, i) {
				layer = i
			}
			widest = math.Max(widest, p.sub(q).norm())
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

// sameStep tells whether sample n is sample 0 of another layer: all samples of
// the second layer are off those of the first by the same vector.
func sameStep(many []*trace.Record, n int) bool {
	d := Vec(numbers(many[n])).sub(Vec(numbers(many[0])))
	for i := range n {
		if Vec(numbers(many[n+i])).sub(Vec(numbers(many[i]))).sub(d).norm() > 1e-9*d.norm() {
			return false
		}
	}
	return true
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
