package bisect

import (
	"fmt"
	"strings"

	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// Axis is a loop of the simulation, or a key of another program's index.
type Axis string

// The axes of nanoBragg, in the order in which the report shows them.
const (
	PhiAxis    Axis = "phi"
	SubAxis    Axis = "subpixel"
	SourceAxis Axis = "source"
	DomainAxis Axis = "domain"
)

// loops are the axes of a schema.
type loops struct {
	names *trace.Names
	// numbers is set where all coordinates are integers.
	numbers bool
	axes    []Axis
	at      []int // where they stand in a coordinate
	order   []int // the positions by which evaluations follow each other
	// counts number the values of a key that are no integers, such as times, in the
	// order in which they come.
	counts []map[int32]int
	// first is the value of each coordinate that came first, and several tells where
	// others came after it: a place names no loop that was gone through once.
	first   schema.Coord
	several [len(schema.Coord{})]bool
}

func loopsOf(names *trace.Names) *loops {
	l := &loops{names: names, numbers: names.Schema == schema.NanoBragg(), first: schema.Nowhere}
	if l.numbers {
		l.axes = []Axis{PhiAxis, SubAxis, SourceAxis, DomainAxis}
		l.at = []int{schema.Phi, schema.Sub, schema.Source, schema.Domain}
		l.order = []int{schema.Run, schema.Slow, schema.Fast, schema.Layer, schema.Sub, schema.Source, schema.Phi, schema.Domain}
	} else {
		for i, k := range names.Schema.Index {
			l.axes, l.at, l.order = append(l.axes, Axis(k.Name)), append(l.at, i), append(l.order, i)
		}
	}
	l.counts = make([]map[int32]int, len(l.axes))
	return l
}

// along is the coordinate on an axis, -1 where it has none.
func (l *loops) along(axis int, w schema.Coord) int {
	c := w[l.at[axis]]
	switch {
	case c < 0:
		return -1
	case l.numbers:
		return int(c)
	}
	if _, word := l.names.CoordText(c); !word {
		return int(c)
	}
	if l.counts[axis] == nil {
		l.counts[axis] = map[int32]int{}
	}
	n, ok := l.counts[axis][c]
	if !ok {
		n = len(l.counts[axis])
		l.counts[axis][c] = n
	}
	return n
}

// note takes down where a row stands.
func (l *loops) note(w schema.Coord) {
	for i, c := range w {
		if l.first[i] < 0 {
			l.first[i] = c
		} else if c >= 0 && c != l.first[i] {
			l.several[i] = true
		}
	}
}

// name is what an axis is called: where its values are counted, that is said.
func (l *loops) name(axis int) Axis {
	if l.counts[axis] != nil {
		return l.axes[axis] + " (counted from 0)"
	}
	return l.axes[axis]
}

// earlier reports whether evaluation a comes before b in the reference's loops.
func (l *loops) earlier(a, b schema.Coord) bool {
	for _, i := range l.order {
		switch {
		case a[i] == b[i]:
		case a[i] < 0 || b[i] < 0:
			return a[i] < b[i]
		default:
			return l.names.CompareCoords(a[i], b[i]) < 0
		}
	}
	return false
}

// place names an evaluation by its loops.
func (l *loops) place(w schema.Coord) string {
	var out []string
	add := func(name string, c int32) {
		if c < 0 {
			return
		}
		text, word := l.names.CoordText(c)
		if !word {
			text = fmt.Sprint(c)
		}
		out = append(out, name+" "+text)
	}
	if !l.numbers {
		for i, a := range l.axes {
			add(string(a), w[l.at[i]])
		}
	} else {
		if w[schema.Slow] >= 0 {
			out = append(out, fmt.Sprintf("pixel %d %d", w[schema.Slow], w[schema.Fast]))
		}
		for _, loop := range []struct {
			name string
			at   int
		}{{"layer", schema.Layer}, {"subpixel", schema.Sub}, {"source", schema.Source}, {"phi step", schema.Phi}, {"domain", schema.Domain}} {
			if l.several[loop.at] || loop.at == schema.Phi {
				add(loop.name, w[loop.at])
			}
		}
	}
	if len(out) == 0 {
		return "no step"
	}
	return strings.Join(out, ", ")
}

// nanoBragg are the coordinates of nanoBragg's loops, -1 for other programs.
func (l *loops) nanoBragg(w schema.Coord) schema.Coord {
	if !l.numbers {
		return schema.Nowhere
	}
	return w
}
