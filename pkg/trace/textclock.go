package trace

import (
	"regexp"
	"strings"
)

// clockTime is a date or time of day, as programs print them within a line.
var clockTime = pattern(`^(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w*,?\s+)?` +
	`(?:` + monthDay + `\s*,?\s*(?:at\s+)?` + timeOfDay + `(?:\s+[A-Z]{2,4})?(?:\s+\d{4})?` +
	`|\d{1,2}[ -]?` + month + `[ -]?\d{2,4}(?:\s+(?:at\s+)?` + timeOfDay + `)?` +
	`|` + monthDay + `,?\s+\d{4}` +
	`|\d{4}[-/.]\d\d[-/.]\d\d(?:[T_ ]+` + timeOfDay + `)?(?:Z|[+-]\d\d:?\d\d)?` +
	`|(?:\d\d-\d\d-|\d{1,2}/\d{1,2}/)\d{4}(?:\s+` + timeOfDay + `)?` +
	`|(?:\d+ days?,? )?` + timeOfDay + `)`)

// Short dates and durations are apart: package regexp matches a longer expression than
// clockTime ten times as slowly.
var (
	shortDate = pattern(`^\d{1,2}/\d{1,2}/\d\d\s+` + timeOfDay)
	duration  = pattern(`^(?:\d+h)?\d+m\d{1,2}(?:\.\d+)?s`)
)

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
	n := 0
	var b []byte
	for from, sign := 0, 0; ; {
		if sign = clockSign(s, sign); sign == len(s) {
			break
		}
		begin, end := clockAround(s, from, sign)
		if end == 0 {
			sign++
			continue
		}
		from, sign = end, end
		if begin > 0 && (isWordByte(s[begin-1]) || s[begin-1] == '.') || end < len(s) && isWordByte(s[end]) {
			continue // a part of a word or number
		}
		if b == nil {
			b = []byte(s)
		}
		for i := begin; i < end; i++ {
			b[i] = ' '
		}
		n++
	}
	if n == 0 {
		return s, 0
	}
	return string(b), n
}

// withoutRate blanks what progress bars print of their speed, "3.25it/s" and "1.5s/it":
// the number is no other's name.
func withoutRate(s string) string {
	i := strings.Index(s, "it/s")
	if i < 0 {
		if i = strings.Index(s, "s/it"); i < 0 {
			return s
		}
	}
	from := i
	for from > 0 && (s[from-1]-'0' <= 9 || s[from-1] == '.') {
		from--
	}
	if from == i || from > 0 && isWordByte(s[from-1]) {
		return s
	}
	return s[:from] + strings.Repeat(" ", i+len("it/s")-from) + s[i+len("it/s"):]
}

// The longest date begins so far before its first sign, and is so long:
// "Wednesday, September 30, at 10:11:12.123456 PM CEST 2026".
const (
	clockBefore = 40
	clockLength = 80
)

// clockAround finds the date or time that a sign of one is part of; an end of 0 stands
// for none. It begins no earlier than from.
func clockAround(s string, from, sign int) (begin, end int) {
	for at := max(from, sign-clockBefore); at <= sign; at++ {
		if s[at]-'0' > 9 && strings.IndexByte("MTWFSJAOND", s[at]) < 0 {
			continue // neither a number nor the name of a day or month
		}
		if n := clockLen(s[at:min(len(s), at+clockLength)], s[sign]); at+n > sign {
			return at, at + n
		}
	}
	return 0, 0
}

// clockLen is the length of the date or time with such a sign that s begins with.
func clockLen(s string, sign byte) int {
	expressions := []func() *regexp.Regexp{clockTime, shortDate}
	switch sign {
	case 'm':
		expressions = []func() *regexp.Regexp{duration}
	case '/':
	default:
		expressions = expressions[:1]
	}
	for _, e := range expressions {
		if m := e().FindStringIndex(s); m != nil {
			return m[1]
		}
	}
	return 0
}

// clockSign finds the next byte that may be of a date or time of day: a colon between
// digits, an m between digits, a sign between digits with another one near, or the name of a month. "12/100"
// is no date, and "row 7: 1.5" has no time. It is the end of s where there is none.
func clockSign(s string, from int) int {
	for i := from; i < len(s); i++ {
		if !inClock[s[i]] {
			continue
		}
		switch c := s[i]; {
		case c == 'm':
			if i > 0 && s[i-1]-'0' <= 9 && i+1 < len(s) && s[i+1]-'0' <= 9 {
				return i // "2m30s"
			}
		case c == ':':
			if i > 0 && s[i-1]-'0' <= 9 && minutesAt(s, i+1) {
				return i
			}
		case isLetter(c):
			if i+2 < len(s) && strings.Contains(monthNames, s[i:i+3]) && numberBehind(s, i+3) {
				return i
			}
		case i > 0 && s[i-1]-'0' <= 9 && dateAround(s, i):
			return i
		}
	}
	return len(s)
}

// dateAround tells whether another sign of a date stands one or two digits before or
// behind the one at i.
func dateAround(s string, i int) bool {
	n := 0
	for n < 2 && i+1+n < len(s) && s[i+1+n]-'0' <= 9 {
		n++
	}
	isSign := func(k int) bool { return k >= 0 && k < len(s) && strings.IndexByte("-/.", s[k]) >= 0 }
	return n > 0 && (s[i] == '/' || n == 2) && (isSign(i+1+n) || isSign(i-2) || isSign(i-3))
}

// numberBehind tells whether a number follows the name of a month.
func numberBehind(s string, i int) bool {
	for i < len(s) && s[i] >= 'a' && s[i] <= 'z' {
		i++
	}
	s = strings.TrimLeft(s[i:], ".- \t")
	return s != "" && s[0]-'0' <= 9
}

// minutesAt tells whether minutes follow the colon behind hours: two digits, or one or
// two and another colon, then behind a blank, too.
func minutesAt(s string, i int) bool {
	spaced := i < len(s) && (s[i] == ' ' || s[i] == '\t')
	if spaced {
		i++
	}
	n := 0
	for n < 2 && i+n < len(s) && s[i+n]-'0' <= 9 {
		n++
	}
	return n == 2 && !spaced && s[i] < '6' || n > 0 && i+n < len(s) && s[i+n] == ':'
}

// inClock holds the bytes by which dates and times of day are found.
var inClock = func() (set [256]bool) {
	for _, c := range []byte(":-/mJFMASOND") {
		set[c] = true
	}
	return set
}()

const monthNames = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
