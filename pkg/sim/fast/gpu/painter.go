//go:build gpu

package gpu

import (
	"math"

	"simtrace/internal/opencl"
	"simtrace/pkg/sim/fast"
)

// painter is a scene on a device.
type painter struct {
	device  *Device
	scene   *fast.Scene
	program *opencl.Program // the device's
	// The scene's setup, samples, sources, orientations and structure factors.
	buffers []*opencl.Buffer
}

func (p *painter) prepare() error {
	d, s := p.device, p.scene
	var err error
	if p.program, err = d.compiled(d.options(s)); err != nil {
		return err
	}
	q, err := d.context.Queue()
	if err != nil {
		return err
	}
	defer q.Release()
	for _, fill := range []func() error{
		func() error { return load(p, q, []fast.Setup{s.Setup}) },
		func() error { return load(p, q, s.Samples) },
		func() error { return load(p, q, s.Sources) },
		func() error { return load(p, q, s.Table) },
		func() error { return load(p, q, s.F) },
	} {
		if err := fill(); err != nil {
			return err
		}
	}
	return nil
}

// load copies values into a buffer of their own.
func load[T any](p *painter, q *opencl.Queue, values []T) error {
	b, err := newBuffer[T](p.device.context, len(values))
	if err != nil {
		return err
	}
	p.buffers = append(p.buffers, b)
	return opencl.Write(q, b, values)
}

// Rows is as many as make about the device's steps: enough to fill it, and few
// enough that an interrupt need not wait.
func (p *painter) Rows() int {
	s := &p.scene.Setup
	steps := float64(s.NSamples) * float64(s.NSources) * float64(s.NOriented)
	pixels := min(max(float64(p.device.steps)/steps, 1<<10), 1<<20)
	return max(int(pixels)/p.scene.Width, 1)
}

// Close gives everything back.
func (p *painter) Close() {
	for _, b := range p.buffers {
		b.Release()
	}
}

// brush is a queue with what one goroutine needs of its own.
type brush struct {
	*painter
	queue  *opencl.Queue
	kernel *opencl.Kernel
	image  *opencl.Buffer
	placed *opencl.Buffer // nil where the kernel computes the places
	place  func(slow, fast, n, sample int, places [][4]float64)
	places [][4]float64
}

// Brush makes one.
func (p *painter) Brush() (fast.Brush, error) {
	b := &brush{painter: p}
	if err := b.prepare(); err != nil {
		b.Close()
		return nil, p.device.explained(err)
	}
	return b, nil
}

func (b *brush) prepare() (err error) {
	c, pixels := b.device.context, b.Rows()*b.scene.Width
	if b.queue, err = c.Queue(); err != nil {
		return err
	}
	if b.kernel, err = b.program.Kernel("image"); err != nil {
		return err
	}
	if b.image, err = newBuffer[float32](c, pixels); err != nil {
		return err
	}
	placed := b.image // of no use to the kernel
	if b.scene.Placer != nil {
		b.place, b.places = b.scene.Placer(), make([][4]float64, pixels*int(b.scene.Setup.NSamples))
		if b.placed, err = newBuffer[[4]float64](c, len(b.places)); err != nil {
			return err
		}
		placed = b.placed
	}
	for i, buffer := range b.buffers {
		if err := b.kernel.Set(i, buffer); err != nil {
			return err
		}
	}
	s := b.scene
	if err := b.kernel.Set(5, placed); err != nil {
		return err
	}
	return b.kernel.Set(7, int64(s.First), int64(s.Width), int64(0), int64(min(s.Latch, math.MaxInt64)), int64(s.Pitch), b.image)
}

// Paint computes rows.
func (b *brush) Paint(slow, n int, into []float32) error {
	if err := b.paint(slow, n, into); err != nil {
		return b.device.explained(err)
	}
	return nil
}

func (b *brush) paint(slow, n int, into []float32) error {
	s := b.scene
	pixels := n * s.Width
	if b.place != nil {
		places := b.places[:pixels*int(s.Setup.NSamples)]
		for sample := range int(s.Setup.NSamples) {
			for row := range n {
				b.place(slow+row, s.First, s.Width, sample, places[sample*pixels+row*s.Width:])
			}
		}
		if err := opencl.Write(b.queue, b.placed, places); err != nil {
			return err
		}
	}
	if err := b.kernel.Set(6, int64(slow)); err != nil {
		return err
	}
	if err := b.kernel.Set(9, int64(pixels)); err != nil {
		return err
	}
	group := b.device.group
	if err := b.queue.Run(b.kernel, (pixels+group-1)/group*group, group); err != nil {
		return err
	}
	return opencl.Read(b.queue, b.image, into[:pixels])
}

// Close gives the brush's own back.
func (b *brush) Close() {
	if b.kernel != nil {
		b.kernel.Release()
	}
	for _, buffer := range []*opencl.Buffer{b.image, b.placed} {
		if buffer != nil {
			buffer.Release()
		}
	}
	if b.queue != nil {
		b.queue.Release()
	}
}
