package campaign

import (
	"fmt"
	"strconv"
	"strings"
)

// Shard is a part of a list of configurations: every Parts-th, from Part on. The zero
// value is all of it.
type Shard struct{ Part, Parts int }

func (s Shard) whole() bool { return s.Parts <= 1 }

// of picks the shard's configurations.
func (s Shard) of(runs []matrixRun) []matrixRun {
	if s.whole() {
		return runs
	}
	var mine []matrixRun
	for i := s.Part; i < len(runs); i += s.Parts {
		mine = append(mine, runs[i])
	}
	return mine
}

// ShardOf reads I/N, with I from 1 to N.
func ShardOf(s string) (Shard, error) {
	i, n, ok := strings.Cut(s, "/")
	part, err1 := strconv.Atoi(i)
	parts, err2 := strconv.Atoi(n)
	if !ok || err1 != nil || err2 != nil || part < 1 || part > parts {
		return Shard{}, fmt.Errorf("--shard %s: I/N is needed, I from 1 to N", s)
	}
	return Shard{part - 1, parts}, nil
}
