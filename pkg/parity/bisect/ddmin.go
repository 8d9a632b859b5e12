package bisect

// ddmin returns a part of the set that still passes the test and of which no
// member can be left out (Zeller and Hildebrandt 2002, IEEE Trans. Softw. Eng.
// 28, 183). The whole set must pass. The order is kept.
func ddmin[T any](set []T, test func([]T) (bool, error)) ([]T, error) {
	for n := 2; len(set) > 1; {
		n = min(n, len(set))
		smaller, err := reduce(set, n, test)
		switch {
		case err != nil:
			return nil, err
		case smaller == nil && n == len(set):
			return set, nil
		case smaller == nil:
			n *= 2
		default:
			// A part starts over; a complement goes on as fine as it was.
			if n--; len(smaller) <= len(set)/2 {
				n = 2
			}
			set, n = smaller, max(n, 2)
		}
	}
	return set, nil
}

// reduce cuts the set into n parts and returns the first part, or complement of
// a part, that passes; nil where there is none.
func reduce[T any](set []T, n int, test func([]T) (bool, error)) ([]T, error) {
	for _, complement := range []bool{false, true} {
		for i := range n {
			lo, hi := i*len(set)/n, (i+1)*len(set)/n
			part := set[lo:hi]
			if complement {
				part = append(append([]T(nil), set[:lo]...), set[hi:]...)
			}
			if len(part) == 0 || len(part) == len(set) {
				continue
			}
			if ok, err := test(part); err != nil || ok {
				return part, err
			}
		}
	}
	return nil, nil
}
