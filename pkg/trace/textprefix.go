package trace

import (
	"regexp"
	"strconv"
	"strings"
)

// The prefixes that launchers and loggers put before a line.
var (
	rankPrefix  = regexp.MustCompile(`^(?:\[(?:\d+,)?(\d+)\]<std(?:out|err)>:?\s?|\[(\d+)\]:?\s+|(\d+):\s|\[[Rr]ank ?(\d+)\]:?\s*|(?:[Rr]ank|MPI rank|[Pp]roc(?:ess)?) ?(\d+)\s?[:|]\s*)`)
	timePrefix  = regexp.MustCompile(`^(?:[\[(]?\d{4}[-/]\d\d[-/]\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)?(?:Z|[+-]\d\d:?\d\d)?[\])]?|[\[(]?\d\d:\d\d:\d\d(?:[.,]\d+)?[\])]?|\[\s*\d+\.\d+\]|[IWEF]\d{4} \d\d:\d\d:\d\d\.\d+\s+\d+ \S+\]|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +\d+ \d\d:\d\d:\d\d(?: \S+)?)\s*[|:-]?\s*`)
	levelPrefix = regexp.MustCompile(`^[\[(<]?(?:DEBUG|INFO|WARN|WARNING|ERROR|TRACE|CRITICAL|NOTICE|FATAL|debug|info|warning|error|trace)[\])>]?\s*[:|-]*\s*`)
	namePrefix  = regexp.MustCompile(`^[\[(]?[A-Za-z_][\w.]*(?:\(\d+\)|:\d+)?[\])]?\s*(?::|\||-)\s+`)
	rootPrefix  = regexp.MustCompile(`^[A-Za-z_][\w.]*:`)
)

// stripPrefixes drops what launchers and loggers put before a line, and returns
// the rank that printed it, -1 where none is told.
func stripPrefixes(s string) (rank int32, rest string) {
	rank = -1
	for range 3 {
		if !mayBePrefixed(s) {
			return rank, s
		}
		if m := rankPrefix.FindStringSubmatch(s); m != nil {
			for _, g := range m[1:] {
				if g != "" {
					n, _ := strconv.Atoi(g)
					rank = int32(n)
				}
			}
			s = s[len(m[0]):]
			continue
		}
		if m := timePrefix.FindString(s); m != "" {
			s = s[len(m):]
			continue
		}
		m := levelPrefix.FindString(s)
		if m == "" {
			return rank, s
		}
		joined := strings.HasSuffix(m, ":")
		s = s[len(m):]
		if n := namePrefix.FindString(s); n != "" {
			s = s[len(n):]
		} else if n := rootPrefix.FindString(s); joined && n != "" {
			s = s[len(n):]
		}
	}
	return rank, s
}

// mayBePrefixed tells most lines that have no prefix by their first bytes.
func mayBePrefixed(s string) bool {
	if s == "" {
		return false
	}
	switch c := s[0]; {
	case c == '[' || c == '(' || c == '<':
		return true
	case c-'0' <= 9:
		for i := 1; i < len(s) && i < 8; i++ {
			if s[i]-'0' > 9 {
				return s[i] == ':' || i == 4 && (s[i] == '-' || s[i] == '/')
			}
		}
		return false
	case c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z':
		switch c {
		case 'D', 'I', 'W', 'E', 'T', 'C', 'N', 'F', 'd', 'i', 'w', 'e', 't', 'R', 'r', 'M', 'P', 'p', 'J', 'A', 'S', 'O':
			return true
		}
	}
	return false
}
