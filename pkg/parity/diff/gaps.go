package diff

import (
	"fmt"
	"math"
	"strings"

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

// side is what a log prints at all; it judges what the log lacks.
type side struct {
	name     string
	problems []trace.Problem
	pixels   map[Pixel]bool
	sources  map[int]bool                   // of the source stream
	core     map[string]map[schema.Key]bool // core quantities by line prefix
}

func sideOf(l *trace.Log, pixels []Pixel) *side {
	s := &side{name: l.Name, problems: l.Problems, pixels: map[Pixel]bool{}, sources: map[int]bool{}, core: map[string]map[schema.Key]bool{}}
	for _, p := range pixels {
		s.pixels[p] = true
	}
	for i := range l.Records {
		r := &l.Records[i]
		if r.Stream == trace.SourceStream {
			s.sources[r.At.Source] = true
		}
		if !isCore(r) {
			continue
		}
		if s.core[r.Tag] == nil {
			s.core[r.Tag] = map[schema.Key]bool{}
		}
		s.core[r.Tag][r.Key] = true
	}
	return s
}

// gap says why the log lacks a record of a quantity that it prints elsewhere.
// previous is the record before it at the same place, if there is one.
func (s *side) gap(r, previous *trace.Record, mask [7]bool) (Gap, string) {
	p := Pixel{r.At.Slow, r.At.Fast}
	switch {
	case !mask[0] && len(s.pixels) > 0 && p.Slow >= 0 && !s.pixels[p]:
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
// has it in a line that could not be read, and where the other log is of the
// same dialect and prints most of the pixel block, but not this.
func (a *aligner) explainGaps() {
	for _, row := range a.rows {
		if row.Status != Missing || row.Note != "" {
			continue
		}
		has, other := row.Ref, a.gotSide
		if has == nil {
			has, other = row.Got, a.refSide
		}
		switch {
		case other.garbled(has.Name):
			row.Gap, row.Note = Lost, fmt.Sprintf("%s has it in a line that could not be read", other.name)
		case isCore(has) && len(other.core[has.Tag]) >= len(core)/2:
			row.Gap, row.Note = Lost, fmt.Sprintf("%s prints the rest of this block, but not this", other.name)
		default:
			row.Note = fmt.Sprintf("%s never prints it", other.name)
		}
	}
}

func (s *side) garbled(name string) bool {
	for _, p := range s.problems {
		if p.Kind != trace.Traceback && strings.Contains(p.Text, name) {
			return true
		}
	}
	return false
}
