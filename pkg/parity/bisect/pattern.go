package bisect

import (
	"fmt"
	"math"
	"sort"
	"strings"
)

// Shape is how a difference goes along an axis.
type Shape string

// The shapes.
const (
	Agrees  Shape = "agrees"
	Plateau Shape = "plateau" // one difference at all steps
	Ramp    Shape = "ramp"    // a difference that grows by the step
	Varies  Shape = "varies"
	Single  Shape = "outlier" // single steps stand out, the others agree
)

// Pattern is what becomes of a quantity along an axis.
type Pattern struct {
	Steps    int // compared, or groups of them
	Width    int // steps in a group; 1 but for very many steps
	Out      int // beyond tolerance
	First    int // the first step beyond tolerance, -1 where there is none
	Shape    Shape
	Outliers []int // steps that stand out from the others
	// Back is the step at which the quantity agrees again for good, -1 where
	// it does not.
	Back int
	Text string
}

// step is one step along an axis: the worst of the samples there.
type step struct {
	index    int
	n, out   int
	abs, rel float64 // of the sample that differs most; abs with its sign
}

// The bounds between shapes: a step stands out where it differs by ten times
// the middle of all; a plateau is flat to a tenth of its height; a ramp is
// straight to a twentieth of its rise.
const (
	standsOut = 10
	flat      = 0.1
	straight  = 0.05
	// fewest is how many steps it takes to tell a shape.
	fewest = 3
)

// patternOf reads the pattern off the steps, which are in order.
func patternOf(steps []step) Pattern {
	p := Pattern{Steps: len(steps), First: -1, Back: -1, Shape: Agrees}
	for _, s := range steps {
		if s.out > 0 {
			if p.First < 0 {
				p.First = s.index
			}
			p.Out++
		}
	}
	if p.Out == 0 {
		p.Text = fmt.Sprintf("within tolerance at all %d steps", p.Steps)
		return p
	}
	if last := steps[len(steps)-1]; last.out == 0 {
		for i := len(steps) - 1; i >= 0 && steps[i].out == 0; i-- {
			p.Back = steps[i].index
		}
	}
	rest := p.outliers(steps)
	p.describe(rest)
	return p
}

// outliers takes the steps that stand out from the rest.
func (p *Pattern) outliers(steps []step) (rest []step) {
	if len(steps) < fewest {
		return steps
	}
	size := make([]float64, len(steps))
	for i, s := range steps {
		size[i] = math.Abs(s.abs)
	}
	sort.Float64s(size)
	middle := size[(len(size)-1)/2]
	for _, s := range steps {
		if d := math.Abs(s.abs); s.out > 0 && (d > standsOut*middle || math.IsNaN(d)) {
			p.Outliers = append(p.Outliers, s.index)
			continue
		}
		rest = append(rest, s)
	}
	// Many in a row to the very end are no outliers: it differs from there on.
	tail := len(p.Outliers) > fewest && p.Outliers[0] == steps[len(steps)-len(p.Outliers)].index
	if 2*len(p.Outliers) >= len(steps) || tail {
		p.Outliers, rest = nil, steps
	}
	return rest
}

func (p *Pattern) describe(rest []step) {
	var parts []string
	if len(p.Outliers) > 0 {
		p.Shape = Single
		parts = append(parts, "stands out at "+list(p.Outliers))
	}
	var out []step
	first, last := -1, -1
	for i, s := range rest {
		if s.out > 0 {
			out = append(out, s)
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	switch {
	case len(out) == 0:
		parts = append(parts, "the others agree")
	case len(out) != last-first+1:
		p.Shape = Varies
		parts = append(parts, fmt.Sprintf("%d of %d steps differ, with gaps", len(out), len(rest)))
	default:
		where := fmt.Sprintf("differs from step %d to %d", out[0].index, out[len(out)-1].index)
		switch {
		case last == len(rest)-1 && first == 0:
			where = "differs at every step"
			if len(p.Outliers) > 0 {
				where = "differs at every other step"
			}
		case last == len(rest)-1:
			where = fmt.Sprintf("differs from step %d on", out[0].index)
		case first == last:
			where = fmt.Sprintf("differs at step %d", out[0].index)
		}
		shape, how := shapeOf(out)
		p.Shape = shape
		parts = append(parts, where+how)
	}
	if p.Back >= 0 && len(out) > 0 {
		parts = append(parts, fmt.Sprintf("agrees again from step %d on", p.Back))
	}
	p.Text = strings.Join(parts, "; ")
}

// shapeOf tells a plateau from a ramp.
func shapeOf(out []step) (Shape, string) {
	if len(out) < fewest {
		if len(out) == 1 {
			return Single, fmt.Sprintf(", by %+.3g", out[0].abs)
		}
		return Varies, fmt.Sprintf(", by %+.3g and %+.3g", out[0].abs, out[1].abs)
	}
	lo, hi, mean, middle := math.Inf(1), math.Inf(-1), 0.0, 0.0
	for _, s := range out {
		lo, hi = math.Min(lo, s.abs), math.Max(hi, s.abs)
		mean += s.abs / float64(len(out))
		middle += float64(s.index) / float64(len(out))
	}
	if math.IsNaN(mean) || math.IsInf(mean, 0) {
		return Varies, ", where no difference can be measured"
	}
	if hi-lo <= flat*math.Abs(mean) {
		return Plateau, fmt.Sprintf(": a plateau of %+.3g", mean)
	}
	var xy, xx float64
	for _, s := range out {
		x := float64(s.index) - middle
		xy += float64(x * (s.abs - mean))
		xx += float64(x * x)
	}
	slope, worst := xy/xx, 0.0
	for _, s := range out {
		worst = math.Max(worst, math.Abs(s.abs-mean-float64(slope*(float64(s.index)-middle))))
	}
	if worst <= straight*(hi-lo) {
		return Ramp, fmt.Sprintf(": a ramp of %+.3g a step, %+.3g to %+.3g", slope, out[0].abs, out[len(out)-1].abs)
	}
	return Varies, fmt.Sprintf(", by %+.3g to %+.3g", lo, hi)
}

// list names steps, the first few of many.
func list(steps []int) string {
	const most = 8
	var words []string
	for _, s := range steps[:min(len(steps), most)] {
		words = append(words, fmt.Sprint(s))
	}
	out := strings.Join(words, ", ")
	if n := len(steps) - most; n > 0 {
		out += fmt.Sprintf(" and %d more", n)
	}
	if len(steps) == 1 {
		return "step " + out
	}
	return "steps " + out
}
