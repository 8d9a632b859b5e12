package diff

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// randomLog writes some of the lines that traces are made of.
func randomLog(r *rand.Rand, tag string) string {
	var b strings.Builder
	if r.IntN(2) == 0 {
		fmt.Fprintf(&b, "TRACE_CONFIG: tracing pixel (spixel=%d, fpixel=%d)\n", r.IntN(2), r.IntN(2))
	}
	v := func() string {
		switch r.IntN(8) {
		case 0:
			return "nan"
		case 1:
			return "-0"
		case 2:
			return "inf"
		}
		return g(1 + 1e-5*float64(r.IntN(3)))
	}
	for range r.IntN(30) {
		switch r.IntN(9) {
		case 0:
			fmt.Fprintf(&b, "%s: pixel_pos_meters %s %s %s\n", tag, v(), v(), v())
		case 1:
			fmt.Fprintf(&b, "%s: R_distance_meters %s\n", tag, v())
		case 2:
			fmt.Fprintf(&b, "%s_PHI phi_tic=%d phi_deg=%s k_frac=%s F_latt_b=%s F_latt=%s\n", tag, r.IntN(4), v(), v(), v(), v())
		case 3:
			fmt.Fprintf(&b, "%s:fdet_after_rotz=%s %s %s\n", tag, v(), v(), v())
		case 4:
			fmt.Fprintf(&b, "%s: F_cell%s %s\n", tag, []string{"", "_nearest", "_interpolated"}[r.IntN(3)], v())
		case 5:
			fmt.Fprintf(&b, "%s: I_before_scaling NOT_EXTRACTED\n", tag)
		case 6:
			fmt.Fprintf(&b, "%s: unheard_of %s\n", tag, v())
		case 7:
			fmt.Fprintf(&b, "TRACE:   a = [%s, %s, %s] |a| = %s\n", v(), v(), v(), v())
		case 8:
			fmt.Fprintf(&b, "%s: steps %d\n", tag, r.IntN(3))
		}
	}
	return b.String()
}

// checkInvariants holds for any two logs.
func checkInvariants(t *testing.T, ref, got string) {
	t.Helper()
	a, b := read(t, "ref", ref), read(t, "got", got)
	res, back := Compare(a, b, 1e-6), Compare(b, a, 1e-6)

	// Every record is in exactly one row.
	refs, gots := 0, 0
	for i := range res.Rows {
		if res.Rows[i].Ref != nil {
			refs++
		}
		if res.Rows[i].Got != nil {
			gots++
		}
	}
	if refs != len(a.Records) || gots != len(b.Records) {
		t.Fatalf("%d of %d and %d of %d records are in rows\n%s---\n%s", refs, len(a.Records), gots, len(b.Records), ref, got)
	}

	// Swapping the sides mirrors the differences.
	type pair struct{ ref, got any }
	other := map[pair]*Row{}
	for i := range back.Rows {
		other[pair{back.Rows[i].Got, back.Rows[i].Ref}] = &back.Rows[i]
	}
	for i := range res.Rows {
		row := &res.Rows[i]
		m := other[pair{row.Ref, row.Got}]
		if m == nil {
			t.Fatalf("%s is paired otherwise when the sides are swapped\n%s---\n%s", row.Label(2), ref, got)
		}
		same := func(x, y float64) bool { return x == y || math.IsNaN(x) && math.IsNaN(y) }
		if m.Status != row.Status || !same(m.Rel, row.Rel) || !same(m.Abs, -row.Abs) {
			t.Fatalf("%s: %s %g %g, mirrored %s %g %g", row.Label(2), row.Status, row.Abs, row.Rel, m.Status, m.Abs, m.Rel)
		}
	}

	// A larger tolerance never makes a row worse.
	wide := Compare(a, b, 1e-3)
	for i := range wide.Rows {
		if wide.Rows[i].Status > res.Rows[i].Status {
			t.Fatalf("%s: %s at 1e-6, %s at 1e-3", res.Rows[i].Label(2), res.Rows[i].Status, wide.Rows[i].Status)
		}
	}

	// A log equals itself.
	for _, row := range Compare(a, a, 0).Rows {
		if row.Status != Pass && row.Gap != Placeholder {
			t.Fatalf("%s differs from itself: %s %s %s", row.Label(2), row.Status, row.Gap, row.Note)
		}
	}
}

func TestInvariants(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		checkInvariants(t, randomLog(r, "TRACE_C"), randomLog(r, []string{"TRACE_C", "TRACE_PY"}[r.IntN(2)]))
	}
}

func FuzzCompare(f *testing.F) {
	f.Add("TRACE_C: steps 10\n", "TRACE_PY: steps 1e400\n")
	f.Add(phiRows, strings.ReplaceAll(phiRows, "TRACE_C", "TRACE_PY"))
	f.Add("TRACE_C:angles_rad=rotx:0 roty:0\n", "TRACE_C:angles_rad=rotx:0 0 roty:\n")
	r := rand.New(rand.NewPCG(3, 4))
	for range 8 {
		f.Add(randomLog(r, "TRACE_C"), randomLog(r, "TRACE_PY"))
	}
	f.Fuzz(func(t *testing.T, ref, got string) { checkInvariants(t, ref, got) })
}
