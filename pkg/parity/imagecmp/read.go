package imagecmp

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"unsafe"

	"simtrace/internal/hugepage"
)

// maxPixels is what a header may ask for: far more than any detector has.
const maxPixels = 1 << 30

// maxBytes is the largest file that is read.
const maxBytes = 1 << 31

var errTooLarge = fmt.Errorf("more than %d GB: no image of a detector is as large", maxBytes>>30)

// Read reads an image: a NumPy array (.npy, float32 or float64, two
// dimensions, C order), an SMV image (unsigned short), told by how they begin,
// or raw little-endian float32. A raw file has no header: shape tells its size,
// and where it is the zero Shape, the image must be square. The error names the
// file and what is wrong with it.
func Read(path string, shape Shape) (*Image, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := readAll(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	im, err := Decode(data, shape)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	im.Name, im.Path = filepath.Base(path), path
	return im, nil
}

// readAll reads a file; one that has no end, such as a device, is an error.
func readAll(f *os.File) ([]byte, error) {
	var buf bytes.Buffer
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		if info.Size() > maxBytes {
			return nil, errTooLarge
		}
		buf = *bytes.NewBuffer(hugepage.Make[byte](int(info.Size()) + bytes.MinRead)[:0])
	}
	if _, err := buf.ReadFrom(io.LimitReader(f, maxBytes+1)); err != nil {
		return nil, err
	}
	if buf.Len() > maxBytes {
		return nil, errTooLarge
	}
	return buf.Bytes(), nil
}

// Decode reads an image from memory, as Read does. The image may keep data, which
// stays as it is.
func Decode(data []byte, shape Shape) (*Image, error) {
	var im *Image
	var err error
	switch {
	case len(data) == 0:
		return nil, errors.New("the file is empty")
	case bytes.HasPrefix(data, []byte("\x93NUMPY")):
		im, err = decodeNPY(data)
	case smvSize.Match(data[:min(len(data), 512)]) && data[0] == '{':
		im, err = decodeSMV(data)
	default:
		return decodeRaw(data, shape)
	}
	if err == nil && shape != (Shape{}) && im.Shape != shape {
		err = fmt.Errorf("the header says %v pixels (slow x fast), not %v", im.Shape, shape)
	}
	return im, err
}

func decodeRaw(data []byte, s Shape) (*Image, error) {
	if len(data)%4 != 0 {
		return nil, fmt.Errorf("%d bytes are no whole number of float32 pixels; logs are compared by tracecmp REF GOT", len(data))
	}
	n := len(data) / 4
	if s == (Shape{}) {
		edge := int(math.Round(math.Sqrt(float64(n))))
		if edge*edge != n {
			return nil, fmt.Errorf("%d float32 pixels are not square: give --shape SLOW FAST", n)
		}
		s = Shape{edge, edge}
	}
	if s.Pixels() != n {
		return nil, fmt.Errorf("%d float32 pixels, but %v (slow x fast) are %d", n, s, s.Pixels())
	}
	im := &Image{Form: "raw", Kind: Float32, Shape: s}
	im.pixels(data, binary.LittleEndian)
	return im, nil
}

// pixels gives an image the pixels of a file: where they lie if this machine
// has them so, else decoded.
func (im *Image) pixels(data []byte, order binary.ByteOrder) {
	switch im.Kind {
	case Float64:
		im.Pix = numbers(data, order, func(b []byte) float64 { return math.Float64frombits(order.Uint64(b)) })
	case Uint16:
		im.integers = numbers(data, order, order.Uint16)
	default:
		im.singles = numbers(data, order, func(b []byte) float32 { return math.Float32frombits(order.Uint32(b)) })
	}
}

func numbers[T float64 | float32 | uint16](data []byte, order binary.ByteOrder, decode func([]byte) T) []T {
	var one T
	size := int(unsafe.Sizeof(one))
	n := len(data) / size
	if n == 0 {
		return []T{}
	}
	first := unsafe.Pointer(&data[0])
	if order == nativeOrder && uintptr(first)%unsafe.Alignof(one) == 0 {
		return unsafe.Slice((*T)(first), n)
	}
	out := make([]T, n)
	for i := range out {
		out[i] = decode(data[size*i:])
	}
	return out
}

// nativeOrder is this machine's order of bytes.
var nativeOrder = func() binary.ByteOrder {
	if binary.NativeEndian.Uint16([]byte{1, 0}) == 1 {
		return binary.LittleEndian
	}
	return binary.BigEndian
}()

var (
	npyDescr   = regexp.MustCompile(`'descr':\s*'([^']*)'`)
	npyFortran = regexp.MustCompile(`'fortran_order':\s*(True|False)`)
	npyShape   = regexp.MustCompile(`'shape':\s*\(([^)]*)\)`)
)

// decodeNPY reads NumPy's format, versions 1 to 3: magic, version, length of
// the header in two or four bytes, header, pixels.
func decodeNPY(data []byte) (*Image, error) {
	start, length := 10, 0
	switch {
	case len(data) < 12:
		return nil, errors.New("NumPy array: cut off in its header")
	case data[6] == 1:
		length = int(binary.LittleEndian.Uint16(data[8:]))
	case data[6] == 2 || data[6] == 3:
		start, length = 12, int(binary.LittleEndian.Uint32(data[8:]))
	default:
		return nil, fmt.Errorf("NumPy array: version %d is not known", data[6])
	}
	if length > len(data)-start {
		return nil, errors.New("NumPy array: cut off in its header")
	}
	head := string(data[start : start+length])
	descr, order, shape := npyDescr.FindStringSubmatch(head), npyFortran.FindStringSubmatch(head), npyShape.FindStringSubmatch(head)
	if descr == nil || order == nil || shape == nil {
		return nil, errors.New("NumPy array: the header lacks descr, fortran_order or shape")
	}
	if order[1] == "True" {
		return nil, errors.New("NumPy array: in Fortran order; save it in C order")
	}
	im := &Image{Form: "npy"}
	width := 4
	switch descr[1] {
	case "<f4":
		im.Kind = Float32
	case "<f8":
		im.Kind, width = Float64, 8
	default:
		return nil, fmt.Errorf("NumPy array: type %q; float32 and float64, little-endian, can be read", descr[1])
	}
	var err error
	if im.Shape, err = npySize(shape[1]); err != nil {
		return nil, err
	}
	body := data[start+length:]
	if len(body) != width*im.Pixels() {
		return nil, fmt.Errorf("NumPy array: %d bytes of pixels, but %v (slow x fast) need %d", len(body), im.Shape, width*im.Pixels())
	}
	im.pixels(body, binary.LittleEndian)
	return im, nil
}

func npySize(s string) (Shape, error) {
	parts := strings.Split(strings.TrimSuffix(strings.TrimSpace(s), ","), ",")
	if len(parts) != 2 {
		return Shape{}, fmt.Errorf("NumPy array: shape (%s) is not that of an image", s)
	}
	return size("NumPy array", parts[0], parts[1])
}

// size reads the two edges of an image.
func size(what, slow, fast string) (Shape, error) {
	y, err1 := strconv.Atoi(strings.TrimSpace(slow))
	x, err2 := strconv.Atoi(strings.TrimSpace(fast))
	if err1 != nil || err2 != nil || y < 1 || x < 1 || y > maxPixels/x {
		return Shape{}, fmt.Errorf("%s: %q by %q pixels (slow, fast) are no image", what, slow, fast)
	}
	return Shape{y, x}, nil
}

var smvSize = regexp.MustCompile(`HEADER_BYTES=\s*(\d+)\s*;`)

// decodeSMV reads a header of KEY=value; lines, then the pixels.
func decodeSMV(data []byte) (*Image, error) {
	n, err := strconv.Atoi(string(smvSize.FindSubmatch(data)[1]))
	if err != nil || n < 1 || n > len(data) {
		return nil, errors.New("SMV image: cut off in its header")
	}
	head := map[string]string{}
	for _, item := range strings.FieldsFunc(string(data[:n]), func(r rune) bool { return r == ';' || r == '\n' }) {
		if k, v, ok := strings.Cut(item, "="); ok {
			head[strings.TrimSpace(k)] = strings.TrimSpace(v)
		}
	}
	if t := head["TYPE"]; t != "unsigned_short" {
		return nil, fmt.Errorf("SMV image: TYPE %q; unsigned_short can be read", t)
	}
	var order binary.ByteOrder = binary.LittleEndian
	switch head["BYTE_ORDER"] {
	case "little_endian":
	case "big_endian":
		order = binary.BigEndian
	default:
		return nil, fmt.Errorf("SMV image: BYTE_ORDER %q is not known", head["BYTE_ORDER"])
	}
	im := &Image{Form: "SMV", Kind: Uint16}
	if im.Shape, err = size("SMV image", head["SIZE2"], head["SIZE1"]); err != nil {
		return nil, err
	}
	if got, want := len(data)-n, 2*im.Pixels(); got != want {
		return nil, fmt.Errorf("SMV image: %d bytes of pixels, but %v (slow x fast) need %d", got, im.Shape, want)
	}
	im.pixels(data[n:], order)
	return im, nil
}
