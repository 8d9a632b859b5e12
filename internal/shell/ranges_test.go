package shell

import "testing"

func TestRanges(t *testing.T) {
	for want, list := range map[string][]int{
		"": nil, "4": {4}, "0,3,7-9": {0, 3, 7, 8, 9}, "1-3,7": {1, 2, 3, 7}, "1-2": {1, 2}, "-2--1,1": {-2, -1, 1},
	} {
		if got := Ranges(list); got != want {
			t.Errorf("%v: %q, want %q", list, got, want)
		}
	}
}
