package diff

import (
	"fmt"
	"math"

	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// missing marks a row that has one side only.
func (r *Row) missing() {
	r.Status, r.Gap = Missing, Unpaired
	r.Abs, r.Rel, r.Worst = math.NaN(), math.NaN(), -1
}

// core are the quantities that every producer prints for a pixel; one of them
// missing from a log that prints the others is a lost line and no dialect.
var core = map[schema.Key]bool{
	schema.Pix0Vector: true, schema.FdetVec: true, schema.SdetVec: true, schema.PixelPos: true,
	schema.RDistance: true, schema.OmegaSample: true, schema.CloseDistance: true,
	schema.Obliquity: true, schema.DiffractedVec: true, schema.IncidentVec: true,
	schema.LambdaMeters: true, schema.LambdaAngstroms: true, schema.ScatteringVec: true,
	schema.RotA: true, schema.RotB: true, schema.RotC: true,
	schema.RotAStar: true, schema.RotBStar: true, schema.RotCStar: true,
	schema.HKLFrac: true, schema.HKLRounded: true,
	schema.FLattA: true, schema.FLattB: true, schema.FLattC: true, schema.FLatt: true,
	schema.FCell: true, schema.IBeforeScaling: true, schema.RESqr: true, schema.REMeters: true,
	schema.Fluence: true, schema.Steps: true, schema.OversampleThick: true,
	schema.OversamplePolar: true, schema.OversampleOmega: true, schema.CaptureFraction: true,
	schema.Polar: true, schema.OmegaPixel: true, schema.Cos2Theta: true,
	schema.IPixelFinal: true, schema.FloatImage: true,
}

func isCore(r *trace.Record) bool { return r.Stream == trace.PixelStream && core[r.Key] }

// part is the pixels of which a part of a log has records.
type part map[Pixel]bool

func partOf(gs *groups) part {
	p := part{}
	for _, g := range gs.list {
		for _, r := range g.records {
			if r.At.Slow >= 0 && r.At.Fast >= 0 {
				p[Pixel{r.At.Slow, r.At.Fast}] = true
			}
		}
	}
	return p
}

// gap says why a log lacks a record of a quantity that it prints elsewhere; has
// is the part of it that would hold the record. previous is the record before
// it at the same place, if there is one.
func (a *aligner) gap(s *Survey, has part, r, previous *trace.Record, mask [7]bool) (Gap, string) {
	p := Pixel{r.At.Slow, r.At.Fast}
	switch {
	case !mask[0] && s.pixels && p.Slow >= 0 && !has[p]:
		return Unpaired, fmt.Sprintf("%s does not trace pixel %d %d", s.name, p.Slow, p.Fast)
	case r.Stream == trace.SourceStream && len(s.sources) > 0 && !s.sources[r.At.Source]:
		return Unpaired, fmt.Sprintf("%s does not trace source %d", s.name, r.At.Source)
	case previous != nil && sameText(previous, r):
		return Unpaired, fmt.Sprintf("repeats %s, and %s prints it fewer times", previous.Pos, s.name)
	}
	return Lost, fmt.Sprintf("%s prints it elsewhere, but not here", s.name)
}

func sameText(a, b *trace.Record) bool {
	if a.Text != b.Text || len(a.Values) != len(b.Values) {
		return false
	}
	for i := range a.Values {
		if a.Values[i] != b.Values[i] && a.Values[i].Text != b.Values[i].Text {
			return false
		}
	}
	return true
}

// explainGaps tells lost records from another vocabulary, for quantities that
// the other log prints nowhere. Such a quantity is lost where the other log
// has it in a line that could not be read, and where the other log prints most
// of a pixel block that has it in its dialect, but not this.
func (a *aligner) explainGaps() {
	for _, row := range a.rows {
		if row.Status != Missing || row.Note != "" {
			continue
		}
		has, other := row.Ref, a.whole.Got
		if has == nil {
			has, other = row.Got, a.whole.Ref
		}
		switch {
		case other.garbled(has.Name):
			row.Gap, row.Note = Lost, fmt.Sprintf("%s has it in a line that could not be read", other.name)
		case other.shouldPrint(has):
			row.Gap, row.Note = Lost, fmt.Sprintf("%s prints the rest of this block, but not this", other.name)
		default:
			row.Note = fmt.Sprintf("%s never prints it", other.name)
		}
	}
}

// printsCore are the dialects of which it is known that they print all of core,
// or a quantity that stands in for it.
var printsCore = map[string]bool{"TRACE_C": true, "TRACE_PY": true}

// shouldPrint tells whether the log, which does not print the quantity of r at
// all, would have it if no line were lost.
func (s *Survey) shouldPrint(r *trace.Record) bool {
	if !isCore(r) {
		return false
	}
	for tag, keys := range s.core {
		if len(keys) < len(core)/2 {
			continue
		}
		if tag == r.Tag || printsCore[tag] && !s.standsInFor(r.Key) {
			return true
		}
	}
	return false
}

// standsInFor tells whether the pixel block has a quantity that may stand in
// for k.
func (s *Survey) standsInFor(k schema.Key) bool {
	for id := range s.groups {
		if _, ok := standsIn(groupID{key: k}, id); ok && id.stream == trace.PixelStream {
			return true
		}
	}
	return false
}
