package diff

import (
	"math"
	"strconv"
	"strings"

	"simtrace/pkg/trace"
)

// fullDigits is the number of significant digits from which a print is taken
// for a whole double: %.15g, the format of the traces, drops trailing zeros, so
// that 0.999982 beside 0.999982004873912 is an exact number and no short print.
const fullDigits = 15

// Precision is how a log prints its numbers: with so many significant digits, or
// with a fixed number of decimals. The zero value means in full, or not known:
// then no difference is excused.
type Precision struct {
	Digits   int
	Fixed    bool
	Decimals int
}

// precisions are those of a log's trace lines, and of its notes, which C prints
// by %g.
type precisions struct{ lines, notes Precision }

func (p precisions) of(s trace.Stream) Precision {
	if s == trace.NoteStream {
		return p.notes
	}
	return p.lines
}

// maxDecimals is the longest fixed print that is counted.
const maxDecimals = 15

// digits counts the numbers of some lines by how they are printed.
type digits struct {
	significant [fullDigits + 1]uint32
	decimals    [maxDecimals + 2]uint32 // of numbers with a point and no exponent
	zeros       [maxDecimals + 2]uint32 // of those, the ones that end in 0
	exponents   uint32
	mantissa    [maxDecimals + 2]uint32 // decimals of numbers with an exponent
	mantissa0   [maxDecimals + 2]uint32 // of those, the ones that end in 0
}

// record counts the numbers of a record.
func (d *digits) record(r *trace.Record) {
	for i := range r.Values {
		d.add(r.Values[i].Text)
	}
}

func (d *digits) add(text string) {
	if significant, decimals, exponent, ok := formOf(text); ok {
		d.form(text, significant, decimals, exponent)
	}
}

// addPlain is add for a number in plain decimal, as a layout finds them.
func (d *digits) addPlain(text string) {
	significant, decimals, exponent := plainForm(text)
	d.form(text, significant, decimals, exponent)
}

// form counts a number by its form, which is as formOf tells it.
func (d *digits) form(text string, significant, decimals, exponent int) {
	if significant > 0 && !whole(text, significant, decimals, exponent) {
		d.significant[min(significant, fullDigits)]++
	}
	if decimals < 0 {
		return
	}
	n := min(decimals, maxDecimals+1)
	if exponent > 0 {
		d.exponents++
		d.mantissa[n]++
		if text[exponent-1] == '0' {
			d.mantissa0[n]++
		}
		return
	}
	d.decimals[n]++
	if text[len(text)-1] == '0' {
		d.zeros[n]++
	}
}

// formOf is how a number is printed: its significant digits, trailing zeros
// included, its decimals, -1 where it has no point, and where its exponent begins,
// 0 for none. ok is false for what is no number.
func formOf(text string) (significant, decimals, exponent int, ok bool) {
	started, point := false, -1
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c-'1' <= 8:
			started = true
			significant++
		case c == '0':
			if started {
				significant++
			}
		case c == '.':
			point = i
		case (c == '-' || c == '+') && i == 0:
		case c == 'e' || c == 'E' || c == 'd' || c == 'D' || c == 'q' || c == 'Q' || point >= 0 && (c == '-' || c == '+'):
			if point < 0 {
				return significant, -1, i, true
			}
			return significant, i - point - 1, i, true
		default:
			return 0, -1, 0, point >= 0
		}
	}
	if point < 0 {
		return significant, -1, 0, true
	}
	return significant, len(text) - point - 1, 0, true
}

// plainForm is formOf for a number in plain decimal.
func plainForm(text string) (significant, decimals, exponent int) {
	from := 0
	if c := text[0]; c == '-' || c == '+' {
		from = 1
	}
	point := from
	for point < len(text) && text[point]-'0' <= 9 {
		point++
	}
	end := len(text)
	for i := len(text) - 2; i >= point && i >= len(text)-5; i-- { // three digits and a sign at most
		if text[i] >= 'A' {
			end, exponent = i, i
			break
		}
	}
	decimals = -1
	significant = end - from
	if point < end && text[point] == '.' {
		decimals = end - point - 1
		significant--
	}
	for i := from; i < end && (text[i] == '0' || text[i] == '.'); i++ {
		if text[i] == '0' {
			significant--
		}
	}
	return significant, decimals, exponent
}

func (d *digits) merge(o *digits) {
	for i := range d.significant {
		d.significant[i] += o.significant[i]
	}
	for i := range d.decimals {
		d.decimals[i] += o.decimals[i]
		d.zeros[i] += o.zeros[i]
		d.mantissa[i] += o.mantissa[i]
		d.mantissa0[i] += o.mantissa0[i]
	}
	d.exponents += o.exponents
}

// settled tells whether numbers still to come can no more change what is known
// of the precision: a number printed in full is there, and decimals of two
// lengths.
func (d *digits) settled() bool {
	lengths := 0
	for _, n := range d.decimals {
		if n > 0 {
			lengths++
		}
	}
	return d.significant[fullDigits] > 0 && (lengths > 1 || d.exponents > 0)
}

// infer reads the precision off the numbers.
func (d *digits) infer() Precision {
	if n, ok := d.fixed(); ok {
		return Precision{Fixed: true, Decimals: n}
	}
	return Precision{Digits: saturation(d.significant[:])}
}

// fixed tells whether all numbers with a point have the same count of decimals,
// which they would not have if trailing zeros were dropped.
func (d *digits) fixed() (decimals int, ok bool) {
	total, zeros := 0, 0
	for n, count := range d.decimals {
		if count == 0 {
			continue
		}
		if total > 0 || n > maxDecimals || n == 0 {
			return 0, false
		}
		total, zeros, decimals = int(count), int(d.zeros[n]), n
	}
	return decimals, total >= leastFixed && zeros > 0 && d.exponents == 0
}

// The evidence that a length is the print's and not the number's.
const (
	leastFixed     = 3
	leastSaturated = 4    // numbers of exactly that length
	leastShare     = 0.25 // of all numbers
	leastPrint     = 4    // digits
)

// saturation takes a log whose longest numbers are short for a short print only
// when many numbers reach just that length; a few short numbers may as well be
// exact.
func saturation(count []uint32) int {
	total, longest := 0, 0
	for d, n := range count {
		total += int(n)
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

// whole tells a number that any format prints exactly: an integer below a million.
// The text is as formOf found it.
func whole(text string, significant, decimals, exponent int) bool {
	end, small := len(text), exponent == 0
	if exponent > 0 {
		end, small = exponent, strings.HasPrefix(text[exponent+1:], "-")
	}
	if small && decimals > 0 && text[end-1] != '0' {
		return false
	}
	decimals = max(decimals, 0)
	mantissa, e := text[:end], 0
	if exponent > 0 {
		if c := text[exponent]; c != '+' && c != '-' {
			exponent++ // a letter
		}
		e, _ = strconv.Atoi(text[exponent:])
	}
	zeros := 0
	for i := len(mantissa) - 1; i >= 0 && (mantissa[i] == '0' || mantissa[i] == '.'); i-- {
		if mantissa[i] == '0' {
			zeros++
		}
	}
	return decimals-zeros <= e && significant-decimals+e <= 6
}

// Digits counts the significant digits of a printed number, trailing zeros
// included; 0 for what is no number.
func Digits(text string) int {
	n, started := 0, false
	for i := range len(text) {
		switch c := text[i]; {
		case c >= '1' && c <= '9':
			started = true
			n++
		case c == '0' && started:
			n++
		case c == '0', c == '.', c == '-', c == '+':
		case c == 'e', c == 'E', c == 'd', c == 'D':
			return n
		default:
			return 0
		}
	}
	return n
}

// halfUnit returns half a unit of the last digit that a number of this precision
// is printed with; 0 for a print in full.
func (p Precision) halfUnit(v trace.Value) float64 {
	switch {
	case p.Fixed && strings.IndexByte(v.Text, '.') >= 0:
		return 0.5 * math.Pow(10, -float64(p.Decimals))
	case p.Digits == 0 || v.Num == 0 || !finite(v.Num):
		return 0
	}
	n := max(p.Digits, Digits(v.Text))
	return 0.5 * math.Pow(10, math.Floor(math.Log10(math.Abs(v.Num)))-float64(n-1))
}

// printed returns half a unit of the last digit that stands in the text, or of a
// print in full.
func (p Precision) printed(v trace.Value) float64 {
	if h := p.halfUnit(v); h > 0 {
		return h
	}
	if v.Num == 0 || !finite(v.Num) {
		return 0
	}
	return 0.5 * math.Pow(10, math.Floor(math.Log10(math.Abs(v.Num)))-(fullDigits-1))
}

// ofFormat is how a quantity is printed of which all numbers have one form: so
// many decimals, with or without an exponent. That they do not merely happen to
// have as many, the log tells: some of that form end in a zero, which a print of
// the shortest form drops.
func (d *digits) ofFormat(log *digits) Precision {
	const least = 2 // such zeros
	decimals, plain := sole(d.decimals[:])
	mantissa, scaled := sole(d.mantissa[:])
	switch {
	case plain && d.exponents == 0 && log.zeros[decimals] >= least:
		return Precision{Fixed: true, Decimals: decimals}
	case scaled && empty(d.decimals[:]) && log.mantissa0[mantissa] >= least:
		return Precision{Digits: mantissa + 1}
	}
	return Precision{}
}

// sole is the one index whose count is not 0, but for the first and the last.
func sole(counts []uint32) (n int, ok bool) {
	for i, c := range counts {
		if c > 0 {
			if ok || i == 0 || i == len(counts)-1 {
				return 0, false
			}
			n, ok = i, true
		}
	}
	return n, ok
}

func empty(counts []uint32) bool {
	for _, c := range counts {
		if c > 0 {
			return false
		}
	}
	return true
}

// step is a unit of the last digit that a number is printed with, where it has
// enough digits for that to be rounding: two prints of nearly the same number
// may differ by as much.
func (p Precision) step(v trace.Value) float64 {
	const enough = 4
	if p.Fixed && p.Decimals < enough && Digits(v.Text) < enough || !p.Fixed && p.Digits < enough {
		return p.halfUnit(v)
	}
	return 2 * p.halfUnit(v)
}
