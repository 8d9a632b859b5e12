// Package explain turns differences into causes. Each rule stands in a file of
// its own, or beside its sibling, and is registered in Rules: an id, a title, a
// text for people, an example, and a function that looks at one pixel of a
// comparison.
//
// A rule states all its necessary conditions and fires only where they hold;
// where one does not, it says which, so that a report can tell what was ruled
// out. Evidence is made of numbers with the lines they stand on. Shares of the
// intensity are computed from the logs, and the cause says how.
//
// Rules are tried in the order of Rules, the special ones before the general. A
// root that one accounts for in full is not offered to the next. A cause whose
// root is followed by quantities that all agree is none: the number is wrong in
// the print alone, and only the rules for labels may say so.
//
// Beside the differences between the logs there is each log's own account: what
// it prints is computed again from what it prints beside it (see formula). That
// tells a fault of a step from what the step inherits, also where everything
// before it differs.
package explain
