package trace

import "simtrace/pkg/trace/schema"

// place infers where records belong within a block. The reference prints no
// index for layers and subpixels: a sample's lines repeat, and the samples are
// counted.
type place struct {
	at     schema.Coord // of the block
	sub    int32        // running number of the sample, -1 before the first
	seen   keySet
	closed bool // the samples are over: a quantity of the whole pixel came

	lastTic int32 // of rows that stand outside of any sample's lines
	ticSub  int32 // running number of the sample among such rows
}

type keySet [(schema.Count + 63) / 64]uint64

func (s *keySet) has(k schema.Key) bool { return s[k/64]&(1<<(k%64)) != 0 }
func (s *keySet) add(k schema.Key)      { s[k/64] |= 1 << (k % 64) }

func newPlace(at schema.Coord) place {
	return place{at: at, sub: -1, lastTic: -1, ticSub: -1}
}

// block places a quantity of the pixel's lines.
func (p *place) block(w *schema.Coord, k schema.Key, scope schema.Scope) {
	*w = p.at
	switch scope {
	case schema.PerSample:
		if p.sub < 0 || p.seen.has(k) {
			p.sub++
			p.seen = keySet{}
		}
		p.seen.add(k)
		p.closed = false
		w[schema.Sub], w[schema.Source] = p.sub, 0
	case schema.PerStep:
		p.sub = max(p.sub, 0)
		w[schema.Sub], w[schema.Source], w[schema.Domain], w[schema.Phi] = p.sub, 0, 0, 0
	case schema.PerPixel:
		p.closed = true
	}
}

// unknown places a quantity that the schema does not know: it belongs to the
// sample in whose lines it stands.
func (p *place) unknown() schema.Coord {
	w := p.at
	if !p.closed {
		w[schema.Sub] = p.sub
	}
	return w
}

// source places a per-source quantity.
func (p *place) source(n int) schema.Coord {
	w := p.unknown()
	w[schema.Source] = int32(n)
	return w
}

// row places a per-phi row. Rows within a sample's lines belong to it; rows on
// their own belong to the next sample wherever phi_tic does not increase.
func (p *place) row(tic int32) schema.Coord {
	w := p.at
	w[schema.Source], w[schema.Domain], w[schema.Phi] = 0, 0, tic
	if p.sub >= 0 && !p.closed {
		w[schema.Sub] = p.sub
		return w
	}
	if p.ticSub < 0 || tic <= p.lastTic {
		p.ticSub++
	}
	p.lastTic = tic
	w[schema.Sub] = p.ticSub
	return w
}
