package trace

import (
	"strings"

	"simtrace/pkg/trace/schema"
)

// maxName is the longest key that is looked for within a line.
const maxName = 200

// findGlued returns where, from index i on, a trace line begins within s, or
// -1. It must read as a quantity: a tag that prose, source code or a command
// line mentions does not begin a trace.
func (r *Reader) findGlued(s string, i int) int {
	for i < len(s) {
		j := strings.Index(s[i:], "TRACE")
		if j < 0 {
			break
		}
		i += j
		if mayPrecede(s[:i]) && r.names.readsAsQuantity(s[i:]) {
			return i
		}
		i += len("TRACE")
	}
	return -1
}

// mayPrecede sorts out longer words, string literals and quotations.
func mayPrecede(s string) bool {
	if s == "" || strings.HasSuffix(s, `\n`) {
		return s == ""
	}
	c := s[len(s)-1]
	return !(c >= 'A' && c <= 'Z') && strings.IndexByte("_\"'`", c) < 0
}

// readsAsQuantity tells whether s, which starts with "TRACE", reads as a
// quantity with its numbers, or names a key of the schema before it breaks.
func (n *names) readsAsQuantity(s string) bool {
	end := tagLen(s)
	if end <= len("TRACE_") {
		return false
	}
	t := n.tag(s[:end])
	// No key is longer; the bound keeps lines of tags from costing their square.
	rest := s[end:min(len(s), end+maxName)]
	switch t.form {
	case phiForm:
		return strings.HasPrefix(strings.TrimLeft(rest, ": \t"), "phi_tic=")
	case configForm:
		_, _, ok := announced(rest)
		return ok
	case gridForm, coordsForm:
		return strings.HasPrefix(rest, ": [")
	case gridEdgeForm:
		return strings.TrimSpace(rest) == ""
	}
	head, body, ok := strings.Cut(rest, ":")
	key, value, _ := splitKey(body)
	if !ok || key == "" || head != "" && t.form != sourceForm {
		return false
	}
	if _, known := n.all.Schema.Find(schema.BlockLines, key); known {
		return true
	}
	return isPlainKey(key) && startsWithNumber(value)
}

func isPlainKey(key string) bool {
	return isLetter(key[0]) && strings.Trim(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") == ""
}

func startsWithNumber(s string) bool {
	s = strings.TrimLeft(s, " [(")
	_, ok := parseFloat(s[:tokenLen(s)])
	return ok
}
