package causes

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// pixelFactors are what the final intensity is the product of, with the power of each,
// and the rule that speaks of it, in the order of the rules.
var pixelFactors = []struct {
	key   schema.Key
	rule  string
	power float64
}{
	{schema.Polar, "polar", 1}, {schema.Steps, "steps", -1},
	{schema.CaptureFraction, "factor", 1}, {schema.OmegaPixel, "factor", 1}, {schema.Fluence, "factor", 1}, {schema.RESqr, "factor", 1},
}

// misuses are what a formula does to a factor: the result is out by the factor to the
// natural power times this. The likeliest come first.
var misuses = []struct {
	power float64
	says  string
}{
	{-1, "without %s"}, {1, "with %s twice"}, {-2, "with %s the wrong way round: divided by for multiplied by, or the reverse"}, {-0.5, "with the square root of %s"},
}

// misuse is what a log's final intensity does to one of its factors.
type misuse struct {
	of   account
	rank int // of pixelFactors
	how  int // of misuses
	by   float64
}

func (m misuse) key() schema.Key { return pixelFactors[m.rank].key }

// misused finds what makes a log's final intensity so many times what its own factors make:
// one misuse, or two of different factors.
func misused(o account) (list []misuse) {
	ratio, ok := o.ratio()
	if !ok || meets(ratio, 1) {
		return nil
	}
	for how, m := range misuses {
		for rank, f := range pixelFactors {
			if v := val(o.side, f.key); v > 0 && v != 1 {
				list = append(list, misuse{o, rank, how, math.Pow(v, f.power*m.power)})
			}
		}
	}
	for i, m := range list {
		if meets(ratio, m.by) {
			return list[i : i+1]
		}
	}
	for i, m := range list {
		for _, n := range list[:i] {
			if m.rank != n.rank && meets(ratio, m.by*n.by) {
				return []misuse{n, m}
			}
		}
	}
	return nil
}

// finalMisuses are what one log does to the factors of the final intensity and the other does
// not, in the order of the rules.
func finalMisuses(c *Context) (list []misuse, ratio float64, ok bool) {
	ratio, ref, got, ok := ownRatio(c, schema.IPixelFinal)
	if !ok {
		return nil, 0, false
	}
	sides := [2][]misuse{misused(ref), misused(got)}
	for i, mine := range sides {
		for _, m := range mine {
			if m.key() == schema.CaptureFraction && misuses[m.how].power == -1 && recipeOf(c, m.of.side).rule == "capture-each" {
				continue // its sum has it
			}
			if !slices.ContainsFunc(sides[1-i], func(n misuse) bool { return n.rank == m.rank && n.how == m.how }) {
				list = append(list, m)
			}
		}
	}
	slices.SortStableFunc(list, func(x, y misuse) int { return x.rank - y.rank })
	return list, ratio, true
}

// byFactor looks for an intensity that is out by one factor: the final one against the
// log's own other factors, or a root against the other log.
func byFactor(rule string) finder {
	return func(c *Context, _ []*diff.Row) (found []Cause, why string) {
		list, ratio, ok := finalMisuses(c)
		for i, m := range list {
			if pixelFactors[m.rank].rule == rule {
				found = append(found, finalCause(c, m, i+1 < len(list))...)
			}
		}
		if len(found) > 0 {
			return found, ""
		}
		var values []string
		for _, f := range pixelFactors {
			for _, s := range c.Sides() { // the two may differ by another cause
				v := val(s, f.key)
				if f.rule != rule || !known(v) || v == 0 || v == 1 {
					continue
				}
				what := fmt.Sprintf("%s is %s", f.key, cited(s.RecOr(f.key)))
				if rule != "factor" {
					found = sumOut(c, f.key, math.Pow(v, f.power), what)
				}
				if len(found) > 0 {
					return found, ""
				}
				values = append(values, what)
			}
		}
		switch {
		case len(values) == 0:
			return nil, "not checked: no factor is printed, or it is 1"
		case !ok:
			return nil, "not checked: the final intensity cannot be computed from what both logs print; " + strings.Join(values, ", ")
		}
		return nil, fmt.Sprintf("the final intensity is out by %.9g against the logs' own factors; %s", ratio, strings.Join(values, ", "))
	}
}

// sumHas tells whether a log's sum is nearer to the other's times a factor than to the other's, where the factor
// is so large or small that no other cause makes it.
func sumHas(c *Context, s *Side, factor float64) bool {
	ratio := math.Abs(val(s, schema.IBeforeScaling) / val(other(c, s), schema.IBeforeScaling))
	return math.Abs(math.Log10(factor)) > 1 && math.Abs(math.Log(ratio/factor)) < math.Abs(math.Log(ratio))
}

// finalCause tells a final intensity with a misused factor from a sum that is printed with
// the factor in it: both leave the same contradiction in the log. partly says that there are more such factors.
func finalCause(c *Context, m misuse, partly bool) []Cause {
	key, s := m.key(), m.of.side
	if misuses[m.how].power == -1 && sumHas(c, s, 1/m.by) && c.Differs(schema.IPixelFinal) {
		return one(nil, fmt.Sprintf("the sum of %s has %s in it: its final intensity is not multiplied by it once more", s.Name, key), nil, m.of.text()+".").
			enters(schema.IPixelFinal).of(key.String()).note().partly(c.Open(finalKeys...))
	}
	return finalOut(c, key, fmt.Sprintf("I_pixel_final of %s is made "+misuses[m.how].says, s.Name, key), m.of, m.by, fmt.Sprintf("%s is %s", key, cited(s.RecOr(key))), partly)
}

// finalOut is a cause of a log's final intensity, which is out by so much.
func finalOut(c *Context, key schema.Key, title string, o account, by float64, what string, partly bool) []Cause {
	check, evidence := fmt.Sprintf("I_pixel_final is out by %.12g against the log's own factors; %s", by, what), o.text()+"."
	if c.Agrees(schema.IPixelFinal) {
		if !c.Differs(sumKeys...) {
			return nil // another factor is printed otherwise
		}
		return one(c.Open(sumKeys...), fmt.Sprintf("the sum is printed with %s in it on one side only: the final intensity agrees", key),
			[]string{check, "the final intensity agrees"}, evidence).enters(schema.IBeforeScaling).printed("the final intensity agrees")
	}
	rows := c.Open(finalKeys...)
	if len(rows) == 0 && len(c.RootsOf(finalKeys...)) > 0 {
		return nil // it is accounted for
	}
	if o.side == c.Ref {
		by = 1 / by
	}
	cause := one(rows, title, []string{check}, evidence).enters(schema.IPixelFinal).of(key.String()).times(by, "the ratio of the intensities that this factor makes")
	if r := c.Got.RecOr(schema.IPixelFinal); r != nil {
		cause.at(r.Pos(), fmt.Sprintf("%s is %s; it is out by %.9g, the factor %s", r.Name, valueText(r), by, key))
	}
	if partly {
		cause.partly(rows)
	}
	a, b, ok := bothTerms(c)
	switch sums := [2]*trace.Record{c.Ref.RecOr(schema.IBeforeScaling), c.Got.RecOr(schema.IBeforeScaling)}; {
	case !c.Differs(sumKeys...) || ok && a.adds() && b.adds():
		return cause
	case sums[0] != nil && sums[1] != nil && sums[0].Tag == sums[1].Tag && sums[0].Name == sums[1].Name:
		return cause.also(fmt.Sprintf("That holds unless %s prints its sum with %s in it: the sums differ by other causes, and the logs do not show all steps.", o.side.Name, key))
	}
	cause.note().partly(rows)[0].Share = nil
	cause[0].Title = fmt.Sprintf("the final intensity and the printed sum do not go together by the factor %s", key)
	return cause.also(fmt.Sprintf("Either the final intensity has %s once too often or too little, or the sum is printed with it on one side: the sums differ by other causes, and the logs do not show all steps, so that nothing tells which.", key))
}

// sumOut looks for a sum, or a final intensity that cannot be computed again, that is out by
// the factor against the other log.
func sumOut(c *Context, key schema.Key, factor float64, what string) []Cause {
	rows := c.Open(slices.Concat(sumKeys, finalKeys)...)
	if len(rows) == 0 {
		return nil
	}
	ratio, ok := rowRatio(rows[0])
	inverse, fits := eitherWay(ratio, factor)
	if !ok || !fits {
		return nil
	}
	// got has the factor once more than the reference, or once less.
	how := [2]string{"has %s once more than the reference's", "lacks %s, which the reference's has"}
	if key == schema.Steps {
		how = [2]string{"is divided by %s once more than the reference's", "is not divided by %s, as the reference's is"}
	}
	says := how[0]
	if inverse {
		says = how[1]
	}
	return shown(rows, fmt.Sprintf("%s of got "+says, rows[0].Key, key), fmt.Sprintf("%s is out by %.12g; %s", rows[0].Name(), ratio, what)).
		times(ratio, "the ratio of the intensities that this factor makes")
}
