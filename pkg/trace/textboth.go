package trace

import (
	"math"
	"strings"
)

// ReadBoth reads lines that stand in two logs alike, behind so many lines of either,
// for both of their readers; the records are the reader's own, as those of ReadMore.
// Where ok is false, the other reader has to read the lines, too: the lines before them
// say something else to it, or not all of them are finite numbers.
func (r *Reader) ReadBoth(o *Reader, lines string, behind, others int) (records []Record, ok bool) {
	mine, its := r.text, o.text
	ok = r.line == behind && o.line == others && !mine.begun && !its.begun && mine.depth == its.depth && mine.row == its.row &&
		!r.crash.open && !o.crash.open && o.array == nil && mine.textState.same(&its.textState) &&
		r.opt.Comma == o.opt.Comma && r.opt.CompareAll == o.opt.CompareAll && r.opt.Columns == o.opt.Columns && len(r.opt.Rename)+len(o.opt.Rename) == 0 && len(r.src.parts)+len(o.src.parts) == 0
	traces, problems, unlisted, varied := r.block.TraceLines, len(r.block.Problems), r.block.Unlisted, mine.varied
	mine.varied = nil
	records = r.ReadMore(lines, behind, false)
	ok = ok && len(r.block.Problems) == problems && r.block.Unlisted == unlisted && r.array == nil && AllFinite(records)
	if ok {
		o.block.TraceLines += r.block.TraceLines - traces
		its.textState, its.depth, its.row, its.templates.now = mine.textState, mine.depth, mine.row, nil
		o.line = others + r.line - behind
	}
	left := mine.varied
	mine.varied = varied
	for name, n := range left {
		mine.leaveOut(name, n)
		if ok {
			its.leaveOut(name, n)
		}
	}
	return records, ok
}

// AllFinite tells whether each record has numbers, and none is NaN or infinite: printed
// in both logs, they agree.
func AllFinite(records []Record) bool {
	for i := range records {
		vs := records[i].Values
		if len(vs) == 0 {
			return false
		}
		for k := range vs {
			if math.IsNaN(vs[k].Num) || math.IsInf(vs[k].Num, 0) {
				return false
			}
		}
	}
	return true
}

// LineText is what a line of any program's log says: without the time, level and rank
// that a logger put before it, and without the log's lead.
func (s *Source) LineText(line string) string {
	line, _ = s.numbered.cut(plainText(line))
	_, body := stripPrefixes(line)
	return strings.TrimSpace(strings.TrimPrefix(body, s.lead))
}

// LinesAlike tells whether most of the numbers of two lines are the same, but for
// rounding.
func LinesAlike(a, b string, comma bool) bool {
	var room [2][8]numberAt
	var list [2][]numberAt
	for i, s := range [2]string{a, b} {
		_, s = stripPrefixes(plainText(s))
		s, _ = hideClock(strings.TrimSpace(s))
		list[i] = findNumbers(s, room[i][:0], comma)
	}
	close := 0
	for i := range min(len(list[0]), len(list[1])) {
		x, y := list[0][i].value, list[1][i].value
		if math.Abs(x-y) <= 1e-6*max(math.Abs(x), math.Abs(y)) {
			close++
		}
	}
	return 2*close > max(len(list[0]), len(list[1]))
}
