package campaign

import (
	"fmt"
	"os"
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

// SlurmShard reads the environment of a task in a job array, and is all where there is none: its number, and
// how the numbers go. SLURM_ARRAY_TASK_COUNT counts them; where it is missing,
// _MIN, _MAX and _STEP do. An array of numbers with gaps, such as 0,3,7, has
// no part for a number: --shard is needed there.
func SlurmShard() (shard Shard, err error) {
	if os.Getenv("SLURM_ARRAY_TASK_ID") == "" {
		return Shard{}, nil
	}
	read := func(name string, def int) int {
		v := os.Getenv("SLURM_ARRAY_TASK_" + name)
		if v == "" {
			return def
		}
		n, bad := strconv.Atoi(v)
		if bad != nil && err == nil {
			err = fmt.Errorf("SLURM_ARRAY_TASK_%s %q is no number: --shard says the part", name, v)
		}
		return n
	}
	id, lo, step := read("ID", 0), read("MIN", 0), read("STEP", 1)
	hi, parts := read("MAX", -1), read("COUNT", -1)
	switch {
	case err != nil:
		return Shard{}, err
	case step < 1:
		return Shard{}, fmt.Errorf("SLURM_ARRAY_TASK_STEP %d is no step: --shard says the part", step)
	case parts < 0 && hi < lo:
		return Shard{}, fmt.Errorf("neither SLURM_ARRAY_TASK_COUNT nor SLURM_ARRAY_TASK_MAX says how many tasks there are: --shard says the part")
	case parts < 0:
		parts = (hi-lo)/step + 1
	case hi >= lo && parts != (hi-lo)/step+1:
		return Shard{}, fmt.Errorf("the array's %d tasks are not those from %d to %d by %d: --shard says the part", parts, lo, hi, step)
	}
	if id < lo || (id-lo)%step != 0 || (id-lo)/step >= parts {
		return Shard{}, fmt.Errorf("SLURM_ARRAY_TASK_ID %d is not one of %d from %d by %d: --shard says the part", id, parts, lo, step)
	}
	return Shard{(id - lo) / step, parts}, nil
}
