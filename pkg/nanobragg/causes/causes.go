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
	_ "embed"
	"slices"
	"strings"
	"sync"

	"simtrace/pkg/parity/diff"
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

// finder looks for a cause of rows, the roots that are left to explain.
type finder func(c *Context, rows []*diff.Row) ([]Cause, string)

// rules in the order in which they are tried. of are the quantities of which one has to be a root that is left
// to explain; where there are none, rows are all such roots.
var rules = []struct {
	id    string
	stage schema.Stage
	find  finder
	of    []schema.Key
}{
	{"libm", schema.Setup, findLibm, nil},
	{"float32", schema.Setup, findFloat32(true), nil},
	{"fast-math", schema.Setup, findFastMath, nil},
	{"odet-regenerated", schema.Origin, findOdet, nil},
	{"matrix-transpose", schema.Crystal, findMatrixTranspose, nil},
	{"stars-rotated", schema.Crystal, findStarsRotated, starKeys},
	{"print-unit", schema.Orientation, findPrintUnit, realKeys},
	{"phi-carryover", schema.Orientation, findCarryover, nil},
	{"interpolation", schema.StructureFactor, findInterpolation, nil},
	{"skipped-loop", schema.Orientation, findSkippedLoop, nil},
	{"dmin", schema.Scattering, findEmpty(true), nil},
	{"short-loop", schema.Orientation, findShortLoop, nil},
	{"source-traced", schema.Scattering, findSourceTraced, []schema.Key{schema.IncidentVec}},
	{"source-lambda", schema.Scattering, findSourceLambda, []schema.Key{schema.LambdaMeters, schema.LambdaAngstroms}},
	{"centre-ignored", schema.Origin, byOrigin(findCentreIgnored, centreLines...), nil},
	{"setting", schema.Setup, findSettings, nil},
	{"wrong-pivot", schema.Origin, findPivot, nil},
	{"pixel-centre", schema.Position, findCentre, nil},
	{"unit-label", schema.Setup, findUnitLabel, nil},
	{"unit-scale", schema.Setup, findUnitScale, nil},
	{"degrees-radians", schema.Setup, findAngleUnits, []schema.Key{schema.AnglesRad, schema.PhiDeg}},
	{"twotheta-clobber", schema.Setup, findTwotheta, nil},
	{"rotation-order", schema.Setup, findRotationOrder, nil},
	{"beam-vector", schema.Scattering, findBeamVector, []schema.Key{schema.IncidentVec}},
	{"beam-swap", schema.Origin, byOrigin(findBeamSwap, centreLines...), nil},
	{"half-pixel", schema.Origin, findHalfPixel, nil},
	{"sample-grid", schema.Position, findGrid, nil},
	{"close-after-twotheta", schema.Origin, byOrigin(findCloseAfterTwotheta, schema.Ratio, schema.Distance, schema.CloseDistanceSetup, schema.CloseDistance), nil},
	{"distance-for-close", schema.Origin, byOrigin(findDistanceForClose, schema.Distance, schema.CloseDistanceSetup, schema.TermCloseBeforeRot, schema.Pix0BeforeRotation, schema.CloseDistance), nil},
	{"pixel-swap", schema.Position, findPixelSwap, nil},
	{"curved", schema.Position, findCurvedDetector, nil},
	{"lambda-rescale", schema.Crystal, findScaled(true), nil},
	{"metric-duality", schema.Crystal, findDuality, cellKeys},
	{"volume", schema.Crystal, findScaled(false), nil},
	{"phi-grid", schema.Orientation, findPhiGrid, []schema.Key{schema.PhiDeg}},
	{"rotation", schema.Orientation, findRotation, nil},
	{"rounding", schema.Miller, findRounding, nil},
	{"axis-swap", schema.Lattice, findAxisSwap, latticeKeys},
	{"lattice-delta", schema.Lattice, findLatticeDelta, latticeKeys},
	{"interpolation-latch", schema.StructureFactor, findLatch, factorKeys},
	{"stale-fdump", schema.StructureFactor, findTableLookup, nil},
	{"shape", schema.Lattice, findShape, nil},
	{"units-in-sum", schema.Sum, bySum("units-in-sum"), nil},
	{"obliquity", schema.SolidAngle, byOmega("obliquity"), nil},
	{"solid-angle", schema.SolidAngle, byOmega("solid-angle"), nil},
	{"omega-last", schema.SolidAngle, findOmegaLast, nil},
	{"thickness-grid", schema.Scale, byLayers(false), nil},
	{"capture", schema.Scale, findCapture, nil},
	{"constant", schema.Scale, findConstantDigits, nil},
	{"fluence", schema.Scale, findFluenceKept, []schema.Key{schema.Fluence}},
	{"power", schema.Sum, bySum("power"), nil},
	{"water", schema.Sum, findWaterBackground, nil},
	{"lost-step", schema.Sum, findLostStep, nil},
	{"capture-each", schema.Sum, findCaptureEach, nil},
	{"polar", schema.Scale, byFactor("polar"), nil},
	{"polar-value", schema.Scale, findPolarValue, nil},
	{"steps", schema.Scale, findSteps, nil},
	{"factor", schema.Scale, byFactor("factor"), nil},
	{"compounding", schema.Sum, bySum("compounding"), nil},
	{"float32-stage", schema.Setup, findFloat32(false), nil},
	{"source-weight", schema.Sum, findSourceWeights, sumKeys},
	{"mosaic-draws", schema.Sum, findMosaicDraws, sumKeys},
	{"sign", schema.Setup, findSignFlip, nil},
	{"term", schema.Setup, findFormulaTerm, nil},
	{"truncated", schema.Scale, findTruncated, nil},
	{"missing-record", schema.Scale, findMissingRecord, nil},
	{"self-inconsistent", schema.Scale, findSelfInconsistent, nil},
}

// aboutDigits are the rules about the last digits of many quantities, see Rule.
var aboutDigits = []string{"libm", "float32", "float32-stage"}

// Rules lists all rules in the order in which they are tried. A root that one
// accounts for is not offered to the next.
func Rules() []Rule {
	var out []Rule
	for _, row := range rules {
		r := documented()[row.id]
		r.ID, r.Stage, r.Held, r.Digits = row.id, row.stage, held, slices.Contains(aboutDigits, row.id)
		r.Find = func(c *Context) ([]Cause, string) {
			rows := c.Open(row.of...)
			if len(row.of) > 0 && len(rows) == 0 {
				return nil, noRoot(row.of...)
			}
			return row.find(c, rows)
		}
		out = append(out, r)
	}
	return out
}

//go:embed rules.md
var rulesText string

// documented are what rules.md says of each rule, by its id.
var documented = sync.OnceValue(func() map[string]Rule {
	out := map[string]Rule{}
	for _, section := range strings.Split(rulesText, "\n## ")[1:] {
		head, body, _ := strings.Cut(section, "\n\n")
		var r Rule
		r.ID, r.Title, _ = strings.Cut(head, ": ")
		text, rest, _ := strings.Cut(body, "\n\nDo: ")
		rest, example, _ := strings.Cut(rest, "\n\n    ")
		r.Do, r.Mimic, _ = strings.Cut(rest, "\n\nMimic: ")
		r.Text, r.Example = text, strings.ReplaceAll(strings.TrimSpace(example), "\n    ", "\n")
		out[r.ID] = r
	}
	return out
})

// held is how the causes that these rules name went on the planted faults of internal/planted, whose test
// holds the numbers: by the number of checks that passed, the last for three and more.
var held = []explain.Held{{Right: 101, Total: 101}, {Right: 550, Total: 565}, {Right: 419, Total: 419}, {Right: 9, Total: 9}}

// Groups of quantities.
var (
	starKeys    = []schema.Key{schema.RotAStar, schema.RotBStar, schema.RotCStar}
	realKeys    = []schema.Key{schema.RotA, schema.RotB, schema.RotC}
	cellKeys    = slices.Concat(starKeys, realKeys)
	latticeKeys = []schema.Key{schema.FLattA, schema.FLattB, schema.FLattC, schema.FLatt, schema.PhiFLattB, schema.PhiFLatt}
	factorKeys  = []schema.Key{schema.FCell, schema.FCellNearest, schema.FCellInterpolated}
	sumKeys     = []schema.Key{schema.IBeforeScaling, schema.IBeforeScalingPrePolar}
	finalKeys   = []schema.Key{schema.IPixelFinal, schema.FloatImage}
)

// groups are those that have a name.
var groups = []struct {
	name string
	keys []schema.Key
}{{"reciprocal vector", starKeys}, {"real vector", realKeys}, {"cell vector", cellKeys}, {"lattice factor", latticeKeys}, {"structure factor", factorKeys}}
