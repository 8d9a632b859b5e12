package trace

import (
	"bytes"
	"math"

	"simtrace/pkg/trace/schema"
)

// crash follows the crash report of the program that wrote the log.
type crash struct {
	open bool // the problem's reason, the exception, is still to come
	at   int  // index of the problem
}

var crashes = []string{"Segmentation fault", "Aborted (core dumped)", "panic: ", "Fatal Python error"}

func (c *crash) plain(r *Reader, b []byte) {
	text := bytes.TrimLeft(b, " ")
	if bytes.HasPrefix(text, []byte("Traceback (most recent call last)")) {
		c.at = len(r.problems)
		c.open = r.crashed(text, "a Python program crashed")
		return
	}
	for _, s := range crashes {
		if bytes.HasPrefix(text, []byte(s)) {
			r.crashed(text, "the program crashed")
			return
		}
	}
	// The first line that is not indented names the exception.
	if c.open && len(text) > 0 && len(text) == len(b) {
		c.open = false
		r.problems[c.at].Why = shortened(string(text))
	}
}

func (r *Reader) crashed(text []byte, why string) (listed bool) {
	return r.report(Problem{Pos: r.pos, Kind: Traceback, Text: shortened(string(text)), Why: why})
}

// ending judges whether a log without a last newline is whole.
type ending struct {
	intensity float64 // I_pixel_final of the current pixel
	have      bool
	whole     bool // the last pixel's block came to its end
}

func (e *ending) saw(rec *Record) {
	switch {
	case rec.Stream != PixelStream || rec.Key == schema.None:
	case rec.Key == schema.IPixelFinal && len(rec.Values) == 1:
		e.intensity, e.have, e.whole = rec.Values[0].Num, true, false
	case rec.Key == schema.FloatImage && len(rec.Values) == 1:
		// The same number again, as float32: it tells that its digits are all
		// there.
		v := rec.Values[0].Num
		e.whole = e.have && math.Abs(v-e.intensity) <= 1e-6*math.Abs(e.intensity)
		e.have = false
	case schema.Info(rec.Key).Scope != schema.PerPixel:
		e.have, e.whole = false, false
	}
}

// ends tells whether rec, on a last line without newline, is whole. Only the
// last quantity of a pixel can tell: any other number may lack digits or its
// exponent.
func (e *ending) ends(rec *Record) bool {
	return rec.Stream == PixelStream && rec.Key == schema.FloatImage && e.whole
}

// lastLine judges the line that lacks its newline. Where the log does not look
// complete, its last value is not to be trusted: it becomes a problem.
// The queue held that many records before it.
func (r *Reader) lastLine(text []byte, held int, isTrace, reported bool) {
	switch {
	case reported && len(r.problems) > 0 && r.problems[len(r.problems)-1].Kind == Truncated:
		return
	case isTrace && bytes.HasPrefix(text, []byte(jsonStart)):
		return // its last brace is there
	case isTrace && len(r.queue) > held:
		last := len(r.queue) - 1
		if r.end.ends(&r.queue[last]) {
			return
		}
		r.queue = r.queue[:last]
	case isTrace, r.traceLines > 0 && !r.end.whole, startsTag(text):
	default:
		return
	}
	r.report(Problem{
		Pos: r.pos, Kind: Truncated, Text: shortened(string(text)),
		Why: "the log ends without a newline; its last value may be cut",
	})
}

// startsTag tells a line that is the beginning of a tag.
func startsTag(text []byte) bool {
	return len(text) > 1 && (bytes.HasPrefix([]byte("TRACE_"), text) || bytes.HasPrefix(text, []byte("TRACE")))
}
