package trace

import "unsafe"

// scanTemplate is a line that a scan needs not read: it moves to another place at
// most, and says of the lines behind it what the one said that it was learnt from.
type scanTemplate struct {
	template
	edition  int  // of the tables
	names    bool // the line names the rows of an array below it
	base     string
	baseLine int
}

// How many are kept, and how many tries may come to nothing.
const (
	maxScanTemplates = 8
	maxScanFailed    = 64
)

// quiet tells whether nothing that lines before say can change how a line is read
// but for the tables.
func (t *textReader) quiet() bool {
	return t.fresh == 0 && t.depth == 0 && len(t.path) == 0 && !t.timing && len(t.at) <= 1 && t.rankAxis < 0
}

// scanKnown goes past a line of a known template; false for another.
func (r *Reader) scanKnown(b []byte) bool {
	t := r.text
	line := unsafe.String(unsafe.SliceData(b), len(b))
	for i, k := range t.scanned {
		if k.edition != t.edition {
			continue
		}
		var ok bool
		if t.spans, ok = k.match(line, t.spans[:0]); !ok {
			continue
		}
		for n, x := range t.spans {
			if k.takes[n] == asCounter {
				r.count(0, line[x.from:x.to])
			}
		}
		if k.names {
			t.base, t.baseLine, t.row = k.base, k.baseLine, 0
		}
		toFront(t.scanned, i)
		return true
	}
	return false
}

// scanAndLearn reads the line, and makes a template of it where that is all.
func (r *Reader) scanAndLearn(b []byte) {
	t := r.text
	k := r.learnScan(b)
	if k == nil {
		t.failed++
		return
	}
	t.scanned = pushFront(t.scanned, k, maxScanTemplates)
}

// learnScan reads the line and returns a template of it; nil where reading it says
// more of the lines behind.
func (r *Reader) learnScan(b []byte) *scanTemplate {
	t := r.text
	before := t.textState
	t.trail = &trail{}
	r.scanText(b)
	noted := t.trail
	t.trail = nil
	line := string(b)
	w := templateWriter{inner: true}
	if noted.rigid || len(noted.lines) != 1 || !t.quiet() || !t.unchanged(&before) || r.opt.Comma || !plainLines(line) || !w.line(line, &noted.lines[0]) {
		return nil
	}
	k := &scanTemplate{template: w.finish(), edition: t.edition, base: t.base, baseLine: t.baseLine}
	if !r.scansAlike(k, line) {
		return nil
	}
	return k
}

// unchanged tells whether the state is as before, but for the name of the line
// read last.
func (t *textReader) unchanged(before *textState) bool {
	return t.edition == before.edition && t.headers == before.headers
}

// scansAlike tries a template on its line with other numbers.
func (r *Reader) scansAlike(k *scanTemplate, line string) bool {
	all, ok := k.match(line, nil)
	if !ok {
		return false
	}
	for try := range otherForms {
		own, other := r.text, r.text.clone()
		const nothing = "\x00"
		other.base, other.row = nothing, -1
		r.text = other
		r.scanText([]byte(k.retold(line, all, try)))
		r.text = own
		names := other.base != nothing || other.row >= 0
		if names && (other.base != k.base || other.baseLine != k.baseLine || other.row != 0) || try > 0 && names != k.names {
			return false
		}
		k.names = names
		if !other.quiet() || !other.unchanged(&own.textState) || other.here[0] != own.here[0] {
			return false
		}
	}
	return true
}
