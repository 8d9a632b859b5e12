package trace

import (
	"slices"
	"strings"
)

// EndAlike returns two logs of which the last line of one is known to be whole where it
// has no newline and the other log ends with the same line and one. Where both lack it,
// as those of programs do that join lines by newlines, each last line is whole that looks
// like one before it and like the other log's, numbers apart.
func EndAlike(a, b *Source) (_, _ *Source, err error) {
	x, endedX, err := a.lastLines()
	if err != nil {
		return a, b, err
	}
	y, endedY, err := b.lastLines()
	if err != nil || len(x) == 0 || len(y) == 0 || endedX && endedY {
		return a, b, err
	}
	last := x[len(x)-1]
	other := y[len(y)-1]
	if endedX == endedY {
		if a.fullBlocks() || b.fullBlocks() || masked(last) != masked(other) || !seenBefore(x) || !seenBefore(y) {
			return a, b, nil
		}
	} else if last != other {
		return a, b, nil
	}
	c, d := *a, *b // others may be at work with them
	c.Whole, d.Whole = !endedX, !endedY
	return &c, &d, nil
}

// fullBlocks tells a log that may be cut where a buffer was full.
func (s *Source) fullBlocks() bool { return s.Size%512 == 0 }

// seenBefore tells whether the last of some lines looks like one before it.
func seenBefore(lines []string) bool {
	last := masked(lines[len(lines)-1])
	return last != "" && slices.ContainsFunc(lines[:len(lines)-1], func(s string) bool { return masked(s) == last })
}

// masked is a line with a 0 for each run of digits.
func masked(s string) string {
	var b strings.Builder
	for i := range len(s) {
		switch {
		case s[i]-'0' > 9:
			b.WriteByte(s[i])
		case i == 0 || s[i-1]-'0' > 9:
			b.WriteByte('0')
		}
	}
	return b.String()
}

// lastLines are the last lines of a log, and whether a newline ends them; none where the
// last one is long.
func (s *Source) lastLines() (lines []string, ended bool, err error) {
	const long = 4096
	from := max(0, s.Size-long)
	b, err := s.ReadSpan(nil, from, s.Size)
	text, ended := strings.CutSuffix(string(b), "\n")
	lines = strings.Split(text, "\n")
	if from > 0 {
		lines = lines[1:]
	}
	for i := range lines {
		lines[i] = plainText(lines[i])
	}
	if len(lines) > 0 && lines[len(lines)-1] == "" {
		return nil, ended, err
	}
	return lines, ended, err
}
