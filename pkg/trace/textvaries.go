package trace

import (
	"math"
	"slices"
	"strings"
)

// varies tells whether a quantity differs on every run of a program: times of the
// clock, memory, process numbers, speed. A higher one of a name counts.
type varies uint8

const (
	neverVaries varies = iota
	// belowTiming says so because of a heading alone.
	belowTiming
	// mayBeMachine is the number of a machine's part, where it is whole and stays.
	mayBeMachine
	// mayBeEpoch counts seconds since 1970, where it is so large.
	mayBeEpoch
	// mayVary is a time or a speed: of the model, or of the clock. The numbers tell.
	mayVary
	alwaysVaries
)

// variesByRun judges a number by its name, the headings above it, its unit and
// what follows it.
func variesByRun(name, unit, behind string) varies {
	words := strings.ReplaceAll(plainWords(name), " time step", " timestep")
	ofModel := hasAny(words, modelWords)
	if hasAny(words, runWords, memoryWords) || strings.HasSuffix(words, " pid ") && strings.Contains(words, " host ") || !ofModel && hasAny(words, ownTimes) {
		return alwaysVaries
	}
	tail := strings.ToLower(strings.TrimLeft(behind, " \t"))
	if strings.HasPrefix(tail, "physical") {
		return neverVaries
	}
	if variesByTail(words, tail) || shellTimes[unit] {
		return alwaysVaries
	}
	switch {
	case hasAny(words, rateWords, costWords):
		return mayVary
	case endsIn(words, machineWords):
		return mayBeMachine
	case endsIn(words, epochWords):
		return mayBeEpoch
	case endsIn(words, endWords), !ofModel && isTimeOfWork(name, words, unit, tail), strings.HasPrefix(name, "# ") && isAside(behind):
		return mayVary
	}
	return neverVaries
}

// variesByTail judges a number by what stands behind it.
func variesByTail(words, tail string) bool {
	for _, w := range clockTails {
		if strings.HasPrefix(tail, w) && (len(tail) == len(w) || !isWordByte(tail[len(w)]) || !isWordByte(w[len(w)-1])) {
			return true
		}
	}
	word := firstWord(tail)
	return byteTails[word] && hasAny(words, sizeWords) || (word == "mhz" || word == "ghz") && hasAny(words, clockOwners)
}

// isTimeOfWork tells a time that says what the program did in it, or nothing but that
// it is a time.
func isTimeOfWork(name, words, unit, tail string) bool {
	if isTime(words) || isTime(plainWords(name[strings.LastIndexAny(name, "/:")+1:])) {
		return true // "Final/Time" is of a table, "solver: time" of a part
	}
	named := hasAny(words, timeNames)
	inUnit := timeUnits[strings.ToLower(unit)] || timeUnits[firstWord(tail)] || endsIn(words, timeEnds)
	return !hasAny(words, stepWords) && (named && hasAny(words, workWords) || inUnit && hasAny(words, unitWork))
}

// isTime tells words that say no more than that something is a time.
func isTime(words string) bool { return hasAny(words, timeNames) && onlyOf(words, timeWordsOfAll) }

// isAside tells seconds that no word names: they are all of a bracket, or stand right
// behind their number, "loss 0.25 (1.3 s)" and "[====] - 3s".
func isAside(behind string) bool {
	tail := strings.TrimLeft(behind, " ")
	word := firstWord(tail)
	return (word == "s" || word == "sec" || word == "secs" || word == "seconds") && (strings.HasPrefix(tail[len(word):], ")") || tail == behind)
}

// timeEnds are units of time that a name ends with: "CPU (s)".
var timeEnds = apart("s", "ms", "msec")

// firstWord is the letters that a text begins with.
func firstWord(s string) string {
	if i := strings.IndexFunc(s, func(r rune) bool { return r < 'a' || r > 'z' }); i >= 0 {
		return s[:i]
	}
	return s
}

// headsTiming tells words that head times of the clock.
func headsTiming(text string) bool {
	words := plainWords(text)
	return hasAny(words, runWords, memoryWords, ownTimes, timingWords) && !hasAny(words, modelHeads) || timingHeads[words] || isTime(words)
}

// headsTimes tells fields of a line that head times of the clock: half of them do,
// and more than one, or all. Those of what was timed count as well.
func (t *textReader) headsTimes(fields []string) bool {
	if len(fields) > 0 && strings.HasPrefix(plainWords(fields[0]), " timer ") {
		return true // what each row is of
	}
	all, timed, beside := 0, 0, 0
	for _, f := range fields {
		if !hasLetter(f) {
			continue // a rule around a title
		}
		switch all++; {
		case isIdentifier(f):
		case t.headsTiming(f):
			timed++
		case timedWords[plainWords(f)]:
			beside++
		}
	}
	return timed > 0 && (timed == all || timed+beside > 1 && 2*(timed+beside) >= all)
}

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

// isClock tells whether numbers that may be times of the clock are: they do not
// rise by equal steps, as the times of most models do, and differ between two runs,
// most of them and from the beginning on. Where one log has more of them, those that
// pair are looked at, so that a lost line does not make a clock of what it printed.
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
		if differ(a[i], b[i], spread) {
			if all++; i < 3 {
				early++
			}
		}
	}
	return early > 0 && 2*all >= n && (len(a) == len(b) || 2*pairedIn(a, b, spread) < n)
}

// differ tells two times apart; those of all rows are spread so far.
func differ(a, b, spread float64) bool {
	scale := max(math.Abs(a), math.Abs(b))
	if spread > 0 {
		scale = min(scale, spread) // seconds since 1970 differ in the last digits
	}
	return math.Abs(a-b) > 1e-6*scale
}

// lostRows is how many rows one log may lack for its numbers to be paired.
const lostRows = 16

// pairedIn counts the equal numbers of two series in their order: where two differ, the
// nearest equal ones are next.
func pairedIn(a, b []float64, spread float64) (n int) {
	for i, k := 0, 0; i < len(a) && k < len(b); {
		if !differ(a[i], b[k], spread) {
			n++
			i, k = i+1, k+1
			continue
		}
		da, db := nextEqual(a[i:], b[k], spread), nextEqual(b[k:], a[i], spread)
		switch {
		case da < 0 && db < 0:
			i, k = i+1, k+1
		case db < 0 || da >= 0 && da <= db:
			i += da
		default:
			k += db
		}
	}
	return n
}

// nextEqual is how far on a number comes again; -1 for too far.
func nextEqual(list []float64, v, spread float64) int {
	for i := range min(len(list), lostRows) {
		if !differ(list[i], v, spread) {
			return i
		}
	}
	return -1
}

// isMachine tells whole numbers that stay the same.
func isMachine(v []float64) bool {
	return !slices.ContainsFunc(v, func(x float64) bool { return x != v[0] || x != math.Trunc(x) })
}

// isEpoch tells seconds since 1970, or parts of them.
func isEpoch(v []float64) bool {
	return !slices.ContainsFunc(v, func(x float64) bool { return x < 1e8 })
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

// startTiming notes whether a line of words heads times of the clock.
func (t *textReader) startTiming(timing bool) {
	if timing && t.undecided != nil {
		t.timingHeads++
	}
	t.timing, t.heads = timing, timing
}

// endTiming notes that times of the clock end, as they do at a line without words.
func (t *textReader) endTiming() {
	if t.heads {
		t.heads = false // the line is below the heading of the times, and above them
		return
	}
	n := slices.IndexFunc(t.path, func(h heading) bool { return t.headsTiming(h.text) })
	if !t.timing && n < 0 {
		return
	}
	if t.timing = false; n >= 0 {
		t.path = t.path[:n:n]
	}
	t.changed()
}
