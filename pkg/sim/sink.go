package sim

import (
	"slices"

	"simtrace/pkg/trace/schema"
)

// Sample is one recorded value: of which pixel, what, where in the loops, and
// the numbers: one, three for a vector, more for a neighbourhood.
type Sample struct {
	Pixel  Pixel
	Key    schema.Key
	At     Step
	Values []float64
}

// Sink takes what a tap lets pass, one sample at a time, in the order in which
// the kernel computes it. The sample and its values are the tap's own: a sink
// that keeps them copies them.
type Sink interface{ Take(s *Sample) }

// Recorder is a sink that keeps everything in memory.
type Recorder struct {
	Samples []Sample
	Last    bool // of each quantity only the last sample

	latest [schema.Count]int // 1 + the index of a key's sample, where Last is set
	room   []float64         // for values that are still to come
	full   bool              // a sample more than maxSamples came
}

// maxSamples bounds what a recorder keeps, to some gigabytes of memory.
const maxSamples = 1 << 23

// Take records a sample.
func (r *Recorder) Take(s *Sample) {
	if r.Last {
		if at := r.latest[s.Key]; at > 0 {
			old := &r.Samples[at-1]
			old.Pixel, old.At, old.Values = s.Pixel, s.At, append(old.Values[:0], s.Values...)
			return
		}
		r.latest[s.Key] = len(r.Samples) + 1
	}
	if len(r.Samples) >= maxSamples {
		r.full = true
		return
	}
	kept := *s
	kept.Values = r.keep(s.Values)
	r.Samples = append(r.Samples, kept)
}

// keep copies values into memory that is allocated for many of them at once.
func (r *Recorder) keep(v []float64) []float64 {
	if len(v) > len(r.room) {
		r.room = make([]float64, max(len(v), 1024))
	}
	out := r.room[:copy(r.room, v):len(v)]
	r.room = r.room[len(v):]
	return out
}

// reserve makes room for the samples of so many subpixels at once. Growing a list of
// millions bit by bit copies it several times over, during which nothing else
// happens; memory that is never touched costs nothing.
func (t *Tap) reserve(subpixels int) {
	const eachSubpixel, worthwhile = 32, 1 << 10
	if subpixels < worthwhile || t.filter.Last || t.filter.Head > 0 || t.sinks[0] != Sink(&t.Recorder) {
		return
	}
	n := float64(subpixels) * eachSubpixel * float64(t.wanted) / float64(schema.Count)
	t.Samples = slices.Grow(t.Samples, int(min(n, maxSamples)))
}
