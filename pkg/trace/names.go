package trace

import (
	"strings"

	"simtrace/pkg/trace/schema"
)

// name is a key as printed, looked up once a reader.
type name struct {
	text               string
	block, phi, perSrc schema.Key            // None where the schema has no such key
	info               *schema.Quantity      // of block
	kinds              [NoteStream + 1]*Kind // of the records read last
	cell               bool                  // of the tricubic neighbourhood
	shape              *shape                // of its line in a pixel's block
}

// names is one reader's way into the Names, so that a record of a long log costs
// no lock and no string.
type names struct {
	all     *Names
	rename  map[string]string // new names by old ones
	renamed map[string]bool   // old names that were met

	byText map[string]*name
	labels map[string]*name // of the notes
	cells  map[string]*name // of the tricubic neighbourhood, by "[i,j,k]"
	tags   map[string]*tag
	shapes map[string]*scanShape // of lines, by their beginning

	slab []Kind         // room for some
	like map[Kind]*Kind // see kindOf

	recent     [1024]*name // of byText, by hash
	recentTags [64]*tag    // of tags, by hash
}

func newNames(all *Names, rename map[string]string) *names {
	return &names{
		all: all, rename: rename, renamed: map[string]bool{},
		byText: map[string]*name{}, labels: map[string]*name{},
		cells: map[string]*name{}, tags: map[string]*tag{}, shapes: map[string]*scanShape{}, like: map[Kind]*Kind{},
	}
}

// maxNames is how many names of a kind a reader remembers; those beyond it are
// looked up each time.
const maxNames = 1 << 18

func (n *names) get(text string) *name {
	at := &n.recent[hash(text)>>54]
	if e := *at; e != nil && e.text == text {
		return e
	}
	e, ok := n.byText[text]
	if !ok {
		text = strings.Clone(text)
		e = n.newName(text)
		if len(n.byText) == maxNames {
			return e
		}
		n.byText[text] = e
	}
	if e.text == text {
		*at = e
	}
	return e
}

// renamedTo is the new name of what a log prints under a name, or that name, and
// notes what was renamed.
func (n *names) renamedTo(text string) string {
	to, ok := n.rename[text]
	if !ok {
		return text
	}
	n.renamed[text] = true
	return to
}

// newName looks up text, under its new name where it has one.
func (n *names) newName(text string) *name {
	text = n.renamedTo(text)
	s := n.all.Schema
	e := &name{text: text}
	e.block, _ = s.Find(schema.BlockLines, text)
	e.phi, _ = s.Find(schema.PhiLines, text)
	e.perSrc, _ = s.Find(schema.SourceLines, text)
	e.info = s.Info(e.block)
	return e
}

// label returns the name of a note, which is no key of the schema.
func (n *names) label(text string) *name {
	if e, ok := n.labels[text]; ok {
		return e
	}
	text = strings.Clone(text)
	e := &name{text: n.renamedTo(text)}
	if len(n.labels) < maxNames {
		n.labels[text] = e
	}
	return e
}

// cell returns the name of one value of the tricubic neighbourhood.
func (n *names) cell(index string) *name {
	if e, ok := n.cells[index]; ok {
		return e
	}
	k, _ := n.all.Schema.Find(schema.BlockLines, tricubicName)
	e := &name{text: tricubicName + index, block: k, info: n.all.Schema.Info(k), cell: true}
	if len(n.cells) < maxNames {
		n.cells[strings.Clone(index)] = e
	}
	return e
}

// tricubicName is the quantity of the neighbourhood's values.
const tricubicName = "tricubic_F"

// tag returns what text, "TRACE" or "TRACE_…", is as a tag.
func (n *names) tag(text string) *tag {
	at := &n.recentTags[hash(text)>>58]
	if t := *at; t != nil && t.text == text {
		return t
	}
	t, ok := n.tags[text]
	if !ok {
		t = newTag(strings.Clone(text))
		if len(n.tags) == maxNames {
			return t
		}
		n.tags[t.text] = t
	}
	*at = t
	return t
}

// kind returns that of records of the name on lines of a tag, in a file.
func (n *names) kind(e *name, s Stream, tag, file string) *Kind {
	k := e.kinds[s]
	if k != nil && k.Tag == tag && k.File == file {
		return k
	}
	if len(n.slab) == 0 {
		n.slab = make([]Kind, 64)
	}
	to := &n.slab[0]
	n.slab = n.slab[1:]
	*to = Kind{File: file, Tag: tag, Stream: s, Key: e.in(s), Name: e.text}
	if k != nil {
		to.Symbol = k.Symbol
	} else {
		to.Symbol = n.all.symbol(s, to.Key, e.text)
	}
	e.kinds[s] = to
	return to
}

// kindOf returns the kind of records that are like those of another one, but for the file
// and the line of the program.
func (n *names) kindOf(k *Kind, file, source string) *Kind {
	if k.File == file && k.Source == source {
		return k
	}
	like := *k
	like.File, like.Source = file, source
	to := n.like[like]
	if to == nil {
		if len(n.like) == maxNames {
			clear(n.like)
		}
		to = &like
		n.like[like] = to
	}
	return to
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

// known tells a quantity of the setup or of a pixel's block.
func (e *name) known() bool { return e.info != nil }

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
