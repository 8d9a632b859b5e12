package trace

import (
	"strings"

	"simtrace/pkg/trace/schema"
)

// shape is the beginning of a pixel line, "TRACE_C: F_cell ", and the one that
// came behind it last time. The blocks of a log are alike: the shape of a line
// mostly tells that of the next, which then is compared and not looked up.
type shape struct {
	prefix string
	tag    *tag
	name   *name
	next   *shape
}

// expect notes that a line of this tag and name came.
func (r *Reader) expect(t *tag, n *name) {
	if !n.known() || n.info.Scope == schema.PerRun || t.form != blockForm {
		return
	}
	if n.shape == nil || n.shape.tag != t {
		n.shape = &shape{prefix: t.text + ": " + n.text + " ", tag: t, name: n}
	}
	if r.last != nil {
		r.last.next = n.shape
	}
	r.last = n.shape
}

// expected reads the line if it has the shape that comes next, and a number
// behind it. Whatever else it is, it is left as it was.
func (r *Reader) expected(s string) bool {
	if r.last == nil || r.last.next == nil {
		return false
	}
	e := r.last.next
	value, ok := strings.CutPrefix(s, e.prefix)
	if !ok || value == "" || value[0] != '-' && value[0]-'0' > 9 {
		return false
	}
	vs, text, why := r.evaluate(e.name.info, value, false, r.scratch())
	if why != "" {
		return false
	}
	r.last = e
	r.pushQuantity(e.tag, PixelStream, e.name, vs, text)
	return true
}
