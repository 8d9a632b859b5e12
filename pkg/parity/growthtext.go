package parity

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// describe makes the finding, with its sentence.
func (g *growing) describe(r *Report) *Growth {
	out := &Growth{Index: g.index(), Jump: math.NaN()}
	own := g.of
	switch {
	case g.jump >= 0:
		out.Kind, out.Jump = Jump, g.position(g.at)
		out.Text = g.jumpText()
	default:
		own = g.list[0]
		if row := r.FirstRow(); row != nil {
			for _, s := range g.list {
				if s.symbol == row.Symbol() {
					own = s
				}
			}
		}
		out.Kind, out.Text = g.quietText()
	}
	out.Quantity, out.Rounding = own.name, own.rounding()
	size := map[int64]float64{}
	for _, p := range own.points {
		size[p.step.number>>own.shift] = own.size(p)
	}
	for i, b := range g.bucket {
		p := GrowthPoint{Step: g.position(g.step[i]), All: g.size[i], Own: math.NaN(), Gap: i > 0 && g.bucket[i-1] < b-1}
		if v, ok := size[b]; ok {
			p.Own = v
		}
		out.Points = append(out.Points, p)
	}
	return out
}

// jumpText says what was before a jump, how large it is, and what comes of it.
func (g *growing) jumpText() string {
	rel := 0.0
	for _, p := range g.of.points {
		if p.step.number>>g.of.shift == g.bucket[g.jump] {
			rel = p.rel
		}
	}
	index := g.index()
	var parts []string
	verb, kind := "jumps to", "a jump, not growth out of rounding"
	if coord, ok := g.c.engine.StepBefore(g.at.number - 1); !ok {
		verb, kind = "differs by", "more than rounding makes in the first step"
	} else {
		before := slices.Max(append([]float64{0}, g.size[:g.jump]...))
		what := "identical"
		if before > 0 {
			what = about(before)
		}
		parts = append(parts, fmt.Sprintf("%s until %s %s", what, index, g.label(coord)))
	}
	parts = append(parts, fmt.Sprintf("%s %s %s at %s %s", g.of.name, verb, about(rel), index, g.label(g.at.coord)))
	if after, until, _ := g.rate(g.jump); after != "" {
		parts = append(parts, after+" after"+until)
	}
	return strings.Join(parts, "; ") + ": " + kind
}

// quietText says how differences grow without a jump.
func (g *growing) quietText() (GrowthKind, string) {
	index := g.index()
	start := fmt.Sprintf("%s at %s %s", about(g.size[0]), index, g.label(g.step[0].coord))
	last := len(g.size) - 1
	if g.beyond[last] <= 1 {
		return FromRounding, fmt.Sprintf("%s, %s at most: no more than rounding, and it does not grow beyond", start, about(slices.Max(g.size)))
	}
	first := slices.IndexFunc(g.beyond, func(b float64) bool { return b > 1 })
	rate, until, grows := g.rate(first)
	parts := []string{start}
	if rate != "" {
		parts = append(parts, rate+until)
	}
	text := strings.Join(parts, "; ")
	if !grows {
		return Undecided, text + ": more than rounding does in a step, and less than most mistakes do; neither its size nor its rate tells"
	}
	return FromRounding, text + ": growth out of rounding (chaos, or an unstable method), no jump"
}

// rate says in words how the differences grow from a point on, and when they are
// as large as the numbers themselves; grows tells whether they do.
func (g *growing) rate(from int) (text, until string, grows bool) {
	to := from
	for to+1 < len(g.size) && g.size[to] < full {
		to++
	}
	slope, ok := g.slope(from, to)
	if !ok {
		if g.size[from] >= full {
			return "as large as the numbers themselves", "", false
		}
		return "", "", false
	}
	span := g.position(g.step[to]) - g.position(g.step[from])
	if g.size[to] >= full && to > from {
		until = fmt.Sprintf(", and is as large as the numbers themselves from %s %s on", g.index(), g.label(g.step[to].coord))
	}
	switch {
	case slope*span >= 1:
		return "doubles every " + g.count(1/slope), until, true
	case slope*span <= -1:
		return "halves every " + g.count(-1/slope), "", false
	}
	if times := slices.Max(g.size[from:]) / g.size[from]; times >= 10 { // and they level off later
		return fmt.Sprintf("grows %.3g-fold", times), "", false
	}
	return "stays at that size", "", false
}

// count is a number of steps in words.
func (g *growing) count(n float64) string {
	index := g.index()
	switch {
	case n >= 9.5 || math.Abs(n-math.Round(n)) < 0.05 && n >= 1.5:
		return fmt.Sprintf("%.0f %ss", n, index)
	case n < 0.95:
		return fmt.Sprintf("%.2g %ss", n, index)
	case n < 1.05:
		return index
	}
	return fmt.Sprintf("%.1f %ss", n, index)
}

// maxSlopePoints bounds the points that a slope is found from: it looks at all
// pairs of them.
const maxSlopePoints = 300

// slope is the median of the slopes of all pairs of points from one to another, in
// doublings a unit of the index: what passes through 0 once in a while does not
// move it.
func (g *growing) slope(from, to int) (float64, bool) {
	every := 1 + (to-from)/maxSlopePoints
	var x, y []float64
	for i := from; i <= to; i += every {
		if g.size[i] > 0 {
			x, y = append(x, g.position(g.step[i])), append(y, math.Log2(g.size[i]))
		}
	}
	var slopes []float64
	for i := range x {
		for j := range i {
			if x[i] != x[j] {
				slopes = append(slopes, (y[i]-y[j])/(x[i]-x[j]))
			}
		}
	}
	if len(slopes) < 3 {
		return 0, false
	}
	slices.Sort(slopes)
	return slopes[len(slopes)/2], true
}
