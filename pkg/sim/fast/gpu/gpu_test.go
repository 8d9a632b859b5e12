//go:build gpu

package gpu

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"simtrace/internal/opencl"
	"simtrace/pkg/sim/fast"
)

// testDevice opens POCL's processor, with a cache of the test's own.
func testDevice(t *testing.T) *Device {
	t.Helper()
	d, err := Open("opencl:portable")
	if err != nil {
		t.Skipf("SKIPPED, NOT TESTED: no POCL: %v", err)
	}
	t.Cleanup(d.Close)
	d.cache = t.TempDir()
	return d
}

// aScene is one with nothing in it.
func aScene() *fast.Scene {
	s := &fast.Scene{Samples: make([]fast.Sample, 1), Sources: make([]fast.Source, 1), Table: make([]fast.Orientation, 1), F: []float64{1}, Width: 8, Pitch: 8}
	s.Setup.NSamples, s.Setup.NSources, s.Setup.NOriented, s.Setup.Oversample = 1, 1, 1, 1
	return s
}

// TestJudge: a device that flushes denormals, fuses or rounds otherwise is refused.
func TestJudge(t *testing.T) {
	in := testNumbers()
	good := func() (out []float64, rounded []float32) {
		for i := range testedNumbers {
			results := testedResults(in[3*i], in[3*i+1], in[3*i+2])
			out, rounded = append(out, results[:]...), append(rounded, float32(in[3*i]))
		}
		return out, rounded
	}
	if out, rounded := good(); judge(in, out, rounded) != nil {
		t.Fatal("this processor's own results are refused")
	}
	faults := map[string]func(out []float64, rounded []float32){
		"fused": func(out []float64, _ []float32) {
			for i := range testedNumbers {
				out[testedOperations*i] = math.FMA(in[3*i], in[3*i+1], in[3*i+2]) //fma:wanted the fault
			}
		},
		"denormals are zero": func(out []float64, _ []float32) {
			for i, v := range out {
				if math.Abs(v) < 0x1p-1022 {
					out[i] = 0
				}
			}
		},
		"denormal float32 are zero": func(_ []float64, rounded []float32) {
			for i, v := range rounded {
				if math.Abs(float64(v)) < 0x1p-126 {
					rounded[i] = 0
				}
			}
		},
		"division off by a bit": func(out []float64, _ []float32) {
			for i := range testedNumbers {
				out[testedOperations*i+3] = in[3*i] * (1 / in[3*i+1])
			}
		},
	}
	for name, fault := range faults {
		out, rounded := good()
		if fault(out, rounded); judge(in, out, rounded) == nil {
			t.Errorf("%s: not refused", name)
		}
	}
}

// TestCache: a compiled kernel is kept and used again; one that is damaged is compiled
// anew.
func TestCache(t *testing.T) {
	d := testDevice(t)
	paint := func() error {
		d.programs = map[string]*opencl.Program{}
		p, err := d.Painter(aScene())
		if err != nil {
			return err
		}
		p.Close()
		return nil
	}
	if err := paint(); err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(d.cache, "*.bin"))
	if len(files) != 1 {
		t.Fatalf("the cache holds %v", files)
	}
	whole, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, damaged := range [][]byte{whole, nil, []byte("nonsense")} {
		if err := os.WriteFile(files[0], damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := paint(); err != nil {
			t.Errorf("with %d bytes in the cache: %v", len(damaged), err)
		}
	}
	d.cache = "/dev/null/nowhere"
	if err := paint(); err != nil {
		t.Errorf("without a cache: %v", err)
	}
}

// TestKept: images on one device share what was compiled for the first of them.
func TestKept(t *testing.T) {
	d := testDevice(t)
	var painters []*painter
	for range 2 {
		p, err := d.Painter(aScene())
		if err != nil {
			t.Fatal(err)
		}
		p.Close() // leaves the kernels to the next
		painters = append(painters, p.(*painter))
	}
	if painters[0].program != painters[1].program || len(d.programs) != 1 {
		t.Errorf("%d programs for one kind of scene", len(d.programs))
	}
}

// TestOutOfMemory: more than the device has is an error in words.
func TestOutOfMemory(t *testing.T) {
	d := testDevice(t)
	if _, err := d.context.Buffer(1 << 50); !opencl.OutOfMemory(err) {
		t.Errorf("a petabyte: %v", err)
	}
	s := aScene()
	s.Width = 1 << 47
	p, err := d.Painter(s)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if _, err := p.Brush(); err == nil || !strings.Contains(err.Error(), "no room") {
		t.Errorf("an image of half a petabyte: %v", err)
	}
}

// TestVendorLibrary: without the loader, a vendor's library is opened by its path, and its
// functions are found in its table.
func TestVendorLibrary(t *testing.T) {
	if _, err := os.Stat("/etc/OpenCL/vendors/pocl.icd"); err != nil {
		t.Skip("SKIPPED, NOT TESTED: no POCL")
	}
	t.Setenv(opencl.LibraryVariable, "libpocl.so.2")
	d := testDevice(t)
	p, err := d.Painter(aScene())
	if err != nil {
		t.Fatal(err)
	}
	p.Close()
	t.Setenv(opencl.LibraryVariable, "/nowhere/libOpenCL.so")
	if _, err := Open("cuda"); err == nil || !strings.Contains(err.Error(), "tried /nowhere/libOpenCL.so") {
		t.Errorf("no library: %v", err)
	}
}
