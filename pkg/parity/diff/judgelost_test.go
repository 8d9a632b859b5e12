package diff

import (
	"slices"
	"strings"
	"unicode"

	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// lost tells whether a log should have a record of the other, by the documented
// rules for what a log lacks. It is not known of what the log never prints.
func (j *judge) lost(side int, r *trace.Record) (lost, known bool) {
	q, at := r.Symbol.Info, j.block(1-side, r)
	var here []*trace.Record // what the log has of the block
	sources, source, prints := false, false, j.first(side, r.Symbol) != nil || j.first(side, j.partner[1-side][r.Symbol]) != nil
	for i := range j.logs[side].Records {
		g := &j.logs[side].Records[i]
		if j.block(side, g) == at {
			here = append(here, g)
		}
		if g.Stream == trace.SourceStream {
			sources, source = true, source || g.At[schema.Source] == r.At[schema.Source]
		}
	}
	if j.gone(side, r) {
		// A surplus setup is none where pixels are the same in whatever run.
		return !(j.byPixel && r.At[schema.Run] > 0 && r.At[schema.Slow] < 0 && r.At[schema.Fast] < 0), true
	}
	if r.Stream == trace.SourceStream && sources && !source {
		return false, true
	}
	for _, p := range j.logs[side].Problems {
		if p.Kind != trace.Traceback && slices.Contains(strings.FieldsFunc(p.Text, func(c rune) bool { return !(unicode.IsLetter(c) || unicode.IsDigit(c) || c == '_') }), r.Name) {
			return true, true
		}
	}
	if q != nil && (q.Scope == schema.PerStep || q.Scope == schema.PerPhi) && noSteps(here) {
		return false, true
	}
	if q != nil && !holdsIn(q.When, here) || q != nil && prints && q.Scope == schema.PerRun && !j.byRun {
		return false, true
	}
	return prints, prints
}

// gone tells whether the log lacks the whole block of a record of the other.
// What is printed around all blocks belongs to none.
func (j *judge) gone(side int, r *trace.Record) bool {
	return r.Stream != trace.NoteStream && !j.blocks[side][j.block(1-side, r)]
}

// noSteps tells whether a block evaluated no phi step: it has samples, prints
// nothing of a step, and a sum of 0.
func noSteps(here []*trace.Record) bool {
	samples, steps, sum := false, false, 1.0
	for _, r := range here {
		q := r.Symbol.Info
		if q == nil {
			continue
		}
		samples = samples || q.Scope == schema.PerSample && r.Stream == trace.PixelStream
		steps = steps || q.Scope == schema.PerStep
		if q.Result && q.Stage == schema.Sum && len(r.Values) == 1 {
			sum = r.Values[0].Num
		}
	}
	return samples && !steps && sum == 0
}

// holdsIn tells whether a condition holds of a block, by what it prints itself.
func holdsIn(c schema.Condition, here []*trace.Record) bool {
	closed, lattice, cell, zero := false, false, false, false
	for _, r := range here {
		q := r.Symbol.Info
		if q == nil {
			continue
		}
		closed = closed || q.Scope == schema.PerPixel && r.Stream == trace.PixelStream
		lattice = lattice || q.When == schema.SquareOnly
		cell = cell || q.When == schema.NotCut
		zero = zero || q.When == schema.SquareOnly && q.Stage == schema.Lattice && len(r.Values) == 1 && r.Values[0].Num == 0
	}
	switch c {
	case schema.SquareOnly:
		return lattice || !closed
	case schema.NotCut:
		return lattice && !zero || !closed || cell
	}
	return true
}
