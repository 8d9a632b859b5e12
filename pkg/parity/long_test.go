package parity_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

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
