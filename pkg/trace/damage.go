package trace

import (
	"math"
	"slices"
	"strings"

	"simtrace/pkg/trace/schema"
)

// crash follows the crash report of the program that wrote the log.
type crash struct {
	open bool // the problem's reason, the exception, is still to come
	at   int  // index of the problem
}

// crashes begin a line by which a program, its runtime or its batch system says
// that it did not come to its end.
var crashes = []string{
	"Segmentation fault", "Aborted", "Killed", "panic: ", "Fatal Python error", "Out of memory", "Out Of Memory", "oom-kill",
	"terminate called", "Program received signal", "Program aborted", "Floating point exception", "Bus error", "Illegal instruction",
	"double free or corruption", "malloc(): ", "free(): ", "corrupted size", "slurmstepd: error:", "srun: error:", "CANCELLED AT",
	"MPI_ABORT was invoked", "MPI_Abort", "=>> PBS: job killed", "TERM_", "std::bad_alloc", "fatal error: ", "SIGSEGV", "SIGKILL", "SIGTERM",
	"forrtl: severe", "Error termination", "CUDA error", "torch.cuda.OutOfMemoryError", "Backtrace for this error",
	"ERROR STOP", "Exception in thread", "LoadError: ", "Abort trap", "Error in routine", "Lost atoms: original", "Last command: ", "*** Error in `",
}

// crashWords stand anywhere in such a line.
var crashWords = []string{
	"Assertion `", "Assertion failed", "(core dumped)", "AddressSanitizer", "LeakSanitizer", "UndefinedBehaviorSanitizer", "MemorySanitizer", "ThreadSanitizer", "Fortran runtime error", "Fortran RUNTIME ERROR",
	"runtime error:", "DUE TO TIME LIMIT", "oom-killer", "Out of memory: Killed", "exceeded memory limit", "Segmentation fault", "stack smashing detected", "' panicked at ", "CUDA out of memory",
}

func (c *crash) plain(r *Reader, line string) {
	text := strings.TrimLeft(line, " ")
	if text == "" {
		return
	}
	if strings.HasPrefix(text, "Traceback (most recent call last)") {
		c.at = len(r.block.Problems)
		c.open = r.crashed(text, "a Python program crashed")
		return
	}
	if isCrash(text) {
		r.crashed(text, "the program crashed")
		return
	}
	// The first line that is not indented names the exception.
	if c.open && len(text) == len(line) {
		c.open = false
		r.block.Problems[c.at].Why = strings.Clone(shortened(text))
	}
}

// isCrash tells a line by which a program says that it did not come to its end.
func isCrash(text string) bool {
	for _, s := range crashes {
		if text[0] == s[0] && strings.HasPrefix(text, s) {
			return true
		}
	}
	return len(text) > 15 && slices.ContainsFunc(crashWords, func(s string) bool { return strings.Contains(text, s) })
}

func (r *Reader) crashed(text, why string) (listed bool) {
	return r.report(Problem{Pos: r.pos(), Kind: Traceback, Text: strings.Clone(shortened(text)), Why: why})
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
	case rec.Symbol.Info.Scope != schema.PerPixel:
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
// complete, its last value is not to be trusted: it becomes a problem. The block
// held that many records before it.
func (r *Reader) lastLine(text string, held int, isTrace, reported bool) {
	b := r.block
	switch {
	case reported && len(b.Problems) > 0 && b.Problems[len(b.Problems)-1].Kind == Truncated:
		return
	case isTrace && strings.HasPrefix(text, jsonStart):
		return // its last brace is there
	case isTrace && len(b.Records) > held:
		last := len(b.Records) - 1
		if r.end.ends(&b.Records[last]) {
			return
		}
		if r.form != nil || r.text != nil {
			// Nothing tells whether the number is whole, unless something closes
			// behind it: it stands, and what it agrees in is no evidence.
			if strings.IndexByte("]})|;,\"'", text[len(text)-1]) >= 0 {
				return
			}
			break
		}
		b.Records = b.Records[:last]
	case isTrace, b.TraceLines > 0 && !r.end.whole && r.form == nil && r.text == nil, startsTag(text):
	default:
		return
	}
	r.report(Problem{
		Pos: r.pos(), Kind: Truncated, Text: strings.Clone(shortened(text)),
		Why: "the log ends without a newline; its last value may be cut",
	})
}

// startsTag tells a line that is the beginning of a tag.
func startsTag(text string) bool {
	return len(text) > 1 && (strings.HasPrefix("TRACE_", text) || strings.HasPrefix(text, "TRACE"))
}
