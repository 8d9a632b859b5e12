package explain

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"simtrace/internal/digits"
	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// Rule recognises one cause.
type Rule struct {
	ID      string
	Title   string       // one line
	Stage   schema.Stage // of the calculation, under which it is listed
	Text    string       // what it is, how it shows, how to check; paragraphs of plain text
	Do      string       // what to do about it
	Mimic   string       // flags of a simulator that show it; "" for none
	Example string       // how it looked in a real pair
	Digits  bool         // it changes the last digits of many quantities, and none in particular
	Held    []Held       // by the number of checks that passed, the last for as many or more: how a benchmark went
	// Find returns what the rule recognises in the block; where that is
	// nothing, why says which condition does not hold, with its number.
	Find func(*Context) (found []Cause, why string)
}

// Held is how many causes of a benchmark with known truth were right.
type Held struct{ Right, Total int }

// held is the record of causes with so many checks; nil where there is none.
func (r *Rule) held(checks int) *Held {
	if len(r.Held) == 0 {
		return nil
	}
	return &r.Held[min(checks, len(r.Held)-1)]
}

// ByID returns the rule with the given id.
func ByID(rules []Rule, id string) (Rule, bool) {
	for _, r := range rules {
		if r.ID == id {
			return r, true
		}
	}
	return Rule{}, false
}

// Role says what a Cause does to the numbers.
type Role string

const (
	// IsCause marks what makes the logs differ.
	IsCause Role = "cause"
	// IsNote marks what looks like a cause and is none: it stands in the log
	// and has no effect on the result, or none that can be shown.
	IsNote Role = "note"
)

// Cause is something recognised, with what speaks for it.
type Cause struct {
	ID        string
	Title     string
	Of        string // the quantity or setting, where a rule may find several causes
	Role      Role   // IsCause where it is empty
	Checks    []string
	Evidence  []string
	Share     *Share
	Findings  []Finding
	Explains  []*diff.Row // the roots it accounts for
	Partly    []*diff.Row // the roots it accounts for in part only
	Exposes   []*diff.Row // rows that start to differ there once this one is taken away
	PrintOnly bool        // what is computed from its first root need not differ
	Order     schema.Key  // where it enters the calculation
	Mimic     string      // see Rule
	Digits    bool        // see Rule
	Held      *Held       // how causes with as many checks went in a benchmark; nil where that is not recorded
	Pixels    int         // at how many of the listed blocks it was found
}

// Share is a cause's part of the difference between the results.
type Share struct {
	Value float64 // (result of got - of the reference) / result of the reference, this cause's part
	How   string  // how it was computed, from which lines
	Rest  bool    // it is what the other causes leave over, not computed for itself
}

// Finding is a line to look at.
type Finding struct {
	Pos  trace.Pos
	What string
}

// Context is one block of a comparison, as the rules see it.
type Context struct {
	Schema    *schema.Schema
	Ref, Got  *Side
	Tolerance float64
	Rows      []*diff.Row // of this block and of the setup, in causal order
	Roots     []*diff.Row
	// RefCut and GotCut are set where the log is cut off or ends in a crash.
	RefCut, GotCut bool

	claimed map[*diff.Row]bool // roots that a rule tried before accounts for
}

// Result is what all rules together say about a block.
type Result struct {
	Causes   []Cause // in causal order, notes last
	RuledOut []RuledOut
}

// RuledOut tells why a rule does not apply.
type RuledOut struct{ ID, Why string }

// RuleFailed is how the reason begins why a rule with a fault of its own does not apply.
const RuleFailed = "not checked: this rule failed"

// find tries a rule. One that fails on logs which nobody foresaw costs its own answer
// and not the whole comparison.
func find(rule Rule, c *Context) (found []Cause, why string) {
	defer func() {
		if fault := recover(); fault != nil {
			found, why = nil, fmt.Sprintf("%s on these logs (%v); please report it with them", RuleFailed, fault)
		}
	}()
	return rule.Find(c)
}

// Run tries the rules.
func Run(c *Context, rules []Rule) Result {
	var res Result
	c.claimed = map[*diff.Row]bool{}
	for _, rule := range rules {
		found, why := c.acting(find(rule, c))
		if len(found) == 0 {
			res.RuledOut = append(res.RuledOut, RuledOut{rule.ID, why})
		}
		for i := range found {
			f := &found[i]
			rows := f.Explains
			if f.Role == IsNote {
				// A note says what is left open of its rows: no other rule need.
				rows = append(slices.Clone(rows), f.Partly...)
			}
			for _, r := range rows {
				c.claimed[r] = true
			}
			for _, r := range f.Exposes {
				if !slices.Contains(c.Roots, r) {
					c.Roots = append(c.Roots, r)
				}
			}
			f.ID, f.Digits, f.Held = rule.ID, rule.Digits, rule.held(len(f.Checks))
			if f.Title == "" {
				f.Title = rule.Title
			}
			if f.Role == "" {
				f.Role = IsCause
			}
			if f.Mimic == "" {
				f.Mimic = rule.Mimic
			}
		}
		res.Causes = append(res.Causes, found...)
	}
	slices.SortStableFunc(res.Causes, func(a, b Cause) int {
		if a.Role != b.Role {
			return strings.Compare(string(a.Role), string(b.Role))
		}
		return int(a.Order) - int(b.Order)
	})
	shareRest(c, res.Causes)
	return res
}

// acting leaves the causes that act: where something is compared that is
// computed from a cause's first root, it has to differ as well. Else the number
// is wrong in the print alone, and no fault of the calculation makes it so.
func (c *Context) acting(found []Cause, why string) ([]Cause, string) {
	var out []Cause
	for _, cause := range found {
		if len(cause.Explains) > 0 && !cause.PrintOnly {
			k := cause.Explains[0].Key
			if below, agree := c.Downstream(k); len(below) > 0 && agree {
				why = fmt.Sprintf("%s looks so, but the %d rows that are computed from it agree, %s first", c.Schema.Info(k).Name, len(below), below[0].Name())
				continue
			}
		}
		out = append(out, cause)
	}
	return out, why
}

// shareRest gives the last cause without a share what the others leave of the
// difference between the results. That is honest only where nothing else can
// have a part in it: every root is accounted for, and just one cause is without
// a share.
func shareRest(c *Context, causes []Cause) {
	total, how, ok := c.change()
	var open *Cause
	explained := map[*diff.Row]bool{}
	known := 0.0
	for i := range causes {
		cause := &causes[i]
		for _, r := range cause.Explains {
			explained[r] = true
		}
		if cause.Role != IsCause {
			continue
		}
		switch {
		case len(cause.Partly) > 0:
			return
		case cause.Share != nil:
			known += cause.Share.Value
		case open == nil:
			open = cause
		default:
			return // two causes without a share
		}
	}
	if open == nil || !ok || slices.ContainsFunc(c.Roots, func(r *diff.Row) bool { return !explained[r] }) {
		return
	}
	open.Share = &Share{Value: total - known, Rest: true, How: how}
	if known != 0 {
		open.Share.How = fmt.Sprintf("%s; the other causes account for %s of it, and no other root is left", how, Percent(known))
	}
}

// change returns (got - ref)/ref of the last result that both logs print.
func (c *Context) change() (change float64, how string, ok bool) {
	results := c.Schema.Results()
	for i := len(results) - 1; i >= 0; i-- {
		k := results[i]
		r, rr, ok1 := c.Ref.Num(k)
		g, gr, ok2 := c.Got.Num(k)
		if ok1 && ok2 && r != 0 && finite(r) && finite(g) && c.Schema.Info(k).Name == rr.Name && !isCopy(c.Schema, k) {
			from, to := digits.Cut(rr.Values[0].Text, gr.Values[0].Text)
			return (g - r) / r, fmt.Sprintf("%s changes by %s from %s (%s) to %s (%s)", rr.Name, Percent((g-r)/r), from, rr.Pos(), to, gr.Pos()), true
		}
	}
	return 0, "", false
}

// isCopy tells a result that is another one stored in fewer digits.
func isCopy(s *schema.Schema, k schema.Key) bool {
	q := s.Info(k)
	return len(q.Parents) == 1 && slices.Contains(s.Results(), q.Parents[0])
}

// Percent formats a fraction with two decimals, more where it is small.
func Percent(v float64) string {
	switch size := math.Abs(100 * v); {
	case v != 0 && size < 0.005:
		return fmt.Sprintf("%+.2g %%", 100*v)
	case size >= 100:
		return fmt.Sprintf("%+.0f %%", 100*v)
	}
	return fmt.Sprintf("%+.2f %%", 100*v)
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
