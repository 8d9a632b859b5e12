package parity

import (
	"bytes"
	"slices"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
)

// forms are pairs of parts of which all that matters is known but the numbers.
// A part that has the form of one before it is not read record by record: its
// numbers are found, and those that are not the same text are compared as
// general would.
type forms struct {
	list    []*form // used last first
	learned int
	used    int
	spans   [2][]trace.Span
	changed []int32 // numbers of got that are others, where alike
	alike   bool    // nothing else differs: both parts have the same template

	records []trace.Record // room, see there
	values  []trace.Value
}

type form struct {
	part    [2]*trace.Template // nil where the log lacks the pixel
	pairing *diff.Pairing
	n       int   // pairs of parts of this form
	other   []int // by pair of records: how often the text differed
	pairOf  []int // by record, where both parts have the same template; else nil
	first   int   // the first job

	traceLines    [2]int // of a part, without those that name the pixel
	least, learnt [2]int // segments: the first of this form, and the one it was learnt from
}

const maxForms = 16

// quick compares two parts of a known form, and answers false for others.
func (w *worker) quick(job int, parts [2][]piece) bool {
	if len(parts[refSide]) > 1 || len(parts[gotSide]) > 1 {
		return false
	}
	var body [2][]byte
	var named [2]trace.Naming
	for side, p := range parts {
		if len(p) == 0 {
			continue
		}
		if p[0].last {
			return false // its end is looked at
		}
		named[side] = trace.NamingOf(p[0].text)
		body[side] = p[0].text[named[side].Bytes:]
	}
	w.forms.alike = false
	var tried [2]*trace.Template
	var fits [2]bool
	for i, f := range w.forms.list {
		ok := true
		for side := range f.part {
			if (f.part[side] == nil) != (body[side] == nil) {
				ok = false
				break
			}
			if f.part[side] == nil {
				continue
			}
			if side == gotSide && f.part[gotSide] == f.part[refSide] && w.forms.compare(f, body) {
				continue
			}
			if tried[side] != f.part[side] {
				tried[side] = f.part[side]
				w.forms.spans[side], fits[side] = f.part[side].Match(body[side], w.forms.spans[side][:0])
			}
			if ok = fits[side]; !ok {
				break
			}
		}
		if ok {
			copy(w.forms.list[1:i+1], w.forms.list[:i])
			w.forms.list[0] = f
			w.take(f, job, parts, body, named)
			return true
		}
	}
	return false
}

// compare compares two parts that may have the same template, the first of which
// does, as text. It answers false where that does not do.
func (s *forms) compare(f *form, body [2][]byte) bool {
	if bytes.Equal(body[refSide], body[gotSide]) {
		s.spans[gotSide] = s.spans[gotSide][:0]
		return true
	}
	if f.pairOf == nil {
		return false
	}
	s.changed, s.alike = f.part[refSide].Changed(body[refSide], body[gotSide], s.spans[refSide], s.changed[:0])
	if s.alike {
		s.spans[gotSide] = append(s.spans[gotSide][:0], s.spans[refSide]...)
	}
	return s.alike
}

// take adds two parts of form f.
func (w *worker) take(f *form, job int, parts [2][]piece, body [2][]byte, named [2]trace.Naming) {
	if f.n++; f.n == 1 || job < f.first {
		f.first = job
	}
	w.forms.used++
	kind := kindOf{}
	q := quickPair{w: w, f: f, job: job, body: body}
	for side, t := range f.part {
		if t == nil {
			continue
		}
		p := &parts[side][0]
		seg := w.seg[side].At(p.seg)
		q.at[side] = trace.Place{File: w.logs.src[side].Name, Behind: p.behind + named[side].Lines, Slow: int(seg.Slow), Fast: int(seg.Fast)}
		f.least[side] = min(f.least[side], p.seg)
		w.note(side, p.seg, len(t.Records), f.traceLines[side]+named[side].TraceLines)
		w.digits(side, body[side])
	}
	if f.part[refSide] != nil && f.part[gotSide] != nil {
		w.share(job)
		switch {
		case w.forms.alike:
			q.changed(&kind)
		case len(w.forms.spans[gotSide]) > 0:
			q.pairs(&kind)
		}
	}
	q.gaps(&kind)
	w.close(job, kind)
}

// digits counts the digits of the numbers that were found, as long as they can
// matter.
func (w *worker) digits(side int, body []byte) {
	if w.survey[side].SettledDigits() {
		return
	}
	spans := w.forms.spans[side]
	if side == gotSide && len(spans) == 0 {
		spans = w.forms.spans[refSide] // the same text
	}
	for _, s := range spans {
		w.survey[side].AddDigits(trace.NumberOf(string(body[s.From:s.To])))
	}
}

// quickPair is two parts of a form.
type quickPair struct {
	w    *worker
	f    *form
	job  int
	body [2][]byte
	at   [2]trace.Place
}

// pairs compares the records whose text is not the same.
func (q *quickPair) pairs(kind *kindOf) {
	spans := &q.w.forms.spans
	for i := range q.f.pairing.Pairs {
		p := &q.f.pairing.Pairs[i]
		ref, got := q.f.part[refSide].Numbers(p.Ref, spans[refSide]), q.f.part[gotSide].Numbers(p.Got, spans[gotSide])
		if !p.SameNames || !sameNumbers(q.body, ref, got) {
			q.pair(i, kind)
		}
	}
}

// changed compares the records with numbers that are others, in the order of
// pairs.
func (q *quickPair) changed(kind *kindOf) {
	pairs := q.w.forms.changed // each number's place gives way to its pair's
	for i, k := range pairs {
		pairs[i] = int32(q.f.pairOf[q.f.part[refSide].RecordOf(int(k))])
	}
	slices.Sort(pairs)
	for _, i := range slices.Compact(pairs) {
		q.pair(int(i), kind)
	}
}

// pair compares a pair of records.
func (q *quickPair) pair(i int, kind *kindOf) {
	p := &q.f.pairing.Pairs[i]
	q.f.other[i]++
	row := p.Row
	row.At.Slow, row.At.Fast = q.at[refSide].Slow, q.at[refSide].Fast
	row.Ref, row.Got = q.record(refSide, p.Ref), q.record(gotSide, p.Got)
	q.w.at.Measure(&row)
	q.w.row(&row, [2]int{q.job + 1, p.Number}, kind)
}

func sameNumbers(body [2][]byte, ref, got []trace.Span) bool {
	for i, r := range ref {
		g := got[i]
		if string(body[refSide][r.From:r.To]) != string(body[gotSide][g.From:g.To]) {
			return false
		}
	}
	return true
}

func (q *quickPair) record(side, i int) *trace.Record {
	spans := q.w.forms.spans[side]
	if len(spans) == 0 {
		spans = q.w.forms.spans[refSide] // the same text
	}
	t := q.f.part[side]
	r, values := q.w.forms.room(len(t.Records[i].Values))
	*r = t.Record(i, q.body[side], spans, q.at[side], values)
	return r
}

// room returns memory for a record. It is taken from pieces for many, of which few
// are kept.
func (s *forms) room(values int) (*trace.Record, []trace.Value) {
	if len(s.records) == 0 {
		s.records = make([]trace.Record, 64)
	}
	if len(s.values) < values {
		s.values = make([]trace.Value, 128+values)
	}
	r, v := &s.records[0], s.values[:values:values]
	s.records, s.values = s.records[1:], s.values[values:]
	return r, v
}

// gaps looks at the records that one side lacks and should have; they are
// counted by flush.
func (q *quickPair) gaps(kind *kindOf) {
	for i := range q.f.pairing.Gaps {
		g := &q.f.pairing.Gaps[i]
		if !g.Row.Broken() {
			continue
		}
		kind.add(&g.Row)
		at := [2]int{q.job + 1, g.Number}
		row := g.Row
		side, into := refSide, &row.Ref
		if g.Got {
			side, into = gotSide, &row.Got
		}
		row.At.Slow, row.At.Fast = q.at[side].Slow, q.at[side].Fast
		if sum := q.w.sums.of(&row, at); sum.isFirst(&row, at) {
			*into = q.record(side, g.Which)
			sum.setFirst(&row, at)
		}
	}
}

// learn makes a form of two parts that general compared.
func (w *worker) learn(parts [2][]piece, p [2]*diff.Part, rows []diff.Row) error {
	if s := &w.forms; s.learned > 4*maxForms && s.used < 4*s.learned {
		return nil // the parts of these logs are all different
	}
	f := &form{}
	for side, list := range parts {
		switch len(list) {
		case 0:
			continue
		case 1:
		default:
			return nil
		}
		if list[0].last {
			return nil
		}
		l := p[side].Log
		if f.part[side] = w.template(f, list[0], l); f.part[side] == nil {
			return nil
		}
		f.traceLines[side] = l.TraceLines - trace.NamingOf(list[0].text).TraceLines
		f.least[side], f.learnt[side] = list[0].seg, list[0].seg
	}
	var ok bool
	if f.pairing, ok = w.at.Pairing(p[refSide], p[gotSide], rows); !ok {
		return nil
	}
	if f.part[refSide] == f.part[gotSide] && !f.pairing.Straight() {
		return nil
	}
	f.other = make([]int, len(f.pairing.Pairs))
	if f.part[refSide] == f.part[gotSide] {
		f.pairOf = pairOf(f.pairing, len(f.part[refSide].Records))
	}
	s := &w.forms
	s.learned++
	if len(s.list) == maxForms {
		if err := w.flushForm(s.list[maxForms-1]); err != nil {
			return err
		}
		s.list = s.list[:maxForms-1]
	}
	s.list = append([]*form{f}, s.list...)
	return nil
}

// pairOf returns by record the one pair that it is in; nil where that is not so of
// every record.
func pairOf(p *diff.Pairing, records int) []int {
	of := make([]int, records)
	for i := range of {
		of[i] = -1
	}
	for i := range p.Pairs {
		if of[p.Pairs[i].Ref] >= 0 {
			return nil
		}
		of[p.Pairs[i].Ref] = i
	}
	if slices.Contains(of, -1) {
		return nil
	}
	return of
}

// template returns the template of a part: one that is known, or a new one. Both
// logs may have the same.
func (w *worker) template(f *form, p piece, l *trace.Log) *trace.Template {
	named := trace.NamingOf(p.text)
	body := p.text[named.Bytes:]
	for _, f := range append([]*form{f}, w.forms.list...) {
		for _, t := range f.part {
			if t == nil || !t.Holds(l.Records) {
				continue
			}
			if _, ok := t.Match(body, nil); ok {
				return t
			}
		}
	}
	t, ok := trace.Learn(p.text[:named.Bytes], body, l, p.behind)
	if !ok {
		return nil
	}
	return t
}

// flush counts what the forms stand for.
func (w *worker) flush() error {
	for _, f := range w.forms.list {
		if err := w.flushForm(f); err != nil {
			return err
		}
	}
	w.forms.list = nil
	return nil
}

func (w *worker) flushForm(f *form) error {
	if f.n == 0 {
		return nil
	}
	for i := range f.pairing.Pairs {
		p := &f.pairing.Pairs[i]
		at := [2]int{f.first + 1, p.Number}
		if n := f.n - f.other[i]; n > 0 {
			w.totals.add(&p.Row, n)
			w.sums.of(&p.Row, at).count(&p.Row, n, at)
		}
	}
	for i := range f.pairing.Gaps {
		g := &f.pairing.Gaps[i]
		at := [2]int{f.first + 1, g.Number}
		w.totals.add(&g.Row, f.n)
		w.sums.of(&g.Row, at).count(&g.Row, f.n, at)
	}
	return w.surveyFirst(f)
}

// survey looks at the first part of the form where it is not the one that the
// form was learnt from: what comes first of a quantity can matter.
func (w *worker) surveyFirst(f *form) error {
	for side, t := range f.part {
		if t == nil || f.least[side] == f.learnt[side] {
			continue
		}
		i := f.least[side]
		text, err := w.logs.src[side].read(nil, w.seg[side].At(i).Off, w.seg[side].End(i))
		if err != nil {
			return err
		}
		l, err := w.parse(side, []piece{w.piece(side, i, text)})
		if err != nil {
			return err
		}
		once := diff.NewSurvey(l.Name)
		once.Add(diff.NewPart(l))
		w.survey[side].MergeFirst(once)
	}
	return nil
}
