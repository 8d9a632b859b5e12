package diff

import (
	"fmt"
	"math"
	"strings"

	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// measure is how the records of one quantity are compared.
type measure struct {
	rule     schema.Rule
	kind     schema.Kind // of a quantity that the schema knows
	known    bool
	mixed    bool   // a vector whose components may be of different scales
	unit     string // that the schema gives it
	nanEqual bool
	free     bool // of a program of which nothing is known
	print    [2]Precision
}

// row fills the row's difference and grade from its two records.
func (m *measure) row(row *Row) {
	ref, got := row.Ref, row.Got
	row.Abs, row.Rel, row.Worst = math.NaN(), math.NaN(), -1
	row.Rule, row.Needs, row.how = m.rule, noNeeds(), m
	if len(ref.Values) == 0 || len(got.Values) == 0 {
		m.text(row)
		return
	}
	if len(ref.Values) != len(got.Values) || len(ref.Values) > 1 {
		if why := lostComponent(ref, got); why != "" {
			row.Status, row.Gap, row.Note = Missing, Lost, why
			return
		}
	}
	factor, why := m.unitFactor(ref.Text, got.Text)
	if why != "" {
		row.Status, row.Note, row.Needs.Rel = Critical, why, math.Inf(1)
		return
	}
	m.numbers(row, factor)
}

// worstComponent is what numbers has found so far.
type worstComponent struct {
	by          float64 // how far apart the worst is, relatively; -1 while there is none
	failed      bool    // the rule does not let it pass
	floored     bool    // it is apart by less than the digits printed
	decided     bool    // the rule lets it pass whatever its digits
	notFinite   int     // components that are finite on neither side
	size, floor float64 // the largest magnitude, and half a unit of the last digit
}

// numbers compares component by component. The row's numbers are those of the
// component that differs most, before all others one that the rule does not let
// pass. A component that differs by less than the digits printed does not count,
// as long as there is another that does.
func (m *measure) numbers(row *Row, factor float64) {
	ref, got := row.Ref, row.Got
	shape := m.shape(ref)
	scale := math.NaN()
	if len(ref.Values) > 1 && (shape == schema.Vec3 || shape == schema.Int3 || shape == schema.Mat3) {
		scale = max(norm(ref, 1), norm(got, factor))
	}
	c := worstComponent{by: -1}
	for i := range ref.Values {
		r := ref.Values[i]
		g, _ := partner(got, i, r.Name)
		g.Num *= factor
		if r.Text == g.Text && factor == 1 && (finite(r.Num) || m.free && isWord(r)) {
			c.size = max(c.size, math.Abs(r.Num))
			if c.by < 0 {
				c.by, row.Abs, row.Rel, row.Worst = 0, 0, 0, i
				row.Component = componentName(shape, i, len(ref.Values), r.Name)
			}
			row.Needs.add(0, 0, 0)
			continue
		}
		if m.free && overflowed(r) && overflowed(g) {
			continue
		}
		if !finite(r.Num) && !finite(g.Num) && !m.nanEqual {
			c.notFinite++
		}
		own := scale
		if r.Name != "" {
			own = math.NaN()
		}
		abs, rel := difference(r, g, own)
		half := max(m.print[0].halfUnit(r), m.print[1].halfUnit(g)*math.Abs(factor))
		if m.free {
			half = max(m.print[0].step(r), m.print[1].step(g)*math.Abs(factor))
		}
		c.size, c.floor = max(c.size, math.Abs(r.Num), math.Abs(g.Num)), max(c.floor, half)
		under := rel > 0 && math.Abs(abs) <= half*(1+1e-9)
		if m.mixed && rel > roundingOfNorm && !math.IsNaN(own) {
			_, rel = difference(r, g, math.NaN())
			own = math.NaN()
		}
		d := rel
		if math.IsNaN(rel) {
			d = math.Inf(1)
		}
		ulp := ulps(abs, own, r.Num, g.Num)
		passes := m.rule.Passes(math.Abs(abs), d, ulp)
		if !m.rule.Named() && beyondDouble(r) && beyondDouble(g) {
			passes, under = passes && d == 0, false // a hash, a count: compared exactly
		}
		if under {
			d = 0
		} else {
			row.Needs.add(math.Abs(abs), d, ulp)
		}
		fails := d > 0 && !passes
		if fails != c.failed && c.by >= 0 {
			if c.failed {
				continue
			}
			c.by = -1
		}
		if d > c.by || d == c.by && d == 0 && rel > row.Rel {
			c.by, c.floored, c.failed, c.decided = d, under, fails, passes
			row.Abs, row.Rel, row.Worst = abs, rel, i
			row.Component = componentName(shape, i, len(ref.Values), r.Name)
		}
	}
	m.conclude(row, shape, &c)
}

// conclude gives the row the status that its worst component has.
func (m *measure) conclude(row *Row, shape schema.Kind, c *worstComponent) {
	if c.failed {
		row.Status = grade(c.by, 0)
	}
	switch {
	case c.by < 0:
		row.Status, row.Gap = Missing, Unresolved
		row.Note = "too large for its field in both logs"
	case c.notFinite > 0 && row.Status == Pass:
		row.Status, row.Note = NotFinite, "not a finite number on either side"
	case c.floored && !c.decided && c.size <= c.floor*(1+1e-9):
		row.Status, row.Gap = Missing, Unresolved
		row.Note = "smaller than the last decimal that is printed"
	case c.floored && !c.decided:
		row.Note = m.agreesWithin()
	case (shape == schema.Int || shape == schema.Int3) && c.by > 0 && !m.rule.Named():
		// What a tolerance for all lets pass is still another number.
		row.Needs = noNeeds()
		if row.Status == Pass {
			row.Status, row.Note = Minor, "integers are compared exactly"
		}
	}
}

// isWord tells a word that stands where numbers stand on other lines, "None" or "8'h94":
// it equals itself alone.
func isWord(v trace.Value) bool {
	return math.IsNaN(v.Num) && v.Text != "" && !overflowed(v) && !strings.Contains(strings.ToLower(v.Text), "nan") && strings.IndexByte(v.Text, '#') < 0
}

// overflowed tells a number that did not fit its field, of which stars stand there.
func overflowed(v trace.Value) bool { return strings.HasPrefix(v.Text, "*") }

// Overflowed tells whether the worst number of the row did not fit its field in one of
// the logs, so that its size is not known.
func (r *Row) Overflowed() bool {
	ref, got, ok := r.Pair()
	return ok && overflowed(ref) != overflowed(got)
}

// roundingOfNorm is how far a component of a vector may be off, over its norm, as
// rounding of the other components makes it.
const roundingOfNorm = 1e-13

func (m *measure) agreesWithin() string {
	least := 0
	for _, p := range m.print {
		if p.Fixed {
			return fmt.Sprintf("agrees within %d decimals", p.Decimals)
		}
		if p.Digits > 0 && (least == 0 || p.Digits < least) {
			least = p.Digits
		}
	}
	return fmt.Sprintf("within the %d digits printed", least)
}

// text compares words. A word where the other side has a number is a
// placeholder: the value was not there to be printed.
func (m *measure) text(row *Row) {
	ref, got := row.Ref, row.Got
	switch {
	case len(ref.Values) > 0:
		row.Status, row.Gap = Missing, Placeholder
		row.Note = fmt.Sprintf("%s says %s", got.Pos(), quoted(got.Text))
	case len(got.Values) > 0:
		row.Status, row.Gap = Missing, Placeholder
		row.Note = fmt.Sprintf("%s says %s", ref.Pos(), quoted(ref.Text))
	case m.known && m.kind != schema.Text && !(isTruth(ref.Text) && isTruth(got.Text)), isNothing(ref.Text) && isNothing(got.Text):
		row.Status, row.Gap = Missing, Placeholder
		row.Note = "neither log has a number here"
	case ref.Text == got.Text:
		row.Status, row.Abs, row.Rel = Pass, 0, 0
	default:
		row.Status, row.Note = Critical, "the words differ"
	}
}

// isTruth tells the words that programs print for yes and no.
func isTruth(s string) bool {
	switch strings.ToLower(strings.Trim(s, ". ")) {
	case "t", "f", "true", "false", "yes", "no", "on", "off":
		return true
	}
	return false
}

// isNothing tells the words that programs print where they have nothing to say.
func isNothing(s string) bool {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "none", "null", "nil", "n/a", "na", "not_extracted", "undefined", "uninitialized", "missing", "?":
		return true
	}
	return false
}

func quoted(s string) string {
	if s == "" {
		return "nothing"
	}
	return fmt.Sprintf("%q", s)
}

// unitFactor is what a number of got is multiplied by to be in the unit of the
// reference's; why says that they have none in common. A number that is printed
// without a unit is in the schema's.
func (m *measure) unitFactor(ref, got string) (factor float64, why string) {
	if ref == got {
		return 1, ""
	}
	if ref == "" {
		ref = m.unit
	}
	if got == "" {
		got = m.unit
	}
	a, ok1 := trace.UnitOf(ref)
	b, ok2 := trace.UnitOf(got)
	switch {
	case m.free && (!ok1 && ref != "" || !ok2 && got != ""):
		return 1, fmt.Sprintf("the units differ: %s and %s", quoted(ref), quoted(got))
	case !ok1 || !ok2 || a == b:
		return 1, ""
	case a.Dimension != b.Dimension:
		return 1, fmt.Sprintf("the units differ: %s and %s", ref, got)
	}
	return b.Size / a.Size, ""
}

// shape is how the record is compared. Three nameless numbers of an unknown
// quantity are a vector in the notes, where nothing else prints like that, and
// a list elsewhere.
func (m *measure) shape(r *trace.Record) schema.Kind {
	switch {
	case m.known:
		return m.kind
	case len(r.Values) == 1:
		return schema.Scalar
	case r.Stream == trace.NoteStream && len(r.Values) >= 3 && nameless(r.Values[:3]):
		return schema.Vec3
	}
	return schema.List
}

func nameless(vs []trace.Value) bool {
	for i := range vs {
		if vs[i].Name != "" {
			return false
		}
	}
	return true
}

// norm is that of the nameless and finite components, without overflow.
func norm(r *trace.Record, factor float64) float64 {
	most, sum := 0.0, 0.0
	for i := range r.Values {
		if v := &r.Values[i]; v.Name == "" && finite(v.Num) {
			most = max(most, math.Abs(v.Num*factor))
		}
	}
	if most == 0 {
		return 0
	}
	for i := range r.Values {
		if v := &r.Values[i]; v.Name == "" && finite(v.Num) {
			x := v.Num * factor / most
			sum += float64(x * x)
		}
	}
	return most * math.Sqrt(sum)
}

// difference returns got - ref, and its size relative to scale, or to the
// larger of the two values where scale is NaN. A word equals itself alone. Two nans are equal, and so are
// two infinities of one sign, and -0 and 0. Integers beyond 2^53 are compared
// as they are printed.
func difference(r, g trace.Value, scale float64) (abs, rel float64) {
	ref, got := r.Num, g.Num
	if ref == got && r.Text != g.Text && beyondDouble(r) && beyondDouble(g) {
		return integerDifference(r.Text, g.Text)
	}
	if (isWord(r) || isWord(g)) && r.Text != g.Text {
		return math.NaN(), math.Inf(1)
	}
	if ref == got || math.IsNaN(ref) && math.IsNaN(got) {
		return 0, 0
	}
	if !finite(ref) || !finite(got) {
		return math.NaN(), math.Inf(1)
	}
	if math.IsNaN(scale) {
		scale = max(math.Abs(ref), math.Abs(got))
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
	if i < len(r.Values) && r.Values[i].Name == name {
		return r.Values[i], true
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
	for i := range full.Values {
		name := full.Values[i].Name
		if _, ok := partner(other, i, name); !ok {
			if name == "" {
				name = fmt.Sprintf("%d of %d", i+1, len(full.Values))
			}
			return fmt.Sprintf("%s has no component %s", other.Pos(), name)
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
