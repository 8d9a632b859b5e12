package trace

import (
	"math"
	"strconv"
	"strings"
)

func itoa(n int) string { return strconv.Itoa(n) }

// findNumbers finds the numbers that stand by themselves: not those within words,
// dates, times, versions or addresses.
func findNumbers(s string, out []numberAt, comma bool) []numberAt {
	return findValues(s, out, comma, nil)
}

// findValues is findNumbers where it is known what numbers of the logs are called.
func findValues(s string, out []numberAt, comma bool, places map[string]bool) []numberAt {
	words, letters := false, false
	for i := 0; i < len(s); {
		c := s[i]
		if c > '9' && c != 'n' && c != 'N' && c != 'i' && c != 'I' || c < '*' {
			n := 0
			if beginsValue[c] != "" {
				out, n = appendWord(s, i, out)
			}
			if n == 0 {
				i = passWord(s, i)
			}
			words = words || n > 0
			i += n
			continue
		}
		if c == ',' || c == '/' {
			i++
			continue
		}
		v, n, known := numberLen(s[i:], comma)
		if n > 0 && !known {
			var ok bool
			if v, ok = valueOfText(s[i:i+n], comma); !ok {
				n = 0
			}
		}
		glued := 0
		if n > 0 && i+n < len(s) && (s[i+n] == '\'' || s[i+n] == '(') {
			if m := longerNumber(s[i:], n); m > n {
				n, v = m, math.NaN()
			}
		}
		if n == 0 && (c-'0' <= 9 || i+2 < len(s) && (c > '9' && s[i+1]|0x20 == "an"[c&1] || c < '0' && s[i+1] > '-')) {
			v, n, glued = gluedNumber(s, i)
		}
		if n == 0 {
			if out, n = appendWord(s, i, out); n == 0 {
				i = passWord(s, i)
			}
			words = words || n > 0
			i += n
			continue
		}
		x := numberAt{from: i, to: i + n, value: v, glued: glued, word: c == '*'}
		if glued > 0 && isImaginary(s[x.to:x.end()]) {
			out = x.takeSign(s, out)
		}
		words, letters = words || x.word, letters || isLetter(c)
		out = append(out, x)
		i = x.end()
	}
	if letters {
		out = withoutNaNWords(s, out)
	}
	if words {
		return keepValues(s, out, places)
	}
	return out
}

// end is where what is glued to the number ends.
func (x *numberAt) end() int { return x.to + x.glued }

// takeSign gives the second part of a complex number the sign that blanks part from it,
// "1.5 -  2.5i", and takes it out of the list where it was held for a word.
func (x *numberAt) takeSign(s string, list []numberAt) []numberAt {
	before := strings.TrimRight(s[:x.from], " \t")
	at := len(before) - 1
	if s[x.from] == '-' || s[x.from] == '+' || at < 1 || before[at] != '-' && before[at] != '+' {
		return list
	}
	if n := len(list); n > 0 && list[n-1].from == at {
		list = list[:n-1]
	}
	if n := len(list); n == 0 || list[n-1].to > at || strings.TrimSpace(s[list[n-1].to:at]) != "" {
		return list
	}
	if before[at] == '-' {
		x.value = -x.value
	}
	x.from, x.apart = at, x.from > at+1
	return list
}

// passWord returns the index behind the word that begins at i, or behind the one
// byte that is none of a word.
func passWord(s string, i int) int {
	from := i
	for i < len(s) && isLetter(s[i]) {
		i++
	}
	if i > from && gluedDecimal(s[i:]) {
		return i
	}
	for i < len(s) && (isWordByte(s[i]) || s[i] >= 0x80 || i > from && (s[i] == '.' || s[i] == '-' || s[i] == '+' || s[i] == '/') && i+1 < len(s) && isWordByte(s[i+1]) && isWordByte(s[i-1])) {
		i++
	}
	if i == from {
		return i + 1
	}
	return i
}

// gluedDecimal tells a number with decimals that stands right behind letters or
// another number: "x1.0472", "0.540-0.841j". Fewer than three may be a version's.
func gluedDecimal(s string) bool {
	i := 0
	if i < len(s) && (s[i] == '-' || s[i] == '+') {
		i++
	}
	point := digitsEnd(s, i)
	return point > i && point < len(s) && s[point] == '.' && digitsEnd(s, point+1) > point+3
}

// numberLen is the length of the number at the beginning of s; 0 for none. Of a
// plain decimal the value is known with it.
func numberLen(s string, comma bool) (v float64, n int, known bool) {
	if v, n := plainDecimal(s); n > 0 && endsNumber(s, n) {
		if comma && n+1 < len(s) && s[n] == ',' && s[n+1]-'0' <= 9 {
			m := n + 1
			for m < len(s) && s[m]-'0' <= 9 {
				m++
			}
			return 0, m, false
		}
		return v, n, true
	}
	for n < len(s) && strings.IndexByte("0123456789+-.eEdDqQxX*#nNaAiIfFtyTYQUXGpP_bc", s[n]) >= 0 {
		n++
	}
	for n > 1 && (s[n-1] == '.' || s[n-1] == '-' || s[n-1] == '+') && !(s[n-1] == '.' && s[n-2]-'0' <= 9) {
		n--
	}
	if n == 0 || !endsNumber(s, n) || n == 1 && s[0]-'0' > 9 {
		return 0, shorterNumber(s), false
	}
	if strings.Count(s[:n], ".") > 1 {
		return 0, shorterNumber(s), false
	}
	if strings.Trim(s[:n], "*") == "" && n < 3 || strings.HasPrefix(s, "0x") && !strings.ContainsAny(s[:n], "pP.") {
		return 0, 0, false
	}
	return 0, n, false
}

// shorterNumber is the length of a number that a sign of punctuation or a unit
// stands right behind: "2.05." or "0.5mm"; 0 for none.
func shorterNumber(s string) int {
	n := 0
	if n < len(s) && (s[n] == '-' || s[n] == '+') {
		n++
	}
	first, points := n, 0
	for n < len(s) && (s[n]-'0' <= 9 || s[n] == '.') {
		if s[n] == '.' {
			points++
		}
		n++
	}
	if n < len(s) && (s[n] == 'e' || s[n] == 'E') {
		m := n + 1
		if m < len(s) && (s[m] == '-' || s[m] == '+') {
			m++
		}
		if d := m; d < len(s) && s[d]-'0' <= 9 {
			for d < len(s) && s[d]-'0' <= 9 {
				d++
			}
			n = d
		}
	}
	if n > first && s[n-1] == '.' && points > 1 || n > first && s[n-1] == '.' && (n == len(s) || s[n] == ' ') {
		n--
		points--
	}
	if n == first || points > 1 {
		return 0
	}
	end := n
	for end < len(s) && (isLetter(s[end]) || s[end] == '%') {
		end++
	}
	if end == n || isUnit(s[n:end]) && !isFlag(s[:n], s[n:end]) && powerLen(s[end:]) == 0 {
		if end == n && n < len(s) && (isWordByte(s[n]) || s[n] == ':' && n+1 < len(s) && s[n+1]-'0' <= 9 || s[n] == '-' && n+1 < len(s) && isWordByte(s[n+1]) && !(points > 0 && gluedDecimal(s[n:]))) {
			return 0
		}
		return n
	}
	return 0
}

// endsNumber tells whether a number may end before index n: not within a date, a
// time of day or a word.
func endsNumber(s string, n int) bool {
	if n == len(s) {
		return true
	}
	switch c := s[n]; {
	case isWordByte(c), c == '.' && n+1 < len(s) && isWordByte(s[n+1]), c >= 0x80:
		return false
	case c == ':' && strings.IndexByte(s[:n], '.') >= 0:
		return true // a ratio, 1.5:2.5
	case c == ':' || c == '-' || c == '/':
		return n+1 >= len(s) || s[n+1]-'0' > 9
	}
	return true
}

// valueOfText is the value of a number's text.
func valueOfText(s string, comma bool) (float64, bool) {
	if v, n := plainDecimal(s); n == len(s) && n > 0 {
		return v, true
	}
	if comma {
		s = strings.Replace(s, ",", ".", 1)
	}
	switch s[0] {
	case 'n', 'N', 'i', 'I':
		if l := strings.ToLower(s); l != "nan" && l != "inf" && l != "infinity" {
			return 0, false
		}
	}
	return parseFloat(s)
}

// onlyNumbers tells whether nothing stands between the numbers but blanks,
// brackets and what parts them.
func onlyNumbers(s string, list []numberAt) bool {
	at := 0
	for i := 0; i <= len(list); i++ {
		end := len(s)
		if i < len(list) {
			end = list[i].from
		}
		if !isGap(s[at:end]) {
			return false
		}
		if i < len(list) {
			if at = list[i].to; list[i].glued == 1 || isImaginary(s[at:list[i].end()]) {
				at = list[i].end() // a flag of the row, and no unit
			}
		}
	}
	return true
}

// isGap tells what stands around the numbers of a row.
func isGap(s string) bool {
	for i := range len(s) {
		switch s[i] {
		case ' ', '\t', ',', ';', '[', ']', '(', ')', '{', '}', '|', '.', '&':
		default:
			return false
		}
	}
	return true
}

// joined tells what stands between numbers of one quantity. A bracket that opens
// behind a number, where none closed before, begins another.
func joined(gap string) bool {
	closed := false
	for i := range len(gap) {
		switch gap[i] {
		case '[', '(', '{':
			if !closed {
				return false
			}
		case ']', ')', '}', ',', ';', '|':
			closed = true
		case ' ', '\t', '.', '&':
		default:
			return false
		}
	}
	return true
}

// nameBefore is what the words before number i call it.
func nameBefore(s string, list []numberAt, i int) string {
	from := 0
	if i > 0 {
		from = list[i-1].end()
		if u := unitBehind(s, list, i-1); u != "" {
			from += strings.Index(s[from:], u) + len(u)
		}
	}
	gap := s[from:list[i].from]
	if i > 0 {
		// What follows a number up to a comma belongs to it.
		if k := strings.LastIndexAny(gap, ",;|"); k >= 0 && strings.Trim(gap[k+1:], " \t=:#<>[](){}") != "" {
			gap = gap[k+1:]
		}
	}
	return cleanName(gap)
}

// cleanName drops what stands around a name, and what Python puts around its
// numbers.
func cleanName(s string) string {
	const around = " \t=:#<>[](){}|,;!*\"'&~@"
	s = strings.Trim(s, around)
	for cut := true; cut; {
		cut = false
		for _, w := range wrappers {
			if head, ok := strings.CutSuffix(s, w); ok && (head == "" || !isWordByte(head[len(head)-1])) {
				s, cut = strings.TrimRight(strings.TrimRight(head, "."), around), true
			}
		}
	}
	s = strings.TrimLeft(s, "- ")
	if strings.HasSuffix(s, " -") || strings.HasSuffix(s, "..") {
		s = strings.TrimRight(s, "-. ") // leaders
	}
	if strings.Contains(s, "  ") || strings.IndexByte(s, '\t') >= 0 {
		s = strings.Join(strings.Fields(s), " ")
	}
	return strings.Trim(s, "\"'")
}

// wrappers are words that stand before a bracket with numbers.
var wrappers = []string{"torch.tensor", "np.array", "np.float64", "np.float32", "np.int64", "jnp.array", "tensor", "array", "matrix", "Parameter containing", "Array"}

// isWrapped tells a line that begins with such a word.
func isWrapped(s string) bool {
	s = strings.TrimLeft(s, " \t")
	for _, w := range wrappers {
		if rest, ok := strings.CutPrefix(s, w); ok && strings.Trim(rest, "[( ") == "" {
			return true
		}
	}
	return s != "" && strings.Trim(s, "[( ") == ""
}

// unitBehind is the unit that stands right behind number i.
func unitBehind(s string, list []numberAt, i int) string {
	rest := s[list[i].to:]
	if i+1 < len(list) {
		rest = s[list[i].to:list[i+1].from]
	}
	rest = strings.TrimLeft(rest, " \t")
	end := strings.IndexAny(rest, " \t,;|)]}")
	if end < 0 {
		end = len(rest)
	}
	word := strings.TrimRight(rest[:end], ".:")
	if isUnit(word) && !strings.HasPrefix(strings.TrimLeft(rest[end:], " \t"), "=") {
		return word
	}
	return ""
}

// textBehind is the words that follow number i.
func textBehind(s string, list []numberAt, i int) string {
	if i+1 < len(list) {
		return s[list[i].to:list[i+1].from]
	}
	return s[list[i].to:]
}

// behindTime is textBehind, and behind hours or minutes that seconds follow, "7m 6.2s
// CPU", what stands behind these.
func behindTime(s string, list []numberAt, i int) string {
	behind := textBehind(s, list, i)
	for i+1 < len(list) && (behind == "m " || behind == "h " || behind == "m" || behind == "h") {
		i++
		behind = textBehind(s, list, i)
	}
	return behind
}

// labelOf is the name that a line begins with, for the rows of an array below it.
func (t *textReader) labelOf(s string) string {
	head := s[:t.numbers[0].from]
	if isWrapped(head) {
		return t.lastWords()
	}
	if i := strings.IndexByte(head, '='); i >= 0 {
		head = head[:i]
	} else if i := strings.IndexByte(head, ':'); i >= 0 && !strings.Contains(s, "=") {
		head = head[:i]
	}
	if i := strings.LastIndex(head, ": "); i >= 0 {
		head = head[i+2:]
	}
	return cleanName(head)
}

// withoutType drops what Python says behind the numbers of an array of their
// type and device, up to the bracket that closes.
func (t *textReader) withoutType(s string) string {
	if open := strings.IndexByte(s, '('); open < 0 || strings.IndexByte(s[open:], '=') < 0 && strings.IndexByte(s, ')') < open {
		return s
	}
	for _, w := range [...]string{", dtype=", ", device=", ", grad_fn=", ", requires_grad=", ", size="} {
		for i := strings.Index(s, w); i >= 0; i = strings.Index(s, w) {
			end := i + closing(s[i:])
			if n := len(findNumbers(s[i:end], t.numbers[:0], false)); n > 0 {
				t.leaveOut("device", n)
			}
			s = s[:i] + s[end:]
		}
	}
	return s
}

// closing is where the bracket closes that was open before s.
func closing(s string) int {
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth < 0 {
				return i
			}
		}
	}
	return len(s)
}
