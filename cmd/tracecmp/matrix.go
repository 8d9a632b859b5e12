package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"simtrace/pkg/nanobragg"
	"simtrace/pkg/parity/imagecmp"
	"simtrace/pkg/sim"
)

func matrixCommand(code *int) *cli.Command {
	m := &mixed{
		name: "matrix", usage: "compare images and traced pixels of many configurations", usageCode: exitTrouble,
		text: "tracecmp matrix CASES.yaml --out DIR [--c-bin PROGRAM] [--got-bin PROGRAM] [--shard I/N]\n   tracecmp matrix merge CASES.yaml --out DIR [the same options]",
		about: `Runs every configuration of the file, with its thresholds, and writes matrix.md, matrix.json and
matrix.html. What was compared is kept in DIR/runs by configuration and programs, so that a run
that was interrupted goes on where it was. Without --c-bin and --got-bin simtrace stands for the
reference and for the port, each in its profile.

The file lists cases as the port's parity_cases.yaml does, and may name pixels to be traced:

   cases:
     - id: tilted                       # and description, for people
       base_args: -cell 70 80 90 75 85 95 -default_F 100 ...
       thresholds: {corr_min: 0.999, sum_ratio_min: 0.98, sum_ratio_max: 1.02,
                    max_abs_max: 5, trace_rel_max: 1e-6}
       pixels: [[12, 20]]               # slow, fast
       runs:
         - name: carry
           extra_args: -phi 0 -osc 1 -phisteps 3
           pixels: [[0, 3]]             # on top of the case's

A run's thresholds take the place of its case's. The traces of a pixel are compared and explained
as tracecmp does it with two logs, and a run whose trace diverges has diverged. A program is given
-trace_pixel, and but for the first pixel a -roi that makes the pixel come out as in the whole image.

With --shard, or in a Slurm job array, only that part is run and no table is written; "matrix
merge" makes the table from what the parts left in DIR, and runs nothing.

Exit codes: 0 all match, 1 some diverged, 2 trouble or a program failed, 3 refused or missing.`,
		arity: map[string]int{"out": 1, "c-bin": 1, "got-bin": 1, "profile": 1, "ref-profile": 1, "jobs": 1, "shard": 1, "tolerance": 1, "timeout": 1},
		flags: []cli.Flag{
			&cli.StringFlag{Name: "out", Usage: "folder `DIR` for the results", TakesFile: true},
			&cli.StringFlag{Name: "c-bin", Usage: "`COMMAND` of the reference; no shell runs it", TakesFile: true},
			&cli.StringFlag{Name: "got-bin", Usage: "`COMMAND` of the port", TakesFile: true},
			&cli.StringFlag{Name: "ref-profile", Value: sim.ProfileNanoBragg.Name, Usage: "without --c-bin: whose habits the reference has"},
			&cli.StringFlag{Name: "profile", Value: sim.ProfileSpec.Name, Usage: "without --got-bin: whose habits the port has"},
			&cli.IntFlag{Name: "jobs", Value: runtime.NumCPU(), Usage: "how many configurations at once"},
			&cli.StringFlag{Name: "shard", Usage: "`I/N`: the part I of N, counted from 1"},
			&cli.Float64Flag{Name: "tolerance", Value: imagecmp.DefaultTolerance, Usage: "largest relative difference of a pixel, where a case has no thresholds, and of a traced quantity, where it has no trace_rel_max"},
			&cli.DurationFlag{Name: "timeout", Value: defaultChildTimeout, Usage: "how long a program may run"},
			&cli.BoolFlag{Name: "force", Usage: "overwrite tables that tracecmp did not write"},
			&cli.BoolFlag{Name: "quiet", Usage: "nothing on standard output"},
		},
		run: func(c *cli.Context, theirs []nanobragg.Arg) error {
			if len(theirs) > 0 {
				return fmt.Errorf("%s: flags of nanoBragg's stand in the file of cases", theirs[0].Name)
			}
			return runMatrix(c, code)
		},
	}
	return m.command()
}

// matrix is one run of the command.
type matrix struct {
	out          string
	cBin, gotBin []string // none for simtrace
	ref, got     sim.Profile
	tolerance    float64
	jobs         int
	limit        time.Duration
	programs     string // what the results depend on besides the flags
	tick         *ticker
}

// The states of a row besides the verdicts.
const (
	matrixFailed  = "FAILED"
	matrixMissing = "MISSING"
)

// matrixRow is a configuration's result.
type matrixRow struct {
	Key         string          `json:"key"`
	Case        string          `json:"case"`
	Run         string          `json:"run"`
	Description string          `json:"description"` // the case's
	State       string          `json:"state"`       // a verdict, FAILED or MISSING
	Image       string          `json:"image"`       // the image's verdict, FAILED or MISSING
	Reasons     []string        `json:"reasons"`
	Correlation imagecmp.Number `json:"correlation"`
	SumRatio    imagecmp.Number `json:"sum_ratio"`
	MaxAbs      imagecmp.Number `json:"max_abs_diff"`
	RMSE        imagecmp.Number `json:"rmse"`
	Compared    int             `json:"compared"` // pixels of the image
	Beyond      int             `json:"beyond_tolerance"`
	Smallest    imagecmp.Number `json:"smallest_rel_tolerance"`
	Pixels      []matrixPixel   `json:"pixels"`
	Args        []string        `json:"args"`

	files []artifact // of the pixels; they appear together with the result
}

func runMatrix(c *cli.Context, code *int) error {
	args, merge := c.Args().Slice(), false
	if len(args) == 2 && args[0] == "merge" {
		args, merge = args[1:], true
	}
	if len(args) != 1 || c.String("out") == "" {
		return errors.New("a file of cases and --out DIR are needed: tracecmp matrix CASES.yaml --out DIR")
	}
	runs, err := readMatrix(args[0])
	if err != nil {
		return err
	}
	m, err := newMatrix(c)
	if err != nil {
		return err
	}
	part, parts, err := shard(c, merge)
	if err != nil {
		return err
	}
	table := m.tablePaths()
	for _, p := range table {
		if err := mayWrite(p, c.Bool("force")); err != nil {
			return err
		}
	}
	if err := spare(table, args); err != nil {
		return err
	}
	var mine []matrixRun
	for i, r := range runs {
		if i%parts == part {
			mine = append(mine, r)
		}
	}
	rows, err := m.all(c.Context, mine, merge)
	if err != nil {
		return err
	}
	if parts == 1 {
		if err := m.write(c.Context, rows); err != nil {
			return err
		}
	}
	*code = matrixCode(rows)
	if c.Bool("quiet") {
		return nil
	}
	text := matrixText(rows)
	if parts > 1 {
		text += fmt.Sprintf("part %d of %d, in %s: no table yet, tracecmp matrix merge makes it\n", part+1, parts, m.out)
	}
	_, err = c.App.Writer.Write([]byte(text))
	return err
}

func newMatrix(c *cli.Context) (*matrix, error) {
	m := &matrix{out: c.String("out"), tolerance: c.Float64("tolerance"), jobs: c.Int("jobs"), limit: c.Duration("timeout"), tick: progressOf(c)}
	if m.jobs < 1 {
		return nil, fmt.Errorf("--jobs %d: at least 1 is needed", m.jobs)
	}
	err := checkTolerance(m.tolerance)
	if err != nil {
		return nil, err
	}
	for _, s := range []struct {
		bin, profile string
		path         *[]string
		to           *sim.Profile
	}{{"c-bin", "ref-profile", &m.cBin, &m.ref}, {"got-bin", "profile", &m.gotBin, &m.got}} {
		if *s.to, err = sim.ProfileByName(c.String(s.profile)); err != nil {
			return nil, fmt.Errorf("--%s: %w", s.profile, err)
		}
		if !c.IsSet(s.bin) {
			continue
		}
		if c.IsSet(s.profile) {
			return nil, fmt.Errorf("--%s is simtrace's: it does not go with --%s", s.profile, s.bin)
		}
		if *s.path, err = lookCommand(c.String(s.bin)); err != nil {
			return nil, fmt.Errorf("--%s: %w", s.bin, err)
		}
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	var id []string
	for _, w := range slices.Concat([]string{self}, m.cBin, []string{"--"}, m.gotBin) {
		if filepath.IsAbs(w) {
			if w, err = fileSum(w); err != nil {
				return nil, err
			}
		}
		id = append(id, w)
	}
	m.programs = strings.Join(append(id, m.ref.String(), m.got.String()), " ")
	return m, nil
}

// fileSum is a file's checksum.
func fileSum(path string) (string, error) {
	data, err := os.ReadFile(path)
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]), err
}

// matrixCode is the exit code: a failure first, since it says nothing of the
// images, then what diverged, then what nobody knows.
func matrixCode(rows []matrixRow) int {
	seen := map[string]bool{}
	for _, r := range rows {
		seen[r.State] = true
	}
	switch {
	case seen[matrixFailed]:
		return exitTrouble
	case seen[string(imagecmp.Diverged)]:
		return exitDiverged
	case seen[string(imagecmp.Refused)] || seen[matrixMissing] || len(rows) == 0:
		return exitRefused
	}
	return exitMatch
}
