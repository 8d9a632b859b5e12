// Package campaign makes many comparisons: of the configurations in a file, of two programs
// on the same flags, of the pixels of two images that tell most. The commands parse flags and
// hand over options.
//
//  1. Programs, or simtrace in their place, make images, each in a folder of its own
//     (package program).
//  2. The images are compared (package imagecmp), and pixels are traced on both sides.
//  3. The traces are compared and explained (package parity).
//  4. Tables and report folders appear whole or not at all.
//
// Use [Matrix] for a list of configurations, [NBCompare] for one set of flags, and a [Drill]
// where there are only two images.
package campaign
