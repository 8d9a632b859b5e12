package golden

import (
	"fmt"
	"math"
	"strings"

	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// Lines compares two traces line by line, in order.
type Lines struct {
	Total, Same int
	First       string // the first pair that differs
}

func (l *Lines) add(m Lines) { l.Total, l.Same = l.Total+m.Total, l.Same+m.Same }

// CompareLines counts identical lines; a missing or extra line counts as
// different.
func CompareLines(want, got string) Lines {
	w, g := strings.Split(strings.TrimRight(want, "\n"), "\n"), strings.Split(strings.TrimRight(got, "\n"), "\n")
	l := Lines{Total: max(len(w), len(g))}
	for i := range l.Total {
		a, b := "(nothing)", "(nothing)"
		if i < len(w) {
			a = w[i]
		}
		if i < len(g) {
			b = g[i]
		}
		if a == b {
			l.Same++
		} else if l.First == "" {
			l.First = fmt.Sprintf("line %d\n    reference %s\n    simtrace  %s", i+1, a, b)
		}
	}
	return l
}

// WorstValue returns the largest relative deviation between the values of two
// traces, vectors by their norm, and where it is. Traces that do not have the
// same records deviate by infinity.
func WorstValue(want, got *trace.Log) (float64, string) {
	if len(want.Records) != len(got.Records) {
		return math.Inf(1), fmt.Sprintf("%d records against %d", len(want.Records), len(got.Records))
	}
	worst, where := 0.0, ""
	for i := range want.Records {
		w, g := &want.Records[i], &got.Records[i]
		if w.Name != g.Name || w.At[schema.Phi] != g.At[schema.Phi] || w.At[schema.Sub] != g.At[schema.Sub] || len(w.Values) != len(g.Values) {
			return math.Inf(1), fmt.Sprintf("%s: %s against %s", w.Pos(), w.Name, g.Name)
		}
		if w.Stream == trace.NoteStream {
			continue // six digits; the lines are compared as text
		}
		if d := deviation(w, g); d > worst {
			worst, where = d, fmt.Sprintf("%s: %s", w.Pos(), w.Name)
		}
	}
	return worst, where
}

// deviation is |got - want| / |want|, of the whole vector where it is one.
func deviation(w, g *trace.Record) float64 {
	if w.Text != g.Text {
		return math.Inf(1)
	}
	var diff, norm, worst float64
	for i := range w.Values {
		a, b := w.Values[i].Num, g.Values[i].Num
		diff += float64((a - b) * (a - b))
		norm += float64(a * a)
		if a != b {
			worst = math.Max(worst, math.Abs(a-b)/math.Abs(a))
		}
	}
	if w.Key != schema.None && schema.Info(w.Key).Kind == schema.Vec3 {
		if diff == 0 {
			return 0
		}
		return math.Sqrt(diff / norm)
	}
	return worst
}

// Pixels compares two images.
type Pixels struct {
	Total, Same int
	Within      int     // within 2e-7 relative, the last bit of a float32 and a half
	WorstULP    uint32  // in float32 steps
	WorstOfMax  float64 // largest difference over the reference's maximum
}

func (p *Pixels) add(q Pixels) {
	p.Total, p.Same, p.WorstULP = p.Total+q.Total, p.Same+q.Same, max(p.WorstULP, q.WorstULP)
}

// ComparePixels compares images of the same length.
func ComparePixels(want, got []float32) Pixels {
	p := Pixels{Total: len(want)}
	peak, worst := 0.0, 0.0
	for i := range want {
		a, b := float64(want[i]), float64(got[i])
		peak, worst = math.Max(peak, math.Abs(a)), math.Max(worst, math.Abs(a-b))
		if math.Float32bits(want[i]) == math.Float32bits(got[i]) {
			p.Same++
		}
		if math.Abs(a-b) <= 2e-7*math.Abs(a) {
			p.Within++
		}
		p.WorstULP = max(p.WorstULP, ulps(want[i], got[i]))
	}
	if peak > 0 {
		p.WorstOfMax = worst / peak
	}
	return p
}

// ulps counts the float32 numbers between two of the same sign.
func ulps(a, b float32) uint32 {
	x, y := math.Float32bits(a), math.Float32bits(b)
	if x>>31 != y>>31 {
		if a == b {
			return 0
		}
		return math.MaxUint32
	}
	if x < y {
		x, y = y, x
	}
	return x - y
}
