// Package planted holds a benchmark of the rules that name causes: the
// simulator makes a clean trace in several configurations, a fault is planted
// in a second one, and the comparison has to name it. Clean pairs, and pairs
// that differ by the last bits of sin and cos alone, must have no cause.
//
// All of it is tests. A fault is planted in one of three ways: in the
// configuration or the profile, in a stage of the calculation (everything behind
// it is derived again, as a program with that bug would), or in the printed
// lines.
package planted
