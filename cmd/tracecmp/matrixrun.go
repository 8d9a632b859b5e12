package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"simtrace/internal/visible"
	"simtrace/pkg/nanobragg"
	"simtrace/pkg/parity/bisect"
	"simtrace/pkg/parity/imagecmp"
	"simtrace/pkg/sim"
)

// key names a configuration's result: by flags, the files that they name,
// thresholds, pixels and programs.
func (m *matrix) key(r matrixRun, theirs []nanobragg.Arg) (string, error) {
	h := sha256.New()
	fmt.Fprintf(h, "%s %s %g\n%q\n%v %g %v\n", matrixSchema, m.programs, m.tolerance, r.Args, r.Thresholds, r.traceTolerance(m), r.Pixels)
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
func (m *matrix) all(ctx context.Context, runs []matrixRun, merge bool) ([]matrixRow, error) {
	if err := os.MkdirAll(m.runs(), 0o777); err != nil {
		return nil, err
	}
	byName := map[string]matrixRun{}
	var names []string
	for _, r := range runs {
		name := r.Case + "/" + r.Name
		byName[name] = r
		names = append(names, name)
	}
	search := bisect.Engine[matrixRow]{Jobs: m.jobs, Probe: func(ctx context.Context, name string) (matrixRow, error) {
		return m.one(ctx, byName[name], merge)
	}}
	done := 0
	search.Done = func(name string, row matrixRow) {
		done++
		m.tick.step(done, len(runs)-done, visible.Text(name)+" is "+row.State)
	}
	err := search.Run(ctx, names...)
	m.tick.clear()
	if ctx.Err() != nil {
		return nil, fmt.Errorf("interrupted; what was compared is kept in %s", m.out)
	}
	if err != nil {
		return nil, err
	}
	var rows []matrixRow
	for _, name := range names {
		row, _ := search.Result(name)
		rows = append(rows, row)
	}
	return rows, nil
}

// runs is the folder of the results of single configurations.
func (m *matrix) runs() string { return filepath.Join(m.out, "runs") }

// one returns a run's row, from an earlier run where there is one. What failed
// is tried again. The error is of the place of the results, or the context's.
func (m *matrix) one(ctx context.Context, r matrixRun, merge bool) (matrixRow, error) {
	row := matrixRow{Case: r.Case, Run: r.Name, Description: r.Description, Args: r.Args, State: matrixFailed, Image: matrixFailed, Reasons: []string{}, Pixels: []matrixPixel{}}
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
	path := filepath.Join(m.runs(), row.Key+".json")
	if old, ok := restore(path, row); ok && (merge || old.State != matrixFailed) {
		return old, nil
	}
	if merge {
		row.State, row.Image, row.Reasons = matrixMissing, matrixMissing, []string{"No result is at hand for these flags, thresholds, pixels and programs."}
		return row, nil
	}
	if err := m.compare(ctx, r, theirs, &row); ctx.Err() != nil {
		return row, ctx.Err()
	} else if err != nil {
		row.State, row.Reasons = matrixFailed, append(row.Reasons, oneLine(err))
	}
	var data bytes.Buffer
	if err := imagecmp.Encode(&data, row); err != nil {
		return row, err
	}
	return row, place(ctx, append(row.files, artifact{path, data.Bytes()}))
}

// restore reads a row back; figures that are null stay NaN.
func restore(path string, row matrixRow) (matrixRow, bool) {
	data, err := os.ReadFile(path)
	old := row
	if err != nil || json.Unmarshal(data, &old) != nil || old.Key != row.Key || old.State == "" {
		return row, false
	}
	for _, p := range old.Pixels {
		if _, err := os.Stat(filepath.Join(filepath.Dir(filepath.Dir(path)), p.Compared)); err != nil {
			return row, false // somebody took the comparison away
		}
	}
	// The same flags may stand under another name.
	old.Case, old.Run, old.Description = row.Case, row.Run, row.Description
	return old, true
}

func (row *matrixRow) fill(r *imagecmp.Report) {
	row.State, row.Image, row.Reasons = string(r.Verdict), string(r.Verdict), append([]string{}, r.Reasons...)
	row.Correlation, row.SumRatio, row.RMSE = imagecmp.Number(r.Correlation), imagecmp.Number(r.SumRatio), imagecmp.Number(r.RMSE)
	row.MaxAbs, row.Smallest = imagecmp.Number(math.Abs(r.MaxAbs.Delta())), imagecmp.Number(r.Smallest())
	row.Compared, row.Beyond = r.Counts.Compared, r.Counts.Beyond
}

// compare makes both images and compares them, then traces the pixels on both
// sides and compares the traces.
func (m *matrix) compare(ctx context.Context, r matrixRun, theirs []nanobragg.Arg, row *matrixRow) error {
	var sides [2]*matrixSide
	for i, s := range []struct {
		bin     []string
		profile sim.Profile
	}{{m.cBin, m.ref}, {m.gotBin, m.got}} {
		role := [2]string{"reference", "port"}[i]
		sides[i] = &matrixSide{m: m, bin: s.bin, profile: s.profile}
		if err := sides[i].run(ctx, theirs, r.Pixels); err != nil {
			return fmt.Errorf("%s: %w", role, err)
		}
	}
	opt := imagecmp.DefaultOptions()
	opt.Tolerance, opt.Thresholds = m.tolerance, r.Thresholds
	rep, err := imagecmp.Compare(ctx, sides[0].image, sides[1].image, opt)
	if err != nil {
		return err
	}
	row.fill(rep)
	return m.pixels(ctx, r, sides, row)
}

// matrixSide is one of the two programs in a run.
type matrixSide struct {
	m       *matrix
	bin     []string // none for simtrace
	profile sim.Profile
	e       *sim.Experiment // nil where simtrace cannot read the flags, and a program may
	args    []string
	image   *imagecmp.Image
	first   []byte // the program's trace of the first pixel, from the run that made the image
}

// run makes the image: by the program, or by simtrace in a profile where there
// is none.
func (s *matrixSide) run(ctx context.Context, theirs []nanobragg.Arg, pixels []sim.Pixel) error {
	if len(s.bin) > 0 {
		// What a program might carry from pixel to pixel, this profile does.
		s.profile = sim.ProfileNanoBragg
	}
	_, e, err := builder(s.profile, "", theirs)
	if len(s.bin) == 0 {
		if err != nil {
			return err
		}
		s.e = e
		pix, err := e.Render(ctx, sim.Options{Threads: max(1, runtime.NumCPU()/s.m.jobs)})
		if err != nil {
			return err
		}
		s.image = imagecmp.FromFloat32("simtrace as "+s.profile.String(), imagecmp.Shape{Slow: e.Geometry.Slow, Fast: e.Geometry.Fast}, pix)
		return nil
	}
	var shape imagecmp.Shape // a square where simtrace cannot read the flags
	if err == nil {
		s.e = e
		shape = imagecmp.Shape{Slow: e.Geometry.Slow, Fast: e.Geometry.Fast}
	}
	if s.args, err = childArgs(theirs); err != nil {
		return err
	}
	args := s.args
	if len(pixels) > 0 {
		args = slices.Concat(args, traceFlags(pixels[0]))
	}
	c, err := runChild(ctx, s.bin, args, s.m.limit, nil)
	if err != nil {
		return err
	}
	s.first = c.stdout
	if len(c.image) != 4*shape.Pixels() {
		shape = imagecmp.Shape{}
	}
	im, err := imagecmp.Decode(c.image, shape)
	if err != nil {
		return fmt.Errorf("%s: its float image: %w", c.program, err)
	}
	im.Name = c.program
	s.image = im
	return nil
}
