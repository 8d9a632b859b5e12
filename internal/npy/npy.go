// Package npy writes the beginning of NumPy's array files.
package npy

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"
)

// Header is what stands before the numbers of an array in C's order: descr is the type of an
// element in NumPy's words ('<f4', or a list of columns), shape its length along each
// axis. It is of format 1.0, and 2.0 where that has no room. Format: NEP 1.
func Header(descr string, shape ...int) []byte {
	const align = 64 // of the first number
	lengths := make([]string, len(shape))
	for i, n := range shape {
		lengths[i] = fmt.Sprint(n)
	}
	if len(shape) == 1 {
		lengths[0] += "," // a tuple of one
	}
	head := fmt.Sprintf("{'descr': %s, 'fortran_order': False, 'shape': (%s), }", descr, strings.Join(lengths, ", "))
	padded := func(before int) string {
		return head + strings.Repeat(" ", align-1-(before+len(head))%align) + "\n"
	}
	if text := padded(10); len(text) <= math.MaxUint16 {
		start := binary.LittleEndian.AppendUint16([]byte("\x93NUMPY\x01\x00"), uint16(len(text)))
		return append(start, text...)
	}
	text := padded(12)
	start := binary.LittleEndian.AppendUint32([]byte("\x93NUMPY\x02\x00"), uint32(len(text)))
	return append(start, text...)
}
