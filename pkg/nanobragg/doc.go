// Package nanobragg is what a nanoBragg user holds in hand: the command-line
// flags, matrix and structure-factor files, source lists, float images, and
// configurations in YAML or embedded in the program.
//
//	args -> Split -> ours (two dashes)
//	             +-> []Arg (one dash) -> Builder.Apply -> sim.Config -> Builder.Prepare -> *sim.Experiment
//
// Flags apply in order and the last one wins, as in C. What one flag does to
// the settings of another, and what it switches besides its own, becomes a
// warning in Builder.Warnings. Under a profile whose flags match by substring, as
// C's do, -twotheta_axis also sets -twotheta; under the others it does not.
//
// Every value of the result can be asked where it came from: see
// Builder.Resolved.
package nanobragg
