package nanobragg

import (
	"fmt"
	"io"
	"math"

	"simtrace/pkg/sim"
	"simtrace/pkg/sim/crmath"
	"simtrace/pkg/trace/schema"
)

// maxPrintout bounds the pixels of -printout: each needs a tap while it is
// rendered, and 16 lines.
const maxPrintout = 100_000

// Taps returns the taps that a rendering needs for -printout, nil for none. A
// pixel that is not computed gets none, as in the reference.
func (o *Outputs) Taps(e *sim.Experiment) (map[sim.Pixel]*sim.Tap, error) {
	if !o.Printout {
		return nil, nil
	}
	taps := map[sim.Pixel]*sim.Tap{}
	if p := o.PrintoutPixel; p != nil {
		if e.Check(*p) == nil {
			taps[*p] = lastTap()
		}
		return taps, nil
	}
	for slow := e.ROI[2]; slow <= e.ROI[3]; slow++ {
		for fast := e.ROI[0]; fast <= e.ROI[1]; fast++ {
			if !e.Wanted(slow, fast) {
				continue
			}
			if taps[sim.Pixel{Slow: slow, Fast: fast}] = lastTap(); len(taps) > maxPrintout {
				return nil, fmt.Errorf("-printout of more than %d pixels: give -printout_pixel or a smaller -roi", maxPrintout)
			}
		}
	}
	return taps, nil
}

func lastTap() *sim.Tap { return sim.NewTap(sim.Filter{All: true, Last: true}) }

// WritePrintout prints the figures of the tapped pixels in scan order, as
// -printout of the reference does: those of the last sample that was evaluated.
// What a pixel did not come to (behind a resolution cut, say) is what an
// earlier printed pixel left, or nan. The notice, where there is one, comes in
// between at its pixel.
func WritePrintout(w io.Writer, e *sim.Experiment, taps map[sim.Pixel]*sim.Tap, notice *Notice) {
	if len(taps) == 0 && notice == nil {
		return
	}
	var f pixelFigures
	f.clear()
	for slow := e.ROI[2]; slow <= e.ROI[3]; slow++ {
		for fast := e.ROI[0]; fast <= e.ROI[1]; fast++ {
			p := sim.Pixel{Slow: slow, Fast: fast}
			if notice != nil && p == notice.At {
				io.WriteString(w, notice.Text)
			}
			if t := taps[p]; t != nil {
				f.take(t)
				f.print(w, e, p)
			}
		}
	}
}

// pixelFigures are the last values of a pixel's quantities.
type pixelFigures struct {
	values map[schema.Key][]float64
	cell   float64
	latt   float64
}

func (f *pixelFigures) clear() {
	nan := math.NaN()
	f.values, f.cell, f.latt = map[schema.Key][]float64{}, nan, nan
}

func (f *pixelFigures) take(t *sim.Tap) {
	at := map[schema.Key]sim.Step{}
	for i := range t.Samples {
		s := &t.Samples[i]
		f.values[s.Key], at[s.Key] = s.Values, s.At
	}
	if _, reached := at[schema.SourceFCell]; reached {
		f.cell = f.get(schema.SourceFCell, 0)
	}
	step, evaluated := at[schema.HKLFrac]
	switch last, reached := at[schema.SourceFLatt]; {
	case !evaluated:
	case reached && last == step:
		f.latt = f.get(schema.SourceFLatt, 0)
	default:
		f.latt = 0 // or the step would have come to the structure factor
	}
}

func (f *pixelFigures) get(k schema.Key, i int) float64 {
	if v := f.values[k]; i < len(v) {
		return v[i]
	}
	return math.NaN()
}

func (f *pixelFigures) vec(k schema.Key) [3]float64 {
	return [3]float64{f.get(k, 0), f.get(k, 1), f.get(k, 2)}
}

func (f *pixelFigures) print(w io.Writer, e *sim.Experiment, p sim.Pixel) {
	pos, q, hkl, near := f.vec(schema.PixelPos), f.vec(schema.ScatteringVec), f.vec(schema.HKLFrac), f.vec(schema.HKLRounded)
	stol := 0.5 * math.Sqrt(float64(q[0]*q[0])+float64(q[1]*q[1])+float64(q[2]*q[2]))
	twotheta := crmath.Atan2(math.Sqrt(float64(pos[1]*pos[1])+float64(pos[2]*pos[2])), pos[0])
	test := crmath.Sin(twotheta/2.0) / (e.Beam.Lambda0 * 1e10)
	sum := f.get(schema.IBeforeScaling, 0)
	printf(w, "%4d %4d : stol = %v or %v\n", p.Fast, p.Slow, stol, test)
	printf(w, "at %v %v %v\n", pos[0], pos[1], pos[2])
	printf(w, "hkl= %s %s %s  hkl0= %.0f %.0f %.0f\n", fixed(hkl[0], 6), fixed(hkl[1], 6), fixed(hkl[2], 6), wholeNumber(near[0]), wholeNumber(near[1]), wholeNumber(near[2]))
	printf(w, " F_cell=%v  F_latt=%v   I = %v\n", f.cell, f.latt, sum)
	for _, n := range []struct {
		name  string
		value float64
	}{
		{"I/steps", sum / float64(e.Steps)}, {"polar  ", f.get(schema.Polar, 0)}, {"omega  ", f.get(schema.OmegaPixel, 0)},
		{"capfrac", f.get(schema.CaptureFraction, 0)}, {"pixel  ", f.get(schema.FloatImage, 0)},
	} {
		fmt.Fprintf(w, "%s %15s\n", n.name, number(n.value, 'g', 10))
	}
	fmt.Fprintf(w, "real-space cell vectors (Angstrom):\n     %-10s  %-10s  %-10s\n", "a", "b", "c")
	a, b, c := f.vec(schema.RotA), f.vec(schema.RotB), f.vec(schema.RotC)
	for i, axis := range "XYZ" {
		fmt.Fprintf(w, "%c: %11s %11s %11s\n", axis, fixed(a[i], 8), fixed(b[i], 8), fixed(c[i], 8))
	}
}

// wholeNumber keeps an index from being printed with C's %g.
type wholeNumber float64
