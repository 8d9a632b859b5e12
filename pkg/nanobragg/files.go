package nanobragg

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"strconv"
	"unsafe"
)

// ReadMat reads a matrix file: nine numbers, the reciprocal vectors in columns,
// in units of 1/(wavelength angstrom). More text may follow, as MOSFLM writes
// it. Errors carry file and line.
func ReadMat(path string) (*[9]float64, error) {
	var m [9]float64
	n, last := 0, 0
	err := eachLine(path, func(i int, line []byte) (bool, error) {
		last = i
		for _, word := range bytes.Fields(line) {
			if n == len(m) {
				return false, nil
			}
			f, err := strconv.ParseFloat(string(word), 64)
			if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
				return false, fmt.Errorf("%s:%d: %q is not a finite number", path, i, shorten(word))
			}
			m[n] = f
			n++
		}
		return n < len(m), nil
	})
	if err != nil {
		return nil, err
	}
	if n < len(m) {
		return nil, fmt.Errorf("%s:%d: file ends after %d of the 9 numbers of a matrix", path, last, n)
	}
	return &m, nil
}

// fileError makes the error of a file one clear line.
func fileError(path string, err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return fmt.Errorf("%s: %w", path, pe.Err)
	}
	return err
}

func shorten(b []byte) string {
	const most = 40
	if len(b) > most {
		return string(b[:most]) + "..."
	}
	return string(b)
}

// WriteFloatImage writes a float image: little-endian float32, fast axis first,
// no header.
func WriteFloatImage(w io.Writer, image []float32) error {
	_, err := w.Write(littleEndian(image, func(b []byte, v float32) { binary.LittleEndian.PutUint32(b, math.Float32bits(v)) }))
	return err
}

// ViewFloatImage returns the pixels that WriteFloatImage wrote: without a copy
// where the machine has them so.
func ViewFloatImage(raw []byte) []float32 {
	n := len(raw) / 4
	if n == 0 {
		return nil
	}
	p := unsafe.Pointer(unsafe.SliceData(raw))
	if nativeLittleEndian && uintptr(p)%4 == 0 {
		return unsafe.Slice((*float32)(p), n)
	}
	image := make([]float32, n)
	for i := range image {
		image[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
	}
	return image
}

var nativeLittleEndian = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

// littleEndian returns the bytes of numbers, the lower ones first: without a
// copy where the machine has them so.
func littleEndian[T float32 | uint16](numbers []T, put func([]byte, T)) []byte {
	size := int(unsafe.Sizeof(T(0)))
	if len(numbers) == 0 {
		return nil
	}
	if nativeLittleEndian {
		return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(numbers))), size*len(numbers))
	}
	raw := make([]byte, size*len(numbers))
	for i, v := range numbers {
		put(raw[size*i:], v)
	}
	return raw
}
