// Package parity compares two traces of one simulation and says whether they
// agree, where they part first, and why.
//
//	two logs ─ diff.Compare ─▶ rows ─ roots ─ explain.Run ─▶ Report ─ report.Markdown, HTML, JSON, JUnit, Terminal
//
// CompareLogs is pure: it reads two logs in memory and returns a Report. Nothing
// here prints. Package report renders the Report, and package explain holds
// the rules that name causes.
//
// # Large logs
//
// CompareSources, and Compare by way of it, compare large logs pixel by
// pixel: Report.Summary then says what is listed and adds up the rest. Verdict,
// counts and reasons are those that CompareLogs gives.
//
// # Another program's logs
//
// ReadSchema reads a file that describes the quantities of any program that
// prints lines of keys and values, and Options.Schema compares by it: causal
// order, roots and tolerances are then those of the file. What the file lists
// carries a verdict; what it does not is compared, and carries none alone.
// Report.Label names the place of a row; Where.Domain is its number, and no
// mosaic domain. There is no picture of the causal graph in the HTML report.
//
// # What a row's numbers mean
//
// A relative difference is |got - ref| over the larger of the two magnitudes.
// For vectors and matrices it is the component that differs most, over the
// larger of the two norms. Integers are compared exactly. Two nans are equal,
// and -0 equals 0. A difference below half a unit of the last digit that the
// less precise log prints is none; a number that is short because its trailing
// zeros were dropped is exact.
//
// # Rules and waivers
//
// Options.Tolerance is for all quantities. ReadTolerances gives single ones a
// rule of their own: absolute, relative and in units of the last place, joined
// by an explicit "and" or "or". Row.Rule is what decided, and Row.WouldPass the
// smallest tolerance that would have let the row pass. A rule that names an
// integer takes it from exactness; one that names the quantity of a phi row
// holds for the same name in the pixel block as well.
//
// ReadWaivers reads known differences: where, how large, why, and until when. A
// waived row is neither matched nor diverged. A waiver that is expired, out of
// its band, or of no use any more turns a match into DIVERGED, so that the list
// shrinks when the mistakes do. What follows from a waived row is not waived
// with it. Waivers do not lift a refusal, and a lost record cannot be waived.
//
// # Order, and roots
//
// Causal order is the order of the schema's keys. The first divergence is the
// first row in that order that is not within tolerance. A root is a diverged
// row none of whose causal ancestors, as far as they were compared, diverged.
//
// # Verdicts
//
// MATCH: something of substance was compared, all of it agrees, and no record
// is lost. DIVERGED: a row differs, or a record is lost. REFUSED: nothing can
// be said, because nothing of substance was compared, or the logs are of
// different pixels, or what agrees comes from a log that is cut off.
package parity
