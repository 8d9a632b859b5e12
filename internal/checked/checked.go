// Package checked remembers that something could not be written. Libraries that
// print help or a version do not look, and a program that said nothing on a full
// disk must not end as if it had.
package checked

import (
	"io"
	"sync"
)

// Writer passes on what is written and keeps the first error. It may be used from
// several goroutines.
type Writer struct {
	W io.Writer

	mu  sync.Mutex
	err error
}

func (c *Writer) Write(p []byte) (int, error) {
	n, err := c.W.Write(p)
	if err != nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.err == nil {
			c.err = err
		}
	}
	return n, err
}

// Err is the first error there was.
func (c *Writer) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}
