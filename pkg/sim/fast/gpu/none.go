//go:build !gpu

package gpu

import (
	"errors"

	"simtrace/pkg/sim/fast"
)

// Built reports whether this program can have a device.
const Built = false

// Device is none.
type Device struct{}

// Open says that this program has no device.
func Open(name string) (*Device, error) {
	if _, err := checkName(name); err != nil {
		return nil, err
	}
	return nil, errors.New("this simtrace is built without GPUs; make gpu, or go build -tags gpu ./cmd/simtrace, builds one with them")
}

func (*Device) Close()                                    {}
func (*Device) Name() string                              { return "" }
func (*Device) Painter(*fast.Scene) (fast.Painter, error) { return nil, nil }
