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
	x, err := a.tail()
	if err != nil {
		return a, b, err
	}
	y, err := b.tail()
	if err != nil {
		return a, b, err
	}
	x, endedX := strings.CutSuffix(x, "\n")
	y, endedY := strings.CutSuffix(y, "\n")
	if endedX && endedY {
		return a, b, nil
	}
	mine, theirs := linesOfTail(x, a), linesOfTail(y, b)
	if len(mine) == 0 || len(theirs) == 0 {
		return a, b, nil
	}
	last, other := mine[len(mine)-1], theirs[len(theirs)-1]
	same := last == other
	if endedX == endedY {
		same = !a.fullBlocks() && !b.fullBlocks() && masked(last) == masked(other) && seenBefore(mine) && seenBefore(theirs)
	}
	if last == "" || !same {
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
	return slices.ContainsFunc(lines[:len(lines)-1], func(s string) bool { return masked(s) == last })
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

// longTail is how much of a log's end is looked at.
const longTail = 4096

func (s *Source) tail() (string, error) {
	b, err := s.ReadSpan(nil, max(0, s.Size-longTail), s.Size)
	return string(b), err
}

// linesOfTail are the lines of a log's end; the first may be a part of one.
func linesOfTail(text string, s *Source) []string {
	lines := strings.Split(text, "\n")
	if s.Size > longTail {
		lines = lines[1:]
	}
	for i := range lines {
		lines[i] = plainText(lines[i])
	}
	return lines
}
