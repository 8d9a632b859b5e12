//go:build gpu

package golden

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"testing"

	"simtrace/pkg/sim"
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

// deviceTally counts what a device computed.
type deviceTally struct{ images, pixels, exactly, others int }

// TestDeviceParity holds a device's images of all recorded configurations against
// those of the kernels in plain Go, bit for bit.
func TestDeviceParity(t *testing.T) {
	d := testDevice(t)
	var sum deviceTally
	for _, dir := range folders {
		cases, err := Cases(dir)
		if err != nil {
			t.Fatal(err)
		}
		if len(cases) == 0 {
			t.Logf("SKIPPED: %s is not here", dir)
		}
		for _, c := range cases {
			t.Run(filepath.Base(dir)+"/"+c.Name, func(t *testing.T) {
				e, err := c.Prepare()
				if err != nil {
					t.Fatal(err)
				}
				sum.hold(t, d, e)
			})
		}
	}
	t.Logf("%s: %+v", d.Name(), sum)
	if sum.images == 0 {
		t.Error("the device computed no image")
	}
}

// TestDevicePrograms does the same with the images of the other programs.
func TestDevicePrograms(t *testing.T) {
	d := testDevice(t)
	dir, inputs := programs(t), unpacked(t)
	var sum deviceTally
	for _, p := range recordedPrograms {
		cases, err := Cases(filepath.Join(dir, p.dir))
		if err != nil || len(cases) == 0 {
			t.Fatalf("%s: %d cases, %v", p.dir, len(cases), err)
		}
		for _, c := range cases {
			t.Run(p.dir+"/"+c.Name, func(t *testing.T) {
				c.findLists(inputs)
				profile, err := sim.ProfileByName(p.profile)
				if err != nil {
					t.Fatal(err)
				}
				_, e, err := prepared(profile, c.Args, true)
				if err != nil {
					t.Fatal(err)
				}
				sum.hold(t, d, e)
			})
		}
	}
	t.Logf("%s: %+v", d.Name(), sum)
	if sum.images == 0 {
		t.Error("the device computed no image")
	}
}

// hold renders an experiment on both. The exact engine's images are no matter of a
// device's.
func (sum *deviceTally) hold(t *testing.T, d *gpu.Device, e *sim.Experiment) {
	ctx := context.Background()
	var here, there sim.Run
	want, err := e.Render(ctx, sim.Options{Engine: sim.EngineFast, Kernels: "go", Seed: 1, Run: &here})
	if err != nil {
		sum.others++
		t.Skip(err) // says why this image is the exact engine's
	}
	got, err := e.Render(ctx, sim.Options{Engine: sim.EngineFast, Device: d, Seed: 1, Run: &there})
	if err != nil {
		t.Fatal(err)
	}
	if there.NotOnDevice != "" {
		sum.others++
		t.Skip(there.NotOnDevice)
	}
	if there.Kernels != d.Name() || there.Exactly != here.Exactly || there.Check.Failed {
		t.Errorf("rendered by %+v, here by %+v", there, here)
	}
	sum.images++
	sum.pixels += len(want)
	sum.exactly += there.Exactly
	for i := range want {
		if math.Float32bits(got[i]) != math.Float32bits(want[i]) {
			t.Fatalf("pixel %d is %v, not %v", i, got[i], want[i])
		}
	}
}
