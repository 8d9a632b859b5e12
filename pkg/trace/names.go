package trace

import "simtrace/pkg/trace/schema"

// name is a key as printed, looked up once a log.
type name struct {
	text               string
	id                 uint64     // differs between names; see names.identify
	block, phi, perSrc schema.Key // None where the schema has no such key
	scope              schema.Scope
	kind               schema.Kind
	known              bool // as a key of the setup and pixel blocks
	shape              *shape
}

// names interns keys and tags, so that a record of a long log costs no string.
type names struct {
	byText map[string]*name
	labels map[string]*name // of the notes
	cells  map[string]*name // of the tricubic neighbourhood, by "[i,j,k]"
	tags   map[string]*tag

	recent     [1024]*name // of byText, by hash
	recentTags [64]*tag    // of tags, by hash
	ids        uint64
}

func newNames() *names {
	return &names{
		byText: map[string]*name{}, labels: map[string]*name{},
		cells: map[string]*name{}, tags: map[string]*tag{},
	}
}

// What is longer than a name, or comes after that many of them, is garbage: it
// is not kept.
const (
	maxName  = 200
	maxNames = 1 << 16
)

func (n *names) get(text string) *name {
	at := &n.recent[hash(text)>>54]
	if e := *at; e != nil && e.text == text {
		return e
	}
	e, ok := n.byText[text]
	if !ok {
		e = newName(text)
		if !n.identify(e, len(n.byText)) {
			return e
		}
		n.byText[e.text] = e
	}
	*at = e
	return e
}

// label returns the name of a note, which is no key of the schema.
func (n *names) label(text string) *name {
	if e, ok := n.labels[text]; ok {
		return e
	}
	e := &name{text: text}
	if n.identify(e, len(n.labels)) {
		n.labels[e.text] = e
	}
	return e
}

// cell returns the name of one value of the tricubic neighbourhood.
func (n *names) cell(index string) *name {
	if e, ok := n.cells[index]; ok {
		return e
	}
	e := &name{text: schema.TricubicF.String() + index, block: schema.TricubicF}
	if n.identify(e, len(n.cells)) {
		n.cells[cloned(index)] = e
	}
	return e
}

// identify gives the name an id, and a text that lets go of the line that it
// is a part of. A name that is not kept, where there are held others already,
// is known by its hash; it answers false then.
func (n *names) identify(e *name, held int) bool {
	if len(e.text) > maxName || held >= maxNames {
		e.id = 1<<55 | longHash(e.text)>>9
		return false
	}
	n.ids++
	e.id, e.text = n.ids, cloned(e.text)
	return true
}

// tag returns what text, "TRACE" or "TRACE_…", is as a tag.
func (n *names) tag(text string) *tag {
	at := &n.recentTags[hash(text)>>58]
	if t := *at; t != nil && t.text == text {
		return t
	}
	t, ok := n.tags[text]
	if !ok {
		t = newTag(cloned(text))
		if len(text) > maxName || len(n.tags) == maxNames {
			return t
		}
		n.tags[t.text] = t
	}
	*at = t
	return t
}

// hash mixes length, beginning and end of a name.
func hash(s string) uint64 {
	const odd = 0x9e3779b97f4a7c15
	if n := len(s); n >= 8 {
		return (eight(s, 0)*odd ^ eight(s, n-8) ^ uint64(n)<<56) * odd
	}
	h := uint64(len(s))
	for i := range len(s) {
		h = h<<8 ^ uint64(s[i])
	}
	return h * odd
}

// longHash mixes all of a text (FNV-1a).
func longHash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
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
