package diff

import (
	"math"

	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// split recomputes both sides of a row from what their own logs print, and parts
// the difference. It does nothing where that cannot be done.
func (ev *evaluations) split(e *Engine, r *Row) {
	if r.Split != nil || r.Info == nil || r.Info.Formula == nil || r.Ref == nil || r.Got == nil || r.StandIn && !e.sameFormula(r) {
		return
	}
	f := r.Info.Formula
	inputs, ok := ev.inputs(f, r)
	if !ok {
		return
	}
	var side [2]recomputed
	for s := range side {
		own := r.Ref
		if s == 1 {
			own = r.Got
		}
		if !side[s].from(e, f, inputs, own, s, ev) {
			return
		}
	}
	n := len(r.Ref.Values)
	if len(r.Got.Values) != n || len(side[0].value) != n || len(side[1].value) != n {
		return
	}
	if f.Text != "" && !side[0].fits(r.Ref, r.Rule) && !side[1].fits(r.Got, r.Rule) {
		if ev.unfit[r.Key] == nil {
			ev.unfit[r.Key] = r
		}
		return
	}
	out := &Split{Inputs: inputs, Scale: max(side[0].scale, side[1].scale)}
	own := 0.0
	for i := range n {
		ref, got := r.Ref.Values[i].Num, r.Got.Values[i].Num
		inherited := side[1].value[i] - side[0].value[i]
		out.Inherited = append(out.Inherited, inherited)
		out.Local = append(out.Local, (got-side[1].value[i])-(ref-side[0].value[i]))
		out.Noise = append(out.Noise, side[0].noise[i]+side[1].noise[i])
		own = max(own, math.Abs(ref), math.Abs(got))
	}
	if !(out.Scale > 0) {
		out.Scale = own
	}
	for _, x := range append(append([]float64(nil), out.Inherited...), out.Local...) {
		if !finite(x) {
			return
		}
	}
	if (side[0].borrowed || side[1].borrowed) && out.LocalRel() > 0 {
		return // the two programs may be set differently
	}
	r.Split = out
}

// halved tells whether one log prints an input more often than the other: then
// what it is of is not known.
func (ev *evaluations) halved(k schema.Key, row *Row) bool {
	return anyRow(ev.feeding(k, row), func(up *Row) bool { return !up.Compared() })
}

// sameFormula tells whether what stands in for a quantity is computed likewise.
func (e *Engine) sameFormula(r *Row) bool {
	other := r.Got.Symbol.Info
	return other != nil && other.Formula == r.Info.Formula
}

// inputs are the rows that a formula needs: one for each quantity, of the same
// step or of the one before. Of a sum over places the parts are several.
func (ev *evaluations) inputs(f *schema.Formula, r *Row) (inputs []*Row, ok bool) {
	for _, k := range f.Inputs {
		if ev.steps != nil && ev.schema.Info(k).Depth > r.Info.Depth {
			return nil, false
		}
		rows := ev.observed(k, r)
		if len(rows) != 1 || ev.halved(rows[0].Key, r) {
			return nil, false
		}
		inputs = append(inputs, rows[0])
	}
	for _, k := range f.Previous {
		rows := ev.previous(k, r)
		if len(rows) != 1 {
			return nil, false
		}
		inputs = append(inputs, rows[0])
	}
	return inputs, true
}

// fits tells whether a formula gives what a log prints, within the tolerance and
// what its digits leave open.
func (c *recomputed) fits(own *trace.Record, rule schema.Rule) bool {
	for i, v := range c.value {
		limit := c.noise[i]
		if !math.IsNaN(rule.Rel) {
			limit = max(limit, rule.Rel*math.Abs(v))
		}
		if !(math.Abs(own.Values[i].Num-v) <= limit) {
			return false
		}
	}
	return true
}

// recomputed is what a formula makes of one log's own inputs.
type recomputed struct {
	value, noise []float64
	scale        float64
	borrowed     bool // a setting is that of the other log
}

// from evaluates the formula, and how far its result may be off because the
// inputs and the value itself are printed with so many digits. Where the log does
// not tell a setting, that of the other log is tried: what comes out has to be
// the number that stands in the log.
func (c *recomputed) from(e *Engine, f *schema.Formula, inputs []*Row, own *trace.Record, side int, ev *evaluations) bool {
	in := make([][]float64, len(inputs))
	half := make([][]float64, len(inputs))
	for i, row := range inputs {
		rec := row.Ref
		if side == 1 {
			rec = row.Got
		}
		if in[i] = values(rec); len(in[i]) == 0 {
			return false // a word
		}
		p := e.dec.print[side].of(rec.Stream)
		for _, v := range rec.Values {
			h := max(p.printed(v), ev.spacing(side)*math.Abs(v.Num))
			if f.Text != "" {
				// Where terms cancel, what the program rounds in each of them is
				// more than the last digit of the result.
				h = max(h, 4*epsilon*math.Abs(v.Num))
			}
			half[i] = append(half[i], h)
		}
	}
	var set []float64
	for _, name := range f.Settings {
		v, ok := ev.set[side][name]
		if !ok {
			v, ok = ev.set[1-side][name]
			c.borrowed = true
		}
		if !ok {
			return false
		}
		set = append(set, v.Num)
	}
	var ok bool
	if c.value, ok = f.Eval(in, set, nil); !ok {
		return false
	}
	c.noise = make([]float64, len(c.value))
	if f.Scale != nil {
		c.scale = f.Scale(in)
	}
	p := e.dec.print[side].of(own.Stream)
	for i := range own.Values {
		if i < len(c.noise) {
			c.noise[i] = p.printed(own.Values[i])
		}
	}
	for i := range in {
		for k := range in[i] {
			c.perturb(f, in, set, i, k, half[i][k])
		}
	}
	// The arithmetic of both programs rounds as well.
	grow := 2.0
	if ev.single[side] {
		grow = 8 // between inputs and result stand several roundings of that size
	}
	for i, v := range c.value {
		c.noise[i] = grow*c.noise[i] + 8*max(epsilon, ev.spacing(side))*max(math.Abs(v), c.scale)
	}
	return true
}

// epsilon is the relative spacing of doubles.
const epsilon = 2.220446049250313e-16

// perturb adds how far the result moves with one input.
func (c *recomputed) perturb(f *schema.Formula, in [][]float64, set []float64, i, k int, by float64) {
	if by == 0 {
		return
	}
	was := in[i][k]
	in[i][k] = was + by
	moved, ok := f.Eval(in, set, nil)
	in[i][k] = was
	if !ok || len(moved) != len(c.value) {
		return
	}
	for n := range moved {
		if d := math.Abs(moved[n] - c.value[n]); finite(d) {
			c.noise[n] += d
		}
	}
}

// spacing is half the relative distance of a log's numbers, where they are those
// of single precision; else 0: then the printed digits say it.
func (ev *evaluations) spacing(side int) float64 {
	if ev.single[side] {
		return 1.0 / (1 << 24)
	}
	return 0
}

// singlePrecision tells, by log, whether nearly all of its long numbers are just
// those that single precision has. By chance one number in 1e7 is.
func singlePrecision(rows []Row) (single [2]bool) {
	const digits, least = 9, 8
	for side := range single {
		all, of := 0, 0
		for i := range rows {
			rec := rows[i].Ref
			if side == 1 {
				rec = rows[i].Got
			}
			if rec == nil || rows[i].Info == nil || rows[i].Info.Config {
				continue
			}
			for _, v := range rec.Values {
				if !finite(v.Num) || Digits(v.Text) < digits {
					continue
				}
				all++
				if math.Abs(v.Num-float64(float32(v.Num))) <= 5e-15*math.Abs(v.Num) {
					of++
				}
			}
		}
		single[side] = all >= least && 10*of >= 9*all
	}
	return single
}
