// Package causes knows what makes programs of nanoBragg's kind differ: the rules
// that package explain runs on their traces.
//
// Each rule states all its necessary conditions and looks at numbers alone. Where
// it does not apply, it says which number rules it out, or which quantity is not
// printed. Rules are tried in the order of Rules: what the programs say of
// themselves, then what holds for a whole log, then by the place in the
// calculation, the special before the general.
//
// Besides the differences between the logs there is each log's own account: what
// it prints is computed again from what it prints beside it (recomputed, terms).
// That tells a fault of a step from what the step inherits, also where everything
// before it differs.
package causes

import (
	"simtrace/pkg/parity/explain"
	"simtrace/pkg/trace/schema"
)

// The engine's types, under short names.
type (
	Context = explain.Context
	Cause   = explain.Cause
	Rule    = explain.Rule
	Side    = explain.Side
)

// Rules lists all rules in the order in which they are tried. A root that one
// accounts for is not offered to the next.
func Rules() []Rule {
	rules := []Rule{
		{ID: "libm", Stage: schema.Setup, Digits: true, Find: findLibm},
		{ID: "float32", Stage: schema.Setup, Digits: true, Find: func(c *Context) ([]Cause, string) { return findFloat32(c, true) }},
		{ID: "fast-math", Stage: schema.Setup, Find: findFastMath},
		{ID: "odet-regenerated", Stage: schema.Origin, Find: findOdet},
		{ID: "matrix-transpose", Stage: schema.Crystal, Find: findMatrixTranspose},
		{ID: "stars-rotated", Stage: schema.Crystal, Find: findStarsRotated},
		{ID: "print-unit", Stage: schema.Orientation, Find: findPrintUnit},
		{ID: "phi-carryover", Stage: schema.Orientation, Find: findCarryover},
		{ID: "interpolation", Stage: schema.StructureFactor, Find: findInterpolation},
		{ID: "skipped-loop", Stage: schema.Orientation, Find: findSkippedLoop},
		{ID: "dmin", Stage: schema.Scattering, Find: func(c *Context) ([]Cause, string) { return findEmpty(c, true) }},
		{ID: "short-loop", Stage: schema.Orientation, Find: findShortLoop},
		{ID: "source-traced", Stage: schema.Scattering, Find: findSourceTraced},
		{ID: "source-lambda", Stage: schema.Scattering, Find: findSourceLambda},
		{ID: "centre-ignored", Stage: schema.Origin, Find: findCentreIgnored},
		{ID: "setting", Stage: schema.Setup, Find: findSettings},
		{ID: "pixel-centre", Stage: schema.Position, Find: findCentre},
		{ID: "unit-label", Stage: schema.Setup, Find: findUnitLabel},
		{ID: "unit-scale", Stage: schema.Setup, Find: findUnitScale},
		{ID: "degrees-radians", Stage: schema.Setup, Find: findDegreesRadians},
		{ID: "twotheta-clobber", Stage: schema.Setup, Find: findTwotheta},
		{ID: "rotation-order", Stage: schema.Setup, Find: findRotationOrder},
		{ID: "beam-vector", Stage: schema.Scattering, Find: findBeamVector},
		{ID: "beam-swap", Stage: schema.Origin, Find: findBeamSwap},
		{ID: "half-pixel", Stage: schema.Origin, Find: findHalfPixel},
		{ID: "sample-grid", Stage: schema.Position, Find: findGrid},
		{ID: "close-after-twotheta", Stage: schema.Origin, Find: findCloseAfterTwotheta},
		{ID: "distance-for-close", Stage: schema.Origin, Find: findDistanceForClose},
		{ID: "wrong-pivot", Stage: schema.Origin, Find: findPivot},
		{ID: "pixel-swap", Stage: schema.Position, Find: findPixelSwap},
		{ID: "curved", Stage: schema.Position, Find: findCurvedDetector},
		{ID: "lambda-rescale", Stage: schema.Crystal, Find: findLambdaRescale},
		{ID: "metric-duality", Stage: schema.Crystal, Find: findDuality},
		{ID: "volume", Stage: schema.Crystal, Find: findVolumeScale},
		{ID: "phi-grid", Stage: schema.Orientation, Find: findPhiGrid},
		{ID: "rotation", Stage: schema.Orientation, Find: findRotation},
		{ID: "rounding", Stage: schema.Miller, Find: findRounding},
		{ID: "axis-swap", Stage: schema.Lattice, Find: findAxisSwap},
		{ID: "lattice-delta", Stage: schema.Lattice, Find: findLatticeDelta},
		{ID: "interpolation-latch", Stage: schema.StructureFactor, Find: findLatch},
		{ID: "stale-fdump", Stage: schema.StructureFactor, Find: findTableLookup},
		{ID: "shape", Stage: schema.Lattice, Find: findShape},
		{ID: "units-in-sum", Stage: schema.Sum, Find: bySum("units-in-sum")},
		{ID: "obliquity", Stage: schema.SolidAngle, Find: func(c *Context) ([]Cause, string) { return byOmega(c, "obliquity") }},
		{ID: "solid-angle", Stage: schema.SolidAngle, Find: func(c *Context) ([]Cause, string) { return byOmega(c, "solid-angle") }},
		{ID: "omega-last", Stage: schema.SolidAngle, Find: findOmegaLast},
		{ID: "thickness-grid", Stage: schema.Scale, Find: findThicknessGrid},
		{ID: "capture", Stage: schema.Scale, Find: findCapture},
		{ID: "constant", Stage: schema.Scale, Find: findConstantDigits},
		{ID: "fluence", Stage: schema.Scale, Find: findFluenceKept},
		{ID: "power", Stage: schema.Sum, Find: bySum("power")},
		{ID: "water", Stage: schema.Sum, Find: findWaterBackground},
		{ID: "lost-step", Stage: schema.Sum, Find: findLostStep},
		{ID: "capture-each", Stage: schema.Sum, Find: findCaptureEach},
		{ID: "polar", Stage: schema.Scale, Find: func(c *Context) ([]Cause, string) { return misused(c, "polar") }},
		{ID: "polar-value", Stage: schema.Scale, Find: findPolarValue},
		{ID: "steps", Stage: schema.Scale, Find: findSteps},
		{ID: "factor", Stage: schema.Scale, Find: func(c *Context) ([]Cause, string) { return misused(c, "factor") }},
		{ID: "compounding", Stage: schema.Sum, Find: bySum("compounding")},
		{ID: "float32-stage", Stage: schema.Setup, Digits: true, Find: func(c *Context) ([]Cause, string) { return findFloat32(c, false) }},
		{ID: "source-weight", Stage: schema.Sum, Find: findSourceWeights},
		{ID: "mosaic-draws", Stage: schema.Sum, Find: findMosaicDraws},
		{ID: "sign", Stage: schema.Setup, Find: findSignFlip},
		{ID: "term", Stage: schema.Setup, Find: findFormulaTerm},
		{ID: "truncated", Stage: schema.Scale, Find: findTruncated},
		{ID: "missing-record", Stage: schema.Scale, Find: findMissingRecord},
		{ID: "self-inconsistent", Stage: schema.Scale, Find: findSelfInconsistent},
	}
	for i := range rules {
		describe(&rules[i])
	}
	return rules
}

// Groups of quantities.
var (
	starKeys    = []schema.Key{schema.RotAStar, schema.RotBStar, schema.RotCStar}
	realKeys    = []schema.Key{schema.RotA, schema.RotB, schema.RotC}
	cellKeys    = append(append([]schema.Key{}, starKeys...), realKeys...)
	latticeKeys = []schema.Key{schema.FLattA, schema.FLattB, schema.FLattC, schema.FLatt, schema.PhiFLattB, schema.PhiFLatt}
	factorKeys  = []schema.Key{schema.FCell, schema.FCellNearest, schema.FCellInterpolated}
	sumKeys     = []schema.Key{schema.IBeforeScaling, schema.IBeforeScalingPrePolar}
	finalKeys   = []schema.Key{schema.IPixelFinal, schema.FloatImage}
)
