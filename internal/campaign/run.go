package campaign

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"simtrace/internal/outfile"
	"simtrace/internal/program"
	"simtrace/internal/visible"
	"simtrace/pkg/nanobragg"
	"simtrace/pkg/parity/bisect"
	"simtrace/pkg/parity/imagecmp"
	"simtrace/pkg/sim"
)

// all compares the runs, several at once, and returns their rows in order.
func (m *matrix) all(ctx context.Context, runs []matrixRun) ([]MatrixRow, error) {
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
	search := bisect.Engine[MatrixRow]{Jobs: m.Jobs, Probe: func(ctx context.Context, name string) (MatrixRow, error) {
		return m.one(ctx, byName[name])
	}}
	done := 0
	search.Done = func(name string, row MatrixRow) {
		done++
		m.Progress.Step(done, len(runs)-done, visible.Text(name)+" is "+row.State)
	}
	err := search.Run(ctx, names...)
	m.Progress.Clear()
	if ctx.Err() != nil {
		return nil, fmt.Errorf("interrupted; what was compared is kept in %s", m.Out)
	}
	if err != nil {
		return nil, err
	}
	var rows []MatrixRow
	for _, name := range names {
		row, _ := search.Result(name)
		rows = append(rows, row)
	}
	return rows, nil
}

// runs is the folder of the results of single configurations.
func (m *matrix) runs() string { return filepath.Join(m.Out, "runs") }

// one returns a run's row, from an earlier run where there is one. What failed
// is tried again. The error is of the place of the results, or the context's.
func (m *matrix) one(ctx context.Context, r matrixRun) (MatrixRow, error) {
	row := MatrixRow{Case: r.Case, Run: r.Name, Description: r.Description, Args: r.Args, State: Failed, Image: Failed, Reasons: []string{}, Pixels: []MatrixPixel{}}
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
		row.Reasons = []string{visible.Line(err.Error())}
		return row, nil
	}
	path := filepath.Join(m.runs(), row.Key+".json")
	if old, ok := restore(path, row); ok && (m.Merge || old.State != Failed) {
		return old, nil
	}
	if m.Merge {
		row.State, row.Image, row.Reasons = Missing, Missing, []string{"No result is at hand for these flags, thresholds, pixels and programs."}
		return row, nil
	}
	if err := m.compare(ctx, r, theirs, &row); ctx.Err() != nil {
		return row, ctx.Err()
	} else if err != nil {
		row.State, row.Reasons = Failed, append(row.Reasons, visible.Line(err.Error()))
	}
	var data bytes.Buffer
	if err := imagecmp.Encode(&data, row); err != nil {
		return row, err
	}
	return row, outfile.Place(ctx, append(row.files, outfile.File{Path: path, Data: data.Bytes()}))
}

// restore reads a row back; figures that are null stay NaN.
func restore(path string, row MatrixRow) (MatrixRow, bool) {
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

func (row *MatrixRow) fill(r *imagecmp.Report) {
	row.State, row.Image, row.Reasons = string(r.Verdict), string(r.Verdict), append([]string{}, r.Reasons...)
	row.Correlation, row.SumRatio, row.RMSE = imagecmp.Number(r.Correlation), imagecmp.Number(r.SumRatio), imagecmp.Number(r.RMSE)
	row.MaxAbs, row.Smallest = imagecmp.Number(math.Abs(r.MaxAbs.Delta())), imagecmp.Number(r.Smallest())
	row.Compared, row.Beyond = r.Counts.Compared, r.Counts.Beyond
}

// compare makes both images and compares them, then traces the pixels on both
// sides and compares the traces.
func (m *matrix) compare(ctx context.Context, r matrixRun, theirs []nanobragg.Arg, row *MatrixRow) error {
	var sides [2]*matrixSide
	for i, s := range []struct {
		bin     []string
		profile sim.Profile
	}{{m.RefCommand, m.RefProfile}, {m.GotCommand, m.GotProfile}} {
		role := [2]string{"reference", "port"}[i]
		sides[i] = &matrixSide{m: m, bin: s.bin, profile: s.profile}
		if err := sides[i].run(ctx, theirs, r.Pixels); err != nil {
			return fmt.Errorf("%s: %w", role, err)
		}
	}
	opt := imagecmp.DefaultOptions()
	opt.Tolerance, opt.Thresholds = m.Tolerance, r.Thresholds
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
	e, err := Experiment(s.profile, "", theirs)
	if len(s.bin) == 0 {
		if err != nil {
			return err
		}
		s.e = e
		pix, err := e.Render(ctx, sim.Options{Threads: max(1, runtime.NumCPU()/s.m.Jobs)})
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
	if s.args, err = program.Args(theirs); err != nil {
		return err
	}
	args := s.args
	if len(pixels) > 0 {
		args = slices.Concat(args, program.TraceFlags(pixels[0]))
	}
	c, err := program.Run(ctx, s.bin, args, s.m.Limit, nil)
	if err != nil {
		return err
	}
	s.first = c.Stdout
	if len(c.Image) != 4*shape.Pixels() {
		shape = imagecmp.Shape{}
	}
	im, err := imagecmp.Decode(c.Image, shape)
	if err != nil {
		return fmt.Errorf("%s: its float image: %w", c.Program, err)
	}
	im.Name = c.Program
	s.image = im
	return nil
}
