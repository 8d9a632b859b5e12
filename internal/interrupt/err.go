package interrupt

import "context"

// Err is a cancellation in the words of the program; errors.Is finds
// context.Canceled in it.
var Err error = interruption{}

type interruption struct{}

func (interruption) Error() string { return "interrupted" }
func (interruption) Unwrap() error { return context.Canceled }
