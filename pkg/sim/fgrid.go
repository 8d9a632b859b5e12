package sim

import (
	"fmt"
	"math"
)

// FGrid holds structure factors on a box of Miller indices.
type FGrid struct {
	Min, Max [3]int // inclusive bounds of the list the grid stands for
	Count    int    // reflections that were listed; 0 means none at all
	// Hint, where not empty, says how to get the reflections that a window
	// leaves out. See NewFWindow.
	Hint string

	lo, hi [3]int // inclusive bounds of what is stored
	// data is a box around what is stored, with a rim of one cell that holds fill: the
	// fast engine's kernels look up there what lies outside, and need no copy.
	data    []float64
	fill    float64
	strideH int
	strideK int
	base    int // index of 0 0 0
}

// maxGrid bounds the box with its rim: 2^28 doubles are 2 GB.
const maxGrid = 1 << 28

// NewFGrid returns a grid over the inclusive box, filled with fill. Values are set
// before an experiment is prepared with it, and not changed afterwards.
func NewFGrid(lo, hi [3]int, fill float64) (*FGrid, error) {
	size := 1
	for i := range lo {
		n := hi[i] - lo[i] + 1
		if n < 1 {
			return nil, fmt.Errorf("empty box of Miller indices %v to %v", lo, hi)
		}
		if n += 2; n > maxGrid || size > maxGrid/n {
			return nil, fmt.Errorf("box of Miller indices %v to %v is too large (at most %d with a rim of one)", lo, hi, maxGrid)
		}
		size *= n
	}
	return newBox(lo, hi, fill), nil
}

// newBox is NewFGrid for a box that is not too large.
func newBox(lo, hi [3]int, fill float64) *FGrid {
	g := &FGrid{Min: lo, Max: hi, lo: lo, hi: hi, fill: fill}
	g.strideK = hi[2] - lo[2] + 3
	g.strideH = g.strideK * (hi[1] - lo[1] + 3)
	g.base = -((lo[0]-1)*g.strideH + (lo[1]-1)*g.strideK + lo[2] - 1)
	g.data = make([]float64, g.strideH*(hi[0]-lo[0]+3))
	if fill != 0 {
		for i := range g.data {
			g.data[i] = fill
		}
	}
	return g
}

// whole copies a window into a grid over the bounds of the list, with beyond on the
// rim. What the window leaves out is NaN.
func (g *FGrid) whole(beyond float64) *FGrid {
	out := newBox(g.Min, g.Max, beyond)
	for h := g.Min[0]; h <= g.Max[0]; h++ {
		for k := g.Min[1]; k <= g.Max[1]; k++ {
			row := out.data[out.index(h, k, g.Min[2]):][:g.Max[2]-g.Min[2]+1]
			if g.lo != g.Min || g.hi != g.Max {
				fill(row, math.NaN())
			}
			if g.Stored(h, k, g.lo[2]) {
				copy(row[g.lo[2]-g.Min[2]:], g.data[g.index(h, k, g.lo[2]):][:g.hi[2]-g.lo[2]+1])
			}
		}
	}
	return out
}

// NewFWindow returns a grid that stands for a list with the bounds lo to hi but
// stores a part of it only. Within the bounds and outside the window, values
// are not zero but unknown: the kernel reports the first that is asked for,
// with hint.
func NewFWindow(lo, hi, winLo, winHi [3]int, hint string) (*FGrid, error) {
	g, err := NewFGrid(winLo, winHi, 0)
	if err != nil {
		return nil, err
	}
	g.Min, g.Max, g.Hint = lo, hi, hint
	return g, nil
}

// Set stores F(hkl); the index must be stored, see Stored.
func (g *FGrid) Set(h, k, l int, f float64) { g.data[g.index(h, k, l)] = f }

// At returns F(hkl); the index must be stored, see Stored.
func (g *FGrid) At(h, k, l int) float64 { return g.data[g.index(h, k, l)] }

func (g *FGrid) index(h, k, l int) int {
	return h*g.strideH + k*g.strideK + l + g.base
}

// Stored reports whether the value of an index is at hand.
func (g *FGrid) Stored(h, k, l int) bool {
	return h >= g.lo[0] && h <= g.hi[0] && k >= g.lo[1] && k <= g.hi[1] && l >= g.lo[2] && l <= g.hi[2]
}

// Contains reports whether the index lies in the list's bounds.
func (g *FGrid) Contains(h, k, l int) bool {
	return h >= g.Min[0] && h <= g.Max[0] && k >= g.Min[1] && k <= g.Max[1] && l >= g.Min[2] && l <= g.Max[2]
}

// interpolable reports whether the reference would interpolate at the
// fractional index: two more cells towards zero and three the other way.
func interpolable[T float](g *FGrid, h, k, l T) bool {
	for i, x := range [3]T{h, k, l} {
		lo, n := T(g.Min[i]), T(g.Max[i]-g.Min[i]+1)
		if x-lo+3 > n || x-2 < lo {
			return false
		}
	}
	return true
}
