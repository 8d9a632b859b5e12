package nanobragg

// unsupportedFlags are options of nanoBragg that this version knows and does
// not have yet. They are refused: an ignored flag is a wrong image.
var unsupportedFlags = refuse(
	flagArity{"-xtalsize", 1}, flagArity{"-xtal_size", 1}, flagArity{"-xtal_thick", 1}, flagArity{"-xtal_x", 1},
	flagArity{"-xtal_width", 1}, flagArity{"-xtal_y", 1}, flagArity{"-xtal_height", 1}, flagArity{"-xtal_z", 1},
	flagArity{"-samplesize", 1}, flagArity{"-sample_size", 1}, flagArity{"-sample_thick", 1}, flagArity{"-sample_x", 1},
	flagArity{"-sample_width", 1}, flagArity{"-sample_y", 1}, flagArity{"-sample_height", 1}, flagArity{"-sample_z", 1},
	flagArity{"-width", 1}, flagArity{"-height", 1}, flagArity{"-density", 1}, flagArity{"-MW", 1},
	flagArity{"-dispersion", 1}, flagArity{"-dispsteps", 1}, flagArity{"-divergence", 1},
	flagArity{"-hdivrange", 1}, flagArity{"-vdivrange", 1}, flagArity{"-hdivstep", 1}, flagArity{"-hdivsteps", 1},
	flagArity{"-vdivstep", 1}, flagArity{"-vdivsteps", 1}, flagArity{"-divsteps", 1}, flagArity{"-round_div", 0}, flagArity{"-square_div", 0},
	flagArity{"-dmin", 1}, flagArity{"-img", 1}, flagArity{"-mask", 1}, flagArity{"-stol", 1}, flagArity{"-4stol", 1}, flagArity{"-Q", 1},
	flagArity{"-stolout", 1}, flagArity{"-sourcefile", 1}, flagArity{"-adc", 1},
	flagArity{"-intfile", 1}, flagArity{"-intimage", 1}, flagArity{"-pgmfile", 1}, flagArity{"-pgmimage", 1},
	flagArity{"-noisefile", 1}, flagArity{"-noiseimage", 1}, flagArity{"-scale", 1}, flagArity{"-pgmscale", 1},
	flagArity{"-coherent", 0}, flagArity{"-printout", 0}, flagArity{"-printout_pixel", 2},
	flagArity{"-trace_pixel", 2}, flagArity{"-dump_pixel", 2},
	flagArity{"-round_xtal", 0}, flagArity{"-gauss_xtal", 0}, flagArity{"-tophat_spots", 0}, flagArity{"-binary_spots", 0},
	flagArity{"-fudge", 1}, flagArity{"-misset_seed", 1}, flagArity{"-water", 1},
)

type flagArity struct {
	name string
	args int
}

func refuse(known ...flagArity) []Flag {
	var out []Flag
	for _, k := range known {
		out = append(out, Flag{Name: k.name, Args: k.args, Group: "Not supported yet", Unsupported: true, length: len(k.name)})
	}
	return out
}
