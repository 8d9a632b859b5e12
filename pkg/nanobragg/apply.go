package nanobragg

import (
	"fmt"
	"math"
	"strings"

	"simtrace/pkg/sim"
)

func applyCell(b *Builder, v []value) error {
	f, err := floats(v)
	if err != nil {
		return err
	}
	var cell [6]float64
	if b.Config.Crystal.Cell != nil {
		cell = *b.Config.Crystal.Cell
	}
	copy(cell[:], f)
	b.Config.Crystal.Cell = &cell
	return nil
}

func applyMisset(b *Builder, v []value) error {
	c := &b.Config.Crystal
	if strings.Contains(string(v[0]), "rand") {
		c.MissetRandom = true
		return nil
	}
	if len(v) < 3 {
		return fmt.Errorf("-misset needs 3 angles in degrees, or the word random")
	}
	f, err := floats(v)
	if err == nil {
		c.MissetRandom, c.Misset = false, (*[3]float64)(f)
	}
	return err
}

func applyPivot(b *Builder, v []value) error {
	switch {
	case strings.Contains(string(v[0]), "sample"):
		b.Config.Detector.Pivot = sim.PivotSample
	case strings.Contains(string(v[0]), "beam"):
		b.Config.Detector.Pivot = sim.PivotBeam
	default:
		return fmt.Errorf("%q is no pivot: sample or beam", string(v[0]))
	}
	return nil
}

func applyPix0(b *Builder, v []value) error {
	_, err := floats(v)
	b.Config.Detector.Convention = sim.Custom
	return err
}

func applyDetsize(b *Builder, v []value) error {
	f, err := v[0].float()
	b.Config.Detector.SizeFastMM, b.Config.Detector.SizeSlowMM = f, f
	return err
}

func applyPixels(fast, slow bool) func(*Builder, []value) error {
	return func(b *Builder, v []value) error {
		n, err := v[0].int()
		if err == nil && n <= 0 {
			err = fmt.Errorf("%d pixels are none", n)
		}
		if fast {
			b.Config.Detector.PixelsFast = n
		}
		if slow {
			b.Config.Detector.PixelsSlow = n
		}
		return err
	}
}

func applyPolar(b *Builder, v []value) error {
	f, err := v[0].float()
	b.Config.Beam.Polarization, b.Config.Beam.NoPolar = f, false
	return err
}

func applyROI(b *Builder, v []value) error {
	for i := range v {
		n, err := v[i].int()
		if err != nil {
			return err
		}
		b.Config.Sampling.ROI[i] = n
	}
	return nil
}

func applyLambda(b *Builder, v []value) error {
	f, err := v[0].float()
	b.Config.Beam.LambdaA, b.Config.Beam.EnergyEV = f, 0
	return err
}

func applyEnergy(b *Builder, v []value) error {
	f, err := v[0].float()
	if err == nil && f <= 0 {
		err = fmt.Errorf("energy %g eV is not positive", f)
	}
	b.Config.Beam.EnergyEV = f
	return err
}

func applySeed(into func(*Builder) *int64) func(*Builder, []value) error {
	return func(b *Builder, v []value) error {
		n, err := v[0].int()
		*into(b) = int64(n)
		return err
	}
}

func setCells(axes ...int) func(*Builder, []value) error {
	return func(b *Builder, v []value) error {
		n, err := v[0].int()
		for _, a := range axes {
			b.Config.Crystal.Cells[a] = float64(n)
		}
		return err
	}
}

func setSize(axes ...int) func(*Builder, []value) error {
	return func(b *Builder, v []value) error {
		f, err := v[0].float()
		for _, a := range axes {
			b.Config.Crystal.SizeMM[a] = f
		}
		return err
	}
}

func setShape(s sim.Shape) func(*Builder, []value) error {
	return do(func(b *Builder) { b.Config.Crystal.Shape = s })
}

// idle is for flags that C reads and has no use for.
func idle(name string) func(*Builder, []value) error {
	return func(b *Builder, v []value) error {
		b.warn("%s has no effect: C reads it and does not use it", name)
		_, err := floats(v)
		return err
	}
}

// onlyZero is for flags of upstream's README that its program does not know and
// ignores: 0 asks for what happens anyway.
func onlyZero(name, meant string) func(*Builder, []value) error {
	return func(b *Builder, v []value) error {
		if !asSpelled(b.Config.Profile) {
			b.warn("unknown flag %s (did you mean %s?): ignored, as in C", name, meant)
			return nil
		}
		f, err := v[0].float()
		if err == nil && f != 0 {
			err = fmt.Errorf("the C program does not know this flag: take %s", meant)
		}
		return err
	}
}

func applyDivergence(b *Builder, v []value) error {
	f, err := v[0].float()
	b.Config.Beam.HDivergence.Range, b.Config.Beam.VDivergence.Range = f, f
	return err
}

func applyDivsteps(b *Builder, v []value) error {
	n, err := v[0].int()
	b.Config.Beam.HDivergence.Steps, b.Config.Beam.VDivergence.Steps = n, n
	return err
}

func applyAbsorb(b *Builder, v []value) error {
	d := &b.Config.Detector
	if v[0] == "inf" {
		d.AbsorbUM, d.ThickUM = math.Inf(1), 0
		return nil
	}
	f, err := v[0].float()
	if d.AbsorbUM = f; f == 0 {
		d.AbsorbUM, d.ThickUM = math.Inf(1), 0
	}
	return err
}
