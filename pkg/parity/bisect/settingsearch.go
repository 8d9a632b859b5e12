package bisect

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"

	"simtrace/internal/doc"
	"simtrace/pkg/parity"
	"simtrace/pkg/parity/diff"
	"simtrace/pkg/sim"
	"simtrace/pkg/trace"
)

func (s *settingsSearch) search(ctx context.Context) (*SettingsReport, error) {
	s.report = &SettingsReport{Reference: s.opt.Ref.Name, Pixel: s.pixel, Tolerance: s.opt.Tolerance, Choices: len(s.space)}
	if err := s.engine.Run(ctx, ""); err != nil {
		return nil, err
	}
	base, _ := s.engine.Result("")
	s.report.Base = base
	if base.Failed != "" {
		return nil, errors.New(base.Failed)
	}
	singles, pairs := s.combinations()
	best, err := s.exhaust(ctx, "single choices", base, singles)
	if err == nil && !best.Explains() {
		best, err = s.sow(ctx, best)
	}
	done := best.Explains() || best.ExplainsRounded() || base.Compared == 0
	if err == nil && !done {
		best, err = s.exhaust(ctx, "pairs", best, pairs)
	}
	if err != nil {
		return nil, err
	}
	if !done && !best.Explains() {
		if best, err = s.grow(ctx, best); err != nil {
			return nil, err
		}
	}
	if s.report.Best, err = s.prune(ctx, best); err != nil {
		return nil, err
	}
	if err := s.contributions(ctx); err != nil {
		return nil, err
	}
	if err := s.confirm(ctx); err != nil {
		return nil, err
	}
	s.runnersUp()
	s.randomDomains()
	s.reproduce()
	return s.report, nil
}

// combinations are all single choices and all pairs.
func (s *settingsSearch) combinations() (singles, pairs []string) {
	for i, a := range s.space {
		singles = append(singles, s.point([]string{a.String()}))
		for _, b := range s.space[i+1:] {
			if a.Switch != b.Switch {
				pairs = append(pairs, s.point([]string{a.String(), b.String()}))
			}
		}
	}
	return singles, pairs
}

// exhaust tries all points of a stage, unless what is best so far explains the
// reference or nothing can be compared.
func (s *settingsSearch) exhaust(ctx context.Context, stage string, best Trial, points []string) (Trial, error) {
	switch {
	case best.Explains() || best.Compared == 0:
		s.report.Searched = "nothing needs to be changed"
		return best, nil
	case stage == "pairs":
		s.report.Searched = "all single choices and all pairs were tried"
	default:
		s.report.Searched = "all single choices were tried"
	}
	if err := s.try(ctx, stage, points); err != nil {
		return best, err
	}
	for _, p := range points {
		if t, _ := s.engine.Result(p); t.better(best) {
			best = t
		}
	}
	return best, nil
}

// try makes the traces of a stage.
func (s *settingsSearch) try(ctx context.Context, stage string, points []string) error {
	todo := map[string]bool{}
	for _, p := range points {
		if _, ok := s.engine.Result(p); !ok {
			todo[p] = true
		}
	}
	s.stage, s.left = stage, len(todo)
	return s.engine.Run(ctx, points...)
}

// maxGrown bounds a set that grows; breadth is how many sets of a size grow, by
// each way to rank them.
const (
	maxGrown = 12
	breadth  = 6
)

// rankings are the ways to say which of two trials is the closer one. No single
// one finds everything: a mistake may be hidden behind another until that is
// right, and one that comes late in the computation breaks few quantities.
var rankings = []func(a, b Trial) bool{
	func(a, b Trial) bool { return a.Size < b.Size },
	func(a, b Trial) bool { return a.Keys < b.Keys || a.Keys == b.Keys && a.Size < b.Size },
	func(a, b Trial) bool { return a.rank > b.rank || a.rank == b.rank && a.Size < b.Size },
}

// grow adds choices to the sets that rank first, as long as that helps, and then
// leaves out of the best what is not needed.
func (s *settingsSearch) grow(ctx context.Context, best Trial) (Trial, error) {
	var all []string
	for p := range s.engine.results {
		all = append(all, p)
	}
	sort.Strings(all) // of equals the first one leads, every time
	leaders := s.leaders(all)
	for size := 3; size <= min(maxGrown, len(s.space)) && !best.Explains(); size++ {
		var points []string
		for _, t := range leaders {
			for _, c := range s.space {
				if !s.taken(t.Set, c) {
					points = append(points, s.point(append([]string{c.String()}, t.Set...)))
				}
			}
		}
		if err := s.try(ctx, fmt.Sprintf("sets of %d", size), points); err != nil {
			return best, err
		}
		for _, p := range points {
			if t, _ := s.engine.Result(p); t.better(best) {
				best = t
			}
		}
		next := s.leaders(points)
		if !ahead(next, leaders) {
			break
		}
		leaders = next
	}
	s.report.Searched += "; larger sets grew from those that came closest"
	return s.shrink(ctx, best)
}

// shrink leaves out of a set what does not bring it closer.
func (s *settingsSearch) shrink(ctx context.Context, best Trial) (Trial, error) {
	// Below the rounding of float32 a difference is chance: less than a factor of two of
	// one quantity says nothing.
	limit, rounded := best.Size, best.ExplainsRounded()
	if rounded {
		limit += math.Log10(2)
	}
	set, err := ddmin(best.Set, func(part []string) (bool, error) {
		p := s.point(part)
		if err := s.engine.Run(ctx, p); err != nil {
			return false, err
		}
		t, _ := s.engine.Result(p)
		return t.Failed == "" && t.Size <= limit && (!rounded || t.ExplainsRounded() || t.Explains()), nil
	})
	if err != nil {
		return best, err
	}
	t, _ := s.engine.Result(s.point(set))
	return t, nil
}

// leaders picks the first of the points in each ranking. Of those that make the
// same trace one is enough, the smallest.
func (s *settingsSearch) leaders(points []string) []Trial {
	type same struct {
		keys, rank    int
		size, residue float64
	}
	distinct := map[same]int{}
	var trials []Trial
	for _, p := range points {
		t, ok := s.engine.Result(p)
		if !ok || t.Failed != "" {
			continue
		}
		id := same{t.Keys, t.rank, t.Size, t.Residue}
		if i, ok := distinct[id]; !ok {
			distinct[id] = len(trials)
			trials = append(trials, t)
		} else if len(t.Set) < len(trials[i].Set) {
			trials[i] = t
		}
	}
	var out []Trial
	chosen := map[string]bool{}
	for _, less := range rankings {
		sort.SliceStable(trials, func(i, j int) bool { return less(trials[i], trials[j]) })
		for _, t := range trials[:min(breadth, len(trials))] {
			if p := s.point(t.Set); !chosen[p] {
				chosen[p] = true
				out = append(out, t)
			}
		}
	}
	return out
}

// ahead reports whether the new leaders lead the old ones in any ranking.
func ahead(now, before []Trial) bool {
	for _, less := range rankings {
		first := func(ts []Trial) Trial { return slices.MinFunc(ts, func(a, b Trial) int { return order(less, a, b) }) }
		if len(now) > 0 && less(first(now), first(before)) {
			return true
		}
	}
	return false
}

func order(less func(a, b Trial) bool, a, b Trial) int {
	switch {
	case less(a, b):
		return -1
	case less(b, a):
		return 1
	}
	return 0
}

func (s *settingsSearch) taken(set []string, c Choice) bool {
	for _, name := range set {
		if s.choice(name).Switch == c.Switch {
			return true
		}
	}
	return false
}

// contributions measures each member of the answer alone, and the answer
// without it.
func (s *settingsSearch) contributions(ctx context.Context) error {
	set := s.report.Best.Set
	for i, name := range set {
		rest := append(append([]string(nil), set[:i]...), set[i+1:]...)
		alone, without := s.point([]string{name}), s.point(rest)
		if err := s.engine.Run(ctx, alone, without); err != nil {
			return err
		}
		m := Member{Choice: s.choice(name)}
		m.Alone, _ = s.engine.Result(alone)
		m.Without, _ = s.engine.Result(without)
		s.report.Members = append(s.report.Members, m)
	}
	return nil
}

// confirm makes the answer's trace once more and compares it in full.
func (s *settingsSearch) confirm(ctx context.Context) error {
	text, failed, err := s.trace(ctx, s.report.Best.Set, 0)
	if err != nil {
		return err
	}
	if failed != "" {
		s.report.Notes = append(s.report.Notes, "the last run failed: "+failed)
		s.report.Verdict = parity.Refused
		return nil
	}
	log := trace.Text(string(text), "simtrace")
	rep, err := compared(ctx, s.opt.Ref, log, s.opt.Tolerance)
	if err != nil {
		return err
	}
	s.report.Verdict, s.report.Reasons = rep.Verdict, rep.Reasons
	if s.report.Best.Rounded == 0 {
		return nil
	}
	rows, err := diff.All(ctx, s.opt.Ref, log, s.opt.Tolerance)
	if err != nil {
		return err
	}
	whole := Trial{Set: s.report.Best.Set}
	s.measure(&whole, rows)
	s.report.Confirmed = whole.Broken == whole.Rounded
	return nil
}

// reproduce writes the command for an answer of switches and dtype: what
// else is changed stands for a mistake, and has no flag.
func (s *settingsSearch) reproduce() {
	if s.opt.Start == nil {
		return
	}
	switches := map[string]bool{}
	for _, sw := range sim.Switches() {
		switches[sw.Name] = true
	}
	words := append([]string{"simtrace", "trace"}, s.opt.Start...)
	for _, m := range s.report.Members {
		switch {
		case m.Choice.Switch == "dtype":
			words = append(words, "--dtype", m.Choice.Value)
		case switches[m.Choice.Switch]:
			words = append(words, "--switch", m.Choice.String())
		default:
			return
		}
	}
	words = append(words, "--pixel", fmt.Sprint(s.pixel.Slow), fmt.Sprint(s.pixel.Fast), "--dialect", string(s.dialect))
	for i, w := range words {
		words[i] = quoted(w)
	}
	s.report.Reproduce = strings.Join(words, " ")
}

// quoted quotes a word for a POSIX shell where it needs it.
func quoted(s string) string {
	safe := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_-+=./,:@%", r)
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !safe(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// maxRunners bounds the runners-up.
const maxRunners = 8

// runnersUp lists the sets that come next. One with a member that does nothing
// says nothing new.
func (s *settingsSearch) runnersUp() {
	var all []Trial
	example := ""
	for p, t := range s.engine.results {
		if s.report.Trials++; t.Failed != "" {
			s.report.Failed++
			if example == "" || len(p) < len(example) || len(p) == len(example) && p < example {
				example = p
			}
		}
		if t.Failed == "" && len(t.Set) > 0 && len(t.Set) <= max(len(s.report.Best.Set), 1) && t.Size < s.report.Base.Size {
			all = append(all, t)
		}
	}
	sort.Slice(all, func(i, j int) bool {
		if a, b := all[i], all[j]; a.better(b) || b.better(a) {
			return a.better(b)
		}
		return s.point(all[i].Set) < s.point(all[j].Set)
	})
	if example != "" {
		t, _ := s.engine.Result(example)
		s.report.Notes = append(s.report.Notes, fmt.Sprintf("what has no trace cannot be judged, such as %s: %s", t.Name(), t.Failed))
	}
	best, asGood := s.point(s.report.Best.Set), 0
	for _, t := range all {
		if s.point(t.Set) == best || s.idleMember(t) {
			continue
		}
		if t.Explains() && len(t.Set) == len(s.report.Best.Set) {
			asGood++
		}
		if len(s.report.RunnerUp) < maxRunners {
			s.report.RunnerUp = append(s.report.RunnerUp, t)
		}
	}
	if asGood > 0 {
		s.report.Notes = append(s.report.Notes, fmt.Sprintf("%s of the same size would explain the reference as well: this trace does not tell them apart", doc.Plural(asGood, "other set")))
	}
}

// idleMember reports whether the set does as well without one of its members.
func (s *settingsSearch) idleMember(t Trial) bool {
	for i := range t.Set {
		rest := append(append([]string(nil), t.Set[:i]...), t.Set[i+1:]...)
		if r, ok := s.engine.Result(s.point(rest)); ok && r.Failed == "" && r.Size <= t.Size {
			return true
		}
	}
	return false
}
