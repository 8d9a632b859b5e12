package imagecmp

import (
	"fmt"
	"math"
)

// ringCurve is a curve of one resolution: segments of x, y, x, y in pixels.
type ringCurve struct {
	Label    string       `json:"label"`
	Segments [][4]float64 `json:"segments"`
}

// ringCells is how many cells a side of the image has where curves are looked for.
const ringCells = 64

// rings finds the curves of a few resolutions on an image of any geometry, by marching
// over a grid of squares.
func rings(s Shape, resolution func(slow, fast float64) float64) []ringCurve {
	out := []ringCurve{}
	if resolution == nil {
		return out
	}
	cell := math.Max(float64(max(s.Slow, s.Fast))/ringCells, 1)
	ny, nx := int(math.Ceil(float64(s.Slow)/cell)), int(math.Ceil(float64(s.Fast)/cell))
	grid := make([][]float64, ny+1) // 1/d, in 1/Å
	most := 0.0
	for y := range grid {
		grid[y] = make([]float64, nx+1)
		for x := range grid[y] {
			if d := resolution(float64(y)*cell, float64(x)*cell); d > 0 {
				grid[y][x] = 1 / d
				most = math.Max(most, 1/d)
			}
		}
	}
	if most == 0 {
		return out
	}
	for _, part := range []float64{0.25, 0.5, 0.75, 0.95} {
		d := roundTo2(1 / (most * part))
		c := ringCurve{Label: fmt.Sprintf("%.2g Å", d), Segments: [][4]float64{}}
		for y := range ny {
			for x := range nx {
				c.Segments = append(c.Segments, crossing(grid, x, y, cell, 1/d)...)
			}
		}
		out = append(out, c)
	}
	return out
}

func roundTo2(v float64) float64 {
	unit := math.Pow(10, math.Floor(math.Log10(v))-1)
	return math.Round(v/unit) * unit
}

// crossing is where a level crosses a square: a segment between the edges that it cuts.
func crossing(grid [][]float64, x, y int, cell, level float64) [][4]float64 {
	corners := [4][2]int{{x, y}, {x + 1, y}, {x + 1, y + 1}, {x, y + 1}}
	var cuts [][2]float64
	for i, a := range corners {
		b := corners[(i+1)%4]
		u, v := grid[a[1]][a[0]], grid[b[1]][b[0]]
		if (u < level) == (v < level) {
			continue
		}
		t := (level - u) / (v - u)
		cuts = append(cuts, [2]float64{tenth(cell * (float64(a[0]) + t*float64(b[0]-a[0]))), tenth(cell * (float64(a[1]) + t*float64(b[1]-a[1])))})
	}
	var out [][4]float64
	for i := 0; i+1 < len(cuts); i += 2 {
		out = append(out, [4]float64{cuts[i][0], cuts[i][1], cuts[i+1][0], cuts[i+1][1]})
	}
	return out
}

func tenth(v float64) float64 { return math.Round(10*v) / 10 }
