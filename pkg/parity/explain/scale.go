package explain

import (
	"fmt"
	"math"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace/schema"
)

var lambdaRescale = Rule{
	ID:    "lambda-rescale",
	Title: "orientation matrix not scaled by the wavelength, or scaled twice",
	Text: `The numbers of a .mat file are in units of 1/(lambda angstrom): they are divided by the wavelength, by the one that
they were made with. One side leaves that out or does it twice.

How it shows: all nine components of the reciprocal vectors have one ratio, the wavelength in angstroms or its
inverse; the real vectors have the inverse.

How to check: compare the cell edges with those that the matrix was made for.`,
	Example: `c.log:   TRACE_C: rot_a_star_A_inv -0.0290510954 -0.0293958845 0.0107498771    (lambda 0.9768)
py.log:  TRACE_PY: rot_a_star_A_inv -0.02837711 -0.0287139 0.01050048`,
	Find: findLambdaRescale,
}

var volumeScale = Rule{
	ID:    "volume",
	Title: "cell vectors scaled by a wrong volume",
	Text: `The real vectors are the cross products of the reciprocal ones times the volume of the cell, and the reverse. A
wrong volume, or a factor of the matrix that is no wavelength (2 pi), scales all of them.

How it shows: all nine components of the reciprocal vectors, or of the real ones alone, have one ratio, which is not
the wavelength's.

How to check: a . a* must be 1.`,
	Example: `c.log:   TRACE_C: rot_a_angstroms -14.356 -21.872 -5.582
py.log:  TRACE_PY: rot_a_angstroms -14.643 -22.309 -5.694    (all nine by 1.02)`,
	Find: findVolume,
}

// cellScale returns the one ratio of the nine components where it is not 1.
func cellScale(c *Context, keys []schema.Key) (ratio float64, rows []*diff.Row, ok bool) {
	rows = c.open(keys...)
	ref, ok1 := c.Ref.Vecs(keys...)
	got, ok2 := c.Got.Vecs(keys...)
	if len(rows) == 0 || !ok1 || !ok2 {
		return 0, nil, false
	}
	var a, b []float64
	for i := range ref {
		a, b = append(a, ref[i][:]...), append(b, got[i][:]...)
	}
	ratio, ok = oneRatio(a, b)
	if l, has := lambdaRatio(c); has {
		if _, follows := eitherWay(ratio, l); follows {
			return 0, nil, false // a matrix is divided by the wavelength that is set
		}
	}
	return ratio, rows, ok && ratio > 0 && !meets(ratio, 1)
}

// lambdaRatio is the ratio of the wavelengths, where they differ.
func lambdaRatio(c *Context) (float64, bool) {
	ref, _, ok1 := c.Ref.Num(schema.LambdaMeters)
	got, _, ok2 := c.Got.Num(schema.LambdaMeters)
	return got / ref, ok1 && ok2 && ref != 0 && ref != got
}

// scaledByLambda are the roots of the cell that follow from another wavelength.
func scaledByLambda(c *Context) []*diff.Row {
	l, ok := lambdaRatio(c)
	if !ok {
		return nil
	}
	var out []*diff.Row
	for _, r := range c.open(append(append([]schema.Key{}, starKeys...), realKeys...)...) {
		if ratio, ok := rowRatio(r); ok {
			if _, follows := eitherWay(ratio, l); follows {
				out = append(out, r)
			}
		}
	}
	return out
}

func findLambdaRescale(c *Context) ([]Cause, string) {
	lambda, lr, ok := c.Ref.Num(schema.LambdaAngstroms)
	if !ok {
		return nil, "the reference prints no wavelength"
	}
	for _, keys := range [][]schema.Key{starKeys, realKeys} {
		ratio, rows, ok := cellScale(c, keys)
		if !ok {
			continue
		}
		if _, ok := eitherWay(ratio, lambda); !ok {
			return nil, fmt.Sprintf("the cell vectors have the one ratio %.9g, which is not the wavelength", ratio)
		}
		return []Cause{scaleCause(c, keys, ratio, rows, fmt.Sprintf("lambda_angstroms is %.9g (%s), its inverse %.9g.", lambda, lr.Pos, 1/lambda))}, ""
	}
	return nil, "the cell vectors of the two sides have no common ratio"
}

func findVolume(c *Context) ([]Cause, string) {
	for _, keys := range [][]schema.Key{starKeys, realKeys} {
		ratio, rows, ok := cellScale(c, keys)
		if !ok {
			continue
		}
		more := "The ratio is not the wavelength."
		if _, ok := eitherWay(ratio, 2*math.Pi); ok {
			more = "The ratio is 2 pi: the physicist's reciprocal lattice against the crystallographer's."
		}
		if keys[0] == schema.RotA && c.agrees(starKeys...) {
			more += " The reciprocal vectors agree, so that the volume between them and the real ones is wrong by this factor."
		}
		return []Cause{scaleCause(c, keys, ratio, rows, more)}, ""
	}
	return nil, "the cell vectors of the two sides have no common ratio"
}

func scaleCause(c *Context, keys []schema.Key, ratio float64, rows []*diff.Row, more string) Cause {
	return Cause{
		Role: IsCause, Confidence: confidence(2), order: keys[0], Explains: rows,
		Evidence: []string{fmt.Sprintf("All nine components from %s on (%s, %s) have the ratio %.9g.", keys[0], c.Ref.Rec(keys[0]).Pos, c.Got.Rec(keys[0]).Pos, ratio), more},
		Findings: []Finding{finding(rows[0], fmt.Sprintf("all nine components by %.9g", ratio))},
	}
}
