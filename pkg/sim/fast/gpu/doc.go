// Package gpu computes the fast engine's images on an OpenCL device, with the
// same bits as the kernels in plain Go.
//
// Built without the tag gpu, it has no device and [Open] says so: what opens
// libraries while it runs is linked dynamically.
//
// kernel.cl holds the kernels of package fast once more, one pixel a work-item. A device
// whose arithmetic is not IEEE 754's is refused by a test of ten thousand
// operations, each time that a kernel is compiled or loaded.
package gpu

import (
	"fmt"
	"strings"

	"simtrace/pkg/sim/fast"
)

// Names lists the names of devices that Open takes; opencl:NAME takes any device
// whose name, or platform's name, holds NAME.
var Names = []string{"cuda", "gpu", "opencl:NAME"}

// checkName refuses what is no name of a device, and returns the NAME of opencl:NAME.
func checkName(name string) (part string, err error) {
	part, some := strings.CutPrefix(name, "opencl:")
	if name == "cuda" || name == "gpu" {
		return "", nil
	}
	if some && part != "" {
		return part, nil
	}
	return "", fmt.Errorf("unknown (known: cpu, %s)", strings.Join(Names, ", "))
}

var _ fast.Device = (*Device)(nil)
