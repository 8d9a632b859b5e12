// Package sim computes X-ray diffraction from nanocrystals as nanoBragg does
// (J. M. Holton and K. A. Frankel), and lets a tap listen to every intermediate
// quantity of a pixel.
//
//	Config (mm, degrees, angstrom) -> Prepare -> *Experiment (SI, immutable) -> Render -> image
//	                                                     |
//	                                                     +-> Trace -> *Tap -> []Sample
//
// # One pixel
//
// Lengths are in metres; a b c are the real cell vectors, Na Nb Nc the numbers
// of cells, f s o the detector's axes, D0 its origin, b the beam, u the spindle.
//
//	origin        BEAM pivot: D0 = -Fbeam f - Sbeam s + distance b, with rotated axes
//	              SAMPLE pivot: D0 = -Fclose f - Sclose s + close_distance o, then rotated
//	position      P = Fdet f + Sdet s + Odet o + D0,  R = |P|
//	solid angle   omega = pixel^2/R^2 close_distance/R, or 1/R^2 for point pixels
//	scattering    d = P/R,  S = (d - i)/lambda, in 1/m
//	orientation   a b c turned about u by phi0 + phistep tic, then by the domain's matrix
//	Miller        h k l = a.S b.S c.S; the nearest by ceil(x - 0.5)
//	lattice       sin(pi N h)/sin(pi h) per axis for parallelepipeds; other shapes see Shape
//	structure     F of the nearest reflection, or 4x4x4 cubic Lagrange interpolation
//	sum           I = background + sum of F^2 F_latt^2 over samples, phi steps, domains, sources
//	scale         I r_e^2 fluence / steps, times capture fraction, polarisation and omega
//
// # Exactness
//
// There is one kernel: a traced pixel and a rendered one run the same function,
// and an image is the same bits with and without taps, on any number of
// threads. Operations are in the order of the reference program; products that
// feed sums are rounded explicitly, so that no platform fuses them; sine, cosine,
// exponential and arctangent are correctly rounded (package crmath). Rotations
// are prepared in a table; where programs differ in habits, a Profile names the
// habit and Prepare makes another table of it.
package sim
