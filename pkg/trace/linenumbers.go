package trace

import "strings"

// numbering is what `cat -n`, `nl`, `grep -n` and `grep -Hn` put before each line: its
// number, which a line that one log alone has shifts in all lines behind it.
type numbering struct {
	file string // with its colon, "" for none
	sign byte   // behind the number
}

// lineNumbers is what they are called by where it is said that they are not compared.
const lineNumbers = "line number"

// numberingOf finds it in the first lines of a log; nil where it is no numbering: the
// numbers rise, by one behind a tab, and words follow, so that they are no table's.
func numberingOf(lines []string) *numbering {
	if len(lines) < leastLed {
		return nil
	}
	n := &numbering{sign: '\t'}
	first := strings.TrimLeft(lines[0], " ")
	if end := digitsEnd(first, 0); end == 0 || end == len(first) || first[end] != '\t' {
		n.sign = ':'
		if digitsEnd(lines[0], 0) == 0 {
			n.file = lines[0][:strings.IndexByte(lines[0], ':')+1]
		}
	}
	last := int64(0)
	for _, l := range lines {
		_, number := n.cut(l)
		if number <= last || n.sign == '\t' && number != last+1 || strings.ContainsAny(n.file, " \t") {
			return nil
		}
		last = number
	}
	if !goOnVariously(lines, func(l string) string { rest, _ := n.cut(l); return rest }) {
		return nil
	}
	return n
}

// cut parts a line from its number; 0 for none.
func (n *numbering) cut(s string) (rest string, number int64) {
	if n == nil || !strings.HasPrefix(s, n.file) {
		return s, 0
	}
	i := len(n.file)
	for n.sign == '\t' && i < len(s) && s[i] == ' ' {
		i++
	}
	end := digitsEnd(s, i)
	if end == len(s) || s[end] != n.sign || n.sign == '\t' && end < 6 {
		return s, 0
	}
	number, ok := plainInt(s[i:end])
	if !ok || number == 0 {
		return s, 0
	}
	return s[end+1:], number
}
