package sim

import "slices"

// switchTable lists the habits in the order of a pixel's computation. The values
// of a switch stand in the order of its field's constants.
var switchTable = append(append(setupSwitches(), crystalSwitches()...), pixelSwitches()...)

// setupSwitches are those of flags, files and the detector.
func setupSwitches() []Switch {
	return []Switch{
		choice("flags", "how flags match", func(p *Profile) *FlagMatch { return &p.Flags },
			SwitchValue{"exact", "a flag is what it spells"},
			SwitchValue{"substring", "every flag whose name the argument contains, so that -twotheta_axis also sets -twotheta"},
			SwitchValue{"bl831", "as substring, and -misset_seed is -misset too: behind -misset random it undoes that"},
			SwitchValue{"bl831-cuda", "as bl831; -thicksteps sets the crystal's size too, -oversample_omega sets -oversample, -misset random draws from -seed"},
			SwitchValue{"torch", "a flag is what it spells; a vector makes it CUSTOM with the beam along z, -ORGX, -Xclose and -flux set no number, and the pivot goes by which flags there are"}),
		choice("setup", "precision of the cell, its orientations, the detector's axes and the beam centre", func(p *Profile) *Setup { return &p.Setup },
			SwitchValue{"float64", "double"},
			SwitchValue{"float32", "single, and double from there on"},
			SwitchValue{"float32-cell", "single for the cell and its orientations alone"},
			SwitchValue{"float32-detector", "single for the detector alone"}),
		yesNo("comments", "lines of a source file that start with #", func(p *Profile) *bool { return &p.SourceComments },
			SwitchValue{"skipped", "are comments"},
			SwitchValue{"counted", "count as sources, words as zeros"}),
		choice("stops", "what the program refuses to compute", func(p *Profile) *Stops { return &p.Stops },
			SwitchValue{"never", "nothing"},
			SwitchValue{"bl831-cuda", "Gaussian and flat spots, -fudge, -interpolate, -stol, -4stol and -Q"},
			SwitchValue{"curved", "curved detectors"}),
		yesNo("dials-axes", "the frame of -dials", func(p *Profile) *bool { return &p.DialsMinusZ },
			SwitchValue{"plus-z", "beam +z, slow +y, spindle y"},
			SwitchValue{"minus-z", "beam -z, slow -y, spindle x"}),
		choice("orgx", "where ORGX and ORGY count from", func(p *Profile) *Orgx { return &p.Orgx },
			SwitchValue{"half-pixel", "(ORGX - 0.5) pixels"},
			SwitchValue{"none", "ORGX pixels"},
			SwitchValue{"unset", "ORGX pixels in CUSTOM; in XDS and DIALS the origin is no number with ORGX, and MOSFLM's beam centre without"}),
		choice("odet", "a given detector normal", func(p *Profile) *Odet { return &p.Odet },
			SwitchValue{"regenerate", "becomes fast x slow unless its length is exactly 1"},
			SwitchValue{"keep", "is kept, whatever its length"},
			SwitchValue{"regenerate-sided", "as regenerate, turned to the side of the given one: a left-handed panel keeps its side"}),
		yesNo("close", "distance of closest approach, where the distance is given", func(p *Profile) *bool { return &p.CloseTwotheta },
			SwitchValue{"before-twotheta", "follows rotx, roty and rotz"},
			SwitchValue{"after-twotheta", "follows twotheta too"}),
		yesNo("source-lambda", "wavelengths of a source file", func(p *Profile) *bool { return &p.OneLambda },
			SwitchValue{"file", "are the sources'"},
			SwitchValue{"main", "are not used: all have the main one"}),
		yesNo("vectors", "given vectors of the beam and the detector's axes", func(p *Profile) *bool { return &p.VectorsRaw },
			SwitchValue{"unit", "are made unit vectors"},
			SwitchValue{"as-given", "are used with the length they have"}),
		yesNo("detector-order", "order of the detector's rotations rotx, roty and rotz", func(p *Profile) *bool { return &p.DetectorZYX },
			SwitchValue{"xyz", "about x first: R = Rz Ry Rx"},
			SwitchValue{"zyx", "about z first: R = Rx Ry Rz"}),
		yesNo("layer-pitch", "thickness of one of n layers of a sensor, where n is given", func(p *Profile) *bool { return &p.LayerPitch },
			SwitchValue{"n-1", "the sensor's by n - 1"},
			SwitchValue{"n", "the sensor's by n"}),
		choice("absorption", "a sensor whose -detector_abs is not given", func(p *Profile) *Absorption { return &p.Absorption },
			SwitchValue{"thickness", "has its thickness for the attenuation depth"},
			SwitchValue{"nothing", "captures nothing: the image is zero"},
			SwitchValue{"234um", "has 234 um; depths are divided by it, not multiplied by its inverse"}),
	}
}

// crystalSwitches are those of the orientations and the structure factors.
func crystalSwitches() []Switch {
	return []Switch{
		yesNo("misset-order", "order of the missetting's rotations", func(p *Profile) *bool { return &p.MissetZYX },
			SwitchValue{"xyz", "about x first: R = Rz Ry Rx"},
			SwitchValue{"zyx", "about z first: R = Rx Ry Rz"}),
		choice("mosaic-0", "the first mosaic domain", func(p *Profile) *MosaicFirst { return &p.MosaicFirst },
			SwitchValue{"draw", "is not turned, and draws its random numbers all the same"},
			SwitchValue{"no-draw", "is not turned and draws none, so that the others draw what it would have drawn"},
			SwitchValue{"turned", "is turned as the others are"}),
		yesNo("mosaic-draws", "the mosaic domains' random numbers and their spread", func(p *Profile) *bool { return &p.MosaicDouble },
			SwitchValue{"float32", "are rounded to float32"},
			SwitchValue{"float64", "are not"}),
		choice("phi-zero", "vectors of a step at phi = 0 exactly", func(p *Profile) *PhiZero { return &p.PhiZero },
			SwitchValue{"fresh", "unrotated"},
			SwitchValue{"carry", "those of the step before, also across pixels; the run's first sweep is fresh"}),
		yesNo("cell-count", "cells along an edge that is given in millimetres", func(p *Profile) *bool { return &p.CellFractions },
			SwitchValue{"whole", "are rounded up"},
			SwitchValue{"fraction", "need not be whole"}),
		yesNo("miller", "precision of the Miller index", func(p *Profile) *bool { return &p.MillerSingle },
			SwitchValue{"float64", "double"},
			SwitchValue{"float32", "is rounded to single, and double from there on"}),
		yesNo("crystal-shape", "the crystal's shape", func(p *Profile) *bool { return &p.AlwaysGauss },
			SwitchValue{"as-given", "is that of the flags"},
			SwitchValue{"gauss", "is Gaussian, whatever the flags say"}),
		yesNo("gauss-radius", "squared radius of Gaussian and flat spots", func(p *Profile) *bool { return &p.RadiusHKL },
			SwitchValue{"reciprocal", "|dh a* + dk b* + dl c*|^2 (Na Nb Nc)^2"},
			SwitchValue{"hkl", "dh^2 Na^2 + dk^2 Nb^2 + dl^2 Nc^2"}),
		choice("interp-oob", "a sample out of the interpolation's range", func(p *Profile) *InterpOOB { return &p.InterpOOB },
			SwitchValue{"latch-default", "takes default_F; interpolation is off from there on"},
			SwitchValue{"latch-nearest", "takes the nearest F; interpolation is off from there on"},
			SwitchValue{"latch-skip", "adds nothing; interpolation is off from there on"},
			SwitchValue{"nearest", "takes the nearest F; interpolation stays on"},
			SwitchValue{"off", "no interpolation anywhere"}),
		choice("F000", "structure factor of 0 0 0", func(p *Profile) *FOrigin { return &p.FOrigin },
			SwitchValue{"as-listed", "what the list says"},
			SwitchValue{"zero", "0, whatever the list says, and without a list"},
			SwitchValue{"zero-listed", "0, whatever the list says; default_F without a list"}),
		yesNo("F-beyond", "structure factor beyond the bounds of the list", func(p *Profile) *bool { return &p.FBeyondZero },
			SwitchValue{"default_F", "-default_F"},
			SwitchValue{"zero", "0"}),
		yesNo("hkl-count", "the number of reflections", func(p *Profile) *bool { return &p.Count16 },
			SwitchValue{"full", "counts all"},
			SwitchValue{"16-bit", "has 16 bits: a list of 65536 counts as none"}),
	}
}

// pixelSwitches are those of sums and factors.
func pixelSwitches() []Switch {
	return []Switch{
		choice("steps", "what the sum is divided by", func(p *Profile) *StepCount { return &p.Steps },
			SwitchValue{"with-sources", "sources too; weights are not used"},
			SwitchValue{"without-sources", "not sources; every sample counts times its source's weight"},
			SwitchValue{"with-layers", "sources and layers too; every sample counts times its source's weight"}),
		yesNo("source-weight", "a source of a file that has no weight", func(p *Profile) *bool { return &p.WeightShare },
			SwitchValue{"one", "has 1"},
			SwitchValue{"share", "has 1 by the number of sources"}),
		yesNo("layers", "the sensor's layers among a pixel's loops", func(p *Profile) *bool { return &p.LayersInside },
			SwitchValue{"outside", "around the subpixels"},
			SwitchValue{"inside", "within each subpixel, which shows in which sample is the last, and in last bits"}),
		choice("water", "background of -water", func(p *Profile) *Water { return &p.Water },
			SwitchValue{"added", "starts the pixel's sum"},
			SwitchValue{"first-sample", "starts it, times the first sample's factors"},
			SwitchValue{"none", "is left out"},
			SwitchValue{"after-scaling", "is added to the pixel's photons"}),
		yesNo("sums", "how a pixel's samples are summed", func(p *Profile) *bool { return &p.SumByPhi },
			SwitchValue{"running", "one by one"},
			SwitchValue{"by-phi", "the domains of each phi step first, which shows in last bits"}),
		yesNo("layer-sum", "which of the sensor's layers a pixel is summed on", func(p *Profile) *bool { return &p.LayerLast },
			SwitchValue{"all", "every one"},
			SwitchValue{"front", "the front alone, with the last layer's capture fraction"}),
		kept("capture", "the layers' capture fraction", func(p *Profile) *Keep { return &p.CaptureKeep }, captureKeeps,
			SwitchValue{"last-layer", "the last layer's multiplies the pixel"},
			SwitchValue{"every", "every sample is multiplied by its layer's"},
			SwitchValue{"centre", "the last layer's at the pixel's centre multiplies the pixel"}),
		kept("polar", "polarisation factor of the pixel", func(p *Profile) *Keep { return &p.PolarKeep }, polarKeeps,
			SwitchValue{"last", "that of the last sample that the resolution limit leaves"},
			SwitchValue{"first", "that of the first sample that the resolution limit leaves"},
			SwitchValue{"first-else-1", "as first, and 1 where the limit cuts all samples"},
			SwitchValue{"last-lit", "that of the last sample whose lattice factor is not 0"},
			SwitchValue{"final", "that of the very last sample: 1 where its lattice factor is 0, 0 where the resolution limit cuts it"},
			SwitchValue{"centre", "that of the pixel's centre, on the first layer with the first source"},
			SwitchValue{"every", "every sample is multiplied by its own"}),
		yesNo("directions", "directions behind a polarisation factor", func(p *Profile) *bool { return &p.PolarKept },
			SwitchValue{"renewed", "are made unit vectors once more for the sources behind, which shows in last bits"},
			SwitchValue{"kept", "are as before"}),
		choice("omega", "solid angle of the pixel", func(p *Profile) *Keep { return &p.OmegaKeep },
			SwitchValue{"last", "the last sample's"},
			SwitchValue{"first", "the first sample's"},
			SwitchValue{"every", "every sample is multiplied by its own"}),
		choice("products", "order of the last multiplications, which shows in the last bit", func(p *Profile) *Products { return &p.Products },
			SwitchValue{"polar-last", "r_e^2 fluence I / steps, then the polarisation factor"},
			SwitchValue{"polar-first", "r_e^2 fluence polar I / steps"},
			SwitchValue{"steps-first", "(r_e^2 fluence / steps) polar I"}),
		choice("traced", "which samples of a pixel a trace is of", func(p *Profile) *Traced { return &p.Traced },
			SwitchValue{"samples", "every subpixel on every layer, with the first source"},
			SwitchValue{"centre", "the pixel's centre once, with the main beam; reciprocal vectors turned with the cell, interpolated structure factors, lattice factors of a parallelepiped"},
			SwitchValue{"centre-metres", "as centre, with the cell in metres and the indices that come of it"}),
	}
}

// captureKeeps and polarKeeps are the settings of the switches capture and polar, in
// their order: each factor has others.
var (
	captureKeeps = []Keep{KeepLast, KeepEvery, KeepCentre}
	polarKeeps   = []Keep{KeepLast, KeepFirst, KeepFirstElse1, KeepLastLit, KeepFinal, KeepCentre, KeepEvery}
)

// kept makes a switch of a factor that has some of the settings of Keep.
func kept(name, help string, field func(p *Profile) *Keep, keeps []Keep, values ...SwitchValue) Switch {
	return Switch{
		Name: name, Help: help, Values: values,
		get: func(p *Profile) int { return slices.Index(keeps, *field(p)) },
		set: func(p *Profile, i int) { *field(p) = keeps[i] },
	}
}
