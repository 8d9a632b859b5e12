package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"
)

// shard reads --shard, or what a Slurm job array says; part is counted from 0.
func shard(c *cli.Context, merge bool) (part, parts int, err error) {
	switch {
	case merge:
		return 0, 1, nil
	case c.IsSet("shard"):
		return shardOf(c.String("shard"))
	case os.Getenv("SLURM_ARRAY_TASK_ID") != "":
		return slurmShard()
	}
	return 0, 1, nil
}

func shardOf(s string) (part, parts int, err error) {
	i, n, ok := strings.Cut(s, "/")
	part, err1 := strconv.Atoi(i)
	parts, err2 := strconv.Atoi(n)
	if !ok || err1 != nil || err2 != nil || part < 1 || part > parts {
		return 0, 0, fmt.Errorf("--shard %s: I/N is needed, I from 1 to N", s)
	}
	return part - 1, parts, nil
}

// slurmShard reads the environment of a task in a job array: its number, and
// how the numbers go. SLURM_ARRAY_TASK_COUNT counts them; where it is missing,
// _MIN, _MAX and _STEP do. An array of numbers with gaps, such as 0,3,7, has
// no part for a number: --shard is needed there.
func slurmShard() (part, parts int, err error) {
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
		return 0, 0, err
	case step < 1:
		return 0, 0, fmt.Errorf("SLURM_ARRAY_TASK_STEP %d is no step: --shard says the part", step)
	case parts < 0 && hi < lo:
		return 0, 0, fmt.Errorf("neither SLURM_ARRAY_TASK_COUNT nor SLURM_ARRAY_TASK_MAX says how many tasks there are: --shard says the part")
	case parts < 0:
		parts = (hi-lo)/step + 1
	case hi >= lo && parts != (hi-lo)/step+1:
		return 0, 0, fmt.Errorf("the array's %d tasks are not those from %d to %d by %d: --shard says the part", parts, lo, hi, step)
	}
	if id < lo || (id-lo)%step != 0 || (id-lo)/step >= parts {
		return 0, 0, fmt.Errorf("SLURM_ARRAY_TASK_ID %d is not one of %d from %d by %d: --shard says the part", id, parts, lo, step)
	}
	return (id - lo) / step, parts, nil
}
