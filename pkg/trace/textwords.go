package trace

import "strings"

// The words by which quantities that differ on every run are told. A unit alone is
// none: kB are kilobars as well, mb millibars, and s and GHz of the model's time and
// waves.

// runWords are of what differs on every run, wherever they stand in a name: times
// of the clock, speeds of programs, numbers of processes.
var runWords = apart(
	"walltime", "wallclock", "wall time", "wall clock", "wall t", "core t", "clock time", "cputime", "cpu time", "cpu use", "cpu usage", "cpu seconds", "cpu secs", "cpu sec", "cpu s",
	"wall seconds", "wall secs", "wall sec", "wall s", "user time", "execution time", "running time", "computer time", "loop time", "compute time", "training time", "timing", "timings", "timer", "timers", "took",
	"seconds in section", "uptime", "process id", "process number", "thread id", "hostname", "tokens per second", "n threads", "nthreads", "num threads", "seed time", "page faults",
	"context switches", "batch job", "n jobs", "job id", "jobid", "ns day", "hour ns", "hours ns", "seconds ns", "concurrent workers", "build date", "mainthread", "gpu utilization", "cpu utilization",
)

// ownTimes are of the clock unless some of modelWords stands beside them.
var ownTimes = apart("elapsed", "run time", "runtime", "time taken", "time spent", "time used")

// memoryWords are of the memory that a program takes, for itself alone.
var memoryWords = append(apart("rss", "vram", "maxrss", "resident set", "vm peak", "vm rss", "vm hwm", "vm size", "memsize", "mem size", "space mb", "space gb"),
	pairsOf([]string{"memory", "mem", "heap", "swap", "ram"}, []string{"used", "usage", "use", "allocated", "allocation", "free", "available", "peak", "total", "required", "footprint", "consumption", "high", "limit",
		"mb", "gb", "kb", "mib", "gib", "kib", "bytes", "kbytes", "mbytes", "gbytes", "per"}, []string{"peak", "max", "maximum", "total", "used", "free", "available", "allocated", "gpu", "resident", "virtual"})...)

// pairsOf puts what follows and what comes before beside each word.
func pairsOf(words, behind, before []string) (out []string) {
	for _, w := range words {
		for _, b := range behind {
			out = append(out, " "+w+" "+b+" ")
		}
		for _, b := range before {
			out = append(out, " "+b+" "+w+" ")
		}
	}
	return out
}

// sizeWords make a unit of bytes out of what may be another unit.
var sizeWords = apart("memory", "mem", "size", "sizes", "rss", "heap", "allocated", "allocation", "usage", "used", "buffer", "buffers", "cache", "swap", "ram", "vram", "storage", "disk", "file", "files", "space", "arena", "footprint")

// clockOwners make a frequency one of the machine.
var clockOwners = apart("cpu", "gpu", "clock", "core", "cores", "processor", "processors")

// endWords are of what may differ on every run where a name ends with them.
var endWords = apart("cpu", "tcpu", "wps", "ups", "fps", "cpu second", "wsecond", "load average")

// epochWords are of seconds since 1970, where its numbers are so large.
var epochWords = apart("timestamp", "time stamp", "ts")

// machineWords are of what a machine has or a program was built of, where a name ends
// with them and its numbers are whole.
var machineWords = apart("pid", "tid", "host", "threads", "thread", "port", "device", "gpu", "cuda", "revision", "commit", "build", "avx", "avx2", "avx512", "fma", "neon", "sse3", "v num")

// timeWordsOfAll are words of time that say nothing of what takes it: a name that has
// no others is of the clock or of the model.
var timeWordsOfAll = words("time", "times", "total", "sec", "secs", "seconds", "s", "ms", "min", "max", "avg", "mean", "sum", "average", "cumulative", "minutes", "hours", "h", "in", "real", "duration")

// timeNames have time in them.
var timeNames = apart("time", "times", "seconds", "secs", "sec")

// modelWords are of times of the model.
var modelWords = apart(
	"physical", "simulated", "simulation", "model", "dt", "interval", "window", "period", "every", "until", "stop", "start", "end", "begin", "delay", "timeout", "pulse", "life", "lifetime", "decay", "relaxation",
	"travel", "residence", "arrival", "crossing", "onset", "exposure", "flight", "age", "lag", "rise", "fall", "settling", "dwell", "transit", "coherence", "correlation", "response", "damping", "tau", "scale", "constant",
	"turnover", "collision", "diffusion", "cooling", "growth", "freefall", "dynamical", "doppler", "orbital",
)

// stepWords are of steps in the model's time.
var stepWords = apart("step", "timestep", "steps", "horizon", "offset", "phase")

// modelHeads are the modelWords that a heading of times of the clock has none of.
var modelHeads = apart("physical", "simulated", "simulation")

// workWords are of what programs do: what has one and time in its name is a time of
// the clock, where its numbers differ.
var workWords = append(apart(
	"setup", "init", "startup", "loaded", "read", "reading", "write", "writing", "wrote", "io", "train", "trained", "eval", "evaluation", "inference", "compiled", "compute", "computing", "computation", "computed",
	"calculation", "calculations", "calculate", "processing", "comm", "mpi", "omp", "kernel", "kernels", "backward", "forward", "search", "searching", "sort", "sorting", "iteration", "iterations", "iter", "iters", "epoch", "batch",
	"scf", "dft", "subroutine", "calls", "gc", "idle", "program", "code", "script", "benchmark", "thread", "user", "system", "sys", "gpu", "clock", "minimizer", "optimizer", "checkpoint", "individual", "self",
), unitWork...)

// unitWork are those of workWords that a unit of time is enough with: "solve: 0.5 s".
var unitWork = apart(
	"solve", "solver", "solving", "solved", "initialization", "initialisation", "assembly", "assemble", "assembling", "training", "compile", "compilation", "preprocessing", "preprocessor", "postprocessing", "postprocessor",
	"presolve", "communication", "factorization", "factorize", "fft", "diagonalization", "overhead", "cpu", "wall",
)

// timingWords head tables of what varies by run, beside runWords.
var timingWords = apart("timing breakdown", "time breakdown", "profiling", "time profile", "cpu profile", "self time", "memory usage", "statistics of time", "performance summary", "performance statistics", "performance data", "performance metrics", "time statistics", "times", "total time")

// timingHeads are timingWords that are all of a heading.
var timingHeads = map[string]bool{" performance ": true, " profile ": true, " memory ": true, " timer name ": true}

// timedWords are fields beside those of times in the head of a table.
var timedWords = map[string]bool{" subroutine ": true, " routine ": true, " calls ": true, " no calls ": true, " ncalls ": true, " section ": true, " region ": true}

// rateWords are of what programs do in a second.
var rateWords = append(apart("mflops", "gflops", "tflops", "mlups", "glups", "calculation rate", "timestep time", "total seconds", "total secs", "ms step", "us step", "ms iter", "ms it", "ms batch", "ms token", "ms epoch", "s it", "s iter", "s epoch"), pairsOf([]string{"steps", "iterations", "iters", "iter", "its", "it", "tokens", "samples", "images", "batches", "frames", "epochs", "updates", "evaluations", "cells", "mcells", "mop", "mops", "ops", "flop", "mflop", "gflop", "requests"},
	[]string{"per second", "per sec", "s", "sec", "second"}, nil)...)

// costWords are times per piece of work.
var costWords = pairsOf([]string{"time per"}, []string{"step", "timestep", "iteration", "iter", "call", "epoch", "batch", "zone", "token", "sample", "cell"}, nil)

// clockTails are what stands behind such a number.
var clockTails = []string{
	"mib", "gib", "kib", "mbytes", "gbytes", "kbytes", "bytes", "it/s", "its/s", "steps/s", "tokens/s", "tok/s", "tokens per second", "iter/s", "ns/day", "hours/ns",
	"hour/ns", "timesteps/s", "% cpu", "%cpu", "% gc", "flops", "gflops", "threads", "ms per token", "ms/", "s/step", "s/it", "s/iter", "s/epoch", "us/", "ms /", "s elapsed", "elapsed seconds", "elapsed", "s cpu", "s wall", "sec cpu",
	"samples/s", "img/s", "images/s", "atom-step/s", "katom-step/s", "matom-step/s", "tau/day", "cells/s", "kib/s", "mb/s", "gb/s", "mib/s", "gib/s", "concurrent workers",
}

// shellTimes are glued to the times that a shell prints of a program, "1.5user 0.25system".
var shellTimes = words("user", "system", "elapsed")

// byteTails are units of bytes, and of others: they need a word of sizeWords.
var byteTails = words("mb", "gb", "kb", "b")

// timeUnits are units of the clock, which models use as well.
var timeUnits = words("s", "ms", "us", "µs", "ns", "sec", "secs", "second", "seconds", "min", "mins", "minutes", "h", "hours", "msec", "days")

// apart puts a blank around each.
func apart(words ...string) []string {
	for i, w := range words {
		words[i] = " " + w + " "
	}
	return words
}

func words(list ...string) map[string]bool {
	out := map[string]bool{}
	for _, w := range list {
		out[w] = true
	}
	return out
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

// onlyOf tells whether all of the words are of a list.
func onlyOf(words string, list map[string]bool) bool {
	for w := range strings.FieldsSeq(words) {
		if !list[w] {
			return false
		}
	}
	return true
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
	if s := b.String(); s[len(s)-1] == ' ' {
		return s
	}
	return b.String() + " "
}
