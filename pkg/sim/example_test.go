package sim_test

import (
	"context"
	"fmt"

	"simtrace/pkg/sim"
	"simtrace/pkg/trace/schema"
)

// A pixel is traced by handing a tap to it; the numbers are those that the
// rendered image is made of.
func ExampleExperiment_Trace() {
	c := sim.DefaultConfig()
	c.Crystal.Cell = &[6]float64{100, 100, 100, 90, 90, 90}
	c.Crystal.Cells = [3]float64{5, 5, 5}
	c.Crystal.DefaultF = 100
	c.Detector.PixelsFast, c.Detector.PixelsSlow = 64, 64

	e, err := sim.Prepare(c)
	if err != nil {
		fmt.Println(err)
		return
	}
	tap := sim.NewTap(sim.Filter{Stages: []schema.Stage{schema.Miller, schema.Lattice}})
	photons, err := e.Trace(context.Background(), sim.Pixel{Slow: 31, Fast: 40}, tap)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range tap.Samples[:3] {
		fmt.Printf("%s %.6g\n", s.Key, s.Values)
	}
	fmt.Printf("%.6g photons\n", photons)
	// Output:
	// hkl_frac [-0.00278113 0.174995 0.72498]
	// hkl_rounded [0 0 1]
	// F_latt_a [4.99847]
	// 0.725222 photons
}

// phiHistogram is a sink: it adds up the squared lattice factors of each phi step.
type phiHistogram struct{ sums []float64 }

func (h *phiHistogram) Take(s *sim.Sample) {
	if s.Key == schema.FLatt {
		h.sums[s.At.Phi] += s.Values[0] * s.Values[0]
	}
}

// A sink of one's own takes the samples of all pixels of a region while they are
// rendered, those of each domain and phi step included.
func ExampleSink() {
	c := sim.DefaultConfig()
	c.Crystal.Cell = &[6]float64{100, 100, 100, 90, 90, 90}
	c.Crystal.Cells, c.Crystal.DefaultF = [3]float64{5, 5, 5}, 100
	c.Rotation = sim.RotationConfig{OscDeg: 3, PhistepDeg: -1, Phisteps: 4}
	c.Detector.PixelsFast, c.Detector.PixelsSlow = 64, 64
	e, err := sim.Prepare(c)
	if err != nil {
		fmt.Println(err)
		return
	}
	h := &phiHistogram{make([]float64, 4)}
	tap := sim.NewTap(sim.Filter{All: true, Stages: []schema.Stage{schema.Lattice}}, h)
	_, err = e.Render(context.Background(), sim.Options{Threads: 1, TapOf: func(p sim.Pixel) *sim.Tap {
		if p.Slow < 20 || p.Slow > 40 {
			return nil
		}
		return tap // of one goroutine, because of Threads
	}})
	fmt.Printf("%.4g %v\n", h.sums, err)
	// Output:
	// [3.267e+06 3.321e+06 3.333e+06 3.302e+06] <nil>
}
