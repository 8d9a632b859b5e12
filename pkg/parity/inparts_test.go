package parity_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"simtrace/pkg/parity"
	"simtrace/pkg/parity/report"
)

// pixelsOf makes a log of n pixels: the setup of a recorded log, and its pixel
// block again and again, each with other digits at the end of its numbers.
func pixelsOf(t testing.TB, path string, n int) (setup string, blocks []string) {
	t.Helper()
	setup, block, ok := strings.Cut(file(t, path), "TRACE_CONFIG")
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

// sameReport holds what both ways of comparing say against each other.
func sameReport(t *testing.T, what, ref, got string, opt parity.Options) {
	t.Helper()
	full, fullErr := parity.Compare(strings.NewReader(ref), strings.NewReader(got), withNames(opt))
	opt.Threads = 1
	part, why, err := parity.InParts(ref, got, withNames(opt))
	if why != "" {
		notInParts[what] = why
		return
	}
	if fmt.Sprint(err) != fmt.Sprint(fullErr) {
		t.Fatalf("%s: error %v, in parts %v", what, fullErr, err)
	}
	if err != nil {
		return
	}
	x, y := strings.Split(gist(full), "\n"), strings.Split(gist(part), "\n")
	sameByThreads(t, what, ref, got, opt, part)
	for i := range max(len(x), len(y)) {
		if i >= len(x) || i >= len(y) || x[i] != y[i] {
			t.Errorf("%s: the whole says\n%.300s\nin parts\n%.300s", what, strings.Join(x[min(i, len(x)):], "\n"), strings.Join(y[min(i, len(y)):], "\n"))
			break
		}
	}
}

// sameByThreads holds that three threads say the same, byte for byte.
func sameByThreads(t *testing.T, what, ref, got string, opt parity.Options, one *parity.Report) {
	t.Helper()
	if strings.Contains(what, ", line ") {
		return // of one pixel that is damaged, one thread reads
	}
	opt.Threads = 3
	three, _, err := parity.InParts(ref, got, withNames(opt))
	if err != nil {
		t.Fatal(err)
	}
	var a, b bytes.Buffer
	if report.JSON(&a, one) != nil || report.JSON(&b, three) != nil || !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Errorf("%s: three threads report otherwise than one", what)
	}
}

var notInParts = map[string]string{}

func withNames(opt parity.Options) parity.Options {
	opt.RefPath, opt.GotPath = "c.log", "py.log"
	return opt
}

// gist is what a report must say however the logs are compared.
func gist(r *parity.Report) string {
	first := ""
	if row := r.FirstRow(); row != nil {
		first = r.Label(row)
		if row.Ref != nil {
			first += " " + row.Ref.Pos.String()
		}
		if row.Got != nil {
			first += " " + row.Got.Pos.String()
		}
	}
	var ids []string
	for _, c := range append(slices.Clone(r.Causes), r.Notes...) {
		ids = append(ids, fmt.Sprintf("%s %.3f", c.ID, c.Confidence))
	}
	// Of words for numbers, the rows that are listed tell.
	reasons := slices.DeleteFunc(slices.Clone(r.Reasons), func(s string) bool {
		return strings.Contains(s, "is not there: ") || strings.HasPrefix(s, "so it is with ")
	})

	return fmt.Sprintf("%s %+v\n%s\nfirst %s\ncauses %v\nsmallest %g\nwaivers %+v\nproblems %v\nref %+v\ngot %+v",
		r.Verdict, r.Counts, strings.Join(reasons, "\n"), first, ids, r.Smallest, r.Waivers, r.Problems, input(r.Ref), input(r.Got))
}

func input(in parity.Input) string {
	n := in.NumPixels()
	in.Pixels, in.MorePixels = in.Pixels[:min(len(in.Pixels), 3)], 0
	return fmt.Sprintf("%+v %d pixels", in, n)
}

func TestInPartsSaysTheSame(t *testing.T) {
	setup, blocks := pixelsOf(t, "testdata/carry.log", 40)
	whole := setup + strings.Join(blocks, "")
	defer parity.Batch(9000)()
	sameReport(t, "equal", whole, whole, parity.Options{})
	for name, got := range map[string]string{
		"one number":         strings.Replace(whole, "F_cell 190.27", "F_cell 190.28", 1),
		"all of a number":    strings.ReplaceAll(whole, "F_cell 190.27", "F_cell 190.28"),
		"within tolerance":   strings.ReplaceAll(whole, "F_cell 190.27", "F_cell 190.27000001"),
		"nan":                strings.ReplaceAll(whole, "F_cell 190.27", "F_cell nan"),
		"placeholder":        strings.Replace(whole, "F_cell 190.27", "F_cell NOT_EXTRACTED", 3),
		"zero beside":        strings.ReplaceAll(strings.Replace(whole, "F_cell 190.27", "F_cell NOT_EXTRACTED", 3), "polar 0.9", "polar 0 0.9"),
		"garbled":            strings.Replace(whole, "F_cell 190.27", "F_cell 19x", 3),
		"all garbled":        strings.ReplaceAll(whole, "F_cell 190.27", "F_cell 19x"),
		"never printed":      strings.ReplaceAll(whole, "TRACE_C: F_cell 190.27\n", ""),
		"another name":       strings.ReplaceAll(whole, "TRACE_C: F_cell 190.27\n", "TRACE_C: F_cell_nearest 190.27\nTRACE_C: F_cell_interpolated 180.5\n"),
		"unknown":            strings.ReplaceAll(whole, "TRACE_C: F_cell 190.27\n", "TRACE_C: F_cell 190.27\nTRACE_C: mine 1 2 3\n"),
		"other dialect":      strings.NewReplacer("TRACE_C:", "TRACE_PY:", "TRACE_C_", "TRACE_PY_").Replace(whole),
		"setup":              strings.Replace(whole, "TRACE_C:Fclose_m=0.2", "TRACE_C:Fclose_m=0.3", 1),
		"cut":                whole[:len(whole)-4000],
		"cut in a line":      whole[:len(whole)-4010],
		"cut in the end":     whole[:len(whole)-5],
		"no pixel lost":      setup + strings.Join(blocks[:39], ""),
		"first pixel lost":   setup + strings.Join(blocks[1:], ""),
		"other order":        setup + strings.Join(blocks[20:], "") + strings.Join(blocks[:20], ""),
		"pixel twice":        setup + strings.Join(blocks[:20], "") + blocks[3] + strings.Join(blocks[20:], ""),
		"pixel twice, apart": setup + strings.Join(blocks[:20], "") + blocks[3] + blocks[2] + blocks[3] + strings.Join(blocks[20:], "") + blocks[19],
		"crash":              whole + "Traceback (most recent call last):\n  File x\nValueError: no\n",
		"crash in between":   setup + strings.Join(blocks[:20], "") + "Traceback (most recent call last):\n  File x\nValueError: no\n" + strings.Join(blocks[20:], ""),
		"progress":           setup + strings.Join(blocks, "12 % done\n"),
		"short print":        shortened(whole, 6),
		"CRLF":               strings.ReplaceAll(whole, "\n", "\r\n"),
		"setup twice":        setup + strings.Join(blocks[:20], "") + setup + strings.Join(blocks[20:], ""),
		"only other pixels":  strings.ReplaceAll(whole, "spixel=10", "spixel=20"),
		"no line end":        strings.TrimSuffix(whole, "\n"),
		"announced twice":    strings.ReplaceAll(whole, "TRACE_CONFIG: tracing pixel (spixel=101, fpixel=31)\n", "Tracing pixel (slow=101, fast=31)\nTRACE_CONFIG: tracing pixel (spixel=101, fpixel=31)\n"),
	} {
		sameReport(t, name, whole, got, parity.Options{})
		sameReport(t, name+", swapped", got, whole, parity.Options{})
	}
	// What stands in pixels that are not among those from which the whole is
	// guessed decides all the same.
	in := func(pixel int, line string) string {
		b := slices.Clone(blocks)
		b[pixel] = strings.Replace(b[pixel], "TRACE_C: F_cell 190.27\n", line, 1)
		return setup + strings.Join(b, "")
	}
	sameReport(t, "unlike the guess", in(5, "TRACE_C: mine 1\nTRACE_C: F_cell 190.27\n"), in(20, "TRACE_C: mine 1\nTRACE_C: F_cell 190.27\n"), parity.Options{})
	sameReport(t, "a stand-in once", in(5, ""), in(5, "TRACE_C: F_cell_nearest 190.27\n"), parity.Options{})
	sameReport(t, "short both", shortened(whole, 6), shortened(strings.ReplaceAll(whole, "190.27", "190.2701"), 7), parity.Options{})
	// Of what stands among the pixels and belongs to none, the whole must tell.
	for name, why := range notInParts {
		if !strings.HasPrefix(name, "setup twice") {
			t.Errorf("%s: not compared in parts: %s", name, why)
		}
	}
	if len(notInParts) == 0 {
		t.Error("a setup among the pixels was compared in parts")
	}
}

// Any line that is lost, printed twice, changed, garbled or cut, anywhere among
// the pixels, is told as the whole comparison tells it.
func TestInPartsOfDamagedLogs(t *testing.T) {
	defer parity.Batch(9000)()
	for path, step := range map[string]int{"testdata/carry.log": 1, "diff/testdata/oversample.log": 9} {
		setup, blocks := pixelsOf(t, path, 3)
		whole := setup + strings.Join(blocks, "")
		start, end := len(setup)+len(blocks[0]), len(setup)+len(blocks[0])+len(blocks[1])
		block := strings.SplitAfter(whole[start:end], "\n")
		for i := 0; i < len(block)-1; i += step {
			for k, d := range []struct{ name, line string }{
				{"lost", ""}, {"twice", block[i] + block[i]}, {"garbled", strings.Replace(block[i], " ", " x y ", 1)},
				{"changed", otherLast(block[i])}, {"cut", block[i][:len(block[i])*2/3] + "\n"}, {"short", block[i][:len(block[i])*2/3]},
				{"moved", ""}, {"nan", nanLast(block[i])},
			} {
				// Two kinds of damage a line, and all of them within four.
				name, line := d.name, d.line
				if name != "lost" && k%4 != i%4 {
					continue
				}
				damaged := slices.Clone(block)
				damaged[i] = line
				if name == "moved" {
					damaged[i], damaged[i+1] = damaged[i+1], block[i]
				}
				got := whole[:start] + strings.Join(damaged, "") + whole[end:]
				what := fmt.Sprintf("%s, line %d %s", path, i, name)
				sameReport(t, what, whole, got, parity.Options{})
				if i%5 == 0 {
					sameReport(t, what+", swapped", got, whole, parity.Options{})
				}
			}
		}
	}
	for what, why := range notInParts {
		if strings.Contains(what, "line ") {
			t.Logf("%s: %s", what, why)
		}
	}
}

var lastNumber = regexp.MustCompile(`[-0-9.e+]+\n$`)

func nanLast(line string) string { return lastNumber.ReplaceAllString(line, "nan\n") }

// otherLast changes the last number of the line.
func otherLast(line string) string {
	return lastNumber.ReplaceAllStringFunc(line, func(s string) string {
		v, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
		if err != nil {
			return s
		}
		return strconv.FormatFloat(v*1.01+1e-9, 'g', 15, 64) + "\n"
	})
}

// shortened prints long numbers with fewer digits.
func shortened(text string, digits int) string {
	return floatNumber.ReplaceAllStringFunc(text, func(s string) string {
		if len(s) <= digits {
			return s
		}
		var v float64
		fmt.Sscan(s, &v)
		return fmt.Sprintf("%.*g", digits, v)
	})
}

// FuzzInParts: two logs of a few pixels, in whatever state, are told alike in
// parts and as wholes.
func FuzzInParts(f *testing.F) {
	small := func(dialect, k string) string {
		s := ""
		for p := range 4 {
			s += fmt.Sprintf("TRACE_CONFIG: tracing pixel (spixel=1, fpixel=%d)\n%s: hkl_frac 1.5 %s 3.25\n%s_PHI phi_tic=0 phi_deg=0 k_frac=%s\n%s: mine 3\n", p, dialect, k, dialect, k, dialect)
		}
		return s
	}
	f.Add(small("TRACE_C", "2.125"), small("TRACE_C", "2.25"))
	f.Add(small("TRACE_C", "2.125"), strings.Replace(small("TRACE_PY", "2.125"), "mine 3", "mine x", 2))
	f.Add("TRACE_C: steps 3\n"+small("TRACE_C", "2.125"), small("TRACE_C", "nan")+"Traceback (most recent call last):\nError: x")
	f.Add(small("TRACE_C", "1e5"), small("TRACE_C", "NOT_EXTRACTED")+small("TRACE_C", "2.125"))
	f.Add(small("TRACE_C_SOURCE1", "1e5"), "12 %\rPixel (1, 2) [slow, fast]\n"+small("TRACE_C_SOURCE1", "7"))
	f.Fuzz(func(t *testing.T, ref, got string) {
		defer parity.Batch(100)()
		sameReport(t, "fuzzed", ref, got, parity.Options{})
	})
}
