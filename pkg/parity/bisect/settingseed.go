package bisect

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"simtrace/internal/record"
	"simtrace/pkg/parity/diff"
	"simtrace/pkg/sim"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// suggested is the profile of the program whose lines a dialect has.
var suggested = map[record.Dialect]string{record.C: sim.ProfileNanoBragg.Name, record.Py: "hoidn-torch"}

// plantSeeds lists the sets that the search begins from: the switches of the profile
// that the reference's dialect suggests, with each cell that its trace may print.
func (s *settingsSearch) plantSeeds() {
	s.seeds, s.rounding = nil, nil
	p, err := sim.ProfileByName(suggested[s.dialect])
	if err != nil {
		return
	}
	for _, traced := range []sim.Traced{sim.TracedCentre, sim.TracedMetres} {
		p.Traced = traced
		var set []string
		for _, sw := range sim.Switches() {
			c := Choice{Switch: sw.Name, Value: sw.Get(p)}
			if _, open := s.index[c.String()]; open {
				set = append(set, c.String())
			}
		}
		if len(set) > 0 {
			s.seeds = append(s.seeds, set)
		}
	}
}

// sow tries the seeds, each with a choice less or more, and shrinks what explains the
// reference, exactly or else to the rounding of float32. Where nothing does, the best of
// them is left to grow.
func (s *settingsSearch) sow(ctx context.Context, best Trial) (Trial, error) {
	if best.Compared == 0 || len(s.seeds) == 0 {
		return best, nil
	}
	if err := s.learnRounding(ctx); err != nil {
		return best, err
	}
	rounded := Trial{Failed: "none"}
	for _, points := range s.around() {
		if err := s.try(ctx, "the switches of "+suggested[s.dialect], points); err != nil {
			return best, err
		}
		for _, p := range points {
			t, _ := s.engine.Result(p)
			if t.better(best) {
				best = t
			}
			if t.ExplainsRounded() && t.better(rounded) {
				rounded = t
			}
		}
		if best.Explains() || rounded.Failed == "" {
			break // a further choice would but fit the rounding
		}
	}
	if !best.Explains() && rounded.Failed == "" {
		best = rounded
	}
	if !best.Explains() && !best.ExplainsRounded() {
		return best, nil
	}
	s.report.Searched = fmt.Sprintf("began from the switches of %s, and left out what is not needed", suggested[s.dialect])
	return s.shrink(ctx, best)
}

// around are the seeds, and the seeds with one choice less, or else one more.
func (s *settingsSearch) around() [][]string {
	var first, more []string
	for _, seed := range s.seeds {
		first = append(first, s.point(seed))
		for i := range seed {
			first = append(first, s.point(slices.Delete(slices.Clone(seed), i, i+1)))
		}
		for _, c := range s.space {
			if !s.taken(seed, c) {
				more = append(more, s.point(append([]string{c.String()}, seed...)))
			}
		}
	}
	return [][]string{first, more}
}

// rowID is a quantity at a coordinate.
type rowID struct {
	key   schema.Key
	at    schema.Coord
	occur int
}

func idOf(r *diff.Row) rowID { return rowID{r.Key, r.At, r.Occur} }

// rounds reports whether a choice computes in single precision.
func rounds(choice string) bool {
	return strings.HasPrefix(choice, "setup=float32") || choice == "dtype="+sim.Float32.String()
}

// learnRounding measures what rounding moves each row of the seeds' traces: the sum of
// what one unit in the last place of float32 of each number of the setup does. Another
// library's sine, or another order of the same sum, is off by about that much.
func (s *settingsSearch) learnRounding(ctx context.Context) error {
	s.rounding = map[rowID]float64{}
	for _, seed := range s.seeds {
		if !slices.ContainsFunc(seed, rounds) {
			continue
		}
		c, err := s.configure(seed)
		if err != nil {
			continue // as a trial it says why
		}
		middle, err := s.traceOf(ctx, c)
		if middle == nil {
			if err != nil && ctx.Err() != nil {
				return ctx.Err()
			}
			continue
		}
		moved := map[rowID]float64{}
		for _, of := range roundedInputs(&c) {
			n := c
			of(&n)
			other, err := s.traceOf(ctx, n)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err != nil {
				continue
			}
			rows, err := diff.All(ctx, middle, other, s.opt.Tolerance)
			if err != nil {
				return err
			}
			for i := range rows {
				if r := &rows[i]; r.Compared() && !math.IsNaN(r.Rel) {
					moved[idOf(r)] += r.Rel
				}
			}
		}
		for id, v := range moved {
			s.rounding[id] = math.Max(s.rounding[id], v)
		}
	}
	return nil
}

// traceOf makes a configuration's trace, of as many subpixels as a probe.
func (s *settingsSearch) traceOf(ctx context.Context, c sim.Config) (*trace.Source, error) {
	e, err := sim.Prepare(c)
	if err != nil {
		return nil, err
	}
	text, err := simulatedBy(ctx, e, s.pixel, s.dialect, sim.NewTap(sim.Filter{Head: s.head}))
	if err != nil {
		return nil, err
	}
	return trace.Text(strings.Clone(string(text)), "simtrace"), nil
}

// roundedInputs are changes by one unit in the last place of float32, of each number
// that a setup in single precision rounds: a rotation in full, since its sines are
// rounded, too.
func roundedInputs(c *sim.Config) []func(c *sim.Config) {
	const unit = 0x1p-23
	var out []func(c *sim.Config)
	add := func(of func(c *sim.Config) *float64) {
		out = append(out, func(c *sim.Config) { *of(c) *= 1 + 2*unit })
	}
	if c.Crystal.Cell != nil {
		for i := range c.Crystal.Cell {
			add(func(c *sim.Config) *float64 { cell := *c.Crystal.Cell; c.Crystal.Cell = &cell; return &cell[i] })
		}
	}
	if c.Crystal.Matrix != nil {
		for i := range c.Crystal.Matrix {
			add(func(c *sim.Config) *float64 { m := *c.Crystal.Matrix; c.Crystal.Matrix = &m; return &m[i] })
		}
	}
	if c.Crystal.Misset != nil {
		for i := range c.Crystal.Misset {
			add(func(c *sim.Config) *float64 { m := *c.Crystal.Misset; c.Crystal.Misset = &m; return &m[i] })
		}
	}
	for i := range c.Detector.RotDeg {
		add(func(c *sim.Config) *float64 { return &c.Detector.RotDeg[i] })
	}
	add(func(c *sim.Config) *float64 { return &c.Detector.TwothetaDeg })
	add(func(c *sim.Config) *float64 { return &c.Rotation.PhiDeg })
	add(func(c *sim.Config) *float64 { return &c.Rotation.OscDeg })
	add(func(c *sim.Config) *float64 { return &c.Detector.Xbeam })
	add(func(c *sim.Config) *float64 { return &c.Detector.Ybeam })
	add(func(c *sim.Config) *float64 { return &c.Detector.DistanceMM })
	add(func(c *sim.Config) *float64 { return &c.Beam.LambdaA })
	for i := range 3 {
		for _, of := range []func(c *sim.Config) *sim.Vec3{
			func(c *sim.Config) *sim.Vec3 { return &c.Detector.Fdet }, func(c *sim.Config) *sim.Vec3 { return &c.Detector.Sdet },
			func(c *sim.Config) *sim.Vec3 { return &c.Detector.Odet }, func(c *sim.Config) *sim.Vec3 { return &c.Detector.Spindle },
		} {
			add(func(c *sim.Config) *float64 { return &of(c)[i] })
		}
	}
	return out
}
