package diff

import (
	"hash/maphash"
	"slices"

	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// couple is a record of the reference and its partner, by their numbers.
type couple struct{ ref, got int32 }

// pairs is how the records of a job belong together.
type pairs struct {
	both  []couple
	alone [2][]int32
	// byNumbers is set where the numbers had a part in it, so that another
	// block of the same layout may pair otherwise.
	byNumbers bool
	// sub are sample numbers that are others than those of the reader; nil: none.
	sub    [2][]int32
	broken int              // of both, those behind so many have rows that agree; known once they were compared
	lines  [2]*printedLines // of the lists that are being paired; nil until asked for
	whole  bool             // all records of the job are at hand
	ended  bool             // of a job in stretches, no more are to come
}

// pair brings the records of a job together: those of one quantity and place, in
// the order printed. A coordinate counts only where both logs tell it.
func (d *decisions) pair(list [2][]trace.Record, out *pairs) {
	out.both, out.alone[0], out.alone[1] = out.both[:0], out.alone[0][:0], out.alone[1][:0]
	out.sub, out.lines, out.byNumbers = [2][]int32{}, [2]*printedLines{}, false
	if out.whole {
		alignSamples(list, out)
	}
	if d.inOrder(list, out) && !(d.byText(out) && out.shifted(list)) {
		return
	}
	out.both = out.both[:0]
	d.byIdentity(list, out)
}

// id is the identity of record i.
func (d *decisions) id(side, i int, rec *trace.Record, out *pairs) identity {
	s := rec.Symbol
	if side == 1 {
		s = d.refSymbol(s)
	}
	id := identity{int32(s.ID), rec.At}
	if sub := out.sub[side]; sub != nil {
		id.at[schema.Sub] = sub[i]
	}
	for k, off := range d.of(s).mask {
		if off {
			id.at[k] = -1
		}
	}
	return id
}

// inOrder pairs records one by one where both logs print the same quantities at
// the same places in the same order, as most do; false where they do not.
func (d *decisions) inOrder(list [2][]trace.Record, out *pairs) bool {
	if len(list[0]) != len(list[1]) {
		return false
	}
	for i := range list[0] {
		r, g := &list[0][i], &list[1][i]
		if r.Symbol != g.Symbol && r.Symbol != d.refSymbol(g.Symbol) {
			return false
		}
		if d.partnerOfRef(r.Symbol) != g.Symbol {
			return false
		}
		if r.At != g.At || out.sub[0] != nil || out.sub[1] != nil {
			if d.id(0, i, r, out) != d.id(1, i, g, out) {
				return false
			}
		}
		out.both = append(out.both, couple{int32(i), int32(i)})
	}
	return true
}

// partnerOfRef is got's symbol for one of the reference's.
func (d *decisions) partnerOfRef(s *trace.Symbol) *trace.Symbol {
	if s.ID < len(d.partner[0]) {
		if p := d.partner[0][s.ID]; p != nil {
			return p
		}
	}
	return s
}

// equals are the records of one identity in both logs, in their order.
type equals struct{ list [2][]int32 }

// byIdentity pairs records in any order.
func (d *decisions) byIdentity(list [2][]trace.Record, out *pairs) {
	most := max(len(list[0]), len(list[1]))
	var number identities
	number.reset(most)
	var of [2][]int32    // by record: the number of its identity
	var begin [2][]int32 // by identity: how many records there are, then where they begin
	for side := range list {
		of[side] = make([]int32, len(list[side]))
		begin[side] = make([]int32, len(begin[0]), most+1)
		for i := range list[side] {
			id := d.id(side, i, &list[side][i], out)
			n := number.of(&id)
			if int(n) == len(begin[side]) {
				begin[side] = append(begin[side], 0)
			}
			of[side][i] = n
			begin[side][n]++
		}
		number.again()
	}
	var grouped [2][]int32
	for side := range list {
		begin[side] = append(begin[side], make([]int32, len(number.list)-len(begin[side]))...)
		at := int32(0)
		for n, count := range begin[side] {
			begin[side][n], at = at, at+count
		}
		grouped[side] = make([]int32, len(list[side]))
		for i, n := range of[side] {
			grouped[side][begin[side][n]] = int32(i)
			begin[side][n]++ // in the end it is where the next identity's begin
		}
	}
	from := [2]int32{}
	for n := range number.list {
		var q equals
		for side := range list {
			q.list[side], from[side] = grouped[side][from[side]:begin[side][n]], begin[side][n]
		}
		d.equals(list, &q, out)
	}
}

// equals pairs the records of one identity.
func (d *decisions) equals(list [2][]trace.Record, q *equals, out *pairs) {
	ref, got := q.list[0], q.list[1]
	switch {
	case len(ref) == 0:
		out.alone[1] = append(out.alone[1], got...)
	case len(got) == 0:
		out.alone[0] = append(out.alone[0], ref...)
	case len(ref) == len(got) && !d.byText(out):
		for i := range ref {
			out.both = append(out.both, couple{ref[i], got[i]})
		}
	default:
		out.byNumbers = true
		s := sequences{
			n: len(ref), m: len(got), hold: !out.whole && !out.ended,
			same: func(i, j int) bool { return sameText(&list[0][ref[i]], &list[1][got[j]]) },
			hash: func(side, i int) uint64 { return textHash(&list[side][q.list[side][i]]) },
		}
		if d.free {
			s.sure = func(i int) bool {
				return slices.ContainsFunc(list[0][ref[i]].Values, func(v trace.Value) bool { return manyDigits(v.Text) })
			}
			out.alignLines(list, q, &s)
		}
		s.resync(func(i, j int) {
			switch {
			case j < 0:
				out.alone[0] = append(out.alone[0], ref[i])
			case i < 0:
				out.alone[1] = append(out.alone[1], got[j])
			default:
				out.both = append(out.both, couple{ref[i], got[j]})
			}
		})
	}
}

// alignLines tells s which of the records of one identity stand on lines that print
// the same.
func (out *pairs) alignLines(list [2][]trace.Record, q *equals, s *sequences) {
	if out.lines[0] == nil {
		out.lines = [2]*printedLines{newPrintedLines(list[0]), newPrintedLines(list[1])}
	}
	ref, got := out.lines[0], out.lines[1]
	s.same = func(i, j int) bool { return ref.hash[q.list[0][i]] == got.hash[q.list[1][j]] }
	s.alike = func(i, j int) bool { return ref.alike(q.list[0][i], got, q.list[1][j]) }
	s.hash = func(side, i int) uint64 { return out.lines[side].hash[q.list[side][i]] }
}

// byText tells whether as many records of one quantity may be shifted: their
// number is all that places them, in a log without a counter.
func (d *decisions) byText(out *pairs) bool { return d.counted || !out.whole && d.free }

// shifted tells whether records that were paired one by one look shifted: many in
// a row differ.
func (out *pairs) shifted(list [2][]trace.Record) bool {
	const many = 8
	run := 0
	for _, c := range out.both {
		if sameText(&list[0][c.ref], &list[1][c.got]) {
			run = 0
		} else if run++; run == many {
			return true
		}
	}
	return run > 0 && run == len(out.both)
}

var hashSeed = maphash.MakeSeed()

// textHash is of what a record prints.
func textHash(r *trace.Record) uint64 {
	h := uint64(len(r.Values))
	for i := range r.Values {
		h = h*31 + maphash.String(hashSeed, r.Values[i].Text)
	}
	return h
}

// sameText tells whether two records print the same.
func sameText(a, b *trace.Record) bool {
	if a.Text != b.Text || len(a.Values) != len(b.Values) {
		return false
	}
	for i := range a.Values {
		if a.Values[i].Text != b.Values[i].Text {
			return false
		}
	}
	return true
}
