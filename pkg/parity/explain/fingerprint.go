package explain

import (
	"fmt"
	"math"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// fingerprintTolerance is how closely, relatively, a number must meet the one
// that a cause predicts. A wrong prediction passes by chance once in a million;
// 15 printed digits leave nine of headroom for lengths that are small
// differences of large ones.
const fingerprintTolerance = 1e-6

// meets reports whether a is the predicted number.
func meets(a, want float64) bool {
	return a == want || math.Abs(a-want) <= fingerprintTolerance*math.Abs(want)
}

// meetsVec reports whether a is the predicted vector: within
// fingerprintTolerance of the length of scale.
func meetsVec(a, want Vec, scale float64) bool {
	return a.sub(want).norm() <= fingerprintTolerance*scale
}

// pairOf returns the numbers of a row, reference first; false where the sides
// are of different lengths or hold words.
func pairOf(r *diff.Row) (ref, got []float64, ok bool) {
	if r.Ref == nil || r.Got == nil || len(r.Ref.Values) == 0 || len(r.Ref.Values) != len(r.Got.Values) {
		return nil, nil, false
	}
	return numbers(r.Ref), numbers(r.Got), true
}

func numbers(r *trace.Record) []float64 {
	out := make([]float64, len(r.Values))
	for i, v := range r.Values {
		out[i] = v.Num
	}
	return out
}

// oneRatio returns the ratio got/ref that all components share. Components
// that vanish on both sides say nothing; all may not vanish. Small components
// are held to the size of the whole.
func oneRatio(ref, got []float64) (float64, bool) {
	rr, rg := 0.0, 0.0
	for i := range ref {
		rr += float64(ref[i] * ref[i])
		rg += float64(ref[i] * got[i])
	}
	if len(ref) == 0 || len(ref) != len(got) || rr == 0 || !finite(rr) || !finite(rg) || rg == 0 {
		return 0, false
	}
	ratio := rg / rr
	limit := fingerprintTolerance * math.Abs(ratio) * math.Sqrt(rr)
	for i := range ref {
		if !(math.Abs(got[i]-float64(ratio*ref[i])) <= limit) {
			return 0, false
		}
	}
	return ratio, true
}

// rowRatio is oneRatio of a row.
func rowRatio(r *diff.Row) (float64, bool) {
	ref, got, ok := pairOf(r)
	if !ok {
		return 0, false
	}
	return oneRatio(ref, got)
}

// powerOfTen returns the exponent where the ratio is a power of ten other than
// 1.
func powerOfTen(ratio float64) (int, bool) {
	if !(ratio > 0) || math.IsInf(ratio, 0) {
		return 0, false
	}
	n := math.Round(math.Log10(ratio))
	return int(n), n != 0 && meets(ratio, math.Pow(10, n))
}

// eitherWay reports whether the ratio is f or 1/f, and which.
func eitherWay(ratio, f float64) (inverse, ok bool) {
	switch {
	case f == 0 || !finite(f) || meets(f, 1):
		return false, false
	case meets(ratio, f):
		return false, true
	case meets(ratio, 1/f):
		return true, true
	}
	return false, false
}

// transposed reports whether b is a with rows and columns exchanged, and is not
// the same matrix.
func transposed(a, b []Vec) bool {
	if len(a) != 3 || len(b) != 3 {
		return false
	}
	size, same := 0.0, true
	for i := range a {
		size = math.Max(size, a[i].norm())
	}
	for i := range a {
		for j := range a[i] {
			if !(math.Abs(b[i][j]-a[j][i]) <= fingerprintTolerance*size) {
				return false
			}
			same = same && math.Abs(b[i][j]-a[i][j]) <= fingerprintTolerance*size
		}
	}
	return !same
}

// float32Share returns how many of the numbers are float32 numbers as far as
// their printed digits tell, and how many numbers can tell at all: those that
// are no short decimals.
func float32Share(values []trace.Value) (single, all int) {
	for _, v := range values {
		if !finite(v.Num) || diff.Digits(v.Text) < 9 {
			continue
		}
		all++
		// 15 digits round the float32 by at most 5e-15 of it.
		if math.Abs(v.Num-float64(float32(v.Num))) <= 5e-15*math.Abs(v.Num) {
			single++
		}
	}
	return single, all
}

// shorter reports whether got is ref written with fewer digits, rounded or cut
// off: three digits or more, and fewer than ref has.
func shorter(ref, got trace.Value) bool {
	d := diff.Digits(got.Text)
	if d < 3 || d >= diff.Digits(ref.Text) || ref.Num == 0 || ref.Num == got.Num {
		return false
	}
	unit := math.Pow(10, math.Floor(math.Log10(math.Abs(ref.Num)))-float64(d-1))
	// Cutting off loses less than one unit, and never adds: towards zero.
	off := (ref.Num - got.Num) / math.Copysign(unit, ref.Num)
	return off > -0.5-1e-6 && off < 1
}

// downstream returns the compared rows that are computed from k directly, and
// whether none of them diverged. Rows of other quantities between are not
// waited for: where a child is not printed, its children stand for it.
func (c *Context) downstream(k schema.Key) (rows []*diff.Row, agree bool) {
	agree = true
	seen := map[schema.Key]bool{}
	level := []schema.Key{k}
	for len(level) > 0 {
		var next []schema.Key
		for _, q := range schema.NanoBragg().All() {
			if seen[q.Key] || !anyOf(q.Parents, level) {
				continue
			}
			seen[q.Key] = true
			found := c.compared(q.Key)
			if len(found) == 0 {
				next = append(next, q.Key)
			}
			for _, r := range found {
				rows = append(rows, r)
				agree = agree && !r.Diverged()
			}
		}
		level = next
	}
	return rows, agree
}

func anyOf(a, b []schema.Key) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return true
			}
		}
	}
	return false
}

// compared returns the rows of a key that have both sides.
func (c *Context) compared(k schema.Key) []*diff.Row {
	var out []*diff.Row
	for _, r := range c.Rows {
		if r.Key == k && r.Compared() {
			out = append(out, r)
		}
	}
	return out
}

// agrees reports whether k was compared and nowhere diverged.
func (c *Context) agrees(keys ...schema.Key) bool {
	for _, k := range keys {
		rows := c.compared(k)
		if len(rows) == 0 {
			return false
		}
		for _, r := range rows {
			if r.Diverged() {
				return false
			}
		}
	}
	return true
}

// differs reports whether some row of the keys diverged.
func (c *Context) differs(keys ...schema.Key) bool {
	for _, k := range keys {
		for _, r := range c.compared(k) {
			if r.Diverged() {
				return true
			}
		}
	}
	return false
}

// open returns the roots of the keys that no rule tried before accounts for.
func (c *Context) open(keys ...schema.Key) []*diff.Row {
	var out []*diff.Row
	for _, r := range c.rootsOf(keys...) {
		if !c.claimed[r] {
			out = append(out, r)
		}
	}
	return out
}

// show prints the row's two sides with their lines.
func show(r *diff.Row) string {
	return fmt.Sprintf("%s is %s (%s) against %s (%s)", r.Name(), valueText(r.Got), r.Got.Pos, valueText(r.Ref), r.Ref.Pos)
}

func valueText(r *trace.Record) string {
	if len(r.Values) == 0 {
		return r.Text
	}
	s := ""
	for i, v := range r.Values {
		if i > 0 {
			s += " "
		}
		if v.Name != "" {
			s += v.Name + ":"
		}
		t := v.Text
		if t == "" {
			t = fmt.Sprintf("%.15g", v.Num)
		}
		s += t
	}
	return s
}

// finding points at got's line of the row.
func finding(r *diff.Row, what string) Finding {
	return Finding{r.Got.Pos, show(r) + "; " + what}
}

// ratioShare is the share of a cause that multiplies the intensity by a known
// ratio.
func ratioShare(ratio float64, how string) *Share {
	return &Share{Value: ratio - 1, How: how}
}

// noShare is the share of what is printed only.
func noShare(how string) *Share { return &Share{Value: 0, How: how} }

// sides returns both logs, the reference first.
func (c *Context) sides() [2]*Side { return [2]*Side{c.Ref, c.Got} }
