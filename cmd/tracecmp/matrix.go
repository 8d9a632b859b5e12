package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/urfave/cli/v2"

	folders "simtrace/internal/bundle"
	"simtrace/pkg/nanobragg"
	"simtrace/pkg/parity/imagecmp"
	"simtrace/pkg/sim"
)

func matrixCommand(code *int) *cli.Command {
	m := &mixed{
		name: "matrix", usage: "compare the images of many configurations", usageCode: exitTrouble,
		text: "tracecmp matrix CASES.yaml --out DIR [--c-bin PROGRAM] [--got-bin PROGRAM] [--shard I/N]\n   tracecmp matrix merge CASES.yaml --out DIR [the same options]",
		about: `Runs every configuration of the file, with its thresholds, and writes matrix.md, matrix.json and
matrix.html. What was compared is kept in DIR/runs by configuration and programs, so that a run
that was interrupted goes on where it was. Without --c-bin and --got-bin simtrace stands for the
reference and for the port, each in its profile.

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
			&cli.Float64Flag{Name: "tolerance", Value: imagecmp.DefaultTolerance, Usage: "largest relative difference of a pixel, where a case has no thresholds"},
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
	State       string          `json:"state"` // a verdict, FAILED or MISSING
	Reasons     []string        `json:"reasons"`
	Correlation imagecmp.Number `json:"correlation"`
	SumRatio    imagecmp.Number `json:"sum_ratio"`
	MaxAbs      imagecmp.Number `json:"max_abs_diff"`
	RMSE        imagecmp.Number `json:"rmse"`
	Compared    int             `json:"pixels"`
	Beyond      int             `json:"beyond_tolerance"`
	Smallest    imagecmp.Number `json:"smallest_rel_tolerance"`
	Args        []string        `json:"args"`
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
		if err := m.write(rows); err != nil {
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
	m := &matrix{out: c.String("out"), tolerance: c.Float64("tolerance"), jobs: c.Int("jobs"), limit: c.Duration("timeout")}
	if m.jobs < 1 || !(m.tolerance >= 0) || math.IsInf(m.tolerance, 0) {
		return nil, errors.New("--jobs is at least 1, --tolerance at least 0")
	}
	var err error
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

// shard reads --shard, or what a Slurm job array says; part is counted from 0.
func shard(c *cli.Context, merge bool) (part, parts int, err error) {
	if merge {
		return 0, 1, nil
	}
	if c.IsSet("shard") {
		i, n, ok := strings.Cut(c.String("shard"), "/")
		part, err1 := strconv.Atoi(i)
		parts, err2 := strconv.Atoi(n)
		if !ok || err1 != nil || err2 != nil || part < 1 || part > parts {
			return 0, 0, fmt.Errorf("--shard %s: I/N is needed, I from 1 to N", c.String("shard"))
		}
		return part - 1, parts, nil
	}
	if os.Getenv("SLURM_ARRAY_TASK_ID") == "" {
		return 0, 1, nil
	}
	read := func(name string, def int) int {
		v := os.Getenv(name)
		if v == "" && def >= 0 {
			return def
		}
		n, bad := strconv.Atoi(v)
		if bad != nil && err == nil {
			err = fmt.Errorf("%s %q is no number: --shard says the part", name, v)
		}
		return n
	}
	id, lo, step := read("SLURM_ARRAY_TASK_ID", -1), read("SLURM_ARRAY_TASK_MIN", 0), read("SLURM_ARRAY_TASK_STEP", 1)
	parts = read("SLURM_ARRAY_TASK_COUNT", -1)
	if err == nil && (step < 1 || id < lo || (id-lo)%step != 0 || (id-lo)/step >= parts) {
		err = fmt.Errorf("SLURM_ARRAY_TASK_ID %d is not one of %d from %d by %d: --shard says the part", id, parts, lo, step)
	}
	if err != nil {
		return 0, 0, err
	}
	return (id - lo) / step, parts, nil
}

// key names a configuration's result: by flags, the files that they name,
// thresholds and programs.
func (m *matrix) key(r matrixRun, theirs []nanobragg.Arg) (string, error) {
	h := sha256.New()
	fmt.Fprintf(h, "%s %s %g\n%q\n%v\n", imagecmp.Schema, m.programs, m.tolerance, r.Args, r.Thresholds)
	for _, a := range theirs {
		switch a.Name {
		case "-mat", "-hkl", "-sourcefile", "-mask", "-img", "-stol", "-4stol", "-Q":
			for _, v := range a.Values {
				sum, err := fileSum(v)
				if err != nil {
					return "", fmt.Errorf("%s/%s: %s: %w", r.Case, r.Name, a.Name, err)
				}
				fmt.Fprintln(h, sum)
			}
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:16]), nil
}

// all compares the runs, several at once, and returns their rows in order.
func (m *matrix) all(outer context.Context, runs []matrixRun, merge bool) ([]matrixRow, error) {
	if err := os.MkdirAll(filepath.Join(m.out, "runs"), 0o777); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancelCause(outer)
	defer cancel(nil)
	rows := make([]matrixRow, len(runs))
	next := make(chan int)
	var wait sync.WaitGroup
	for range min(m.jobs, len(runs)) {
		wait.Go(func() {
			for i := range next {
				row, err := m.one(ctx, runs[i], merge)
				if err != nil {
					cancel(err)
				}
				rows[i] = row
			}
		})
	}
	for i := range runs {
		if ctx.Err() != nil {
			break
		}
		next <- i
	}
	close(next)
	wait.Wait()
	if outer.Err() != nil {
		return nil, fmt.Errorf("interrupted; what was compared is kept in %s", m.out)
	}
	return rows, context.Cause(ctx)
}

// one returns a run's row, from an earlier run where there is one. What failed
// is tried again. The error is of the place of the results.
func (m *matrix) one(ctx context.Context, r matrixRun, merge bool) (matrixRow, error) {
	row := matrixRow{Case: r.Case, Run: r.Name, Args: r.Args, State: matrixFailed}
	nan := imagecmp.Number(math.NaN())
	row.Correlation, row.SumRatio, row.MaxAbs, row.RMSE, row.Smallest = nan, nan, nan, nan, nan
	ours, theirs, err := nanobragg.Split(r.Args, nil)
	if err == nil && len(ours) > 0 {
		err = fmt.Errorf("%q is no flag of nanoBragg's", ours[0])
	}
	if err == nil {
		row.Key, err = m.key(r, theirs)
	}
	if err != nil {
		row.Reasons = []string{oneLine(err)}
		return row, nil
	}
	path := filepath.Join(m.out, "runs", row.Key+".json")
	if old, ok := restore(path, row); ok && (merge || old.State != matrixFailed) {
		return old, nil
	}
	if merge {
		row.State, row.Reasons = matrixMissing, []string{"No result is at hand for these flags, thresholds and programs."}
		return row, nil
	}
	rep, err := m.compare(ctx, r, theirs)
	switch {
	case ctx.Err() != nil:
		return row, nil // told by the caller
	case err != nil:
		row.Reasons = []string{oneLine(err)}
	default:
		row.fill(rep)
	}
	var data bytes.Buffer
	if err := imagecmp.Encode(&data, row); err != nil {
		return row, err
	}
	return row, folders.WriteFileAtomic(path, data.Bytes(), 0o666)
}

// restore reads a row back; figures that are null stay NaN.
func restore(path string, row matrixRow) (matrixRow, bool) {
	data, err := os.ReadFile(path)
	old := row
	if err != nil || json.Unmarshal(data, &old) != nil || old.Key != row.Key || old.State == "" {
		return row, false
	}
	old.Case, old.Run = row.Case, row.Run // the same flags may stand under another name
	return old, true
}

func (row *matrixRow) fill(r *imagecmp.Report) {
	row.State, row.Reasons = string(r.Verdict), r.Reasons
	row.Correlation, row.SumRatio, row.RMSE = imagecmp.Number(r.Correlation), imagecmp.Number(r.SumRatio), imagecmp.Number(r.RMSE)
	row.MaxAbs, row.Smallest = imagecmp.Number(math.Abs(r.MaxAbs.Delta())), imagecmp.Number(r.Smallest())
	row.Compared, row.Beyond = r.Counts.Compared, r.Counts.Beyond
}

// compare makes both images and compares them.
func (m *matrix) compare(ctx context.Context, r matrixRun, theirs []nanobragg.Arg) (*imagecmp.Report, error) {
	ref, err := m.image(ctx, m.cBin, m.ref, theirs)
	if err != nil {
		return nil, fmt.Errorf("reference: %w", err)
	}
	got, err := m.image(ctx, m.gotBin, m.got, theirs)
	if err != nil {
		return nil, fmt.Errorf("port: %w", err)
	}
	opt := imagecmp.DefaultOptions()
	opt.Tolerance, opt.Thresholds = m.tolerance, r.Thresholds
	return imagecmp.Compare(ref, got, opt), nil
}

// image runs a program, or simtrace in a profile where there is none.
func (m *matrix) image(ctx context.Context, bin []string, p sim.Profile, theirs []nanobragg.Arg) (*imagecmp.Image, error) {
	_, e, err := builder(p, "", theirs)
	if len(bin) == 0 {
		if err != nil {
			return nil, err
		}
		pix, err := e.Render(ctx, sim.Options{Threads: max(1, runtime.NumCPU()/m.jobs)})
		if err != nil {
			return nil, err
		}
		return imagecmp.FromFloat32("simtrace as "+p.String(), imagecmp.Shape{Slow: e.Geometry.Slow, Fast: e.Geometry.Fast}, pix), nil
	}
	var shape imagecmp.Shape // a square where simtrace cannot read the flags
	if err == nil {
		shape = imagecmp.Shape{Slow: e.Geometry.Slow, Fast: e.Geometry.Fast}
	}
	args, err := childArgs(theirs)
	if err != nil {
		return nil, err
	}
	c, err := runChild(ctx, bin, args, m.limit)
	if err != nil {
		return nil, err
	}
	if len(c.image) != 4*shape.Pixels() {
		shape = imagecmp.Shape{}
	}
	im, err := imagecmp.Decode(c.image, shape)
	if err != nil {
		return nil, fmt.Errorf("%s: its float image: %w", c.program, err)
	}
	im.Name = c.program
	return im, nil
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
