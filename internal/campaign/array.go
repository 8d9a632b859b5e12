package campaign

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"simtrace/internal/bundle"
)

// Array is a task of a Slurm job array that divides a list.
type Array struct {
	id     int
	env    division
	gapped error // why the environment alone does not tell the division; nil where it does
}

// division is how an array's task numbers stand for parts: First, First+Step, …, Parts of them.
type division struct {
	First int `json:"first"`
	Step  int `json:"step"`
	Parts int `json:"parts"`
}

// arrayName is the file in the folder of results that keeps the first array's division, so
// that "sbatch --array=3,7" with the same script means the same two parts again.
const arrayName = "array.json"

// shard is the part with a task's number.
func (d division) shard(id int) (Shard, bool) {
	if d.Step < 1 || id < d.First || (id-d.First)%d.Step != 0 || (id-d.First)/d.Step >= d.Parts {
		return Shard{}, false
	}
	return Shard{(id - d.First) / d.Step, d.Parts}, true
}

// SlurmArray reads the environment of a task in a job array: its number, and
// how the numbers go; nil outside of one. SLURM_ARRAY_TASK_COUNT counts them; where it is
// missing, _MIN, _MAX and _STEP do.
func SlurmArray() (*Array, error) {
	if os.Getenv("SLURM_ARRAY_TASK_ID") == "" {
		return nil, nil
	}
	var err error
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
	a := &Array{id: read("ID", 0), env: division{First: read("MIN", 0), Step: read("STEP", 1), Parts: read("COUNT", -1)}}
	hi := read("MAX", -1)
	if err != nil {
		return nil, err
	}
	a.gapped = a.env.check(a.id, hi)
	return a, nil
}

// check says why the numbers do not tell the parts, and fills in their count.
func (d *division) check(id, hi int) error {
	switch {
	case d.Step < 1:
		return fmt.Errorf("SLURM_ARRAY_TASK_STEP %d is no step: --shard says the part", d.Step)
	case d.Parts < 0 && hi < d.First:
		return fmt.Errorf("neither SLURM_ARRAY_TASK_COUNT nor SLURM_ARRAY_TASK_MAX says how many tasks there are: --shard says the part")
	case d.Parts < 0:
		d.Parts = (hi-d.First)/d.Step + 1
	case hi >= d.First && d.Parts != (hi-d.First)/d.Step+1:
		return fmt.Errorf("the array's %d tasks are not those from %d to %d by %d, and no earlier array has divided the list: --shard says the part", d.Parts, d.First, hi, d.Step)
	}
	if _, ok := d.shard(id); !ok {
		return fmt.Errorf("SLURM_ARRAY_TASK_ID %d is not one of %d from %d by %d: --shard says the part", id, d.Parts, d.First, d.Step)
	}
	return nil
}

// shard is the task's part. The first array that works into the folder out decides how the
// list is divided; later ones, with gaps or without, do the parts of their numbers again.
func (a *Array) shard(out string) (Shard, error) {
	path := filepath.Join(out, arrayName)
	data, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if a.gapped != nil {
			return Shard{}, a.gapped
		}
		s, _ := a.env.shard(a.id)
		return s, nil
	case err != nil:
		return Shard{}, err
	}
	var d division
	if err := json.Unmarshal(data, &d); err != nil {
		return Shard{}, fmt.Errorf("%s: %w: remove it, and --shard says the part", path, err)
	}
	s, ok := d.shard(a.id)
	if !ok {
		return Shard{}, fmt.Errorf("%s: the list was divided into %d parts, for tasks from %d by %d, and SLURM_ARRAY_TASK_ID is %d: remove the file to divide it anew, or give --shard", path, d.Parts, d.First, d.Step, a.id)
	}
	return s, nil
}

// keep keeps the array's own division where there is none. The tasks of an array all
// write the same.
func (a *Array) keep(out string) error {
	path := filepath.Join(out, arrayName)
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	data, err := json.Marshal(a.env)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o777); err != nil {
		return err
	}
	return bundle.WriteFileAtomic(path, append(data, '\n'), 0o666)
}

// slurmJob is Slurm's name of the task, "" outside of an array.
func slurmJob() string {
	if id := os.Getenv("SLURM_ARRAY_TASK_ID"); id != "" {
		return os.Getenv("SLURM_ARRAY_JOB_ID") + "_" + id
	}
	return ""
}
