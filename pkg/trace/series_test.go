package trace

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"simtrace/pkg/trace/schema"
)

// drawNumber returns one of a few numbers, or one with any bits.
func drawNumber(r *rand.Rand) float64 {
	few := []float64{0, math.Copysign(0, -1), 1, -1, 0.01, 1e-10, math.Pi, math.Inf(1), math.Inf(-1), math.NaN(), math.Copysign(math.NaN(), -1), 5e-324, -5e-324, 2.2250738585072014e-308, math.MaxFloat64, 123456789012345, 999999999999999.5, 1e15, 1e16, 9.99999999999999e-5}
	switch r.IntN(4) {
	case 0:
		return few[r.IntN(len(few))]
	case 1:
		return r.NormFloat64()
	case 2:
		return math.Float64frombits(r.Uint64() >> 12) // denormal
	}
	return math.Float64frombits(r.Uint64())
}

// TestSeries: what a writer puts as a record of a series is what it writes of the same
// record, whatever came before: the same numbers or others, records that are no
// series, other pixels, rows that are open.
func TestSeries(t *testing.T) {
	for name, writer := range writers {
		r := rand.New(rand.NewPCG(2, 5))
		var got, want strings.Builder
		put, write := writer(&got), writer(&want)
		type head struct {
			Stream
			schema.Key
			name string
		}
		all := map[head]*Series{}
		var last []Record
		for range 20_000 {
			rec := drawRecord(r)
			if len(last) > 0 && r.IntN(3) == 0 {
				rec.Values = last[r.IntN(len(last))].Values
			}
			if len(last) > 0 && r.IntN(2) == 0 {
				rec.At = last[len(last)-1].At
			}
			last = append(last[max(0, len(last)-10):], rec)
			wantErr, gotErr := write.Write(&rec), error(nil)
			if r.IntN(10) == 0 {
				gotErr = put.Write(&rec)
			} else {
				h := head{rec.Stream, rec.Key, rec.Name}
				if all[h] == nil {
					all[h] = put.Series(h.Stream, h.Key, h.name)
				}
				var values []float64
				for _, v := range rec.Values {
					values = append(values, v.Num)
				}
				gotErr = put.Put(all[h], &rec.At, values)
			}
			if fmt.Sprint(gotErr) != fmt.Sprint(wantErr) {
				t.Fatalf("%s: %+v: error %v, want %v", name, rec, gotErr, wantErr)
			}
		}
		for _, w := range []Writer{put, write} {
			if err := w.Flush(); err != nil {
				t.Fatal(err)
			}
		}
		if diff := firstDifference(got.String(), want.String()); diff != "" || want.Len() < 1<<20 {
			t.Errorf("%s: %d bytes: %s", name, want.Len(), diff)
		}
	}
}

// drawRecord returns numbers of some quantity, somewhere; few of them cannot be written.
func drawRecord(r *rand.Rand) Record {
	keys := []schema.Key{
		schema.RDistance, schema.HKLFrac, schema.HKLRounded, schema.Steps, schema.FLatt, schema.PhiDeg, schema.PhiFLatt, schema.Rx, schema.TricubicH,
		schema.TricubicF, schema.SourceFCell, schema.None,
	}
	q := schema.Quantity{Key: schema.None, Name: "own"}
	if k := keys[r.IntN(len(keys))]; k != schema.None {
		q = *schema.Info(k)
	}
	rec := Record{Kind: &Kind{Stream: []Stream{PixelStream, PixelStream, PhiStream, PhiStream, SetupStream, TricubicStream, SourceStream}[r.IntN(7)], Key: q.Key, Name: q.Name}}
	if rec.At = schema.AtPixel(r.IntN(2), 3); r.IntN(9) == 0 {
		rec.At = schema.Nowhere
	}
	rec.At[schema.Phi] = int32(r.IntN(20) - 1)
	for range max(r.IntN(2), q.Kind.Components()) {
		rec.Values = append(rec.Values, Value{Num: drawNumber(r)})
	}
	if r.IntN(50) == 0 {
		rec.change(func(k *Kind) { k.Name = "two words" })
	}
	return rec
}

// TestRefusedAfterWritten: what no line can give back is refused, also of a quantity
// that has been written.
func TestRefusedAfterWritten(t *testing.T) {
	w := NewPy(&strings.Builder{})
	good := Record{Kind: &Kind{Stream: PixelStream, Key: schema.Steps, Name: "steps"}, At: schema.Nowhere, Values: []Value{{Num: 1}}}
	for _, change := range []func(*Record){
		func(r *Record) { r.change(func(k *Kind) { k.Name = "two words" }) }, func(r *Record) { r.change(func(k *Kind) { k.Name = "line\nbreak" }) }, func(r *Record) { r.Values = nil },
		func(r *Record) { r.Text = "line\nbreak" }, func(r *Record) { r.change(func(k *Kind) { k.Tag = "line\rbreak" }) }, func(r *Record) { r.change(func(k *Kind) { k.Stream = PhiStream }) },
	} {
		if err := w.Write(&good); err != nil {
			t.Fatal(err)
		}
		bad := good
		if change(&bad); w.Write(&bad) == nil {
			t.Errorf("%+v was written", bad)
		}
	}
}

// change changes what a record has in common with others, for itself alone.
func (r *Record) change(f func(*Kind)) {
	k := *r.Kind
	f(&k)
	r.Kind = &k
}
