package parity_test

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"simtrace/internal/testkit"
	"simtrace/pkg/parity"
	"simtrace/pkg/parity/diff"
)

// Each of these holds something that was once broken on purpose and passed unseen.

// smallPixels are n pixels of a few lines each.
func smallPixels(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("TRACE_CONFIG: tracing pixel (spixel=%d, fpixel=%d)\nTRACE_C: R_distance_meters %.15g\nTRACE_C: mine 1\nTRACE_C: I_pixel_final %.15g\n",
			i/100, i%100, 0.25+float64(i)/12345, 100+float64(i)/1234567)
	}
	return out
}

// A block that is out of order, far behind the beginning, is joined with its own
// pixel, and what differs in it is found there.
func TestBlockOutOfOrderFarBehind(t *testing.T) {
	blocks := smallPixels(1300)
	ref := strings.Join(blocks, "")
	moved := slices.Clone(blocks)
	moved[1201], moved[1207] = moved[1207], moved[1201]
	if r := compare(t, ref, strings.Join(moved, "")); r.Verdict != parity.Match || r.Counts.Matched != 3*1300 {
		t.Errorf("two blocks exchanged: %s %v", r.Verdict, r.Reasons)
	}
	moved[1207] = strings.Replace(moved[1207], "final 100", "final 101", 1)
	r := compare(t, ref, strings.Join(moved, ""))
	if r.Verdict != parity.Diverged || r.Counts.Diverged != 1 || r.FirstRow() == nil || r.Label(r.FirstRow()) != "I_pixel_final[pixel=12,1]" {
		t.Errorf("one of them changed: %s %s", r.Verdict, r.Headline)
	}
}

// Of a pixel of more rows than a report lists, which subpixel is lost is said by the
// records and not by the rows that are listed.
func TestOneOfManySubpixels(t *testing.T) {
	const samples, gone = 1500, 1200
	text := func(skip int) string {
		var b strings.Builder
		w, r := bufio.NewWriter(&b), rand.New(rand.NewPCG(9, 28))
		b.WriteString("TRACE_CONFIG: tracing pixel (spixel=685, fpixel=1039)\n")
		for i := range samples {
			if i == skip {
				w.Flush()
				subpixel(bufio.NewWriter(io.Discard), r, i, false)
				continue
			}
			subpixel(w, r, i, false)
		}
		w.Flush()
		return b.String() + "TRACE_C: I_pixel_final 2.5\n"
	}
	r := compare(t, text(-1), text(gone))
	if r.Counts.Missing != 4 || r.Counts.Diverged != 0 {
		t.Errorf("%d rows lost and %d differ, want 4 and none: %s", r.Counts.Missing, r.Counts.Diverged, r.Headline)
	}
	want := fmt.Sprintf("one subpixel of %d that the reference has: subpixel %d", samples, gone)
	if len(r.Causes) != 1 || !strings.Contains(r.Causes[0].Title, want) {
		t.Errorf("causes %+v, want %s", r.Causes, want)
	}
}

// What differs in the sum of a pixel is found alike whether its rows are few or more than a
// report lists.
func TestCauseOfAPixelOfManyRows(t *testing.T) {
	tail := testkit.File(t, "diff/testdata/oversample.log")
	tail = tail[strings.Index(tail, "TRACE_C: I_before_scaling"):]
	for what, changed := range map[string]*strings.Replacer{
		"steps": strings.NewReplacer("final 15.6942594630279", "final 62.7770378521116", "accumulated 15.6942596435547", "accumulated 62.7770385742188"),
		"polar": strings.NewReplacer("final 15.6942594630279", "final 15.6942839856", "accumulated 15.6942596435547", "accumulated 15.6942839856"),
	} {
		var found [2][]string
		for i, samples := range []int{40, 1500} {
			var b strings.Builder
			w, r := bufio.NewWriter(&b), rand.New(rand.NewPCG(9, 28))
			b.WriteString("TRACE_CONFIG: tracing pixel (spixel=685, fpixel=1039)\n")
			for k := range samples {
				subpixel(w, r, k, false)
			}
			w.Flush()
			report := compare(t, b.String()+tail, b.String()+changed.Replace(tail))
			for _, c := range report.Causes {
				found[i] = append(found[i], c.ID)
			}
			for line := range strings.Lines(tail) {
				name := strings.Fields(line)[1]
				if !slices.ContainsFunc(report.Rows, func(row diff.Row) bool { return row.Name() == name }) {
					t.Errorf("%s, %d samples: %s is not listed, and hidden from the rules about causes", what, samples, name)
				}
			}
		}
		if len(found[0]) == 0 || !slices.Equal(found[0], found[1]) {
			t.Errorf("%s: %v with few rows, %v with many", what, found[0], found[1])
		}
	}
}

// Of a log that prints an eighth to a half of what its program prints, nobody can
// say that it lost the rest: nothing is lost, and without a result nothing is said.
func TestLittleInCommonIsRefused(t *testing.T) {
	whole := testkit.File(t, "testdata/carry.log")
	for share, lost := range map[int]bool{8: false, 4: false, 1: true} {
		kept, core := "", 0
		for line := range strings.Lines(whole) {
			if strings.HasPrefix(line, "TRACE_C: ") && !strings.Contains(line, "I_") && !strings.Contains(line, "floatimage") {
				if core++; core%share != 0 {
					continue
				}
			} else if !strings.HasPrefix(line, "TRACE_CONFIG") {
				continue
			}
			kept += line
		}
		r := compare(t, whole, kept)
		if (r.Counts.Lost > 0) != lost || (r.Verdict == parity.Refused) != !lost || r.Verdict == parity.Match {
			t.Errorf("one of %d of the core: %s, %d lost: %v", share, r.Verdict, r.Counts.Lost, r.Reasons)
		}
	}
}

// How many digits a log prints is decided by all of it before any row is compared:
// one full number anywhere says that the short ones are exact.
func TestPrecisionIsDecidedFirst(t *testing.T) {
	testkit.NotUnderRace(t)
	setup, blocks := pixelsOf(t, "testdata/carry.log", 40)
	whole, short := setup+strings.Join(blocks, ""), shortened(setup+strings.Join(blocks, ""), 7)
	opt := parity.Options{Tolerance: 1e-9}
	if r := compareWith(t, whole, short, opt); r.Verdict != parity.Match {
		t.Errorf("seven digits against fifteen: %s %v", r.Verdict, r.Reasons)
	}
	for _, pixel := range []int{0, 3, 6, 10, 20, 39} { // some of them are looked at before, and some are not
		b := strings.SplitAfter(short, "TRACE_CONFIG")
		full := strings.SplitAfter(whole, "TRACE_CONFIG")
		b[pixel+1] = full[pixel+1]
		r := compareWith(t, whole, strings.Join(b, ""), opt)
		first := r.FirstRow()
		if r.Verdict != parity.Diverged || first == nil || r.Counts.Diverged < 1000 {
			t.Errorf("pixel %d printed in full: %s, %d rows differ", pixel, r.Verdict, r.Counts.Diverged)
		}
	}
}

// Of two setup lines, of which a program prints one or the other by its pivot, the
// one that is printed covers the other: it is no parent that nobody saw.
func TestCoveredParent(t *testing.T) {
	const setup, pixel, result = "TRACE_C:pix0_vector=0.1 0.2 0.3\n", "TRACE_C: pix0_vector_meters 0.1 0.2 %s\n", "TRACE_C: I_pixel_final 3\n"
	log := func(setup, z string) string { return setup + fmt.Sprintf(pixel, z) + result }
	r := compare(t, log(setup, "0.3"), log(setup, "0.31"))
	setups := func(r *parity.Report) int { return strings.Count(strings.Join(r.Roots[0].Unobserved, " "), "pix0_") }
	if len(r.Roots) != 1 || setups(r) != 0 {
		t.Errorf("with one of the parents compared: %+v", r.Roots)
	}
	r = compare(t, log("", "0.3"), log("", "0.31"))
	if len(r.Roots) != 1 || setups(r) != 2 {
		t.Errorf("with none of the parents: %+v", r.Roots)
	}
}

// The first row of a quantity that the schema does not know is the first in the
// log, in whatever order and by however many threads its blocks are compared.
func TestFirstRowOfAnUnknownKey(t *testing.T) {
	blocks := smallPixels(3000)
	ref := strings.Join(blocks, "")
	for _, i := range []int{2900, 77, 1500} {
		blocks[i] = strings.Replace(blocks[i], "mine 1", "mine 2", 1)
	}
	defer parity.SetSizes(diff.Sizes{Batch: 4000})()
	for _, threads := range []int{1, 4} {
		r := compareWith(t, ref, strings.Join(blocks, ""), parity.Options{Threads: threads})
		if row := r.FirstRow(); row == nil || r.Label(row) != "mine[pixel=0,77]" || row.Ref.Line != 4*77+3 {
			t.Errorf("%d threads: first at %v", threads, r.Headline)
		}
		for _, q := range r.Quantities {
			if q.Name == "mine" && (q.First == nil || q.First.Got.Line != 4*77+3 || q.Counts.Diverged != 3) {
				t.Errorf("%d threads: %+v", threads, q)
			}
		}
	}
}

// A cause that explains a part leaves the rest open, and says so.
func TestCauseOfAPart(t *testing.T) {
	f := vec{0.999, 0.03, 0.02}.unit()
	s := f.cross(vec{0.02, -0.01, 0.9997}).unit()
	made := f.cross(s)
	typed := vec{}
	for i := range made {
		typed[i] = math.Round(made[i]*1e5) / 1e5
	}
	r := compare(t, tilted("TRACE_C", true, made, vec{}), tilted("TRACE_PY", false, typed, vec{}.add(typed, 4e-7)))
	open := r.Unexplained()
	if causes(r) != "odet-regenerated" || len(open) != 1 || !open[0].Partly {
		t.Errorf("causes %q, open %+v, roots %+v\n%s", causes(r), open, r.Roots, text(r))
	}
}

// A last line without its end may lack digits: what agrees then is no match,
// unless the line repeats a number that is there in full.
func TestLastLineWithoutEnd(t *testing.T) {
	log := "TRACE_C: R_distance_meters 0.25\nTRACE_C: I_pixel_final 2.5\n"
	for got, want := range map[string]parity.Verdict{
		log: parity.Match,
		log + "TRACE_C: floatimage_accumulated 2.5\n": parity.Match,
		log + "TRACE_C: floatimage_accumulated 2.5":   parity.Match,
		log + "TRACE_C: floatimage_accumulated 2.":    parity.Refused,
		log + "TRACE_C: floatimage_accumulated":       parity.Refused,
		strings.TrimSuffix(log, "\n"):                 parity.Refused,
		log + "TRACE_C: pola":                         parity.Refused,
		log + "TRA":                                   parity.Refused,
	} {
		if r := compare(t, got, got); r.Verdict != want {
			t.Errorf("%q against itself: %s, want %s: %v", got, r.Verdict, want, r.Reasons)
		}
	}
}

// Another program's rows may stand in any order within their step, and its steps
// in any order: a quantity is told by its name and its place.
func TestOtherProgramsInAnyOrder(t *testing.T) {
	s := "prefixes: [DBG]\nindex: [step, cell]\nquantities: [{name: force}, {name: speed, parents: [force]}, {name: heat, per: step, parents: [speed]}]\n"
	rng := rand.New(rand.NewPCG(4, 4))
	log := func(shuffle bool, fault string) string {
		order := func(n int) []int {
			if shuffle {
				return rng.Perm(n)
			}
			out := make([]int, n)
			for i := range out {
				out[i] = i
			}
			return out
		}
		var b strings.Builder
		for _, step := range order(40) {
			fmt.Fprintf(&b, "DBG step=%d heat=%d.5\n", step, step)
			for _, cell := range order(6) {
				lines := []string{fmt.Sprintf("DBG force %d.25\n", step+cell), fmt.Sprintf("DBG speed %d.125\n", step-cell)}
				if fault == fmt.Sprint(step, cell) {
					lines[1] = "DBG speed 1000.5\n"
				}
				fmt.Fprintf(&b, "DBG cell=%d\n", cell)
				for _, i := range order(2) {
					b.WriteString(lines[i])
				}
			}
		}
		return b.String()
	}
	want := compareBySchema(t, s, log(false, ""), log(false, ""), parity.Options{})
	for range 5 {
		r := compareBySchema(t, s, log(false, ""), log(true, ""), parity.Options{})
		if r.Verdict != parity.Match || r.Counts != want.Counts {
			t.Fatalf("in another order: %s %+v, want %+v", r.Verdict, r.Counts, want.Counts)
		}
		r = compareBySchema(t, s, log(true, ""), log(true, "31 4"), parity.Options{})
		if r.Verdict != parity.Diverged || r.Counts.Diverged != 1 || rootsOf(r) != "speed[step=31 cell=4]" {
			t.Fatalf("one fault: %s, %d differ, roots %s", r.Verdict, r.Counts.Diverged, rootsOf(r))
		}
	}
}
