package trace

import "simtrace/pkg/trace/schema"

// place infers where records belong while a log is read. The reference prints
// no index for layers and subpixels: a sample's block repeats, and the samples
// are counted.
type place struct {
	slow, fast int
	sub        int // running number of the sample, -1 before the first
	seen       keySet
	closed     bool // the samples are over: a quantity of the whole pixel came
	used       bool // a record was placed since the pixel was announced

	lastTic int // of rows that stand outside of any sample's block
	ticSub  int // running number of the sample among such rows

	occur  map[occurrence]int // of the current pixel
	loose  map[occurrence]int // of the records without a pixel
	top    int                // highest Occur+1 of the current pixel
	base   int                // lowest Occur of the current pixel
	kept   map[[2]int]map[occurrence]int
	visits map[[2]int]int // where Occur starts when a pixel that is not kept comes again
}

// occurrence is (stream, name, where) within one pixel.
type occurrence struct {
	name                            string
	layer, sub, source, domain, phi int32
	stream                          Stream
}

type keySet [(schema.Count + 63) / 64]uint64

func (s *keySet) has(k schema.Key) bool { return s[k/64]&(1<<(k%64)) != 0 }
func (s *keySet) add(k schema.Key)      { s[k/64] |= 1 << (k % 64) }

func newPlace() *place {
	return &place{
		slow: -1, fast: -1, sub: -1, lastTic: -1, ticSub: -1,
		occur: map[occurrence]int{}, loose: map[occurrence]int{}, kept: map[[2]int]map[occurrence]int{}, visits: map[[2]int]int{},
	}
}

// pixel starts a pixel's records. An announcement that repeats the last one,
// with nothing between, says nothing new.
func (p *place) pixel(slow, fast int) {
	if p.slow == slow && p.fast == fast && !p.used {
		return
	}
	p.enter(slow, fast)
	p.sub, p.seen, p.closed, p.used = -1, keySet{}, false, false
	p.lastTic, p.ticSub = -1, -1
}

// maxKept is how many pixels' occurrences are remembered exactly. A log of more
// keeps one number for each of the others.
const maxKept = 1024

// enter switches the counts of occurrences to another pixel.
func (p *place) enter(slow, fast int) {
	from, to := [2]int{p.slow, p.fast}, [2]int{slow, fast}
	if _, ok := p.kept[from]; ok || len(p.kept) < maxKept {
		p.kept[from] = p.occur
		p.occur = nil
	} else {
		p.visits[from] = p.top
	}
	p.slow, p.fast = slow, fast
	if m, ok := p.kept[to]; ok {
		p.occur, p.base, p.top = m, 0, 0
		return
	}
	if p.occur == nil {
		p.occur = map[occurrence]int{}
	}
	clear(p.occur)
	p.base = p.visits[to]
	p.top = p.base
}

// block places a quantity of the pixel block.
func (p *place) block(k schema.Key, scope schema.Scope) Where {
	w := p.here()
	switch scope {
	case schema.PerSample:
		if p.sub < 0 || p.seen.has(k) {
			p.sub++
			p.seen = keySet{}
		}
		p.seen.add(k)
		p.closed = false
		w.Sub, w.Source = p.sub, 0
	case schema.PerStep:
		p.sub = max(p.sub, 0)
		w.Sub, w.Source, w.Domain, w.Phi = p.sub, 0, 0, 0
	case schema.PerPixel:
		p.closed = true
	}
	return w
}

// unknown places a quantity that the schema does not know: it belongs to the
// sample in whose block it stands.
func (p *place) unknown() Where {
	w := p.here()
	if !p.closed {
		w.Sub = p.sub
	}
	return w
}

// source places a per-source quantity.
func (p *place) source(n int) Where {
	w := p.unknown()
	w.Source = n
	return w
}

// row places a per-phi row. Rows within a sample's block belong to it; rows on
// their own belong to the next sample wherever phi_tic does not increase.
func (p *place) row(tic int) Where {
	w := p.here()
	w.Source, w.Domain, w.Phi = 0, 0, tic
	if p.sub >= 0 && !p.closed {
		w.Sub = p.sub
		return w
	}
	if p.ticSub < 0 || tic <= p.lastTic {
		p.ticSub++
	}
	p.lastTic = tic
	w.Sub = p.ticSub
	return w
}

// here is the current pixel, and nothing else.
func (p *place) here() Where {
	p.used = true
	w := Nowhere
	w.Slow, w.Fast = p.slow, p.fast
	return w
}

// count returns how often the record's (stream, name, where) occurred before. A
// pixel that is not kept and comes again starts above its earlier counts, so
// that no two records of a log are the same.
func (p *place) count(r *Record) int {
	o := occurrence{
		name: r.Name, stream: r.Stream, layer: int32(r.At.Layer), sub: int32(r.At.Sub),
		source: int32(r.At.Source), domain: int32(r.At.Domain), phi: int32(r.At.Phi),
	}
	if r.At == Nowhere {
		n := p.loose[o]
		p.loose[o] = n + 1
		return n
	}
	if r.At.Slow != p.slow || r.At.Fast != p.fast {
		p.enter(r.At.Slow, r.At.Fast)
	}
	n, ok := p.occur[o]
	if !ok {
		n = p.base
	}
	p.occur[o] = n + 1
	p.top = max(p.top, n+1)
	return n
}
