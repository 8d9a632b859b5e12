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

	numbers occurrences
	occur   *tally // of the current pixel
	loose   tally  // of the records without a pixel
	kept    map[[2]int]*tally
	held    int // counts in the kept ones
	visits  visits
}

type keySet [(schema.Count + 63) / 64]uint64

func (s *keySet) has(k schema.Key) bool { return s[k/64]&(1<<(k%64)) != 0 }
func (s *keySet) add(k schema.Key)      { s[k/64] |= 1 << (k % 64) }

func newPlace() *place {
	return &place{
		slow: -1, fast: -1, sub: -1, lastTic: -1, ticSub: -1,
		numbers: newOccurrences(), occur: &tally{}, kept: map[[2]int]*tally{},
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

// maxKept is how many pixels' occurrences are remembered exactly, and maxHeld
// how many counts these may have together. A log of more keeps one number for
// each of the others.
const (
	maxKept = 1024
	maxHeld = 1 << 22
)

// enter switches the counts of occurrences to another pixel.
func (p *place) enter(slow, fast int) {
	from, to := [2]int{p.slow, p.fast}, [2]int{slow, fast}
	spare := p.occur
	if _, ok := p.kept[from]; ok || len(p.kept) < maxKept {
		p.kept[from], spare = p.occur, nil
		p.held += p.occur.grown()
	} else {
		p.visits.set(from, p.occur.top)
	}
	p.slow, p.fast = slow, fast
	if p.held > maxHeld {
		p.forget()
		spare = nil
	}
	if t, ok := p.kept[to]; ok {
		p.occur = t
		return
	}
	if spare == nil {
		spare = &tally{next: make([]uint32, 0, p.numbers.n+1)}
	}
	p.occur = spare
	p.occur.restart(p.visits.get(to))
}

// forget makes room in a log of too many places, such as one that never names
// its pixel. Counts go on where the highest one of the pixel ended, so that no
// two records are the same.
func (p *place) forget() {
	for pixel, t := range p.kept {
		p.visits.set(pixel, t.top)
	}
	clear(p.kept)
	p.held = 0
	p.numbers = newOccurrences()
	p.occur = &tally{base: p.occur.top, top: p.occur.top}
	p.loose = tally{base: p.loose.top, top: p.loose.top}
}

// block places a quantity of the pixel block; w is Nowhere before.
func (p *place) block(w *Where, k schema.Key, scope schema.Scope) {
	p.used = true
	w.Slow, w.Fast = p.slow, p.fast
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
	return Where{p.slow, p.fast, -1, -1, -1, -1, -1}
}

// count returns how often the record occurred before at its place.
func (p *place) count(r *Record, n *name) int {
	o := occurrenceOf(r, n)
	if p.numbers.n == maxOccurrences {
		p.forget()
	}
	if r.At == Nowhere {
		return p.loose.add(p.numbers.number(o))
	}
	if r.At.Slow != p.slow || r.At.Fast != p.fast {
		p.enter(r.At.Slow, r.At.Fast)
	}
	return p.occur.add(p.numbers.number(o))
}
