package trace

import "strings"

// clockTimes are dates and times of day, as programs print them within a line.
var clockTimes = pattern(`(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w*,?\s+)?` +
	`(?:` + monthDay + `\s*,?\s*(?:at\s+)?` + timeOfDay + `(?:\s+[A-Z]{2,4})?(?:\s+\d{4})?` +
	`|\d{1,2}[ -]?` + month + `[ -]?\d{2,4}(?:\s+(?:at\s+)?` + timeOfDay + `)?` +
	`|` + monthDay + `,?\s+\d{4}` +
	`|\d{4}[-/.]\d\d[-/.]\d\d(?:[T_ ]+` + timeOfDay + `)?(?:Z|[+-]\d\d:?\d\d)?` +
	`|(?:\d\d-\d\d-|\d{1,2}/\d{1,2}/)\d{4}(?:\s+` + timeOfDay + `)?` +
	`|(?:\d+ days?,? )?` + timeOfDay + `)`)

const (
	month     = `(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*`
	monthDay  = month + `\.?\s+\d{1,2}`
	timeOfDay = `(?:\d{1,3}:[0-5]\d(?::[0-5]\d)?(?:[.,]\d+)?|\d{1,2}:\s?\d{1,2}:\s?\d{1,2})(?:\s?[AP]M\b)?`
)

// clockName is what dates and times of day are listed by.
const clockName = "date and time"

// hideClock blanks dates and times of day, and returns how many there are. They
// are no numbers to compare, and no part of a name.
func hideClock(s string) (string, int) {
	if !mayHoldClock(s) {
		return s, 0
	}
	found := clockTimes().FindAllStringIndex(s, -1)
	n := 0
	var b []byte
	for _, m := range found {
		if m[0] > 0 && isWordByte(s[m[0]-1]) || m[1] < len(s) && isWordByte(s[m[1]]) || m[0] > 0 && s[m[0]-1] == '.' {
			continue
		}
		if b == nil {
			b = []byte(s)
		}
		for i := m[0]; i < m[1]; i++ {
			b[i] = ' '
		}
		n++
	}
	if n == 0 {
		return s, 0
	}
	return string(b), n
}

// mayHoldClock sorts out most lines: a time of day has a colon between digits, a
// date two signs between digits, or the name of a month. "12/100" is no date.
func mayHoldClock(s string) bool {
	for i := 0; i < len(s); i++ {
		if !inClock[s[i]] {
			continue
		}
		switch c := s[i]; {
		case c == ':':
			if i > 0 && s[i-1]-'0' <= 9 && i+1 < len(s) && (s[i+1]-'0' <= 9 || s[i+1] == ' ') {
				return true
			}
		case isLetter(c):
			if i+2 < len(s) && (i == 0 || !isLetter(s[i-1])) && strings.Contains(monthNames, s[i:i+3]) {
				return true
			}
		case i > 1 && s[i-1]-'0' <= 9 && s[i-2]-'0' <= 9 && i+3 < len(s) && s[i+1]-'0' <= 9 && s[i+2]-'0' <= 9 && (s[i+3] == c || s[i+3]-'0' <= 9 && i > 2 && strings.IndexByte("-/.", s[i-3]) >= 0):
			return true
		}
	}
	return false
}

// inClock holds the bytes by which dates and times of day are found.
var inClock = func() (set [256]bool) {
	for _, c := range []byte(":-/JFMASOND") {
		set[c] = true
	}
	return set
}()

const monthNames = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"

// withoutAddresses blanks addresses in memory, which differ on every run: 0x and as
// many digits as pointers have. Checksums have 8 or 16.
func (t *textReader) withoutAddresses(s string) string {
	var b []byte
	for i := 0; i+2 < len(s); i++ {
		if s[i] != '0' || s[i+1] != 'x' || i > 0 && isWordByte(s[i-1]) {
			continue
		}
		n := len(s[i+2:]) - len(strings.TrimLeft(s[i+2:], "0123456789abcdefABCDEF"))
		if end := i + 2 + n; (n == 7 || n > 8 && n < 13) && (end == len(s) || !isWordByte(s[end]) && s[end] != '.') {
			if b == nil {
				b = []byte(s)
			}
			copy(b[i:end], "               ")
			t.leaveOut("address", 1)
			t.noteRigid()
			i = end
		}
	}
	if b == nil {
		return s
	}
	return string(b)
}
