//go:build gpu

package gpu

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"

	"simtrace/internal/bundle"
	"simtrace/internal/opencl"
)

// cacheFolder is where compiled kernels are kept; "" where there is no place.
func cacheFolder() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "simtrace", "kernels")
}

// compiled returns the kernels for options, compiled and tested for the first image
// that needs them and kept for those after it.
func (d *Device) compiled(options string) (*opencl.Program, error) {
	d.lock.Lock()
	defer d.lock.Unlock()
	if p := d.programs[options]; p != nil {
		return p, nil
	}
	p, err := d.build(options)
	if err != nil {
		return nil, err
	}
	if err := d.test(p); err != nil {
		p.Release()
		return nil, err
	}
	d.programs[options] = p
	return p, nil
}

// build compiles the kernels, or takes what an earlier run compiled from the same
// source for the same device and driver. The cache is of use only: what fails
// there is done without.
func (d *Device) build(options string) (*opencl.Program, error) {
	c := d.context
	if d.cache == "" {
		return c.Build(source, options, nil)
	}
	sum := sha256.New()
	for _, part := range []string{source, options, c.Name, c.Platform, c.Version} {
		sum.Write([]byte(part + "\x00"))
	}
	path := filepath.Join(d.cache, hex.EncodeToString(sum.Sum(nil))+".bin")
	if binary, err := os.ReadFile(path); err == nil {
		if p, err := c.Build(source, options, binary); err == nil {
			return p, nil
		}
	}
	p, err := c.Build(source, options, nil)
	if err == nil {
		if binary, err := p.Binary(); err == nil && len(binary) > 0 && os.MkdirAll(d.cache, 0o700) == nil {
			_ = bundle.WriteFileAtomic(path, binary, 0o600)
		}
	}
	return p, err
}
