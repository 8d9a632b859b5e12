// Package gpu computes the fast engine's images on an OpenCL device, with the
// same bits as the kernels in plain Go.
//
// Built without the tag gpu, it has no device and [Open] says so: what opens
// libraries while it runs is linked dynamically.
//
// kernel.cl holds the kernels of package fast once more, one pixel a work-item. A device
// whose arithmetic is not IEEE 754's is refused by a test of ten thousand
// operations, each time that it is opened.
package gpu

import "simtrace/pkg/sim/fast"

// Names lists the names of devices that Open takes; opencl:NAME takes any device
// whose name, or platform's name, holds NAME.
var Names = []string{"cuda", "gpu", "opencl:NAME"}

var _ fast.Device = (*Device)(nil)
