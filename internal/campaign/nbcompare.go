package campaign

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"simtrace/internal/bundle"
	"simtrace/internal/doc"
	"simtrace/internal/interrupt"
	"simtrace/internal/program"
	"simtrace/internal/progress"
	"simtrace/pkg/nanobragg"
	"simtrace/pkg/parity/imagecmp"
	"simtrace/pkg/sim"
)

// The exit codes of nb-compare, which the port's developers know.
const (
	NBOK     = 0
	NBUsage  = 1 // a missing program, too
	NBFailed = 2 // a program failed, or wrote no image
	NBBelow  = 3 // correlation below the threshold, or undefined
	NBShapes = 4
	NBFiles  = 5 // reading or writing failed
)

// NBOptions say what nb-compare runs on nanoBragg's flags, and what passes.
type NBOptions struct {
	Args       []string        // nanoBragg's flags as they were given
	Flags      []nanobragg.Arg // the same, split
	RefCommand []string        // the reference's program, absolute
	RefFrom    string          // where its name is from: a flag, a variable, a place
	GotCommand []string        // the port's; none for simtrace in this process
	GotFrom    string
	Profile    sim.Profile   // simtrace's habits
	Limit      time.Duration // of a run of a program
	ROI        *imagecmp.ROI // that the figures are of; nil for the whole image
	Threshold  float64       // smallest correlation that passes
	Percentile float64       // that the pictures show in full
	Resample   bool          // bring the port's image to the reference's shape
	SaveDiff   bool          // keep the difference as an image
	Out        string        // folder of the results; "" for comparisons/TIME-HASH
	Force      bool          // replace results that the folder holds
	Progress   *progress.Line
}

// NBResult is the exit code, the result for people, and where its summary is.
type NBResult struct {
	Code     int
	Document *doc.Document
	Report   string
}

// nbCompare is one run of NBCompare.
type nbCompare struct {
	NBOptions
	shape     imagecmp.Shape // by the flags; zero where they cannot be read
	resampled string
	ref, got  *program.Output
	folder    *bundle.Bundle
}

// NBCompare runs both programs, compares their images and writes the folder of results. The
// errors are [ExitError].
func NBCompare(ctx context.Context, opt NBOptions) (*NBResult, error) {
	n := &nbCompare{NBOptions: opt}
	if err := n.noDump(); err != nil {
		return nil, &ExitError{NBUsage, err}
	}
	if n.Out == "" {
		sum := sha256.Sum256([]byte(strings.Join(n.Args, " ")))
		n.Out = filepath.Join("comparisons", time.Now().Format("20060102-150405")+"-"+hex.EncodeToString(sum[:4]))
	}
	var err error
	if n.folder, err = folder(n.Out, n.Force); err != nil {
		return nil, &ExitError{NBFiles, err}
	}
	defer n.folder.Abort()
	err = n.simulate(ctx)
	n.Progress.Clear()
	if err != nil {
		return nil, err
	}
	rep, err := n.compare(ctx)
	if err != nil {
		return nil, err
	}
	n.sayNext(rep)
	if err := n.write(ctx, rep); err != nil {
		return nil, &ExitError{NBFiles, err}
	}
	return n.verdict(rep)
}

// noDump refuses to take structure factors that nobody named.
func (n *nbCompare) noDump() error {
	for _, a := range n.Flags {
		if a.Name == "-hkl" {
			return nil
		}
	}
	if _, err := os.Stat("Fdump.bin"); err == nil {
		return errors.New("without -hkl the reference takes Fdump.bin in the working folder for the structure factors: move it away, or name -hkl")
	}
	return nil
}

// simulate runs both. What a program printed is kept when it fails as well.
func (n *nbCompare) simulate(ctx context.Context) error {
	args, err := program.Args(n.Flags)
	if err != nil {
		return &ExitError{NBUsage, err}
	}
	// The flags tell the shape; what simtrace does not know, a program may.
	e, buildErr := Experiment(n.Profile, "", n.Flags)
	if buildErr == nil {
		n.shape = imagecmp.Shape{Slow: e.Geometry.Slow, Fast: e.Geometry.Fast}
	}
	if len(n.GotCommand) == 0 && buildErr != nil {
		return &ExitError{NBUsage, buildErr}
	}
	if n.ref, err = program.Run(ctx, n.RefCommand, args, n.Limit, n.Progress.Of("reference")); err != nil {
		return n.blocked(err)
	}
	if len(n.GotCommand) > 0 {
		n.got, err = program.Run(ctx, n.GotCommand, args, n.Limit, n.Progress.Of("port"))
	} else {
		n.got, err = n.render(ctx, e)
	}
	if err != nil {
		return n.blocked(err)
	}
	return nil
}

// render is simtrace's run, in this process.
func (n *nbCompare) render(ctx context.Context, e *sim.Experiment) (*program.Output, error) {
	start := time.Now()
	tick := n.Progress.Of("simtrace")
	image, err := e.Render(ctx, sim.Options{Progress: func(done, total int) { tick(100 * done / total) }})
	if ctx.Err() != nil {
		return nil, interrupt.Err
	}
	if err != nil {
		return nil, fmt.Errorf("simtrace %w: %w", program.ErrFailed, err)
	}
	out := &program.Output{Program: "simtrace, profile " + n.Profile.String(), Wall: time.Since(start)}
	var raw bytes.Buffer
	err = nanobragg.WriteFloatImage(&raw, image)
	out.Image = raw.Bytes()
	return out, err
}

// blocked keeps what the programs printed, and ends the run.
func (n *nbCompare) blocked(cause error) error {
	failed := &ExitError{NBFailed, cause}
	switch {
	case errors.Is(cause, interrupt.Err): // leaves nothing
		return failed
	case !errors.Is(cause, program.ErrFailed):
		return &ExitError{NBFiles, cause}
	}
	if err := errors.Join(n.texts(), writeEnv(n.folder), n.folder.Block(cause, "nothing was compared")); err != nil {
		return &ExitError{NBFiles, errors.Join(cause, err)}
	}
	return failed
}

// nbImages are the files of the two images, and what reports call the sides.
var nbImages = [2]string{"c_float.bin", "py_float.bin"}

func (n *nbCompare) texts() error {
	var errs []error
	for _, side := range []struct {
		name string
		c    *program.Output
	}{{"c", n.ref}, {"py", n.got}} {
		if side.c == nil {
			continue
		}
		errs = append(errs, n.folder.WriteFile(side.name+"_stdout.txt", side.c.Stdout), n.folder.WriteFile(side.name+"_stderr.txt", side.c.Stderr))
		if side.c.Image != nil {
			errs = append(errs, n.folder.WriteFile(side.name+"_float.bin", side.c.Image))
		}
	}
	return errors.Join(errs...)
}

// image decodes what a program wrote.
func (n *nbCompare) image(name string, c *program.Output) (*imagecmp.Image, error) {
	im, err := c.Decode(n.shape)
	if err != nil {
		return nil, n.blocked(fmt.Errorf("%s %w: its float image: %w", c.Program, program.ErrFailed, err))
	}
	im.Name = name
	return im, nil
}

func (n *nbCompare) compare(ctx context.Context) (*imagecmp.Report, error) {
	ref, err := n.image(nbImages[0], n.ref)
	if err != nil {
		return nil, err
	}
	got, err := n.image(nbImages[1], n.got)
	if err != nil {
		return nil, err
	}
	if ref.Shape != got.Shape && n.Resample {
		n.resampled = fmt.Sprintf("the port's image was resampled from %v to %v pixels (slow x fast)", got.Shape, ref.Shape)
		got = got.Resample(ref.Shape)
	}
	opt := imagecmp.DefaultOptions()
	opt.ROI, opt.Thresholds.CorrMin = n.ROI, n.Threshold
	rep, err := imagecmp.Compare(ctx, ref, got, opt)
	if err != nil {
		return nil, n.blocked(interrupt.Err)
	}
	if rep.Counts.Compared == 0 && !rep.ShapesDiffer {
		return nil, &ExitError{NBUsage, errors.New("--roi: " + strings.Join(rep.Reasons, " "))}
	}
	return rep, nil
}
