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
	return []Rule{
		libm, singlePrecision, fastMath,
		odetRegenerated, matrixTranspose, starsRotated, printUnit, phiCarryover, interpolation,
		skippedLoop, dminCut, shortLoop, sourceTraced, sourceLambda, centreIgnored, settingDiffers, pixelCentre,
		unitLabel, unitScale, degreesRadians, twothetaClobber, rotationOrder, beamVector,
		beamSwap, halfPixel, sampleGrid, closeAfterTwotheta, distanceForClose, wrongPivot, pixelSwap, curvedDetector,
		lambdaRescale, metricDuality, volumeScale, phiGrid, rotation,
		rounding, axisSwap, latticeDelta, interpolationLatch, tableLookup,
		shapeFactor, unitsInSum, obliquityMissing, solidAngle, omegaLast, thicknessGrid, captureKept, constantDigits, fluenceKept,
		powerOfFactor, waterBackground, lostStep, captureEach, polarFactor, polarValue, stepsFactor, factorMisused, compounding, singleStage, sourceWeights, mosaicDraws,
		signFlip, formulaTerm, truncated, missingRecord, selfInconsistent,
	}
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
