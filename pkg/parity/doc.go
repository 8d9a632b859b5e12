// Package parity compares two traces of one calculation and says whether they
// agree, where they part first, and why.
//
//	two logs ─ trace.ScanBoth ─▶ blocks ─ diff.Engine ─▶ rows ─ tally ─▶ verdict
//	                                         │                              │
//	                              some rows once more, their roots ─ explain.Run ─▶ Report ─ report.Markdown, HTML, JSON, JUnit, Terminal
//
// There is one way to compare. Files, Readers and Sources are doors to it, for
// logs by path, in memory and as sources; Rows hands out every row instead of a
// report. Nothing here prints: package report renders the Report, package diff
// holds the engine, and package explain the machinery for rules that name causes,
// which Options.Rules gives (those of nanoBragg are in pkg/nanobragg/causes).
//
// # What the logs are
//
// Options.Schema describes the quantities: their names, order, parents and, where
// it is known, how each is computed from others. The default is nanoBragg's.
// schema.Read reads one from a user's file. Of logs that no schema describes,
// quantities are those that both print, in the order in which they are printed.
//
// # What a row's numbers mean
//
// A relative difference is |got - ref| over the larger of the two magnitudes.
// For vectors and matrices it is the component that differs most, over the
// larger of the two norms. Integers are compared exactly, and -0 equals 0. A row
// that is nan or infinite on both sides differs: there is no number that could
// agree (Options.NaNEqual). A difference below half a unit of the last digit that
// the less precise log prints is none; a number that is short because its
// trailing zeros were dropped is exact.
//
// # Rules and waivers
//
// Options.Tolerance is for all quantities; the zero Options demand equality,
// DefaultOptions have the usual 1e-6. ReadTolerances gives single quantities a
// rule of their own: absolute, relative and in units of the last place, joined by
// an explicit "and" or "or". Row.Rule is what decided, and Row.WouldPass the
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
// first row in that order that is not within tolerance, unless last digits alone
// made it grow. A root is a difference, or a part of one, that does not follow
// from those of what the quantity is computed from: where a formula is known, the
// inherited part is computed and only the local part counts (diff.Split).
//
// # Verdicts
//
// MATCH: the results are compared on both sides, all rows agree, and no record is
// lost. DIVERGED: a row differs, or a record is lost. REFUSED: nothing can be
// said, because no result was compared, or the logs are of different pixels, or
// what agrees comes from a log that is cut off. Verdict and counts are of all
// rows; of more than 5000, Report.Rows lists some and Report.Summary says which.
package parity
