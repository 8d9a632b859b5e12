package trace

import (
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

// TestRememberedNumbers: a number that was printed before prints as it did the first
// time, whatever came in between.
func TestRememberedNumbers(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 5))
	var c numbers
	var last [64]float64
	for i := range 300_000 {
		v := drawNumber(r)
		if i%3 == 0 {
			v = last[r.IntN(len(last))]
		}
		last[i%len(last)] = v
		if got, want := string(c.append(nil, v)), FormatFloat(v); got != want {
			t.Fatalf("%x prints as %q, not %q", math.Float64bits(v), got, want)
		}
	}
}

// TestRememberedLines: a line is the same whether the writer has written one of the
// quantity before or not.
func TestRememberedLines(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 5))
	keys := []schema.Key{schema.RDistance, schema.HKLFrac, schema.HKLRounded, schema.Steps, schema.FLatt, schema.PhiDeg, schema.PhiFLatt}
	var got, want strings.Builder
	w := NewC(&got)
	var last []Record
	for range 6000 {
		q := schema.Info(keys[r.IntN(len(keys))])
		rec := Record{Stream: PixelStream, Key: q.Key, Name: q.Name, At: schema.Nowhere}
		for range max(1, q.Kind.Components()) {
			rec.Values = append(rec.Values, Value{Num: drawNumber(r)})
		}
		switch r.IntN(8) {
		case 0, 1, 2:
			if len(last) > 0 {
				rec = last[r.IntN(len(last))]
			}
		case 3:
			rec.Name = "another_name"
		case 4:
			rec.Text = "words"
		case 5:
			rec.Values[0].Text = "1.50"
		case 6:
			rec.Values = append(rec.Values, Value{Num: drawNumber(r)})
		}
		if rec.Stream == PixelStream && strings.HasPrefix(q.Name, "phi") {
			rec.Stream, rec.At[schema.Phi] = PhiStream, int32(r.IntN(20))
		}
		last = append(last[max(0, len(last)-10):], rec)
		fresh := NewC(&want)
		for _, w := range []Writer{w, fresh} {
			if err := w.Write(&rec); err != nil {
				t.Fatal(err)
			}
			if err := w.Flush(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got.String() != want.String() {
		a, b := strings.Split(got.String(), "\n"), strings.Split(want.String(), "\n")
		for i := range b {
			if a[i] != b[i] {
				t.Fatalf("line %d is %q, by a new writer %q", i+1, a[i], b[i])
			}
		}
	}
}

// TestRefusedAfterWritten: what no line can give back is refused, also of a quantity
// that has been written.
func TestRefusedAfterWritten(t *testing.T) {
	w := NewPy(&strings.Builder{})
	good := Record{Stream: PixelStream, Key: schema.Steps, Name: "steps", At: schema.Nowhere, Values: []Value{{Num: 1}}}
	for _, change := range []func(*Record){
		func(r *Record) { r.Name = "two words" }, func(r *Record) { r.Name = "line\nbreak" }, func(r *Record) { r.Values = nil },
		func(r *Record) { r.Text = "line\nbreak" }, func(r *Record) { r.Tag = "line\rbreak" }, func(r *Record) { r.Stream = PhiStream },
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
