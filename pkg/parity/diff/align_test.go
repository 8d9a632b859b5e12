package diff

import (
	"strings"
	"testing"

	"simtrace/pkg/trace/schema"
)

const phiRows = `TRACE_C_PHI phi_tic=0 phi_deg=0 k_frac=-0.607255839576692 F_latt_b=1.05079664302326 F_latt=-2.38319665299058
TRACE_C_PHI phi_tic=1 phi_deg=0.01 k_frac=-0.591177727127411 F_latt_b=-0.650897255741202 F_latt=1.09860741704307
TRACE_C_PHI phi_tic=2 phi_deg=0.02 k_frac=-0.593187745641004 F_latt_b=-0.385020463934971 F_latt=0.679724660042308
`

func TestOneLostRowCostsOneRow(t *testing.T) {
	lines := strings.SplitAfter(phiRows, "\n")
	res := compare(t, phiRows, lines[0]+lines[2])
	for i := range res.Rows {
		row := &res.Rows[i]
		switch {
		case row.At[schema.Phi] == 1 && row.Gap != Lost:
			t.Errorf("%s: %s %s, want lost", res.label(row), row.Status, row.Gap)
		case row.At[schema.Phi] != 1 && row.Status != Pass:
			t.Errorf("%s: %s; a lost row shifted the others", res.label(row), row.Status)
		}
	}
}

func TestOrderOfLinesDoesNotMatter(t *testing.T) {
	lines := strings.SplitAfter(phiRows, "\n")
	res := compare(t, phiRows, lines[2]+lines[0]+lines[1])
	for i := range res.Rows {
		// The reader counts samples by rows whose step does not increase, and
		// reordered rows may pass for another sample: then they are lost, and
		// never compared with the wrong step.
		if row := &res.Rows[i]; row.Diverged() {
			t.Errorf("%s compared with another step: %g", res.label(row), row.Rel)
		}
	}
}

func TestStandIns(t *testing.T) {
	near, interp := "TRACE_PY: F_cell_nearest 190.27\n", "TRACE_PY: F_cell_interpolated 155.169701219281\n"
	for _, c := range []struct{ ref, want string }{
		{"190.27", "F_cell_nearest"},
		{"155.169701219281", "F_cell_interpolated"},
	} {
		res := compare(t, "TRACE_C: F_cell "+c.ref+"\n", interp+near)
		row := only(t, res, "F_cell")
		if !row.StandIn || row.Got.Name != c.want || row.Status != Pass {
			t.Errorf("F_cell %s paired with %s: %s", c.ref, row.Got.Name, row.Status)
		}
		if len(res.Rows) != 2 {
			t.Errorf("%d rows, want the pair and the one left over", len(res.Rows))
		}
	}
	res := compare(t, "TRACE_C: I_before_scaling 9.5\n", "TRACE_PY: I_before_scaling_pre_polar 8.5\n")
	if row := only(t, res, "I_before_scaling"); !row.StandIn || row.Status != Critical {
		t.Errorf("I_before_scaling: stand-in %v, %s", row.StandIn, row.Status)
	}
}

// A key that is there itself is never replaced by a stand-in.
func TestStandInYields(t *testing.T) {
	res := compare(t, "TRACE_C: F_cell 190.27\n", "TRACE_PY: F_cell 155\nTRACE_PY: F_cell_nearest 190.27\n")
	if row := only(t, res, "F_cell"); row.StandIn || row.Status != Critical {
		t.Errorf("F_cell was paired with %s", row.Got.Name)
	}
}

func pixelLog(slow, fast, value string) string {
	return "TRACE_CONFIG: tracing pixel (spixel=" + slow + ", fpixel=" + fast + ")\nTRACE_C: R_distance_meters " + value + "\n"
}

func TestPixels(t *testing.T) {
	a, b := pixelLog("5", "58", "0.25"), pixelLog("58", "5", "0.25")
	bare := "TRACE_PY: R_distance_meters 0.25\n"
	for _, c := range []struct {
		name     string
		ref, got string
		want     PixelMatch
		compared int
	}{
		{"same", a, a, SamePixels, 1},
		{"other", a, b, OtherPixels, 0},
		{"one unnamed", a, bare, AssumedPixel, 1},
		{"unnamed first", bare, a, AssumedPixel, 1},
		{"both unnamed", bare, bare, SamePixels, 1},
		{"unnamed against two", a + b, bare, AmbiguousPixel, 0},
		{"two against one of them", a + b, b, SamePixels, 1},
		{"order of pixels", a + b, b + a, SamePixels, 2},
	} {
		res := compare(t, c.ref, c.got)
		n := 0
		for i := range res.Rows {
			if res.Rows[i].Compared() {
				n++
			}
		}
		if res.Pixels != c.want || n != c.compared {
			t.Errorf("%s: match %d with %d rows compared, want %d with %d", c.name, res.Pixels, n, c.want, c.compared)
		}
	}
}

// A pixel that one log alone traces is lost with all that stands in it.
func TestPixelOfOneLog(t *testing.T) {
	a, b := pixelLog("5", "58", "0.25"), pixelLog("6", "58", "0.26")
	res := compare(t, a+b, a)
	if len(res.Rows) != 2 || res.Rows[0].Status != Pass || res.Rows[1].Gap != Lost || res.Rows[1].Ref == nil {
		t.Errorf("two pixels against the first of them: %+v", res.Rows)
	}
}

func TestRepeatIsNotLost(t *testing.T) {
	one := "TRACE_C:fdet_after_rotz=0 0 1\n"
	res := compare(t, one+one, one)
	if len(res.Rows) != 2 || res.Rows[0].Status != Pass || res.Rows[1].Gap != Unpaired {
		t.Errorf("a line printed twice against once: %+v", res.Rows)
	}
	res = compare(t, one+"TRACE_C:fdet_after_rotz=0 1 0\n", one)
	if res.Rows[1].Gap != Lost {
		t.Errorf("a second line with other numbers: %s, want lost", res.Rows[1].Gap)
	}
}

func TestLabelsTellRowsApart(t *testing.T) {
	text := pixelLog("5", "58", "0.25") + phiRows + "TRACE_C:fdet_after_rotz=0 0 1\nTRACE_C:fdet_after_rotz=0 0 1\n"
	res := compare(t, text, text)
	seen := map[string]bool{}
	for i := range res.Rows {
		l := res.label(&res.Rows[i])
		if seen[l] {
			t.Errorf("two rows are named %s", l)
		}
		seen[l] = true
	}
}
