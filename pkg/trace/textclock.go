package trace

import (
	"regexp"
	"strings"
)

// clockTimes are dates and times of day, as programs print them within a line.
var clockTimes = regexp.MustCompile(`(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w*,?\s+)?` +
	`(?:` + monthDay + `\s*,?\s*(?:at\s+)?` + timeOfDay + `(?:\s+[A-Z]{2,4})?(?:\s+\d{4})?` +
	`|\d{1,2}[ -]?` + month + `[ -]?\d{2,4}(?:\s+(?:at\s+)?` + timeOfDay + `)?` +
	`|` + monthDay + `,?\s+\d{4}` +
	`|\d{4}[-/.]\d\d[-/.]\d\d(?:[T_ ]+` + timeOfDay + `)?(?:Z|[+-]\d\d:?\d\d)?` +
	`|\d\d[-/]\d\d[-/]\d{4}(?:\s+` + timeOfDay + `)?` +
	`|(?:\d+ days?,? )?` + timeOfDay + `)`)

const (
	month     = `(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*`
	monthDay  = month + `\.?\s+\d{1,2}`
	timeOfDay = `(?:\d{1,3}:[0-5]\d(?::[0-5]\d)?(?:[.,]\d+)?|\d{1,2}:\s?\d{1,2}:\s?\d{1,2})`
)

// clockName is what dates and times of day are listed by.
const clockName = "date and time"

// hideClock blanks dates and times of day, and returns how many there are. They
// are no numbers to compare, and no part of a name.
func hideClock(s string) (string, int) {
	if !mayHoldClock(s) {
		return s, 0
	}
	found := clockTimes.FindAllStringIndex(s, -1)
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
// date two signs between digits, or the name of a month.
func mayHoldClock(s string) bool {
	for i := 0; ; {
		k := strings.IndexByte(s[i:], ':')
		if k < 0 {
			break
		}
		i += k + 1
		if i > 1 && s[i-2]-'0' <= 9 && i < len(s) && (s[i]-'0' <= 9 || s[i] == ' ') {
			return true
		}
	}
	for i := 0; ; {
		k := strings.IndexAny(s[i:], "-/JFMASOND")
		if k < 0 {
			return false
		}
		i += k + 1
		switch {
		case isLetter(s[i-1]):
			if i+1 < len(s) && strings.Contains(monthNames, s[i-1:i+2]) && (i < 2 || !isLetter(s[i-2])) {
				return true
			}
		case i > 2 && s[i-2]-'0' <= 9 && s[i-3]-'0' <= 9 && i+2 < len(s) && s[i]-'0' <= 9 && s[i+1]-'0' <= 9 && (s[i+2] == s[i-1] || s[i+2]-'0' <= 9):
			return true
		}
	}
}

const monthNames = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
