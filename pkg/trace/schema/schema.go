// Package schema describes the quantities that a program prints: name, unit,
// shape, parents in the causal graph, formula, and which of them are results.
// A Schema is a value: NanoBragg is one of them, a user's YAML file another.
// The package is a leaf, data that both the simulator (which records) and the
// comparator (which reads) share, so that neither has to know the other.
//
// The names of NanoBragg are those that the C reference and its ports print,
// and stay as they are even where they mislead: scattering_vec_A_inv is in 1/m,
// and Unit says so.
package schema

import (
	"fmt"
	"maps"
	"slices"
)

// Key identifies a quantity of a Schema. Keys are small consecutive integers, so
// that a tap can index by them; the zero Key is no quantity.
//
// Keys are numbered in causal order: every quantity comes after all of its
// parents. Comparing two keys therefore compares their rank in the graph.
type Key uint16

// Kind is the shape of a quantity.
type Kind uint8

// The shapes that traces print.
const (
	Scalar Kind = iota // one float
	Int                // one integer, compared exactly
	Vec3               // three floats, compared by norm
	Int3               // three integers, compared exactly
	Mat3               // nine floats, rows first
	Fields             // named floats, "rotx:0 roty:0"
	Text               // words
	List               // any number of floats
)

// Components is how many numbers a quantity of the shape has; 0 for any.
func (k Kind) Components() int {
	switch k {
	case Scalar, Int:
		return 1
	case Vec3, Int3:
		return 3
	case Mat3:
		return 9
	}
	return 0
}

// Stage is a step of the calculation, from the detector's origin to the
// scaled intensity.
type Stage uint8

// The stages in the order in which a pixel passes them.
const (
	Setup Stage = iota
	Origin
	Position
	SolidAngle
	Scattering
	Crystal
	Orientation
	Miller
	Lattice
	StructureFactor
	Sum
	Scale
)

var stageNames = [...]string{
	"setup", "origin", "position", "solid-angle", "scattering", "crystal",
	"orientation", "miller", "lattice", "structure-factor", "sum", "scale",
}

// String returns the name that --stages takes.
func (s Stage) String() string { return stageNames[s] }

// Stages lists all stages in calculation order.
func Stages() []Stage {
	all := make([]Stage, len(stageNames))
	for i := range all {
		all[i] = Stage(i)
	}
	return all
}

// StageByName returns the stage with the given name.
func StageByName(name string) (Stage, bool) {
	for i, n := range stageNames {
		if n == name {
			return Stage(i), true
		}
	}
	return 0, false
}

// Scope says how often a quantity is printed.
type Scope uint8

const (
	// PerRun quantities are printed once, before any pixel.
	PerRun Scope = iota
	// PerSample quantities are printed once a detector layer and subpixel.
	PerSample
	// PerStep quantities belong to one phi step and mosaic domain; traces
	// print those of step 0 and domain 0 in the pixel block.
	PerStep
	// PerPhi quantities stand in the rows of the phi stream (TRACE_C_PHI).
	PerPhi
	// PerSource quantities stand in the SOURCE stream.
	PerSource
	// PerPixel quantities are printed once a pixel, after all samples.
	PerPixel
)

// Lines is the kind of line that prints a quantity: the same name may stand for
// different quantities in different kinds.
type Lines uint8

const (
	// BlockLines are the lines of the setup and of a pixel, one quantity each.
	BlockLines Lines = iota
	// PhiLines are rows of columns, one row a phi step.
	PhiLines
	// SourceLines are lines of one source of several.
	SourceLines
	numLines
)

// Programs is a set of programs, by the dialect in which they print.
type Programs uint8

const (
	// ProgramC is the C reference, TRACE_C.
	ProgramC Programs = 1 << iota
	// ProgramPy is the PyTorch port, TRACE_PY.
	ProgramPy
)

// Condition says when a program prints a quantity at all.
type Condition uint8

const (
	// Always is for what every block has.
	Always Condition = iota
	// SquareOnly is for what is printed of the SQUARE lattice shape alone.
	SquareOnly
	// NotCut is for what is printed unless -dmin cuts the sample, or the lattice
	// factor is 0.
	NotCut
)

// Quantity describes one traced quantity.
type Quantity struct {
	Key     Key
	Name    string   // as the reference prints it
	Aliases []string // other names for exactly the same thing
	Same    []Key    // keys of other dialects that stand in for it where it is absent, best first
	Unit    string   // the true unit, "" where it has none
	Kind    Kind
	Stage   Stage
	Scope   Scope
	Parents []Key // what it is computed from
	// Previous is what it is computed from at the step before, of the sequential
	// index: feedback, which may go in circles.
	Previous []Key
	How      string   // how, in the notation of the package documentation of sim
	Formula  *Formula // the same as code; nil where it cannot be recomputed from what is printed
	Config   bool     // an input: it is chosen by the user, not computed
	Result   bool     // what the calculation is for; see Schema.Results
	Minor    bool     // it follows from a setting or two, and tells nothing alone
	Kept     bool     // it may be that of the pixel's first sample, at every sample
	Locates  bool     // it says where its sample lies, so that samples can be told apart

	// PrintedBy are the programs that print it in every block, as far as When
	// holds; a block of theirs without it has lost a line.
	PrintedBy Programs
	When      Condition

	Any   bool  // any numbers are taken: Kind says nothing
	Mixed bool  // a vector whose components need not be of one scale
	Rule  *Rule // the tolerance; nil where that of all quantities holds
	// Depth is how many of the index keys place it, the outermost first: a sum
	// over the inner ones belongs to the outer place, wherever it is printed.
	Depth int
}

// Formula recomputes a quantity from others that the same log prints.
type Formula struct {
	Inputs   []Key    // printed quantities of the same evaluation
	Previous []Key    // printed quantities of the step before; they follow the inputs
	Settings []string // numbers that the program tells of its settings, see trace.Settings
	// Text is the formula as a schema file writes it. What a user wrote is
	// believed only where a log bears it out.
	Text string
	// Eval returns the components from the inputs' components and the settings;
	// false where it cannot be computed from them.
	Eval func(in [][]float64, settings []float64, out []float64) ([]float64, bool)
	// Scale is what an error of a component is held against, where that is not
	// the value itself; nil for the value.
	Scale func(in [][]float64) float64
}

// Order says whether one step of an index feeds into the next.
type Order uint8

const (
	// Independent steps do not know each other: pixels, phi steps.
	Independent Order = iota
	// Sequential steps follow from those before: time steps, iterations.
	Sequential
)

// IndexKey is one key of a schema's index.
type IndexKey struct {
	Name  string
	Order Order
}

// Schema describes the quantities of a program, in causal order.
type Schema struct {
	Name     string
	Prefixes []string        // what a trace line may begin with; none: any line
	Index    []IndexKey      // outermost first
	Free     bool            // of a program of which nothing is known: its quantities are what it prints
	Varies   map[string]bool // of a Free one: times of the clock, which differ on every run

	list  []Quantity // by key; the first is none
	names [numLines]map[string]Key
	up    [][]Key // ancestors by key, in causal order
}

// New returns the schema of the quantities, which are in causal order; their
// keys are set here, from 1. The error names a quantity whose parents do not
// come before it, or a name that stands for two.
func New(name string, index []IndexKey, quantities []Quantity) (*Schema, error) {
	s := &Schema{Name: name, Index: index, list: append([]Quantity{{}}, quantities...)}
	for i := range s.names {
		s.names[i] = map[string]Key{}
	}
	s.up = make([][]Key, len(s.list))
	above := make([]bool, len(s.list))
	for i := 1; i < len(s.list); i++ {
		q := &s.list[i]
		q.Key = Key(i)
		for _, n := range append([]string{q.Name}, q.Aliases...) {
			if _, dup := s.names[q.Lines()][n]; dup {
				return nil, fmt.Errorf("schema: two quantities print as %s", n)
			}
			s.names[q.Lines()][n] = q.Key
		}
		clear(above)
		for _, p := range q.Parents {
			if p == None || p >= q.Key {
				return nil, fmt.Errorf("schema: %s comes before its parent", q.Name)
			}
			above[p] = true
			for _, a := range s.up[p] {
				above[a] = true
			}
		}
		for _, p := range q.Previous {
			if p == None || int(p) >= len(s.list) {
				return nil, fmt.Errorf("schema: %s has a parent at the step before that does not exist", q.Name)
			}
		}
		for k, yes := range above {
			if yes {
				s.up[i] = append(s.up[i], Key(k))
			}
		}
	}
	return s, nil
}

// Time is the depth of the outermost sequential key of the index, the one that
// counts time; -1 where nothing does.
func (s *Schema) Time() int {
	return slices.IndexFunc(s.Index, func(k IndexKey) bool { return k.Order == Sequential })
}

// Lines tells the kind of line that prints the quantity.
func (q *Quantity) Lines() Lines {
	switch q.Scope {
	case PerPhi:
		return PhiLines
	case PerSource:
		return SourceLines
	}
	return BlockLines
}

// Count is the number of quantities, None included: keys are below it.
func (s *Schema) Count() int { return len(s.list) }

// Info describes the key; nil for None.
func (s *Schema) Info(k Key) *Quantity {
	if k == None {
		return nil
	}
	return &s.list[k]
}

// All returns every quantity in causal order.
func (s *Schema) All() []Quantity { return s.list[1:] }

// Find returns the key that prints as name in a kind of line; aliases count.
func (s *Schema) Find(l Lines, name string) (Key, bool) {
	k, ok := s.names[l][name]
	return k, ok
}

// Named returns the keys that print as name, in any kind of line.
func (s *Schema) Named(name string) []Key {
	var out []Key
	for l := range numLines {
		if k, ok := s.names[l][name]; ok {
			out = append(out, k)
		}
	}
	return out
}

// Ancestors returns every quantity that k depends on, directly or not, in
// causal order.
func (s *Schema) Ancestors(k Key) []Key { return s.up[k] }

// Sources returns every quantity that k depends on at its own or an earlier step,
// directly or not, in causal order; with feedback, k may be one of them.
func (s *Schema) Sources(k Key) []Key {
	seen := map[Key]bool{}
	var up func(Key)
	up = func(k Key) {
		for _, list := range [2][]Key{s.list[k].Parents, s.list[k].Previous} {
			for _, p := range list {
				if !seen[p] {
					seen[p] = true
					up(p)
				}
			}
		}
	}
	up(k)
	return slices.Sorted(maps.Keys(seen))
}

// Feedback tells whether some quantity is computed from what was printed a step
// before.
func (s *Schema) Feedback() bool {
	return slices.ContainsFunc(s.All(), func(q Quantity) bool { return len(q.Previous) > 0 })
}

// Related tells whether the schema says what is computed from what, or how.
func (s *Schema) Related() bool {
	return slices.ContainsFunc(s.All(), func(q Quantity) bool { return len(q.Parents)+len(q.Previous) > 0 || q.Formula != nil })
}

// Results lists what the calculation is for: the quantities that are said to be
// results; without any, those that are nobody's parent within a step, as far as
// some have parents; else all.
func (s *Schema) Results() []Key {
	var said, last, all []Key
	parent, related := map[Key]bool{}, s.Related()
	for i := range s.All() {
		for _, p := range s.All()[i].Parents {
			parent[p] = true
		}
	}
	for i := range s.All() {
		q := &s.All()[i]
		all = append(all, q.Key)
		if q.Result {
			said = append(said, q.Key)
		}
		if !parent[q.Key] {
			last = append(last, q.Key)
		}
	}
	switch {
	case len(said) > 0:
		return said
	case related:
		return last
	}
	return all
}

// SameAs reports whether one of the quantities stands in for the other where a
// dialect lacks it, and how well: 0 is best.
func (s *Schema) SameAs(a, b Key) (rank int, ok bool) {
	if a == None || b == None {
		return 0, false
	}
	rank = -1
	for _, pair := range [2][2]Key{{a, b}, {b, a}} {
		if i := slices.Index(s.list[pair[0]].Same, pair[1]); i >= 0 && (rank < 0 || i < rank) {
			rank = i
		}
	}
	return rank, rank >= 0
}
