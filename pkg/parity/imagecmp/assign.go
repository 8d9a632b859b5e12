package imagecmp

import "math"

// group is a set of rows and columns that reach each other.
type group struct{ rows, cols []int32 }

// inGroups splits rows and columns into connected sets, in the order of their
// first rows. Rows that reach nothing are in none. cols lists what each row
// reaches, and rows what each column does. The group is do's while it is called.
func inGroups(cols, rows near, do func(g *group)) {
	rowSeen, colSeen := make([]bool, len(cols.from)-1), make([]bool, len(rows.from)-1)
	var g group
	for start := range rowSeen {
		if rowSeen[start] || len(cols.of(int32(start))) == 0 {
			continue
		}
		g.rows, g.cols = append(g.rows[:0], int32(start)), g.cols[:0]
		rowSeen[start] = true
		for k := 0; k < len(g.rows); k++ {
			for _, j := range cols.of(g.rows[k]) {
				if colSeen[j] {
					continue
				}
				colSeen[j] = true
				g.cols = append(g.cols, j)
				for _, i := range rows.of(j) {
					if !rowSeen[i] {
						rowSeen[i] = true
						g.rows = append(g.rows, i)
					}
				}
			}
		}
		do(&g)
	}
}

// assign solves the assignment problem: as many pairs as possible, at the
// smallest sum of costs. Infinite costs are pairs that must not be. It returns
// the column of each row, or -1. This is the Hungarian method with shortest
// augmenting paths (Kuhn 1955; Jonker and Volgenant 1987), O(n^3).
func assign(cost [][]float64) []int {
	n := len(cost)
	if n == 0 {
		return nil
	}
	m := len(cost[0])
	size := max(n, m)
	// A pair that must not be costs more than all that may be together, so
	// that the smallest sum has the fewest of them.
	none := 1.0
	for _, row := range cost {
		for _, c := range row {
			if !math.IsInf(c, 1) {
				none += c
			}
		}
	}
	at := func(i, j int) float64 {
		if i < n && j < m && !math.IsInf(cost[i][j], 1) {
			return cost[i][j]
		}
		return none
	}
	out := make([]int, n)
	for i := range out {
		out[i] = -1
	}
	for j, i := range hungarian(size, at) {
		if i < n && j < m && !math.IsInf(cost[i][j], 1) {
			out[i] = j
		}
	}
	return out
}

// hungarian returns the row of each column in the cheapest full assignment of a
// square matrix.
func hungarian(n int, cost func(i, j int) float64) []int {
	u, v := make([]float64, n+1), make([]float64, n+1) // potentials of rows and columns
	row, way := make([]int, n+1), make([]int, n+1)     // counted from 1; column 0 is the start
	for i := 1; i <= n; i++ {
		row[0] = i
		least, done := make([]float64, n+1), make([]bool, n+1)
		for j := range least {
			least[j] = math.Inf(1)
		}
		j0 := 0
		for row[j0] != 0 {
			done[j0] = true
			i0, j1, delta := row[j0], 0, math.Inf(1)
			for j := 1; j <= n; j++ {
				if done[j] {
					continue
				}
				if c := cost(i0-1, j-1) - u[i0] - v[j]; c < least[j] {
					least[j], way[j] = c, j0
				}
				if least[j] < delta {
					delta, j1 = least[j], j
				}
			}
			for j := range done {
				if done[j] {
					u[row[j]] += delta
					v[j] -= delta
				} else {
					least[j] -= delta
				}
			}
			j0 = j1
		}
		for j0 != 0 {
			row[j0], j0 = row[way[j0]], way[j0]
		}
	}
	out := make([]int, n)
	for j := range out {
		out[j] = row[j+1] - 1
	}
	return out
}
