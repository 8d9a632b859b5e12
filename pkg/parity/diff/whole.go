package diff

import (
	"cmp"
	"math"
	"slices"

	"simtrace/pkg/trace"
)

// Whole is what the comparison of a part of two logs takes from the whole of
// them: which quantities each log prints at all, which coordinates it tells of
// them, with how many digits, and what stands in for what. Two logs are compared
// alike in one piece and in many, as long as each pixel is in one piece.
type Whole struct {
	Rules    Tolerances
	Ref, Got *Survey

	// blindPixel: one log does not name the pixel, and it does not count.
	blindPixel bool

	refDigits, gotDigits precision
	standIns             []standIn
}

// standIn is a quantity of the reference that is paired with another of got.
type standIn struct{ ref, got groupID }

// NewWhole judges two logs by what was gathered from all of their records.
func NewWhole(ref, got *Survey, rules Tolerances) *Whole {
	w := &Whole{Rules: rules, Ref: ref, Got: got, refDigits: ref.digits.infer(), gotDigits: got.digits.infer()}
	w.chooseStandIns()
	return w
}

func (w *Whole) compare(ref, got *trace.Log, refs, gots *groups) []Row {
	a := &aligner{whole: w}
	a.refPart, a.gotPart = partOf(refs), partOf(gots)
	a.alignSamples(ref.Records, got.Records)
	a.join(refs, gots)
	a.pairGroups()
	a.pairStandIns()
	a.leftOver()
	a.explainGaps()
	sortRows(a.rows)
	rows := make([]Row, 0, len(a.rows))
	for _, r := range a.rows {
		rows = append(rows, *r)
	}
	return rows
}

// Measure grades a pair of records as Compare does.
func (w *Whole) Measure(row *Row) {
	measureBy(row, w.Rules.of(row), w.refDigits.of(row.Ref.Stream), w.gotDigits.of(row.Got.Stream))
}

// both tells whether both logs print the quantity, anywhere.
func (w *Whole) both(id groupID) bool { return w.Ref.groups[id] != nil && w.Got.groups[id] != nil }

// mask says which coordinates do not count: those of which all records of one
// log know nothing. The pixel is left out only where the logs as a whole
// allow it, and on lines that are printed before any pixel.
func (w *Whole) mask(ref, got groupID) [7]bool {
	var off [7]bool
	r, g := w.Ref.groups[ref], w.Got.groups[got]
	for i := 2; i < len(off); i++ {
		off[i] = !r.knows[i] || !g.knows[i]
	}
	off[0] = w.blindPixel || beforePixels(ref.stream) || beforePixels(got.stream)
	off[1] = off[0]
	return off
}

// beforePixels tells streams whose lines belong to no pixel.
func beforePixels(s trace.Stream) bool { return s == trace.SetupStream || s == trace.NoteStream }

// chooseStandIns pairs quantities of two dialects. Where several could stand in,
// the one that is nearest in value is taken: a port prints its nearest and its
// interpolated structure factor, and which of them it used is to be told from
// the sum (rule "interpolation"), not from the choice made here.
func (w *Whole) chooseStandIns() {
	var all []candidate
	got := w.alone(w.Got)
	for _, r := range w.alone(w.Ref) {
		for _, g := range got {
			if rank, ok := standsIn(r.id, g.id); ok {
				all = append(all, candidate{r, g, rank, w.distance(r, g)})
			}
		}
	}
	slices.SortStableFunc(all, func(x, y candidate) int {
		return cmp.Or(cmp.Compare(x.distance, y.distance), cmp.Compare(x.rank, y.rank),
			cmp.Compare(int(x.ref.id.key)+int(x.got.id.key), int(y.ref.id.key)+int(y.got.id.key)))
	})
	taken := map[*known]bool{}
	for _, c := range all {
		if !taken[c.ref] && !taken[c.got] {
			taken[c.ref], taken[c.got] = true, true
			w.standIns = append(w.standIns, standIn{c.ref.id, c.got.id})
		}
	}
}

// alone lists the quantities that one log prints and the other does not.
func (w *Whole) alone(s *Survey) []*known {
	return slices.DeleteFunc(s.ordered(), func(k *known) bool { return w.both(k.id) })
}

// distance is the largest relative difference between the first records of two
// quantities.
func (w *Whole) distance(ref, got *known) float64 {
	row := Row{Key: ref.id.key, Ref: &ref.first, Got: &got.first}
	measure(&row, w.Rules.Default, 0, 0)
	if math.IsNaN(row.Rel) {
		return math.Inf(1)
	}
	return row.Rel
}
