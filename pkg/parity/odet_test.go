package parity_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"simtrace/pkg/parity"
)

type vec [3]float64

func (a vec) add(b vec, f float64) vec { return vec{a[0] + f*b[0], a[1] + f*b[1], a[2] + f*b[2]} }
func (a vec) norm() float64            { return math.Sqrt(a[0]*a[0] + a[1]*a[1] + a[2]*a[2]) }
func (a vec) unit() vec                { return vec{}.add(a, 1/a.norm()) }
func (a vec) cross(b vec) vec {
	return vec{a[1]*b[2] - a[2]*b[1], a[2]*b[0] - a[0]*b[2], a[0]*b[1] - a[1]*b[0]}
}
func (a vec) String() string { return fmt.Sprintf("%.15g %.15g %.15g", a[0], a[1], a[2]) }

// tilted writes the lines of a tilted detector with the SAMPLE pivot whose
// origin is made with the normal o and shifted by shift.
func tilted(tag string, setup bool, o, shift vec) string {
	const fclose, sclose, distance = 0.05, 0.04, 0.2
	f := vec{0.999, 0.03, 0.02}.unit()
	s := vec{}.add(f.cross(vec{0.02, -0.01, 0.9997}).unit(), -1)
	s = vec{}.add(s, -1)
	pix0 := shift.add(f, -fclose).add(s, -sclose).add(o, distance)
	pos := pix0.add(f, 0.03).add(s, 0.02)
	d := pos.unit()
	scat := vec{}.add(d.add(vec{0, 0, 1}, -1), 1e10)
	b := &strings.Builder{}
	if setup {
		fmt.Fprintf(b, "%[1]s:Fclose_m=%[2]g\n%[1]s:Sclose_m=%[3]g\n%[1]s:pix0_before_rotation=%[4]s\n%[1]s:pix0_after_twotheta=%[4]s\n", tag, fclose, sclose, pix0)
	}
	fmt.Fprintf(b, "%[1]s: pix0_vector_meters %[2]s\n%[1]s: fdet_vec %[3]s\n%[1]s: sdet_vec %[4]s\n%[1]s: pixel_pos_meters %[5]s\n", tag, pix0, f, s, pos)
	fmt.Fprintf(b, "%[1]s: close_distance_meters %.15[2]g\n%[1]s: diffracted_vec %[3]s\n%[1]s: scattering_vec_A_inv %[4]s\n", tag, distance, d, scat)
	return b.String()
}

func TestOdet(t *testing.T) {
	f := vec{0.999, 0.03, 0.02}.unit()
	s := f.cross(vec{0.02, -0.01, 0.9997}).unit()
	made := f.cross(s)
	var typed, unit vec
	for i := range made {
		typed[i] = math.Round(made[i]*1e5) / 1e5
	}
	unit = typed.unit()
	none := vec{}
	half := vec{}.add(f, 5e-5).add(s, 5e-5)
	for _, c := range []struct {
		name     string
		ref, got string
		want     string
	}{
		{"port keeps it", tilted("TRACE_C", true, made, none), tilted("TRACE_PY", false, typed, none), "odet-regenerated"},
		{"reference keeps it", tilted("TRACE_C", true, typed, none), tilted("TRACE_PY", false, made, none), "odet-regenerated"},
		{"half a pixel", tilted("TRACE_C", true, made, none), tilted("TRACE_PY", false, made, half), ""},
		{"same normal", tilted("TRACE_C", true, typed, none), tilted("TRACE_PY", false, typed, half), ""},
		{"no setup lines", tilted("TRACE_C", false, made, none), tilted("TRACE_PY", false, typed, none), ""},
		{"unit vector of many digits", tilted("TRACE_C", true, made, none), tilted("TRACE_PY", false, vec{0.001, 0.002, 1}.add(unit, 1).unit(), none), ""},
	} {
		r := compare(t, c.ref, c.got)
		if r.Verdict != parity.Diverged {
			t.Errorf("%s: %s, nothing was planted", c.name, r.Verdict)
		}
		if causes(r) != c.want {
			t.Errorf("%s: causes %q, want %q (%+v)", c.name, causes(r), c.want, r.RuledOut)
		}
	}
}
