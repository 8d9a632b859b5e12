package main

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v2"

	"simtrace/internal/visible"
	"simtrace/pkg/sim"
	"simtrace/pkg/sim/fast"
	"simtrace/pkg/sim/fast/gpu"
)

// checkDevice refuses what a device does not go with.
func checkDevice(c *cli.Context, a sim.Arith, engine sim.Engine) error {
	name := c.String("device")
	switch {
	case name == "cpu":
		return nil
	case engine == sim.EngineExact:
		return fmt.Errorf("--device %s: the exact engine computes on the cpu, leave out --engine or --device", name)
	case a != sim.ArithOwn:
		return fmt.Errorf("--device %s: --arith %s computes on the cpu, leave out one of them", name, a)
	}
	return nil
}

// openDevice begins to open the device that --device names, beside what the caller
// does meanwhile: a driver takes a few tenths of a second. The function waits for it, and
// returns nil for the cpu.
func openDevice(c *cli.Context) func() (fast.Device, error) {
	name := c.String("device")
	if name == "cpu" {
		return func() (fast.Device, error) { return nil, nil }
	}
	type opened struct {
		device *gpu.Device
		err    error
	}
	done := make(chan opened, 1)
	go func() {
		d, err := gpu.Open(name)
		done <- opened{d, err}
	}()
	return func() (fast.Device, error) {
		select {
		case o := <-done:
			if o.err != nil {
				return nil, fmt.Errorf("--device %s: %s", name, visible.Text(o.err.Error()))
			}
			return o.device, nil
		case <-c.Context.Done():
			return nil, c.Context.Err()
		}
	}
}

// noteDevice says why a device that was asked for computed nothing.
func (p *program) noteDevice(why string) {
	if why != "" {
		fmt.Fprintf(p.stderr, "simtrace: warning: not on the device, on the cpu: %s\n", why)
	}
}

// hold computes the traced pixels on a device, and holds them against the trace.
func (j *job) hold(ctx context.Context, d fast.Device) error {
	held, err := j.experiment.Hold(ctx, d, j.selected.regions)
	if err != nil {
		return err
	}
	if held.NotOnDevice != "" {
		j.noteDevice(held.NotOnDevice)
		return nil
	}
	fmt.Fprintf(j.stderr, "simtrace: %s: %d pixels computed there too, %d identical to the trace, %d left to the exact engine, largest deviation %d ulp\n",
		visible.Text(d.Name()), held.Pixels, held.Identical, held.Exactly, held.MaxULP)
	if held.Failed {
		return fmt.Errorf("--device %s: pixel %d %d is %.9g there and %.9g in the trace", j.device, held.Worst.Slow, held.Worst.Fast, held.Got, held.Want)
	}
	return nil
}
