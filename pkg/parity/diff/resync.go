package diff

import "math/bits"

// window is how far ahead resync looks one by one for where two sequences go on
// together; beyond it, it looks by hashes.
const window = 64

// enough is how many elements in a row have to be the same for two sequences to go
// on together.
const enough = 3

// sequences are two lists that resync aligns.
type sequences struct {
	n, m int
	same func(i, j int) bool
	// alike tells elements that may belong together although they are not the same;
	// nil for none. They align what stands between those that are.
	alike func(i, j int) bool
	// hash is of element i of the first list or the second; those of elements that
	// are the same are equal.
	hash func(side, i int) uint64
	// sure tells an element of the first list that says so much that another one which
	// is the same can be no chance; nil for none.
	sure func(i int) bool
	// hold keeps short ends that nothing tells to belong together apart, because
	// more is to come.
	hold bool

	unique map[uint64]int // in the first list: where some elements stand that stand once
}

// heldEnd is how long an end may be to be held.
const heldEnd = 256

// resync aligns two sequences, as diff does: what is the same belongs together, and
// elements that only one has do not shift what follows. Elements that differ are
// paired as long as both sides have some. emit is called in order; -1 stands for
// the side that has none.
//
// It looks for the nearest place at which both go on the same for some elements,
// and costs the length of the sequences where they differ in few places.
func (q *sequences) resync(emit func(i, j int)) {
	i, j := 0, 0
	for i < q.n && j < q.m {
		if q.same(i, j) {
			emit(i, j)
			i++
			j++
			continue
		}
		di, dj, ok := q.next(i, j)
		if !ok {
			break
		}
		q.between(i, j, di, dj, emit)
		i, j = i+di, j+dj
	}
	// Nothing more is the same: the ends belong together, and what is too much
	// stands behind.
	if q.hold && max(q.n-i, q.m-j) <= heldEnd {
		unpaired(i, j, q.n-i, q.m-j, emit)
		return
	}
	q.between(i, j, q.n-i, q.m-j, emit)
}

// between aligns di elements from i on with dj from j on, of which none are the
// same: those that are alike, and the others one by one.
func (q *sequences) between(i, j, di, dj int, emit func(i, j int)) {
	if q.alike != nil && di > 0 && dj > 0 && di != dj {
		rest := sequences{n: di, m: dj, same: func(a, b int) bool { return q.alike(i+a, j+b) }}
		rest.resync(func(a, b int) {
			if a >= 0 {
				a += i
			}
			if b >= 0 {
				b += j
			}
			emit(a, b)
		})
		return
	}
	for ; di > 0 && dj > 0; di, dj = di-1, dj-1 {
		emit(i, j)
		i++
		j++
	}
	unpaired(i, j, di, dj, emit)
}

// unpaired hands out elements that have no partner.
func unpaired(i, j, di, dj int, emit func(i, j int)) {
	for ; di > 0; di-- {
		emit(i, -1)
		i++
	}
	for ; dj > 0; dj-- {
		emit(-1, j)
		j++
	}
}

// next returns how many elements of each side to pass over until both go on the
// same: the fewest, one of each side counting as one, and rather as many of both.
func (q *sequences) next(i, j int) (di, dj int, ok bool) {
	for n := 1; n < window; n++ {
		if n < window/4 && q.together(i+n, j+n) {
			return n, n, true
		}
		for a := 0; a <= n; a++ {
			if q.together(i+a, j+n-a) {
				return a, n - a, true
			}
		}
	}
	return q.far(i, j)
}

// together tells whether both sides go on the same from here.
func (q *sequences) together(i, j int) bool {
	if i >= q.n || j >= q.m || !q.same(i, j) {
		return false
	}
	run := 1
	for run < enough && i+run < q.n && j+run < q.m && q.same(i+run, j+run) {
		run++
	}
	return run == enough || i+run == q.n || j+run == q.m || q.sure != nil && q.sure(i)
}

// manyDigits tells text with so many digits other than 0, and more than two of them
// different, that no two places print it by chance.
func manyDigits(s string) bool {
	n, seen := 0, 0
	for i := range len(s) {
		if c := s[i] - '0'; c > 0 && c <= 9 {
			n++
			seen |= 1 << c
		}
	}
	return n >= 7 && bits.OnesCount(uint(seen)) > 2
}

// far looks for the next elements of the second list that stand once in the first.
func (q *sequences) far(i, j int) (di, dj int, ok bool) {
	if q.hash == nil {
		return 0, 0, false
	}
	if q.unique == nil {
		q.unique = map[uint64]int{}
		for k := 0; k+enough <= q.n; k++ {
			h := q.some(0, k)
			if _, twice := q.unique[h]; twice {
				q.unique[h] = -1
			} else {
				q.unique[h] = k
			}
		}
	}
	for k := j; k+enough <= q.m; k++ {
		if at, found := q.unique[q.some(1, k)]; found && at >= i && q.together(at, k) {
			return at - i, k - j, true
		}
	}
	return 0, 0, false
}

// some is the hash of some elements in a row.
func (q *sequences) some(side, i int) uint64 {
	h := uint64(0)
	for k := range enough {
		h = (h ^ q.hash(side, i+k)) * 0x9e3779b97f4a7c15
		h ^= h >> 29
	}
	return h
}
