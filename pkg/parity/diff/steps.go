package diff

import (
	"cmp"
	"slices"

	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// steps find what rows are computed from in a log whose index counts steps: other
// rows of the same step, and of the one before. Places of the index that are
// independent of each other (cells, ranks) have to agree.
type steps struct {
	names *trace.Names
	time  [schema.MaxIndex]bool // index keys that are sequential
	exact map[placed][]*Row
	loose map[schema.Key]bool // some row does not tell its place in full
	cells map[placed][]*Row   // by place without time
	done  map[placed]bool     // those are sorted by time
}

// placed is what rows are looked up by.
type placed struct {
	key schema.Key
	at  schema.Coord
}

func newSteps(names *trace.Names) *steps {
	s := &steps{names: names, exact: map[placed][]*Row{}, loose: map[schema.Key]bool{}, cells: map[placed][]*Row{}, done: map[placed]bool{}}
	for i, k := range names.Schema.Index {
		s.time[i] = k.Order == schema.Sequential
	}
	return s
}

func (s *steps) add(k schema.Key, r *Row) {
	depth := s.names.Schema.Info(k).Depth
	if !tells(r.At, depth) {
		s.loose[k] = true
	}
	at := upTo(r.At, depth)
	s.exact[placed{k, at}] = append(s.exact[placed{k, at}], r)
	cell := placed{k, s.timeless(at)}
	s.cells[cell] = append(s.cells[cell], r)
	s.done[cell] = false
}

// tells reports whether the outer keys of a place are known.
func tells(at schema.Coord, depth int) bool {
	for _, v := range at[:depth] {
		if v < 0 {
			return false
		}
	}
	return true
}

// upTo is the outer part of a place.
func upTo(at schema.Coord, depth int) schema.Coord {
	for i := depth; i < len(at); i++ {
		at[i] = -1
	}
	return at
}

// timeless is a place without the keys that count steps.
func (s *steps) timeless(at schema.Coord) schema.Coord {
	for i := range at {
		if s.time[i] {
			at[i] = -1
		}
	}
	return at
}

// same are the rows of a quantity at the row's own place; false where they have to
// be looked for, because the row is a sum of several or some row does not tell its
// place.
func (s *steps) same(q *schema.Quantity, row *Row) ([]*Row, bool) {
	if s.loose[q.Key] || !tells(row.At, q.Depth) {
		return nil, false
	}
	return s.exact[placed{q.Key, upTo(row.At, q.Depth)}], true
}

// sameStep tells whether up belongs to the evaluation of row: the coordinates that
// both know agree, and up is not what the log printed before its first step.
func (s *steps) sameStep(up, row *Row) bool {
	depth := s.names.Schema.Info(up.Key).Depth
	for i := range up.At {
		a, b := up.At[i], row.At[i]
		if a >= 0 && b >= 0 && a != b || s.time[i] && i < depth && a < 0 && b >= 0 {
			return false
		}
	}
	return true
}

// before are the rows of q at the last step before the row's, all being the rows
// of q. A quantity of the whole run has no step before.
func (s *steps) before(q *schema.Quantity, row *Row, all []*Row) []*Row {
	depth := min(q.Depth, row.Info.Depth)
	if !slices.Contains(s.time[:depth], true) || !tells(row.At, depth) {
		return nil
	}
	if q.Depth <= row.Info.Depth {
		list := s.cell(placed{q.Key, s.timeless(upTo(row.At, q.Depth))})
		to, _ := slices.BinarySearchFunc(list, row, func(x, y *Row) int { return s.compare(x.At, y.At, depth) })
		from := max(0, to-1)
		for from > 0 && s.compare(list[from-1].At, list[from].At, schema.MaxIndex) == 0 {
			from--
		}
		return list[from:to]
	}
	// A sum is computed from all places of the step before.
	var out []*Row
	for _, r := range all {
		if s.compare(r.At, row.At, depth) >= 0 || !s.agree(r.At, row.At) {
			continue
		}
		c := 0
		if len(out) > 0 {
			c = s.compare(r.At, out[0].At, schema.MaxIndex)
		}
		if c > 0 {
			out = out[:0]
		}
		if c >= 0 {
			out = append(out, r)
		}
	}
	return out
}

// cell are the rows of a quantity at one place in the order of time.
func (s *steps) cell(at placed) []*Row {
	list := s.cells[at]
	if !s.done[at] {
		slices.SortStableFunc(list, func(x, y *Row) int { return s.compare(x.At, y.At, schema.MaxIndex) })
		s.done[at] = true
	}
	return list
}

// compare orders two places in time, by the outer keys of the index; what was
// printed before the first step comes first.
func (s *steps) compare(a, b schema.Coord, depth int) int {
	for i := range a[:depth] {
		if !s.time[i] || a[i] == b[i] {
			continue
		}
		if a[i] < 0 || b[i] < 0 {
			return cmp.Compare(a[i], b[i])
		}
		if c := s.names.CompareCoords(a[i], b[i]); c != 0 {
			return c
		}
	}
	return 0
}

// agree tells whether two places are the same but for the time.
func (s *steps) agree(a, b schema.Coord) bool {
	for i := range a {
		if !s.time[i] && a[i] >= 0 && b[i] >= 0 && a[i] != b[i] {
			return false
		}
	}
	return true
}
