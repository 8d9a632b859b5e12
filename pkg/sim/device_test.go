//go:build gpu

package sim

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"simtrace/pkg/sim/fast/gpu"
)

// testDevice opens the device that the environment variable SIMTRACE_TEST_DEVICE
// names, or POCL's processor.
func testDevice(t testing.TB) *gpu.Device {
	t.Helper()
	name := os.Getenv("SIMTRACE_TEST_DEVICE")
	if name == "" {
		name = "opencl:portable"
	}
	d, err := gpu.Open(name)
	if err != nil {
		t.Skipf("SKIPPED, NOT TESTED: no device %s: %v", name, err)
	}
	t.Cleanup(d.Close)
	return d
}

// TestDevice holds a device's images against those of the kernels in plain Go, bit for
// bit, on random experiments. SIMTRACE_DEVICE_N draws more of them.
func TestDevice(t *testing.T) {
	d := testDevice(t)
	n := 25
	if v, err := strconv.Atoi(os.Getenv("SIMTRACE_DEVICE_N")); err == nil {
		n = v
	}
	pixels, computed, exactly := 0, 0, 0
	for i := range n {
		r := rand.New(rand.NewPCG(uint64(i), 5))
		c := racedConfig(r)
		c.Dtype = Float64
		e := mustPrepare(t, c)
		if e.onlyExact() != "" {
			continue
		}
		var here, run Run
		want := render(t, e, Options{Engine: EngineFast, Kernels: "go", Run: &here, Seed: 1})
		got := render(t, e, Options{Engine: EngineFast, Device: d, Run: &run, Seed: 1})
		if run.Engine != EngineFast || run.Kernels != d.Name() {
			t.Fatalf("experiment %d was rendered by %+v", i, run)
		}
		if run.Exactly != here.Exactly {
			t.Errorf("experiment %d: the device leaves %d pixels to the exact engine, this processor %d", i, run.Exactly, here.Exactly)
		}
		computed++
		pixels += e.pixels()
		exactly += run.Exactly
		sameBits(t, "experiment "+strconv.Itoa(i), got, want)
	}
	t.Logf("%s: %d experiments, %d pixels, %d of them the exact engine's", d.Name(), computed, pixels, exactly)
	if computed*2 < n {
		t.Errorf("%d of %d experiments were computed on the device", computed, n)
	}
}
