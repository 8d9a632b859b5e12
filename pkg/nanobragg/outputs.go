package nanobragg

import "simtrace/pkg/sim"

// Outputs is what a rendering writes besides the float image, and prints.
type Outputs struct {
	IntFile   string // integer image; "" for none
	PGMFile   string // preview; "" for none
	NoiseFile string // integer image of photon counts; "" for none
	NoPGM     bool   // -nopgm came last: no preview, whatever its name
	NoNoise   bool   // -nonoise came last

	Scale    float64 // of the integer image; not positive: by its brightest pixel
	PGMScale float64 // of the preview; not positive: by the rms deviation
	ADC      float64 // added to every pixel of the integer images
	Seed     int64   // of the noise, as -seed takes it
	SeedSet  bool

	DumpFile string // structure factors for the next run, written where -hkl was read; "" for none

	Printout      bool       // figures of every computed pixel, or of PrintoutPixel
	PrintoutPixel *sim.Pixel // nil for all
	TracePixel    *sim.Pixel // nil for none
}

// defaultADC is the offset of integer images.
const defaultADC = 40.0

// DefaultSeed is the noise's seed where none is given. The reference takes the
// time, which nobody can repeat.
const DefaultSeed = 1

// defaultOutputs: the reference writes everything, unless told not to; the
// specification's profile writes what is asked for.
func defaultOutputs(p sim.Profile) Outputs {
	o := Outputs{ADC: defaultADC, Seed: DefaultSeed}
	if asReference(p) {
		o.IntFile, o.PGMFile, o.NoiseFile, o.DumpFile = "intimage.img", "image.pgm", "noiseimage.img", dumpName
	}
	return o
}

// asReference reports whether files come and go as the reference has them.
func asReference(p sim.Profile) bool {
	return p.Name == sim.ProfileNanoBragg.Name || p.Name == "bl831-c"
}

// AsReference reports whether files come and go, and lines are printed, as the
// reference has them.
func (b *Builder) AsReference() bool { return asReference(b.Config.Profile) }

// Noise reports whether a noise image is to be written.
func (o *Outputs) Noise() bool { return o.NoiseFile != "" && !o.NoNoise }

// PGM reports whether a preview is to be written.
func (o *Outputs) PGM() bool { return o.PGMFile != "" && !o.NoPGM }

func setOutput(into func(*Outputs) *string) func(*Builder, []value) error {
	return setText(func(b *Builder) *string { return into(&b.Out) })
}

func applyNoiseFile(b *Builder, v []value) error {
	b.Out.NoiseFile, b.Out.NoNoise = string(v[0]), false
	return nil
}

func applyPGMFile(b *Builder, v []value) error {
	b.Out.PGMFile, b.Out.NoPGM = string(v[0]), false
	return nil
}

func applyPGMScale(b *Builder, v []value) error {
	f, err := v[0].float()
	b.Out.PGMScale, b.Out.NoPGM = f, false
	return err
}

func applyNoiseSeed(b *Builder, v []value) error {
	n, err := v[0].int()
	b.Out.Seed, b.Out.SeedSet = int64(n), true
	return err
}

// pixel reads two whole numbers.
func pixel(first, second value) (i, j int, err error) {
	if i, err = first.int(); err == nil {
		j, err = second.int()
	}
	return i, j, err
}

// applyPrintoutPixel takes fast slow, applyTracePixel slow fast, as in C.
func applyPrintoutPixel(b *Builder, v []value) error {
	fast, slow, err := pixel(v[0], v[1])
	b.Out.Printout, b.Out.PrintoutPixel = true, &sim.Pixel{Slow: slow, Fast: fast}
	if fast < 0 {
		b.Out.PrintoutPixel = nil
	}
	return err
}

func applyTracePixel(b *Builder, v []value) error {
	slow, fast, err := pixel(v[0], v[1])
	b.Out.TracePixel = &sim.Pixel{Slow: slow, Fast: fast}
	if slow < 0 || fast < 0 {
		b.Out.TracePixel = nil
	}
	return err
}

// checkOutputs warns of what a user may not expect of the files.
func (b *Builder) checkOutputs(e *sim.Experiment) {
	o := &b.Out
	for _, p := range []struct {
		setting string
		pixel   *sim.Pixel
	}{{"trace_pixel", o.TracePixel}, {"printout_pixel", o.PrintoutPixel}} {
		if p.pixel == nil {
			continue
		}
		if err := e.Check(*p.pixel); err != nil {
			b.warn("%s prints nothing: %v", b.setBy[p.setting], err)
		}
	}
	if o.Noise() && !o.SeedSet {
		b.warn("the noise is drawn with seed %d; the reference takes the time where -seed is not given", o.Seed)
	}
	if by, set := b.setBy["pgmscale"]; set && o.PGMFile == "" {
		b.warn("%s has no effect: give -pgmfile", by)
	}
	if by, set := b.setBy["scale"]; set && o.IntFile == "" {
		b.warn("%s has no effect: give -intfile", by)
	}
	if by, set := b.setBy["seed"]; set && o.NoiseFile == "" {
		b.warn("%s has no effect: give -noisefile", by)
	}
}
