package trace

import (
	"bytes"
	"strings"
)

// keyValue is one quantity of a line.
type keyValue struct {
	key, value string
	unit       string // in brackets behind the key
	assigned   bool   // by "="
}

// pairs parts "key value", "key: value" and "a=1 b = 2, c=[3, 4]". The list is good
// until the next line is parted.
func (f *form) pairs(s string) []keyValue {
	for _, n := range f.spaced {
		if rest, ok := strings.CutPrefix(s, n); ok && rest != "" && !isWordByte(rest[0]) {
			rest = strings.TrimLeft(rest, " \t")
			value := strings.TrimLeft(strings.TrimPrefix(strings.TrimPrefix(rest, ":"), "="), " \t")
			return f.kept(append(f.list[:0], keyValue{key: n, value: strings.TrimRight(value, " \t")}))
		}
	}
	out := splitPairs(s, f.list[:0])
	// "iteration # 3   ecut = 25": a step, and what is assigned behind it.
	if first, rest := field(s); len(out) > 0 {
		if _, ok := f.index[strings.TrimSuffix(first, ":")]; ok && out[0].key == strings.TrimSuffix(first, ":") && !out[0].assigned {
			rest = strings.TrimLeft(rest, "#=: \t")
			value, more := field(rest)
			out = splitPairs(more, append(out[:0], keyValue{key: out[0].key, value: strings.TrimRight(value, ",;")}))
		}
	}
	return f.kept(out)
}

// kept keeps the room of a list for the next line.
func (f *form) kept(list []keyValue) []keyValue {
	f.list = list
	return list
}

// splitPairs parts a line that has no names with blanks, and appends what it has.
func splitPairs(s string, out []keyValue) []keyValue {
	s = strings.TrimSpace(s)
	first, rest := field(s)
	if first == "" || !isLetter(first[0]) {
		return out
	}
	if _, ok := assignedKey(first, rest); !ok {
		key := strings.TrimSuffix(first, ":")
		value, unit := bracketedUnit(trimBlanks(rest))
		if v, ok := strings.CutPrefix(value, ": "); ok {
			value = trimBlanks(v)
		}
		if i := strings.IndexByte(key, ':'); i > 0 && value == "" {
			key, value = key[:i], key[i+1:]
		}
		if key == "" || value == "" || strings.HasPrefix(value, "==") {
			return out
		}
		return append(out, keyValue{key: key, value: value, unit: unit})
	}
	for s != "" {
		first, rest := field(s)
		key, _ := assignedKey(first, rest)
		_, value, _ := strings.Cut(s, "=")
		end := nextAssigned(value)
		out = append(out, keyValue{key: key, value: strings.TrimSpace(strings.TrimRight(value[:end], ",; \t")), assigned: true})
		s = value[end:]
	}
	return out
}

// bracketedUnit parts "[mm] 3 4" into value and unit.
func bracketedUnit(s string) (value, unit string) {
	if s == "" || s[0] != '[' && s[0] != '(' {
		return s, ""
	}
	i := strings.IndexAny(s, "])")
	if i < 0 || !isUnit(s[1:i]) {
		return s, ""
	}
	value = strings.TrimLeft(s[i+1:], ":= \t")
	return value, s[1:i]
}

// nextAssigned is where the next "key=" begins, or the end. What stands in
// brackets, such as the dtype of a tensor, begins nothing, provided that they
// close.
func nextAssigned(s string) int {
	first, open := len(s), 0
	for at := 0; at < len(s); {
		f, rest := field(s[at:])
		at = len(s) - len(rest) - len(f)
		if _, ok := assignedKey(f, rest); ok {
			if open <= 0 {
				return at
			}
			first = min(first, at)
		}
		open += openBrackets(f)
		at += len(f)
	}
	if open > 0 {
		return first
	}
	return len(s)
}

// field is the text up to the next blank, and what follows.
func field(s string) (first, rest string) {
	s = trimBlanks(s)
	for i := range len(s) {
		if s[i] == ' ' || s[i] == '\t' {
			return s[:i], s[i:]
		}
	}
	return s, ""
}

// assignedKey is the key of "key=value" or "key =", of which first is the first
// field.
func assignedKey(first, rest string) (string, bool) {
	key, after, ok := strings.Cut(first, "=")
	if !ok {
		rest = trimBlanks(rest)
		after, ok = strings.CutPrefix(rest, "=")
	}
	if !ok || key == "" || strings.HasPrefix(after, "=") || !isLetter(key[0]) || strings.ContainsAny(key, "\"'`(){}<>,;") {
		return "", false
	}
	return key, true
}

// containsWord tells whether the word stands by itself in b.
func containsWord(b []byte, word string) bool {
	for from := 0; ; {
		i := bytes.Index(b[from:], []byte(word))
		if i < 0 {
			return false
		}
		i += from
		end := i + len(word)
		if (i == 0 || !isWordByte(b[i-1])) && (end == len(b) || !isWordByte(b[end])) {
			return true
		}
		from = i + 1
	}
}

// seeAll looks at the numbers of a line of any program.
func (m *decimalMarks) seeAll(b []byte) {
	if !m.points && bytes.ContainsAny(b, ".,") {
		m.see(string(b))
	}
}
