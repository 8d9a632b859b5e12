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
// A rendering's files are made by Outputs.Images and the Write functions: the
// SMV integer image and the noise image, the PGM preview, PNG and NumPy. Under
// the profile nanobragg all that the reference writes is written, under its
// names, and what it prints is printed, but for its title line and memory
// addresses (Builder.WriteBanner, WritePrintout, Builder.WriteReport). Under the
// other profiles only what is asked for is written.
//
// Fdump.bin belongs to that: the reference leaves the structure factors of
// -hkl in it, in the working folder, and takes them from there where -hkl is
// missing. So does the profile nanobragg, with a warning when it reads; the
// others do neither.
//
// -img and -mask name SMV images whose headers become settings ahead of all
// flags, wherever they stand among them. The reference looks for a key as a part
// of any word, the last one counts: DISTANCE is found in CLOSE_DISTANCE.
//
// Every value of the result can be asked where it came from: see
// Builder.Resolved.
package nanobragg
