package trace

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// pattern is a regular expression that is compiled when it is first used: a program
// that reads no log starts a millisecond sooner.
func pattern(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}

// The prefixes that launchers and loggers put before a line.
var (
	rankPrefix  = pattern(`^(?:\[(?:\d+,)?(\d+)\]<std(?:out|err)>:?\s?|\[(\d+)\]:?\s+|\s{0,4}(\d+):\s|\[[Rr]ank:? ?(\d+)\]:?\s*|(?:[Rr]ank|MPI rank|[Pp]roc(?:ess)?|PE) ?(\d+)(?: of \d+|/\d+)?\s?[:|]\s*)`)
	timePrefix  = pattern(`^(?:[\[(]?\d{4}[-/]\d\d[-/]\d\d(?:[T _]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)?(?:Z|[+-]\d\d:?\d\d)?[\])]?|[\[(]?\d\d:\d\d:\d\d(?:[.,]\d+)?[\])]?|\[[IWEDC] \d{6} \d\d:\d\d:\d\d [\w.-]+:\d+\]|\[\s*\d+\.\d+\]|\d\d-\d\d \d\d:\d\d:\d\d[.,]\d+|[IWEF]\d{4}(?:\d{4})? \d\d:\d\d:\d\d\.\d+\s+\d+ \S+\]|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +\d+ \d\d:\d\d:\d\d)` + dash)
	hostPrefix  = pattern(`^[\w.-]+ +([A-Za-z_][\w./-]*(?:\[\d+\])?:\s)`) // of syslog, behind a month)
	levelPrefix = pattern(`^[\[(<]?` + levels + `(?:\[\d{4,}\]|[\])>]?)` + dashes)
	namedLevel  = pattern(`^[\[(]?[A-Za-z_][\w.-]*[\])]?\s*(?:[:|-]\s*)?[\[(<]?` + levels + `[\])>]?(?:\s*[:|]+\s*|\s*-+\s+|\s+)`)
	namePrefix  = pattern(`^(?:[A-Za-z_][\w./-]*(?:\(\d+\)|:\d+)?\s*(?::|\||-)\s+|\[[A-Za-z_][\w./-]*(?:[:-]\d+)?\]:?\s*|\((?:pid|thread|tid)[ =:]*\d+\):?\s*)`)
	placePrefix = pattern(`^(?:\[[A-Za-z_][\w./-]*:\d+\]:?\s*|[\w./-]+\.\w+:\d+:?\s*[|:\]-]?\s+|\((?:pid|thread|tid)[ =:]*\d+\):?\s*|\(PID\.TID [\d.]+\)\s*)`)
	// processPrefix is of containers, syslog, Android, Spring, log4j, env_logger, Chromium and Loguru, behind a time.
	processPrefix = pattern(`^(?:std(?:out|err) [FP] |[A-Za-z_][\w./-]*\[\d+\]:\s+|\d+\s+\d+\s+[VDIWEF]\s+[\w./-]+\s*:\s+|\d+ --- \[[^\]]*\]\s+\S+\s*:\s+|\[[^\]]*\]\s+` + levels + `\s+[\w.$]+\s+-\s+|[\w:]+\]\s+|\[\d+:\d+\]\s+|[\w.<>]+:[\w.<>]+:\d+ - )`)
	rootPrefix    = pattern(`^[A-Za-z_][\w.]*:`)
)

const levels = `(?:DEBUG|INFO|WARN|WARNING|ERROR|TRACE|CRITICAL|NOTICE|FATAL|debug|info|warning|error|trace)\b`

// A dash parts a prefix from what follows where a blank stands behind it: else it
// is a number's sign.
const (
	dash   = `\s*(?:[|:]\s*|-+(?:\s+|$))?`
	dashes = `\s*(?:[|:]\s*|-+(?:\s+|$))*`
)

// stripPrefixes drops what launchers and loggers put before a line, and returns
// the rank that printed it, -1 where none is told.
func stripPrefixes(s string) (rank int32, rest string) {
	rank = -1
	logged := false
	for range 6 {
		if !mayBePrefixed(s) && !logged {
			return rank, s
		}
		if n, after := bracketRank(s); after > 0 {
			rank, s = n, s[after:]
			continue
		}
		if m := matchIf(mayBeRank(s), rankPrefix, s); m != nil {
			for _, g := range m[1:] {
				if g != "" {
					if n, err := strconv.Atoi(g); err == nil && n < maxRank {
						rank = int32(n) // not seconds since 1970
					}
				}
			}
			s = s[len(m[0]):]
			continue
		}
		n := len(s)
		if after := processSigns(s); after > 0 {
			s = s[after:]
		} else if m := findIf(mayBeTime(s), timePrefix, s); m != "" {
			s = withoutHost(s[len(m):], isLetter(m[0]))
		} else if m := findIf(startsLevel(s), levelPrefix, s); m != "" {
			joined := strings.HasSuffix(m, ":")
			s = s[len(m):]
			if n := namePrefix().FindString(s); n != "" && n != s && (isLetter(s[len(n)]) || s[len(n)] == '{') {
				s = s[len(n):] // not where a number follows, which the name is of
			} else if n := rootPrefix().FindString(s); joined && n != "" {
				s = s[len(n):]
			}
		} else if m := findIf(mayBePlace(s), placePrefix, s); m != "" {
			s = s[len(m):]
		} else if m := findIf(logged && mayBeProcess(s), processPrefix, s); m != "" {
			s = s[len(m):]
		} else if m := findIf(logged && mayBeNamedLevel(s), namedLevel, s); m != "" {
			s = s[len(m):]
			if n := findIf(mayBePlace(s), placePrefix, s); n != "" {
				s = s[len(n):]
			}
		}
		if len(s) == n {
			return rank, s
		}
		logged = true
	}
	return rank, s
}

// withoutHost drops the host that syslog prints before a program's name and a colon.
func withoutHost(s string, dated bool) string {
	if !dated {
		return s
	}
	if m := hostPrefix().FindStringSubmatchIndex(s); m != nil {
		return s[m[2]:]
	}
	return s
}

// processSigns is where valgrind's "==1234== " ends; 0 where the line begins otherwise.
func processSigns(s string) int {
	if !strings.HasPrefix(s, "==") {
		return 0
	}
	i := digitsEnd(s, 2)
	if i == 2 || !strings.HasPrefix(s[i:], "==") {
		return 0
	}
	if i += 2; i < len(s) && s[i] == ' ' {
		i++
	}
	return i
}

// bracketRank reads "[3] " and "[3]: ", which the most of rankPrefix are, and returns
// where what follows begins; 0 where the line begins otherwise.
func bracketRank(s string) (rank int32, after int) {
	if s == "" || s[0] != '[' {
		return 0, 0
	}
	i := digitsEnd(s, 1)
	n, err := strconv.Atoi(s[1:i])
	if err != nil || n >= maxRank || i == len(s) || s[i] != ']' {
		return 0, 0
	}
	if i++; i < len(s) && s[i] == ':' {
		i++
	}
	after = i
	for after < len(s) && (s[after] == ' ' || s[after] == '\t') {
		after++
	}
	if after == i {
		return 0, 0
	}
	return int32(n), after
}

// maxRank is more than there are ranks.
const maxRank = 1 << 24

// mayBePrefixed tells most lines that have no prefix by their first bytes.
func mayBePrefixed(s string) bool {
	if s == "" {
		return false
	}
	switch c := s[0]; {
	case c == ' ': // srun -l sets the ranks below each other
		label := strings.TrimLeft(s[:min(len(s), 10)], " ")
		digits := digitsEnd(label, 0)
		return digits > 0 && digits < len(label) && label[digits] == ':'
	case c == '[' || c == '(' || c == '<':
		return true
	case c == '=':
		return processSigns(s) > 0
	case c-'0' <= 9:
		for i := 1; i < len(s) && i < 8; i++ {
			if s[i]-'0' > 9 {
				return s[i] == ':' || (i == 4 || i == 2) && (s[i] == '-' || s[i] == '/')
			}
		}
		return false
	case c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z':
		for _, w := range prefixWords[c] {
			if strings.HasPrefix(s, w) {
				return true
			}
		}
		return len(s) > 5 && strings.IndexByte("IWEF", c) >= 0 && s[1]-'0' <= 9 && s[2]-'0' <= 9 && (s[5] == ' ' || len(s) > 9 && s[9] == ' ')
	}
	return false
}

// prefixWords begin the prefixes that begin with a letter, by that letter.
var prefixWords = func() (out [256][]string) {
	for _, w := range []string{
		"DEBUG", "INFO", "WARN", "ERROR", "TRACE", "CRITICAL", "NOTICE", "FATAL", "debug", "info", "warn", "error", "trace", "Rank", "rank", "MPI rank", "Proc", "proc", "PE ",
		"Jan ", "Feb ", "Mar ", "Apr ", "May ", "Jun ", "Jul ", "Aug ", "Sep ", "Oct ", "Nov ", "Dec ",
	} {
		out[w[0]] = append(out[w[0]], w)
	}
	return out
}()
