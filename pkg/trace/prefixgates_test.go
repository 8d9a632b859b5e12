package trace

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"simtrace/internal/testkit"
)

// No line that a prefix's regular expression knows is turned away before it.
func TestPrefixGates(t *testing.T) {
	testkit.NotUnderRace(t)
	gates := map[string]struct {
		may     func(string) bool
		pattern func() *regexp.Regexp
	}{
		"rank": {mayBeRank, rankPrefix}, "time": {mayBeTime, timePrefix}, "level": {startsLevel, levelPrefix},
		"place": {mayBePlace, placePrefix}, "process": {mayBeProcess, processPrefix}, "named level": {mayBeNamedLevel, namedLevel},
	}
	pieces := []string{
		"2026-01-02", "10:11:12", ",123", ".5", "T", " ", "  ", "\t", "INFO", "WARNING", "error", "debug", "main", "solver.core", "a-b", "x_1", "[", "]", "(", ")", "<", ">", ":", "::", "-", "|", " - ", ": ",
		"3", "17", "rank 2", "Rank: 4", "MPI rank 1", "PE 3", "proc 7", "I0102", "E20260102", "Jan 12", "Dec  3", "main.c:12", "pid=4", "thread 3", "PID.TID 1.2", "---", "energy = 1.5", "1e-3", "stdout", "\n", "/",
	}
	r := rand.New(rand.NewPCG(4, 4))
	hits := map[string]int{}
	for range 200000 {
		var b strings.Builder
		for range 1 + r.IntN(7) {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		for name, g := range gates {
			if g.pattern().MatchString(b.String()) {
				if hits[name]++; !g.may(b.String()) {
					t.Fatalf("%s: turned away: %q", name, b.String())
				}
			}
		}
	}
	for name := range gates {
		if hits[name] < 100 {
			t.Errorf("%s: only %d lines have it", name, hits[name])
		}
	}
}
