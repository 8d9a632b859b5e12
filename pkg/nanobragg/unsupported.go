package nanobragg

// unsupportedFlags are options of nanoBragg that this version knows and does
// not have yet. They are refused: an ignored flag is a wrong image.
var unsupportedFlags = refuse(
	flagArity{"-stol", 1}, flagArity{"-4stol", 1}, flagArity{"-Q", 1}, flagArity{"-stolout", 1},
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
