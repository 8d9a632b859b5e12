package diff

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"simtrace/pkg/trace"
)

// recorded is a trace of the reference: one pixel of four subpixels.
func recorded(t testing.TB) []string {
	t.Helper()
	b, err := os.ReadFile("testdata/oversample.log")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(b), "\n")
	return lines[:len(lines)-1]
}

// cost is how many records stand alone on either side, and how many rows differ.
type cost struct{ ref, got, diverged int }

// damage compares the whole lines with the damaged ones, and the reverse.
func damage(t testing.TB, whole, damaged []string) cost {
	t.Helper()
	c := costOf(compare(t, strings.Join(whole, ""), strings.Join(damaged, "")))
	back := costOf(compare(t, strings.Join(damaged, ""), strings.Join(whole, "")))
	if c.ref != back.got || c.got != back.ref || c.diverged != back.diverged {
		t.Errorf("%+v, and %+v with the sides swapped", c, back)
	}
	return c
}

func costOf(res *result) cost {
	var c cost
	for i := range res.Rows {
		switch row := &res.Rows[i]; {
		case row.Got == nil:
			c.ref++
		case row.Ref == nil:
			c.got++
		case row.Status != Pass:
			c.diverged++
		}
	}
	return c
}

// recordsOn is how many records a line holds.
func recordsOn(t testing.TB, line string) int {
	t.Helper()
	l, err := trace.Read(strings.NewReader(line), "line")
	if err != nil {
		t.Fatal(err)
	}
	return len(l.Records)
}

func isNote(line string) bool { return strings.HasPrefix(line, "TRACE:") }

// isBoundary tells lines whose place says what other lines are: the pixel, and
// headings.
func isBoundary(line string) bool {
	return strings.HasPrefix(line, "TRACE_CONFIG") || isNote(line) && strings.HasSuffix(strings.TrimSpace(line), ":")
}

func TestOneLineLost(t *testing.T) {
	whole := recorded(t)
	for i, line := range whole {
		c := damage(t, whole, slices.Delete(slices.Clone(whole), i, i+1))
		want := cost{ref: recordsOn(t, line)}
		if c != want && !isBoundary(line) || c.diverged != 0 {
			t.Errorf("line %d lost costs %+v, want %+v: %s", i+1, c, want, line)
		}
	}
}

func TestOneLineTwice(t *testing.T) {
	whole := recorded(t)
	for i, line := range whole {
		c := damage(t, whole, slices.Insert(slices.Clone(whole), i, line))
		if want := (cost{got: recordsOn(t, line)}); c != want {
			t.Errorf("line %d twice costs %+v, want %+v: %s", i+1, c, want, line)
		}
	}
}

// Two lines that change places cost nothing, and where the one begins a sample
// no more than one record on either side.
func TestTwoLinesSwapped(t *testing.T) {
	whole := recorded(t)
	for i := range len(whole) - 1 {
		damaged := slices.Clone(whole)
		damaged[i], damaged[i+1] = damaged[i+1], damaged[i]
		c := damage(t, whole, damaged)
		limit := cost{}
		if strings.Contains(damaged[i]+damaged[i+1], "pix0_vector_meters") || isBoundary(whole[i]) || isBoundary(whole[i+1]) {
			limit = cost{ref: 1, got: 1}
		}
		if isNote(whole[i]) && isNote(whole[i+1]) {
			limit = c // what stands under a heading is named by it
		}
		if c.ref > limit.ref || c.got > limit.got || c.diverged != 0 {
			t.Errorf("lines %d and %d swapped cost %+v", i+1, i+2, c)
		}
	}
}

// blocks parts a trace into what comes before, its samples, and what follows.
func blocks(lines []string) (head []string, samples [][]string, tail []string) {
	start := -1
	for i, l := range lines {
		switch {
		case strings.HasPrefix(l, "TRACE_C: pix0_vector_meters "):
			if start < 0 {
				head = lines[:i]
			} else {
				samples = append(samples, lines[start:i])
			}
			start = i
		case strings.HasPrefix(l, "TRACE_C: I_before_scaling "):
			return head, append(samples, lines[start:i]), lines[i:]
		}
	}
	panic("no end of the samples")
}

// One subpixel's block lost, or printed twice, costs that block.
func TestOneBlock(t *testing.T) {
	whole := recorded(t)
	head, samples, tail := blocks(whole)
	if len(samples) != 4 {
		t.Fatalf("%d samples", len(samples))
	}
	join := func(s [][]string) []string { return slices.Concat(head, slices.Concat(s...), tail) }
	for i := range samples {
		n := recordsOn(t, strings.Join(samples[i], ""))
		c := damage(t, whole, join(slices.Delete(slices.Clone(samples), i, i+1)))
		if want := (cost{ref: n}); c != want {
			t.Errorf("block %d lost costs %+v, want %+v", i, c, want)
		}
		c = damage(t, whole, join(slices.Insert(slices.Clone(samples), i, samples[i])))
		if want := (cost{got: n}); c != want {
			t.Errorf("block %d twice costs %+v, want %+v", i, c, want)
		}
		for k := range i {
			rest := slices.Delete(slices.Delete(slices.Clone(samples), i, i+1), k, k+1)
			if c := damage(t, whole, join(rest)); c.diverged != 0 || c.got != 0 || c.ref != n+recordsOn(t, strings.Join(samples[k], "")) {
				t.Errorf("blocks %d and %d lost cost %+v", k, i, c)
			}
		}
	}
}

// One subpixel lost whose phi rows stand behind all others costs its block, its rows, or
// both, also where every row differs in its last digits.
func TestOneBlockAndItsRows(t *testing.T) {
	head, samples, tail := blocks(recorded(t))
	isRow := func(l string) bool { return strings.HasPrefix(l, "TRACE_C_PHI") }
	var rows [][]string
	for i, s := range samples {
		rows = append(rows, slices.DeleteFunc(slices.Clone(s), func(l string) bool { return !isRow(l) }))
		samples[i] = slices.DeleteFunc(slices.Clone(s), isRow)
		if len(rows[i]) == 0 {
			t.Fatalf("sample %d has no phi rows", i)
		}
	}
	join := func(samples, rows [][]string) []string {
		return slices.Concat(head, slices.Concat(samples...), tail, slices.Concat(rows...))
	}
	without := func(s [][]string, i int) [][]string { return slices.Delete(slices.Clone(s), i, i+1) }
	whole := join(samples, rows)
	for i := range samples {
		block, own := recordsOn(t, strings.Join(samples[i], "")), recordsOn(t, strings.Join(rows[i], ""))
		for _, x := range []struct {
			what    string
			damaged []string
			lost    int
		}{
			{"block", join(without(samples, i), rows), block},
			{"rows", join(samples, without(rows, i)), own},
			{"block and rows", join(without(samples, i), without(rows, i)), block + own},
		} {
			if c := damage(t, whole, x.damaged); c != (cost{ref: x.lost}) {
				t.Errorf("%s of sample %d lost cost %+v, want %d lost", x.what, i, c, x.lost)
			}
		}
		others := slices.Clone(without(rows, i))
		for k, list := range others {
			others[k] = nil
			for _, l := range list {
				others[k] = append(others[k], strings.TrimSuffix(l, "\n")+"1\n") // a further digit
			}
		}
		if c := damage(t, whole, join(without(samples, i), others)); c != (cost{ref: block + own}) {
			t.Errorf("block and rows of sample %d lost, the others printed with more digits, cost %+v, want %d lost", i, c, block+own)
		}
	}
}

// A cut log has its first samples, and the cut one as far as it goes.
func TestCutLog(t *testing.T) {
	whole := recorded(t)
	all := recordsOn(t, strings.Join(whole, ""))
	for n := range whole {
		c := damage(t, whole, whole[:n])
		if left := recordsOn(t, strings.Join(whole[:n], "")); c != (cost{ref: all - left}) {
			t.Errorf("cut before line %d: %+v, want %d lost", n+1, c, all-left)
		}
	}
}

// Samples in another order of the loops are told by where they lie. Samples that
// lie elsewhere are no lost ones: as many on both sides are compared in their
// order, whatever that gives.
func TestSamplesInAnotherOrder(t *testing.T) {
	whole := recorded(t)
	head, s, tail := blocks(whole)
	c := damage(t, whole, slices.Concat(head, s[1], s[2], s[3], s[0], tail))
	if c != (cost{}) {
		t.Errorf("rotated samples cost %+v", c)
	}
	elsewhere := strings.ReplaceAll(strings.Join(slices.Concat(head, s[1], s[2], s[3], s[0], tail), ""), "pixel_pos_meters 0.1 ", "pixel_pos_meters 0.2 ")
	if c := damage(t, whole, []string{elsewhere}); c.diverged == 0 || c.ref != 0 || c.got != 0 {
		t.Errorf("as many samples elsewhere cost %+v, want divergences alone", c)
	}
	// One block less, and the others a tenth of a metre away: nothing tells
	// which is gone, and the order decides.
	moved := strings.ReplaceAll(strings.Join(slices.Concat(head, s[1], s[2], s[3], tail), ""), "pixel_pos_meters 0.1 ", "pixel_pos_meters 0.2 ")
	if c := damage(t, whole, []string{moved}); c.diverged < 10 {
		t.Errorf("moved samples cost %+v", c)
	}
}

// rowsOnly is two samples of six phi rows that stand by themselves.
func rowsOnly() []string {
	var out []string
	for s := range 2 {
		for tic := range 6 {
			out = append(out, fmt.Sprintf("TRACE_C_PHI phi_tic=%d phi_deg=0.%d k_frac=-0.%d607255839576692 F_latt=%d.5\n", tic, tic, s+1, 10*s+tic))
		}
	}
	return out
}

func TestRowsByThemselves(t *testing.T) {
	whole := rowsOnly()
	for i := range whole {
		if c := damage(t, whole, slices.Delete(slices.Clone(whole), i, i+1)); c != (cost{ref: 3}) {
			t.Errorf("row %d lost costs %+v", i, c)
		}
		if c := damage(t, whole, slices.Insert(slices.Clone(whole), i, whole[i])); c != (cost{got: 3}) {
			t.Errorf("row %d twice costs %+v", i, c)
		}
		if i == 5 || i == 11 {
			continue // across two samples
		}
		damaged := slices.Clone(whole)
		damaged[i], damaged[i+1] = damaged[i+1], damaged[i]
		if c := damage(t, whole, damaged); c != (cost{}) {
			t.Errorf("rows %d and %d swapped cost %+v", i, i+1, c)
		}
	}
}

// A log of one line a sample repeats itself where the samples are the same.
func TestOneLineASample(t *testing.T) {
	line := "TRACE_C: omega_pixel_sr 1e-06\n"
	text := strings.Repeat(line, 5)
	res := compare(t, text, text)
	for i := range res.Rows {
		if row := &res.Rows[i]; row.Status != Pass || row.Occur != 0 {
			t.Errorf("%s: %s", res.label(row), row.Status)
		}
	}
	if c := damage(t, []string{text}, []string{strings.Repeat(line, 4)}); c != (cost{ref: 1}) {
		t.Errorf("one of five lost costs %+v", c)
	}
}

// Samples with an index of their own go by it, in whatever order they stand.
func TestIndexOfTheLog(t *testing.T) {
	line := func(sub int) string {
		return fmt.Sprintf(`{"stream":"pixel","key":"pixel_pos_meters","pixel":[1,2],"sub":%d,"source":0,"values":[1,2,%d]}`+"\n", sub, sub)
	}
	whole := []string{line(0), line(1), line(2), line(3)}
	if c := damage(t, whole, []string{line(3), line(1), line(0)}); c != (cost{ref: 1}) {
		t.Errorf("%+v, want sample 2 lost and nothing else", c)
	}
}

// Labels stay apart where a sample is renumbered.
func TestLabelsOfRenumberedSamples(t *testing.T) {
	whole := recorded(t)
	head, s, tail := blocks(whole)
	for _, damaged := range [][]string{
		slices.Concat(head, s[0], s[0], s[1], s[2], s[3], tail),
		slices.Concat(head, s[2], s[3], tail),
	} {
		for _, pair := range [][2][]string{{whole, damaged}, {damaged, whole}} {
			seen := map[string]bool{}
			res := compare(t, strings.Join(pair[0], ""), strings.Join(pair[1], ""))
			for i := range res.Rows {
				l := res.label(&res.Rows[i])
				if seen[l] {
					t.Errorf("two rows are named %s", l)
				}
				seen[l] = true
			}
		}
	}
}
