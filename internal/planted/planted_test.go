package planted

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"simtrace/internal/record"
	"simtrace/internal/testkit"
	"simtrace/pkg/nanobragg/causes"
	"simtrace/pkg/parity"
	"simtrace/pkg/parity/explain"
	"simtrace/pkg/sim"
	"simtrace/pkg/trace/schema"
)

// The goal of the benchmark.
const goal = 0.95

// named returns what a report names first, causes before notes.
func named(r *parity.Report) string {
	for _, list := range [][]explain.Cause{r.Causes, r.Notes} {
		if len(list) > 0 {
			return list[0].ID
		}
	}
	return "-"
}

func all(r *parity.Report) string {
	var ids []string
	for _, c := range append(append([]explain.Cause(nil), r.Causes...), r.Notes...) {
		ids = append(ids, c.ID)
	}
	return strings.Join(ids, " ")
}

// saysCut reports that the comparison is refused for the very reason that was
// planted.
func saysCut(r *parity.Report) bool {
	words := strings.Join(r.Reasons, " ")
	return r.Verdict == parity.Refused && (strings.Contains(words, "is cut off") || strings.Contains(words, "traceback"))
}

// got makes the faulty side's log.
func (f fault) got(t testing.TB, s setting, d record.Dialect) (ref, got string) {
	c := s.config
	if f.want == "phi-carryover" {
		c.Rotation.PhiDeg = 0
	}
	if f.want == "twotheta-clobber" {
		c.Detector.TwothetaDeg, c.Detector.TwothetaAxis = 12, sim.Vec3{0, 1, 0}
	}
	clean := trace1(t, c, s.pixel)
	if f.config != nil {
		f.config(&c)
	}
	if f.want == "phi-carryover" {
		c.Profile.PhiZero = sim.PhiZeroFresh
	}
	bad := trace1(t, c, s.pixel)
	if f.plant != nil {
		p := &port{e: bad.e}
		f.plant(p)
		bad.samples = p.derive(bad.samples)
	}
	// The setup of a port with another formula is not the simulator's: only
	// where the configuration is the fault are those lines told.
	o := printed{dialect: d, setup: f.config != nil && !f.pixelOnly && d == record.C && f.name != "detector turned in reverse", label: f.label, edit: f.edit}
	return clean.log(t, printed{dialect: record.C, setup: true}), bad.log(t, o)
}

// tally counts answers.
type tally struct {
	right, total int
	more         int             // right, and another cause named besides
	held         [4]explain.Held // of all causes named, by the number of their checks
	shows        map[string]bool
	table        strings.Builder
}

// ask compares one pair and notes whether the first-named cause is right.
func (n *tally) ask(t testing.TB, f fault, s setting, side, ref, got string) {
	r := compareLogs(t, ref, got, f.tolerance)
	verdict := "right"
	for _, c := range r.Causes {
		h := &n.held[min(len(c.Checks), len(n.held)-1)]
		h.Total++
		if c.ID == f.want {
			h.Right++
		}
	}
	switch {
	case r.Verdict == parity.Match && all(r) == "":
		// The pixel has no fraction above a half, no even number of cells:
		// there is nothing to be found.
		fmt.Fprintf(&n.table, "%-40s %-13s %-9s %-18s does not show\n", f.name, s.name, side, f.want)
		return
	case named(r) == f.want || f.want == "truncated" && saysCut(r):
		n.right++
		if len(r.Causes) > 1 {
			n.more++
			verdict = "right, and besides: " + all(r)
		}
	default:
		verdict = "WRONG: " + all(r) + " (" + string(r.Verdict) + ")"
	}
	n.total++
	n.shows[f.name] = true
	fmt.Fprintf(&n.table, "%-40s %-13s %-9s %-18s %s\n", f.name, s.name, side, f.want, verdict)
}

// sides asks with the fault on either side, and in the port's dialect where that
// can show it.
func (n *tally) sides(t *testing.T, f fault, s setting) {
	ref, got := f.got(t, s, record.C)
	n.ask(t, f, s, "got c", ref, got)
	// The reference may be the one that is wrong.
	n.ask(t, f, s, "ref c", got, ref)
	if !f.cOnly {
		ref, got = f.got(t, s, record.Py)
		n.ask(t, f, s, "got py", ref, got)
	}
}

func TestPlantedFaults(t *testing.T) {
	testkit.NotUnderRace(t)
	n := &tally{shows: map[string]bool{}}
	for _, f := range faults() {
		for _, s := range settings(t) {
			if c := s.config; !f.applies(&c) {
				continue
			}
			n.sides(t, f, s)
		}
		if !n.shows[f.name] {
			t.Errorf("%s shows in no configuration: it tests nothing", f.name)
		}
	}
	if recorded := causes.Rules()[0].Held; !slices.Equal(recorded, n.held[:]) {
		t.Errorf("by the number of checks, %v causes are right; causes.held has %v", n.held, recorded)
	}
	share := float64(n.right) / float64(n.total)
	t.Logf("\n%s%d of %d first-named causes are right, %.1f %%; with %d of them another is named besides", n.table.String(), n.right, n.total, 100*share, n.more)
	if share < goal || n.total < 100 {
		t.Errorf("%d of %d first-named causes are right, %.1f %%; the goal is %.0f %%", n.right, n.total, 100*share, 100*goal)
	}
}

func faultsByName() map[string]fault {
	byName := map[string]fault{}
	for _, f := range faults() {
		byName[f.name] = f
	}
	return byName
}

// Two independent faults are both named, in causal order, also where the one
// stands behind the other.
func TestTwoFaultsAreBothNamed(t *testing.T) {
	byName := faultsByName()
	right, total := 0, 0
	for _, pair := range [][2]string{
		{"half pixel missing", "matrix transposed"},
		{"half pixel missing", "polarisation missing"},
		{"half pixel missing", "not divided by steps"},
		{"beam negated", "matrix transposed"},
		{"distance for close", "matrix transposed"},
		{"pivot in the code", "2 pi in the matrix"},
		{"detector turned in reverse", "beam centre swapped"},
		{"pixel swapped", "not scaled by lambda"},
		{"pixel swapped", "default fluence"},
		{"matrix transposed", "divided by steps twice"},
		{"matrix transposed", "r_e^2 of three digits"},
		{"Na and Nb exchanged", "polarisation missing"},
		{"floor for nearest", "default fluence"},
		{"beam negated", "steps counted twice"},
		{"half pixel missing", "scattering vector in 1/A"},
		{"pixel swapped", "cut for nearest"},
	} {
		f, g := byName[pair[0]], byName[pair[1]]
		if f.name == "" || g.name == "" {
			t.Fatalf("no fault called %q or %q", pair[0], pair[1])
		}
		for _, s := range settings(t) {
			if c := s.config; !f.applies(&c) || !g.applies(&c) {
				continue
			}
			for _, d := range []record.Dialect{record.C, record.Py} {
				ref, got := f.and(g).got(t, s, d)
				r := compareLogs(t, ref, got, parity.DefaultTolerance)
				if d == record.C {
					r.Notes = nil
				}
				// A factor behind another fault is a note where the logs are of two
				// programs, and do not show all steps of the sum: the sum may be printed with it.
				ids := strings.Fields(all(r))
				if f.name == "floor for nearest" && len(ids) == 1 {
					continue // no fraction above a half
				}
				total++
				if strings.Join(ids, " ") == f.want+" "+g.want {
					right++
				} else {
					t.Logf("%s and %s, %s, %s: %q", f.name, g.name, s.name, d, ids)
				}
			}
		}
	}
	t.Logf("%d of %d pairs of faults are named as planted", right, total)
	if float64(right) < goal*float64(total) || total < 50 {
		t.Errorf("%d of %d pairs of faults are named as planted", right, total)
	}
}

// TestInterpolationBesideAMovedIndex: where another fault moves the index, the samples of
// each log by itself tell whether it interpolates, and one list of factors from another.
func TestInterpolationBesideAMovedIndex(t *testing.T) {
	byName := faultsByName()
	s := setting{"interpolated, oversampled", interpolated(), sim.Pixel{Slow: 39, Fast: 17}}
	s.config.Sampling.Oversample = 3
	listed := s
	listed.config.Crystal.Interpolate = sim.InterpolateOff
	for _, c := range []struct {
		s    setting
		pair [2]string
		want string
	}{
		{s, [2]string{"half pixel missing", "interpolation off"}, "half-pixel interpolation"},
		{s, [2]string{"matrix transposed", "interpolation off"}, "matrix-transpose interpolation"},
		{s, [2]string{"half pixel missing", "polarisation missing"}, "half-pixel polar"},
		{listed, [2]string{"half pixel missing", "other structure factors"}, "half-pixel stale-fdump"},
		{listed, [2]string{"half pixel missing", "polarisation missing"}, "half-pixel polar"},
	} {
		ref, got := byName[c.pair[0]].and(byName[c.pair[1]]).got(t, c.s, record.C)
		for _, logs := range [][2]string{{ref, got}, {got, ref}} {
			r := compareLogs(t, logs[0], logs[1], parity.DefaultTolerance)
			r.Notes = nil
			if ids := all(r); ids != c.want {
				t.Errorf("%s and %s: %q", c.pair[0], c.pair[1], ids)
			}
		}
	}
}

// and plants a second fault.
func (f fault) and(g fault) fault {
	plants, configs := []func(*port){f.plant, g.plant}, []func(*sim.Config){f.config, g.config}
	f.plant = func(p *port) {
		hooks := map[schema.Key]hook{}
		for _, plant := range plants {
			if plant == nil {
				continue
			}
			p.hooks = nil
			plant(p)
			for k, h := range p.hooks {
				hooks[k] = h
			}
		}
		p.hooks = hooks
	}
	f.config = nil
	if configs[0] != nil || configs[1] != nil {
		f.config = func(c *sim.Config) {
			for _, change := range configs {
				if change != nil {
					change(c)
				}
			}
		}
	}
	f.pixelOnly = true
	if g.label != nil {
		f.label = g.label
	}
	return f
}

// Clean pairs have no cause, whatever the dialects.
func TestCleanPairsHaveNoCause(t *testing.T) {
	testkit.NotUnderRace(t)
	for _, s := range settings(t) {
		r := trace1(t, s.config, s.pixel)
		logs := map[string]string{
			"c":          r.log(t, printed{dialect: record.C, setup: true}),
			"c, bare":    r.log(t, printed{dialect: record.C}),
			"py":         r.log(t, printed{dialect: record.Py, setup: true}),
			"py, bare":   r.log(t, printed{dialect: record.Py}),
			"c, derived": derived(r).log(t, printed{dialect: record.C, setup: true}),
		}
		for a, ref := range logs {
			for b, got := range logs {
				for _, tol := range []float64{0, 1e-9, exactly} {
					rep := compareLogs(t, ref, got, tol)
					if rep.Verdict != parity.Match || all(rep) != "" && !onlyLogged(rep) {
						t.Errorf("%s: %s against %s at %g: %s, causes %q: %v", s.name, a, b, tol, rep.Verdict, all(rep), rep.Reasons)
					}
				}
			}
		}
	}
}

// onlyLogged reports that all which is named is a note.
func onlyLogged(r *parity.Report) bool { return len(r.Causes) == 0 }

// derived is the run as the port without a fault makes it.
func derived(r run) run {
	p := &port{e: r.e}
	r.samples = p.derive(r.samples)
	return r
}

// Last bits of sin and cos have no cause but libm.
func TestLastBitsHaveNoFalseCause(t *testing.T) {
	testkit.NotUnderRace(t)
	for _, s := range settings(t) {
		r := trace1(t, s.config, s.pixel)
		ref := r.log(t, printed{dialect: record.C, setup: true})
		for seed := range 8 {
			noisy := shaken(r, uint32(seed+1))
			for _, d := range []record.Dialect{record.C, record.Py} {
				got := noisy.log(t, printed{dialect: d})
				for _, tol := range []float64{0, 1e-9, 1e-12, exactly} {
					rep := compareLogs(t, ref, got, tol)
					if len(rep.Causes) > 0 {
						t.Errorf("%s, %s, seed %d, tolerance %g: %s %q %v", s.name, d, seed, tol, rep.Verdict, all(rep), rep.Causes[0].Evidence)
					}
				}
			}
		}
	}
}

// shaken rotates with another library's sines: the rotated cell is off by an
// ulp here and there, and everything behind follows.
func shaken(r run, seed uint32) run {
	p := &port{e: r.e}
	shake := func(_ *port, _ sim.Step, v []float64) {
		for i := range v {
			seed = seed*1664525 + 1013904223
			switch seed >> 30 {
			case 0:
				v[i] = math.Nextafter(v[i], math.Inf(1))
			case 1:
				v[i] = math.Nextafter(v[i], math.Inf(-1))
			}
		}
	}
	p.hooks = map[schema.Key]hook{
		schema.RotA: shake, schema.RotB: shake, schema.RotC: shake,
		schema.FLattA: shake, schema.FLattB: shake, schema.FLattC: shake,
	}
	r.samples = p.derive(r.samples)
	return r
}
