package golden

import (
	"math/rand/v2"
	"strconv"
	"strings"
)

// drawFlags draws a configuration from all over the option space, small enough
// to be computed in a fraction of a second.
func drawFlags(r *rand.Rand) [][]string {
	d := &drawer{r: r}
	d.flag("-default_F", 100)
	d.flag("-detpixels_x", 16+r.IntN(16))
	d.flag("-detpixels_y", 16+r.IntN(16))
	d.flag("-pixel", d.pick(0.1, 0.172, 0.5))
	d.flag("-cell", 40+60*r.Float64(), 40+60*r.Float64(), 40+60*r.Float64(), 70+40*r.Float64(), 70+40*r.Float64(), 70+40*r.Float64())
	d.crystal()
	d.beam()
	d.detector()
	d.rotation()
	d.maybe(3, "-oversample", 1+r.IntN(3))
	d.maybe(6, "-oversample_omega")
	d.maybe(6, "-oversample_polar")
	d.maybe(6, "-roi", r.IntN(6), 8+r.IntN(20), r.IntN(10), 14+r.IntN(8))
	d.maybe(6, "-dmin", 1+5*r.Float64())
	d.maybe(8, "-stolout", "out.stol")
	r.Shuffle(len(d.flags), func(i, j int) { d.flags[i], d.flags[j] = d.flags[j], d.flags[i] })
	return d.flags
}

type drawer struct {
	r     *rand.Rand
	flags [][]string
}

func (d *drawer) flag(name string, values ...any) {
	f := []string{name}
	for _, v := range values {
		switch x := v.(type) {
		case int:
			f = append(f, strconv.Itoa(x))
		case float64:
			f = append(f, strconv.FormatFloat(x, 'g', 3+d.r.IntN(8), 64))
		case string:
			f = append(f, strings.Fields(x)...)
		}
	}
	d.flags = append(d.flags, f)
}

// maybe draws a flag once in n times.
func (d *drawer) maybe(n int, name string, values ...any) {
	if d.r.IntN(n) == 0 {
		d.flag(name, values...)
	}
}

func (d *drawer) pick(of ...float64) float64 { return of[d.r.IntN(len(of))] }

func (d *drawer) vector() string {
	var w []string
	for range 3 {
		w = append(w, strconv.FormatFloat(d.r.NormFloat64(), 'f', 4, 64))
	}
	return strings.Join(w, " ")
}

func (d *drawer) crystal() {
	r := d.r
	d.flag("-N", 1+r.IntN(9))
	d.maybe(2, "-Na", 1+r.IntN(20))
	d.maybe(3, "-Nc", 1+r.IntN(20))
	d.maybe(8, "-xtalsize", 0.0001*r.Float64())
	d.maybe(3, "-misset", 30*r.NormFloat64(), 30*r.NormFloat64(), 30*r.NormFloat64())
	if d.r.IntN(3) == 0 {
		d.flag([]string{"-round_xtal", "-gauss_xtal", "-tophat_spots", "-square_xtal"}[r.IntN(4)])
		d.maybe(2, "-fudge", 0.2+r.Float64())
	}
	if r.IntN(3) == 0 {
		d.flag("-mosaic", r.Float64())
		d.flag("-mosaic_dom", 1+r.IntN(4))
		d.maybe(2, "-mosaic_seed", r.IntN(100)-20)
	}
	d.maybe(10, "-water", 100*r.Float64())
}

func (d *drawer) beam() {
	r := d.r
	if r.IntN(4) == 0 {
		d.flag("-energy", 6000+9000*r.Float64())
	} else {
		d.flag("-lambda", 0.7+3*r.Float64())
	}
	d.maybe(3, "-polar", r.Float64())
	d.maybe(5, "-nopolar")
	d.maybe(5, "-flux", 1e12*r.Float64())
	d.maybe(5, "-exposure", r.Float64())
	d.maybe(6, "-beamsize", 0.01+r.Float64())
	d.maybe(8, "-fluence", 1e24*r.Float64())
	d.maybe(5, "-hdivrange", 3*r.Float64())
	d.maybe(5, "-vdivrange", 3*r.Float64())
	d.maybe(5, "-hdivsteps", r.IntN(4))
	d.maybe(6, "-divstep", 1) // no such flag: C ignores it
	d.maybe(6, "-dispersion", 2*r.Float64())
	d.maybe(5, "-dispsteps", r.IntN(4))
	d.maybe(8, "-square_div")
}

func (d *drawer) detector() {
	r := d.r
	d.flag("-distance", 50+150*r.Float64())
	d.maybe(8, "-close_distance", 50+150*r.Float64())
	if r.IntN(3) > 0 {
		d.flag([]string{"-mosflm", "-xds", "-adxv", "-denzo", "-dials"}[r.IntN(5)])
	}
	for _, axis := range []string{"-detector_rotx", "-detector_roty", "-detector_rotz", "-twotheta"} {
		d.maybe(3, axis, 15*r.NormFloat64())
	}
	for _, v := range []string{"-spindle_axis", "-twotheta_axis", "-polar_vector"} {
		d.maybe(6, v, d.vector())
	}
	if r.IntN(6) == 0 {
		d.flag("-fdet_vector", "0 0.001 1")
		d.flag("-sdet_vector", "0 -1 0.002")
		d.maybe(2, "-odet_vector", "1 0.003 0")
		d.maybe(2, "-beam_vector", "1 0 0.01")
	}
	d.maybe(8, "-pivot", []string{"sample", "beam"}[r.IntN(2)])
	for _, c := range []string{"-Xbeam", "-Ybeam", "-Xclose", "-Yclose"} {
		d.maybe(5, c, 3*r.Float64())
	}
	d.maybe(8, "-ORGX", 20*r.Float64())
	d.maybe(8, "-ORGY", 20*r.Float64())
	d.maybe(10, "-curved_det")
	d.maybe(10, "-point_pixel")
	if r.IntN(5) == 0 {
		d.flag("-detector_thick", 500*r.Float64())
		d.maybe(2, "-detector_abs", 400*r.Float64())
		d.maybe(2, "-detector_thicksteps", r.IntN(4))
		d.maybe(3, "-oversample_thick")
	}
}

func (d *drawer) rotation() {
	r := d.r
	d.maybe(2, "-phi", d.pick(0, -0.5, -0.3, 10, 90, 7*r.NormFloat64()))
	d.maybe(2, "-osc", d.pick(0.1, 1, 2*r.Float64()))
	d.maybe(4, "-phistep", r.Float64())
	d.maybe(2, "-phisteps", r.IntN(6))
}
