//go:build gpu

package opencl

import (
	"fmt"
	"strings"
	"unsafe"
)

// Device is a device that was found.
type Device struct {
	Name, Platform string
	Version        string // of its driver
	GPU            bool
	Units          int    // that compute at the same time
	Memory         uint64 // bytes
	Double         uint64 // what float64 can do, see the Double constants; 0: there is none

	calls        *calls
	platform, id uintptr
}

// What a device can do in float64, of Device.Double: CL_DEVICE_DOUBLE_FP_CONFIG.
const (
	DoubleDenormals = 1 << 0
	DoubleNearest   = 1 << 2
	DoubleFMA       = 1 << 5
)

// String names the device and its platform.
func (d *Device) String() string { return d.Name + " (" + d.Platform + ")" }

// Find returns the first device that match accepts. The error lists the
// libraries that were tried, and the devices that were found there.
func Find(match func(*Device) bool) (*Device, error) {
	var tried, found []string
	paths, loaders := candidates()
	for i, path := range paths {
		l, err := open(path, i < loaders)
		if err != nil {
			tried = append(tried, path)
			continue
		}
		devices, err := l.devices()
		if err != nil {
			tried = append(tried, err.Error())
			continue
		}
		for _, d := range devices {
			if match(d) {
				return d, nil
			}
			found = append(found, d.String())
		}
	}
	if len(found) > 0 {
		return nil, fmt.Errorf("there are only %s", strings.Join(unique(found), ", "))
	}
	return nil, fmt.Errorf("no OpenCL library has a device; tried %s", strings.Join(tried, ", "))
}

// unique drops what was there before.
func unique(words []string) (out []string) {
	seen := map[string]bool{}
	for _, w := range words {
		if !seen[w] {
			out = append(out, w)
		}
		seen[w] = true
	}
	return out
}

// devices lists the devices of a library.
func (l *library) devices() ([]*Device, error) {
	platforms, err := l.platforms()
	if err != nil {
		return nil, err
	}
	var out []*Device
	for _, p := range platforms {
		c, err := l.bind(p)
		if err != nil {
			return nil, err
		}
		platform := text(func(size uintptr, value unsafe.Pointer, got *uintptr) int32 {
			return c.getPlatformInfo(p, platformName, size, value, got)
		})
		ids, n := make([]uintptr, 64), uint32(0)
		if c.getDeviceIDs(p, allDevices, uint32(len(ids)), &ids[0], &n) != 0 {
			continue // a platform without devices says so with an error
		}
		for _, id := range ids[:min(int(n), len(ids))] {
			out = append(out, c.device(p, id, platform))
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s (no device)", l.path)
	}
	return out, nil
}

// device reads what is known of a device.
func (c *calls) device(platform, id uintptr, platformName string) *Device {
	d := &Device{Platform: platformName, calls: c, platform: platform, id: id}
	ask := func(what uint32) func(uintptr, unsafe.Pointer, *uintptr) int32 {
		return func(size uintptr, value unsafe.Pointer, got *uintptr) int32 {
			return c.getDeviceInfo(id, what, size, value, got)
		}
	}
	number := func(what uint32) (v uint64) {
		if ask(what)(unsafe.Sizeof(v), unsafe.Pointer(&v), nil) != 0 {
			return 0
		}
		return v
	}
	d.Name, d.Version = text(ask(deviceName)), text(ask(driverVersion))
	d.GPU = number(deviceType)&gpuDevices != 0
	d.Units, d.Memory = int(uint32(number(deviceUnits))), number(deviceMemory)
	d.Double = number(deviceDouble)
	return d
}

// text reads a text of unknown length.
func text(ask func(size uintptr, value unsafe.Pointer, got *uintptr) int32) string {
	var n uintptr
	if ask(0, nil, &n) != 0 || n == 0 {
		return ""
	}
	b := make([]byte, n)
	if ask(n, unsafe.Pointer(&b[0]), nil) != 0 {
		return ""
	}
	return strings.TrimSpace(strings.TrimRight(string(b), "\x00"))
}

// Constants of CL/cl.h.
const (
	platformName  = 0x0902
	allDevices    = 0xFFFFFFFF
	gpuDevices    = 1 << 2
	deviceType    = 0x1000
	deviceUnits   = 0x1002
	deviceMemory  = 0x101F
	deviceName    = 0x102B
	driverVersion = 0x102D
	deviceDouble  = 0x1032
)
