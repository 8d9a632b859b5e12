package parity_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"simtrace/internal/testkit"
)

// pixelsOf makes a log of n pixels: the setup of a recorded log, and its pixel
// block again and again, each with other digits at the end of its numbers.
func pixelsOf(t testing.TB, path string, n int) (setup string, blocks []string) {
	t.Helper()
	setup, block, ok := strings.Cut(testkit.File(t, path), "TRACE_CONFIG")
	_, block, ok2 := strings.Cut(block, "\n")
	if !ok || !ok2 {
		t.Fatal("no pixel in the recorded log")
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		blocks = append(blocks, fmt.Sprintf("TRACE_CONFIG: tracing pixel (spixel=%d, fpixel=%d)\n", 100+i/7, 30+i%7)+otherDigits(block, rng))
	}
	return setup, blocks
}

// otherDigits exchanges the last digits of long numbers.
func otherDigits(block string, rng *rand.Rand) string {
	b := []byte(block)
	run := 0
	for i, c := range b {
		if c >= '0' && c <= '9' || c == '.' {
			run++
			if run > 12 {
				b[i] = byte('1' + rng.IntN(9))
			}
		} else {
			run = 0
		}
	}
	return string(b)
}

// strange are lines that a damaged log may hold anywhere.
var strange = []string{
	"TRACE_C: mine 1 2 3\n", "TRACE_C: F_cell_nearest 5\n", "TRACE_C: hkl_frac nan 1 2\n", "TRACE_C: F_cell NOT_EXTRACTED\n", "TRACE_C: steps ten\n",
	"TRACE_C: pixel_pos_meters 1 2\n", "12 %\rTRACE_C: steps 3\n", "WARNING TRACE_C: F_cell 3\n", "Traceback (most recent call last):\nError: x\n",
	"TRACE_C_SOURCE1: F_cell 7\n", "TRACE_C_TAP5: h 1 k 2\n", "TRACE_C_PHI phi_tic=1 phi_deg=0.1 k_frac=3\n", "TRACE_C_PHI k_frac=3\n", "\n",
	"TRACE_CONFIG: tracing pixel (spixel=1, fpixel=2)\n", "Pixel (1, 3) [slow, fast]\n", "TRACE:   a = [1, 2]\n", "TRACE_C:Fclose_m=1\n",
	"TRACE_C: F_cell 1.23456\n", "TRACE_C: F_cell 1e400\n", "TRACE_C: mine words\n", "{\"stream\":\"pixel\",\"key\":\"steps\",\"pixel\":[1,2],\"values\":[4]}\n",
	"TRACE_C: R_distance_meters 0.25 m\n", "TRACE_C: R_distance_meters 250 mm\n", "TRACE_C: omega_pixel_sr 1,5\n",
}

// mutated is a log with some of its lines lost, doubled, moved, changed or
// exchanged for others.
func mutated(rng *rand.Rand, log string, n int) string {
	lines := strings.SplitAfter(log, "\n")
	for range n {
		i, j := rng.IntN(len(lines)), rng.IntN(len(lines))
		switch rng.IntN(8) {
		case 0:
			lines[i] = ""
		case 1:
			lines = slices.Insert(lines, i, lines[j])
		case 2:
			lines[i], lines[j] = lines[j], lines[i]
		case 3:
			lines = slices.Insert(lines, i, strange[rng.IntN(len(strange))])
		case 4:
			lines[i] = lines[i][:rng.IntN(len(lines[i])+1)]
		default:
			lines[i] = floatNumber.ReplaceAllStringFunc(lines[i], func(s string) string {
				v, _ := strconv.ParseFloat(s, 64)
				return fmt.Sprintf("%.*g", 6+rng.IntN(10), v*(1+rng.NormFloat64()*1e-5))
			})
		}
	}
	return strings.Join(lines, "")
}

// randomPixels writes a log of some pixels, of one or two samples each.
func randomPixels(rng *rand.Rand) string {
	num := func() string { return strconv.FormatFloat(rng.NormFloat64(), 'g', 15, 64) }
	log := "TRACE_C:Fclose_m=0.25\nTRACE: heading:\n"
	for p := range 3 + rng.IntN(8) {
		log += fmt.Sprintf("TRACE_CONFIG: tracing pixel (spixel=1, fpixel=%d)\n", p)
		for range 1 + p%2 {
			log += fmt.Sprintf("TRACE_C: pixel_pos_meters %[1]s %[2]s 0.5\nTRACE_C: hkl_frac %[2]s %[1]s 2\nTRACE_C: F_cell %[3]s\n", num(), num(), num())
			log += fmt.Sprintf("TRACE_C_PHI phi_tic=0 phi_deg=0 k_frac=%[1]s F_latt=%[2]s\nTRACE_C_PHI phi_tic=1 phi_deg=0.1 k_frac=%[2]s F_latt=%[1]s\n", num(), num())
		}
		log += fmt.Sprintf("TRACE_C: I_before_scaling %s\nTRACE_C: steps 2\nTRACE_C: I_pixel_final %s\n", num(), num())
	}
	return log
}

// randomPair is two such logs, damaged.
func randomPair(seed uint64) (ref, got string) {
	rng := rand.New(rand.NewPCG(7, seed))
	log := randomPixels(rng)
	got = log
	if rng.IntN(3) == 0 {
		got = strings.NewReplacer("TRACE_C:", "TRACE_PY:", "TRACE_C_PHI", "TRACE_PY_PHI", "F_cell ", "F_cell_nearest ").Replace(log)
	}
	return mutated(rng, log, rng.IntN(2)), mutated(rng, got, rng.IntN(5))
}
