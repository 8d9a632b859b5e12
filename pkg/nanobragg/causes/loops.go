package causes

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

func findSkippedLoop(c *Context, rows []*diff.Row) ([]Cause, string) {
	found, why := findEmpty(false)(c, rows)
	if len(found) > 0 {
		return found, ""
	}
	found, more := bySum("skipped-loop")(c, rows)
	return found, why + "; " + more
}

// findEmpty looks for a side that evaluates fewer orientations than it has
// samples; cut chooses those that were left before the polarisation.
func findEmpty(cut bool) finder {
	return func(c *Context, _ []*diff.Row) ([]Cause, string) {
		for s, o := range pairs(c) {
			mine, theirs := len(s.All(schema.HKLFrac)), len(o.All(schema.HKLFrac))
			n, m := len(s.All(schema.ScatteringVec)), len(o.All(schema.ScatteringVec))
			if n == 0 || m == 0 || mine >= n || theirs*n <= mine*m {
				continue
			}
			sum, polar := val(s, schema.IBeforeScaling), val(s, schema.Polar)
			rec, pr := s.RecOr(schema.IBeforeScaling), s.RecOr(schema.Polar)
			switch {
			case !known(sum, polar):
				return nil, notPrinted(schema.IBeforeScaling, schema.Polar)
			case polar == 1 && val(o, schema.Polar) == 1 && cut:
				return nil, "polar is 1 on both sides, so that it does not tell whether the samples were left before it was computed"
			case (polar == 0 || mine > 0) != cut:
				return nil, fmt.Sprintf("polar of %s is %s", s.Name, cited(pr))
			case mine == 0 && sum != 0:
				return nil, fmt.Sprintf("%s prints no orientation, and its sum is %s, not 0", s.Name, cited(rec))
			}
			title := fmt.Sprintf("%s evaluates %d of %d samples: the loop over phi steps and mosaic domains is empty or skipped", s.Name, mine, n)
			checks := []string{fmt.Sprintf("the sum of %s is %s", s.Name, cited(rec))}
			switch {
			case cut:
				title = fmt.Sprintf("%s leaves %d of %d samples out before their polarisation, as a resolution limit (-dmin) does", s.Name, n-mine, n)
				checks = append(checks, fmt.Sprintf("polar of %s is %s", s.Name, cited(pr)))
			case polar == 1:
				title = fmt.Sprintf("%s evaluates %d of %d samples: they are cut by a resolution limit (-dmin), or the loop over phi steps and mosaic domains is empty or skipped", s.Name, mine, n)
			default:
				checks = append(checks, fmt.Sprintf("polar of %s was computed: %s", s.Name, cited(pr)))
			}
			rows := append(c.Open(slices.Concat([]schema.Key{schema.Polar, schema.OmegaPixel}, sumKeys, finalKeys)...), slices.DeleteFunc(lostBy(c, s), func(r *diff.Row) bool {
				return r.Info == nil || r.Info.Scope != schema.PerStep && r.Info.Scope != schema.PerPhi
			})...)
			return one(rows, title, checks, fmt.Sprintf("%s prints hkl_frac %d times for %d samples, the other side %d times for %d.", s.Name, mine, n, theirs, m),
				fmt.Sprintf("The sample's spacing 1/|S| is %.6g angstroms (%s).", 1e10/vec(s, schema.ScatteringVec).norm(), pos(s, schema.ScatteringVec))), ""
		}
		return nil, fmt.Sprintf("each side evaluates its %d and %d orientations", len(c.Ref.All(schema.HKLFrac)), len(c.Got.All(schema.HKLFrac)))
	}
}

// lostBy are the rows of records that the other log has and s lacks.
func lostBy(c *Context, s *Side) []*diff.Row {
	return slices.DeleteFunc(c.Lost(), func(r *diff.Row) bool { return c.Record(r, s) })
}

// rounds are the loops that a trace shows.
var rounds = []struct {
	name string
	at   int
}{{"phi step", schema.Phi}, {"subpixel", schema.Sub}}

func findShortLoop(c *Context, _ []*diff.Row) ([]Cause, string) {
	ofSetup := func(r *diff.Row) bool { return r.Stream == trace.SetupStream }
	lost := slices.DeleteFunc(c.Lost(), ofSetup)
	if len(lost) == 0 {
		return nil, "no record is lost that is not accounted for"
	}
	for s, o := range pairs(c) {
		rows := slices.DeleteFunc(lostBy(c, s), ofSetup)
		if len(rows) != len(lost) {
			continue
		}
		for _, loop := range rounds {
			both := roundsOf(c.Rows, loop.at, (*diff.Row).Compared)
			gone := slices.DeleteFunc(roundsOf(rows, loop.at, nil), func(i int32) bool { return slices.Contains(both, i) })
			// What is printed of the first round alone is gone with it.
			if len(gone) == 0 || len(both) == 0 || slices.ContainsFunc(rows, func(r *diff.Row) bool {
				return !slices.Contains(gone, r.At[loop.at]) && !(loop.at == schema.Phi && gone[0] == 0 && r.Info != nil && r.Info.Scope == schema.PerStep)
			}) {
				continue
			}
			// Of many rows not all are here, but the records are.
			theirs := roundsPrinted(o, loop.at)
			if len(theirs)-len(roundsPrinted(s, loop.at)) != len(gone) {
				continue
			}
			return one(slices.Concat(rows, c.Open(sumKeys...), keptLast(c)), fmt.Sprintf("%s leaves out %s of %d that %s has: %s", s.Name, plural(len(gone), loop.name), len(theirs), o.Name, whichRounds(gone, theirs, loop.name)),
				[]string{fmt.Sprintf("all %d records without partner are of it, %s first, and every other round is there on both sides", len(rows), rows[0].Name())}).alone(), ""
		}
	}
	return nil, "the records without partner are not those of some rounds of one loop"
}

// keptLast are the roots of the cell at phi 0, where each log has there the vectors of its own last step, and these differ.
func keptLast(c *Context) []*diff.Row {
	ref, got, ok := both(c, func(s *Side) (float64, bool) {
		p, ok := poseOf(s)
		steps, _ := phiDegs(s)
		return p.own.angle, ok && len(steps) > 0 && steps[0] == 0 && math.Abs(p.own.angle-math.Abs(steps[len(steps)-1])) < 3e-5
	})
	if !ok || ref == got {
		return nil
	}
	return slices.DeleteFunc(c.Open(slices.Concat([]schema.Key{schema.PhiKFrac}, realKeys)...), func(r *diff.Row) bool { return r.Stream == trace.PhiStream && r.At[schema.Phi] != 0 })
}

func plural(n int, what string) string {
	if n == 1 {
		return "one " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// whichRounds names the rounds that are gone.
func whichRounds(gone, all []int32, name string) string {
	switch {
	case len(gone) == 1 && gone[0] == all[0]:
		return "the first, as of a loop that begins one too late"
	case len(gone) == 1 && gone[0] == all[len(all)-1]:
		return "the last, as of a loop that ends one too early"
	}
	return name + " " + strings.ReplaceAll(strings.Trim(fmt.Sprint(gone), "[]"), " ", ", ")
}

// roundsPrinted are the values of a coordinate that a side's records have, in order.
func roundsPrinted(s *Side, at int) []int32 {
	seen := map[int32]bool{}
	for _, r := range s.Records {
		if i := r.At[at]; i >= 0 {
			seen[i] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// roundsOf are the values of a coordinate that rows have, in order.
func roundsOf(rows []*diff.Row, at int, only func(*diff.Row) bool) []int32 {
	var out []int32
	for _, r := range rows {
		if i := r.At[at]; i >= 0 && !slices.Contains(out, i) && (only == nil || only(r)) {
			out = append(out, i)
		}
	}
	slices.Sort(out)
	return out
}

func findMissingRecord(c *Context, _ []*diff.Row) ([]Cause, string) {
	rows := c.Lost()
	if len(rows) == 0 {
		return nil, "no record is lost that is not accounted for"
	}
	rec, side := rows[0].Ref, "got"
	if rec == nil {
		rec, side = rows[0].Got, "the reference"
	}
	what := rows[0].Name()
	if rec.At[schema.Phi] >= 0 && rec.Stream == trace.PhiStream {
		what = fmt.Sprintf("%s of phi step %d", what, rec.At[schema.Phi])
	}
	title := fmt.Sprintf("%d records have no partner, %s in %s first", len(rows), what, side)
	if len(rows) == 1 {
		title = fmt.Sprintf("1 record has no partner: %s in %s", what, side)
	}
	return one(rows, title, nil,
		fmt.Sprintf("%s has no partner in %s, which prints others of its kind: %s", rec.Pos(), side, rows[0].Note)).alone().at(rec.Pos(), what+" has no partner in "+side), ""
}

func findTruncated(c *Context, _ []*diff.Row) ([]Cause, string) {
	if !c.RefCut && !c.GotCut {
		return nil, "both logs are whole"
	}
	cut := pick(c, c.RefCut)
	rows := lostBy(c, cut)
	if len(rows) == 0 {
		return nil, cut.Name + " is cut off or crashed, but no record is lost by it"
	}
	var last trace.Pos
	for _, r := range cut.Records {
		if r.Line > last.Line {
			last = r.Pos()
		}
	}
	return one(rows, cut.Name+" is cut off, or ended in a crash", nil,
		fmt.Sprintf("Its last record is at %s; %d records of the other side have no partner, %s first.", last, len(rows), rows[0].Name())).alone().enters(schema.FloatImage).at(last, "the log ends here"), ""
}
