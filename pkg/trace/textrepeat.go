package trace

import "strings"

// Repeats tells whether the same lines say the same to two readers of any
// program's logs, behind so many lines of theirs.
func (r *Reader) Repeats(o *Reader, behind, others int) bool {
	if r.text == nil || o.text == nil || r.opt.Comma != o.opt.Comma || len(r.opt.Rename) > 0 || r.opt.Shift != o.opt.Shift || len(r.src.parts) > 0 || len(o.src.parts) > 0 {
		return false
	}
	a, b := o.opt.states.at(int64(others)), r.opt.states.at(int64(behind))
	if a == r.alike[0] && b == r.alike[1] {
		return true
	}
	if a == nil || b == nil || !a.same(b) {
		return a == b
	}
	r.alike = [2]*textState{a, b}
	return true
}

// Repeat makes a block of the one that another reader read of the same lines,
// which stand by some lines farther down in this reader's log.
func (r *Reader) Repeat(o *Reader, by int) *Block {
	b := r.block
	*b = *o.block
	b.Records = append(r.repeated[:0], o.block.Records...)
	r.repeated = b.Records
	for i := range b.Records {
		rec := &b.Records[i]
		rec.Kind, rec.Line = r.names.kindOf(rec.Kind, r.src.Name, rec.Source), rec.Line+by
	}
	b.Problems = nil
	for _, p := range o.block.Problems {
		p.Pos.File, p.Pos.Line = r.src.Name, p.Pos.Line+by
		// What is wrong may name the line.
		p.Why = strings.ReplaceAll(p.Why, " on line "+itoa(p.Pos.Line-by)+":", " on line "+itoa(p.Pos.Line)+":")
		b.Problems = append(b.Problems, p)
	}
	r.layouts.matched = nil
	return b
}
