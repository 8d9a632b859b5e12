package parity

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sort"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/parity/explain"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// PhiTable holds k_frac, F_latt_b and F_latt against phi for one pixel.
type PhiTable struct {
	Pixel diff.Pixel // -1 -1 where no log names it
	Rows  []PhiRow
	// Total is how many steps there are; Rows has fewer where these are many.
	Total int
	// Samples is the number of subpixels; the rows are those of the first.
	Samples int
	// Pattern says in words how k_frac differs along phi: which steps stand
	// out, and what the others have in common.
	Pattern []string
	// Outliers are the steps that stand out.
	Outliers []int
}

// shared reports whether both sides have a part in the table.
func (t PhiTable) shared() bool {
	for _, r := range t.Rows {
		if r.Ref.Has && r.Got.Has {
			return true
		}
	}
	return false
}

// Differs reports whether k_frac differs at any step.
func (t PhiTable) Differs() bool {
	for _, r := range t.Rows {
		if r.Delta != 0 && !math.IsNaN(r.Delta) {
			return true
		}
	}
	return false
}

// maxPhiRows is how many phi steps a table keeps.
const maxPhiRows = 1000

// thin leaves of a long table the steps that stand out, as far as they fit, and
// as many others at even distances.
func (t *PhiTable) thin() {
	t.Total = len(t.Rows)
	if t.Total <= maxPhiRows {
		return
	}
	out := map[int]bool{}
	for _, tic := range t.Outliers[:min(len(t.Outliers), maxPhiRows/2)] {
		out[tic] = true
	}
	t.Outliers, t.Pattern = t.Outliers[:min(len(t.Outliers), maxPhiRows/2)], shortPattern(t.Pattern)
	every := (t.Total + maxPhiRows/2 - 1) / (maxPhiRows / 2)
	kept := t.Rows[:0]
	for i, r := range t.Rows {
		if i%every == 0 || out[r.Tic] {
			kept = append(kept, r)
		}
	}
	t.Rows = kept
}

// maxPattern is how many sentences a pattern has.
const maxPattern = 20

func shortPattern(p []string) []string {
	if len(p) <= maxPattern {
		return p
	}
	last := p[len(p)-1]
	return append(p[:maxPattern-1:maxPattern-1], fmt.Sprintf("%d more steps stand out", len(p)-maxPattern), last)
}

// PhiToShow returns the table that shows most: the first in which a step stands
// out, else the first that differs, else the first. There must be one.
func (r *Report) PhiToShow() PhiTable {
	for _, t := range r.Phi {
		if len(t.Outliers) > 0 {
			return t
		}
	}
	for _, t := range r.Phi {
		if t.Differs() {
			return t
		}
	}
	return r.Phi[0]
}

// PhiRow is one phi step on both sides.
type PhiRow struct {
	Tic      int
	Deg      float64 // NaN where no log prints it
	Ref, Got PhiSide
	Delta    float64 // k_frac of got - ref; NaN where a side has none
}

// PhiSide is one side of a phi step. Numbers that are not there are NaN.
type PhiSide struct {
	K, FB, F             float64
	KText, FBText, FText string
	Pos                  trace.Pos
	// Block is set where the log prints no PHI rows and the numbers are those
	// of its pixel block, which is of phi step 0.
	Block bool
	Has   bool
}

func phiTable(p diff.Pixel, ctx *explain.Context) PhiTable {
	t := PhiTable{Pixel: p, Samples: max(ctx.Ref.Samples(), ctx.Got.Samples())}
	ref, got := ctx.Ref.Phi(), ctx.Got.Phi()
	if len(ref)+len(got) == 0 {
		return t
	}
	most := max(len(ref), len(got))
	t.Rows = make([]PhiRow, 0, most+1)
	index := make(map[int]int, most+1)
	at := func(tic int) *PhiRow {
		i, ok := index[tic]
		if !ok {
			i = len(t.Rows)
			index[tic] = i
			t.Rows = append(t.Rows, PhiRow{Tic: tic, Deg: math.NaN(), Ref: noSide(), Got: noSide(), Delta: math.NaN()})
		}
		return &t.Rows[i]
	}
	for _, r := range ref {
		row := at(r.Tic)
		row.Ref = fromRow(r)
		row.Deg = first(row.Deg, r.Deg)
	}
	for _, r := range got {
		row := at(r.Tic)
		row.Got = fromRow(r)
		row.Deg = first(row.Deg, r.Deg)
	}
	// A log without rows still tells its first step, in the pixel block.
	if len(ref) == 0 {
		at(0).Ref = fromBlock(ctx.Ref)
	}
	if len(got) == 0 {
		at(0).Got = fromBlock(ctx.Got)
	}
	for i := range t.Rows {
		t.Rows[i].Delta = t.Rows[i].Got.K - t.Rows[i].Ref.K
	}
	slices.SortFunc(t.Rows, func(a, b PhiRow) int { return cmp.Compare(a.Tic, b.Tic) })
	t.describe(ctx.Tolerance)
	t.thin()
	return t
}

func noSide() PhiSide { return PhiSide{K: math.NaN(), FB: math.NaN(), F: math.NaN()} }

func first(deg float64, r *trace.Record) float64 {
	if math.IsNaN(deg) && r != nil && len(r.Values) == 1 {
		return r.Values[0].Num
	}
	return deg
}

func fromRow(r explain.PhiRow) PhiSide {
	s := noSide()
	s.K, s.KText = value(r.K, 0, &s)
	s.FB, s.FBText = value(r.FB, 0, &s)
	s.F, s.FText = value(r.F, 0, &s)
	return s
}

func fromBlock(side *explain.Side) PhiSide {
	s := noSide()
	s.Block = true
	s.FB, s.FBText = value(side.Rec(schema.FLattB), 0, &s)
	s.F, s.FText = value(side.Rec(schema.FLatt), 0, &s)
	s.K, s.KText = value(side.Rec(schema.HKLFrac), 1, &s)
	return s
}

// value returns number i of the record, and notes in s where it stands.
func value(r *trace.Record, i int, s *PhiSide) (float64, string) {
	if r == nil || i >= len(r.Values) {
		return math.NaN(), ""
	}
	s.Has, s.Pos = true, r.Pos()
	return r.Values[i].Num, r.Values[i].Text
}

// standsOut is how many times the middle of all differences a step must differ
// by to stand out.
const standsOut = 10

// describe tells outliers from the plateau. It says nothing where all steps
// agree, or where there are too few to tell.
func (t *PhiTable) describe(tolerance float64) {
	steps := make([]*PhiRow, 0, len(t.Rows))
	for i := range t.Rows {
		if r := &t.Rows[i]; !math.IsNaN(r.Delta) {
			steps = append(steps, r)
		}
	}
	if len(steps) < 3 {
		return
	}
	size := make([]float64, len(steps))
	for i, r := range steps {
		size[i] = math.Abs(r.Delta)
	}
	sort.Float64s(size)
	middle := size[len(size)/2]
	rest := make([]*PhiRow, 0, len(steps))
	for _, r := range steps {
		d, k := math.Abs(r.Delta), math.Max(math.Abs(r.Ref.K), math.Abs(r.Got.K))
		if d > tolerance*k && d > standsOut*middle {
			t.Outliers = append(t.Outliers, r.Tic)
			t.Pattern = append(t.Pattern, fmt.Sprintf("k_frac stands out at phi step %d, by %+.3g (%s against %s)", r.Tic, r.Delta, r.Got.Pos, r.Ref.Pos))
			continue
		}
		rest = append(rest, r)
	}
	if len(rest) > 0 {
		t.Pattern = append(t.Pattern, plateau(rest, tolerance))
	}
}

func plateau(rest []*PhiRow, tolerance float64) string {
	lo, hi, worst, differs := math.Inf(1), math.Inf(-1), 0.0, false
	for _, r := range rest {
		lo, hi = math.Min(lo, r.Delta), math.Max(hi, r.Delta)
		worst = math.Max(worst, math.Abs(r.Delta))
		if math.Abs(r.Delta) > tolerance*math.Max(math.Abs(r.Ref.K), math.Abs(r.Got.K)) {
			differs = true
		}
	}
	where := ticRange(rest)
	switch {
	case worst == 0:
		return where + " agree in k_frac exactly"
	case !differs:
		return fmt.Sprintf("%s agree in k_frac, to %.2g", where, worst)
	case hi-lo <= worst/10:
		return fmt.Sprintf("%s differ in k_frac by a plateau of %+.2g (%+.4g to %+.4g)", where, (lo+hi)/2, lo, hi)
	}
	return fmt.Sprintf("%s differ in k_frac by %+.3g to %+.3g", where, lo, hi)
}

// ticRange names the steps: "phi steps 1 to 9", or their number where there are
// gaps.
func ticRange(rows []*PhiRow) string {
	a, b := rows[0].Tic, rows[len(rows)-1].Tic
	if b-a+1 == len(rows) {
		return fmt.Sprintf("phi steps %d to %d", a, b)
	}
	return fmt.Sprintf("the other %d phi steps", len(rows))
}
