package main

import (
	"simtrace/internal/bundle"
	"simtrace/pkg/nanobragg"
	"simtrace/pkg/sim"
)

// imageFile is the float image's file. It is a sim.Store: the image goes there
// while it is computed, and is read back, for what is made of it, from where the
// system keeps it. A pipe or a device is no store; it gets the image at the end.
type imageFile struct {
	path    string
	file    *bundle.AtomicFile // nil for a pipe or a device, until complete
	release func() error
}

// createImage begins the file. direct tells that path is a pipe or a device: that is
// opened when there is something for it.
func createImage(path string, direct bool) (*imageFile, error) {
	f := &imageFile{path: path, release: func() error { return nil }}
	if direct {
		return f, nil
	}
	return f, f.create()
}

func (f *imageFile) create() (err error) {
	if f.file, err = bundle.CreateUnnamed(f.path); err == nil {
		f.file.Unsynced()
	}
	return err
}

// store is where the image is rendered into; nil for memory.
func (f *imageFile) store() sim.Store {
	if f.file == nil || f.file.Direct() {
		return nil
	}
	return f
}

// complete writes the image if that has not been done on the way.
func (f *imageFile) complete(image []float32) error {
	if f.store() != nil {
		return nil
	}
	if f.file == nil {
		if err := f.create(); err != nil {
			return err
		}
	}
	return f.Write(image)
}

// Write implements sim.Store.
func (f *imageFile) Write(rows []float32) error { return nanobragg.WriteFloatImage(f.file, rows) }

// Image implements sim.Store. What it returns is gone once the file is closed.
func (f *imageFile) Image() ([]float32, error) {
	data, release, err := f.file.View()
	if err != nil {
		return nil, err
	}
	f.release = release
	return nanobragg.ViewFloatImage(data), nil
}

// Restart implements sim.Store.
func (f *imageFile) Restart() error { return f.file.Restart() }

// close gives the file up, unless it has been committed.
func (f *imageFile) close() {
	_ = f.release()
	if f.file != nil {
		_ = f.file.Abort()
	}
}
