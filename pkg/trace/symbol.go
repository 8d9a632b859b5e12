package trace

import (
	"cmp"
	"strings"
	"sync"

	"simtrace/pkg/trace/schema"
)

// Symbol is a quantity on one kind of line. Two records are of the same quantity
// where their symbols are the same pointer: the logs of a comparison share one
// table of Names.
type Symbol struct {
	ID     int // dense, in no order that means anything
	Stream Stream
	Key    schema.Key
	Info   *schema.Quantity // nil for a quantity that the schema does not know
	Name   string           // as it is printed first
}

// Names interns what logs call their quantities. It may be used by several
// readers at once.
type Names struct {
	Schema *schema.Schema

	mu      sync.Mutex
	symbols map[symbolID]*Symbol
	list    []*Symbol
	values  map[string]int32 // of index keys, where they are no integers
	texts   []string         // of those, by number
}

// symbolID is what makes a quantity: its key, and its name where the key does
// not say it.
type symbolID struct {
	stream Stream
	key    schema.Key
	name   string
}

// NewNames returns an empty table for logs that s describes.
func NewNames(s *schema.Schema) *Names {
	return &Names{Schema: s, symbols: map[symbolID]*Symbol{}, values: map[string]int32{}}
}

// Symbols lists those that were met, by their ID.
func (n *Names) Symbols() []*Symbol {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.list[:len(n.list):len(n.list)]
}

// symbol returns the symbol of a key that prints as name.
func (n *Names) symbol(stream Stream, key schema.Key, name string) *Symbol {
	id := symbolID{stream: stream, key: key}
	info := n.Schema.Info(key)
	if info == nil || !printsAs(info, name) {
		id.name = name
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	s := n.symbols[id]
	if s == nil {
		name = strings.Clone(name)
		if id.name != "" {
			id.name = name
		}
		s = &Symbol{ID: len(n.list), Stream: stream, Key: key, Info: info, Name: name}
		n.symbols[id], n.list = s, append(n.list, s)
	}
	return s
}

// printsAs reports whether name is a name of q, and so says no more than q.
func printsAs(q *schema.Quantity, name string) bool {
	if q.Name == name {
		return true
	}
	for _, a := range q.Aliases {
		if a == name {
			return true
		}
	}
	return false
}

// wordBase is the first coordinate that stands for a text and not for itself.
const wordBase = 1 << 30

// coordOf returns the coordinate that the text of an index key is: the integer
// itself, or the number of the text.
func (n *Names) coordOf(text string) int32 {
	if v, ok := plainInt(text); ok && v < wordBase {
		return int32(v)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	c, ok := n.values[text]
	if !ok {
		c = int32(wordBase + len(n.texts))
		text = strings.Clone(text)
		n.values[text], n.texts = c, append(n.texts, text)
	}
	return c
}

// CoordText returns what the log prints for a coordinate that is no integer;
// ok is false for one that is.
func (n *Names) CoordText(c int32) (text string, ok bool) {
	if c < wordBase {
		return "", false
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.texts[c-wordBase], true
}

// plainInt reads an integer of at least 0 without a leading zero.
func plainInt(s string) (v int64, ok bool) {
	if s == "" || len(s) > 18 || s[0] == '0' && len(s) > 1 {
		return 0, false
	}
	for i := range len(s) {
		d := s[i] - '0'
		if d > 9 {
			return 0, false
		}
		v = v*10 + int64(d)
	}
	return v, true
}

// CompareCoords orders two coordinates of at least 0: numbers by their size, and
// before all words.
func (n *Names) CompareCoords(a, b int32) int {
	x, wordX := n.CoordText(a)
	y, wordY := n.CoordText(b)
	p, q := float64(a), float64(b)
	okX, okY := true, true
	if wordX {
		p, okX = parseFloat(x)
	}
	if wordY {
		q, okY = parseFloat(y)
	}
	switch {
	case okX && okY:
		return cmp.Or(cmp.Compare(p, q), cmp.Compare(x, y))
	case okX:
		return -1
	case okY:
		return 1
	}
	return cmp.Compare(x, y)
}
