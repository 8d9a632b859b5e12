package report

import (
	"strings"

	"simtrace/pkg/parity"
)

// inks are the escape sequences of a terminal; empty ones colour nothing.
type inks struct{ title, good, bad, warn string }

var (
	plain   = inks{}
	colours = inks{title: "\x1b[1m", good: "\x1b[1;32m", bad: "\x1b[1;31m", warn: "\x1b[33m"}
)

const noInk = "\x1b[0m"

func dyed(ink, text string) string {
	if ink == "" || text == "" {
		return text
	}
	return ink + text + noInk
}

func (k inks) verdict(v parity.Verdict) string {
	switch v {
	case parity.Match:
		return k.good
	case parity.Diverged:
		return k.bad
	}
	return k.warn
}

// cell colours the status of a row, and a count of what differs.
func (k inks) cell(head, text string) string {
	switch {
	case head == "status" && (text == "CRITICAL" || text == "DIVERGENT" || strings.HasSuffix(text, "lost")):
		return k.bad
	case head == "status", (head == "lost" || head == "waived") && text != "0":
		return k.warn
	case head == "diverged" && text != "0":
		return k.bad
	}
	return ""
}
