package causes

import (
	"fmt"

	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

func findLatch(c *Context) ([]Cause, string) {
	rows := c.Open(schema.FCell, schema.FCellInterpolated, schema.FCellNearest)
	if len(rows) == 0 {
		return nil, "no structure factor is a root"
	}
	for i, s := range c.Sides() {
		other := c.Sides()[1-i]
		interp, near, cell := s.All(schema.FCellInterpolated), s.All(schema.FCellNearest), other.All(schema.FCell)
		if len(interp) < 2 || len(near) != len(interp) || len(cell) != len(interp) {
			continue
		}
		if at, ok := latchedAt(interp, near, cell, c.Tolerance); ok {
			return one(append(rows, c.Open(sumKeys...)...), fmt.Sprintf("%s stops interpolating at sample %d, %s goes on", other.Name, at, s.Name), []string{
				fmt.Sprintf("at sample 0, F_cell of %s is %s (%s), the interpolated one of %s (%s)", other.Name, text(cell[0]), cell[0].Pos, s.Name, interp[0].Pos),
				fmt.Sprintf("at sample %d it is %s (%s), which is the nearest one of %s (%s), whose interpolated one is %s (%s); and so it stays",
					at, text(cell[at]), cell[at].Pos, s.Name, near[at].Pos, text(interp[at]), interp[at].Pos)}), ""
		}
	}
	return nil, "no side goes over from interpolated to nearest structure factors within the log"
}

// latchedAt finds the sample from which on cell is the nearest value, where it
// is the interpolated one before.
func latchedAt(interp, near, cell []*trace.Record, tolerance float64) (at int, ok bool) {
	for i := range cell {
		v, ok1 := num(cell[i])
		a, ok2 := num(interp[i])
		b, ok3 := num(near[i])
		if !ok1 || !ok2 || !ok3 {
			return 0, false
		}
		isInterp, isNear := closeTo(v, a, tolerance), closeTo(v, b, tolerance)
		switch {
		case at == 0 && isInterp:
		case isNear && !isInterp && i > 0:
			if at == 0 {
				at = i
			}
		case isNear && at > 0:
		default:
			return 0, false
		}
	}
	return at, at > 0
}
