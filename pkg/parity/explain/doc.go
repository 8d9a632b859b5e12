// Package explain turns differences into causes. It is an engine that knows no
// program: rules come from outside (Options.Rules of package parity), and those
// of nanoBragg stand in pkg/nanobragg/causes.
//
//  1. A Context is one block of a comparison: two Sides with their records and
//     settings, the rows, and the rows at which differences start (roots).
//  2. Run asks the rules in their order, the special before the general. A rule
//     states all its necessary conditions. It returns causes, or the number that
//     rules it out, or says that a quantity it takes is not printed.
//  3. A cause names the roots that it accounts for; those are not offered to the
//     rules behind it (Open).
//  4. A cause whose first root is followed by quantities that all agree is none:
//     the number is wrong in print alone. Only a cause that is PrintOnly may say
//     so.
//
// Rules do not know of each other. What speaks for a cause, beyond its necessary
// conditions, is the list of independent checks that passed.
package explain
