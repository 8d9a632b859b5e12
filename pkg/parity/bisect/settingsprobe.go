package bisect

import (
	"context"
	"crypto/sha256"
	"math"
	"slices"
	"strings"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// enough is how many records of a reference's samples a probe is held against.
// More would tell no more: every quantity of the whole pixel is of all samples.
const enough = 400

// beginning is the reference without what is behind the first subpixels, and how
// many those are; where all are kept, one more, so that a trace that has more
// is seen to have more.
func beginning(src *trace.Source, ref *trace.Log) (*trace.Source, int, error) {
	var counts []int // of records, by subpixel in order of appearance
	index := map[[4]int32]int{}
	of := func(r *trace.Record) int {
		id := [4]int32{r.At[schema.Slow], r.At[schema.Fast], r.At[schema.Layer], r.At[schema.Sub]}
		i, ok := index[id]
		if !ok {
			i = len(counts)
			index[id] = i
			counts = append(counts, 0)
		}
		return i
	}
	for i := range ref.Records {
		if r := &ref.Records[i]; r.At[schema.Sub] >= 0 {
			counts[of(r)]++
		}
	}
	kept := 0
	for sum := 0; kept < len(counts) && sum < enough; kept++ {
		sum += counts[kept]
	}
	if kept == len(counts) {
		return src, kept + 1, nil
	}
	var text strings.Builder
	w := trace.NewJSONL(&text)
	for i := range ref.Records {
		r := &ref.Records[i]
		if r.At[schema.Sub] >= 0 && of(r) >= kept {
			continue
		}
		if err := w.Write(r); err != nil {
			return nil, 0, err
		}
	}
	if err := w.Flush(); err != nil {
		return nil, 0, err
	}
	return trace.Text(text.String(), src.Name), kept, nil
}

// probe makes the trace of a set and measures it.
func (s *settingsSearch) probe(ctx context.Context, point string) (Trial, error) {
	t := Trial{Set: members(point), Intensity: math.NaN()}
	text, failed, err := s.trace(ctx, t.Set, s.head)
	if err != nil {
		return t, err
	}
	if t.Failed = failed; failed != "" {
		return t, nil
	}
	k := probed{s.ref, sha256.Sum256(text), s.roundingOf(t.Set) != nil}
	if known, ok := s.measured.Load(k); ok && len(t.Set) > 0 {
		same := known.(Trial)
		same.Set = t.Set
		return same, nil
	}
	log := trace.Text(string(text), "simtrace")
	rows, err := diff.All(ctx, s.ref, log, s.opt.Tolerance)
	if err != nil {
		return t, err
	}
	if len(t.Set) == 0 {
		s.printed = map[rowID]bool{}
		for i := range rows {
			if rows[i].Compared() {
				s.printed[idOf(&rows[i])] = true
			}
		}
	}
	s.measure(&t, rows)
	s.measured.Store(k, t)
	return t, nil
}

// probed is what decides what a probe finds. Many choices change nothing of a trace,
// and what is the same to the last byte is measured once.
type probed struct {
	ref     *trace.Source
	text    [sha256.Size]byte
	rounded bool // it is held against what rounding moves
}

// roundingOf is what rounding moves of the rows of a set's trace; nil for nothing.
func (s *settingsSearch) roundingOf(set []string) map[rowID]float64 {
	if slices.ContainsFunc(set, rounds) {
		return s.rounding
	}
	return nil
}

// hidden tells a row that the reference prints and the base's trace as well, but not
// this one: a set that computes less does not come closer by what it leaves out.
func (s *settingsSearch) hidden(row *diff.Row) bool {
	return row.Ref != nil && row.Got == nil && s.printed[idOf(row)]
}

// farthest is what a row counts that cannot be measured: more than any other.
const farthest = 20

func (s *settingsSearch) measure(t *Trial, rows []diff.Row) {
	t.rank = schema.Count + 1
	rounding := s.roundingOf(t.Set)
	for lo := 0; lo < len(rows); {
		hi := lo + 1 // rows come by quantity
		for hi < len(rows) && nameOf(&rows[hi]) == nameOf(&rows[lo]) {
			hi++
		}
		size, broken := 0.0, t.Broken
		for i := lo; i < hi; i++ {
			size += s.row(t, &rows[i], rounding)
		}
		if t.Size += size / float64(hi-lo); t.Broken > broken {
			t.Keys++
			t.Names = append(t.Names, rows[lo].Name())
			t.rank = min(t.rank, rank(rows[lo].Key))
		}
		lo = hi
	}
}

// row counts a row and returns how far it is off.
func (s *settingsSearch) row(t *Trial, row *diff.Row, rounding map[rowID]float64) float64 {
	if row.Compared() {
		t.Compared++
		if row.Key == schema.IPixelFinal {
			t.Intensity = row.Rel
			t.IntensityAgrees = !row.Broken()
		}
		if !math.IsNaN(row.Rel) && !math.IsInf(row.Rel, 0) {
			t.Residue += row.Rel
		}
	}
	if !row.Broken() && !s.hidden(row) {
		return 0
	}
	if moved, ok := rounding[idOf(row)]; ok && row.Diverged() && row.Rel <= moved {
		t.Rounded++
		t.Worst = math.Max(t.Worst, row.Rel)
		t.IntensityAgrees = t.IntensityAgrees || row.Key == schema.IPixelFinal
	}
	if t.Broken++; t.Broken == 1 {
		t.First = row.Name()
	}
	if row.Diverged() && !math.IsNaN(row.Rel) {
		return math.Min(farthest, math.Log10(1+row.Rel/max(s.opt.Tolerance, 1e-16)))
	}
	return farthest
}
