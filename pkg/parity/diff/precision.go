package diff

import (
	"math"
	"strings"

	"simtrace/pkg/trace"
)

// fullDigits is the number of significant digits from which a print is taken
// for a whole double: %.15g, the format of the traces, drops trailing zeros, so
// that 0.999982 beside 0.999982004873912 is an exact number and no short print.
const fullDigits = 15

// precision is the number of significant digits with which a log prints: one
// figure for its trace lines and one for its notes, which C prints by %g. Zero
// means in full, or not known: then no difference is excused.
type precision struct{ lines, notes int }

// of returns the digits of the stream.
func (p precision) of(s trace.Stream) int {
	if s == trace.NoteStream {
		return p.notes
	}
	return p.lines
}

// digits counts the numbers of a log by their digits.
type digits struct{ lines, notes [fullDigits + 1]int }

func (d *digits) addAll(records []trace.Record) {
	for i := range records {
		r := &records[i]
		count := &d.lines
		if r.Stream == trace.NoteStream {
			count = &d.notes
		}
		for _, v := range r.Values {
			d.add(count, v)
		}
	}
}

func (d *digits) add(count *[fullDigits + 1]int, v trace.Value) {
	if n := Digits(v.Text); n > 0 && !whole(v) {
		count[min(n, fullDigits)]++
	}
}

func (d *digits) merge(o *digits) {
	for i := range d.lines {
		d.lines[i] += o.lines[i]
		d.notes[i] += o.notes[i]
	}
}

// infer reads the precision off the numbers. A log whose longest numbers are
// short is taken for a short print only when many numbers reach just that
// length; a few short numbers may as well be exact.
func (d *digits) infer() precision { return precision{saturation(d.lines[:]), saturation(d.notes[:])} }

// The evidence that a length is the print's and not the number's.
const (
	leastSaturated = 4    // numbers of exactly that length
	leastShare     = 0.25 // of all numbers
	leastPrint     = 4    // digits
)

func saturation(count []int) int {
	total, longest := 0, 0
	for d, n := range count {
		total += n
		if n > 0 {
			longest = d
		}
	}
	if longest >= fullDigits || longest < leastPrint {
		return 0
	}
	if n := count[longest]; n < leastSaturated || float64(n) < leastShare*float64(total) {
		return 0
	}
	return longest
}

// whole reports a number that any format prints exactly.
func whole(v trace.Value) bool {
	return !finite(v.Num) || v.Num == math.Trunc(v.Num) && math.Abs(v.Num) < 1e6
}

// Digits counts the significant digits of a printed number, trailing zeros
// included; 0 for what is no number.
func Digits(text string) int {
	mantissa, _, _ := strings.Cut(strings.ToLower(text), "e")
	n, started := 0, false
	for _, c := range mantissa {
		switch {
		case c >= '1' && c <= '9':
			started = true
			n++
		case c == '0' && started:
			n++
		case c == '0', c == '.', c == '-', c == '+':
		default:
			return 0
		}
	}
	return n
}

// belowPrint reports whether a difference is smaller than half a unit in the
// last digit that the less precise side prints.
func belowPrint(ref, got trace.Value, abs float64, refDigits, gotDigits int) bool {
	half := math.Max(halfUnit(ref, refDigits), halfUnit(got, gotDigits))
	// A printed decimal is itself rounded to a double: the last bits are not
	// evidence.
	const slack = 1 + 1e-9
	return abs <= half*slack
}

// halfUnit returns half a unit of the last digit of a number printed with the
// given number of significant digits; 0 for a print in full.
func halfUnit(v trace.Value, digits int) float64 {
	if digits == 0 || v.Num == 0 || !finite(v.Num) {
		return 0
	}
	digits = max(digits, Digits(v.Text))
	return 0.5 * math.Pow(10, math.Floor(math.Log10(math.Abs(v.Num)))-float64(digits-1))
}

func leastDigits(a, b int) int {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}
