package nanobragg

import (
	"errors"
	"fmt"
	"math"
	"sort"
	"strconv"
	"strings"

	"simtrace/pkg/sim"
)

// Flag is one of nanoBragg's command-line options.
type Flag struct {
	Name    string   // with its dash
	Aliases []string // other full spellings
	Args    int      // number of values; for variable ones the most
	Min     int      // the least, where it varies
	Unit    string
	Group   string
	Help    string
	// Sets names the settings that the flag writes. A setting that two flags
	// write is how one can undo the other.
	Sets []string
	// Input says that the value names a file that is read; other flags of unit "file" name
	// one that is written.
	Input bool

	pattern string // C matches arguments that contain this
	length  int    // and, where not zero, have this length
	apply   func(b *Builder, v []value) error
}

// Arg is a flag as it stood on a command line or in a file.
type Arg struct {
	Name   string // as typed
	Values []string
	Origin string // "command line", "case.yaml:12", "preset supervisor"
}

// value is one value of an Arg.
type value string

func (v value) float() (float64, error) {
	f, err := strconv.ParseFloat(string(v), 64)
	if err != nil {
		return 0, fmt.Errorf("%q is not a number", string(v))
	}
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return 0, fmt.Errorf("%q is not a finite number", string(v))
	}
	return f, nil
}

func (v value) int() (int, error) {
	n, err := strconv.ParseInt(string(v), 10, 32)
	if errors.Is(err, strconv.ErrRange) {
		return 0, fmt.Errorf("%q does not fit into 32 bits", string(v))
	}
	if err != nil {
		return 0, fmt.Errorf("%q is not a whole number", string(v))
	}
	return int(n), nil
}

func floats(v []value) ([]float64, error) {
	out := make([]float64, len(v))
	for i := range v {
		f, err := v[i].float()
		if err != nil {
			return nil, err
		}
		out[i] = f
	}
	return out, nil
}

// spelled reports whether name is one of the flag's full spellings.
func (f *Flag) spelled(name string) bool {
	if f.Name == name {
		return true
	}
	for _, a := range f.Aliases {
		if a == name {
			return true
		}
	}
	return false
}

// contained reports whether C would take the argument for this flag.
func (f *Flag) contained(arg string) bool {
	return strings.Contains(arg, f.pattern) && (f.length == 0 || len(arg) == f.length)
}

// Lookup finds the flag by a full spelling.
func Lookup(name string) *Flag {
	for i := range Flags {
		if Flags[i].spelled(name) {
			return &Flags[i]
		}
	}
	return nil
}

// Flag finds the flag that Split took the argument for: the one it spells, or the first
// that C would hear in it; nil for none.
func (a Arg) Flag() *Flag {
	if f := Lookup(a.Name); f != nil {
		return f
	}
	return loosely(a.Name)
}

// lookupAll finds the flags that an argument sets: the one it spells, or, as C
// does it, every one whose pattern it contains.
func lookupAll(name string, p sim.Profile) []*Flag {
	spelled := Lookup(name)
	if spelled != nil && !has(p, spelled) {
		spelled = nil
	}
	if asSpelled(p) {
		if spelled == nil {
			return nil
		}
		return []*Flag{spelled}
	}
	var all []*Flag
	for i := range Flags {
		f := &Flags[i]
		if has(p, f) && f.contained(name) || f == spelled {
			all = append(all, f)
			if f.stops() {
				break
			}
		}
	}
	return all
}

// stops reports whether C looks no further after this flag matched.
func (f *Flag) stops() bool {
	switch f.Name {
	case "-Na", "-Nb", "-Nc", "-N", "-oversample_thick", "-oversample_polar", "-oversample_omega":
		return true
	}
	return false
}

// unknownFlag names the nearest spelling.
func unknownFlag(name string) error {
	best, dist := "", len(name)
	for i := range Flags {
		for _, s := range append([]string{Flags[i].Name}, Flags[i].Aliases...) {
			if d := editDistance(name, s); d < dist {
				best, dist = s, d
			}
		}
	}
	if best == "" || dist > max(2, len(name)/3) {
		return fmt.Errorf("unknown flag %s", name)
	}
	return fmt.Errorf("unknown flag %s (did you mean %s?)", name, best)
}

// editDistance is Levenshtein's.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diag := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := diag
			if a[i-1] != b[j-1] {
				cost++
			}
			diag = row[j]
			row[j] = min(cost, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}

// Groups lists the flags by group, in the table's order.
func Groups() (names []string, byName map[string][]Flag) {
	byName = map[string][]Flag{}
	for _, f := range Flags {
		if byName[f.Group] == nil {
			names = append(names, f.Group)
		}
		byName[f.Group] = append(byName[f.Group], f)
	}
	return names, byName
}

// sortedKeys returns the keys of a map in order.
func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
