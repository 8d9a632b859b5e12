package parity_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"simtrace/pkg/parity"
)

// strange are lines that a damaged log may hold anywhere.
var strange = []string{
	"TRACE_C: mine 1 2 3\n", "TRACE_C: F_cell_nearest 5\n", "TRACE_C: hkl_frac nan 1 2\n", "TRACE_C: F_cell NOT_EXTRACTED\n", "TRACE_C: steps ten\n",
	"TRACE_C: pixel_pos_meters 1 2\n", "12 %\rTRACE_C: steps 3\n", "WARNING TRACE_C: F_cell 3\n", "Traceback (most recent call last):\nError: x\n",
	"TRACE_C_SOURCE1: F_cell 7\n", "TRACE_C_TAP5: h 1 k 2\n", "TRACE_C_PHI phi_tic=1 phi_deg=0.1 k_frac=3\n", "TRACE_C_PHI k_frac=3\n", "\n",
	"TRACE_CONFIG: tracing pixel (spixel=1, fpixel=2)\n", "Pixel (1, 3) [slow, fast]\n", "TRACE:   a = [1, 2]\n", "TRACE_C:Fclose_m=1\n",
	"TRACE_C: F_cell 1.23456\n", "TRACE_C: F_cell 1e400\n", "TRACE_C: mine words\n", "{\"stream\":\"pixel\",\"key\":\"steps\",\"pixel\":[1,2],\"values\":[4]}\n",
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

// TestInPartsAtRandom compares damaged logs of a few pixels in parts and as
// wholes. SIMTRACE_LONG makes it 20 000 pairs.
func TestInPartsAtRandom(t *testing.T) {
	defer parity.Batch(300)()
	pairs := 120
	if os.Getenv("SIMTRACE_LONG") != "" {
		pairs = 20000
	}
	pixel := func(rng *rand.Rand, dialect string, p int) string {
		num := func() string { return strconv.FormatFloat(rng.NormFloat64(), 'g', 15, 64) }
		s := fmt.Sprintf("TRACE_CONFIG: tracing pixel (spixel=1, fpixel=%d)\n", p)
		for range 1 + p%2 {
			s += fmt.Sprintf("%[1]s: pixel_pos_meters %[2]s %[3]s 0.5\n%[1]s: hkl_frac %[3]s %[2]s 2\n%[1]s: F_cell %[4]s\n", dialect, num(), num(), num())
			s += fmt.Sprintf("%[1]s_PHI phi_tic=0 phi_deg=0 k_frac=%[2]s F_latt=%[3]s\n%[1]s_PHI phi_tic=1 phi_deg=0.1 k_frac=%[3]s F_latt=%[2]s\n", dialect, num(), num())
		}
		return s + fmt.Sprintf("%[1]s: I_before_scaling %[2]s\n%[1]s: steps 2\n%[1]s: I_pixel_final %[3]s\n", dialect, num(), num())
	}
	inParts := 0
	for n := range pairs {
		rng := rand.New(rand.NewPCG(7, uint64(n)))
		log := "TRACE_C:Fclose_m=0.25\nTRACE: heading:\n"
		for p := range 3 + rng.IntN(8) {
			log += pixel(rng, "TRACE_C", p)
		}
		got := log
		if rng.IntN(3) == 0 {
			got = strings.NewReplacer("TRACE_C:", "TRACE_PY:", "TRACE_C_PHI", "TRACE_PY_PHI", "F_cell ", "F_cell_nearest ").Replace(log)
		}
		before := len(notInParts)
		what := fmt.Sprintf("pair %d", n)
		sameReport(t, what, mutated(rng, log, rng.IntN(2)), mutated(rng, got, rng.IntN(5)), parity.Options{})
		if len(notInParts) == before {
			inParts++
		}
		if t.Failed() {
			return
		}
	}
	if inParts < pairs/3 {
		t.Errorf("of %d pairs only %d were compared in parts", pairs, inParts)
	}
}

// A compressed log that ends early is cut, whichever way it is compared; and it
// is read to where it ends.
func TestInPartsOfACutArchive(t *testing.T) {
	setup, blocks := pixelsOf(t, "testdata/carry.log", 20)
	whole := setup + strings.Join(blocks, "")
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	io.WriteString(z, whole)
	z.Flush() // all lines are there, the end of the archive is not
	for _, byPixel := range []bool{false, true} {
		r, err := parity.Compare(strings.NewReader(whole), bytes.NewReader(packed.Bytes()), parity.Options{ByPixel: byPixel})
		if err != nil {
			t.Fatal(err)
		}
		if r.Verdict != parity.Refused || !r.Got.Truncated || len(r.Problems) != 1 || r.Problems[0].Pos.Line != r.Ref.Lines || (r.Summary != nil) != byPixel {
			t.Errorf("by pixel %v: %s, cut %v, problems %v", byPixel, r.Verdict, r.Got.Truncated, r.Problems)
		}
	}
}
