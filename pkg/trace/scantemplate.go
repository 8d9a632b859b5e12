package trace

import (
	"slices"
	"unsafe"
)

// scanState is what the lines before say, with the lines that were met there and
// need not be read again.
type scanState struct {
	textState
	known []*scanTemplate // used last first
	met   int             // lines that were read here
}

// scanTemplate is a line that a scan goes past: it moves to another place at most, and
// leads to a state that is known.
type scanTemplate struct {
	template
	to *scanState
}

// How many are kept: states, and templates of each. Learning ends after some tries
// that came to nothing, or whose templates are hardly used: a log of ever new forms is
// read the general way.
const (
	maxScanStates    = 32
	maxScanTemplates = 8
	maxScanFailed    = 64
)

// plain tells whether the state is all that lines before say of the next: no array is
// open, and no rank printed them.
func (t *textReader) plain() bool { return t.depth == 0 && len(t.at) <= 1 && t.rankAxis < 0 }

// equal tells whether the lines behind both states are read alike.
func (s *textState) equal(o *textState) bool {
	return s.edition == o.edition && s.fresh == o.fresh && s.sameLines(o)
}

// stateNow returns the state that the lines before lead to.
func (t *textReader) stateNow() *scanState {
	if t.state != nil {
		return t.state
	}
	i := slices.IndexFunc(t.states, func(s *scanState) bool { return s.equal(&t.textState) })
	if i >= 0 {
		toFront(t.states, i)
	} else {
		t.states = pushFront(t.states, &scanState{textState: t.textState}, maxScanStates)
	}
	t.state = t.states[0]
	return t.state
}

// scanLine goes past a line of a known template, or reads it; a line that comes where
// one was read before is learnt.
func (r *Reader) scanLine(b []byte) {
	t := r.text
	if !t.plain() {
		r.scanText(b)
		return
	}
	s := t.stateNow()
	if r.scanKnown(s, b) {
		return
	}
	if s.met++; s.met == 1 || t.failed == maxScanFailed || t.learnt > maxScanFailed && t.used < 4*t.learnt {
		r.scanText(b)
		return
	}
	if k := r.learnScan(s, b); k != nil {
		s.known = pushFront(s.known, k, maxScanTemplates)
		t.learnt++
	} else {
		t.failed++
	}
}

// scanKnown goes past a line of a known template; false for another.
func (r *Reader) scanKnown(s *scanState, b []byte) bool {
	t := r.text
	line := unsafe.String(unsafe.SliceData(b), len(b)) // nothing is kept of it
	for i, k := range s.known {
		var ok bool
		if t.spans, ok = k.match(line, t.spans[:0]); !ok {
			continue
		}
		for n, x := range t.spans {
			if k.takes[n] == asCounter {
				r.count(0, line[x.from:x.to])
			}
		}
		t.textState, t.state = k.to.textState, k.to
		t.used++
		toFront(s.known, i)
		return true
	}
	return false
}

// learnScan reads a line that comes in a state, and returns a template of it; nil
// where its numbers say more of the lines behind.
func (r *Reader) learnScan(s *scanState, b []byte) *scanTemplate {
	t := r.text
	t.trail = &trail{}
	r.scanText(b)
	noted := t.trail
	t.trail = nil
	line := string(b)
	w := templateWriter{inner: true}
	if noted.rigid || len(noted.lines) != 1 || !t.plain() || r.opt.Comma || !plainLines(line) || !w.line(line, &noted.lines[0]) {
		return nil
	}
	k := &scanTemplate{template: w.finish(), to: t.stateNow()}
	if !r.scansAlike(s, k, line) {
		return nil
	}
	return k
}

// scansAlike tries a template on its line with other numbers.
func (r *Reader) scansAlike(s *scanState, k *scanTemplate, line string) bool {
	all, ok := k.match(line, nil)
	if !ok {
		return false
	}
	own := r.text
	defer func() { r.text = own }()
	for try := range otherForms {
		text, ok := k.retold(line, all, try, outermost)
		if !ok {
			return false
		}
		r.text = own.clone()
		r.text.judged, r.text.timings = own.judged, own.timings
		r.text.textState = s.textState
		r.scanText([]byte(text))
		if !r.text.plain() || !r.text.textState.equal(&k.to.textState) || r.text.here[0] != own.here[0] {
			return false
		}
	}
	return true
}
