package diff

import (
	"fmt"
	"math"

	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// measure fills the row's difference and grade from its two records, by one
// relative tolerance.
func measure(row *Row, tolerance float64, refDigits, gotDigits int) {
	measureBy(row, Relative(tolerance), refDigits, gotDigits)
}

// measureBy is measure by a rule; refDigits and gotDigits are the printed
// precision of the logs, see precision.
func measureBy(row *Row, rule Rule, refDigits, gotDigits int) {
	ref, got := row.Ref, row.Got
	row.Abs, row.Rel, row.Worst = math.NaN(), math.NaN(), -1
	row.Rule, row.Needs = rule, noNeeds()
	if len(ref.Values) == 0 || len(got.Values) == 0 {
		measureText(row)
		return
	}
	if why := lostComponent(ref, got); why != "" {
		row.Status, row.Gap, row.Note = Missing, Lost, why
		return
	}
	whole := kindOf(row.Key, ref, rule.Kind)
	scale := norms(whole, ref, got)
	// The row's numbers are those of the component that differs most, before
	// all others one that the rule does not let pass. A component that differs
	// by less than the digits printed does not count, as long as there is
	// another that does.
	var worst, floored, failed, decided = -1.0, false, false, false
	for i := range ref.Values {
		r := ref.Values[i]
		g, _ := partner(got, i, r.Name)
		abs, rel := difference(r.Num, g.Num, scale(i))
		under := rel > 0 && belowPrint(r, g, math.Abs(abs), refDigits, gotDigits)
		size := rel
		if math.IsNaN(rel) {
			size = math.Inf(1)
		}
		ulp := ulps(abs, scale(i), r.Num, g.Num)
		passes := rule.passes(math.Abs(abs), size, ulp)
		if under {
			size = 0
		} else {
			row.Needs.add(math.Abs(abs), size, ulp)
		}
		fails := size > 0 && !passes
		if fails != failed && worst >= 0 {
			if failed {
				continue
			}
			worst = -1
		}
		better := size > worst
		if size == worst && size == 0 && !math.IsNaN(row.Rel) {
			better = rel > row.Rel
		}
		if better {
			worst, floored, failed, decided = size, under, fails, passes
			row.Abs, row.Rel, row.Worst = abs, rel, i
			row.Component = componentName(whole, i, len(ref.Values), r.Name)
		}
	}
	if failed {
		row.Status = grade(worst, 0)
	}
	switch {
	case floored && !decided:
		row.Note = fmt.Sprintf("within the %d digits printed", leastDigits(refDigits, gotDigits))
	case exact(whole) && worst > 0 && !rule.Named():
		// What a tolerance for all lets pass is still another number.
		row.Needs = noNeeds()
		if row.Status == Pass {
			row.Status, row.Note = Minor, "integers are compared exactly"
		}
	}
}

// measureText compares words. A word where the other side has a number is a
// placeholder: the value was not there to be printed.
func measureText(row *Row) {
	ref, got := row.Ref, row.Got
	switch {
	case len(ref.Values) > 0:
		row.Status, row.Gap = Missing, Placeholder
		row.Note = fmt.Sprintf("%s says %s", got.Pos, quoted(got.Text))
	case len(got.Values) > 0:
		row.Status, row.Gap = Missing, Placeholder
		row.Note = fmt.Sprintf("%s says %s", ref.Pos, quoted(ref.Text))
	case row.Key != schema.None && schema.Info(row.Key).Kind != schema.Text:
		row.Status, row.Gap = Missing, Placeholder
		row.Note = "neither log has a number here"
	case ref.Text == got.Text:
		row.Status = Pass
	default:
		row.Status, row.Note = Critical, "the words differ"
	}
}

func quoted(s string) string {
	if s == "" {
		return "nothing"
	}
	return fmt.Sprintf("%q", s)
}

// kindOf returns the shape by which the record is compared. Three nameless
// numbers of an unknown key are a vector in the notes, where nothing else
// prints like that, and a list elsewhere, unless declared says more.
func kindOf(k schema.Key, r *trace.Record, declared schema.Kind) schema.Kind {
	if k != schema.None {
		return schema.Info(k).Kind
	}
	switch {
	case declared != schema.Scalar:
		return declared
	case len(r.Values) == 1:
		return schema.Scalar
	case r.Stream == trace.NoteStream && len(r.Values) >= 3 && nameless(r.Values[:3]):
		return schema.Vec3
	}
	return schema.List
}

func nameless(vs []trace.Value) bool {
	for _, v := range vs {
		if v.Name != "" {
			return false
		}
	}
	return true
}

func exact(k schema.Kind) bool { return k == schema.Int || k == schema.Int3 }

// norms returns the scale of component i: the larger norm of the two records
// for vectors and matrices (nameless components only, non-finite ones left
// out), NaN for shapes whose components stand for themselves.
func norms(kind schema.Kind, ref, got *trace.Record) func(int) float64 {
	alone := func(int) float64 { return math.NaN() }
	switch kind {
	case schema.Vec3, schema.Int3, schema.Mat3:
	default:
		return alone
	}
	n := math.Max(norm(ref), norm(got))
	return func(i int) float64 {
		if ref.Values[i].Name != "" {
			return math.NaN()
		}
		return n
	}
}

func norm(r *trace.Record) float64 {
	n := 0.0
	for _, v := range r.Values {
		if v.Name == "" && finite(v.Num) {
			n = math.Hypot(n, v.Num)
		}
	}
	return n
}

// difference returns got - ref, and its size relative to scale, or to the
// larger of the two values where scale is NaN. Two nans are equal, and so are
// two infinities of one sign, and -0 and 0.
func difference(ref, got, scale float64) (abs, rel float64) {
	if ref == got || math.IsNaN(ref) && math.IsNaN(got) {
		return 0, 0
	}
	if !finite(ref) || !finite(got) {
		return math.NaN(), math.Inf(1)
	}
	if math.IsNaN(scale) {
		scale = math.Max(math.Abs(ref), math.Abs(got))
	}
	// Dividing first keeps the difference of two huge numbers finite.
	rel = math.Abs(got/scale - ref/scale)
	if d := math.Abs(got-ref) / scale; finite(d) {
		rel = d
	}
	return got - ref, rel
}

// partner returns the value of r that belongs to component i of the other
// side: the one with the same name, or the one at the same place.
func partner(r *trace.Record, i int, name string) (trace.Value, bool) {
	if name == "" {
		if i < len(r.Values) && r.Values[i].Name == "" {
			return r.Values[i], true
		}
		return trace.Value{}, false
	}
	for _, v := range r.Values {
		if v.Name == name {
			return v, true
		}
	}
	return trace.Value{}, false
}

// lostComponent says which component one side lacks, or "".
func lostComponent(ref, got *trace.Record) string {
	if why := lacks(ref, got); why != "" {
		return why
	}
	return lacks(got, ref)
}

func lacks(full, other *trace.Record) string {
	for i, v := range full.Values {
		if _, ok := partner(other, i, v.Name); !ok {
			name := v.Name
			if name == "" {
				name = fmt.Sprintf("%d of %d", i+1, len(full.Values))
			}
			return fmt.Sprintf("%s has no component %s", other.Pos, name)
		}
	}
	return ""
}

var axes = [...]string{"x", "y", "z"}

// componentName names component i of n.
func componentName(kind schema.Kind, i, n int, name string) string {
	switch {
	case name != "":
		return name
	case n == 1:
		return ""
	case (kind == schema.Vec3 || kind == schema.Int3) && i < len(axes):
		return axes[i]
	case kind == schema.Mat3 && n == 9:
		return fmt.Sprintf("[%d,%d]", i/3+1, i%3+1)
	}
	return fmt.Sprintf("%d", i+1)
}
