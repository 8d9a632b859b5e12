package trace

import (
	"math"
	"slices"
	"strings"
)

// Programs print words where they have no number to print: "None", "N/A", "--", stars.
// Such a word is a value in a row of numbers, behind "=" or ":" beside numbers, and
// where a number stands on other lines of the logs; anywhere else it is one word of many.

// beginsValue holds the bytes that such words begin with, each with those that may come
// second; a blank stands for the end of a word.
var beginsValue = func() (set [256]string) {
	set['n'], set['N'], set['u'] = "uil/", "oUA/", "n"
	set['T'], set['t'], set['F'], set['f'] = "rR ", "r", "aA ", "a"
	set['.'], set['-'], set['+'], set[0xe2] = "tfTF", "- \xe2", "\xe2", "\x88"
	return set
}()

// mayBeValue tells most words that are none by their first two bytes.
func mayBeValue(s string, i int) bool {
	second := beginsValue[s[i]]
	if second == "" {
		return false
	}
	c := byte(' ')
	if i+1 < len(s) && strings.IndexByte("\t,;|)]", s[i+1]) < 0 {
		c = s[i+1]
	}
	return strings.IndexByte(second, c) >= 0
}

// valueWord is the length of a word at index i that may stand for a number; truth tells
// those that say yes or no.
func valueWord(s string, i int) (n int, truth bool) {
	if i > 0 && strings.IndexByte(" \t=:,;|([", s[i-1]) < 0 {
		return 0, false
	}
	for i+n < len(s) && strings.IndexByte(" \t,;|)]", s[i+n]) < 0 {
		if n++; n > 12 {
			return 0, false
		}
	}
	switch w := s[i : i+n]; w {
	case "None", "null", "NULL", "nil", "NA", "N/A", "n/a", "undefined", "-", "--", "---", "----":
		return n, false
	case "T", "F", "True", "False", "true", "false", "TRUE", "FALSE", ".true.", ".false.", ".TRUE.", ".FALSE.":
		return n, true
	}
	return 0, false
}

// infinitySign is the length of an infinity that is drawn, with its sign, at index i.
func infinitySign(s string, i int) int {
	const sign = "∞"
	rest := strings.TrimLeft(s[i:min(len(s), i+1)], "+-") + s[min(len(s), i+1):]
	if n := len(s) - i - len(rest) + len(sign); strings.HasPrefix(rest, sign) && endsNumber(s, i+n) {
		return n
	}
	return 0
}

// appendWord appends the word that begins at index i to the numbers of the line, and
// returns its length; 0 for none.
func appendWord(s string, i int, out []numberAt) ([]numberAt, int) {
	if !mayBeValue(s, i) {
		return out, 0
	}
	if n := infinitySign(s, i); n > 0 {
		return append(out, numberAt{from: i, to: i + n, value: math.Inf(1 - 2*strings.Count(s[i:i+1], "-"))}), n
	}
	n, truth := valueWord(s, i)
	if n == 0 || truth && !assigned(s[:i]) {
		return out, 0
	}
	return append(out, numberAt{from: i, to: i + n, value: math.NaN(), word: true}), n
}

// keepValues drops the words that stand for no number; places are what numbers of the
// logs are called.
func keepValues(s string, list []numberAt, places map[string]bool) []numberAt {
	numbers, words := 0, 0
	for _, x := range list {
		if !x.word {
			numbers++
		} else if s[x.from:x.to] != "-" {
			words++
		}
	}
	row := numbers > 0 && onlyNumbers(s, list)
	if words == 0 && !row {
		return slices.DeleteFunc(list, func(x numberAt) bool { return x.word })
	}
	var kept []numberAt
	for i, x := range list {
		if !x.word || row && (i > 0 || s[x.from] == '*') || standsForNumber(s, append(kept, x), numbers > 0, places) {
			kept = append(kept, x)
		}
	}
	return append(list[:0], kept...)
}

// standsForNumber tells whether the last of some values of a line, a word, stands where a
// number would.
func standsForNumber(s string, list []numberAt, numbers bool, places map[string]bool) bool {
	x := list[len(list)-1]
	behind := strings.TrimLeft(s[x.to:], " \t")
	if behind != "" && (behind[0] == '=' || behind[0] == ':') || s[x.from:x.to] == "-" {
		return false
	}
	if assigned(s[:x.from]) && (numbers || s[x.from] == '*') {
		return true
	}
	return places[nameBefore(s, list, len(list)-1)]
}
