package parity_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simtrace/internal/testkit"
	"simtrace/pkg/parity"
)

// fault multiplies one term at one step; the zero value is none.
type fault struct {
	term string
	step int
	by   float64
}

// logLines prints the terms of a solver, with the faults that are planted in them.
type logLines struct {
	strings.Builder
	faults []fault
	step   int
	digits int
}

func (p *logLines) begin(step int) { p.step = step; fmt.Fprintf(p, "step %d\n", step) }

func (p *logLines) term(name string, v float64) float64 {
	for _, f := range p.faults {
		if f.term == name && f.step == p.step {
			v *= f.by
		}
	}
	fmt.Fprintf(p, "%s %.*g\n", name, p.digits, v)
	return v
}

// lorenz is the Lorenz system by Euler's method, dt 0.01, sigma 10, rho 28,
// beta 8/3.
func lorenz(steps, digits int, x float64, faults ...fault) string {
	p := &logLines{faults: faults, digits: digits}
	y, z := 2.0, 20.0
	for _, c := range []struct {
		name string
		v    float64
	}{{"sigma", 10}, {"rho", 28}, {"beta", 8.0 / 3}, {"dt", 0.01}} {
		p.term(c.name, c.v)
	}
	p.begin(0)
	x, y, z = p.term("x", x), p.term("y", y), p.term("z", z)
	for step := 1; step <= steps; step++ {
		p.begin(step)
		dx := p.term("dx", 10*(y-x))
		dy := p.term("dy", float64(x*(28-z))-y)
		dz := p.term("dz", float64(x*y)-float64(8.0/3*z))
		x = p.term("x", x+float64(0.01*dx))
		y = p.term("y", y+float64(0.01*dy))
		z = p.term("z", z+float64(0.01*dz))
	}
	return p.String()
}

// lorenzSingle is lorenz in single precision.
func lorenzSingle(steps int, x float32) string {
	p := &logLines{digits: 9}
	y, z := float32(2), float32(20)
	for step := range steps {
		p.begin(step)
		dx, dy, dz := 10*(y-x), float32(x*(28-z))-y, float32(x*y)-float32(8.0/3*z)
		x, y, z = x+float32(0.01*dx), y+float32(0.01*dy), z+float32(0.01*dz)
		p.term("x", float64(x))
		p.term("y", float64(y))
		p.term("z", float64(z))
	}
	return p.String()
}

const lorenzSchema = `index: [step]
quantities:
  - {name: sigma, per: run}
  - {name: rho, per: run}
  - {name: beta, per: run}
  - {name: dt, per: run}
  - {name: dx, formula: sigma*(prev(y) - prev(x))}
  - {name: dy, formula: prev(x)*(rho - prev(z)) - prev(y)}
  - {name: dz, formula: prev(x)*prev(y) - beta*prev(z)}
  - {name: x, formula: prev(x) + dt*dx}
  - {name: y, formula: prev(y) + dt*dy}
  - {name: z, formula: prev(z) + dt*dz}
`

// rk4 is a damped spring by the method of Runge and Kutta, dt 0.05, k 3, c 0.1.
func rk4(steps int, faults ...fault) string {
	p := &logLines{faults: faults, digits: 17}
	const k, c, dt = 3, 0.1, 0.05
	x, v := 1.0, 0.0
	a := func(x, v float64) float64 { return float64(-k*x) - float64(c*v) }
	for step := 1; step <= steps; step++ {
		p.begin(step)
		k1x, k1v := p.term("k1.x", v), p.term("k1.v", a(x, v))
		k2x, k2v := p.term("k2.x", v+float64(dt/2*k1v)), p.term("k2.v", a(x+float64(dt/2*k1x), v+float64(dt/2*k1v)))
		k3x, k3v := p.term("k3.x", v+float64(dt/2*k2v)), p.term("k3.v", a(x+float64(dt/2*k2x), v+float64(dt/2*k2v)))
		k4x, k4v := p.term("k4.x", v+float64(dt*k3v)), p.term("k4.v", a(x+float64(dt*k3x), v+float64(dt*k3v)))
		x = p.term("x", x+float64(dt/6*(k1x+float64(2*k2x)+float64(2*k3x)+k4x)))
		v = p.term("v", v+float64(dt/6*(k1v+float64(2*k2v)+float64(2*k3v)+k4v)))
	}
	return p.String()
}

const rk4Schema = "index: [step]\nquantities:\n" +
	"  - {name: k1.x, formula: prev(v)}\n" +
	"  - {name: k1.v, formula: -3*prev(x) - 0.1*prev(v)}\n" +
	"  - {name: k2.x, formula: 'prev(v) + 0.05/2*`k1.v`'}\n" +
	"  - {name: k2.v, formula: '-3*(prev(x) + 0.05/2*`k1.x`) - 0.1*(prev(v) + 0.05/2*`k1.v`)'}\n" +
	"  - {name: k3.x, formula: 'prev(v) + 0.05/2*`k2.v`'}\n" +
	"  - {name: k3.v, formula: '-3*(prev(x) + 0.05/2*`k2.x`) - 0.1*(prev(v) + 0.05/2*`k2.v`)'}\n" +
	"  - {name: k4.x, formula: 'prev(v) + 0.05*`k3.v`'}\n" +
	"  - {name: k4.v, formula: '-3*(prev(x) + 0.05*`k3.x`) - 0.1*(prev(v) + 0.05*`k3.v`)'}\n" +
	"  - {name: x, formula: 'prev(x) + 0.05/6*(`k1.x` + 2*`k2.x` + 2*`k3.x` + `k4.x`)'}\n" +
	"  - {name: v, formula: 'prev(v) + 0.05/6*(`k1.v` + 2*`k2.v` + 2*`k3.v` + `k4.v`)'}\n"

// TestFeedbackNamesTermAndStep: a fault in one term at one step is the headline and
// the only root, with a schema and without, though all that follows differs.
func TestFeedbackNamesTermAndStep(t *testing.T) {
	testkit.NotUnderRace(t)
	for _, c := range []struct {
		schema string
		terms  string
		log    func(...fault) string
	}{
		{lorenzSchema, "dx dy dz x y z", func(f ...fault) string { return lorenz(120, 17, 1, f...) }},
		{rk4Schema, "k1.x k1.v k2.x k2.v k3.x k3.v k4.x k4.v x v", func(f ...fault) string { return rk4(120, f...) }},
	} {
		for _, term := range strings.Fields(c.terms) {
			for _, step := range []int{2, 50} {
				for _, by := range []float64{1.02, 1.0001} {
					f := fault{term, step, by}
					want := fmt.Sprintf("%s[step=%d]", term, step)
					ref, got := c.log(), c.log(f)
					for how, r := range map[string]*parity.Report{
						"by schema": compareBySchema(t, c.schema, ref, got, parity.Options{Tolerance: 1e-6}),
						"as text":   compareWith(t, ref, got, parity.Options{Tolerance: 1e-6}),
					} {
						if first := r.Label(r.FirstRow()); first != want || rootsOf(r) != want {
							t.Errorf("%v %s: first at %s, roots %s", f, how, first, rootsOf(r))
						}
						if g := r.Growth; g == nil || g.Kind != parity.Jump || g.Quantity != term || g.Jump != float64(step) {
							t.Errorf("%v %s: growth %+v", f, how, g)
						}
					}
				}
			}
		}
	}
}

// TestFeedbackSecondFault: what a formula shows to start at a later step is a root
// beside the first; the rest of that step follows.
func TestFeedbackSecondFault(t *testing.T) {
	r := compareBySchema(t, lorenzSchema, lorenz(120, 17, 1), lorenz(120, 17, 1, fault{"dz", 50, 1.02}, fault{"dy", 80, 1.001}), parity.Options{Tolerance: 1e-6})
	if got := rootsOf(r); got != "dz[step=50] dy[step=80]" {
		t.Errorf("roots %s", got)
	}
	for _, root := range r.Roots {
		if !root.Local || root.Row.Split == nil {
			t.Errorf("%s is not recomputed", r.Label(root.Row))
		}
	}
}

// TestFeedbackLarge: of a log of which not all steps are listed, the roots are
// those of the whole, and no formula is said to be wrong.
func TestFeedbackLarge(t *testing.T) {
	r := compareBySchema(t, lorenzSchema, lorenz(2500, 17, 1), lorenz(2500, 17, 1, fault{"dz", 1203, 1.02}), parity.Options{Tolerance: 1e-6})
	if got := rootsOf(r); got != "dz[step=1203]" || r.Summary == nil || r.Label(r.FirstRow()) != got {
		t.Errorf("roots %s", got)
	}
	if got := strings.Join(r.Reasons, "\n"); strings.Contains(got, "formula") {
		t.Errorf("reasons:\n%s", got)
	}
}

// TestFeedbackParents: parents alone, with those of the step before, hold later
// steps to follow from the first, and order what is printed the other way round.
func TestFeedbackParents(t *testing.T) {
	const s = "index: [step]\nquantities:\n  - {name: v, parents: [v@prev, f]}\n  - {name: x, parents: [x@prev, v]}\n  - {name: f, parents: [x@prev]}\n  - {name: total, per: run, parents: [v]}\n"
	spring := func(faulty int) string {
		var b strings.Builder
		x, v := 1.0, 0.0
		for step := range 30 {
			f := -3 * x
			if step == faulty {
				f *= 1.01
			}
			v += f * 0.1
			x += v * 0.1
			fmt.Fprintf(&b, "step %d\nx %v\nv %v\nf %v\n", step, x, v, f)
		}
		return b.String() + fmt.Sprintf("total %v\n", v)
	}
	for _, step := range []int{0, 12, 29} {
		r := compareBySchema(t, s, spring(-1), spring(step), parity.Options{Tolerance: 1e-6})
		want := fmt.Sprintf("f[step=%d]", step)
		if got := r.Label(r.FirstRow()); got != want || rootsOf(r) != want {
			t.Errorf("first at %s, roots %s, want %s", got, rootsOf(r), want)
		}
	}
}

// TestFeedbackRunOrder: what is printed before the first step and feeds the steps
// comes before them; a sum over the steps behind them.
func TestFeedbackRunOrder(t *testing.T) {
	const s = "index: [step]\nquantities:\n  - {name: total, per: run, parents: [x]}\n  - {name: x, parents: [dt, x@prev]}\n  - {name: dt, per: run}\n"
	log := func(dt string, x int) string {
		return fmt.Sprintf("dt %s\nstep 1\nx 1\nstep 2\nx %d\nstep 3\nx %d\ntotal %d\n", dt, x, x+1, 2*x+2)
	}
	for _, c := range []struct{ got, first, roots string }{
		{log("0.2", 3), "dt", "dt"},
		{log("0.1", 3), "x[step=2]", "x[step=2]"},
		{strings.Replace(log("0.1", 2), "total 6", "total 7", 1), "total", "total"},
	} {
		r := compareBySchema(t, s, log("0.1", 2), c.got, parity.Options{})
		if first := r.Label(r.FirstRow()); first != c.first || rootsOf(r) != c.roots {
			t.Errorf("first at %s, roots %s; want %s, %s", first, rootsOf(r), c.first, c.roots)
		}
	}
	// Wherever it is printed, what feeds the steps comes before them.
	behind := func(text string) string {
		head, rest, _ := strings.Cut(text, "\n")
		return rest + head + "\n"
	}
	if r := compareBySchema(t, s, behind(log("0.1", 2)), behind(log("0.2", 3)), parity.Options{}); r.Label(r.FirstRow()) != "dt" || rootsOf(r) != "dt" {
		t.Errorf("printed last: first at %s, roots %s", r.Label(r.FirstRow()), rootsOf(r))
	}
	// Without parents the order of printing says the same.
	plain := "index: [step]\nquantities: [{name: x}, {name: dt, per: run}, {name: total, per: run}]\n"
	if r := compareBySchema(t, plain, log("0.1", 2), log("0.2", 3), parity.Options{}); r.Label(r.FirstRow()) != "dt" {
		t.Errorf("without parents: first at %s", r.Label(r.FirstRow()))
	}
}

// TestFeedbackUnfit: a formula that neither program keeps to decides nothing, and
// is named.
func TestFeedbackUnfit(t *testing.T) {
	wrong := strings.Replace(lorenzSchema, "prev(z) + dt*dz", "prev(z) + 2*dt*dz", 1)
	r := compareBySchema(t, wrong, lorenz(60, 17, 1), lorenz(60, 17, 1, fault{"dz", 50, 1.02}), parity.Options{Tolerance: 1e-6})
	if got := rootsOf(r); got != "dz[step=50]" {
		t.Errorf("roots %s", got)
	}
	const want = "the formula of z, prev(z) + 2*dt*dz, does not give what is printed at "
	if got := strings.Join(r.Reasons, "\n"); strings.Count(got, want) != 1 {
		t.Errorf("reasons:\n%s", got)
	}
}

// TestGrowthTellsChaos: what begins in a last digit is growth out of rounding, at
// whatever precision and however rarely it is printed, and no jump.
func TestGrowthTellsChaos(t *testing.T) {
	testkit.NotUnderRace(t)
	const steps = 4000
	sparse := func(log string) string {
		var b strings.Builder
		keep := true
		for line := range strings.Lines(log) {
			var step int
			if n, _ := fmt.Sscanf(line, "step %d", &step); n == 1 {
				keep = step%250 == 0
			}
			if keep {
				b.WriteString(line)
			}
		}
		return b.String()
	}
	const start = 5.3
	next := float64(start + 4e-15)
	for _, c := range []struct {
		name     string
		ref, got string
		kind     parity.GrowthKind
	}{
		{"17 digits", lorenz(steps, 17, start), lorenz(steps, 17, next), parity.FromRounding},
		{"9 digits", lorenz(steps, 9, start), lorenz(steps, 9, next), parity.FromRounding},
		{"every 250th step", sparse(lorenz(steps, 17, start)), sparse(lorenz(steps, 17, next)), parity.FromRounding},
		{"single precision", lorenzSingle(steps, start), lorenzSingle(steps, start+2e-6), parity.FromRounding},
		{"a fault in chaos", lorenz(steps, 17, start), lorenz(steps, 17, next, fault{"dy", 700, 1.03}), parity.Jump},
		{"a fault of 9 digits", lorenz(steps, 9, start), lorenz(steps, 9, next, fault{"dy", 700, 1.03}), parity.Jump},
	} {
		r := compareWith(t, c.ref, c.got, parity.Options{Tolerance: 1e-6})
		g := r.Growth
		if g == nil || g.Kind != c.kind {
			t.Errorf("%s: %+v", c.name, g)
			continue
		}
		if c.kind == parity.Jump && (g.Quantity != "dy" || g.Jump != 700 || !strings.Contains(g.Text, "dy jumps to 3e-2 at step 700")) {
			t.Errorf("%s: %s", c.name, g.Text)
		}
		if c.kind == parity.FromRounding && (!strings.Contains(g.Text, "doubles every ") || !strings.HasSuffix(g.Text, ", no jump") || !math.IsNaN(g.Jump)) {
			t.Errorf("%s: %s", c.name, g.Text)
		}
	}
}

// TestGrowthIsTheSame for any number of threads, in logs of more steps than points
// are kept; and exchanging the sides exchanges nothing of it.
func TestGrowthIsTheSame(t *testing.T) {
	const steps = 14000 // of which one thread gets a part
	ref, got := lorenz(steps, 17, 1), lorenz(steps, 17, 1, fault{"dz", 11111, 1.02})
	one := compareWith(t, ref, got, parity.Options{Tolerance: 1e-6, Threads: 1}).Growth
	if one == nil || one.Kind != parity.Jump || one.Jump != 11111 || len(one.Points) > 2000 {
		t.Fatalf("%+v", one)
	}
	nan := cmp.Comparer(func(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) })
	if diff := cmp.Diff(one, compareWith(t, ref, got, parity.Options{Tolerance: 1e-6, Threads: 3}).Growth, nan); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(one, compareWith(t, got, ref, parity.Options{Tolerance: 1e-6, Threads: 2}).Growth, nan); diff != "" {
		t.Error(diff)
	}
	if g := compareWith(t, ref, ref, parity.Options{}).Growth; g != nil {
		t.Errorf("a log against itself grows: %s", g.Text)
	}
}

// TestGrowthSmall: what stays within rounding does not grow; what is just beyond,
// and stays so, is neither a jump nor chaos; and steps may be times.
func TestGrowthSmall(t *testing.T) {
	log := func(off float64) string {
		var b strings.Builder
		for i := range 60 {
			v := math.Sin(float64(i)) + 2
			if i >= 20 {
				v *= 1 + off
			}
			fmt.Fprintf(&b, "time=%.3f\nq=%.17g\n", 0.005*float64(i), v)
		}
		return b.String()
	}
	const s = "index: [time]\nquantities: [{name: q}]\n"
	if g := compareBySchema(t, s, log(0), log(3e-16), parity.Options{Tolerance: 1e-6}).Growth; g != nil {
		t.Errorf("rounding: %s", g.Text)
	}
	if g := compareBySchema(t, s, log(0), log(1e-12), parity.Options{Tolerance: 1e-6}).Growth; g == nil || g.Kind != parity.Undecided {
		t.Errorf("beyond rounding: %+v", g)
	}
	single := func(ulps uint32) string {
		var b strings.Builder
		for i := range 60 {
			v := math.Float32bits(float32(math.Sin(float64(i)) + 2))
			if i >= 20 {
				v += ulps
			}
			fmt.Fprintf(&b, "time=%d\nq=%.9g\n", i, math.Float32frombits(v))
		}
		return b.String()
	}
	if g := compareBySchema(t, s, single(0), single(3), parity.Options{Tolerance: 1e-6}).Growth; g != nil {
		t.Errorf("rounding in single precision: %s", g.Text)
	}
	g := compareBySchema(t, s, log(0), log(1e-3), parity.Options{Tolerance: 1e-6}).Growth
	if want := "identical until time 0.095; q jumps to 1e-3 at time 0.1; stays at that size after: a jump, not growth out of rounding"; g == nil || g.Text != want || g.Jump != 0.1 {
		t.Errorf("%+v", g)
	}
	// What differs from the first step on has nothing to jump from, and may grow and level off.
	var got strings.Builder
	for i := range 100 {
		fmt.Fprintf(&got, "time=%d\nq=%.12g\n", i, 1+math.Sin(float64(i))+min(1e-3*float64(i+1), 0.02))
	}
	var ref strings.Builder
	for i := range 100 {
		fmt.Fprintf(&ref, "time=%d\nq=%.12g\n", i, 1+math.Sin(float64(i)))
	}
	g = compareBySchema(t, s, ref.String(), got.String(), parity.Options{Tolerance: 1e-6}).Growth
	if want := "q differs by 1e-3 at time 0; grows 20-fold after: more than rounding makes in the first step"; g == nil || g.Text != want {
		t.Errorf("%+v", g)
	}
}
