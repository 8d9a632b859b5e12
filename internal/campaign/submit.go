package campaign

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"text/template"

	"simtrace/internal/bundle"
	"simtrace/internal/doc"
	"simtrace/internal/outfile"
	"simtrace/internal/shell"
)

// defaultParts is how many parts a list is divided into at most where nobody says: Slurm's own
// limit of an array is 1001 unless it was raised.
const defaultParts = 1000

// SubmitOptions say how a list becomes a job array of Slurm's.
type SubmitOptions struct {
	MatrixOptions
	Flags  []string // of tracecmp matrix, which every task is given
	Parts  int      // 0 for one a configuration, up to 1000
	Sbatch []string // options of sbatch
	DryRun bool     // submit nothing, write nothing
}

// scriptName is the array's script in the folder of results, and scriptMark makes it ours.
const (
	scriptName = "submit.sh"
	scriptMark = "# tracecmp matrix: a job array for Slurm"
)

func init() { outfile.Mark(scriptMark, frozenSchema) }

// script is the array's script. A part that diverged has done its work: Slurm's FAILED is
// for what could not be compared.
var script = template.Must(template.New("script").Parse(`#!/bin/sh
` + scriptMark + `
#SBATCH --job-name=tracecmp
#SBATCH --array=1-{{.Parts}}
#SBATCH --output={{.Output}}
#SBATCH --open-mode=append
#SBATCH --requeue
# Single parts again: sbatch --array=3,7 {{.Self}}
cd {{.Dir}} || exit 2
GOMAXPROCS=${SLURM_CPUS_PER_TASK:-1}
export GOMAXPROCS
{{.Command}} --shard "$SLURM_ARRAY_TASK_ID/{{.Parts}}"
code=$?
case $code in 1|3) code=0 ;; esac
exit $code
`))

// Submit writes the script of a job array into the folder of results and submits the parts
// that have something missing. It returns what is to be told.
func Submit(ctx context.Context, opt SubmitOptions) (text string, err error) {
	m, err := newMatrix(opt.MatrixOptions)
	if err != nil {
		return "", err
	}
	tasks, err := m.load()
	if err == nil {
		_, _, err = m.restore(tasks)
	}
	if err != nil {
		return "", err
	}
	if opt.Parts == 0 {
		opt.Parts = min(len(tasks), defaultParts)
	}
	if opt.Parts > len(tasks) {
		return "", fmt.Errorf("--parts %d: there are %s", opt.Parts, doc.Plural(len(tasks), "configuration"))
	}
	todo := unfinished(tasks, opt.Parts)
	if len(todo) == 0 {
		return fmt.Sprintf("%s: all have a verdict; tracecmp matrix merge makes the table\n", doc.Plural(len(tasks), "configuration")), nil
	}
	data, err := opt.script()
	if err != nil {
		return "", err
	}
	path, err := filepath.Abs(filepath.Join(opt.Out, scriptName))
	if err != nil {
		return "", err
	}
	command := append(append([]string{"sbatch", "--array=" + shell.Ranges(todo)}, opt.Sbatch...), path)
	told := fmt.Sprintf("%s of %d to run, of %s\n", doc.Plural(len(todo), "part"), opt.Parts, doc.Plural(len(tasks), "configuration"))
	if opt.DryRun {
		return string(data) + "\n" + shell.Join(command) + "\n" + told, nil
	}
	for _, name := range []string{scriptName, frozenName} {
		if err := outfile.MayWrite(filepath.Join(opt.Out, name), opt.Force); err != nil {
			return "", err
		}
	}
	if err := os.MkdirAll(filepath.Join(opt.Out, slurmDir), 0o777); err != nil {
		return "", err
	}
	if _, err := freeze(opt.Out, opt.Cases, runsOf(tasks), opt.Parts); err != nil {
		return "", err
	}
	if err := bundle.WriteFileAtomic(path, data, 0o777); err != nil {
		return "", err
	}
	said, err := sbatch(ctx, command)
	return said + told, err
}

// slurmDir is the folder of what the tasks print, in that of the results.
const slurmDir = "slurm"

func runsOf(tasks []task) []matrixRun {
	out := make([]matrixRun, len(tasks))
	for i := range tasks {
		out[i] = tasks[i].matrixRun
	}
	return out
}

// unfinished lists the parts, counted from 1, in which a configuration has no verdict.
func unfinished(tasks []task, parts int) []int {
	open := make([]bool, parts)
	for i := range tasks {
		if tasks[i].row.State == Failed {
			open[i%parts] = true
		}
	}
	var out []int
	for i, o := range open {
		if o {
			out = append(out, i+1)
		}
	}
	return out
}

func (o *SubmitOptions) script() ([]byte, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	dir, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	out, err := filepath.Abs(o.Out)
	if err != nil {
		return nil, err
	}
	if strings.ContainsAny(out, "\"\\\n") {
		return nil, fmt.Errorf("--out %s: sbatch cannot read a folder with quotes or backslashes in its name", o.Out)
	}
	words := append([]string{self, "matrix", filepath.Join(out, frozenName), "--out", out, "--quiet"}, o.Flags...)
	// In a name of sbatch's a percent sign begins a pattern, and two are one.
	prints := strings.ReplaceAll(filepath.Join(out, slurmDir), "%", "%%") + "/%a.out"
	var b bytes.Buffer
	err = script.Execute(&b, map[string]any{"Parts": o.Parts, "Output": `"` + prints + `"`, "Self": shell.Quote(filepath.Join(out, scriptName)), "Dir": shell.Quote(dir),
		"Command": shell.Join(words) + ` --jobs "$GOMAXPROCS"`})
	return b.Bytes(), err
}

// sbatch submits and returns what sbatch says.
func sbatch(ctx context.Context, command []string) (string, error) {
	path, err := exec.LookPath(command[0])
	if err != nil {
		return "", fmt.Errorf("%w: Slurm is needed to submit; --dry-run prints the script, and xargs -P or GNU parallel run --shard on one machine", err)
	}
	cmd := exec.CommandContext(ctx, path, command[1:]...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return "", errors.New("sbatch: " + strings.Join(strings.Fields(errs.String()+" "+err.Error()), " "))
	}
	return out.String(), nil
}
