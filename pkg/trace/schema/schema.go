// Package schema names the quantities that a nanoBragg trace prints: key, unit,
// shape, stage, parents in the causal graph and formula. It is a leaf: data
// that both the simulator (which records) and the comparator (which reads)
// share, so that neither has to know the other.
//
// The names are those that the C reference and its ports print, and stay as
// they are even where they mislead: scattering_vec_A_inv is in 1/m, and
// Unit says so.
package schema

// Key identifies a traced quantity. Keys are small consecutive integers, so
// that a tap can index by them; the zero Key is no quantity.
//
// Keys are numbered in causal order: every quantity comes after all of its
// parents. Comparing two keys therefore compares their rank in the graph.
type Key uint8

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
	Parents []Key  // what it is computed from
	Formula string // how, in the notation of the package documentation of sim
	Config  bool   // an input: it is chosen by the user, not computed
}

// Info describes the key; it panics for a key that does not exist.
func Info(k Key) *Quantity {
	if k == None || int(k) >= len(table) {
		panic("schema: no such key")
	}
	return &table[k]
}

// String returns the printed name.
func (k Key) String() string {
	if k == None || int(k) >= len(table) {
		return "?"
	}
	return table[k].Name
}

// All returns every quantity in causal order.
func All() []Quantity { return table[1:] }

// ByName returns the key that prints as name in the blocks of setup and pixel
// lines. Aliases count. The rows of the phi stream have their own keys, see
// PhiByName, and so have the per-source lines, see SourceByName.
func ByName(name string) (Key, bool) {
	k, ok := blockNames[name]
	return k, ok
}

// PhiByName returns the key of a column of a per-phi row.
func PhiByName(name string) (Key, bool) {
	k, ok := phiNames[name]
	return k, ok
}

// SourceByName returns the key of a per-source line.
func SourceByName(name string) (Key, bool) {
	k, ok := sourceNames[name]
	return k, ok
}

// Ancestors returns every quantity that k depends on, directly or not, in
// causal order.
func Ancestors(k Key) []Key {
	var seen [int(numKeys)]bool
	var visit func(Key)
	visit = func(k Key) {
		for _, p := range table[k].Parents {
			if !seen[p] {
				seen[p] = true
				visit(p)
			}
		}
	}
	visit(k)
	var out []Key
	for i, s := range seen {
		if s {
			out = append(out, Key(i))
		}
	}
	return out
}

var blockNames, phiNames, sourceNames = index()

func index() (block, phi, source map[string]Key) {
	block, phi, source = map[string]Key{}, map[string]Key{}, map[string]Key{}
	for i := range table {
		q := &table[i]
		if Key(i) == None {
			continue
		}
		into := block
		switch q.Scope {
		case PerPhi:
			into = phi
		case PerSource:
			into = source
		}
		for _, n := range append([]string{q.Name}, q.Aliases...) {
			if _, dup := into[n]; dup {
				panic("schema: two quantities print as " + n)
			}
			into[n] = Key(i)
		}
	}
	return block, phi, source
}
