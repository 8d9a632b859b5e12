// Package golden holds the recorded figures of the C reference against the
// simulator: whole traces and whole images, configuration by configuration.
package golden

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"simtrace/internal/record"
	"simtrace/pkg/nanobragg"
	"simtrace/pkg/sim"
	"simtrace/pkg/trace"
)

// Case is a folder with one recorded configuration: args.txt, traces named
// trace_SLOW_FAST.log, and the image float.bin.gz where it was kept.
type Case struct {
	Name string
	Dir  string
	Args []nanobragg.Arg
}

// Cases finds the recorded configurations below a folder.
func Cases(dir string) ([]Case, error) {
	found, err := filepath.Glob(filepath.Join(dir, "*", "args.txt"))
	if err != nil {
		return nil, err
	}
	sort.Strings(found)
	var out []Case
	for _, f := range found {
		text, err := os.ReadFile(f)
		if err != nil {
			return nil, err
		}
		c := Case{Name: filepath.Base(filepath.Dir(f)), Dir: filepath.Dir(f)}
		if _, c.Args, err = nanobragg.Split(strings.Fields(string(text)), nil); err != nil {
			return nil, fmt.Errorf("%s: %w", f, err)
		}
		// Inputs lie beside the arguments, or one folder up.
		for i, a := range c.Args {
			if f := a.Flag(); f != nil && f.Input {
				c.Args[i].Values = []string{c.input(a.Values[0])}
			}
		}
		out = append(out, c)
	}
	return out, nil
}

func (c *Case) input(name string) string {
	beside := filepath.Join(c.Dir, name)
	if _, err := os.Stat(beside); err == nil {
		return beside
	}
	return filepath.Join(c.Dir, "..", name)
}

// Prepare builds the experiment as the reference understands the flags.
func (c *Case) Prepare() (*sim.Experiment, error) {
	_, e, err := prepared(sim.ProfileNanoBragg, c.Args, false)
	return e, err
}

// prepared builds the experiment of flags in a profile. whole says that they were all of
// the command line: some programs ignore a last flag.
func prepared(p sim.Profile, args []nanobragg.Arg, whole bool) (*nanobragg.Builder, *sim.Experiment, error) {
	b := nanobragg.NewBuilder(p)
	b.WholeCommand = whole
	if err := b.Apply(args); err != nil {
		return b, nil, err
	}
	e, err := b.Prepare()
	return b, e, err
}

// Recorded is one recorded trace.
type Recorded struct {
	Path  string
	Pixel sim.Pixel
}

// Traces lists the recorded traces.
func (c *Case) Traces() ([]Recorded, error) {
	found, err := filepath.Glob(filepath.Join(c.Dir, "trace_*_*.log"))
	if err != nil {
		return nil, err
	}
	var out []Recorded
	for _, f := range found {
		r := Recorded{Path: f}
		if _, err := fmt.Sscanf(filepath.Base(f), "trace_%d_%d.log", &r.Pixel.Slow, &r.Pixel.Fast); err != nil {
			return nil, fmt.Errorf("%s: %w", f, err)
		}
		out = append(out, r)
	}
	return out, nil
}

// Trace writes our trace of a pixel in the reference's dialect.
func Trace(e *sim.Experiment, p sim.Pixel) (string, error) {
	t := sim.NewTap(sim.Filter{})
	if _, err := e.Trace(context.Background(), p, t); err != nil {
		return "", err
	}
	var out strings.Builder
	w := trace.NewC(&out)
	for _, group := range [][]trace.Record{record.Setup(e), record.Notes(e), record.Pixel(record.C, p, t)} {
		for i := range group {
			if err := w.Write(&group[i]); err != nil {
				return "", err
			}
		}
	}
	err := w.Flush()
	return out.String(), err
}

// Image reads the recorded float image; nil where none was kept.
func (c *Case) Image() ([]float32, error) {
	data, err := os.ReadFile(filepath.Join(c.Dir, "float.bin.gz"))
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(z)
	if err != nil {
		return nil, err
	}
	image := make([]float32, len(raw)/4)
	for i := range image {
		image[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
	}
	return image, nil
}
