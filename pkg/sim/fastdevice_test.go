package sim

import (
	"context"
	"errors"
	"math"
	"strings"
	"sync/atomic"
	"testing"

	"simtrace/pkg/sim/fast"
)

// brokenDevice fails where it is told to; what it paints is not a number, which
// leaves all pixels to the exact engine.
type brokenDevice struct {
	painter, brush error
	painted        int32 // how often it paints before it is lost
	cancel         func()
	closed         atomic.Int32
}

var errLost = errors.New("the device is lost")

func (d *brokenDevice) Name() string { return "broken" }
func (d *brokenDevice) Rows() int    { return 7 }
func (d *brokenDevice) Close()       { d.closed.Add(1) }

func (d *brokenDevice) Painter(*fast.Scene) (fast.Painter, error) {
	if d.painter != nil {
		return nil, d.painter
	}
	return d, nil
}

func (d *brokenDevice) Brush() (fast.Brush, error) {
	if d.brush != nil {
		return nil, d.brush
	}
	return d, nil
}

func (d *brokenDevice) Paint(_, _ int, into []float32) error {
	if atomic.AddInt32(&d.painted, -1) < 0 {
		if d.cancel == nil {
			return errLost
		}
		d.cancel()
	}
	for i := range into {
		into[i] = float32(math.NaN())
	}
	return nil
}

// TestDeviceFails: what a device cannot do is an error, into memory and by rows, and
// all that was opened is closed.
func TestDeviceFails(t *testing.T) {
	c := largeEnough()
	c.Detector.PixelsSlow = 40
	e := mustPrepare(t, c)
	for name, d := range map[string]*brokenDevice{
		"no room": {painter: errors.New("no room")}, "no room for the second": {brush: errors.New("no room")},
		"lost at once": {}, "lost later": {painted: 3},
	} {
		for _, store := range []Store{nil, &memoryStore{}} {
			image, err := e.Render(context.Background(), Options{Engine: EngineFast, Device: d, Store: store})
			if image != nil || err == nil || !strings.Contains(err.Error(), "no room") && !errors.Is(err, errLost) {
				t.Errorf("%s: %d pixels, %v", name, len(image), err)
			}
		}
		if n := d.closed.Load(); d.painter == nil && d.brush == nil && n != 2*(brushes+1) {
			t.Errorf("%s: %d things are closed", name, n)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	image, err := e.Render(ctx, Options{Engine: EngineFast, Device: &brokenDevice{painted: 2, cancel: cancel}, Store: &memoryStore{}})
	if image != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %d pixels, %v", len(image), err)
	}
}

// TestDeviceLeavesAll: where the device computes nothing, the image is the exact
// engine's.
func TestDeviceLeavesAll(t *testing.T) {
	c := largeEnough()
	c.Detector.PixelsSlow = 20
	e := mustPrepare(t, c)
	var run Run
	got := render(t, e, Options{Engine: EngineFast, Device: &brokenDevice{painted: 100}, Run: &run})
	sameBits(t, "left to the exact engine", got, render(t, e, Options{}))
	if run.Exactly != e.pixels() || run.Kernels != "broken" {
		t.Errorf("it was rendered by %+v", run)
	}
}

// TestChooseDevice: who computes, and what is said where it is not the device.
func TestChooseDevice(t *testing.T) {
	large := func(c *Config) { // 1e9 steps and a few
		c.Detector.PixelsFast, c.Detector.PixelsSlow = 1000, 1000
		c.Rotation = RotationConfig{OscDeg: 1, PhistepDeg: -1, Phisteps: 1001}
	}
	for _, tt := range []struct {
		name   string
		change func(c *Config, o *Options)
		why    string
	}{
		{"asked for", func(*Config, *Options) {}, ""},
		{"auto", func(_ *Config, o *Options) { o.Engine, o.Threads = EngineAuto, 2 }, "against 2 threads a device pays from 1e+09 on"},
		{"auto, few steps for so many threads", func(c *Config, o *Options) { o.Engine, o.Threads = EngineAuto, 16; large(c) }, "against 16 threads a device pays from 8e+09 on"},
		{"auto, large", func(c *Config, o *Options) { o.Engine, o.Threads = EngineAuto, 2; large(c) }, ""},
		{"exact", func(_ *Config, o *Options) { o.Engine = EngineExact }, "the exact engine computes the image: it was asked for"},
		{"single precision", func(c *Config, _ *Options) { c.Dtype = Float32 }, "no kernel for single precision"},
		{"half a cell", func(c *Config, o *Options) { c.Crystal.Cells[1], o.Engine = 2.5, EngineAuto }, "not whole"},
	} {
		c, o := largeEnough(), Options{Engine: EngineFast, Device: &brokenDevice{}}
		tt.change(&c, &o)
		_, run, err := mustPrepare(t, c).choose(o)
		if err != nil || !strings.Contains(run.NotOnDevice, tt.why) || (run.NotOnDevice == "") != (tt.why == "") {
			t.Errorf("%s: %+v, %v", tt.name, run, err)
		}
	}
}
