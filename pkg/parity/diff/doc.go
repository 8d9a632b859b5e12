// Package diff pairs the records of two traces and measures how far they are
// apart. It is the middle of the comparator:
//
//	logs ─ Align ─▶ pairs ─ measure ─▶ rows
//
// Records are paired by what they are (stream, pixel, sample, phi step, key,
// occurrence) and never by where they stand in the file, so that a line that
// one log has more costs one row and no more. What has no partner is a row as
// well: nothing is dropped.
//
// The package knows numbers and keys. What a difference means is for package
// explain, and whether the logs agree for package parity.
package diff
