package sim

import "simtrace/pkg/sim/fast"

// scene describes the image for a device, from what the racer prepared.
func (r *racer) scene() *fast.Scene {
	e, l := r.e, &r.lattice
	s := &fast.Scene{
		Table: r.table, F: l.F, Shape: r.sceneShape(), General: e.Interpolate || e.compounds, Interpolate: e.Interpolate,
		First: e.ROI[0], Width: e.ROI[1] - e.ROI[0] + 1, Pitch: e.Geometry.Fast, Latch: r.latch,
	}
	g := e.Geometry
	s.Setup = fast.Setup{
		Fast: g.Frame.Fast, Slow: g.Frame.Slow, Normal: g.Frame.Normal, Origin: g.Pix0,
		Subpixel: e.subpixel, Centre: float64(e.subpixel / 2.0), Thick: g.ThickStep,
		Area: r.solid.Area, Close: r.solid.Close, Scale: r.scale, Dmin: max(e.Dmin, 0),
		Cells: l.Cells, Volume: l.Volume, Fudge: l.Fudge, Star: l.Star,
		Lo: l.Lo, Hi: l.Hi, Stride: l.Stride, Base: l.Base,
		Least: l.Least, Most: l.Most, Low: l.Low, Count: l.Count, Outside: l.Outside,
		Oversample: int64(e.Oversample), NSamples: int64(e.samples()), NSources: int64(len(r.rays)), NOriented: int64(len(r.table)),
		What: r.sceneBits(),
	}
	if e.Config.Profile.Water.inSum() {
		s.Setup.Background = e.Beam.Background
	}
	for i := range e.samples() {
		s.Samples = append(s.Samples, r.sceneSample(i))
	}
	for i := range r.rays {
		s.Sources = append(s.Sources, fast.Source{Ray: r.rays[i], Kahn: r.kahns[i], Weight: e.Beam.Sources[i].Weight})
	}
	if g.Curved {
		s.Placer = r.placer
	}
	return s
}

func (r *racer) sceneShape() fast.SceneShape {
	if r.plain {
		return fast.SceneOneCell
	}
	return map[Shape]fast.SceneShape{
		Square: fast.SceneSquare, Round: fast.SceneRound, Gauss: fast.SceneGauss, Tophat: fast.SceneTophat,
	}[r.e.Config.Crystal.Shape]
}

// sceneBits says what all samples do, as worker does it.
func (r *racer) sceneBits() int64 {
	e := r.e
	p, s := &e.Config.Profile, &e.Config.Sampling
	return bits(map[int64]bool{
		fast.SetupWeighed:  e.factors && p.Steps.weighs(),
		fast.SetupCaptured: e.factors && p.CaptureKeep == KeepEvery,
		fast.SetupOmegaed:  e.factors && p.OmegaKeep == KeepEvery,
		fast.SetupThick:    e.compoundThick, fast.SetupPolar: e.compoundPolar, fast.SetupOmegas: e.compoundOmega,
		fast.SetupWater:      e.Beam.WaterSize != 0 && p.Water.inSum(),
		fast.SetupEndCapture: p.CaptureKeep == KeepEvery || s.OversampleThick,
		fast.SetupEndOmega:   p.OmegaKeep == KeepEvery || s.OversampleOmega,
		fast.SetupEndPolar:   e.compoundPolar,
		fast.SetupPlaced:     e.Geometry.Curved,
		fast.SetupReciprocal: r.lattice.Reciprocal,
		fast.SetupPoint:      r.solid.Point != 0,
	})
}

// sceneSample says what one sample computes, as worker.sample and worker.polarize do.
func (r *racer) sceneSample(i int) fast.Sample {
	e, g := r.e, r.e.Geometry
	p, s := &e.Config.Profile, &e.Config.Sampling
	at := e.sampleAt(i)
	first, last := i == 0, i == e.samples()-1
	kept := at.Layer == g.ThickSteps-1 && at.Sub == 0
	if p.LayersInside {
		kept = last
	}
	each, once := e.compoundPolar, p.PolarKeep.first()
	normalize := !p.PolarKept && (each || !e.Beam.NoPolar)
	return fast.Sample{
		Front: r.layers[at.Layer].Front, Behind: r.layers[at.Layer].Behind,
		Layer: int64(at.Layer), SubS: int64(at.Sub / e.Oversample), SubF: int64(at.Sub % e.Oversample),
		What: bits(map[int64]bool{
			fast.SampleOmega:          p.OmegaKeep == KeepEvery || s.OversampleOmega || first && p.OmegaKeep == KeepFirst || last && p.OmegaKeep == KeepLast,
			fast.SampleCapture:        s.OversampleThick || g.Thick > 0 && (p.CaptureKeep == KeepEvery || kept),
			fast.SampleWater:          first && p.Water == WaterFirst,
			fast.SampleNormalize:      normalize && (each || !once),
			fast.SampleNormalizeFirst: normalize && !each && once && first && len(r.rays) > 1,
			fast.SamplePolarFirst:     !each && !e.Beam.NoPolar && once && first,
			fast.SamplePolarLast:      !each && !e.Beam.NoPolar && !once && last,
		}),
	}
}

// bits adds up those that are set.
func bits(set map[int64]bool) (sum int64) {
	for bit, on := range set {
		if on {
			sum |= bit
		}
	}
	return sum
}

// placer returns a function that computes directions and distances of a curved
// detector's pixels.
func (r *racer) placer() func(slow, fast0, n, sample int, places [][4]float64) {
	b, l := new(fast.Block), new(locator)
	return func(slow, fast0, n, sample int, places [][4]float64) {
		at := r.e.sampleAt(sample)
		for from := 0; from < n; from += fast.Width {
			some := min(fast.Width, n-from)
			r.e.locate(b, r.kernels, fastSample{slow: slow, fast: fast0 + from, n: lanes(some), layer: at.Layer, sub: at.Sub}, l)
			for i := range some {
				places[from+i] = [4]float64{b.X[i], b.Y[i], b.Z[i], b.R[i]}
			}
		}
	}
}
