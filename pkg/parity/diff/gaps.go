package diff

import (
	"fmt"
	"math"
	"strings"

	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// missing marks a row that has one side only.
func (r *Row) missing(gap Gap, note string) {
	r.Status, r.Gap, r.Note = Missing, gap, note
	r.Abs, r.Rel, r.Worst = math.NaN(), math.NaN(), -1
	r.Needs = noNeeds()
}

// absence is what is known of the log that lacks a record.
type absence struct {
	e     *Engine
	d     *decisions
	side  int // that lacks it
	name  string
	has   [2]bool // by side: the job has lines of a block
	block [2]*blockState
}

// blockState is what the block of a log prints, as far as conditions ask.
type blockState struct {
	keys   keySet
	byPhi  bool // it has rows of the phi steps
	zero   bool // a lattice factor is 0
	core   int
	tag    string
	closed bool // a quantity of the whole pixel is there
}

// keySet holds keys of a schema.
type keySet []uint64

func (s keySet) has(k schema.Key) bool { return int(k/64) < len(s) && s[k/64]&(1<<(k%64)) != 0 }

func (s *keySet) add(k schema.Key) {
	for int(k/64) >= len(*s) {
		*s = append(*s, 0)
	}
	(*s)[k/64] |= 1 << (k % 64)
}

// stateOf looks at the records of a block.
func stateOf(records []trace.Record, into *blockState) {
	clear(into.keys)
	*into = blockState{keys: into.keys}
	for i := range records {
		r := &records[i]
		q := r.Symbol.Info
		if q == nil {
			continue
		}
		if !into.keys.has(r.Key) {
			into.keys.add(r.Key)
			if q.PrintedBy != 0 {
				into.core++
				into.tag = r.Tag
			}
		}
		into.closed = into.closed || q.Scope == schema.PerPixel && r.Stream == trace.PixelStream
		into.byPhi = into.byPhi || q.Scope == schema.PerPhi
		if q.Stage == schema.Lattice && q.When == schema.SquareOnly && len(r.Values) == 1 && r.Values[0].Num == 0 {
			into.zero = true
		}
	}
}

// gap says why the log lacks a record of a job; previous is the record before it
// at the same place in the log that has it, if there is one.
func (a *absence) gap(r, previous *trace.Record) (Gap, string) {
	inv := a.d.inv[a.side]
	s, q := r.Symbol, r.Symbol.Info
	p := inv.of(s)
	if p == nil {
		if partner := a.d.partner[1-a.side]; s.ID < len(partner) && partner[s.ID] != nil {
			p = inv.of(partner[s.ID])
		}
	}
	switch {
	case !a.has[a.side] && a.e.isBlock(r):
		return a.blockGone(r)
	case r.Stream == trace.SourceStream && len(inv.sources) > 0 && !inv.sources[r.At[schema.Source]]:
		return Unpaired, fmt.Sprintf("%s does not trace source %d", a.name, r.At[schema.Source])
	case previous != nil && sameText(previous, r):
		return Unpaired, fmt.Sprintf("repeats %s, and %s prints it fewer times", previous.Pos, a.name)
	case a.e.garbled(a.side, r.Name):
		return Lost, fmt.Sprintf("%s has it in a line that could not be read", a.name)
	case a.e.narrowed(a.side, r):
		return Unpaired, fmt.Sprintf("%s says that it leaves it out", a.name)
	case q != nil && !a.holds(q.When):
		return Unpaired, fmt.Sprintf("%s has no %s here: %s", a.name, r.Name, conditionWords[q.When])
	case p != nil && q != nil && q.Scope == schema.PerRun && !a.e.jobs.byRun:
		return Unpaired, fmt.Sprintf("%s prints it elsewhere, once a run", a.name)
	case a.e.opt.Names.Schema.Free, !a.e.isNanoBragg() && q != nil:
		return Lost, fmt.Sprintf("%s does not print it here", a.name)
	case p != nil:
		return Lost, fmt.Sprintf("%s prints it elsewhere, but not here", a.name)
	case a.shouldPrint(q):
		return Lost, fmt.Sprintf("%s prints the rest of this block, but not this", a.name)
	}
	return Unpaired, fmt.Sprintf("%s never prints it", a.name)
}

var conditionWords = map[schema.Condition]string{
	schema.SquareOnly: "it is printed of the SQUARE lattice shape alone",
	schema.NotCut:     "it is not printed where -dmin cuts the sample, or the lattice factor is 0",
}

// blockGone says what it means that the log has nothing of the block.
func (a *absence) blockGone(r *trace.Record) (Gap, string) {
	what := "it has no such block"
	switch {
	case r.At[schema.Slow] >= 0 && a.e.isNanoBragg():
		what = fmt.Sprintf("it does not trace pixel %d %d", r.At[schema.Slow], r.At[schema.Fast])
	case a.e.isNanoBragg() && r.At[schema.Fast] < 0 && r.At[schema.Run] > 0:
		what = fmt.Sprintf("it has no run %d", r.At[schema.Run]+1)
		if a.e.jobs.runBlind {
			return Unpaired, fmt.Sprintf("%s prints its setup fewer times", a.name)
		}
	case !a.e.isNanoBragg() && r.At[0] >= 0 && len(a.e.opt.Names.Schema.Index) > 0:
		l := Labels{Names: a.e.opt.Names}
		what = fmt.Sprintf("it has no %s %s", a.e.opt.Names.Schema.Index[0].Name, l.coord(r.At[0]))
	}
	if a.e.opt.Common {
		return Unpaired, fmt.Sprintf("%s is left out: %s", a.name, what)
	}
	return Lost, fmt.Sprintf("lost with its block in %s: %s", a.name, what)
}

// holds judges a condition by what the log's own block prints.
func (a *absence) holds(c schema.Condition) bool {
	b := a.block[a.side]
	switch c {
	case schema.SquareOnly:
		// All lattice factors are printed, or none.
		return b.lattice(a.e.opt.Names.Schema) || !b.closed
	case schema.NotCut:
		return b.lattice(a.e.opt.Names.Schema) && !b.zero || !b.closed || b.structure(a.e.opt.Names.Schema)
	}
	return true
}

// lattice tells whether the block prints anything of the lattice factors.
func (b *blockState) lattice(s *schema.Schema) bool {
	return b.any(s, schema.SquareOnly)
}

// structure tells whether the block prints a structure factor.
func (b *blockState) structure(s *schema.Schema) bool { return b.any(s, schema.NotCut) }

func (b *blockState) any(s *schema.Schema, c schema.Condition) bool {
	for i := range s.All() {
		if q := &s.All()[i]; q.When == c && b.keys.has(q.Key) {
			return true
		}
	}
	return false
}

// shouldPrint tells whether the log, which does not print the quantity at all,
// would have it if no line were lost: its program prints it, and the block has
// half at least of what that program prints. Of a program that is not known
// nobody can say that it leaves out what every one prints.
func (a *absence) shouldPrint(q *schema.Quantity) bool {
	if q == nil || q.PrintedBy == 0 || !a.has[a.side] {
		return false
	}
	b := a.block[a.side]
	if !b.closed && b.core == 0 {
		return false
	}
	programs := programsOf(b.tag)
	if programs == 0 {
		return b.core > 0
	}
	if q.PrintedBy&programs == 0 && !a.lacksStandIn(q, programs) {
		return false
	}
	all := 0
	for i := range a.e.opt.Names.Schema.All() {
		if a.e.opt.Names.Schema.All()[i].PrintedBy&programs != 0 {
			all++
		}
	}
	return 2*b.core >= all
}

// lacksStandIn tells whether the program prints another quantity in place of q,
// and this block has none.
func (a *absence) lacksStandIn(q *schema.Quantity, programs schema.Programs) bool {
	s, lacks := a.e.opt.Names.Schema, false
	for _, k := range q.Same {
		if s.Info(k).PrintedBy&programs == 0 {
			continue
		}
		if a.block[a.side].keys.has(k) {
			return false
		}
		lacks = true
	}
	return lacks
}

// isBlock tells a record that belongs to a block, and not to what is printed
// around all of them.
func (e *Engine) isBlock(r *trace.Record) bool {
	if e.isNanoBragg() {
		return r.Stream != trace.NoteStream
	}
	return r.At[0] >= 0
}

// garbled tells whether a line of the log that could not be read has the name.
func (e *Engine) garbled(side int, name string) bool {
	for i := range e.garbledText[side] {
		if strings.Contains(e.garbledText[side][i], name) {
			return true
		}
	}
	return false
}
