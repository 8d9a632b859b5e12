package watch

import (
	"cmp"
	"fmt"
	"strings"

	"simtrace/internal/comparison"
	"simtrace/pkg/parity"
	"simtrace/pkg/parity/diff"
)

// State is what is remembered of a run.
type State struct {
	Verdict string   // MATCH, DIVERGED or REFUSED
	First   string   // the first divergence, "" for none
	Broken  []string // rows that speak against a match, by name, in order
	// Many is how many such rows there are where they are too many to be told apart by
	// name; Broken is empty then.
	Many   int
	Causes []string // ids
}

// MaxBroken is how many rows are told apart by name: about 100 MB of them.
const MaxBroken = 1 << 20

// Add takes a row that speaks against a match. A name that came before is numbered,
// so that no row hides another.
func (s *State) Add(name string, seen map[string]int) {
	if s.Many > 0 {
		s.Many++
		return
	}
	if len(s.Broken) == MaxBroken {
		s.Many, s.Broken = MaxBroken+1, nil
		clear(seen)
		return
	}
	if seen[name]++; seen[name] > 1 {
		name = fmt.Sprintf("%s (%d)", name, seen[name])
	}
	s.Broken = append(s.Broken, name)
}

// rows is how many rows speak against a match.
func (s *State) rows() int { return max(s.Many, len(s.Broken)) }

// named is how many rows a line names.
const named = 6

// Changes says in lines what is different between two runs.
func Changes(before, now *State) []string {
	var out []string
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if before.Verdict != now.Verdict {
		say("verdict: %s before, %s now", before.Verdict, now.Verdict)
	}
	if before.Many > 0 || now.Many > 0 {
		if before.rows() != now.rows() {
			say("rows that differ: %d before, %d now (too many to say which)", before.rows(), now.rows())
		}
	} else {
		say("mended: %s", list(minus(before.Broken, now.Broken), "row"))
		say("newly broken: %s", list(minus(now.Broken, before.Broken), "row"))
	}
	if before.First != now.First {
		say("first divergence: %s before, %s now", cmp.Or(before.First, "none"), cmp.Or(now.First, "none"))
	} else if now.First != "" {
		say("first divergence: %s, as before", now.First)
	}
	if gone := minus(before.Causes, now.Causes); len(gone) > 0 {
		say("causes gone: %s", strings.Join(gone, ", "))
	}
	if come := minus(now.Causes, before.Causes); len(come) > 0 {
		say("causes come: %s", strings.Join(come, ", "))
	}
	return out
}

// minus lists what is in a and not in b, in a's order.
func minus(a, b []string) []string {
	in := make(map[string]bool, len(b))
	for _, s := range b {
		in[s] = true
	}
	var out []string
	for _, s := range a {
		if !in[s] {
			in[s] = true // a cause may be found at two quantities
			out = append(out, s)
		}
	}
	return out
}

// list counts and names things.
func list(names []string, what string) string {
	switch n := len(names); {
	case n == 0:
		return "none"
	case n == 1:
		return fmt.Sprintf("1 %s: %s", what, names[0])
	case n > named:
		return fmt.Sprintf("%d %ss: %s and %d more", n, what, strings.Join(names[:named], ", "), n-named)
	default:
		return fmt.Sprintf("%d %ss: %s", n, what, strings.Join(names, ", "))
	}
}

// Taker fills the state with the rows of a comparison that speak against a match.
func (s *State) Taker() *comparison.RowTaker {
	var seen map[string]int
	return &comparison.RowTaker{
		Begin: func() { *s, seen = State{}, map[string]int{} },
		Row: func(label string, r *diff.Row) {
			if r.Broken() {
				s.Add(strings.Clone(label), seen)
			}
		},
	}
}

// Judged takes what else a report says.
func (s *State) Judged(rep *parity.Report) {
	s.Verdict = string(rep.Verdict)
	if row := rep.FirstRow(); row != nil {
		s.First = rep.Label(row)
	}
	for _, c := range rep.Causes {
		s.Causes = append(s.Causes, c.ID)
	}
}
