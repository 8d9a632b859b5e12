package parity_test

import (
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"simtrace/internal/testkit"
	"simtrace/pkg/parity"
	"simtrace/pkg/parity/explain"
)

// scraps are what may stand in a log where nobody expects it.
var scraps = []string{
	"<<<<  >>>>", "| - | - |", "[[[", "]", "{", "}", "(((", "a = ", " = 5", "::", "1e+", "-", "-.", "0xZZ", "nan", "inf", "****", "5%", "\t", "\r", "\x1b[31m", "\x00", "é", "−1.5", "1,5", "\"", "\\", "{\"a\":",
	"step 5", "iter=1", "12:00:05 ", "2026-01-01", "rank 0:", "Traceback (most recent call last):", "KeyError: 7", "Killed", "x = [", "tensor([", "TRACE_C: ", "TRACE_C: F_cell", "polar nan", "polar word", "1.0D+05", "12/100", "1 - 2.5i", "5.98dB", "(1.0,-2.0)", "...",
}

// mangled is a log with lines lost, doubled and made of other things.
func mangled(r *rand.Rand, text string) string {
	var out strings.Builder
	scrap := func() string { return scraps[r.IntN(len(scraps))] }
	for line := range strings.Lines(text) {
		at := r.IntN(len(line))
		switch r.IntN(20) {
		case 0:
			continue
		case 1:
			line += line
		case 2:
			line = scrap() + " " + scrap() + "\n" + line
		case 3:
			line = line[:at] + scrap() + line[at:]
		case 4:
			line = line[:at] + line[min(len(line), at+4):]
		case 5: // a word in place of what a name is followed by
			if i := strings.LastIndexByte(line, ' '); i > 0 {
				line = line[:i+1] + "none\n"
			}
		}
		out.WriteString(line)
	}
	return out.String()
}

// TestMangledLogs: whatever stands in two logs, the comparison ends with a report, and a
// log does not differ from itself in numbers that are there.
func TestMangledLogs(t *testing.T) {
	testkit.NotUnderRace(t)
	var logs []string
	for _, name := range []string{"carry", "cubic", "fresh"} {
		text, err := os.ReadFile("testdata/" + name + ".log")
		if err != nil {
			t.Fatal(err)
		}
		logs = append(logs, string(text))
	}
	for i := range kinds {
		logs = append(logs, strings.Join(lines(&kinds[i], 0, func(int, *[5]float64) {}), "\n")+"\n")
	}
	r := rand.New(rand.NewPCG(28, 4))
	for range 4 {
		for _, log := range logs {
			ref := mangled(r, log)
			for _, got := range []string{ref, mangled(r, ref)} {
				report := compare(t, ref, got)
				noRuleFailed(t, report)
				if ref == got && report.Counts.Diverged > report.Counts.NotFinite {
					t.Errorf("a log differs from itself: %s\n%.2000s", report.Headline, ref)
				}
			}
		}
	}
}

// TestWordForEachNumber: a word, or nothing, in place of the numbers of each line in turn
// of either log ends no comparison, whatever is computed from them.
func TestWordForEachNumber(t *testing.T) {
	testkit.NotUnderRace(t)
	var pair [2]string
	for side, name := range []string{"carry", "fresh"} {
		text, err := os.ReadFile("testdata/" + name + ".log")
		if err != nil {
			t.Fatal(err)
		}
		pair[side] = string(text)
	}
	// What is printed by both is off in the other, so that all is looked into.
	off := strings.NewReplacer("9 ", "8 ", "7\n", "6\n", "8\n", "3\n")
	logs := [][2]string{pair, {pair[0], off.Replace(pair[0])}, {pair[1], off.Replace(pair[1])}}
	for _, pair := range logs {
		for side := range pair {
			at := 0
			for line := range strings.Lines(pair[side]) {
				at += len(line)
				name, _, ok := strings.Cut(strings.TrimPrefix(line, "TRACE_C: "), " ")
				if !ok || !strings.HasPrefix(line, "TRACE_C: ") {
					continue
				}
				for _, word := range []string{"none", "1 2"} {
					other := pair
					other[side] = pair[side][:at-len(line)] + "TRACE_C: " + name + " " + word + "\n" + pair[side][at:]
					r := compare(t, other[0], other[1])
					if noRuleFailed(t, r); r.Verdict == parity.Match {
						t.Errorf("%s is %s, and the logs match", name, word)
					}
				}
			}
		}
	}
}

func noRuleFailed(t *testing.T, r *parity.Report) {
	t.Helper()
	for _, x := range r.RuledOut {
		if strings.HasPrefix(x.Why, explain.RuleFailed) {
			t.Errorf("%s: %s", x.ID, x.Why)
		}
	}
}
