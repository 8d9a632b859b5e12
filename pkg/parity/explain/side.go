package explain

import (
	"slices"

	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// Side is one log, narrowed to one pixel and its first sample.
type Side struct {
	Name  string // "reference" or "got"
	first map[streamKey]*trace.Record
	phi   []PhiRow

	all map[schema.Key][]*trace.Record // see All; nil until it is asked for

	samples int // of the phi stream, of which phi holds the first
	allPhi  int // rows of the phi stream, of all samples
	schema  *schema.Schema

	Records  []*trace.Record // in the order printed
	Settings trace.Settings  // what the program says of its run
}

type streamKey struct {
	stream trace.Stream
	key    schema.Key
}

// PhiRow is one row of the phi stream. A column that the log does not print is
// nil.
type PhiRow struct {
	Tic           int
	Deg, K, FB, F *trace.Record
}

// NewSide makes a side of the records of one pixel, in the order printed, the
// setup lines among them: those belong to every pixel.
func NewSide(sch *schema.Schema, name string, records []*trace.Record, settings trace.Settings) *Side {
	s := &Side{Name: name, schema: sch, first: map[streamKey]*trace.Record{}, Records: records, Settings: settings}
	row := map[schema.Coord][]int{}
	subs := map[int32]bool{}
	sample := int32(-2)
	for _, r := range records {
		if r.Stream == trace.PhiStream {
			if sample == -2 {
				sample = r.At[schema.Sub]
			}
			subs[r.At[schema.Sub]] = true
			if r.Key == schema.PhiFLatt {
				s.allPhi++
			}
			if r.At[schema.Sub] == sample {
				s.addPhi(r, row)
			}
			continue
		}
		// C prints fdet_after_rotz twice; the first is before twotheta.
		k := streamKey{r.Stream, r.Key}
		if _, dup := s.first[k]; !dup && r.Key != schema.None {
			s.first[k] = r
		}
	}
	s.samples = len(subs)
	return s
}

func (s *Side) addPhi(r *trace.Record, row map[schema.Coord][]int) {
	// A row that comes twice has its columns twice.
	rows := row[r.At]
	if r.Occur >= len(rows) {
		rows = append(rows, len(s.phi))
		row[r.At] = rows
		s.phi = append(s.phi, PhiRow{Tic: int(r.At[schema.Phi])})
	}
	i := rows[min(r.Occur, len(rows)-1)]
	p := &s.phi[i]
	switch r.Key {
	case schema.PhiDeg:
		p.Deg = r
	case schema.PhiKFrac:
		p.K = r
	case schema.PhiFLattB:
		p.FB = r
	case schema.PhiFLatt:
		p.F = r
	}
}

// Sample is the side narrowed to another subpixel, and to what is not of any.
func (s *Side) Sample(n int) *Side {
	var records []*trace.Record
	for _, r := range s.Records {
		if r.At[schema.Sub] < 0 || r.At[schema.Sub] == int32(n) {
			records = append(records, r)
		}
	}
	return NewSide(s.schema, s.Name, records, s.Settings)
}

// Samples is the number of subpixels that have phi rows.
func (s *Side) Samples() int { return s.samples }

// AllPhi is the number of rows of the phi stream, of all subpixels.
func (s *Side) AllPhi() int { return s.allPhi }

// Phi returns the rows of the phi stream in the order printed;
// of an oversampled pixel, those of the first subpixel.
func (s *Side) Phi() []PhiRow { return s.phi }

// Rec returns the first record of k for the pixel, in the setup or pixel
// lines; nil where there is none.
func (s *Side) Rec(k schema.Key) *trace.Record {
	for _, st := range []trace.Stream{trace.PixelStream, trace.SetupStream, trace.TricubicStream} {
		if r := s.first[streamKey{st, k}]; r != nil {
			return r
		}
	}
	return nil
}

// All returns every record of k in the pixel's lines, in the order printed: one
// a sample, or one a source.
func (s *Side) All(k schema.Key) []*trace.Record {
	if s.all == nil {
		s.all = map[schema.Key][]*trace.Record{}
		for _, r := range s.Records {
			if r.Stream == trace.PixelStream {
				s.all[r.Key] = append(s.all[r.Key], r)
			}
		}
	}
	return slices.Clip(s.all[k])
}

// RecOr returns the record of k, or of what stands in for it.
func (s *Side) RecOr(k schema.Key) *trace.Record {
	for _, k := range append([]schema.Key{k}, s.schema.Info(k).Same...) {
		if r := s.Rec(k); r != nil {
			return r
		}
	}
	return nil
}

// Num returns the scalar k, or a stand-in for it.
func (s *Side) Num(k schema.Key) (float64, *trace.Record, bool) {
	for _, k := range append([]schema.Key{k}, s.schema.Info(k).Same...) {
		if r := s.Rec(k); r != nil && len(r.Values) == 1 {
			return r.Values[0].Num, r, true
		}
	}
	return 0, nil, false
}

// Vec returns the vector k, or a stand-in for it.
func (s *Side) Vec(k schema.Key) (v [3]float64, rec *trace.Record, ok bool) {
	for _, k := range append([]schema.Key{k}, s.schema.Info(k).Same...) {
		if r := s.Rec(k); r != nil && len(r.Values) == 3 {
			return [3]float64{r.Values[0].Num, r.Values[1].Num, r.Values[2].Num}, r, true
		}
	}
	return v, nil, false
}
