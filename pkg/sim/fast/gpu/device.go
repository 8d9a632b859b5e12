//go:build gpu

package gpu

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"

	"simtrace/internal/opencl"
	"simtrace/pkg/sim/fast"
)

// Built reports whether this program can have a device.
const Built = true

//go:embed kernel.cl
var source string

// Device is an opened device. Several images may be under way on it.
type Device struct {
	context *opencl.Context
	// The compiled kernels by their options, each tested.
	programs map[string]*opencl.Program
	lock     sync.Mutex // guards programs
	staged   int        // orientations in local memory at once; 0: none
	group    int        // work-items
	steps    int        // about how many are computed at a time
	cache    string
}

// Open finds and opens a device: cuda is the first of NVIDIA's platform, gpu the first
// GPU, opencl:NAME the first whose name or platform's name holds NAME. The
// error lists what was tried.
func Open(name string) (*Device, error) {
	match, err := matching(name)
	if err != nil {
		return nil, err
	}
	found, err := opencl.Find(match)
	if err != nil {
		return nil, err
	}
	const needed = opencl.DoubleDenormals | opencl.DoubleNearest | opencl.DoubleFMA
	if found.Double&needed != needed {
		return nil, fmt.Errorf("%s cannot compute in IEEE 754 double precision", found)
	}
	context, err := found.Open()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", found, err)
	}
	d := &Device{context: context, programs: map[string]*opencl.Program{}, group: 64, steps: 1e7 * max(found.Units, 1), cache: cacheFolder()}
	if found.GPU {
		d.group, d.steps, d.staged = 128, 2e9, 128
	}
	return d, nil
}

// Tune changes what a device does at a time, for measuring and for tests: how many
// orientations lie in local memory, 0 for none, how many work-items make a
// group, and about how many steps are computed in one go.
func (d *Device) Tune(staged, group, steps int) { d.staged, d.group, d.steps = staged, group, steps }

// matching returns what a name asks for.
func matching(name string) (func(*opencl.Device) bool, error) {
	part, err := checkName(name)
	holds := func(text, part string) bool { return strings.Contains(strings.ToLower(text), strings.ToLower(part)) }
	return func(d *opencl.Device) bool {
		switch name {
		case "cuda":
			return d.GPU && holds(d.Platform, "NVIDIA")
		case "gpu":
			return d.GPU
		}
		return holds(d.Name, part) || holds(d.Platform, part)
	}, err
}

// Name is the device's own.
func (d *Device) Name() string { return d.context.Name }

// Close gives the device back; no painter may be left.
func (d *Device) Close() {
	for _, p := range d.programs {
		p.Release()
	}
	d.context.Close()
}

// options of the compiler for a scene. Its warnings are no user's concern, and
// NVIDIA's compiler counts them on standard error, whoever calls it: -w keeps it quiet.
func (d *Device) options(s *fast.Scene) string {
	return fmt.Sprintf("-w -D SHAPE=%d -D GENERAL=%d -D INTERPOLATE=%d -D TABLE=%d", s.Shape, number(s.General), number(s.Interpolate), d.staged)
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Painter prepares a scene.
func (d *Device) Painter(s *fast.Scene) (fast.Painter, error) {
	p := &painter{device: d, scene: s}
	if err := p.prepare(); err != nil {
		p.Close()
		return nil, d.explained(err)
	}
	return p, nil
}

// explained says whose error it is.
func (d *Device) explained(err error) error {
	if opencl.OutOfMemory(err) {
		return fmt.Errorf("%s: no room for the image on the device, which has %d MB: %w", d.Name(), d.context.Memory>>20, err)
	}
	return fmt.Errorf("%s: %w", d.Name(), err)
}
