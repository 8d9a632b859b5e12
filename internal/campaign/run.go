package campaign

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"

	"simtrace/internal/program"
	"simtrace/internal/visible"
	"simtrace/pkg/nanobragg"
	"simtrace/pkg/parity/bisect"
	"simtrace/pkg/parity/imagecmp"
	"simtrace/pkg/sim"
)

// task is a configuration with its row, which is found or made.
type task struct {
	matrixRun
	theirs []nanobragg.Arg
	row    MatrixRow
}

// tasks begins the rows of configurations: their keys, or what is wrong with their flags.
func (m *matrix) tasks(runs []matrixRun) []task {
	out := make([]task, len(runs))
	for i, r := range runs {
		t := &out[i]
		t.matrixRun, t.row = r, blank()
		t.row.Case, t.row.Run, t.row.Description, t.row.Args = r.Case, r.Name, r.Description, r.Args
		t.row.Next = m.next(&t.matrixRun)
		theirs, err := r.split()
		if err == nil {
			t.row.Key, err = m.key(r, theirs)
		}
		if t.theirs = theirs; err != nil {
			t.row.Reasons = []string{visible.Line(err.Error())}
		}
	}
	return out
}

// restore takes the results that are at hand. Those that other lists or divisions left
// are returned as well: this part's log is to have them.
func (m *matrix) restore(tasks []task) (moved []MatrixRow, torn int, err error) {
	want := map[string]bool{}
	for i := range tasks {
		if key := tasks[i].row.Key; key != "" {
			want[key] = true
		}
	}
	found, near, err := m.results.find(want, m.list, m.Shard)
	if err != nil {
		return nil, 0, err
	}
	for i := range tasks {
		row := &tasks[i].row
		old, ok := found.rows[row.Key]
		if !ok || row.Key == "" {
			continue
		}
		old.listed(row)
		*row = old
		if !near[row.Key] && row.State != Failed {
			moved = append(moved, old)
		}
	}
	return moved, found.torn, nil
}

// missing marks the configurations without a result.
func missing(tasks []task) {
	for i := range tasks {
		if row := &tasks[i].row; row.State == Failed && row.Key != "" && len(row.Reasons) == 0 {
			row.State, row.Image, row.Reasons = Missing, Missing, []string{"No result is at hand for these flags, thresholds, pixels and programs."}
		}
	}
}

// run compares the configurations that have no verdict yet, several at once. What failed
// is tried again.
func (m *matrix) run(ctx context.Context, tasks []task, moved []MatrixRow) error {
	todo := map[string]*task{}
	var names []string
	for i := range tasks {
		if t := &tasks[i]; t.row.State == Failed && t.row.Key != "" {
			name := label(t.Case, t.Name)
			todo[name] = t
			names = append(names, name)
		}
	}
	if len(todo)+len(moved) == 0 {
		return nil
	}
	log, err := m.begin()
	if err != nil {
		return err
	}
	for _, row := range moved {
		if _, err := log.add(row); err != nil {
			return errors.Join(err, log.close(false))
		}
	}
	search := bisect.Engine[MatrixRow]{Jobs: m.Jobs, Probe: func(ctx context.Context, name string) (MatrixRow, error) {
		row, err := m.one(ctx, todo[name])
		if err == nil {
			row, err = log.add(row)
		}
		return row, err
	}}
	done := 0
	search.Done = func(name string, row MatrixRow) {
		done++
		m.Progress.Step(done, len(names)-done, visible.Text(name)+" is "+row.State)
	}
	err = search.Run(ctx, names...)
	m.Progress.Clear()
	err = errors.Join(err, log.close(err == nil))
	if ctx.Err() != nil {
		return fmt.Errorf("interrupted; what was compared is kept in %s", m.Out)
	}
	for name, t := range todo {
		if row, ok := search.Result(name); ok {
			t.row = row
		}
	}
	return err
}

// one compares a configuration. The error is of the place of the results, or the context's.
func (m *matrix) one(ctx context.Context, t *task) (MatrixRow, error) {
	row := t.row
	row.Reasons = []string{}
	compare := m.compare
	switch {
	case t.Images != nil:
		compare = m.images
	case t.Explain != "":
		compare = m.explain
	}
	if err := compare(ctx, t.matrixRun, t.theirs, &row); ctx.Err() != nil {
		return row, ctx.Err()
	} else if err != nil {
		row.State, row.Reasons = Failed, append(row.Reasons, visible.Line(err.Error()))
	}
	return row, m.results.keep(row.files)
}

// The longer side of a picture in the table, in pixels, and for how many configurations there
// are pictures: a page of a thousand holds some megabytes of them.
const (
	thumbSide   = 48
	mostPicture = 1000
)

// fill takes the figures of two images, and a small picture of them.
func (m *matrix) fill(ctx context.Context, row *MatrixRow, r *imagecmp.Report) (err error) {
	row.State, row.Image, row.Reasons = string(r.Verdict), string(r.Verdict), append([]string{}, r.Reasons...)
	row.Correlation, row.SumRatio, row.RMSE = imagecmp.Number(r.Correlation), imagecmp.Number(r.SumRatio), imagecmp.Number(r.RMSE)
	row.MaxAbs, row.Smallest = imagecmp.Number(math.Abs(r.MaxAbs.Delta())), imagecmp.Number(r.Smallest())
	row.Compared, row.Beyond = r.Counts.Compared, r.Counts.Beyond
	if m.total <= mostPicture {
		row.thumb, err = r.Thumbnail(ctx, thumbSide, imagecmp.DefaultPNGPercentile)
	}
	return err
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
	if err := m.fill(ctx, row, rep); err != nil {
		return err
	}
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
		pix, err := e.Render(ctx, sim.Options{Threads: max(1, runtime.GOMAXPROCS(0)/s.m.Jobs)})
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
	im, err := c.Decode(shape)
	if err != nil {
		return fmt.Errorf("%s: its float image: %w", c.Program, err)
	}
	im.Name = c.Program
	s.image = im
	return nil
}
