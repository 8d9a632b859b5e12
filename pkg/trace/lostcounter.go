package trace

import (
	"slices"
	"strings"
)

// maxParted bounds the blocks whose first line is looked for as lost.
const maxParted = 64

// PartBlocks parts blocks of logs that do not hold the same ones, so that what a log lost
// takes nothing else along: see partLost and partFooters. It returns where the pieces of
// the two belong.
func PartBlocks(src [2]*Source, names *Names, x [2]*Index, opt [2]Options) (places [2][]BlockAt, err error) {
	places = [2][]BlockAt{x[0].Places(), x[1].Places()}
	if slices.Equal(places[0], places[1]) {
		return places, nil
	}
	for side := range x {
		if err := partLost(src, names, x, opt, places, side); err != nil {
			return places, err
		}
		if x[side].n != len(places[side]) {
			places[side] = x[side].Places()
		}
	}
	parted, err := partFooters(src, names, x, opt)
	if parted {
		places = [2][]BlockAt{x[0].Places(), x[1].Places()}
	}
	return places, err
}

// readPart reads lines that belong at a place, and stand behind so many others.
func readPart(src *Source, names *Names, opt Options, at BlockAt, lines string, behind int64) *Reader {
	r := NewReader(src, names, opt)
	r.Begin(at.Coord(names.Schema))
	r.Read(lines, int(behind), false)
	return r
}

// partLost parts blocks of one log in two that are two blocks of the other log each, but
// for the first line of the second, which is lost: what follows that line belongs to it
// still. The line has to hold more than what counts, or nothing would tell that it is lost.
func partLost(src [2]*Source, names *Names, x [2]*Index, opt [2]Options, places [2][]BlockAt, side int) error {
	mine, theirs := places[side], places[1-side]
	parts, tries := map[int]Piece{}, 0
	of, at := whereabouts{places: mine}, -1 // the piece that is where the last one of the other log is
	for i, place := range theirs {
		if at+1 < len(mine) && mine[at+1] == place {
			at++
			continue
		}
		if j, has := of.find(place); has {
			if j >= 0 {
				at = j
			}
			continue
		}
		if i == 0 || tries == maxParted {
			continue
		}
		j, has := of.find(theirs[i-1])
		if !has || j < 0 || nextPlace(mine, j) != nextPlace(theirs, i) {
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
	return nil
}

// whereabouts finds the pieces of a log by where they belong. Most are found where they
// are looked for first: what finds the others is made when it is needed.
type whereabouts struct {
	places []BlockAt
	sorted []int32
}

// find returns the piece that belongs at a place, -1 for several; has is false for none.
func (w *whereabouts) find(at BlockAt) (i int, has bool) {
	if w.sorted == nil {
		w.sorted = make([]int32, len(w.places))
		for i := range w.sorted {
			w.sorted[i] = int32(i)
		}
		slices.SortFunc(w.sorted, func(i, j int32) int { return w.places[i].compare(w.places[j]) })
	}
	n, has := slices.BinarySearchFunc(w.sorted, at, func(i int32, at BlockAt) int { return w.places[i].compare(at) })
	if !has || n+1 < len(w.sorted) && w.places[w.sorted[n+1]] == at {
		return -1, has
	}
	return int(w.sorted[n]), true
}

func (b BlockAt) compare(o BlockAt) int { return slices.Compare(b[:], o[:]) }

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
	if p.At = at.At; len(readPart(src[1-side], names, opt[1-side], at.At, a[n], at.Line).block.Records) == 0 {
		return p, false, nil
	}
	r := readPart(src[side], names, opt[side], before.At, strings.Join(b[:n], ""), p.Line-int64(n))
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
