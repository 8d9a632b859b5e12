package trace

import (
	"bytes"
	"context"
	"unsafe"
)

// together scans as long as both logs hold the same bytes, and returns how far.
func (w *walk) together(ctx context.Context, o *walk) (int64, error) {
	for w.at < min(w.src.Size, o.src.Size) {
		n := min(scanChunk, w.src.Size-w.at, o.src.Size-w.at)
		var err error
		if w.buf, err = w.src.ReadSpan(w.buf, w.at, w.at+n); err != nil {
			return w.at, err
		}
		if o.buf, err = o.src.ReadSpan(o.buf, w.at, w.at+n); err != nil {
			return w.at, err
		}
		if err := ctx.Err(); err != nil {
			return w.at, err
		}
		if !bytes.Equal(w.buf, o.buf) {
			break
		}
		whole := bytes.LastIndexByte(w.buf, '\n') + 1
		if w.at+n == w.src.Size && w.at+n == o.src.Size {
			whole = int(n)
		}
		if whole == 0 {
			break // a line that is longer than a chunk
		}
		w.chunk(w.buf[:whole])
		w.at += int64(whole)
	}
	equal := w.at
	*o.x = *w.x
	o.x.Size = o.src.Size
	o.x.chunks = append([]packed(nil), w.x.chunks...)
	o.x.open = append([]Piece(nil), w.x.open...)
	o.at = w.at
	return equal, w.lockstep(ctx, o)
}

// follow lets the scan go on from where another one is.
func (w *walk) follow(o *walk) {
	names, reader := w.s.names, w.s.reader
	w.s, w.lines = o.s, o.lines
	w.s.names, w.s.reader, w.s.last = names, reader, nil
	if reader != nil {
		reader.text = o.s.reader.text.clone()
		w.s.states = o.s.states.clone()
	}
	if o.s.form != nil {
		f := *o.s.form
		f.list = nil
		w.s.form = &f
	}
}

// lockstep scans two logs line by line as long as each line says the same of where the
// lines behind it belong: it is the same line, or other numbers stand in it that are no
// counters. Only one of the two is scanned; in the end the second goes on by itself.
func (w *walk) lockstep(ctx context.Context, o *walk) error {
	tries := maxApart
	for w.s.form != nil || w.s.reader != nil {
		if err := ctx.Err(); err != nil {
			return err
		}
		for _, x := range []*walk{w, o} {
			var err error
			if x.buf, err = x.src.ReadSpan(x.buf, x.at, x.at+min(scanChunk, x.src.Size-x.at)); err != nil {
				return err
			}
		}
		before := w.at
		if w.linesTogether(o, w.buf, o.buf, &tries) {
			return nil
		}
		if w.at == before {
			break
		}
	}
	o.follow(w)
	return nil
}

// maxApart is how often both of two lines that are not known to be alike are scanned.
const maxApart = 64

// linesTogether scans whole lines of both logs as long as they say the same; parted
// tells that the second log's scan was left behind the first line that does not.
func (w *walk) linesTogether(o *walk, a, b []byte, tries *int) (parted bool) {
	for {
		if same := bytes.LastIndexByte(a[:commonBytes(a, b)], '\n') + 1; same > 0 {
			w.ahead(o, a[:same], same)
			a, b = a[same:], b[same:]
		}
		n, m := bytes.IndexByte(a, '\n')+1, bytes.IndexByte(b, '\n')+1
		switch {
		case n == 0 || m == 0:
			return false
		case w.s.alike(a[:n-1], b[:m-1]):
			w.ahead(o, a[:n], m)
		case *tries == 0:
			o.follow(w)
			return true
		default:
			*tries--
			o.follow(w)
			w.chunk(a[:n])
			o.chunk(b[:m])
			w.at += int64(n)
			if o.at += int64(m); !w.s.sameState(&o.s) {
				return true
			}
		}
		if a, b = a[n:], b[m:]; len(a) == 0 || len(b) == 0 {
			return false
		}
	}
}

// ahead scans lines that stand for those of the other log, too, which are so long.
func (w *walk) ahead(o *walk, lines []byte, others int) {
	w.twin, w.behind = o.x, o.at-w.at
	w.chunk(lines)
	w.twin = nil
	w.at += int64(len(lines))
	o.at += int64(others)
}

// sameState tells whether two scans go on alike from where they are.
func (s *scanner) sameState(o *scanner) bool {
	if s.at != o.at || s.marks != o.marks {
		return false
	}
	if s.reader == nil {
		return true
	}
	x, y := s.reader.text, o.reader.text
	return x.plain() && y.plain() && x.fresh == y.fresh && x.row == y.row && *x.here == *y.here && x.rankAxis == y.rankAxis && x.textState.same(&y.textState)
}

// commonBytes is how many bytes two texts begin with in common.
func commonBytes(a, b []byte) int {
	n, i := min(len(a), len(b)), 0
	for block := 4096; block > 0; block /= 8 {
		for i+block <= n && bytes.Equal(a[i:i+block], b[i:i+block]) {
			i += block
		}
	}
	return i
}

// alike tells two lines that lead a scan from its state to the same one, although they
// are not the same. What it is not sure of, it denies.
func (s *scanner) alike(a, b []byte) bool {
	if !s.marks.points || bytes.IndexByte(a, '\r') >= 0 || bytes.IndexByte(b, '\r') >= 0 {
		return false
	}
	if s.form != nil {
		return len(s.form.outermost) == 0 || !bytes.Contains(a, s.form.outermost) && !bytes.Contains(b, s.form.outermost)
	}
	t := s.reader.text
	if len(t.index) == 0 {
		return true
	}
	how := t.passes(a)
	if how != t.passes(b) {
		return false
	}
	switch how {
	case passesBy:
		return true
	case passesRow:
		return s.reader.sameRows(a, b)
	}
	return s.reader.sameTemplate(a, b)
}

// sameRows tells whether two rows of numbers are of one table, with the same counters.
func (r *Reader) sameRows(a, b []byte) bool {
	x, ok := r.text.rowFields(a, nil)
	y, too := r.text.rowFields(b, nil)
	table := r.text.tables[len(x)]
	if !ok || !too || len(x) != len(y) || table == nil {
		return false
	}
	for k, c := range table.columns {
		if c.depth < 0 {
			continue
		}
		p, q := string(a[x[k].from:x[k].to]), string(b[y[k].from:y[k].to])
		if _, ok := plainInt(p); !ok || p != q {
			return false
		}
	}
	return true
}

// sameTemplate tells whether two lines are of one known template, with the same
// counters.
func (r *Reader) sameTemplate(a, b []byte) bool {
	state := r.lineState()
	if state == nil {
		return false
	}
	x, y := unsafe.String(unsafe.SliceData(a), len(a)), unsafe.String(unsafe.SliceData(b), len(b)) // nothing is kept of them
	for _, k := range state.known {
		p, ok := k.match(x, nil)
		q, too := k.match(y, nil)
		if !ok || !too {
			continue
		}
		for n := range p {
			if k.takes[n] == asCounter && x[p[n].from:p[n].to] != y[q[n].from:q[n].to] {
				return false
			}
		}
		return true
	}
	return false
}
