package diff

import (
	"hash/maphash"
	"strings"

	"simtrace/pkg/trace"
)

// lineWindow is the part of a log that a lineJob is at, in lines that have a digit;
// lines without one belong to that which follows.
type lineWindow struct {
	src   *trace.Source
	to    int64
	last  bool // the job ends with the log
	ended bool // nothing is left behind the window
	next  int64
	step  int64 // how much is read at a time
	size  int64 // how long the window may be
	buf   string
	first int // lines of the log before the window

	ends   []int32 // of the lines, in buf
	starts []int32
	lines  []int32 // how many lines of the log from the window's begin to these ends
	hashes []uint64
}

// mostWindow is how many times what is read at a time a window may grow to, while it is
// looked for where both logs go on the same.
const mostWindow = 8

func newLineWindow(src *trace.Source, s jobSpan, step int64) *lineWindow {
	return &lineWindow{src: src, next: s.from, to: s.to, last: s.last, first: s.line, step: step, size: step}
}

// grow lets the window be longer; false where it cannot.
func (l *lineWindow) grow() bool {
	if l.ended || l.size >= mostWindow*l.step {
		return false
	}
	l.size *= 2
	return true
}

// fill reads on to the window's size, and to a line with a digit.
func (l *lineWindow) fill() error {
	for {
		for l.next < l.to && int64(len(l.buf)) < l.size {
			to := min(l.to, l.next+l.step)
			b, err := l.src.ReadSpan(nil, l.next, to)
			if err != nil {
				return err
			}
			l.buf, l.next = l.buf+string(b), to
		}
		l.ended = l.next == l.to
		l.index()
		if l.ended || len(l.ends) > 0 {
			return nil
		}
		l.size += l.step
	}
}

// index finds the lines. What stands behind the last is one where the log ends there.
func (l *lineWindow) index() {
	l.ends, l.starts, l.lines, l.hashes = l.ends[:0], l.starts[:0], l.lines[:0], l.hashes[:0]
	lines, at := int32(0), 0
	for at < len(l.buf) {
		n := strings.IndexByte(l.buf[at:], '\n')
		if n < 0 {
			break
		}
		lines++
		if hasDigit(l.buf[at : at+n]) {
			l.add(at, at+n+1, lines)
		}
		at += n + 1
	}
	if len(l.ends) == 0 && at >= int(l.step) && !l.ended {
		l.add(0, at, lines) // so much without a digit
	}
	if rest := len(l.buf); l.ended && (len(l.ends) == 0 || int(l.ends[len(l.ends)-1]) < rest) && rest > 0 {
		if at < rest {
			lines++
		}
		l.add(min(at, rest), rest, lines)
	}
}

func hasDigit(s string) bool {
	for i := range len(s) {
		if s[i]-'0' <= 9 {
			return true
		}
	}
	return false
}

func (l *lineWindow) add(start, end int, lines int32) {
	l.starts, l.ends, l.lines, l.hashes = append(l.starts, int32(start)), append(l.ends, int32(end)), append(l.lines, lines), append(l.hashes, 0)
}

func (l *lineWindow) len() int { return len(l.ends) }

// short tells whether more of the log has to be seen before it is known what line i
// belongs to: resync looks so far ahead.
func (l *lineWindow) short(i int) bool {
	left := l.len() - i
	return !l.ended && left < window+enough && (i > 0 || left == 0 || l.grow())
}

// atOnce is how many lines from i on are paired at once, at most.
func (l *lineWindow) atOnce(i int) int {
	const bytes, lines = 256 << 10, 4096
	n := min(l.len()-i, lines)
	for n > 1 && l.ends[i+n-1]-l.begin(i) > bytes {
		n /= 2
	}
	return n
}

// isLast tells whether a line is the last of the job.
func (l *lineWindow) isLast(i int) bool { return l.ended && i == len(l.ends)-1 }

// text is that of lines, with what stands between them.
func (l *lineWindow) text(from, to int) string { return l.buf[l.begin(from):l.ends[to-1]] }

func (l *lineWindow) begin(i int) int32 {
	if i == 0 {
		return 0
	}
	return l.ends[i-1]
}

// line is the text of one line.
func (l *lineWindow) line(i int) string {
	return strings.TrimRight(l.buf[l.starts[i]:l.ends[i]], "\r\n")
}

// behind is how many lines of the log stand before a line and what belongs to it.
func (l *lineWindow) behind(i int) int {
	if i == 0 {
		return l.first
	}
	return l.first + int(l.lines[i-1])
}

// hash is of what a line says.
func (l *lineWindow) hash(i int) uint64 {
	if l.hashes[i] == 0 {
		l.hashes[i] = max(1, maphash.String(hashSeed, l.src.LineText(l.line(i))))
	}
	return l.hashes[i]
}

// pass drops lines from the window's begin; it is to be filled then.
func (l *lineWindow) pass(n int) {
	if n > 0 {
		l.first = l.behind(n)
		l.buf, l.size = l.buf[l.begin(n):], l.step
	}
}
