// Package bisect finds where two traces begin to differ: along phi, over the
// settings of the simulator, over the commits of a repository.
//
//	space ─ Engine ─▶ probes ─ parity.Compare ─▶ good, bad, cannot tell ─▶ report ─▶ md, json, terminal
//
// A probe answers good (the traces agree), bad (they differ) or cannot tell
// (there is no trace, or no verdict can be given). What cannot be told is
// never counted as either. Every search says what it did not look at.
package bisect
