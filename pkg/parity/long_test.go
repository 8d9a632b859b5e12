package parity_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"simtrace/internal/testkit"
	"simtrace/pkg/parity"
	"simtrace/pkg/parity/diff"
)

// longPixel is a pixel of many phi rows.
func longPixel(rng *rand.Rand, rows int) []string {
	lines := []string{"TRACE_CONFIG: tracing pixel (spixel=3, fpixel=4)\n", "TRACE_C: R_distance_meters 0.253416334111961\n"}
	for i := range rows {
		lines = append(lines, fmt.Sprintf("TRACE_C_PHI phi_tic=%d phi_deg=%.15g k_frac=%.15g F_latt_b=%.15g\n", i, float64(i)/100, rng.NormFloat64(), rng.NormFloat64()))
	}
	return append(lines, "TRACE_C: I_pixel_final 2.5\n")
}

// A block that is too long to be held in memory is compared in stretches, and
// gives the same counts, verdict and first divergence as one that is held.
func TestLongBlocksInStretches(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 9))
	ref := longPixel(rng, 600)
	edited := func(edit func(lines []string) []string) []string { return edit(slices.Clone(ref)) }
	changed := func(lines []string, i int) {
		lines[i] = lines[i][:strings.LastIndexByte(lines[i], '=')+1] + "7.5\n"
	}
	for name, got := range map[string][]string{
		"equal":   ref,
		"one row": edited(func(l []string) []string { changed(l, 300); return l }),
		"every": edited(func(l []string) []string {
			for i := 2; i < 602; i++ {
				changed(l, i)
			}
			return l
		}),
		"lost": edited(func(l []string) []string { return slices.Delete(l, 100, 103) }),
		"late": edited(func(l []string) []string {
			x := slices.Clone(l[50:60])
			return slices.Insert(slices.Delete(l, 50, 60), 500, x...)
		}),
		"shuffled": edited(func(l []string) []string {
			rng.Shuffle(500, func(i, j int) { l[50+i], l[50+j] = l[50+j], l[50+i] })
			return l
		}),
		"garbled": edited(func(l []string) []string { l[200] = strings.Replace(l[200], "k_frac=", "k_frac=x", 1); return l }),
		"cut":     edited(func(l []string) []string { return append(l[:400], l[400][:20]) }),
		"crash":   edited(func(l []string) []string { return append(l, "Segmentation fault\n") }),
		"no rows": append(slices.Clone(ref[:2]), ref[602]),
		"no end":  edited(func(l []string) []string { return l[:len(l)-1] }),
	} {
		a, b := strings.Join(ref, ""), strings.Join(got, "")
		whole := compareWith(t, a, b, parity.Options{})
		restore := parity.SetSizes(diff.Sizes{Batch: 2000, Long: 4000, Stretch: 1000})
		long, err := parity.Readers(t.Context(), strings.NewReader(a), strings.NewReader(b), withDefaults(parity.Options{}))
		restore()
		if err != nil {
			t.Fatal(err)
		}
		if d := gocmp.Diff(whole.Counts, long.Counts) + gocmp.Diff(whole.Coverage, long.Coverage) + gocmp.Diff(whole.Reasons, long.Reasons) + gocmp.Diff(whole.Headline, long.Headline); d != "" {
			t.Errorf("%s: held in memory (-) and in stretches (+):\n%s", name, d)
		}
	}
}

// A log without a counter is one block: of every line it says which of its kind it is,
// whether all lines are listed, only some, or the block is compared in stretches.
func TestOccurrencesOfTheLog(t *testing.T) {
	const lines = 12000
	rng := rand.New(rand.NewPCG(8, 10))
	ref := make([]string, lines)
	for i := range ref {
		ref[i] = fmt.Sprintf("value %.12f\n", rng.Float64())
	}
	differs := func(every int) []string {
		got := slices.Clone(ref)
		for i := 9000; i < lines; i += every {
			got[i] = fmt.Sprintf("value %.12f\n", rng.Float64())
		}
		return got
	}
	for name, c := range map[string]struct {
		got   []string
		first string
	}{
		"one":          {differs(lines), "#9001"},
		"some":         {differs(3), "#9001"},
		"lost":         {slices.Delete(slices.Clone(ref), 7000, 7001), "#7001"},
		"lost, differ": {slices.Delete(differs(3), 9500, 9501), "#9001"},
	} {
		for _, long := range []int64{0, 50000} {
			restore := parity.SetSizes(diff.Sizes{Long: long, Stretch: 20000})
			r := compareWith(t, strings.Join(ref, ""), strings.Join(c.got, ""), parity.Options{})
			restore()
			if !strings.Contains(r.Headline, "value["+c.first+"]") {
				t.Errorf("%s, long %d: the first is value[%s], and the report says %q", name, long, c.first, r.Headline)
			}
		}
	}
}

// A program that prints every second line of another is brought together with it.
func TestEverySecondLine(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 12))
	var ref, got strings.Builder
	const lines = 3000
	for i := range lines {
		line := fmt.Sprintf("residual %.15e\n", rng.NormFloat64())
		ref.WriteString(line)
		if i%2 == 0 {
			got.WriteString(line)
		}
	}
	for _, long := range []int64{0, 30000} {
		restore := parity.SetSizes(diff.Sizes{Long: long, Stretch: 15000})
		r := compareWith(t, ref.String(), got.String(), parity.Options{})
		restore()
		if c := r.Counts; c.Diverged > 0 || c.Matched != lines/2 || c.Lost != lines/2 {
			t.Errorf("long %d: %+v", long, c)
		}
	}
}

// A large array has names for its first rows alone, and each row finds its partner; so
// do the numbers of a long line. A progress bar may be longer than a line may.
func TestManyNumbersOfOneName(t *testing.T) {
	testkit.NotUnderRace(t)
	rng := rand.New(rand.NewPCG(8, 13))
	var array, wide, bar strings.Builder
	array.WriteString("A = [\n")
	for range 3000 {
		fmt.Fprintf(&array, "  [%.8f, %.8f],\n", rng.Float64(), rng.Float64())
	}
	array.WriteString("]\n")
	for range 5 {
		for range 2000 {
			fmt.Fprintf(&wide, "%.6f ", rng.Float64())
		}
		wide.WriteString("\n")
	}
	for i := range 40000 {
		fmt.Fprintf(&bar, "%5.1f%% |####   | loss=%.6f\r", float64(i)/400, rng.Float64())
	}
	bar.WriteString("\n")
	for _, c := range []struct{ text, old, first string }{
		{array.String(), strings.Split(array.String(), "\n")[2500], "A[1024...][#1476]"},
		{wide.String(), strings.Split(wide.String(), "\n")[2], "numbers[#3]"},
		{bar.String(), strings.Split(bar.String(), "\r")[39999], "loss[#40000]"},
	} {
		got := strings.Replace(c.text, c.old, someDigit.ReplaceAllString(c.old, ".${1}5"), 1)
		r := compare(t, c.text, got)
		if !strings.Contains(r.Headline, "first at "+c.first+":") || r.Counts.Diverged == 0 || r.Counts.Lost > 0 {
			t.Errorf("%s: %s %+v", c.first, r.Headline, r.Counts)
		}
	}
}

var someDigit = regexp.MustCompile(`\.(\d)\d`)

// uncounted is a log without a counter, of rows of several quantities and words.
func uncounted(rng *rand.Rand, n int) []string {
	lines := make([]string, n)
	for i := range lines {
		switch rng.IntN(4) {
		case 0:
			lines[i] = fmt.Sprintf("energy = %.9f eV, force %.6g\n", rng.NormFloat64(), rng.NormFloat64())
		case 1:
			lines[i] = fmt.Sprintf("residual %.3e\n", rng.Float64())
		case 2:
			lines[i] = fmt.Sprintf("%.6f %.6f %d\n", rng.Float64(), rng.Float64(), rng.IntN(9))
		default:
			lines[i] = "done with the sweep\n"
		}
	}
	return lines
}

var lastDigit = regexp.MustCompile(`(\.\d{5,})\d( |\n|$)`)

// disturbed changes, drops and adds a few lines of a log, or many.
func disturbed(rng *rand.Rand, lines []string) []string {
	out := slices.Clone(lines)
	for range 1 + rng.IntN(6) {
		i := rng.IntN(len(out))
		switch rng.IntN(7) {
		case 3:
			k := min(len(out), i+1+rng.IntN(5))
			moved := slices.Clone(out[i:k])
			out = slices.Delete(out, i, k)
			out = slices.Insert(out, min(len(out), i+rng.IntN(40)), moved...)
		case 4: // a last digit, in every line of a part
			for k := i; k < min(len(out), i+rng.IntN(900)); k++ {
				out[k] = lastDigit.ReplaceAllString(out[k], "${1}5$2")
			}
		case 0:
			out = slices.Delete(out, i, min(len(out), i+1+rng.IntN(3)))
		case 1:
			out = slices.Insert(out, i, uncounted(rng, 1+rng.IntN(3))...)
		case 2:
			for every := 1 + rng.IntN(50); i < len(out); i += every {
				out[i] = strings.ReplaceAll(out[i], "1", "2")
			}
		default:
			out[i] = strings.ReplaceAll(out[i], "3", "4")
		}
	}
	return out
}

// Of a log without a counter that is compared line by line, as many rows find a partner
// that agrees as of one that is held in memory, or more. How much of it is looked at at
// a time does not matter.
func TestUncountedLineByLine(t *testing.T) {
	testkit.NotUnderRace(t)
	rng := rand.New(rand.NewPCG(8, 11))
	for n := range 40 {
		ref := uncounted(rng, 2000)
		got := disturbed(rng, ref)
		a, b := strings.Join(ref, ""), strings.Join(got, "")
		whole := compareWith(t, a, b, parity.Options{})
		var by []*parity.Report
		for _, stretch := range []int64{5000, 15000} {
			restore := parity.SetSizes(diff.Sizes{Long: 30000, Stretch: stretch})
			by = append(by, compareWith(t, a, b, parity.Options{}))
			restore()
		}
		long := by[1]
		if d := gocmp.Diff(by[0].Counts, long.Counts) + gocmp.Diff(by[0].Headline, long.Headline); d != "" {
			t.Errorf("pair %d: in windows of 5000 (-) and 15000 bytes (+):\n%s", n, d)
		}
		if w, l := whole.Counts, long.Counts; l.Diverged+l.Lost > w.Diverged+w.Lost || l.Matched < w.Matched || whole.Verdict != long.Verdict {
			t.Errorf("pair %d: held in memory %+v, and line by line %+v", n, w, l)
		}
	}
}
