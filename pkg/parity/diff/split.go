package diff

import (
	"math"

	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// split recomputes both sides of a row from what their own logs print, and parts
// the difference. It does nothing where that cannot be done.
func (ev *evaluations) split(e *Engine, r *Row) {
	if r.Split != nil || r.Info == nil || r.Info.Formula == nil || r.Ref == nil || r.Got == nil || r.StandIn {
		return
	}
	f := r.Info.Formula
	inputs := make([]*Row, len(f.Inputs))
	for i, k := range f.Inputs {
		rows := ev.observed(k, r)
		if len(rows) != 1 {
			return
		}
		inputs[i] = rows[0]
	}
	var side [2]recomputed
	for s := range side {
		own := r.Ref
		if s == 1 {
			own = r.Got
		}
		if !side[s].from(e, f, inputs, own, s, ev.set) {
			return
		}
	}
	n := len(r.Ref.Values)
	if len(r.Got.Values) != n || len(side[0].value) != n || len(side[1].value) != n {
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
func (c *recomputed) from(e *Engine, f *schema.Formula, inputs []*Row, own *trace.Record, side int, settings [2]map[string]float64) bool {
	in := make([][]float64, len(inputs))
	half := make([][]float64, len(inputs))
	for i, row := range inputs {
		rec := row.Ref
		if side == 1 {
			rec = row.Got
		}
		in[i] = values(rec)
		p := e.dec.print[side].of(rec.Stream)
		for _, v := range rec.Values {
			half[i] = append(half[i], p.printed(v))
		}
	}
	var set []float64
	for _, name := range f.Settings {
		v, ok := settings[side][name]
		if !ok {
			v, ok = settings[1-side][name]
			c.borrowed = true
		}
		if !ok {
			return false
		}
		set = append(set, v)
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
	for i, v := range c.value {
		c.noise[i] = 2*c.noise[i] + 8*epsilon*max(math.Abs(v), c.scale)
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
