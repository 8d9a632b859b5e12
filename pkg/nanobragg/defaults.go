package nanobragg

// defaults says what holds where a flag with values is not given: values as one
// would type them, or, in parentheses, where the value comes from.
var defaults = map[string]string{
	"-Na": "1", "-Nb": "1", "-Nc": "1", "-N": "1",
	"-cell": "(none)", "-misset": "(none)", "-misset_seed": "1",
	"-xtalsize": "(from -N)", "-xtal_thick": "(from -Na)", "-xtal_width": "(from -Nb)", "-xtal_heigh": "(from -Nc)",
	"-density": "(not used)", "-MW": "(not used)", "-mat": "(none)", "-fudge": "1",
	"-mosaic": "0", "-mosaic_dom": "(10 where there is a spread, else 1)", "-mosaic_seed": "12345678",

	"-hkl": "(none)", "-default_F": "0",

	"-Xbeam": "(middle of the detector)", "-Ybeam": "(middle of the detector)",
	"-Xclose": "(middle of the detector)", "-Yclose": "(middle of the detector)",
	"-ORGX": "(middle of the detector)", "-ORGY": "(middle of the detector)",
	"-pivot": "(by the flags that choose one; beam)",

	"-fdet_vector": "0 0 1", "-sdet_vector": "0 -1 0", "-odet_vector": "1 0 0", "-beam_vector": "1 0 0",
	"-polar_vector": "0 0 1", "-spindle_axis": "0 0 1", "-twotheta_axis": "0 1 0",
	"-pix0_vector": "(not used)", "-pix0_vector_mm": "(not used)",

	"-distance": "100", "-close_distance": "(from -distance)", "-twotheta": "0",
	"-detector_abs": "(the thickness)", "-detector_thick": "0", "-detector_thicksteps": "(2 where there is a thickness, else 1)",
	"-detector_rotx": "0", "-detector_roty": "0", "-detector_rotz": "0",
	"-detsize": "102.4", "-detsize_f": "102.4", "-detsize_s": "102.4", "-pixel": "0.1",
	"-detpixels": "(from -detsize and -pixel)", "-detpixels_f": "(from -detsize and -pixel)", "-detpixels_x": "(from -detsize and -pixel)",
	"-detpixels_s": "(from -detsize and -pixel)", "-detpixels_y": "(from -detsize and -pixel)",
	"-img": "(none)", "-mask": "(none)",

	"-lambda": "1", "-energy": "(from -lambda)", "-polar": "0",
	"-fluence": "125932015286227086360700780544", "-flux": "0", "-exposure": "1", "-beamsize": "0.1",
	"-dispersion": "0", "-dispsteps": "(1, or 2 where there is a range)",
	"-divergence": "0", "-hdiv": "0", "-vdiv": "0", "-hdivrange": "0", "-vdivrange": "0", "-hdivstep": "(from range and steps)", "-vdivstep": "(from range and steps)",
	"-hdivsteps": "(from range and step)", "-vdivsteps": "(from range and step)", "-divsteps": "(from range and step)",
	"-sourcefile": "(none)",

	"-water": "0", "-stol": "(none)", "-4stol": "(none)", "-Q": "(none)", "-stolout": "(not used)",

	"-phi": "0", "-osc": "(no rotation: one step at -phi)", "-phistep": "(from -osc and -phisteps)", "-phisteps": "(from -osc and -phistep)",
	"-oversample": "(by the crystal's size)", "-roi": "(the whole detector)", "-precision": "(float64)", "-dmin": "0",

	"-floatfile": "floatimage.bin", "-intfile": "(none; of --profile nanobragg intimage.img)",
	"-pgmfile": "(none; of --profile nanobragg image.pgm)", "-noisefile": "(none; of --profile nanobragg noiseimage.img)",
	"-adc": "40", "-scale": "(brightest pixel 55000)", "-pgmscale": "(five times the rms deviation is 250)",
	"-seed": "1", "-printout_pixel": "(every pixel)", "-trace_pixel": "(none)",
}

// Default says what holds where the flag is not given: values as one would type
// them, or, in parentheses, where the value comes from; "" for a flag without
// values.
func (f *Flag) Default() string { return defaults[f.Name] }
