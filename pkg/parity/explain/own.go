package explain

import (
	"fmt"
	"math"

	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// formula recomputes a quantity from what the same log prints.
type formula struct {
	key     schema.Key
	inputs  []schema.Key
	text    string
	compute func(*Side) ([]float64, bool)
	// size is what differences are held to, where that is not the value
	// itself: a scalar product of long vectors loses digits.
	size func(*Side) float64
}

// ownError is what a log's own recomputation says of a quantity.
type ownError struct {
	f             formula
	printed, want []float64
	rel           float64 // |printed - want| over the size
	at            string  // the line
}

// ratio returns printed/want where all components share it.
func (o ownError) ratio() (float64, bool) { return oneRatio(o.want, o.printed) }

// formulas are those whose inputs traces print.
func formulas() []formula {
	return []formula{
		{key: schema.RDistance, inputs: []schema.Key{schema.PixelPos}, text: "|pixel_pos|", compute: ownDistance},
		{key: schema.Obliquity, inputs: []schema.Key{schema.CloseDistance, schema.RDistance}, text: "close_distance/R", compute: ownObliquity},
		{key: schema.DiffractedVec, inputs: []schema.Key{schema.PixelPos}, text: "pixel_pos/|pixel_pos|", compute: ownDiffracted},
		{key: schema.LambdaAngstroms, inputs: []schema.Key{schema.LambdaMeters}, text: "lambda_meters 1e10", compute: ownLambda},
		{key: schema.ScatteringVec, inputs: []schema.Key{schema.DiffractedVec, schema.IncidentVec, schema.LambdaMeters}, text: "(diffracted - incident)/lambda", compute: ownScattering, size: scatteringSize},
		{key: schema.HKLFrac, inputs: []schema.Key{schema.ScatteringVec, schema.RotA, schema.RotB, schema.RotC}, text: "rot . scattering 1e-10", compute: ownMiller, size: millerSize},
		{key: schema.HKLRounded, inputs: []schema.Key{schema.HKLFrac}, text: "ceil(hkl_frac - 0.5)", compute: ownRounded},
		{key: schema.FLatt, inputs: []schema.Key{schema.FLattA, schema.FLattB, schema.FLattC}, text: "F_latt_a F_latt_b F_latt_c", compute: ownLattice},
		{key: schema.IBeforeScaling, inputs: []schema.Key{schema.FCell, schema.PhiFLatt, schema.Steps}, text: "F_cell^2 sum F_latt^2, without a background,", compute: ownSum},
		{key: schema.IBeforeScalingPostPolar, inputs: []schema.Key{schema.IBeforeScalingPrePolar, schema.Polar}, text: "I_before_scaling polar", compute: ownPostPolar},
		{key: schema.RESqr, inputs: []schema.Key{schema.REMeters}, text: "r_e_meters^2", compute: ownRadius},
		{key: schema.IPixelFinal, inputs: scaleInputs, text: "r_e_sqr fluence I_before_scaling/steps capture_fraction polar omega_pixel", compute: ownFinal},
	}
}

var scaleInputs = []schema.Key{schema.RESqr, schema.Fluence, schema.IBeforeScaling, schema.Steps, schema.CaptureFraction, schema.Polar, schema.OmegaPixel}

// own recomputes a quantity in one log; false where the log does not print
// what it takes.
func own(s *Side, k schema.Key) (ownError, bool) {
	for _, f := range formulas() {
		if f.key == k {
			return f.of(s)
		}
	}
	return ownError{}, false
}

func (f formula) of(s *Side) (ownError, bool) {
	o := ownError{f: f}
	rec := s.recOr(f.key)
	if rec == nil || len(rec.Values) == 0 {
		return o, false
	}
	want, ok := f.compute(s)
	if !ok || len(want) != len(rec.Values) {
		return o, false
	}
	o.printed, o.want, o.at = numbers(rec), want, rec.Pos.String()
	size, off := 0.0, 0.0
	for i := range want {
		if !finite(want[i]) || !finite(o.printed[i]) {
			return o, false
		}
		size = math.Hypot(size, math.Max(math.Abs(want[i]), math.Abs(o.printed[i])))
		off = math.Hypot(off, o.printed[i]-want[i])
	}
	if f.size != nil {
		size = math.Max(size, f.size(s))
	}
	if size > 0 {
		o.rel = off / size
	}
	return o, true
}

// text says what the log prints and what follows from its own numbers.
func (o ownError) text(s *Side) string {
	return fmt.Sprintf("%s prints %s = %s (%s); its own %s makes %s", s.Name, o.f.key, list(o.printed), o.at, o.f.text, list(o.want))
}

func list(v []float64) string {
	s := ""
	for i, x := range v {
		if i > 0 {
			s += " "
		}
		s += fmt.Sprintf("%.9g", x)
	}
	return s
}

func scalars(s *Side, keys ...schema.Key) ([]float64, bool) {
	out := make([]float64, len(keys))
	for i, k := range keys {
		v, _, ok := s.Num(k)
		if !ok {
			return nil, false
		}
		out[i] = v
	}
	return out, true
}

func ownDistance(s *Side) ([]float64, bool) {
	p, _, ok := s.Vec(schema.PixelPos)
	return []float64{p.norm()}, ok
}

func ownObliquity(s *Side) ([]float64, bool) {
	v, ok := scalars(s, schema.CloseDistance, schema.RDistance)
	if !ok || v[1] == 0 {
		return nil, false
	}
	return []float64{v[0] / v[1]}, true
}

func ownDiffracted(s *Side) ([]float64, bool) {
	p, _, ok := s.Vec(schema.PixelPos)
	if !ok || p.norm() == 0 {
		return nil, false
	}
	d := p.scale(1 / p.norm())
	return d[:], true
}

func ownLambda(s *Side) ([]float64, bool) {
	v, _, ok := s.Num(schema.LambdaMeters)
	return []float64{v * 1e10}, ok
}

func ownScattering(s *Side) ([]float64, bool) {
	v, ok := s.Vecs(schema.DiffractedVec, schema.IncidentVec)
	l, _, ok2 := s.Num(schema.LambdaMeters)
	if !ok || !ok2 || l == 0 {
		return nil, false
	}
	q := v[0].sub(v[1]).scale(1 / l)
	return q[:], true
}

// scatteringSize: the difference of two unit vectors keeps their errors.
func scatteringSize(s *Side) float64 {
	l, _, _ := s.Num(schema.LambdaMeters)
	return 1 / math.Abs(l)
}

func ownMiller(s *Side) ([]float64, bool) {
	rot, ok := s.Vecs(schema.RotA, schema.RotB, schema.RotC)
	q, _, ok2 := s.Vec(schema.ScatteringVec)
	if !ok || !ok2 {
		return nil, false
	}
	q = q.scale(1e-10)
	return []float64{rot[0].dot(q), rot[1].dot(q), rot[2].dot(q)}, true
}

// millerSize: the products that make up an index may be larger than their sum.
func millerSize(s *Side) float64 {
	rot, _ := s.Vecs(schema.RotA, schema.RotB, schema.RotC)
	q, _, _ := s.Vec(schema.ScatteringVec)
	size := 0.0
	for _, v := range rot {
		size = math.Max(size, v.norm()*q.norm()*1e-10)
	}
	return size
}

func ownRounded(s *Side) ([]float64, bool) {
	h, _, ok := s.Vec(schema.HKLFrac)
	for i, x := range h {
		// Where the printed digits leave it open, nothing is known.
		if d := math.Abs(x-math.Floor(x)) - 0.5; math.Abs(d) < 1e-9*math.Max(1, math.Abs(x)) {
			return nil, false
		}
		h[i] = math.Ceil(x - 0.5)
	}
	return h[:], ok
}

func ownLattice(s *Side) ([]float64, bool) {
	v, ok := scalars(s, schema.FLattA, schema.FLattB, schema.FLattC)
	if !ok {
		return nil, false
	}
	return []float64{v[0] * v[1] * v[2]}, true
}

// ownSum stands only where the PHI rows are all that is summed: one source and
// domain, one structure factor a sample, no background.
func ownSum(s *Side) ([]float64, bool) {
	steps, _, ok := s.Num(schema.Steps)
	if !ok || s.allPhi == 0 || float64(s.allPhi) != steps {
		return nil, false
	}
	if s.Rec(schema.FCellInterpolated) != nil {
		return nil, false // it changes from step to step
	}
	for _, k := range []schema.Key{schema.OversampleThick, schema.OversamplePolar, schema.OversampleOmega} {
		if v, _, ok := s.Num(k); ok && v != 0 {
			return nil, false
		}
	}
	return s.sumOfSamples()
}

// sumOfSamples adds F_cell^2 F_latt^2 over all PHI rows, each with the structure
// factor of its layer and subpixel.
func (s *Side) sumOfSamples() ([]float64, bool) {
	type sample struct{ layer, sub int32 }
	cell, latt := map[sample]float64{}, map[sample]float64{}
	for _, r := range s.records {
		at := sample{r.At[schema.Layer], r.At[schema.Sub]}
		v, ok := num(r)
		switch {
		case !ok:
		case r.Stream == trace.PhiStream && r.Key == schema.PhiFLatt:
			latt[at] += float64(v * v)
		case r.Stream == trace.PixelStream && (r.Key == schema.FCell || r.Key == schema.FCellNearest):
			cell[at] = v
		}
	}
	total := 0.0
	for at, l := range latt {
		f, ok := cell[at]
		if !ok {
			return nil, false
		}
		total += float64(f * f * l)
	}
	return []float64{total}, len(latt) > 0
}

func ownPostPolar(s *Side) ([]float64, bool) {
	v, ok := scalars(s, schema.IBeforeScalingPrePolar, schema.Polar)
	if !ok {
		return nil, false
	}
	return []float64{v[0] * v[1]}, true
}

func ownRadius(s *Side) ([]float64, bool) {
	v, _, ok := s.Num(schema.REMeters)
	return []float64{v * v}, ok
}

// ownFinal leaves out the factors that an -oversample_* switch has put into
// the sum already.
func ownFinal(s *Side) ([]float64, bool) {
	v, ok := scalars(s, schema.RESqr, schema.Fluence, schema.IBeforeScaling, schema.Steps)
	if !ok || v[3] == 0 {
		return nil, false
	}
	i := v[0] * v[1] * v[2] / v[3]
	for _, f := range []struct{ factor, kept schema.Key }{
		{schema.CaptureFraction, schema.OversampleThick}, {schema.Polar, schema.OversamplePolar}, {schema.OmegaPixel, schema.OversampleOmega},
	} {
		x, _, ok := s.Num(f.factor)
		on, _, _ := s.Num(f.kept)
		if !ok {
			return nil, false
		}
		if on == 0 {
			i *= x
		}
	}
	return []float64{i}, true
}

// ownRatio returns how a quantity's own error differs between the logs: the
// ratio printed/recomputed of got over that of the reference, where both can be
// recomputed.
func (c *Context) ownRatio(k schema.Key) (ratio float64, ref, got ownError, ok bool) {
	ref, ok1 := own(c.Ref, k)
	got, ok2 := own(c.Got, k)
	if !ok1 || !ok2 {
		return 0, ref, got, false
	}
	a, ok1 := ref.ratio()
	b, ok2 := got.ratio()
	if !ok1 || !ok2 || a == 0 {
		return 0, ref, got, false
	}
	return b / a, ref, got, true
}
