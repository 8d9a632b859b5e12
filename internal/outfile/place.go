package outfile

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"simtrace/internal/bundle"
)

// File is a file to be written; without data it is one that must go, such
// as the picture of an earlier run.
type File struct {
	Path string
	Data []byte
	// Write writes it instead, where it is too long to be held; nil where Data is all.
	Write func(io.Writer) error
}

// write writes the file's contents.
func (f *File) write(w io.Writer) error {
	if f.Write != nil {
		return f.Write(w)
	}
	_, err := w.Write(f.Data)
	return err
}

// Place puts the files where they belong: each of them whole, all of them or none
// as far as a file system allows, and none of another run between them.
func Place(ctx context.Context, files []File) error {
	staged := make([]*bundle.AtomicFile, len(files))
	var undo []func() // of the folders that were made
	defer func() {
		for _, f := range staged {
			if f != nil {
				f.Abort() // nothing to those that were committed
			}
		}
		for _, u := range slices.Backward(undo) {
			u()
		}
	}()
	for i, f := range files {
		if len(f.Data) == 0 && f.Write == nil {
			continue
		}
		u, err := bundle.MakeFolder(filepath.Dir(f.Path))
		if err != nil {
			return err
		}
		undo = append(undo, u)
		if staged[i], err = bundle.CreateAtomic(f.Path); err != nil {
			return err
		}
		if err := f.write(staged[i]); err != nil {
			return err
		}
		if err := staged[i].Sync(); err != nil {
			return err
		}
	}
	return bundle.Together(ctx, staged, func() error {
		for i, f := range files {
			var err error
			if staged[i] != nil {
				err = staged[i].Commit()
			} else if err = os.Remove(f.Path); errors.Is(err, fs.ErrNotExist) {
				err = nil
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}
