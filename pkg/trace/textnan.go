package trace

import (
	"slices"
	"strings"
)

// withoutNaNWords drops what reads as no number or infinity, and is a word: the name of
// a quantity, "inf = 0.5", an abbreviation, "Primal Inf.", or a word of prose.
func withoutNaNWords(s string, list []numberAt) []numberAt {
	digit := strings.ContainsAny(s, "0123456789")
	words := make([]bool, len(list))
	for i := range list {
		words[i] = isNaNWord(s, list, i, digit)
	}
	n := -1
	return slices.DeleteFunc(list, func(numberAt) bool { n++; return words[n] })
}

func isNaNWord(s string, list []numberAt, i int, digit bool) bool {
	x := list[i]
	if !isLetter(s[x.from]) {
		return false
	}
	before, behind := strings.TrimRight(s[:x.from], " \t"), strings.TrimLeft(s[x.to:], " \t")
	if strings.HasPrefix(behind, "=") && !strings.HasPrefix(behind, "==") {
		return true
	}
	if before != "" && strings.IndexByte("=:([{,<>|", before[len(before)-1]) >= 0 || strings.HasSuffix(before, " is") || behind == "" {
		return false
	}
	switch c := behind[0]; {
	case c == ':':
		return before == "" // "loss nan: skipped" has lost it
	case c == '.':
		return s[x.from]|0x20 == 'i'
	case isLetter(c):
		return before == "" || !digit
	}
	return i > 1 && countsNaN(s, list, i)
}

// countsNaN tells "norm 0.5 bad 3 nan 7" from a list that holds one: the numbers before
// have names of their own, and a whole number that ends the line or has a name behind
// it is next.
func countsNaN(s string, list []numberAt, i int) bool {
	if i+1 == len(list) || !hasLetter(s[list[i-2].to:list[i-1].from]) || hasLetter(s[list[i-1].to:list[i].from]) {
		return false
	}
	next := list[i+1]
	_, whole := plainInt(s[next.from:next.to])
	behind := strings.TrimLeft(s[next.to:], " \t")
	return whole && strings.Trim(s[list[i].to:next.from], " \t") == "" && (behind == "" || isLetter(behind[0]))
}
