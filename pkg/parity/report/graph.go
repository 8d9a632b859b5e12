package report

import (
	"fmt"
	"html"
	"math"
	"strings"

	"simtrace/internal/doc"
	"simtrace/pkg/parity"
	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace/schema"
)

// state is what is known of a quantity over all of its rows.
type state uint8

// The states, from the one that says least to the one that says most: a
// quantity has the last that any of its rows has.
const (
	unobserved state = iota // no log prints it
	single                  // one log prints it, or a word stands for it
	matched
	waived
	lost
	diverged
	rooted
)

var stateNames = [...]string{"unobserved", "single", "matched", "waived", "lost", "diverged", "root"}

var stateTexts = [...]string{
	"on neither side", "on one side only", "agrees", "differs, waived", "a record is lost", "differs, follows from another", "root: follows from no other",
}

// node is one quantity of the causal graph.
type node struct {
	key   schema.Key
	info  *schema.Quantity
	state state
	rel   float64 // the largest relative difference
	row   int     // the row that says most, by its number in the report; -1 for none
	y     int
}

// The picture's measures, in pixels.
const (
	graphWidth = 400
	graphStep  = 20
	graphX     = 118 // of the nodes; the arcs are to the left
)

// graph draws the quantities below each other in causal order, with an arc
// from each to what is computed from it. It leaves out what only one log
// prints, unless a root is computed from it: there the mistake may be.
func (b *builder) graph() []doc.Block {
	r := b.r
	nodes, left := graphNodes(r)
	if len(nodes) == 0 {
		return nil
	}
	var used [len(stateNames)]bool
	for _, n := range nodes {
		used[n.state] = true
	}
	texts := stateTexts
	if len(r.Roots) == 0 {
		texts[diverged] = "differs" // a refused comparison tells no roots from what follows
	}
	f := doc.Figure{SVG: drawGraph(nodes, texts[:])}
	for s := len(used) - 1; s >= 0; s-- {
		if used[s] {
			f.Keys = append(f.Keys, doc.Key{SVG: fmt.Sprintf(`<svg width="16" height="16" viewBox="-8 -8 16 16" aria-hidden="true">%s</svg>`, glyph(state(s), 0, 0)), Text: texts[s]})
		}
	}
	out := section("graph", "Causal graph", soft("Each quantity with what it is computed from, in the order of the calculation. Arcs lead down from cause to effect; those between two divergences are drawn heavier. The number is the largest relative difference; a name leads to its row."), f)
	if left > 0 {
		out = append(out, soft(fmt.Sprintf("Left out: %d quantities that only one log prints, and that no root is computed from.", left)))
	}
	return out
}

// graphNodes returns the quantities to draw, and how many are left out.
func graphNodes(r *parity.Report) (nodes []*node, left int) {
	known, sch := map[schema.Key]*node{}, r.Schema()
	for i := range r.Rows {
		row := &r.Rows[i]
		for _, k := range []schema.Key{row.Key, gotKey(row)} {
			if k == schema.None {
				continue
			}
			if known[k] == nil {
				known[k] = &node{key: k, info: sch.Info(k), row: -1}
			}
			known[k].see(row, i)
		}
	}
	if r.Summary != nil {
		for i := range r.Quantities {
			if q := &r.Quantities[i]; q.First != nil && known[q.Key] != nil {
				known[q.Key].see(q.First, -1) // which may not be listed
			}
		}
	}
	for _, root := range r.Roots {
		if n := known[root.Row.Key]; n != nil {
			n.state = rooted
		}
	}
	wanted := map[schema.Key]bool{}
	for k, n := range known {
		if n.state > single {
			wanted[k] = true
		}
		if n.state == rooted {
			for _, p := range n.info.Parents {
				wanted[p] = true
			}
		}
	}
	for _, q := range sch.All() {
		switch n := known[q.Key]; {
		case wanted[q.Key] && n == nil:
			nodes = append(nodes, &node{key: q.Key, info: sch.Info(q.Key), row: -1})
		case wanted[q.Key]:
			nodes = append(nodes, n)
		case n != nil:
			left++
		}
	}
	return nodes, left
}

// gotKey is the key of got's record where it stands in for the row's.
func gotKey(row *diff.Row) schema.Key {
	if row.StandIn && row.Got.Key != row.Key {
		return row.Got.Key
	}
	return schema.None
}

// see takes a row of the quantity into account.
func (n *node) see(row *diff.Row, at int) {
	s := single
	switch {
	case row.Diverged():
		s = diverged
	case row.Gap == diff.Lost:
		s = lost
	case isWaived(row):
		s = waived
	case row.Status == diff.Pass:
		s = matched
	}
	if at >= 0 && (n.row < 0 || s > n.state || row.Compared() && row.Rel > n.rel) {
		n.row = at
	}
	n.state = max(n.state, s)
	if row.Compared() && row.Rel > n.rel {
		n.rel = row.Rel
	}
}

func drawGraph(nodes []*node, texts []string) string {
	var b, dots strings.Builder
	at := map[schema.Key]*node{}
	y, stage := 0, schema.Stage(255)
	start := 0
	band := func(end int) {
		if stage != 255 {
			fmt.Fprintf(&b, `<rect class="stage" x="0" y="%d" width="%d" height="%d" rx="5"/>`, start, graphWidth, end-start)
			fmt.Fprintf(&b, `<text class="soft small" x="%d" y="%d" text-anchor="end">%s</text>`, graphWidth-6, start+14, stage)
		}
	}
	for _, n := range nodes {
		if s := n.info.Stage; s != stage {
			band(y + 2)
			if stage != 255 {
				y += 6
			}
			stage, start = s, y
			y += 20
		}
		n.y = y + graphStep/2
		at[n.key] = n
		y += graphStep
		label(&dots, n, texts[n.state])
	}
	band(y + 2)
	var cold, hot strings.Builder
	for _, n := range nodes {
		for _, p := range n.info.Parents {
			if up := at[p]; up != nil {
				if into := &cold; n.state >= diverged && up.state >= diverged {
					arc(&hot, up, n, " hot")
				} else {
					arc(into, up, n, "")
				}
			}
		}
	}
	return fmt.Sprintf(`<svg id="causal" role="img" aria-label="causal graph" width="%d" height="%d" viewBox="0 0 %d %d">%s%s%s%s</svg>`,
		graphWidth, y+4, graphWidth, y+4, b.String(), cold.String(), hot.String(), dots.String())
}

func label(b *strings.Builder, n *node, what string) {
	class, note := "", ""
	switch n.state {
	case rooted:
		class, note = "b hot", number(n.rel)
	case diverged:
		class, note = "hot", number(n.rel)
	case unobserved, single:
		class, note = "soft", "–"
	case lost:
		note = "lost"
	default:
		note = number(n.rel)
	}
	name := html.EscapeString(n.info.Name)
	switch n.info.Scope {
	case schema.PerPhi:
		name += " of the phi rows"
	case schema.PerSource:
		name += " of a source"
	}
	fmt.Fprintf(b, `<g><title>%s: %s</title>%s`, name, what, glyph(n.state, graphX, n.y))
	text := fmt.Sprintf(`<text class="%s" x="%d" y="%d">%s</text>`, class, graphX+14, n.y+4, name)
	if n.row >= 0 {
		text = fmt.Sprintf(`<a href="%s">%s</a>`, rowID(n.row), text)
	}
	b.WriteString(text)
	fmt.Fprintf(b, `<text class="%s" x="%d" y="%d" text-anchor="end">%s</text></g>`, class, graphWidth-6, n.y+4, note)
}

// arc draws a curve to the left, the wider the longer.
func arc(b *strings.Builder, from, to *node, class string) {
	reach := math.Min(graphX-14, 10+5.5*math.Sqrt(math.Abs(float64(to.y-from.y))))
	x := float64(graphX - 8)
	fmt.Fprintf(b, `<path class="edge%s" d="M%g %dC%.1f %d %.1f %d %g %d"/>`, class, x, from.y, x-reach*4/3, from.y, x-reach*4/3, to.y, x, to.y)
}

// glyph draws the sign of a state: its shape tells it without colour.
func glyph(s state, x, y int) string {
	at := func(format string, args ...any) string {
		return fmt.Sprintf(`<g transform="translate(%d %d)">`, x, y) + fmt.Sprintf(format, args...) + `</g>`
	}
	class := stateNames[s]
	switch s {
	case rooted:
		return at(`<rect class="node %s" x="-3.5" y="-3.5" width="7" height="7"/><rect class="ring" x="-6.5" y="-6.5" width="13" height="13"/>`, class)
	case diverged:
		return at(`<path class="node %s" d="M0 -5L5 0L0 5L-5 0Z"/>`, class)
	case lost:
		return at(`<path class="node %s" d="M-4 -4L4 4M4 -4L-4 4"/>`, class)
	case waived:
		return at(`<path class="node %s" d="M0 -5L5 4L-5 4Z"/>`, class)
	case matched:
		return at(`<circle class="node %s" r="5"/><path class="tick" d="M-2.5 0L-.5 2L2.5 -2"/>`, class)
	}
	if s == single {
		return at(`<circle class="node %s" r="4.5"/><path class="node" d="M0 -4.5L0 4.5"/>`, class)
	}
	return at(`<circle class="node %s" r="4.5"/>`, class)
}
