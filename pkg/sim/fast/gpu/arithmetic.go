//go:build gpu

package gpu

import (
	"fmt"
	"math"
	"math/rand/v2"
	"unsafe"

	"simtrace/internal/opencl"
	"simtrace/pkg/sim/fast"
)

// How many groups of numbers the test of a device computes with, and what with
// each: nine operations of the kernel named arithmetic make some ten thousand.
const (
	testedNumbers    = 1200
	testedOperations = 8
)

// test holds a device's arithmetic against this processor's, denormal numbers among
// it: division and root rounded correctly, nothing fused that is not meant to be.
func (d *Device) test(program *opencl.Program) error {
	q, err := d.context.Queue()
	if err != nil {
		return err
	}
	defer q.Release()
	in := testNumbers()
	out, rounded := make([]float64, testedOperations*testedNumbers), make([]float32, testedNumbers)
	if err := d.arithmetic(program, q, in, out, rounded); err != nil {
		return err
	}
	return judge(in, out, rounded)
}

// judge compares what a device computed with what this processor does.
func judge(in, out []float64, rounded []float32) error {
	for i := range rounded {
		a, b, c := in[3*i], in[3*i+1], in[3*i+2]
		for j, want := range testedResults(a, b, c) {
			if got := out[testedOperations*i+j]; !same(got, want) {
				return fmt.Errorf("its arithmetic is not IEEE 754's: operation %d of %g, %g, %g gives %g, not %g", j, a, b, c, got, want)
			}
		}
		if got, want := rounded[i], float32(a); !same(float64(got), float64(want)) {
			return fmt.Errorf("its arithmetic is not IEEE 754's: %g is rounded to %g, not %g", a, got, want)
		}
	}
	return nil
}

// testedResults are the results in the order of the kernel named arithmetic.
func testedResults(a, b, c float64) [testedOperations]float64 {
	return [...]float64{
		float64(a*b) + c, float64(a*b) - float64(c*a),
		math.FMA(a, b, c), //fma:wanted the device's is held against it
		a / b, math.Sqrt(math.Abs(a)), math.Ceil(a - 0.5), math.RoundToEven(float64(b * fast.InvPi)), fast.Exp(c),
	}
}

// same reports whether two numbers are the same bits, or both not a number. Zeros of
// either sign count as the same, as they do in an image.
func same(a, b float64) bool { return a == b || a != a && b != b }

// testNumbers draws numbers of all sizes: of every second group near one, of the
// others with any exponent.
func testNumbers() []float64 {
	r := rand.New(rand.NewPCG(1, 2))
	in := make([]float64, 3*testedNumbers)
	for i := range in {
		v := math.Float64frombits(r.Uint64())
		switch {
		case i/3%2 == 0 || v != v:
			v = (r.Float64() - 0.5) * 100
		case i/3%8 == 1: // denormal in single precision
			v = math.Ldexp(r.Float64()-0.5, -130)
		case i/3%8 == 3: // in double precision
			v = math.Float64frombits(r.Uint64() &^ (0x7ff << 52))
		}
		in[i] = v
	}
	return in
}

// arithmetic runs the kernel of that name.
func (d *Device) arithmetic(program *opencl.Program, q *opencl.Queue, in, out []float64, rounded []float32) error {
	kernel, err := program.Kernel("arithmetic")
	if err != nil {
		return err
	}
	defer kernel.Release()
	var buffers []*opencl.Buffer
	for _, n := range []int{len(in), len(out), len(rounded)} {
		b, err := newBuffer[float64](d.context, n)
		if err != nil {
			return err
		}
		defer b.Release()
		buffers = append(buffers, b)
	}
	if err := opencl.Write(q, buffers[0], in); err != nil {
		return err
	}
	n := len(rounded)
	if err := kernel.Set(0, buffers[0], buffers[1], buffers[2], int64(n)); err != nil {
		return err
	}
	if err := q.Run(kernel, (n+d.group-1)/d.group*d.group, d.group); err != nil {
		return err
	}
	if err := opencl.Read(q, buffers[1], out); err != nil {
		return err
	}
	return opencl.Read(q, buffers[2], rounded)
}

// newBuffer makes a buffer for n values.
func newBuffer[T any](c *opencl.Context, n int) (*opencl.Buffer, error) {
	var v T
	return c.Buffer(n * int(unsafe.Sizeof(v)))
}
