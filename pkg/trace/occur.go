package trace

// occurrence is (name, stream, where) within one pixel, packed so that it
// travels in registers.
type occurrence struct {
	name        uint64 // its id within the reader; the lowest byte is the stream
	subPhi      uint64
	layerSource uint64
	domain      uint64
}

func occurrenceOf(r *Record, n *name) occurrence {
	return occurrence{
		name:        n.id<<8 | uint64(r.Stream),
		subPhi:      uint64(uint32(r.At.Sub)) | uint64(uint32(r.At.Phi))<<32,
		layerSource: uint64(uint32(r.At.Layer)) | uint64(uint32(r.At.Source))<<32,
		domain:      uint64(uint32(r.At.Domain)),
	}
}

// occurrences numbers the occurrences of all pixels alike, from 1: the pixels
// of a log have theirs in common. It is a hash table without pointers, for a
// log has one look-up a record.
type occurrences struct {
	slots []slot // a power of two of them
	n     int
}

type slot struct {
	occurrence
	number uint32 // 0 in a free slot
}

// maxOccurrences bounds the table; see place.forget.
const maxOccurrences = 1 << 18

func newOccurrences() occurrences { return occurrences{slots: make([]slot, 256)} }

// number returns the number of o; a new one where there was none.
func (t *occurrences) number(o occurrence) int {
	s := t.find(o)
	if s.number != 0 {
		return int(s.number)
	}
	t.n++
	*s = slot{o, uint32(t.n)}
	if 2*t.n > len(t.slots) {
		t.grow()
	}
	return t.n
}

// find returns the slot of o, or the free one where it belongs.
func (t *occurrences) find(o occurrence) *slot {
	mask := uint64(len(t.slots) - 1)
	for i := o.hash() & mask; ; i = (i + 1) & mask {
		if s := &t.slots[i]; s.number == 0 || s.occurrence == o {
			return s
		}
	}
}

func (t *occurrences) grow() {
	old := t.slots
	t.slots = make([]slot, 2*len(old))
	for i := range old {
		if old[i].number != 0 {
			*t.find(old[i].occurrence) = old[i]
		}
	}
}

// hash mixes the coordinates by multiplications with odd numbers.
func (o occurrence) hash() uint64 {
	h := (o.name*0x9e3779b97f4a7c15 + o.subPhi) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>32 + o.layerSource ^ o.domain<<16) * 0x94d049bb133111eb
	return h ^ h>>32
}

// tally counts how often each occurrence came, in one pixel.
type tally struct {
	next []uint32 // by number: the count that comes next, 0 before the first
	base int      // the first count
	top  int      // the highest count that comes next
	seen int      // len(next) when grown was asked last
}

// grown returns by how much the tally grew since it was asked last.
func (t *tally) grown() int {
	n := len(t.next) - t.seen
	t.seen = len(t.next)
	return n
}

// add counts the occurrence, and returns how often it came before.
func (t *tally) add(number int) int {
	if number >= len(t.next) {
		t.next = append(t.next, make([]uint32, max(number+1-len(t.next), len(t.next)/4))...)
	}
	n := int(t.next[number])
	if n == 0 {
		n = t.base
	}
	t.next[number] = uint32(n + 1)
	t.top = max(t.top, n+1)
	return n
}

// restart forgets all counts; those to come start at base.
func (t *tally) restart(base int) {
	clear(t.next)
	t.base, t.top = base, base
}
