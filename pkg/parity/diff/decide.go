package diff

import (
	"cmp"
	"math"
	"slices"

	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// decisions are what is inferred from two logs as a whole. Every block is
// compared by the same ones.
type decisions struct {
	inv     [2]*inventory
	print   [2]precisions
	partner [2][]*trace.Symbol // by ID: what stands in for it in the other log
	free    bool               // of a program of which nothing is known
	counted bool               // one that has no counter, so that how often a quantity came places it
	how     []*pairing         // by ID of the reference's symbol, or of a symbol that only got prints
}

// pairing is how the records of one quantity are paired and measured.
type pairing struct {
	measure
	standIn bool
	mask    [schema.MaxIndex]bool // coordinates that do not count
	rank    int                   // place of the quantity in the order of rows
	result  bool
	minor   bool // it tells nothing alone
	config  bool
}

// decide judges two logs by what was gathered from all of their records.
func (e *Engine) decide(inv [2]*inventory) *decisions {
	d := &decisions{inv: inv, free: e.opt.Names.Schema.Free}
	d.counted = d.free && len(e.opt.Names.Schema.Index) == 0
	for side, v := range inv {
		if v.free {
			v.digits[0] = v.together()
		}
		d.print[side] = precisions{v.digits[0].infer(), v.digits[1].infer()}
	}
	symbols := e.opt.Names.Symbols()
	for side := range d.partner {
		d.partner[side] = make([]*trace.Symbol, len(symbols))
	}
	d.standIns(e, symbols)
	d.how = make([]*pairing, len(symbols))
	results := map[schema.Key]bool{}
	for _, k := range e.opt.Names.Schema.Results() {
		results[k] = true
	}
	for _, s := range symbols {
		if inv[0].of(s) == nil && inv[1].of(s) == nil {
			continue
		}
		d.how[s.ID] = e.pairingOf(d, s, results)
	}
	d.order(e, symbols)
	return d
}

func (e *Engine) pairingOf(d *decisions, s *trace.Symbol, results map[schema.Key]bool) *pairing {
	other := s
	if p := d.partner[0][s.ID]; p != nil {
		other = p
	}
	p := &pairing{standIn: other != s}
	p.rule = e.opt.Tolerances.of(s)
	if q := s.Info; q != nil {
		p.known, p.kind, p.config, p.minor, p.mixed = !q.Any, q.Kind, q.Config, q.Minor, q.Mixed
		p.unit = q.Unit
	}
	p.nanEqual = e.opt.NaNEqual
	p.result = e.opt.Names.Schema.Free || results[s.Key] && s.Key != schema.None || results[other.Key] && other.Key != schema.None
	p.print, p.free = [2]Precision{d.printOf(0, s), d.printOf(1, other)}, e.opt.Names.Schema.Free
	if p.free {
		p.print = [2]Precision{d.formatOf(0, s), d.formatOf(1, other)}
	}
	ref, got := d.inv[0].of(s), d.inv[1].of(other)
	for i := range p.mask {
		p.mask[i] = i < e.outer || ref != nil && got != nil && !(ref.knows[i] && got.knows[i])
	}
	return p
}

// printOf is the precision of a quantity: that of the log, or its own where the
// log's differs from quantity to quantity.
func (d *decisions) printOf(side int, s *trace.Symbol) Precision {
	p := d.print[side].of(s.Stream)
	if p != (Precision{}) || s.Stream == trace.NoteStream {
		return p
	}
	v := d.inv[side].of(s)
	if v == nil {
		return p
	}
	digits := v.digits()
	if n, ok := digits.fixed(); ok && digits.decimals[n] >= 2*leastFixed {
		return Precision{Fixed: true, Decimals: n}
	}
	return p
}

// formatOf is how a quantity of a program is printed of which nothing is known:
// each of its own way, or that of the log.
func (d *decisions) formatOf(side int, s *trace.Symbol) Precision {
	if v := d.inv[side].of(s); v != nil {
		print := v.digits()
		if p := print.ofFormat(&d.inv[side].digits[0]); p != (Precision{}) {
			return p
		}
	}
	if p := d.printOf(side, s); !p.Fixed {
		return p
	}
	return Precision{}
}

// candidate is a quantity of the reference that got does not print, beside one of
// got that the reference does not print, where the schema says that the one
// stands in for the other.
type candidate struct {
	ref, got *printed
	rank     int // place in the schema's list, best first
	distance float64
}

// standIns pairs quantities of two dialects. Where several could stand in, the
// one that is nearest in value is taken: a port prints its nearest and its
// interpolated structure factor, and which of them it used is to be told from
// the sum (rule "interpolation"), not from the choice made here.
func (d *decisions) standIns(e *Engine, symbols []*trace.Symbol) {
	var alone [2][]*printed
	for side := range alone {
		for _, s := range symbols {
			if p := d.inv[side].of(s); p != nil && s.Key != schema.None && d.inv[1-side].of(s) == nil {
				alone[side] = append(alone[side], p)
			}
		}
		slices.SortFunc(alone[side], func(x, y *printed) int { return cmp.Compare(x.first.Line, y.first.Line) })
	}
	var all []candidate
	for _, r := range alone[0] {
		for _, g := range alone[1] {
			if rank, ok := e.opt.Names.Schema.SameAs(r.symbol.Key, g.symbol.Key); ok {
				all = append(all, candidate{r, g, rank, distance(r, g)})
			}
		}
	}
	slices.SortStableFunc(all, func(x, y candidate) int {
		return cmp.Or(cmp.Compare(x.distance, y.distance), cmp.Compare(x.rank, y.rank),
			cmp.Compare(int(x.ref.symbol.Key)+int(x.got.symbol.Key), int(y.ref.symbol.Key)+int(y.got.symbol.Key)))
	})
	for _, c := range all {
		if d.partner[0][c.ref.symbol.ID] == nil && d.partner[1][c.got.symbol.ID] == nil {
			d.partner[0][c.ref.symbol.ID], d.partner[1][c.got.symbol.ID] = c.got.symbol, c.ref.symbol
		}
	}
}

// distance is the relative difference between the first records of two
// quantities.
func distance(ref, got *printed) float64 {
	m := measure{rule: schema.Relative(0), known: true, kind: ref.symbol.Info.Kind, nanEqual: true}
	row := Row{Ref: ref.first, Got: got.first}
	m.row(&row)
	if math.IsNaN(row.Rel) {
		return math.Inf(1)
	}
	return row.Rel
}

// order ranks the quantities: those of the schema in causal order, others behind
// them in the order in which the logs print them first.
func (d *decisions) order(e *Engine, symbols []*trace.Symbol) {
	type other struct {
		stream, side, line, column int
		symbol                     *trace.Symbol
	}
	others := make([]other, 0, len(symbols))
	for _, s := range symbols {
		if d.how[s.ID] == nil {
			continue
		}
		if s.Key != schema.None {
			d.how[s.ID].rank = int(s.Key)
			continue
		}
		o := other{stream: int(s.Stream), symbol: s}
		p := d.inv[0].of(s)
		if p == nil {
			p, o.side = d.inv[1].of(s), 1
		}
		o.line, o.column = p.first.Line, p.column
		others = append(others, o)
	}
	slices.SortFunc(others, func(x, y other) int {
		return cmp.Or(cmp.Compare(x.stream, y.stream), cmp.Compare(x.side, y.side), cmp.Compare(x.line, y.line), cmp.Compare(x.column, y.column), cmp.Compare(x.symbol.Name, y.symbol.Name))
	})
	for i, o := range others {
		d.how[o.symbol.ID].rank = e.opt.Names.Schema.Count() + i
	}
}

// of returns how the records of a symbol of the reference, or of one that only
// got prints, are compared. A symbol that nobody decided on yet is met where the
// decisions are guessed, and then all is done again.
func (d *decisions) of(s *trace.Symbol) *pairing {
	if s.ID < len(d.how) && d.how[s.ID] != nil {
		return d.how[s.ID]
	}
	return &pairing{measure: measure{rule: schema.Relative(0)}, rank: math.MaxInt}
}

// refSymbol is the reference's symbol for one of got's.
func (d *decisions) refSymbol(s *trace.Symbol) *trace.Symbol {
	if s.ID < len(d.partner[1]) {
		if p := d.partner[1][s.ID]; p != nil {
			return p
		}
	}
	return s
}

// same tells whether two sets of decisions compare every block alike.
func (d *decisions) same(o *decisions) bool {
	if d.print != o.print || d.inv[0].pixels != o.inv[0].pixels || d.inv[1].pixels != o.inv[1].pixels {
		return false
	}
	if !slices.Equal(d.partner[0], o.partner[0]) || len(d.how) != len(o.how) {
		return false
	}
	for i, a := range d.how {
		b := o.how[i]
		if (a == nil) != (b == nil) {
			return false
		}
		if a != nil && (a.mask != b.mask || a.print != b.print || a.rank != b.rank) {
			return false
		}
	}
	for side := range d.inv {
		if !sameDialects(d.inv[side].tags, o.inv[side].tags) || len(d.inv[side].sources) != len(o.inv[side].sources) {
			return false
		}
	}
	return true
}

func sameDialects(a, b map[string]*dialect) bool {
	if len(a) != len(b) {
		return false
	}
	for tag, x := range a {
		if y := b[tag]; y == nil || len(x.core) != len(y.core) {
			return false
		}
	}
	return true
}
