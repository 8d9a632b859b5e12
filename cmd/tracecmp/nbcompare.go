package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	folders "simtrace/internal/bundle"
	"simtrace/pkg/nanobragg"
	"simtrace/pkg/parity/imagecmp"
	"simtrace/pkg/sim"
)

// The exit codes of nb-compare, which the port's developers know.
const (
	nbOK     = 0
	nbUsage  = 1 // a missing program, too
	nbFailed = 2 // a program failed, or wrote no image
	nbBelow  = 3 // correlation below the threshold, or undefined
	nbShapes = 4
	nbFiles  = 5 // reading or writing failed
)

func nbCompareCommand(code *int) *cli.Command {
	m := &mixed{
		name: "nb-compare", usage: "run the reference and a port on the same flags and compare their images", usageCode: nbUsage,
		text: "tracecmp nb-compare [options] -- nanoBragg flags",
		about: `Runs the reference's program (--c-bin, NB_C_BIN, ./golden_suite_generator/nanoBragg or ./nanoBragg)
and the port's (--got-bin or NB_PY_BIN; without either simtrace, in this process), each in a
temporary folder of its own, and keeps summary.json, summary.md, c_stdout.txt, c_stderr.txt, py_stdout.txt,
py_stderr.txt, c_float.bin, py_float.bin, c.png, py.png and diff.png.

Exit codes: 0 ok, 1 usage or a missing program, 2 a program failed, 3 correlation below the
threshold or undefined, 4 shapes differ, 5 reading or writing failed.`,
		arity: map[string]int{"outdir": 1, "roi": 4, "threshold": 1, "png-scale": 1, "c-bin": 1, "got-bin": 1, "py-bin": 1, "profile": 1, "timeout": 1},
		flags: []cli.Flag{
			&cli.StringFlag{Name: "outdir", Usage: "folder `DIR` for the results (default: comparisons/TIME-HASH)", TakesFile: true},
			&cli.StringFlag{Name: "roi", Usage: "`FASTMIN FASTMAX SLOWMIN SLOWMAX` that the figures are of"},
			&cli.Float64Flag{Name: "threshold", Value: 0.95, Usage: "smallest correlation that passes"},
			&cli.BoolFlag{Name: "resample", Usage: "bring the port's image to the reference's shape, nearest pixel"},
			&cli.Float64Flag{Name: "png-scale", Value: imagecmp.DefaultPNGPercentile, Usage: "percentile that the pictures show in full"},
			&cli.BoolFlag{Name: "save-diff", Usage: "keep the difference as diff.bin, float32"},
			&cli.StringFlag{Name: "c-bin", Usage: "`PROGRAM` of the reference", TakesFile: true},
			&cli.StringFlag{Name: "got-bin", Aliases: []string{"py-bin"}, Usage: "`COMMAND` of the port, such as \"PYTHONPATH=src python3 -m port\" or port.py; no shell runs it (default: NB_PY_BIN, or simtrace in this process)", TakesFile: true},
			&cli.StringFlag{Name: "profile", Value: sim.ProfileSpec.Name, Usage: "without --got-bin: whose habits simtrace has"},
			&cli.DurationFlag{Name: "timeout", Value: defaultChildTimeout, Usage: "how long a program may run"},
			&cli.BoolFlag{Name: "force", Usage: "replace results that the folder holds"},
		},
		run: func(c *cli.Context, theirs []nanobragg.Arg) error {
			// Behind "--" all is nanoBragg's.
			_, rest, err := nanobragg.Split(c.Args().Slice(), nil)
			if err == nil && len(theirs) > 0 {
				err = fmt.Errorf("%s stands ahead of \"--\"", theirs[0].Name)
			}
			if err == nil && len(rest) == 0 {
				err = errors.New("nanoBragg's flags are needed behind \"--\"")
			}
			if err != nil {
				return &codedError{nbUsage, err}
			}
			n := &nbCompare{code: code, theirs: rest, args: c.Args().Slice(), tick: progressOf(c)}
			return n.run(c)
		},
	}
	return m.command()
}

// nbCompare is one run.
type nbCompare struct {
	code       *int
	args       []string
	theirs     []nanobragg.Arg
	roi        *imagecmp.ROI
	threshold  float64
	percentile float64
	limit      time.Duration
	cBin       string
	cWhy       string   // where the program's name is from
	gotBin     []string // none for simtrace
	gotWhy     string
	profile    sim.Profile
	tick       *ticker
	shape      imagecmp.Shape // by the flags; zero where they cannot be read
	resampled  string
	ref, got   *child
	folder     *folders.Bundle
}

func (n *nbCompare) run(c *cli.Context) error {
	if err := n.configure(c); err != nil {
		return &codedError{nbUsage, err}
	}
	var err error
	if n.folder, err = folder(n.outdir(c), c.Bool("force")); err != nil {
		return &codedError{nbFiles, err}
	}
	defer n.folder.Abort()
	err = n.simulate(c.Context)
	n.tick.clear()
	if err != nil {
		return err
	}
	rep, err := n.compare(c)
	if err != nil {
		return err
	}
	if err := n.write(c, rep); err != nil {
		return &codedError{nbFiles, err}
	}
	return n.verdict(c, rep)
}

func (n *nbCompare) configure(c *cli.Context) error {
	var err error
	if n.roi, err = roiOf(c); err != nil {
		return err
	}
	if n.threshold = c.Float64("threshold"); !(n.threshold >= -1 && n.threshold <= 1) {
		return fmt.Errorf("--threshold %g is no correlation", n.threshold)
	}
	if n.percentile, err = percentileOf(c, "png-scale"); err != nil {
		return err
	}
	if n.profile, err = sim.ProfileByName(c.String("profile")); err != nil {
		return fmt.Errorf("--profile: %w", err)
	}
	n.limit = c.Duration("timeout")
	if n.cBin, n.cWhy, err = findReference(c.String("c-bin")); err != nil {
		return err
	}
	if c.IsSet("profile") && !c.IsSet("got-bin") {
		n.gotWhy = "--profile" // simtrace is asked for, whatever NB_PY_BIN says
	} else if n.gotBin, n.gotWhy, err = findPort(c.String("got-bin"), c.IsSet("got-bin")); err != nil {
		return err
	}
	if c.IsSet("profile") && len(n.gotBin) > 0 {
		return errors.New("--profile is simtrace's: it does not go with --got-bin")
	}
	for _, a := range n.theirs {
		if a.Name == "-hkl" {
			return nil
		}
	}
	if _, err := os.Stat("Fdump.bin"); err == nil {
		return errors.New("without -hkl the reference takes Fdump.bin in the working folder for the structure factors: move it away, or name -hkl")
	}
	return nil
}

// findReference finds the reference's program: as named, in NB_C_BIN, or where
// the port keeps it. why says which.
func findReference(named string) (path, why string, err error) {
	for _, v := range [2][2]string{{named, "--c-bin"}, {os.Getenv("NB_C_BIN"), "NB_C_BIN"}} {
		if v[0] == "" {
			continue
		}
		if path, err = lookProgram(v[0]); err != nil {
			return "", "", fmt.Errorf("%s: %w", v[1], err)
		}
		return path, v[1], nil
	}
	for _, p := range []string{"./golden_suite_generator/nanoBragg", "./nanoBragg"} {
		if path, err := lookProgram(p); err == nil {
			return path, p, nil
		}
	}
	return "", "", errors.New("the reference's program is needed: --c-bin PROGRAM or NB_C_BIN")
}

func (n *nbCompare) outdir(c *cli.Context) string {
	if c.IsSet("outdir") {
		return c.String("outdir")
	}
	sum := sha256.Sum256([]byte(strings.Join(n.args, " ")))
	return filepath.Join("comparisons", time.Now().Format("20060102-150405")+"-"+hex.EncodeToString(sum[:4]))
}

// simulate runs both. What a program printed is kept when it fails as well.
func (n *nbCompare) simulate(ctx context.Context) error {
	args, err := childArgs(n.theirs)
	if err != nil {
		return &codedError{nbUsage, err}
	}
	// The flags tell the shape; what simtrace does not know, a program may.
	_, e, buildErr := builder(n.profile, "", n.theirs)
	if buildErr == nil {
		n.shape = imagecmp.Shape{Slow: e.Geometry.Slow, Fast: e.Geometry.Fast}
	}
	if len(n.gotBin) == 0 && buildErr != nil {
		return &codedError{nbUsage, buildErr}
	}
	if n.ref, err = runChild(ctx, []string{n.cBin}, args, n.limit, n.tick.of("reference")); err != nil {
		return n.blocked(err)
	}
	if len(n.gotBin) > 0 {
		n.got, err = runChild(ctx, n.gotBin, args, n.limit, n.tick.of("port"))
	} else {
		n.got, err = n.render(ctx, e)
	}
	if err != nil {
		return n.blocked(err)
	}
	return nil
}

// render is simtrace's run, in this process.
func (n *nbCompare) render(ctx context.Context, e *sim.Experiment) (*child, error) {
	start := time.Now()
	tick := n.tick.of("simtrace")
	image, err := e.Render(ctx, sim.Options{Progress: func(done, total int) { tick(100 * done / total) }})
	if ctx.Err() != nil {
		return nil, errInterrupted
	}
	if err != nil {
		return nil, fmt.Errorf("simtrace %w: %w", errChild, err)
	}
	out := &child{program: "simtrace, profile " + n.profile.String(), wall: time.Since(start)}
	var raw bytes.Buffer
	err = nanobragg.WriteFloatImage(&raw, image)
	out.image = raw.Bytes()
	return out, err
}

// blocked keeps what the programs printed, and ends the run.
func (n *nbCompare) blocked(cause error) error {
	failed := &codedError{nbFailed, cause}
	switch {
	case errors.Is(cause, errInterrupted): // leaves nothing
		return failed
	case !errors.Is(cause, errChild):
		return &codedError{nbFiles, cause}
	}
	if err := errors.Join(n.texts(), writeEnv(n.folder), n.folder.Block(cause, "nothing was compared")); err != nil {
		return &codedError{nbFiles, errors.Join(cause, err)}
	}
	return failed
}

func (n *nbCompare) texts() error {
	var errs []error
	for _, side := range []struct {
		name string
		c    *child
	}{{"c", n.ref}, {"py", n.got}} {
		if side.c == nil {
			continue
		}
		errs = append(errs, n.folder.WriteFile(side.name+"_stdout.txt", side.c.stdout), n.folder.WriteFile(side.name+"_stderr.txt", side.c.stderr))
		if side.c.image != nil {
			errs = append(errs, n.folder.WriteFile(side.name+"_float.bin", side.c.image))
		}
	}
	return errors.Join(errs...)
}

// image decodes what a program wrote, in the shape of the flags where that
// fits, and else as a square.
func (n *nbCompare) image(name string, c *child) (*imagecmp.Image, error) {
	shape := n.shape
	if len(c.image) != 4*shape.Pixels() {
		shape = imagecmp.Shape{}
	}
	im, err := imagecmp.Decode(c.image, shape)
	if err != nil {
		return nil, n.blocked(fmt.Errorf("%s %w: its float image: %w", c.program, errChild, err))
	}
	im.Name = name
	return im, nil
}

func (n *nbCompare) compare(c *cli.Context) (*imagecmp.Report, error) {
	ref, err := n.image("c_float.bin", n.ref)
	if err != nil {
		return nil, err
	}
	got, err := n.image("py_float.bin", n.got)
	if err != nil {
		return nil, err
	}
	if ref.Shape != got.Shape && c.Bool("resample") {
		n.resampled = fmt.Sprintf("the port's image was resampled from %v to %v pixels (slow x fast)", got.Shape, ref.Shape)
		got = got.Resample(ref.Shape)
	}
	opt := imagecmp.DefaultOptions()
	opt.ROI, opt.Thresholds.CorrMin = n.roi, n.threshold
	rep, err := imagecmp.Compare(c.Context, ref, got, opt)
	if err != nil {
		return nil, n.blocked(errInterrupted)
	}
	if rep.Counts.Compared == 0 && !rep.ShapesDiffer {
		return nil, &codedError{nbUsage, errors.New("--roi: " + strings.Join(rep.Reasons, " "))}
	}
	return rep, nil
}

// nbSummary is summary.json: the port's fields first, then ours.
type nbSummary struct {
	Args       []string        `json:"args"`
	CBinary    string          `json:"c_binary"`
	PyBinary   string          `json:"py_binary"`
	CFrom      string          `json:"c_binary_from"`  // a flag, a variable, or where it lies
	PyFrom     string          `json:"py_binary_from"` // likewise
	RuntimeC   int64           `json:"runtime_c_ms"`
	RuntimePy  int64           `json:"runtime_py_ms"`
	Speedup    imagecmp.Number `json:"speedup"`
	Resample   bool            `json:"resample"`
	Note       string          `json:"resample_note,omitempty"`
	Method     string          `json:"png_scale_method"`
	Percentile float64         `json:"png_scale_percentile"`
	Threshold  float64         `json:"threshold"`
	imagecmp.Summary
}

func (n *nbCompare) write(c *cli.Context, rep *imagecmp.Report) error {
	s := nbSummary{Args: n.args, CBinary: n.ref.program, PyBinary: n.got.program, CFrom: n.cWhy, PyFrom: n.gotWhy, RuntimeC: n.ref.wall.Milliseconds(), RuntimePy: n.got.wall.Milliseconds(),
		Speedup: imagecmp.Number(n.ref.wall.Seconds() / n.got.wall.Seconds()), Resample: c.Bool("resample"), Note: n.resampled,
		Method: "percentile", Percentile: n.percentile, Threshold: n.threshold, Summary: rep.Summary()}
	var shown [][2]string
	var err error
	if rep.Counts.Compared > 0 {
		if shown, _, err = pictures(c.Context, n.folder, rep, n.percentile, "c.png", "py.png", "diff.png"); err != nil {
			return err
		}
		if c.Bool("save-diff") {
			if err := n.saveDiff(rep); err != nil {
				return err
			}
		}
	}
	var text, data bytes.Buffer
	if err := errors.Join(n.told(rep).Markdown(&text, shown...), imagecmp.Encode(&data, s)); err != nil {
		return err
	}
	fmt.Fprintf(&text, "\nThe reference is %s (%s), the port %s (%s).\n", imagecmp.Cell(n.ref.program), n.cWhy, imagecmp.Cell(n.got.program), n.gotWhy)
	if n.resampled != "" {
		fmt.Fprintf(&text, "\nNote: %s.\n", n.resampled)
	}
	if err := errors.Join(n.texts(), n.folder.WriteFile("summary.md", text.Bytes()), n.folder.WriteFile("summary.json", data.Bytes()), writeEnv(n.folder)); err != nil {
		return err
	}
	return n.folder.Commit()
}

// told is the report in words for people: images that pass and are not identical are
// called so, not a match.
func (n *nbCompare) told(rep *imagecmp.Report) *imagecmp.Report {
	c := rep.Counts
	if rep.Verdict != imagecmp.Match || c.Beyond == 0 {
		return rep
	}
	words := *rep
	words.Verdict = "PASSES, NOT IDENTICAL"
	words.Reasons = []string{fmt.Sprintf("Passes: correlation %.6g, at least %g was asked for. Not identical: %d of %d pixels differ by more than the tolerance.",
		rep.Correlation, n.threshold, c.Beyond, c.Compared)}
	return &words
}

func (n *nbCompare) saveDiff(rep *imagecmp.Report) error {
	w, err := n.folder.Writer("diff.bin")
	if err != nil {
		return err
	}
	diff := make([]float32, rep.Ref.Pixels())
	for i := range diff {
		at := imagecmp.At{Slow: i / rep.Ref.Fast, Fast: i % rep.Ref.Fast}
		diff[i] = float32(rep.Got.Value(at) - rep.Ref.Value(at))
	}
	return nanobragg.WriteFloatImage(w, diff)
}

// verdict prints the result and chooses the exit code.
func (n *nbCompare) verdict(c *cli.Context, rep *imagecmp.Report) error {
	switch {
	case rep.ShapesDiffer:
		return &codedError{nbShapes, errors.New(strings.Join(rep.Reasons, " ") + " --resample compares them anyway")}
	case rep.Verdict == imagecmp.Match && !math.IsNaN(rep.Correlation):
		*n.code = nbOK
	default:
		*n.code = nbBelow
	}
	var text bytes.Buffer
	if err := n.told(rep).Terminal(&text); err != nil {
		return err
	}
	fmt.Fprintf(&text, "\n%s (%s): %d ms\n%s (%s): %d ms\n", n.ref.program, n.cWhy, n.ref.wall.Milliseconds(), n.got.program, n.gotWhy, n.got.wall.Milliseconds())
	if n.resampled != "" {
		fmt.Fprintf(&text, "%s\n", n.resampled)
	}
	fmt.Fprintf(&text, "report: %s\n", filepath.Join(n.folder.Dir(), "summary.md"))
	if _, err := io.Copy(c.App.Writer, &text); err != nil {
		return &codedError{nbFiles, err}
	}
	return nil
}
