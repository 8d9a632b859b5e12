package trace

import (
	"slices"
	"strings"
)

// maxParted bounds the blocks whose first line is looked for as lost.
const maxParted = 64

// PartBlocks parts a block of one log in two where it is two blocks of the other log, but
// for the first line of the second, which is lost: what follows that line belongs to it
// still. The line has to hold more than what counts, or nothing would tell that it is lost.
func PartBlocks(src [2]*Source, names *Names, x [2]*Index, opt [2]Options) error {
	places := [2][]BlockAt{x[0].Places(), x[1].Places()}
	if slices.Equal(places[0], places[1]) {
		return nil
	}
	var index [2]map[BlockAt]int // by place: its piece, -1 for several
	for side := range places {
		index[side] = map[BlockAt]int{}
		for i, at := range places[side] {
			if _, twice := index[side][at]; twice {
				i = -1
			}
			index[side][at] = i
		}
	}
	for side := range x {
		other, parts, tries := 1-side, map[int]Piece{}, 0
		for i := 1; i < len(places[other]) && tries < maxParted; i++ {
			if _, has := index[side][places[other][i]]; has {
				continue
			}
			j, has := index[side][places[other][i-1]]
			if !has || j < 0 || nextPlace(places[side], j) != nextPlace(places[other], i) {
				continue
			}
			tries++
			p, ok, err := partAt(src, names, x, opt, side, i, j)
			if err != nil {
				return err
			}
			if ok {
				parts[j] = p
			}
		}
		x[side].insert(parts)
	}
	return nil
}

// nextPlace is where the piece behind piece i belongs.
func nextPlace(places []BlockAt, i int) BlockAt {
	if i+1 < len(places) {
		return places[i+1]
	}
	return BlockAt{-2}
}

// partAt finds where in piece j of a log what the other log has in its piece i begins.
func partAt(src [2]*Source, names *Names, x [2]*Index, opt [2]Options, side, i, j int) (p Piece, ok bool, err error) {
	c, mine := x[1-side].Cursor(), x[side].Cursor()
	before, at := c.At(i-1), c.At(i)
	if p = mine.At(j); c.End(i)-before.Off > maxFooter || mine.End(j)-p.Off > maxFooter {
		return p, false, nil
	}
	theirs, err := src[1-side].ReadSpan(nil, before.Off, c.End(i))
	if err != nil {
		return p, false, err
	}
	text, err := src[side].ReadSpan(nil, p.Off, mine.End(j))
	if err != nil {
		return p, false, err
	}
	a, b := slices.Collect(strings.Lines(string(theirs))), slices.Collect(strings.Lines(string(text)))
	n := int(at.Line - before.Line)
	if n < 0 || n+1 >= len(a) || len(b) != len(a)-1 {
		return p, false, nil
	}
	for k := range b {
		other := a[k:]
		if k >= n {
			other = a[k+1:]
		}
		if wordsOf(b[k]) != wordsOf(other[0]) {
			return p, false, nil
		}
		if k < n {
			p.Off, p.Line = p.Off+int64(len(b[k])), p.Line+1
		}
	}
	r := NewReader(src[1-side], names, opt[1-side])
	r.Begin(at.At.Coord(names.Schema))
	r.Read(a[n], int(at.Line), false)
	if p.At = at.At; len(r.block.Records) == 0 {
		return p, false, nil
	}
	r = NewReader(src[side], names, opt[side])
	r.Begin(before.At.Coord(names.Schema))
	r.Read(strings.Join(b[:n], ""), int(p.Line)-n, false)
	x[side].states.insert(p.Line, r.text.textState)
	return p, true, nil
}

// insert adds the state at a line that has none.
func (l *textStates) insert(line int64, s textState) {
	i, _ := slices.BinarySearch(l.lines, line)
	l.lines, l.states = slices.Insert(l.lines, i, line), slices.Insert(l.states, i, s)
}

// insert adds pieces behind others, by their numbers.
func (x *Index) insert(behind map[int]Piece) {
	if len(behind) == 0 {
		return
	}
	y, c := *x, x.Cursor()
	y.n, y.chunks, y.open = 0, nil, nil
	for i := range x.n {
		y.add(c.At(i))
		if p, ok := behind[i]; ok {
			y.add(p)
		}
	}
	y.pack()
	*x = y
}
