package trace

import (
	"math"
	"slices"
	"strings"
)

// varies tells whether a quantity differs on every run of a program: times of the
// clock, memory, process numbers, speed.
type varies uint8

const (
	neverVaries varies = iota
	// mayVary is a time or a speed: of the model, or of the clock. The numbers tell.
	mayVary
	alwaysVaries
)

// runWords are of what differs on every run, wherever they stand in a name: times
// of the clock, memory, numbers of processes.
var runWords = apart(
	"elapsed", "walltime", "wallclock", "wall time", "wall clock", "clock time", "cputime", "cpu time", "cpu use", "run time", "runtime", "user time", "system time", "real time",
	"total time", "time taken", "time per", "time spent", "execution time", "loop time", "compute time", "training time", "timing", "timings", "timer", "timers", "took", "seconds in section", "time sec", "uptime",
	"memory", "mem", "rss", "vram", "pid", "process id", "process number", "thread id", "tid", "hostname", "timestamp", "throughput", "tokens per second", "n threads", "nthreads", "num threads",
	"mb", "gb", "mib", "gib", "kib", "seed time", "page faults", "context switches", "n jobs", "job id", "jobid", "ns day", "hour ns", "hours ns", "seconds ns", "buffer size", "concurrent workers", "build date", "utilization", "mainthread",
)

// endWords are of what may differ on every run where a name ends with them: "solve
// time" does, "wall shear stress" does not.
var endWords = apart(
	"time", "ts", "t s", "secs", "sec", "seconds", "ms", "msec", "speed", "wall", "wall t", "clock", "cpu", "duration", "per second", "wps", "ups", "fps", "cpu second", "wsecond",
	"host", "date", "started", "finished", "performance", "threads", "thread", "port", "device", "gpu", "cuda", "revision", "commit", "build", "avx", "avx2", "avx512", "fma", "neon", "sse3", "v num",
)

// timingWords head tables of what varies by run, beside runWords.
var timingWords = apart("breakdown", "profile", "profiling", "self time", "performance", "memory usage", "wall t", "statistics of time")

// clockTails are what stands behind such a number.
var clockTails = []string{
	"mb", "gb", "kb", "mib", "gib", "kib", "mbytes", "gbytes", "kbytes", "bytes", "it/s", "its/s", "steps/s", "tokens/s", "tok/s", "tokens per second", "iter/s", "ns/day", "hours/ns",
	"hour/ns", "timesteps/s", "% cpu", "flops", "gflops", "threads", "ms per token", "ms/", "s/step", "s/it", "s/iter", "s/epoch", "us/", "ms /", "elapsed", "s cpu", "s wall", "wall", "sec cpu",
	"samples/s", "img/s", "images/s", "atom-step/s", "katom-step/s", "matom-step/s", "tau/day", "cells/s", "kib/s", "mb/s", "gb/s", "mib/s", "concurrent workers", "mhz", "ghz",
}

// timeUnits are units of the clock, which models use as well.
var timeUnits = map[string]bool{
	"s": true, "ms": true, "us": true, "µs": true, "ns": true, "sec": true, "secs": true, "second": true, "seconds": true, "min": true, "mins": true, "minutes": true, "h": true, "hours": true, "msec": true, "days": true,
}

// variesByRun judges a number by its name, the headings above it, its unit and
// what follows it.
func variesByRun(name, unit, behind string) varies {
	words := strings.ReplaceAll(plainWords(name), " time step", " timestep")
	if hasAny(words, runWords) {
		return alwaysVaries
	}
	tail := strings.ToLower(strings.TrimLeft(behind, " \t"))
	for _, w := range clockTails {
		if strings.HasPrefix(tail, w) && (len(tail) == len(w) || !isWordByte(tail[len(w)]) || !isWordByte(w[len(w)-1])) {
			return alwaysVaries
		}
	}
	word := tail
	if i := strings.IndexFunc(tail, func(r rune) bool { return r < 'a' || r > 'z' }); i >= 0 {
		word = tail[:i]
	}
	if timeUnits[strings.ToLower(unit)] || timeUnits[word] || endsIn(words, endWords) {
		return mayVary
	}
	return neverVaries
}

// hasAny tells whether some of the lists of words, with a blank around each, stand in
// others.
func hasAny(words string, lists ...[]string) bool {
	for _, list := range lists {
		for _, w := range list {
			if strings.Contains(words, w) {
				return true
			}
		}
	}
	return false
}

// endsIn tells whether words end with some of a list of words with a blank around.
func endsIn(words string, list []string) bool {
	for _, w := range list {
		if strings.HasSuffix(words, w) {
			return true
		}
	}
	return false
}

// apart puts a blank around each.
func apart(words ...string) []string {
	for i, w := range words {
		words[i] = " " + w + " "
	}
	return words
}

// headsTiming tells words that head times of the clock.
func headsTiming(text string) bool { return hasAny(plainWords(text), runWords, timingWords) }

// maxJudged bounds what is remembered of names.
const maxJudged = 1 << 12

// judge is variesByRun, which looks for some hundred words.
func (t *textReader) judge(name, unit, behind string) varies {
	b := append(append(append(append(append(t.key[:0], name...), 0), unit...), 0), behind...)
	t.key = b
	kind, ok := t.judged[string(b)]
	if !ok {
		kind = variesByRun(name, unit, behind)
		if t.judged == nil {
			t.judged = map[string]varies{}
		}
		if len(t.judged) < maxJudged {
			t.judged[string(b)] = kind
		}
	}
	return kind
}

func (t *textReader) headsTiming(text string) bool {
	is, ok := t.timings[text]
	if !ok {
		is = headsTiming(text)
		if t.timings == nil {
			t.timings = map[string]bool{}
		}
		if len(t.timings) < maxJudged {
			t.timings[strings.Clone(text)] = is
		}
	}
	return is
}

// plainWords parts a name into its words, in lower case and with a blank around
// each: "ExecutionTime" and "execution_time" are " execution time ".
func plainWords(name string) string {
	var b strings.Builder
	b.WriteByte(' ')
	for i := range len(name) {
		c := name[i]
		switch {
		case c >= 'A' && c <= 'Z':
			if i > 0 && name[i-1] >= 'a' && name[i-1] <= 'z' {
				b.WriteByte(' ')
			}
			b.WriteByte(c | 0x20)
		case c >= 'a' && c <= 'z' || c-'0' <= 9 || c >= 0x80:
			b.WriteByte(c)
		default:
			if s := b.String(); s[len(s)-1] != ' ' {
				b.WriteByte(' ')
			}
		}
	}
	b.WriteByte(' ')
	return b.String()
}

// isClock tells whether numbers that may be times of the clock are: they do not
// rise by equal steps, as the times of most models do, and differ between two runs,
// most of them and from the beginning on.
func isClock(a, b []float64) bool {
	if regular(a) && regular(b) {
		return false
	}
	n := min(len(a), len(b))
	early, all, spread := 0, 0, 0.0
	if n > 0 {
		spread = slices.Max(a) - slices.Min(a)
	}
	for i := range n {
		scale := max(math.Abs(a[i]), math.Abs(b[i]))
		if spread > 0 {
			scale = min(scale, spread) // seconds since 1970 differ in the last digits
		}
		if math.Abs(a[i]-b[i]) > 1e-6*scale {
			if all++; i < 3 {
				early++
			}
		}
	}
	return early > 0 && 2*all >= n
}

// regular tells numbers that rise by equal steps, as far as their digits tell.
func regular(v []float64) bool {
	if len(v) < 3 || v[0] == v[1] {
		return false
	}
	step := (v[len(v)-1] - v[0]) / float64(len(v)-1)
	for i := 1; i < len(v); i++ {
		if math.Abs(v[i]-v[i-1]-step) > 0.02*math.Abs(step) {
			return false
		}
	}
	return true
}

// endTiming notes that times of the clock end, as they do at a line without words.
func (t *textReader) endTiming() {
	n := slices.IndexFunc(t.path, func(h heading) bool { return t.headsTiming(h.text) })
	if !t.timing && n < 0 {
		return
	}
	if t.timing = false; n >= 0 {
		t.path = t.path[:n:n]
	}
	t.changed()
}
