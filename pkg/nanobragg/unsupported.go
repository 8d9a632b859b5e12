package nanobragg

// unsupportedFlags are options of nanoBragg that this version knows and does
// not have yet. They are refused: an ignored flag is a wrong image.
var unsupportedFlags = refuse(
	flagArity{"-img", 1}, flagArity{"-mask", 1},
	flagArity{"-stol", 1}, flagArity{"-4stol", 1}, flagArity{"-Q", 1}, flagArity{"-stolout", 1},
	flagArity{"-intfile", 1}, flagArity{"-intimage", 1}, flagArity{"-pgmfile", 1}, flagArity{"-pgmimage", 1},
	flagArity{"-noisefile", 1}, flagArity{"-noiseimage", 1},
	flagArity{"-scale", 1}, flagArity{"-pgmscale", 1}, flagArity{"-adc", 1},
	flagArity{"-printout", 0}, flagArity{"-printout_pixel", 2}, flagArity{"-trace_pixel", 2}, flagArity{"-dump_pixel", 2},
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
