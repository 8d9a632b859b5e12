// Package explain turns differences into causes. Each rule stands in a file of
// its own and is registered in Rules: an id, a title, a text for people, an
// example, and a function that looks at one pixel of a comparison.
//
// A rule states all its necessary conditions and fires only where they hold;
// where one does not, it says which, so that a report can tell what was ruled
// out. Evidence is made of numbers with the lines they stand on. Shares of the
// intensity are computed from the logs, and the cause says how.
package explain
