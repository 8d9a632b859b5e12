//go:build gpu

package opencl

import (
	"errors"
	"fmt"
	"strings"
	"unsafe"
)

// Error is what a function of OpenCL returned instead of success.
type Error struct {
	Call string
	Code int32
}

// Error says it in words where there are some.
func (e Error) Error() string {
	words := map[int32]string{
		-1: "device not found", -2: "device not available", -4: "out of device memory", -5: "out of the device's resources", -6: "out of memory",
		-11: "the program does not compile", -36: "the device is lost", -61: "more than the device's largest buffer", -1001: "no platform",
	}
	if w := words[e.Code]; w != "" {
		return fmt.Sprintf("%s: %s (%d)", e.Call, w, e.Code)
	}
	return fmt.Sprintf("%s: error %d", e.Call, e.Code)
}

// OutOfMemory reports whether an error says that the device has no room.
func OutOfMemory(err error) bool {
	var e Error
	return errors.As(err, &e) && (e.Code == -4 || e.Code == -5 || e.Code == -6 || e.Code == -61)
}

func check(call string, code int32) error {
	if code != 0 {
		return Error{call, code}
	}
	return nil
}

// Context is what the objects of a device belong to. Any number of goroutines may
// make objects.
type Context struct {
	*Device
	handle uintptr
}

// Open makes a context.
func (d *Device) Open() (*Context, error) {
	const contextPlatform = 0x1084
	properties := []uintptr{contextPlatform, d.platform, 0}
	var code int32
	handle := d.calls.createContext(&properties[0], 1, &d.id, 0, 0, &code)
	return &Context{d, handle}, check("clCreateContext", code)
}

// Close releases the context.
func (c *Context) Close() { c.calls.releaseContext(c.handle) }

// Buffer is memory of the device.
type Buffer struct {
	calls  *calls
	handle uintptr
}

// Buffer makes a buffer of some bytes, at least one.
func (c *Context) Buffer(size int) (*Buffer, error) {
	const readWrite = 1
	var code int32
	handle := c.calls.createBuffer(c.handle, readWrite, uintptr(max(size, 1)), nil, &code)
	if err := check("clCreateBuffer", code); err != nil {
		return nil, fmt.Errorf("%d bytes: %w", size, err)
	}
	return &Buffer{c.calls, handle}, nil
}

// Release gives the memory back.
func (b *Buffer) Release() { b.calls.releaseMemObject(b.handle) }

// Program is a compiled source.
type Program struct {
	*Context
	handle uintptr
}

// Build compiles a source with options of the compiler, or loads a binary that
// Program.Binary returned, where one is given. The error holds the compiler's words.
func (c *Context) Build(source, options string, binary []byte) (*Program, error) {
	var code int32
	var handle uintptr
	if len(binary) > 0 {
		at, n, state := &binary[0], uintptr(len(binary)), int32(0)
		handle = c.calls.programWithBinary(c.handle, 1, &c.id, &n, &at, &state, &code)
	} else {
		at, n := cString(source), uintptr(len(source))
		handle = c.calls.programWithSource(c.handle, 1, &at, &n, &code)
	}
	if err := check("clCreateProgram", code); err != nil {
		return nil, err
	}
	p := &Program{c, handle}
	if err := check("clBuildProgram", c.calls.buildProgram(handle, 1, &c.id, cString(options), 0, 0)); err != nil {
		const buildLog = 0x1183
		said := text(func(size uintptr, value unsafe.Pointer, got *uintptr) int32 {
			return c.calls.getProgramBuildInfo(handle, c.id, buildLog, size, value, got)
		})
		p.Release()
		return nil, fmt.Errorf("%w: %s", err, strings.Join(strings.Fields(said), " "))
	}
	return p, nil
}

// Release gives the program back.
func (p *Program) Release() { p.calls.releaseProgram(p.handle) }

// Binary returns what Build takes in place of the source.
func (p *Program) Binary() ([]byte, error) {
	const binarySizes, binaries = 0x1165, 0x1166
	var n uintptr
	if err := check("clGetProgramInfo", p.calls.getProgramInfo(p.handle, binarySizes, unsafe.Sizeof(n), unsafe.Pointer(&n), nil)); err != nil || n == 0 {
		return nil, err
	}
	b := make([]byte, n)
	at := &b[0]
	return b, check("clGetProgramInfo", p.calls.getProgramInfo(p.handle, binaries, unsafe.Sizeof(at), unsafe.Pointer(&at), nil))
}
