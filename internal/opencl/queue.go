//go:build gpu

package opencl

import (
	"runtime"
	"unsafe"
)

// Queue takes work in order. One goroutine at a time may use it.
type Queue struct {
	calls  *calls
	handle uintptr
}

// Queue makes a queue.
func (c *Context) Queue() (*Queue, error) {
	var code int32
	handle := c.calls.createCommandQueue(c.handle, c.id, 0, &code)
	return &Queue{c.calls, handle}, check("clCreateCommandQueue", code)
}

// Release gives the queue back.
func (q *Queue) Release() { q.calls.releaseCommandQueue(q.handle) }

// Write copies values into the beginning of a buffer, and waits until that is done.
func Write[T any](q *Queue, b *Buffer, values []T) error {
	if len(values) == 0 {
		return nil
	}
	return check("clEnqueueWriteBuffer", q.calls.enqueueWriteBuffer(q.handle, b.handle, 1, 0, size(values), unsafe.Pointer(&values[0]), 0, nil, nil))
}

// Read copies the beginning of a buffer, and waits until that is done.
func Read[T any](q *Queue, b *Buffer, into []T) error {
	if len(into) == 0 {
		return nil
	}
	return check("clEnqueueReadBuffer", q.calls.enqueueReadBuffer(q.handle, b.handle, 1, 0, size(into), unsafe.Pointer(&into[0]), 0, nil, nil))
}

func size[T any](values []T) uintptr { return uintptr(len(values)) * unsafe.Sizeof(values[0]) }

// Kernel is a function of a program. One goroutine at a time may use it.
type Kernel struct {
	calls  *calls
	handle uintptr
}

// Kernel returns a function by its name.
func (p *Program) Kernel(name string) (*Kernel, error) {
	var code int32
	handle := p.calls.createKernel(p.handle, cString(name), &code)
	return &Kernel{p.calls, handle}, check("clCreateKernel", code)
}

// Release gives the kernel back.
func (k *Kernel) Release() { k.calls.releaseKernel(k.handle) }

// Set sets the arguments from the i-th on, buffers or int64 numbers.
func (k *Kernel) Set(i int, arguments ...any) error {
	for _, a := range arguments {
		var code int32
		switch v := a.(type) {
		case *Buffer:
			code = k.calls.setKernelArg(k.handle, uint32(i), unsafe.Sizeof(v.handle), unsafe.Pointer(&v.handle))
		case int64:
			code = k.calls.setKernelArg(k.handle, uint32(i), unsafe.Sizeof(v), unsafe.Pointer(&v))
		default:
			panic("opencl: an argument of another type")
		}
		if err := check("clSetKernelArg", code); err != nil {
			return err
		}
		i++
	}
	return nil
}

// Run starts n work-items in groups of a size, which divides n.
func (q *Queue) Run(k *Kernel, n, group int) error {
	global, local := uintptr(n), uintptr(group)
	code := q.calls.enqueueKernel(q.handle, k.handle, 1, nil, &global, &local, 0, nil, nil)
	runtime.KeepAlive(k)
	return check("clEnqueueNDRangeKernel", code)
}
