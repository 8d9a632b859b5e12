package sim

import (
	"slices"

	"simtrace/pkg/trace/schema"
)

// Step is the place in the nested loops at which a sample was recorded.
// Quantities of an outer loop carry -1 for the loops inside it.
type Step struct {
	Layer, Sub, Source, Phi, Domain int
}

// Sample is one recorded value.
type Sample struct {
	Key    schema.Key
	At     Step
	Values []float64
}

// Filter narrows what a Tap records. The zero Filter records what the
// reference traces: source 0, domain 0, and of the quantities of one
// orientation those of phi step 0. The per-source quantities come from every
// source.
type Filter struct {
	All    bool           // every source, domain and phi step
	Stages []schema.Stage // nil for all
	Phi    []int          // phi steps, nil for all
	Last   bool           // of each quantity only the last sample
	// Head, if positive, is how many subpixels, over all layers, are recorded; the
	// quantities of the whole pixel are recorded all the same.
	Head int
}

// Tap records the intermediate quantities of one pixel, in the order in which
// the kernel computes them. A nil *Tap records nothing and costs a comparison.
// A Tap is for one goroutine.
type Tap struct {
	Samples []Sample

	values []float64 // room for the values of samples to come
	filter Filter
	stages [schema.Count]bool // keys that the filter lets pass
	at     Step
	full   bool   // a sample more than maxSamples came
	count  int    // of the subpixels entered
	in     [2]int // the one it is in: layer and subpixel, from 1
}

// NewTap returns a tap that records what the filter lets pass.
func NewTap(f Filter) *Tap {
	t := &Tap{filter: f}
	want := map[schema.Stage]bool{}
	for _, s := range f.Stages {
		want[s] = true
	}
	for _, q := range schema.All() {
		t.stages[q.Key] = len(want) == 0 || want[q.Stage]
	}
	return t
}

// Put records a scalar.
func (t *Tap) Put(k schema.Key, v float64) {
	if t != nil {
		t.put(k, v)
	}
}

// PutVec records a vector.
func (t *Tap) PutVec(k schema.Key, v Vec3) {
	if t != nil {
		t.put(k, v[0], v[1], v[2])
	}
}

// enter moves to a place in the loops.
func (t *Tap) enter(at Step) {
	if t == nil {
		return
	}
	t.at = at
	if in := [2]int{at.Layer + 1, at.Sub + 1}; at.Layer >= 0 && in != t.in {
		t.in, t.count = in, t.count+1
	}
}

//go:noinline
func (t *Tap) put(k schema.Key, v ...float64) {
	if !t.stages[k] || !t.wanted(k) {
		return
	}
	if h := t.filter.Head; h > 0 && t.at.Layer >= 0 && t.count > h {
		return
	}
	if t.filter.Last {
		for i := range t.Samples {
			if s := &t.Samples[i]; s.Key == k {
				s.At, s.Values = t.at, append(s.Values[:0], v...)
				return
			}
		}
	}
	if len(t.Samples) >= maxSamples {
		t.full = true
		return
	}
	t.Samples = append(t.Samples, Sample{Key: k, At: t.at, Values: t.kept(v)})
}

// maxSamples bounds what a tap records, to some gigabytes of memory.
const maxSamples = 1 << 23

// reserve makes room for the samples of so many subpixels at once. Growing a list of
// millions bit by bit copies it several times over, during which nothing else
// happens; memory that is never touched costs nothing.
func (t *Tap) reserve(subpixels int) {
	const eachSubpixel, worthwhile = 32, 1 << 10
	if subpixels < worthwhile || t.filter.Last || t.filter.Head > 0 {
		return
	}
	n, wanted := float64(subpixels)*eachSubpixel, 0
	for _, yes := range t.stages {
		if yes {
			wanted++
		}
	}
	n *= float64(wanted) / float64(len(t.stages))
	t.Samples = slices.Grow(t.Samples, int(min(n, maxSamples)))
}

// kept copies values into memory that many samples share: one piece for each takes
// longer than computing them.
func (t *Tap) kept(v []float64) []float64 {
	if cap(t.values)-len(t.values) < len(v) {
		t.values = make([]float64, 0, min(2*cap(t.values)+64, 1<<12))
	}
	at := len(t.values)
	t.values = append(t.values, v...)
	return t.values[at:len(t.values):len(t.values)]
}

func (t *Tap) wanted(k schema.Key) bool {
	scope := schema.Info(k).Scope
	if t.at.Phi >= 0 && len(t.filter.Phi) > 0 {
		found := false
		for _, p := range t.filter.Phi {
			found = found || p == t.at.Phi
		}
		if !found {
			return false
		}
	}
	if t.filter.All {
		return true
	}
	if t.at.Domain > 0 || t.at.Source > 0 && scope != schema.PerSource {
		return false
	}
	// With phi steps chosen, the orientation of each chosen step is wanted.
	return scope != schema.PerStep && scope != schema.PerSource || t.at.Phi == 0 || len(t.filter.Phi) > 0
}
