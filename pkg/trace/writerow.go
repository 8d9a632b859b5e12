package trace

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"simtrace/pkg/trace/schema"
)

// row gathers the columns of "TRACE_C_PHI phi_tic=0 phi_deg=0 …".
type row struct {
	open   bool
	stream Stream
	tag    string
	at     schema.Coord
	occur  int
	names  []string
}

// takes tells whether a record is one more column of the open row.
func (w *row) takes(s Stream, tag string, at *schema.Coord, occur int, name string) bool {
	if !w.open || s != w.stream || *at != w.at || tag != w.tag || occur != w.occur {
		return false
	}
	return !slices.Contains(w.names, name)
}

// inRow makes a record one more column, and opens a row where none is.
func (t *textWriter) inRow(s Stream, tag string, at *schema.Coord, occur int, name string) {
	w := &t.row
	if !w.open {
		*w = row{open: true, stream: s, tag: tag, at: *at, occur: occur, names: w.names[:0]}
		t.out.b = append(t.appendRowTag(t.out.b, s, tag), " phi_tic="...)
		t.out.b = strconv.AppendInt(t.out.b, int64(at[schema.Phi]), 10)
	}
	w.names = append(w.names, name)
}

// column writes a record into the row.
func (t *textWriter) column(r *Record) {
	t.inRow(r.Stream, r.Tag, &r.At, r.Occur, r.Name)
	b := append(t.out.b, ' ')
	b = append(append(b, r.Name...), '=')
	t.out.b = appendValues(b, r)
}

func (t *textWriter) appendRowTag(b []byte, s Stream, tag string) []byte {
	if s == PhiStream {
		return append(append(b, t.prefix...), "_PHI"...)
	}
	tag = t.tag(tag, t.prefix+"_TAP")
	b = append(b, tag...)
	if newTag(tag).colonless() {
		return b
	}
	return append(b, ':')
}

func (t *textWriter) endRow() {
	if t.row.open {
		t.row.open = false
		t.out.b = append(t.out.b, '\n')
	}
}

// grid gathers the neighbourhood of an interpolation. Ports print the 64
// structure factors first and their indices behind; records may come in any
// order.
type grid struct {
	open   bool
	at     schema.Coord
	occur  int
	names  []string
	cells  []byte // finished lines
	coords [3][]byte
}

// takes tells whether the record belongs to the open neighbourhood.
func (g *grid) takes(r *Record) bool {
	if !g.open || r.Stream != TricubicStream || r.At != g.at || r.Occur != g.occur {
		return false
	}
	return !slices.Contains(g.names, r.Name)
}

// neighbour adds a record to the neighbourhood, and opens one where none is.
func (t *textWriter) neighbour(r *Record) {
	g := &t.grid
	if !g.open {
		*g = grid{open: true, at: r.At, occur: r.Occur, names: g.names[:0], cells: g.cells[:0]}
	}
	g.names = append(g.names, r.Name)
	if axis, ok := axisOf(r.Name); ok {
		g.coords[axis] = appendCoords(nil, r)
		return
	}
	for i := range cells(r) {
		c := cellOf(r, i)
		g.cells = append(g.cells, t.prefix...)
		g.cells = append(g.cells, "_TRICUBIC: "...)
		g.cells = append(g.cells, strings.TrimPrefix(c.Name, schema.TricubicF.String())...)
		g.cells = append(g.cells, '=')
		g.cells = appendValues(g.cells, &c)
		g.cells = append(g.cells, '\n')
	}
}

func axisOf(name string) (int, bool) {
	for i, k := range []schema.Key{schema.TricubicH, schema.TricubicK, schema.TricubicL} {
		if name == k.String() {
			return i, true
		}
	}
	return 0, false
}

// cells returns how many values of the neighbourhood the record holds: the
// simulator gives all 64 in one, i slowest and k fastest.
func cells(r *Record) int {
	if r.Name == schema.TricubicF.String() {
		return len(r.Values)
	}
	return 1
}

// cellOf returns value i of the neighbourhood as a record of its own, the way
// readers give it.
func cellOf(r *Record, i int) Record {
	c := *r
	if r.Name != schema.TricubicF.String() {
		return c
	}
	k := *r.Kind
	k.Name += "[" + strconv.Itoa(i/16) + "," + strconv.Itoa(i/4%4) + "," + strconv.Itoa(i%4) + "]"
	c.Kind = &k
	c.Values = r.Values[i : i+1]
	return c
}

// appendCoords writes a list of floats as Python does: "[-8.0, -7.0]".
func appendCoords(b []byte, r *Record) []byte {
	if len(r.Values) == 0 {
		return append(b, r.Text...)
	}
	b = append(b, '[')
	for i := range r.Values {
		if i > 0 {
			b = append(b, ", "...)
		}
		if v := &r.Values[i]; v.Text != "" {
			b = append(b, v.Text...)
		} else {
			b = append(b, pythonFloat(v.Num)...)
		}
	}
	return append(b, ']')
}

// pythonFloat is repr(v): the shortest digits that give v back, with ".0"
// behind a whole number.
func pythonFloat(v float64) string {
	s := strconv.FormatFloat(v, 'g', -1, 64)
	switch a := math.Abs(v); {
	case math.IsNaN(v):
		return "nan"
	case math.IsInf(v, 0):
		return FormatFloat(v)
	case a != 0 && (a < 1e-4 || a >= 1e16):
		return s
	}
	s = strconv.FormatFloat(v, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

// endGrid writes the gathered neighbourhood.
func (t *textWriter) endGrid() {
	g := &t.grid
	if !g.open {
		return
	}
	g.open = false
	b := t.out.b
	if len(g.cells) > 0 {
		b = append(b, t.prefix+"_TRICUBIC_GRID_START\n"...)
		b = append(b, g.cells...)
		b = append(b, t.prefix+"_TRICUBIC_GRID_END\n"...)
	}
	for i, c := range g.coords {
		if c != nil {
			b = append(b, t.prefix+"_TRICUBIC_"+"HKL"[i:i+1]+"_COORDS: "...)
			b = append(append(b, c...), '\n')
		}
	}
	t.out.b = b
}
