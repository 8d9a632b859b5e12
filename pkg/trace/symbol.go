package trace

import (
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
	coords  coords
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
	return &Names{Schema: s, symbols: map[symbolID]*Symbol{}, coords: coords{numbers: map[float64]int32{}, words: map[string]int32{}}}
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
