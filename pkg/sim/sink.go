package sim

import "simtrace/pkg/trace/schema"

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
}

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
