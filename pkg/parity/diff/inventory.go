package diff

import (
	"strings"

	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// inventory is what a log prints at all. It decides, together with that of the
// other log, how the two are compared.
type inventory struct {
	seen    []*printed // by Symbol.ID; nil for what the log does not print
	sources map[int32]bool
	tags    map[string]*dialect
	digits  [2]digits // of trace lines, and of notes; where free, the first is summed up by decide
	settled [2]bool   // digits.settled of each
	pixels  bool      // some record says of which pixel it is
	free    bool      // of a program of which nothing is known: each quantity has its own print
}

// printed is what a log tells of one quantity.
type printed struct {
	symbol  *trace.Symbol
	count   int
	knows   [schema.MaxIndex]bool // coordinates that some record tells
	first   *trace.Record         // the one that stands first in the log
	column  int                   // of that one among the records of its line
	many    *digits               // how its numbers are printed; nil as long as the first record tells it
	settled bool                  // many.settled
}

// digits counts how the numbers of the quantity are printed.
func (p *printed) digits() (d digits) {
	switch {
	case p.many != nil:
		return *p.many
	case p.count > 0:
		d.record(p.first)
	}
	return d
}

// more is digits, to count further numbers in.
func (p *printed) more() *digits {
	if p.many == nil {
		d := p.digits()
		p.many = &d
	}
	return p.many
}

// dialect is what lines with one tag print.
type dialect struct {
	programs schema.Programs // that print with this tag, as far as it is known
	core     map[schema.Key]bool
}

func newInventory() *inventory {
	return &inventory{sources: map[int32]bool{}, tags: map[string]*dialect{}}
}

func (v *inventory) of(s *trace.Symbol) *printed {
	if s.ID < len(v.seen) {
		return v.seen[s.ID]
	}
	return nil
}

// add takes the records of a block into account.
func (v *inventory) add(records []trace.Record) {
	column := 0
	for i := range records {
		if column++; i == 0 || !records[i].SameLine(&records[i-1]) {
			column = 0
		}
		v.record(&records[i], column)
	}
}

// record takes a record into account, and how many stand before it in its line.
func (v *inventory) record(r *trace.Record, column int) {
	p := v.at(r)
	if p.count == 0 {
		p.column = column
	}
	v.numbers(p, r)
	p.count++
	for i, c := range r.At {
		if c >= 0 {
			p.knows[i] = true
		}
	}
	v.pixels = v.pixels || r.At[schema.Slow] >= 0
	if before(r, p.first) {
		p.first, p.column = r.Clone(), column
	}
	if r.Stream == trace.SourceStream {
		v.sources[r.At[schema.Source]] = true
	}
	v.dialectOf(r)
}

func before(a, b *trace.Record) bool {
	return a.Line < b.Line || a.Line == b.Line && a.File < b.File
}

func (v *inventory) at(r *trace.Record) *printed {
	for r.Symbol.ID >= len(v.seen) {
		v.seen = append(v.seen, nil)
	}
	p := v.seen[r.Symbol.ID]
	if p == nil {
		p = &printed{symbol: r.Symbol, first: r.Clone()}
		v.seen[r.Symbol.ID] = p
	}
	return p
}

// numbers counts how the numbers of a record are printed, as long as that can
// matter.
func (v *inventory) numbers(p *printed, r *trace.Record) {
	settled := v.free
	if !v.free {
		kind := 0
		if r.Stream == trace.NoteStream {
			kind = 1
		}
		if settled = v.settled[kind]; !settled {
			v.digits[kind].record(r)
			v.settled[kind] = v.digits[kind].settled()
		}
	}
	if p.count > 0 && (v.free || !settled || !p.settled) {
		p.more().record(r)
		p.settled = !v.free && p.many.settled()
	}
}

// together is how the numbers of all quantities are printed.
func (v *inventory) together() (d digits) {
	for _, p := range v.seen {
		if p != nil {
			more := p.digits()
			d.merge(&more)
		}
	}
	return d
}

// dialectOf notes what is printed with a tag of a pixel's lines.
func (v *inventory) dialectOf(r *trace.Record) {
	if r.Stream != trace.PixelStream || r.Symbol.Info == nil || r.Symbol.Info.PrintedBy == 0 {
		return
	}
	d := v.tags[r.Tag]
	if d == nil {
		d = &dialect{programs: programsOf(r.Tag), core: map[schema.Key]bool{}}
		v.tags[strings.Clone(r.Tag)] = d
	}
	if !d.core[r.Key] {
		d.core[r.Key] = true
	}
}

// programsOf tells which program prints with a tag; 0 for an unknown one.
func programsOf(tag string) schema.Programs {
	switch tag {
	case "TRACE_C":
		return schema.ProgramC
	case "TRACE_PY":
		return schema.ProgramPy
	}
	return 0
}

// merge adds what another part of the same log holds.
func (v *inventory) merge(o *inventory) {
	for id, b := range o.seen {
		if b == nil {
			continue
		}
		for id >= len(v.seen) {
			v.seen = append(v.seen, nil)
		}
		a := v.seen[id]
		if a == nil {
			c := *b
			if b.many != nil {
				many := *b.many
				c.many = &many // both logs may take what is alike in them
			}
			v.seen[id] = &c
			continue
		}
		if b.count > 0 {
			d := b.digits()
			a.more().merge(&d)
		}
		a.count += b.count
		for i, y := range b.knows {
			a.knows[i] = a.knows[i] || y
		}
		if before(b.first, a.first) {
			a.first, a.column = b.first, b.column
		}
	}
	for n := range o.sources {
		v.sources[n] = true
	}
	for tag, b := range o.tags {
		a := v.tags[tag]
		if a == nil {
			a = &dialect{programs: b.programs, core: map[schema.Key]bool{}}
			v.tags[tag] = a
		}
		for k := range b.core {
			a.core[k] = true
		}
	}
	for i := range v.digits {
		v.digits[i].merge(&o.digits[i])
	}
	v.pixels = v.pixels || o.pixels
}
