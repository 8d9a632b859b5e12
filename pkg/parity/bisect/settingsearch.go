package bisect

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"strings"

	"simtrace/pkg/parity"
	"simtrace/pkg/sim"
)

func (s *settingsSearch) search(ctx context.Context) (*SettingsReport, error) {
	s.report = &SettingsReport{Reference: s.opt.Ref.Name, Pixel: s.pixel, Tolerance: s.tolerance, Choices: len(s.space)}
	if err := s.engine.Run(ctx, ""); err != nil {
		return nil, err
	}
	base, _ := s.engine.Result("")
	s.report.Base = base
	if base.Failed != "" {
		return nil, errors.New(base.Failed)
	}
	best, err := s.exhaust(ctx, base)
	if err != nil {
		return nil, err
	}
	if !best.Explains() && base.Compared > 0 {
		if best, err = s.grow(ctx, best); err != nil {
			return nil, err
		}
	}
	s.report.Best = best
	if err := s.contributions(ctx); err != nil {
		return nil, err
	}
	if err := s.confirm(ctx); err != nil {
		return nil, err
	}
	s.runnersUp()
	s.reproduce()
	return s.report, nil
}

// exhaust tries nothing, all single choices and all pairs, and stops at the
// size at which something explains the reference.
func (s *settingsSearch) exhaust(ctx context.Context, base Trial) (Trial, error) {
	s.report.Searched = "nothing needs to be changed"
	if base.Explains() || base.Compared == 0 {
		return base, nil
	}
	var singles, pairs []string
	for i, a := range s.space {
		singles = append(singles, s.point([]string{a.String()}))
		for _, b := range s.space[i+1:] {
			if a.Switch != b.Switch {
				pairs = append(pairs, s.point([]string{a.String(), b.String()}))
			}
		}
	}
	best := base
	s.report.Searched = "all single choices were tried"
	for _, points := range [][]string{singles, pairs} {
		if err := s.engine.Run(ctx, points...); err != nil {
			return best, err
		}
		for _, p := range points {
			if t, _ := s.engine.Result(p); t.better(best) {
				best = t
			}
		}
		if best.Explains() {
			return best, nil
		}
		s.report.Searched = "all single choices and all pairs were tried"
	}
	return best, nil
}

// maxGrown bounds a set that grows.
const maxGrown = 12

// grow adds the choice that helps most, as long as one does, and then leaves out
// what is not needed.
func (s *settingsSearch) grow(ctx context.Context, best Trial) (Trial, error) {
	for len(best.Set) < maxGrown && !best.Explains() {
		var points []string
		for _, c := range s.space {
			if !s.taken(best.Set, c) {
				points = append(points, s.point(append([]string{c.String()}, best.Set...)))
			}
		}
		if err := s.engine.Run(ctx, points...); err != nil {
			return best, err
		}
		next := best
		for _, p := range points {
			if t, _ := s.engine.Result(p); t.better(next) {
				next = t
			}
		}
		if len(next.Set) == len(best.Set) {
			break
		}
		best = next
	}
	set, err := ddmin(best.Set, func(part []string) (bool, error) {
		p := s.point(part)
		if err := s.engine.Run(ctx, p); err != nil {
			return false, err
		}
		t, _ := s.engine.Result(p)
		return t.Failed == "" && t.Size <= best.Size, nil
	})
	if err != nil {
		return best, err
	}
	s.report.Searched += "; larger sets grew by the choice that helps most"
	t, _ := s.engine.Result(s.point(set))
	return t, nil
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
	log, failed, err := s.trace(ctx, s.report.Best.Set)
	if err != nil {
		return err
	}
	if failed != "" {
		s.report.Notes = append(s.report.Notes, "the last run failed: "+failed)
		s.report.Verdict = parity.Refused
		return nil
	}
	rep := parity.Compare(s.opt.Ref, log, parity.Options{Tolerance: s.opt.Tolerance})
	s.report.Verdict, s.report.Reasons = rep.Verdict, rep.Reasons
	return nil
}

// reproduce writes the command for an answer of the profile's switches: what
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
		if !switches[m.Choice.Switch] {
			return
		}
		words = append(words, "--switch", m.Choice.String())
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
		s.report.Notes = append(s.report.Notes, fmt.Sprintf("%s of the same size make the trace equal the reference as well: this trace does not tell them apart", plural(asGood, "other set")))
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
