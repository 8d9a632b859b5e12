package bisect

import (
	"context"
	"fmt"
	"math"
	"reflect"
	"slices"
	"sort"
	"strings"
	"sync"

	"simtrace/internal/doc"
	"simtrace/internal/record"
	"simtrace/pkg/parity"
	"simtrace/pkg/sim"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// SettingsOptions say what Settings searches.
type SettingsOptions struct {
	Ref *trace.Source
	// Build reads flags and files with a profile's habits. It is called once
	// for the start, and again for the habits that act there.
	Build func(sim.Profile) (sim.Config, error)
	// BuildReversed is Build with the flags in the reverse order, so that of two
	// that exclude each other the first one wins; nil leaves that untried.
	BuildReversed func(sim.Profile) (sim.Config, error)
	// Profile is where the search starts.
	Profile   sim.Profile
	Pixel     *sim.Pixel // nil takes the one that the reference names
	Tolerance float64    // as parity.Options has it
	// Start are the words of a command line that say the configuration, for the
	// command that reproduces the answer; nil for none.
	Start    []string
	Jobs     int
	Progress func(SettingsProgress)
}

// SettingsProgress tells of a trace that was made.
type SettingsProgress struct {
	Done  int // traces so far
	Left  int // traces that will come in this stage at most
	Stage string
}

// Trial is what one set of choices makes of the trace.
type Trial struct {
	Set []string // "phi-zero=carry", in the order of the space
	// Failed says why there is no trace, "" where there is one.
	Failed   string
	Compared int // rows
	Broken   int // rows that differ, or are lost
	// Size is how far the trace is: the sum over the quantities of the mean of
	// log10(1 + rel/tolerance) over a quantity's rows, 0 for a row that agrees.
	Size    float64
	Keys    int     // quantities with a broken row
	Residue float64 // the sum of all relative differences, within tolerance or not
	First   string  // first broken row in causal order
	// Rounded counts the broken rows that are off by no more than what the rounding of a
	// float32 setup moves them; Worst is the largest difference of them.
	Rounded int
	Worst   float64
	Names   []string // quantities with a broken row, in causal order
	// Intensity is the relative difference of I_pixel_final; NaN where it was
	// not compared.
	Intensity float64
	// IntensityAgrees: it was compared, and is within tolerance or rounding.
	IntensityAgrees bool

	rank int // of the first broken quantity in causal order
}

// Explains reports whether the trace equals the reference.
func (t Trial) Explains() bool { return t.Failed == "" && t.Broken == 0 && t.Compared > 0 }

// ExplainsRounded reports whether the trace equals the reference but for what the
// rounding of a float32 setup moves.
func (t Trial) ExplainsRounded() bool {
	return t.Failed == "" && t.Broken > 0 && t.Rounded == t.Broken
}

// better orders trials: what explains first, then what is closer.
func (t Trial) better(u Trial) bool {
	switch {
	case (t.Failed == "") != (u.Failed == ""):
		return t.Failed == ""
	case t.Explains() != u.Explains():
		return t.Explains()
	case t.Size != u.Size:
		return t.Size < u.Size
	case len(t.Set) != len(u.Set):
		return len(t.Set) < len(u.Set)
	}
	return t.Residue < u.Residue
}

// Member is a choice of the answer, and what it takes off the difference.
type Member struct {
	Choice  Choice
	Alone   Trial // with this choice and no other
	Without Trial // with all of the answer but this
}

// SettingsReport is the result of Settings.
type SettingsReport struct {
	Reference string
	Pixel     sim.Pixel
	Tolerance float64
	Base      Trial // nothing changed
	Best      Trial
	Members   []Member
	// Verdict is that of the whole comparison with the answer's settings.
	Verdict parity.Verdict
	// Confirmed: in the whole trace, too, no row is off by more than rounding.
	Confirmed bool
	Reasons   []string
	RunnerUp  []Trial // other sets of the answer's size or one, the closest first
	Choices   int     // in the space
	Trials    int     // traces that were made
	Failed    int     // of those, without a trace
	Searched  string  // how far the search was exhaustive
	Notes     []string
	// Reproduce is the command that makes the answer's trace, "" where the
	// answer holds more than switches of the profile.
	Reproduce string
}

// Explained reports whether the answer makes the trace equal the reference, if need be
// to the rounding of a float32 setup.
func (r *SettingsReport) Explained() bool {
	return r.Best.Explains() && r.Verdict == parity.Match || r.Best.ExplainsRounded() && r.Confirmed
}

// ButFor are the quantities in which the trace still differs where the answer explains
// the intensity and all but so few others; nil where it explains everything, or less.
func (r *SettingsReport) ButFor() []string {
	b := &r.Best
	if r.Explained() || b.Failed != "" || b.Keys == 0 || b.Keys > mostButFor || !b.IntensityAgrees || len(b.Set) > 0 && r.Base.IntensityAgrees && r.Base.Keys <= b.Keys {
		return nil
	}
	return b.Names
}

// mostButFor is how many quantities may differ where the intensity is explained.
const mostButFor = 2

// Closer reports whether the answer is worth naming where it does not explain the
// reference: it removes half of the rows that differ, or nine tenths of the intensity's
// difference.
func (r *SettingsReport) Closer() bool {
	if len(r.Best.Set) == 0 || r.Best.Failed != "" {
		return false
	}
	return 2*r.Best.Broken <= r.Base.Broken || 10*r.Best.Intensity <= r.Base.Intensity
}

// Settings finds the smallest set of choices that makes the simulator's trace
// equal the reference: all single choices, then all pairs, then larger sets
// that grow by the choice that helps most and shrink again by delta debugging.
// The errors are of the configuration, and of a reference that names no pixel.
func Settings(ctx context.Context, opt SettingsOptions) (*SettingsReport, error) {
	s := &settingsSearch{opt: opt}
	var err error
	if s.log, err = opt.Ref.Log(ctx, schema.NanoBragg()); err != nil {
		return nil, err
	}
	if s.ref, s.head, err = beginning(opt.Ref, s.log); err != nil {
		return nil, err
	}
	rep, err := s.run(ctx)
	if err != nil || !rep.Best.Explains() || rep.Explained() || s.ref == opt.Ref {
		return rep, err
	}
	// The beginning is explained and the whole is not: search by the whole.
	s.ref, s.head = opt.Ref, 0
	return s.run(ctx)
}

// run is one search, from its start.
func (s *settingsSearch) run(ctx context.Context) (*SettingsReport, error) {
	opt := s.opt
	if err := s.start(); err != nil {
		return nil, err
	}
	s.engine = &Engine[Trial]{Jobs: opt.Jobs, Probe: s.probe, Done: func(string, Trial) {
		s.done, s.left = s.done+1, max(s.left-1, 0)
		if opt.Progress != nil {
			opt.Progress(SettingsProgress{s.done, s.left, s.stage})
		}
	}}
	return s.search(ctx)
}

type settingsSearch struct {
	opt      SettingsOptions
	base     sim.Config
	pixel    sim.Pixel
	dialect  record.Dialect
	cost     int           // of the base, in samples
	domains  int           // of the mosaic crystal that the base has; 0 without a spread
	log      *trace.Log    // the reference
	ref      *trace.Source // what probes are held against
	head     int           // how many subpixels of a trace count
	space    []Choice
	index    map[string]int
	engine   *Engine[Trial]
	done     int
	left     int    // traces to come in the stage
	stage    string // what is being tried
	report   *SettingsReport
	seeds    [][]string        // where the search begins, beside nothing
	rounding map[rowID]float64 // what rounding moves a row, relative; nil where no seed rounds
	printed  map[rowID]bool    // rows that the base's trace shares with the reference
	measured sync.Map          // trials, by what was probed
}

func (s *settingsSearch) start() error {
	var err error
	if s.base, err = s.opt.Build(s.opt.Profile); err != nil {
		return err
	}
	if s.pixel, err = s.choosePixel(); err != nil {
		return err
	}
	e, err := sim.Prepare(s.base)
	if err != nil {
		return err
	}
	if err := e.Check(s.pixel); err != nil {
		return err
	}
	s.cost = max(e.Steps, 1) * e.Geometry.ThickSteps
	if e.Mosaic > 0 {
		s.domains = e.Domains
	}
	s.dialect = record.C
	for i := range s.log.Records {
		if strings.HasPrefix(s.log.Records[i].Tag, "TRACE_PY") {
			s.dialect = record.Py
		}
	}
	s.space = slices.DeleteFunc(append(s.flags(), space(e, s.pixel)...), s.idle)
	s.index = map[string]int{}
	for i, c := range s.space {
		if _, dup := s.index[c.String()]; dup || strings.ContainsAny(c.String(), " \t") {
			panic("bisect: a choice may not be called " + c.String())
		}
		s.index[c.String()] = i
	}
	s.plantSeeds()
	return nil
}

func (s *settingsSearch) choosePixel() (sim.Pixel, error) {
	if s.opt.Pixel != nil {
		return *s.opt.Pixel, nil
	}
	seen := map[sim.Pixel]bool{}
	var last sim.Pixel
	for i := range s.log.Records {
		if w := s.log.Records[i].At; w[schema.Slow] >= 0 {
			last = sim.Pixel{Slow: int(w[schema.Slow]), Fast: int(w[schema.Fast])}
			seen[last] = true
		}
	}
	if len(seen) != 1 {
		return last, fmt.Errorf("%s names %s: say which with --pixel SLOW FAST", s.opt.Ref.Name, doc.Plural(len(seen), "pixel"))
	}
	return last, nil
}

// point is a set of choices as the engine knows it.
func (s *settingsSearch) point(set []string) string {
	set = append([]string(nil), set...)
	sort.Slice(set, func(i, j int) bool { return s.index[set[i]] < s.index[set[j]] })
	return strings.Join(set, " ")
}

func members(point string) []string {
	if point == "" {
		return nil
	}
	return strings.Fields(point)
}

// maxCost is how many samples a pixel may take, beyond those of the start a
// hundredfold.
const maxCost = 1 << 17

// trace makes the trace of a set, of the first subpixels only where head is not
// 0. failed says why there is none; the error is
// the caller's cancellation.
func (s *settingsSearch) trace(ctx context.Context, set []string, head int) (text []byte, failed string, err error) {
	if err := ctx.Err(); err != nil {
		return nil, "", err
	}
	c, err := s.configure(set)
	if err != nil {
		return nil, err.Error(), nil
	}
	e, err := sim.Prepare(c)
	if err != nil {
		return nil, err.Error(), nil
	}
	if cost := e.Steps * e.Geometry.ThickSteps; cost > max(100*s.cost, maxCost) {
		return nil, fmt.Sprintf("the pixel takes %d samples", cost), nil
	}
	text, err = simulatedBy(ctx, e, s.pixel, s.dialect, sim.NewTap(sim.Filter{Head: head}))
	if ctx.Err() != nil {
		return nil, "", ctx.Err()
	}
	if err != nil {
		return nil, err.Error(), nil
	}
	return text, "", nil
}

// choice returns the choice of a name, which must exist.
func (s *settingsSearch) choice(name string) Choice {
	i, ok := s.index[name]
	if !ok {
		panic("bisect: no choice " + name)
	}
	return s.space[i]
}

// flags is the choice of reading the flags the other way round.
func (s *settingsSearch) flags() []Choice {
	if s.opt.BuildReversed == nil {
		return nil
	}
	return []Choice{{Switch: flagOrder, Value: "reversed", Help: "of flags that set the same thing, the first one wins", early: true}}
}

// idle reports whether a choice where flags are read changes nothing. Nothing
// that comes later changes how they are read.
func (s *settingsSearch) idle(c Choice) bool {
	if !c.early {
		return false
	}
	conf, err := s.build([]Choice{c})
	conf.Profile = s.base.Profile
	return err == nil && alike(reflect.ValueOf(conf), reflect.ValueOf(s.base))
}

// alike is reflect.DeepEqual with NaN, which says that a number was not given,
// equal to itself.
func alike(a, b reflect.Value) bool {
	switch a.Kind() {
	case reflect.Float64:
		return a.Float() == b.Float() || math.IsNaN(a.Float()) && math.IsNaN(b.Float())
	case reflect.Pointer:
		return a.Pointer() == b.Pointer() || !a.IsNil() && !b.IsNil() && alike(a.Elem(), b.Elem())
	case reflect.Struct:
		for i := range a.NumField() {
			if !alike(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return true
	case reflect.Array, reflect.Slice:
		if a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			if !alike(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	}
	return a.Equal(b)
}

// build reads flags and files as the choices have it that act there.
func (s *settingsSearch) build(set []Choice) (sim.Config, error) {
	profile, build := s.opt.Profile, s.opt.Build
	for _, ch := range set {
		switch {
		case !ch.early:
		case ch.Switch == flagOrder:
			build = s.opt.BuildReversed
		default:
			if err := profile.Set(ch.Switch, ch.Value); err != nil {
				return s.base, err
			}
		}
	}
	return build(profile)
}

// configure applies a set of choices to the start: first those that act where
// flags are read.
func (s *settingsSearch) configure(set []string) (sim.Config, error) {
	c := s.base
	var choices []Choice
	early := false
	for _, name := range set {
		choices = append(choices, s.choice(name))
		early = early || choices[len(choices)-1].early
	}
	if early {
		var err error
		if c, err = s.build(choices); err != nil {
			return c, err
		}
	}
	for _, ch := range choices {
		if !ch.early {
			ch.change(&c)
		}
	}
	return c, nil
}
