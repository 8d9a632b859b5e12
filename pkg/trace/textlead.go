package trace

import (
	"context"
	"strings"
	"unicode"
)

// A log's lead is what stands before each of its lines, behind the time and level that
// loggers put there: a container's name, a tag of the program's own. It is no part of
// any quantity's name, because the other program may not print it.

const (
	leadFrom = 64 << 10 // how much of a log is looked at
	leastLed = 8        // lines that a lead has to be seen before
	maxLead  = 64
)

// FindLeads finds the leads of two logs of any program, and has them left out where
// the other log prints none, or the same. A word with a colon that both have may be a
// heading of what they print, "loss: train 0.5", and stays.
func FindLeads(ctx context.Context, src [2]*Source) error {
	var lines [2][]string
	var leads [2]string
	for side, s := range src {
		text, err := s.ReadSpan(nil, 0, min(s.Size, leadFrom))
		if err != nil {
			return err
		}
		var raw []string
		for line := range strings.Lines(string(text)) {
			if line = strings.TrimRight(line, "\r\n"); strings.TrimSpace(line) != "" {
				raw = append(raw, line)
			}
		}
		if n := len(raw); n > 0 && int64(len(text)) < s.Size {
			raw = raw[:n-1] // which may be cut
		}
		s.numbered = numberingOf(raw)
		for _, line := range raw {
			line, _ = s.numbered.cut(line)
			if _, body := stripPrefixes(plainText(line)); strings.TrimSpace(body) != "" {
				lines[side] = append(lines[side], body)
			}
		}
		leads[side], s.lead = leadOf(lines[side]), ""
	}
	for side, lead := range leads {
		switch same := leads[0] == leads[1]; {
		case same && !strings.ContainsAny(lead, "|])>"):
		case same, !anyBegins(lines[1-side], lead):
			src[side].lead = lead
		}
	}
	places := map[string]bool{}
	for side, s := range src {
		addPlaces(places, lines[side], s.lead)
		s.places = places
	}
	return ctx.Err()
}

// addPlaces adds what the numbers of lines are called.
func addPlaces(places map[string]bool, lines []string, lead string) {
	var list []numberAt
	for _, l := range lines {
		l, _ = hideClock(strings.TrimPrefix(l, lead))
		list = findNumbers(l, list[:0], false)
		for i := range list {
			if name := nameBefore(l, list, i); hasLetter(name) && len(places) < maxNames {
				places[name] = true
			}
		}
	}
}

// leadOf is what all lines begin with, up to a sign that parts it from what they say,
// and the blanks behind that; "" where they do not go on with different words, and so
// what they begin with may be the name of what they print.
func leadOf(lines []string) string {
	if len(lines) < leastLed {
		return ""
	}
	lead := lines[0][:min(len(lines[0]), maxLead)]
	for _, l := range lines[1:] {
		lead = lead[:commonBytes([]byte(lead), []byte(l))]
	}
	end := strings.LastIndexAny(lead, ":|])>") + 1
	for end > 0 && end < len(lead) && (lead[end] == ' ' || lead[end] == '\t') {
		end++
	}
	lead = lead[:end]
	if !goOnVariously(lines, func(l string) string { return l[end:] }) || !strings.ContainsFunc(lead, unicode.IsLetter) || strings.ContainsAny(lead, `{"`) {
		return ""
	}
	return lead
}

// goOnVariously tells whether lines go on with different words behind what they begin with.
func goOnVariously(lines []string, rest func(line string) string) bool {
	words := map[string]bool{}
	for _, l := range lines {
		if word, _ := field(strings.TrimSpace(rest(l))); word != "" && isLetter(word[0]) {
			words[word] = true
		}
	}
	return len(words) > 1
}

func anyBegins(lines []string, lead string) bool {
	for _, l := range lines {
		if strings.HasPrefix(l, lead) {
			return true
		}
	}
	return false
}
