package trace

import (
	"encoding/binary"
	"slices"
	"sort"

	"simtrace/pkg/trace/schema"
)

// Piece is a span of lines of one block: it ends where the next piece begins.
type Piece struct {
	Off  int64 // of its first byte in the log
	Line int64 // lines before it
	At   BlockAt
}

// BlockAt is where a block belongs, by the outermost keys of the schema's index:
// run, slow and fast of nanoBragg, the outermost key of any other. What comes
// before the first pixel of a run is its setup, at {run, -1, -1}. A pixel that
// the log does not name is at {run, -1, n}, n counted from 0.
type BlockAt [3]int32

// setupAt is where a run's setup belongs.
func setupAt(run int32) BlockAt { return BlockAt{run, -1, -1} }

// Setup reports whether the block is a run's setup.
func (b BlockAt) Setup() bool { return b[1] < 0 && b[2] < 0 }

// Named reports whether the log names the block's pixel.
func (b BlockAt) Named() bool { return b[1] >= 0 }

// Index is where the blocks of a log stand. It keeps 2 to 16 bytes a piece; a
// Cursor reads them.
type Index struct {
	Size  int64
	Lines int64 // a last line without its newline included
	Runs  int   // how often the program printed its setup

	// Comma is set where the numbers of the log have a comma for a decimal mark.
	Comma bool

	states *textStates

	n      int
	chunks []packed
	open   []Piece // of the chunk that is not packed yet
}

// packed are pieces, each as its distance from the one before it, in numbers of
// varying length: that of the offset, doubled, and one more where its lines and keys
// go on as they did for the piece before. Steps that are alike take two bytes.
type packed struct {
	first int
	start Piece
	data  []byte
}

// chunkPieces is how many pieces are packed together.
const chunkPieces = 512

// Apply tells a reader of the log what was found out about it.
func (x *Index) Apply(opt *Options) { opt.Comma, opt.states = x.Comma, x.states }

// Len is how many pieces there are.
func (x *Index) Len() int { return x.n }

func (x *Index) add(p Piece) {
	x.n++
	x.open = append(x.open, p)
	if len(x.open) == chunkPieces {
		x.pack()
	}
}

// pack closes the chunk.
func (x *Index) pack() {
	if len(x.open) == 0 {
		return
	}
	c := packed{first: x.n - len(x.open), start: x.open[0]}
	before, stride := x.open[0], strideOf{}
	for _, p := range x.open[1:] {
		off, next := uint64(p.Off-before.Off)<<1, strideOf{line: p.Line - before.Line}
		for i := range p.At {
			next.at[i] = p.At[i] - before.At[i]
		}
		if next == stride {
			c.data = binary.AppendUvarint(c.data, off|1)
		} else {
			c.data = binary.AppendVarint(binary.AppendUvarint(c.data, off), next.line)
			for _, d := range next.at {
				c.data = binary.AppendVarint(c.data, int64(d))
			}
		}
		before, stride = p, next
	}
	c.data = append([]byte(nil), c.data...)
	x.chunks = append(x.chunks, c)
	x.open = x.open[:0]
}

// strideOf is how far one piece is behind another, but for its offset.
type strideOf struct {
	line int64
	at   BlockAt
}

func (c *packed) unpack(list []Piece, n int) []Piece {
	data := c.data
	at, stride := c.start, strideOf{}
	list = append(list, at)
	for range n - 1 {
		off, k := uint64(data[0]), 1
		if off >= 0x80 {
			off, k = binary.Uvarint(data)
		}
		data = data[k:]
		if off&1 == 0 {
			stride.line, k = binary.Varint(data)
			data = data[k:]
			for i := range stride.at {
				d, k := binary.Varint(data)
				stride.at[i], data = int32(d), data[k:]
			}
		}
		at.Off += int64(off >> 1)
		at.Line += stride.line
		at.At = BlockAt{at.At[0] + stride.at[0], at.At[1] + stride.at[1], at.At[2] + stride.at[2]}
		list = append(list, at)
	}
	return list
}

// unpack appends the pieces of chunk i.
func (x *Index) unpack(list []Piece, i int) []Piece {
	end := x.n
	if i+1 < len(x.chunks) {
		end = x.chunks[i+1].first
	}
	return x.chunks[i].unpack(list, end-x.chunks[i].first)
}

// Places lists where the pieces belong.
func (x *Index) Places() []BlockAt {
	out := make([]BlockAt, 0, x.n)
	var list []Piece
	for i := range x.chunks {
		list = x.unpack(list[:0], i)
		for k := range list {
			out = append(out, list[k].At)
		}
	}
	return out
}

// Straight tells whether the pieces of two logs belong at the same places, each of them
// behind the one before it.
func (x *Index) Straight(y *Index) bool {
	if x.n != y.n {
		return false
	}
	a, b := x.Cursor(), y.Cursor()
	var before BlockAt
	for i := range x.n {
		at := a.At(i).At
		if b.At(i).At != at || i > 0 && slices.Compare(at[:], before[:]) <= 0 {
			return false
		}
		before = at
	}
	return true
}

// Cursor reads pieces by their number; those that stand near each other cost
// least. It is for one goroutine.
type Cursor struct {
	x     *Index
	first int // piece of the chunk that is unpacked
	list  []Piece
}

// Cursor returns a new cursor.
func (x *Index) Cursor() *Cursor { return &Cursor{x: x} }

// At returns piece i.
func (c *Cursor) At(i int) Piece {
	if uint(i-c.first) >= uint(len(c.list)) {
		c.unpack(i)
	}
	return c.list[i-c.first]
}

// unpack unpacks the chunk of piece i.
func (c *Cursor) unpack(i int) {
	x := c.x
	chunk := sort.Search(len(x.chunks), func(k int) bool { return x.chunks[k].first > i }) - 1
	c.first, c.list = x.chunks[chunk].first, x.unpack(c.list[:0], chunk)
}

// End returns the offset behind piece i.
func (c *Cursor) End(i int) int64 {
	if i+1 < c.x.n {
		return c.At(i + 1).Off
	}
	return c.x.Size
}

// Cuts are pieces at which the log can be cut into parts of about so many bytes, the
// first and the count of all included.
func (x *Index) Cuts(size int64) []int {
	out, from := []int{0}, int64(0)
	cut := func(p *Piece, i int) {
		if p.Off-from >= size {
			out, from = append(out, i), p.Off
		}
	}
	var list []Piece
	for i := range x.chunks {
		c, end := &x.chunks[i], x.Size
		if i+1 < len(x.chunks) {
			end = x.chunks[i+1].start.Off
		}
		cut(&c.start, c.first)
		if end-from < size {
			continue // no piece of the chunk is so far
		}
		list = x.unpack(list[:0], i)
		for k := range list[1:] {
			cut(&list[1+k], c.first+1+k)
		}
	}
	return append(out, x.n)
}

// Coord returns where the records of a block are, as far as the block says it.
func (b BlockAt) Coord(s *schema.Schema) schema.Coord {
	c := schema.Nowhere
	if s != schema.NanoBragg() {
		c[0] = b[0]
		return c
	}
	c[schema.Run] = b[0]
	if b.Named() {
		c[schema.Slow], c[schema.Fast] = b[1], b[2]
	} else if b[2] > 0 {
		c[schema.Fast] = b[2]
	}
	return c
}
