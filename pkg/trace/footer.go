package trace

import "strings"

// maxFooter is how long the last block of a log may be for its footer to be looked for.
const maxFooter = 64 << 10

// partFooters gives what stands behind the last block of two logs a place of its own
// where the logs end with different blocks: what a program prints once, behind a table,
// belongs to no row, and one that lost its last row has lost no more.
func partFooters(src [2]*Source, names *Names, x [2]*Index, opt [2]Options) (parted bool, err error) {
	var last [2]Piece
	for side := range x {
		if x[side].n < 3 {
			return false, nil
		}
		last[side] = x[side].Cursor().At(x[side].n - 1)
	}
	if last[0].At == last[1].At {
		return false, nil
	}
	var begins [2]Piece
	var head [2]string
	for side := range x {
		p, h, err := footerOf(src[side], names, x[side], opt[side])
		if err != nil || h == "" {
			return false, err
		}
		begins[side], head[side] = p, h
	}
	if head[0] != head[1] {
		return false, nil
	}
	for side := range x {
		x[side].add(begins[side])
		x[side].pack()
	}
	return true, nil
}

// footerOf finds where what belongs to no block begins in the last one of a log, and the
// words of its first line; "" where there is none, or the block itself says nothing: it
// could then be lost unnoticed.
func footerOf(src *Source, names *Names, x *Index, opt Options) (begins Piece, head string, err error) {
	c := x.Cursor()
	p, before := c.At(x.n-1), c.At(x.n-2)
	if x.Size-before.Off > maxFooter {
		return p, "", nil
	}
	text, err := src.ReadSpan(nil, before.Off, x.Size)
	if err != nil {
		return p, "", err
	}
	known := map[string]bool{}
	for line := range strings.Lines(string(text[:p.Off-before.Off])) {
		known[wordsOf(line)] = true
	}
	rest := string(text[p.Off-before.Off:])
	begins, begins.At = p, BlockAt{-1, -1, -1}
	at, n := 0, int64(0)
	for line := range strings.Lines(rest) {
		at, n = at+len(line), n+1
		w := wordsOf(line)
		switch {
		case n == 1 || w != "" && known[w]:
			begins.Off, begins.Line, head = p.Off+int64(at), p.Line+n, ""
		case head == "" && strings.Trim(w, "0") != "":
			head = w
		}
	}
	if len(readPart(src, names, opt, p.At, rest[:begins.Off-p.Off], p.Line).block.Records) == 0 {
		return p, "", nil
	}
	return begins, head, nil
}

// wordsOf is the letters of a line, and "0" for each number.
func wordsOf(line string) string {
	var b strings.Builder
	number := false
	for i := range len(line) {
		switch c := line[i]; {
		case c-'0' <= 9:
			if !number {
				b.WriteByte('0')
			}
			number = true
		case number && strings.IndexByte(".eEdD+-", c) >= 0:
		default:
			if number = false; isLetter(c) || c >= 0x80 {
				b.WriteByte(c)
			}
		}
	}
	return b.String()
}
