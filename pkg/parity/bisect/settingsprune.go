package bisect

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// prune leaves out of the answer, one by one, the choices without which it is as good:
// of several first the one whose absence leaves the trace closest. A search that ranks
// traces by small differences takes choices along that only fit their noise.
func (s *settingsSearch) prune(ctx context.Context, best Trial) (Trial, error) {
	for len(best.Set) > 0 {
		var points []string
		for i := range best.Set {
			points = append(points, s.point(slices.Delete(slices.Clone(best.Set), i, i+1)))
		}
		if err := s.try(ctx, "what can be left out", points); err != nil {
			return best, err
		}
		next := Trial{Failed: "none"}
		for _, p := range points {
			if t, _ := s.engine.Result(p); s.asGood(t, best) && (next.Failed != "" || t.Size < next.Size) {
				next = t
			}
		}
		if next.Failed != "" {
			break
		}
		best = next
	}
	return best, nil
}

// asGood reports whether a trial leaves no more to explain than another: as many rows
// agree, no more differ, nor quantities, and the intensity is no farther off, to the three digits that
// reports print. Where the intensity is not explained, one of so many choices brings a
// number nearer by a factor of so many by chance: less than that says nothing.
func (s *settingsSearch) asGood(t, than Trial) bool {
	explains := func(t Trial) bool { return t.Explains() || t.ExplainsRounded() }
	switch {
	case t.Failed != "" || t.Broken > than.Broken || t.Keys > than.Keys || t.Compared-t.Broken < than.Compared-than.Broken:
		return false
	case explains(than) && !explains(t) || than.IntensityAgrees && !t.IntensityAgrees:
		return false
	case than.ExplainsRounded() && t.Size > than.Size:
		return false // below rounding, shrink has left out what chance allows
	case math.IsNaN(than.Intensity):
		return true
	}
	slack := 1.01
	if !than.IntensityAgrees {
		slack = float64(len(s.space))
	}
	return max(t.Intensity, s.opt.Tolerance) <= slack*max(than.Intensity, s.opt.Tolerance)
}

// randomDomains says, where nothing explains the reference, that the crystal's mosaic
// domains may be the reason.
func (s *settingsSearch) randomDomains() {
	if s.domains > 1 && !s.report.Explained() {
		s.report.Notes = append(s.report.Notes, fmt.Sprintf("the crystal has %d mosaic domains: where the program draws them at random in a way of its own, no setting explains what they change", s.domains))
	}
}
