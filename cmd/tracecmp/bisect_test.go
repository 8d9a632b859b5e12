package main

import "testing"

// What git bisect run makes of an exit code: 125 skips, 128 and above ends the
// bisection, everything else up to 127 is bad.
func TestGitCodes(t *testing.T) {
	for _, c := range []struct {
		args       []string
		code, want int
	}{
		{[]string{"tracecmp", "a", "b"}, exitRefused, exitRefused},
		{[]string{"tracecmp", "--git-bisect", "a", "b"}, exitMatch, 0},
		{[]string{"tracecmp", "--git-bisect", "a", "b"}, exitDiverged, 1},
		{[]string{"tracecmp", "--git-bisect", "a", "b"}, exitRefused, 125},
		{[]string{"tracecmp", "a", "b", "--git-bisect"}, exitTrouble, 128},
		{[]string{"tracecmp", "bisect", "commits", "--git-bisect", "--", "x"}, exitTrouble, 128},
		{[]string{"tracecmp", "bisect", "commits", "--", "x", "--git-bisect"}, exitTrouble, exitTrouble},
	} {
		if got := gitCodes(c.args, c.code); got != c.want {
			t.Errorf("%v with %d: %d, want %d", c.args, c.code, got, c.want)
		}
	}
}
