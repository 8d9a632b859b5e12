package bundle

import (
	"bufio"
	"crypto/sha256"
	"errors"
	"hash"
	"os"
	"path/filepath"
)

// stagedFile is a file in the stage. Its checksum and size are those of the
// bytes that reached the file, even if writing failed in the middle.
type stagedFile struct {
	buf    *bufio.Writer
	file   *os.File
	sum    hash.Hash
	size   int64
	err    error // the first failure
	sealed bool
}

// newStagedFile makes the file, and the folders that its name asks for.
func newStagedFile(stage, name string) (*stagedFile, error) {
	defer pending.enter()()
	path := filepath.Join(stage, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return nil, err
	}
	f := &stagedFile{file: file, sum: sha256.New()}
	f.buf = bufio.NewWriterSize((*sink)(f), 1<<16)
	return f, nil
}

// Write implements io.Writer.
func (f *stagedFile) Write(p []byte) (int, error) {
	if f.sealed {
		return 0, errDone
	}
	n, err := f.buf.Write(p)
	f.fail(err)
	return n, err
}

func (f *stagedFile) fail(err error) {
	if f.err == nil {
		f.err = err
	}
}

// seal brings everything to disk and closes the file. It returns the first
// failure since the file was made, and does its work once only.
func (f *stagedFile) seal() error {
	if !f.sealed {
		f.sealed = true
		f.fail(f.buf.Flush())
		f.fail(f.file.Sync())
		f.fail(f.file.Close())
	}
	return f.err
}

// close gives the file up.
func (f *stagedFile) close() {
	if !f.sealed {
		f.sealed = true
		// The content is about to be deleted: an error tells nothing.
		_ = f.file.Close()
	}
}

// sink writes to the file below the buffer and keeps the checksum.
type sink stagedFile

func (s *sink) Write(p []byte) (int, error) {
	n, err := s.file.Write(p)
	s.sum.Write(p[:n])
	s.size += int64(n)
	return n, err
}

// writeSynced writes a small file to disk, replacing one of an earlier
// attempt.
func writeSynced(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Sync(), f.Close())
}
