package diff

import (
	"math/bits"
	"slices"

	"simtrace/pkg/trace/schema"
)

// identity is what records are paired by.
type identity struct {
	symbol int32
	at     schema.Coord
}

// identities number what records are paired by, in the order in which it comes first. A
// map would do; but most logs go through theirs in the same order, so that the one behind
// the last is looked at before any other.
type identities struct {
	list []identity
	next int     // the one that is expected
	slot []int32 // by hash: its number, from 1; the slots behind it are for others of the hash
}

// reset forgets all identities, and makes room for some.
func (x *identities) reset(most int) {
	n := 2 << bits.Len(uint(most))
	if n > cap(x.slot) {
		x.slot = make([]int32, n)
	}
	x.slot = x.slot[:n]
	clear(x.slot)
	x.list, x.next = slices.Grow(x.list[:0], most), 0
}

// again expects the first one.
func (x *identities) again() { x.next = 0 }

// of returns the number of an identity, a new one where it is new.
func (x *identities) of(id *identity) int32 {
	n, slot := x.find(id)
	if n >= 0 {
		return n
	}
	x.list = append(x.list, *id)
	if 2*len(x.list) > len(x.slot) {
		x.grow()
	} else {
		x.slot[slot] = int32(len(x.list))
	}
	x.next = len(x.list)
	return int32(len(x.list) - 1)
}

// find returns the number of an identity; -1 where it has none, and the slot for it.
func (x *identities) find(id *identity) (n int32, slot uint64) {
	if x.next < len(x.list) && x.list[x.next] == *id {
		x.next++
		return int32(x.next - 1), 0
	}
	mask := uint64(len(x.slot) - 1)
	for slot = id.hash() & mask; x.slot[slot] != 0; slot = (slot + 1) & mask {
		if n := x.slot[slot]; x.list[n-1] == *id {
			x.next = int(n)
			return n - 1, slot
		}
	}
	return -1, slot
}

// grow makes room for as many again.
func (x *identities) grow() {
	x.slot = make([]int32, 2*len(x.slot))
	mask := uint64(len(x.slot) - 1)
	for i, id := range x.list {
		h := id.hash() & mask
		for x.slot[h] != 0 {
			h = (h + 1) & mask
		}
		x.slot[h] = int32(i + 1)
	}
}

// hash mixes all numbers of an identity.
func (id *identity) hash() uint64 {
	h := uint64(uint32(id.symbol))
	for i := 0; i < len(id.at); i += 2 {
		h = (h ^ uint64(uint32(id.at[i]))<<32 ^ uint64(uint32(id.at[i+1]))) * 0x9e3779b97f4a7c15
		h ^= h >> 29
	}
	return h
}
