package trace

import (
	"regexp"
	"strings"
)

// The functions here tell by a few bytes which of the prefixes a line cannot have: a
// regular expression takes a hundred times as long.

func findIf(may bool, p func() *regexp.Regexp, s string) string {
	if !may {
		return ""
	}
	return p().FindString(s)
}

func matchIf(may bool, p func() *regexp.Regexp, s string) []string {
	if !may {
		return nil
	}
	return p().FindStringSubmatch(s)
}

// mayBeRank: a number with a colon, one in brackets, or a word for a rank.
func mayBeRank(s string) bool {
	s = strings.TrimLeft(s, " \t\f\v\r\n")
	switch {
	case len(s) < 2:
		return false
	case s[0] == '[':
		return s[1]-'0' <= 9 || s[1] == 'R' || s[1] == 'r'
	case s[0]-'0' <= 9:
		i := digitsEnd(s, 0)
		return i < len(s) && s[i] == ':'
	}
	for _, w := range []string{"Rank", "rank", "MPI rank", "Proc", "proc", "PE"} {
		if strings.HasPrefix(s, w) {
			return true
		}
	}
	return false
}

// mayBeTime: numbers, brackets, glog's letter with a number, or a month.
func mayBeTime(s string) bool {
	if len(s) < 5 {
		return false
	}
	switch c := s[0]; {
	case c == '[' || c == '(' || c-'0' <= 9:
		return true
	case strings.IndexByte("IWEF", c) >= 0 && s[1]-'0' <= 9:
		return true
	}
	return s[3] == ' ' && strings.IndexByte("JFMASOND", s[0]) >= 0
}

var levelWords = []string{"DEBUG", "INFO", "WARN", "ERROR", "TRACE", "CRITICAL", "NOTICE", "FATAL", "debug", "info", "warning", "error", "trace"}

// startsLevel tells whether a line begins with a level, behind a bracket perhaps.
func startsLevel(s string) bool {
	if s != "" && strings.IndexByte("[(<", s[0]) >= 0 {
		s = s[1:]
	}
	for _, w := range levelWords {
		if strings.HasPrefix(s, w) {
			return true
		}
	}
	return false
}

// tokenEnd is where the letters, digits and signs of more that a line begins with end.
func tokenEnd(s, more string) int {
	i := 0
	for i < len(s) && (isWordByte(s[i]) || strings.IndexByte(more, s[i]) >= 0) {
		i++
	}
	return i
}

// mayBePlace: a bracket, or a file's name with a line's number.
func mayBePlace(s string) bool {
	if s == "" {
		return false
	}
	if s[0] == '[' || s[0] == '(' {
		return true
	}
	i := tokenEnd(s, "./-")
	return i+1 < len(s) && s[i] == ':' && s[i+1]-'0' <= 9 && strings.IndexByte(s[:i], '.') >= 0
}

// mayBeProcess: a number, a bracket before or behind a word, or a word with two colons.
func mayBeProcess(s string) bool {
	if s == "" {
		return false
	}
	if s[0] == '[' || s[0]-'0' <= 9 || strings.HasPrefix(s, "std") {
		return true
	}
	i := tokenEnd(s, "./<>:-")
	return i < len(s) && (s[i] == '[' || s[i] == ']') || strings.Count(s[:i], ":") >= 2
}

// mayBeNamedLevel: a word, then a level.
func mayBeNamedLevel(s string) bool {
	s = strings.TrimLeft(s, "[(")
	name := s[:tokenEnd(s, ".-")]
	for _, w := range levelWords {
		if strings.Contains(name, w) {
			return true
		}
	}
	s = strings.TrimLeft(s[len(name):], "])")
	s = strings.TrimLeft(s, " \t\f\v\r\n")
	if s != "" && strings.IndexByte(":|-", s[0]) >= 0 {
		s = s[1:]
	}
	return startsLevel(strings.TrimLeft(s, " \t\f\v\r\n"))
}
