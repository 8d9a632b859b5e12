// Package nothing declares no function.
package nothing

// Answer is no code.
const Answer = 42
