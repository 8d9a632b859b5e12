package diff

import (
	"cmp"
	"slices"

	"simtrace/pkg/trace"
)

// latecomers are records of a lineJob without a partner among the lines around them.
// Where the other log has one of the same quantity elsewhere, between the same two
// pairs of that quantity, the two belong together: their lines came in another order.
type latecomers struct {
	paired  [2][]int // by Symbol.ID: the pairs so far, but for those of equal lines
	waiting [2]map[lateKey][]trace.Record
	n       int
	sweep   int // how many there may be before it is looked for those whose time is over
}

// lateKey is a quantity, and how many of its records have a partner before.
type lateKey struct{ symbol, pairs int }

func newLatecomers() latecomers {
	l := latecomers{sweep: 1024}
	for side := range l.waiting {
		l.waiting[side] = map[lateKey][]trace.Record{}
	}
	return l
}

func (l *latecomers) pairs(side, symbol int) *int {
	for symbol >= len(l.paired[side]) {
		l.paired[side] = append(l.paired[side], 0)
	}
	return &l.paired[side][symbol]
}

// pairsOf counts the pairs of a quantity so far, as seen from one log.
func (l *latecomers) pairsOf(w *worker, side, symbol int) int {
	n := *l.pairs(side, symbol)
	if symbol < len(w.alike.seen) && w.alike.seen[symbol] != nil {
		n += w.alike.seen[symbol].n
	}
	return n
}

// take takes the records that w.pairs leaves alone, and returns those that find a
// partner, with it.
func (l *latecomers) take(w *worker, list [2][]trace.Record) (found [][2]trace.Record) {
	for side := range list {
		alone := w.pairs.alone[side]
		slices.Sort(alone)
		for i := range list[side] {
			rec := &list[side][i]
			symbol := rec.Symbol.ID
			if side == 1 {
				symbol = w.dec.refSymbol(rec.Symbol).ID
			}
			if len(alone) == 0 || int(alone[0]) != i {
				*l.pairs(side, symbol)++
				continue
			}
			alone = alone[1:]
			key := lateKey{symbol, l.pairsOf(w, side, symbol)}
			other := l.waiting[1-side][key]
			if len(other) == 0 {
				l.waiting[side][key] = append(l.waiting[side][key], *rec.Clone())
				l.n++
				continue
			}
			both := [2]trace.Record{other[0], *rec}
			if side == 0 {
				both[0], both[1] = both[1], both[0]
			}
			found = append(found, both)
			l.n--
			if l.waiting[1-side][key] = other[1:]; len(other) == 1 {
				delete(l.waiting[1-side], key)
			}
		}
	}
	return found
}

// stale takes out the records that no other can come for, once there are many.
func (l *latecomers) stale(w *worker) [2][]trace.Record {
	if l.n < l.sweep {
		return [2][]trace.Record{}
	}
	out := l.remove(func(side int, k lateKey) bool { return l.pairsOf(w, side, k.symbol) > k.pairs })
	l.sweep = 2*l.n + 1024
	return out
}

func (l *latecomers) all() [2][]trace.Record {
	return l.remove(func(int, lateKey) bool { return true })
}

// remove takes records out, in the order of the logs.
func (l *latecomers) remove(which func(side int, k lateKey) bool) (out [2][]trace.Record) {
	for side := range l.waiting {
		for k, list := range l.waiting[side] {
			if which(side, k) {
				out[side] = append(out[side], list...)
				delete(l.waiting[side], k)
			}
		}
		l.n -= len(out[side])
		slices.SortFunc(out[side], func(a, b trace.Record) int {
			return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Symbol.ID, b.Symbol.ID), cmp.Compare(a.Occur, b.Occur))
		})
	}
	return out
}
