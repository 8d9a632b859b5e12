package sim

import "simtrace/pkg/trace/schema"

// Step is the place in the nested loops at which a sample was recorded.
// Quantities of an outer loop carry -1 for the loops inside it.
type Step struct {
	Layer, Sub, Source, Phi, Domain int
}

// Filter narrows what a Tap records. The zero Filter records what the
// reference traces: source 0, domain 0, and of the quantities of one
// orientation those of phi step 0. The per-source quantities come from every
// source.
type Filter struct {
	All     bool           // every source, domain and phi step
	Stages  []schema.Stage // nil for all
	Phi     []int          // phi steps, nil for all
	Domains []int          // mosaic domains, nil for the first
	Sources []int          // sources, nil for the first
	Last    bool           // of each quantity only the last sample
	// Head, if positive, is how many subpixels, over all layers, are recorded; the
	// quantities of the whole pixel are recorded all the same.
	Head int
}

// Tap hands the intermediate quantities of a pixel to sinks, in the order in
// which the kernel computes them. A nil *Tap records nothing and costs a
// comparison. A Tap is for one goroutine; it may serve one pixel after another.
type Tap struct {
	// Recorder keeps what a tap without sinks of its own lets pass.
	Recorder

	sinks  []Sink
	filter Filter
	scopes [schema.Count]schema.Scope // of the keys; refused for those that the filter does not let pass
	passes [refused + 1]bool          // scopes that pass at the place
	wanted int                        // how many keys the filter lets pass
	// Which values of an index the filter names; nil where it names none.
	phi, domains, sources []bool
	orientation           bool // some quantity of a single orientation passes
	perSource             bool // some quantity of a single source passes

	sample Sample // handed to the sinks; its At is the place that the tap is at
	values [64]float64
	count  int    // of the subpixels entered
	in     [2]int // the one it is in: layer and subpixel, from 1
	beyond bool   // the filter's Head has been reached
	// instead are values of another computation, which are handed on in place of those
	// that come; sums is the tap that they come from. See showing.
	instead map[schema.Key][]float64
	sums    *Tap
}

// refused is the scope, in a tap, of quantities that it has been told to leave out.
const refused = schema.PerPixel + 1

// NewTap returns a tap that hands what the filter lets pass to the sinks, in
// their order; without sinks the tap records it itself.
func NewTap(f Filter, sinks ...Sink) *Tap {
	t := &Tap{filter: f, sinks: sinks, phi: members(f.Phi), domains: members(f.Domains), sources: members(f.Sources)}
	if t.Last = f.Last; len(sinks) == 0 {
		t.sinks = []Sink{&t.Recorder}
	}
	want := map[schema.Stage]bool{}
	for _, s := range f.Stages {
		want[s] = true
	}
	for _, q := range schema.NanoBragg().All() {
		pass := len(want) == 0 || want[q.Stage]
		if t.scopes[q.Key] = q.Scope; pass {
			t.wanted++
		} else {
			t.scopes[q.Key] = refused
		}
		t.orientation = t.orientation || pass && (q.Scope == schema.PerStep || q.Scope == schema.PerPhi)
		t.perSource = t.perSource || pass && q.Scope == schema.PerSource
	}
	t.admit()
	return t
}

// only leaves out all but some quantities of whole pixels.
func (t *Tap) only(keys map[schema.Key]bool) {
	for k := range t.scopes {
		if !keys[schema.Key(k)] {
			t.scopes[k] = refused
		}
	}
	t.orientation, t.perSource = false, false
}

// members marks the indices of a list; nil for an empty one.
func members(list []int) []bool {
	var in []bool
	for _, i := range list {
		if i < 0 {
			continue
		}
		for len(in) <= i {
			in = append(in, false)
		}
		in[i] = true
	}
	return in
}

// chosen tells whether a list of members has an index; without a list, whether
// the index is the first.
func chosen(in []bool, i int) bool {
	if in == nil {
		return i <= 0
	}
	return i < 0 || i < len(in) && in[i]
}

// Put records a scalar.
func (t *Tap) Put(k schema.Key, v float64) {
	if t != nil {
		put(t, k, v)
	}
}

// begin is called before a pixel's first quantity.
func (t *Tap) begin(p Pixel) {
	t.sample.Pixel = p
	t.count, t.in, t.beyond = 0, [2]int{}, false
	t.admit()
}

// enter moves to a place in the loops.
func (t *Tap) enter(at Step) {
	if t == nil {
		return
	}
	t.sample.At = at
	if in := [2]int{at.Layer + 1, at.Sub + 1}; at.Layer >= 0 && in != t.in {
		t.in, t.count = in, t.count+1
	}
	h := t.filter.Head
	t.beyond = h > 0 && at.Layer >= 0 && t.count > h
	t.admit()
}

// admit decides which quantities pass at the place, by how often they are computed.
func (t *Tap) admit() {
	f, at := &t.filter, &t.sample.At
	all := !t.beyond && !(at.Phi >= 0 && len(f.Phi) > 0 && !(at.Phi < len(t.phi) && t.phi[at.Phi]))
	domain := all && (f.All || chosen(t.domains, at.Domain))
	source := domain && (f.All || chosen(t.sources, at.Source))
	// With phi steps chosen, the orientation of each chosen step is wanted.
	once := f.All || at.Phi == 0 || len(f.Phi) > 0
	t.passes = [...]bool{
		schema.PerRun: source, schema.PerSample: source, schema.PerPhi: source, schema.PerPixel: source,
		schema.PerStep: source && once, schema.PerSource: domain && once, refused: false,
	}
}

// listens reports whether anything of the orientation at a place would pass. The
// kernel leaves the tap out of steps that it does not listen to: they are most.
func (t *Tap) listens(at Step) bool {
	if t.beyond || len(t.filter.Phi) > 0 && !(at.Phi < len(t.phi) && t.phi[at.Phi]) {
		return false
	}
	if t.filter.All {
		return true
	}
	if !chosen(t.domains, at.Domain) {
		return false
	}
	return t.orientation && chosen(t.sources, at.Source) || t.perSource && (at.Phi == 0 || len(t.filter.Phi) > 0)
}

// wants reports whether a quantity passes at the place.
func (t *Tap) wants(k schema.Key) bool { return t.passes[t.scopes[k]] }

// hand gives the sinks so many of the tap's values.
//
//go:noinline
func (t *Tap) hand(k schema.Key, n int) {
	if t.instead != nil {
		if other, ok := t.instead[k]; ok {
			n = copy(t.values[:], other)
		}
	}
	t.sample.Key, t.sample.Values = k, t.values[:n]
	for _, s := range t.sinks {
		s.Take(&t.sample)
	}
}
