package explain

import (
	"fmt"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace/schema"
)

var polarFactor = Rule{
	ID:    "polar",
	Title: "polarisation missing, or applied twice",
	Text: `The intensity has the polarisation factor once. One side leaves it out, or has it in the sum already and multiplies once
more.

How it shows: the sum, or the final intensity against the log's own factors, is out by just polar.

How to check: give -nopolar to both; the difference goes.`,
	Example: `c.log:   I_pixel_final 446.254110667806   polar 0.912575818665327
py.log:  I_pixel_final 489.004968447    polar 0.912575818665327`,
	Find: findPolar,
}

func findPolar(c *Context) ([]Cause, string) {
	why := "no log prints polar"
	for _, s := range c.sides() { // the two may differ by another cause
		polar, pr, ok := s.Num(schema.Polar)
		if !ok {
			continue
		}
		var found []Cause
		found, why = factorCause(c, schema.Polar, polar, fmt.Sprintf("polar is %.12g (%s)", polar, pr.Pos), []schema.Key{schema.IBeforeScaling, schema.IBeforeScalingPrePolar, schema.IPixelFinal, schema.FloatImage})
		if len(found) > 0 {
			return found, ""
		}
	}
	return nil, why
}

// factorCause looks for an intensity that has a factor once too often, or once
// too little: against the log's own other factors, or, for a root, against the
// other log.
func factorCause(c *Context, key schema.Key, factor float64, what string, keys []schema.Key) ([]Cause, string) {
	ratio, rows, k, evidence := 0.0, []*diff.Row(nil), schema.None, ""
	if r, ref, got, ok := c.ownRatio(schema.IPixelFinal); ok && !c.named[schema.IPixelFinal] && !meets(r, 1) {
		ratio, k = r, schema.IPixelFinal
		rows = c.open(schema.IPixelFinal, schema.FloatImage)
		evidence = ref.text(c.Ref) + "; " + got.text(c.Got) + "."
	}
	if open := c.open(keys...); len(open) > 0 && k == schema.None {
		if r, ok := rowRatio(open[0]); ok {
			ratio, k, rows = r, open[0].Key, open
			evidence = show(open[0]) + "."
		}
	}
	if k == schema.None {
		return nil, "the intensity follows from its factors, and is no root"
	}
	inverse, ok := eitherWay(ratio, factor)
	if !ok {
		return nil, fmt.Sprintf("%s is out by %.9g, which is not the factor", k, ratio)
	}
	sum := []schema.Key{schema.IBeforeScaling, schema.IBeforeScalingPrePolar}
	if k == schema.IPixelFinal && c.agrees(schema.IPixelFinal) && !c.differs(sum...) {
		return nil, "sum and final intensity agree: what contradicts them is how another of the factors is printed"
	}
	title := fmt.Sprintf("%s of got has %s once more than the reference's", k, key)
	if inverse {
		title = fmt.Sprintf("%s of got lacks %s, which the reference's has", k, key)
	}
	if key == schema.Steps { // the intensity is divided by it
		title = fmt.Sprintf("%s of got is divided by %s once more than the reference's", k, key)
		if !inverse {
			title = fmt.Sprintf("%s of got is not divided by %s, as the reference's is", k, key)
		}
	}
	cause := Cause{
		Role: IsCause, Confidence: confidence(2), order: k, Explains: rows, names: []schema.Key{k, schema.IBeforeScalingPostPolar},
		Title:    title,
		Evidence: []string{evidence, fmt.Sprintf("It is out by %.12g; %s.", ratio, what)},
		Share:    ratioShare(ratio, "the ratio of the intensities that this factor makes"),
	}
	if k == schema.IPixelFinal {
		c.weighFinal(&cause, key, sum)
	}
	if r := c.Got.recOr(k); r != nil {
		cause.Findings = []Finding{{r.Pos, fmt.Sprintf("%s is %s; it is out by %.9g, the factor %s", r.Name, valueText(r), ratio, key)}}
	}
	return []Cause{cause}, ""
}

// weighFinal tells a final intensity with a wrong factor from a sum that is
// printed with the factor in it: both leave the same contradiction in the log.
func (c *Context) weighFinal(cause *Cause, key schema.Key, sum []schema.Key) {
	if c.agrees(schema.IPixelFinal) {
		cause.Title = fmt.Sprintf("the sum is printed with %s in it on one side only: the final intensity agrees", key)
		cause.Explains, cause.order = c.open(sum...), schema.IBeforeScaling
		cause.Share = noShare("the final intensity agrees")
		return
	}
	if !c.differs(sum...) {
		return
	}
	ref, ok1 := own(c.Ref, schema.IBeforeScaling)
	got, ok2 := own(c.Got, schema.IBeforeScaling)
	if ok1 && ok2 && ref.rel <= fingerprintTolerance && got.rel <= fingerprintTolerance {
		cause.Evidence = append(cause.Evidence, "The sums follow from their own steps on both sides: it is the final intensity that is out.")
		return
	}
	cause.Role, cause.Share, cause.Explains = IsNote, nil, nil
	cause.Title = fmt.Sprintf("the final intensity and the printed sum do not go together by the factor %s", key)
	cause.Evidence = append(cause.Evidence, fmt.Sprintf("Either the final intensity has %s once too often or too little, or the sum is printed with it on one side: the sums differ by other causes, and the logs do not show all steps, so that nothing tells which.", key))
}
