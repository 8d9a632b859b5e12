// Package imagecmp compares two diffraction images of one simulation: whether
// they agree pixel by pixel, how far apart they are, and where to look.
//
//	two files ─ Read ─▶ *Image ─ Compare ─▶ *Report ─ Document, HTML, JSON, pictures
//
// Positions are (slow, fast), counted from 0. Pixel values are in the images'
// own unit: photons for a float image, counts for an SMV one. Nothing here
// prints.
//
// # Verdicts
//
// MATCH: every compared pixel is within tolerance, or, where thresholds were
// given, every threshold holds. DIVERGED: at least one is not. REFUSED: nothing
// can be said, because the shapes differ, nothing is left to compare, or an
// image is constant, an empty one above all: two black images agree about
// nothing.
package imagecmp
