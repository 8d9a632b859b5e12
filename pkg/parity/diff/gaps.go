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
	never string  // that it never prints a quantity
	has   [2]bool // by side: the job has lines of a block
	empty bool    // the log begins the block, and says nothing in it
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

	samples int     // subpixels and layers of which something is printed
	inner   bool    // something of a phi step or domain is printed
	empty   bool    // the sum over them is 0
	steps   float64 // how many terms the program counts; 0 where it does not say
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
	into.add(records)
}

// add looks at more of them.
func (b *blockState) add(records []trace.Record) {
	for i := range records {
		r := &records[i]
		q := r.Symbol.Info
		if q == nil {
			continue
		}
		if !b.keys.has(r.Key) {
			b.keys.add(r.Key)
			if q.PrintedBy != 0 {
				b.core++
				b.tag = r.Tag
			}
		}
		switch {
		case q.Scope == schema.PerSample && r.Stream == trace.PixelStream:
			b.samples = max(b.samples, int(r.At[schema.Sub])+1)
		case q.Scope == schema.PerStep:
			b.inner = true
		case r.Key == schema.Steps && q.Name == schema.Steps.String() && len(r.Values) == 1:
			b.steps = r.Values[0].Num
		case q.Result && q.Stage == schema.Sum && len(r.Values) == 1:
			b.empty = r.Values[0].Num == 0
		}
		b.closed = b.closed || q.Scope == schema.PerPixel && r.Stream == trace.PixelStream
		b.byPhi = b.byPhi || q.Scope == schema.PerPhi
		if q.Stage == schema.Lattice && q.When == schema.SquareOnly && len(r.Values) == 1 && r.Values[0].Num == 0 {
			b.zero = true
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
	case (!a.has[a.side] || a.empty && a.e.inBlock(r)) && a.e.isBlock(r):
		return a.blockGone(r)
	case r.Stream == trace.SourceStream && len(inv.sources) > 0 && !inv.sources[r.At[schema.Source]]:
		return Unpaired, fmt.Sprintf("%s does not trace source %d", a.name, r.At[schema.Source])
	case previous != nil && sameText(previous, r) && !a.e.opt.Names.Schema.Free:
		return Unpaired, fmt.Sprintf("repeats %s, and %s prints it fewer times", previous.Pos(), a.name)
	case a.e.garbled(a.side, r.Name):
		return Lost, fmt.Sprintf("%s has it in a line that could not be read", a.name)
	case a.e.narrowed(a.side, r):
		return Unpaired, fmt.Sprintf("%s says that it leaves it out", a.name)
	case a.skipped(q):
		return Unpaired, fmt.Sprintf("the loop over phi steps and domains did not run in %s: its sum is 0", a.name)
	case a.oneSample(r):
		return Unpaired, fmt.Sprintf("%s traces %d of the %d samples of the pixel", a.name, a.block[a.side].samples, a.block[1-a.side].samples)
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
	return Unpaired, a.never
}

// skipped tells whether the log lacks what is evaluated once a phi step and
// domain because it evaluated none: it prints nothing of one, and a sum of 0.
func (a *absence) skipped(q *schema.Quantity) bool {
	b := a.block[a.side]
	return q != nil && a.e.isNanoBragg() && (q.Scope == schema.PerStep || q.Scope == schema.PerPhi) && !b.inner && b.empty && b.samples > 0
}

// oneSample tells whether the record is of a sample that the other program does
// not trace: it counts as many steps and shows one sample alone, or it shows as
// many fewer as it counts fewer steps.
func (a *absence) oneSample(r *trace.Record) bool {
	mine, other := a.block[a.side], a.block[1-a.side]
	if !a.e.isNanoBragg() || r.At[schema.Sub] < 0 || mine.samples == 0 || mine.samples >= other.samples || mine.steps == 0 || other.steps == 0 {
		return false
	}
	return mine.samples == 1 || mine.steps*float64(other.samples) == other.steps*float64(mine.samples)
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
	case a.e.isNanoBragg() && r.At[schema.Fast] >= 0:
		what = "it has no pixel that prints the same, and no pixel is named"
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

// inBlock tells a record of a pixel or step that its log names.
func (e *Engine) inBlock(r *trace.Record) bool {
	if e.isNanoBragg() {
		return r.At[schema.Slow] >= 0 || r.At[schema.Fast] >= 0
	}
	return r.At[0] >= 0
}

// garbled tells whether a line of the log that could not be read has the name.
func (e *Engine) garbled(side int, name string) bool {
	for i := range e.garbledText[side] {
		if hasWord(e.garbledText[side][i], name) {
			return true
		}
	}
	return false
}

// hasWord tells whether a name stands in a text, and not within a longer one.
func hasWord(text, name string) bool {
	inName := func(c byte) bool {
		return c == '_' || c-'0' <= 9 || c|0x20 >= 'a' && c|0x20 <= 'z'
	}
	for at := 0; name != ""; {
		i := strings.Index(text[at:], name)
		if i < 0 {
			break
		}
		i += at
		end := i + len(name)
		if (i == 0 || !inName(text[i-1])) && (end == len(text) || !inName(text[end])) {
			return true
		}
		at = i + 1
	}
	return false
}
