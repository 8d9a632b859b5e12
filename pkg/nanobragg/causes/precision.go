package causes

import (
	"fmt"
	"math"
	"strings"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// lastDigits bounds what a few wrong last bits make of a number: 15 printed
// digits round by up to 5e-15 of it, and a scalar product of three adds as
// much again.
const lastDigits = 2e-14

func findLibm(c *Context, open []*diff.Row) ([]Cause, string) {
	if len(c.Roots) == 0 {
		return nil, "nothing differs"
	}
	var size float64
	for _, r := range c.Roots {
		if r.Key == schema.None || r.Info.Config {
			return nil, r.Name() + " is a setting, or unknown"
		}
		if r.Rel > lastDigits && !grownFrom(c, r, lastDigits) {
			return nil, fmt.Sprintf("%s differs by %.2g, which no last bit makes", r.Name(), r.Rel)
		}
		size = math.Max(size, r.Rel)
	}
	return one(open, "", []string{fmt.Sprintf("all %d roots differ by the last printed digits, or by what the lattice factor makes of them", len(c.Roots))},
		fmt.Sprintf("The roots differ by %.2g at most. The first: %s.", size, show(c.Roots[0]))).alone().note(), ""
}

// grownFrom reports whether a lattice factor differs by no more than a relative
// error of its index makes of it: the slope of sin(pi N h)/sin(pi h) is at most
// pi N/|sin(pi h)|.
func grownFrom(c *Context, r *diff.Row, rel float64) bool {
	axis, ok := map[schema.Key]int{schema.FLattA: 0, schema.FLattB: 1, schema.FLattC: 2, schema.PhiFLattB: 1}[r.Key]
	n, ok1 := countsOf(c, c.Ref)
	h := vec(c.Ref, schema.HKLFrac)
	for _, at := range c.Ref.All(schema.HKLFrac) {
		if at.At[schema.Sub] == r.At[schema.Sub] && len(at.Values) == 3 {
			h = vecOf(at)
			break
		}
	}
	if _, got, _ := pairOf(r); !ok || !ok1 || len(got) != 1 {
		return false
	}
	x := h[axis]
	if r.Key == schema.PhiFLattB {
		for _, row := range c.Ref.Phi() {
			if row.FB == r.Ref {
				x = num(row.K)
			}
		}
	}
	slope := math.Pi * float64(n[axis]) / math.Abs(math.Sin(math.Pi*x))
	return math.Abs(r.Abs) <= rel*math.Max(1, math.Abs(x))*slope
}

func findFastMath(c *Context, open []*diff.Row) ([]Cause, string) {
	var rows []*diff.Row
	var on [2]bool // NaN is on the side
	for _, r := range open {
		ref, got, _ := pairOf(r)
		for i := range ref {
			if math.IsNaN(ref[i]) != math.IsNaN(got[i]) {
				on[0], on[1] = on[0] || math.IsNaN(ref[i]), on[1] || math.IsNaN(got[i])
				rows = append(rows, r)
				break
			}
		}
	}
	switch {
	case len(rows) == 0:
		return nil, "no root is NaN on one side"
	case on[0] && on[1]:
		return nil, "both sides have NaN where the other has numbers"
	}
	return one(rows, fmt.Sprintf("%s is NaN in %s, and a number on the other side", rows[0].Name(), pick(c, on[0]).Name), nil, show(rows[0])+"; what it is computed from agrees."), ""
}

// The evidence for single precision: so many numbers of a stage, so many of them
// in float32. By chance one number in 1e7 is.
const (
	leastSingle  = 3
	leastWhole   = 8
	singleShare  = 0.7
	doubleShare  = 0.2
	singleRel    = 1e-4 // of a root: 6e-8 grown by the distance of a small difference
	epsilon32    = 6e-8 // half the distance of two float32 numbers, relative
	latticeScale = 1e-2 // of a root among the lattice factors and what follows: grown by N pi h
)

// findFloat32 recognises float32 or, of some stages, float32-stage.
func findFloat32(whole bool) finder {
	return func(c *Context, open []*diff.Row) ([]Cause, string) {
		var why []string
		for _, s := range []*Side{c.Got, c.Ref} {
			stages, evidence, not := singleStages(c, s, whole)
			var rows []*diff.Row
			for _, r := range open {
				if len(stages) > 0 && r.Info != nil && (r.Info.Config && r.Rel <= epsilon32 || !r.Info.Config && r.Info.Stage >= stages[0] && single(c, r)) {
					rows = append(rows, r)
				}
			}
			var words []string
			for _, s := range stages {
				words = append(words, s.String())
			}
			if len(rows) == 0 && len(stages) > 0 && !whole {
				// All roots are larger, by other causes; this one may show in the log's own account.
				if k, how := felt(c, s, stages[0]); how != "" {
					return one(nil, s.Name+" computes in single precision (float32): "+strings.Join(words, ", "), append(evidence, how)).enters(k), ""
				}
			}
			switch {
			case len(stages) == 0:
				why = append(why, not)
			case len(rows) == 0:
				why = append(why, fmt.Sprintf("%s has %s in single precision, and every root left differs by more than that makes", s.Name, strings.Join(words, ", ")))
			default:
				title := s.Name + " computes in single precision (float32)"
				if !whole {
					title += ": " + strings.Join(words, ", ")
				}
				found := one(rows, title, evidence, show(rows[0])+fmt.Sprintf(": %.2g.", rows[0].Rel)).alone()
				if flag := stageFlags[stages[0]]; flag != "" && len(stages) == 1 && !whole {
					found[0].Mimic = "--dtype " + flag + "=float32"
				}
				return found, ""
			}
		}
		return nil, strings.Join(why, "; ")
	}
}

// felt tells what the rounding of a stage makes of a number behind it, where that is beyond the tolerance; "" where it
// makes nothing of any.
func felt(c *Context, s *Side, stage schema.Stage) (k schema.Key, how string) {
	for i := range c.Schema.All() {
		q := &c.Schema.All()[i]
		o, ok := recomputed(c, s, q.Key)
		if !ok || q.Stage != stage || o.rel > fingerprint {
			continue
		}
		for _, n := range following(c, s, q.Key, o.want) {
			if n.rel > c.Tolerance {
				return q.Key, fmt.Sprintf("%s of %s, not rounded, would make %s = %s of its own inputs, and it prints %s (%s)", q.Name, s.Name, n.q.Name, list(n.want), list(n.printed), n.pos)
			}
		}
	}
	return schema.None, ""
}

// stageFlags are what --dtype calls the stages that simtrace rounds alone.
var stageFlags = map[schema.Stage]string{schema.Setup: "setup", schema.Miller: "miller"}

// single reports whether a row differs by no more than single precision makes.
func single(c *Context, r *diff.Row) bool {
	late := r.Info.Stage >= schema.Lattice
	return r.Rel <= singleRel || late && r.Rel <= latticeScale || grownFrom(c, r, 4e-6) ||
		late && r.Split != nil && r.Split.LocalRel() <= fingerprint
}

// share is how many of the long numbers are float32 numbers.
type share struct{ single, all int }

// sharesOf counts the float32 numbers of each quantity in the pixel's own lines.
// floatimage is float32 in every program.
func sharesOf(s *Side) map[schema.Key]share {
	out := map[schema.Key]share{}
	for _, r := range s.Records {
		if r.Stream != trace.PixelStream && r.Stream != trace.PhiStream || r.Key == schema.None || r.Key == schema.FloatImage {
			continue
		}
		single, all := float32Share(r.Values)
		n := out[r.Key]
		out[r.Key] = share{n.single + single, n.all + all}
	}
	return out
}

// sumOf adds up the quantities that is says.
func sumOf(shares map[schema.Key]share, is func(*schema.Quantity) bool) (sum share) {
	for k, n := range shares {
		if is(schema.Info(k)) {
			sum.single, sum.all = sum.single+n.single, sum.all+n.all
		}
	}
	return sum
}

// singleHere tells whether mine is of single precision and theirs is not.
func singleHere(mine, theirs share, least int) bool {
	return mine.all >= least && float64(mine.single) >= singleShare*float64(mine.all) && float64(theirs.single) <= doubleShare*float64(theirs.all)
}

// singleStages are the stages whose numbers are single on s and not on the other
// side: all of them where the whole log has to be, else those that a stage or one of its quantities tells,
// or that are computed again with rounded numbers. why says why there are none.
func singleStages(c *Context, s *Side, whole bool) (stages []schema.Stage, evidence []string, why string) {
	mine, theirs := sharesOf(s), sharesOf(other(c, s))
	counts := func(m, t share) string {
		return fmt.Sprintf("%d of %d long numbers of %s are float32 numbers, of the other log %d of %d", m.single, m.all, s.Name, t.single, t.all)
	}
	if whole {
		all := func(*schema.Quantity) bool { return true }
		m, t := sumOf(mine, all), sumOf(theirs, all)
		if !singleHere(m, t, leastWhole) {
			return nil, nil, fmt.Sprintf("%d of %d long numbers of %s are float32 numbers", m.single, m.all, s.Name)
		}
		return []schema.Stage{schema.Setup}, []string{counts(m, t)}, ""
	}
	for _, stage := range schema.Stages() {
		is := func(q *schema.Quantity) bool { return q.Stage == stage && !q.Config }
		m, t := sumOf(mine, is), sumOf(theirs, is)
		if !singleHere(m, t, leastSingle) {
			k := singleKey(mine, theirs, stage)
			if k == schema.None {
				continue
			}
			m, t = mine[k], theirs[k]
		}
		stages = append(stages, stage)
		evidence = append(evidence, fmt.Sprintf("%s: %s", stage, counts(m, t)))
	}
	if len(stages) == 0 {
		stages, evidence = modelled32(c, s)
	}
	return stages, evidence, s.Name + " has no stage whose long numbers are float32 numbers"
}

// singleKey is a quantity of the stage of which all numbers are single on one
// side and none on the other; None where there is none.
func singleKey(mine, theirs map[schema.Key]share, stage schema.Stage) schema.Key {
	for i := range schema.NanoBragg().All() {
		q := &schema.NanoBragg().All()[i]
		m, t := mine[q.Key], theirs[q.Key]
		if q.Stage == stage && !q.Config && m.all >= leastSingle && m.single == m.all && t.all >= leastSingle && t.single == 0 {
			return q.Key
		}
	}
	return schema.None
}

// modelled32 computes again what is made of rounded numbers and is none itself: the detector's axes with
// sines in float32, and the lattice factors of an argument in float32. The one has to be met, and the
// other not.
func modelled32(c *Context, s *Side) ([]schema.Stage, []string) {
	axes, _ := vecs(s, schema.FdetVec, schema.SdetVec)
	right, _ := vecs(other(c, s), schema.FdetVec, schema.SdetVec)
	t, rec := detectorTurning(c)
	t32, is, plain := t, 0.0, 0.0
	t32.single = true
	for i, v := range right {
		is = math.Max(is, axes[i].sub(t32.in(t.back(v), 0, 1, 2, 3)).norm())
		plain = math.Max(plain, axes[i].sub(v).norm())
	}
	if rec != nil && is < 1e-13 && plain > 1e-10 {
		return []schema.Stage{schema.Setup}, []string{fmt.Sprintf("the detector's axes of %s are those of sines and cosines in float32, to %.1g; in double precision they are %.1g off (%s)", s.Name, is, plain, pos(s, schema.FdetVec))}
	}
	n, ok := countsOf(c, s)
	h, f := vec(s, schema.HKLFrac), Vec{val(s, schema.FLattA), val(s, schema.FLattB), val(s, schema.FLattC)}
	is, plain = 0, 0
	for i := range f {
		x, cells := float64(float32(math.Pi*h[i])), float64(n[i])
		is = math.Max(is, math.Abs(f[i]-math.Sin(cells*x)/math.Sin(x))/cells)
		plain = math.Max(plain, math.Abs(f[i]-sincg(n[i], h[i]))/cells)
	}
	if ok && is < 1e-11 && plain > 1e-9 {
		return []schema.Stage{schema.Lattice}, []string{fmt.Sprintf("the lattice factors of %s are those of pi h in float32, to %.1g of N; of its own hkl_frac (%s) they are %.1g off", s.Name, is, pos(s, schema.HKLFrac), plain)}
	}
	return nil, nil
}
