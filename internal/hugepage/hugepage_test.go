package hugepage

import "testing"

func TestMake(t *testing.T) {
	for _, n := range []int{0, 1, 1000, least/4 - 1, least / 4, least, 3*least + 1} {
		s := Make[float32](n)
		if len(s) != n {
			t.Fatalf("%d numbers, not %d", len(s), n)
		}
		for i := range s {
			if s[i] != 0 {
				t.Fatalf("number %d of %d is %v", i, n, s[i])
			}
			s[i] = 1
		}
	}
}
