package trace

import "simtrace/pkg/trace/schema"

// name is a key as printed, looked up once a log.
type name struct {
	text               string
	block, phi, perSrc schema.Key // None where the schema has no such key
	scope              schema.Scope
	kind               schema.Kind
	known              bool // as a key of the setup and pixel blocks
}

// names interns keys and tags, so that a record of a long log costs no string.
type names struct {
	byText map[string]*name
	cells  map[string]*name // of the tricubic neighbourhood, by "[i,j,k]"
	tags   map[string]*tag
}

func newNames() *names {
	return &names{byText: map[string]*name{}, cells: map[string]*name{}, tags: map[string]*tag{}}
}

// What is longer than a name, or comes after that many of them, is garbage: it
// is not kept.
const (
	maxName  = 200
	maxNames = 1 << 16
)

func (n *names) get(text string) *name {
	if e, ok := n.byText[text]; ok {
		return e
	}
	if len(text) > maxName || len(n.byText) == maxNames {
		return newName(text)
	}
	// The clone lets go of the line that text is a part of.
	e := newName(cloned(text))
	n.byText[e.text] = e
	return e
}

// cell returns the name of one value of the tricubic neighbourhood.
func (n *names) cell(index string) *name {
	if e, ok := n.cells[index]; ok {
		return e
	}
	e := &name{text: schema.TricubicF.String() + index, block: schema.TricubicF}
	if len(n.cells) == maxNames {
		return e
	}
	n.cells[cloned(index)] = e
	return e
}

func newName(text string) *name {
	e := &name{text: text}
	e.block, e.known = schema.ByName(text)
	e.phi, _ = schema.PhiByName(text)
	e.perSrc, _ = schema.SourceByName(text)
	if e.known {
		q := schema.Info(e.block)
		e.scope, e.kind = q.Scope, q.Kind
	}
	return e
}

// in returns the key that the name stands for in a stream.
func (e *name) in(s Stream) schema.Key {
	switch s {
	case SetupStream, PixelStream, TricubicStream:
		return e.block
	case PhiStream:
		return e.phi
	case SourceStream:
		return e.perSrc
	}
	return schema.None
}
