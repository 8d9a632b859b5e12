package diff

// window is how far ahead resync looks for where two sequences go on together.
const window = 64

// resync aligns two sequences of different length, as diff does: what is the same
// belongs together, and elements that only one has do not shift what follows.
// Elements that differ are paired as long as both sides have some. emit is called
// in order; -1 stands for the side that has none.
//
// It looks for the nearest place at which both go on the same for some elements,
// and costs the length of the sequences where they differ in few places.
func resync(n, m int, same func(i, j int) bool, emit func(i, j int)) {
	i, j := 0, 0
	for i < n && j < m {
		if same(i, j) {
			emit(i, j)
			i++
			j++
			continue
		}
		di, dj, ok := nextCommon(n-i, m-j, func(a, b int) bool { return same(i+a, j+b) })
		if !ok {
			break
		}
		for range min(di, dj) {
			emit(i, j)
			i++
			j++
			di--
			dj--
		}
		for ; di > 0; di-- {
			emit(i, -1)
			i++
		}
		for ; dj > 0; dj-- {
			emit(-1, j)
			j++
		}
	}
	// Nothing more is the same: the ends belong together, and what is too much
	// stands behind.
	for i < n && j < m {
		emit(i, j)
		i++
		j++
	}
	for ; i < n; i++ {
		emit(i, -1)
	}
	for ; j < m; j++ {
		emit(-1, j)
	}
}

// nextCommon returns how many elements of each side to pass over until both go on
// the same; those that go on longest are best, then those that pass over least.
func nextCommon(n, m int, same func(i, j int) bool) (di, dj int, ok bool) {
	const enough = 3
	for sum := 1; sum < window; sum++ {
		for a := 0; a <= sum; a++ {
			b := sum - a
			if a >= n || b >= m || !same(a, b) {
				continue
			}
			run := 1
			for run < enough && a+run < n && b+run < m && same(a+run, b+run) {
				run++
			}
			if run == enough || a+run == n || b+run == m {
				return a, b, true
			}
		}
	}
	return 0, 0, false
}
