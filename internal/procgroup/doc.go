// Package procgroup ends commands together with everything that they started: a
// program under test may start others, and none of them may outlive it.
package procgroup
