package bundle

import (
	"bufio"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// AtomicFile is a file that appears under its name, whole, when Commit is
// called, and not at all otherwise.
//
// A name that stands for a device, a pipe or a standard stream (/dev/null,
// /dev/stdout, a FIFO) cannot be replaced by a file; it is written to
// directly.
type AtomicFile struct {
	path   string // where the file goes, links resolved
	temp   string // where it is meanwhile; "" where it has no name
	file   *os.File
	buf    *bufio.Writer
	direct bool // file is the destination itself
	quick  bool // not synced
	err    error
	done   bool
}

// CreateAtomic begins a file that will appear at path, in a folder that
// exists. A file that stands there keeps its permissions; one that nobody may
// write is not replaced, and neither is a folder. A link is followed.
func CreateAtomic(path string) (*AtomicFile, error) { return createAtomic(path, 0o666, beside) }

// CreateUnnamed is CreateAtomic for a file that is written for long. Where the
// system can, it has no name before Commit, so that nothing of it is left whatever
// ends the program.
func CreateUnnamed(path string) (*AtomicFile, error) {
	return createAtomic(path, 0o666, func(path string, perm os.FileMode, old fs.FileInfo) (*AtomicFile, error) {
		if f, err := unnamed(filepath.Dir(path), perm); err == nil {
			return (&AtomicFile{path: path, file: f}).begin(old)
		}
		return beside(path, perm, old)
	})
}

// WriteFileAtomic writes a file, whole or not at all: it is written beside
// its place, synced and renamed. perm, less the umask, is for a file that is
// new. See CreateAtomic.
func WriteFileAtomic(path string, data []byte, perm os.FileMode) error {
	f, err := createAtomic(path, perm, beside)
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		return errors.Join(err, f.Abort())
	}
	return f.Commit()
}

// maker makes the file that is to replace old, or nothing where old is nil.
type maker func(path string, perm os.FileMode, old fs.FileInfo) (*AtomicFile, error)

func createAtomic(path string, perm os.FileMode, mk maker) (*AtomicFile, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		link, err := os.Lstat(path)
		switch {
		case err != nil:
			return mk(path, perm, nil)
		case link.Mode()&fs.ModeSymlink != 0:
			return nil, fmt.Errorf("%s is a link to nothing", path)
		}
		return createAtomic(path, perm, mk) // another run made it between the two looks
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, fmt.Errorf("%s is a folder", path)
	case !info.Mode().IsRegular() || isStream(path):
		return direct(path)
	case info.Mode().Perm()&0o222 == 0:
		return nil, &fs.PathError{Op: "write", Path: path, Err: fs.ErrPermission}
	}
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return nil, err
	}
	return mk(real, perm, info)
}

// isStream reports whether path names an open stream of the process.
func isStream(path string) bool {
	path = filepath.ToSlash(filepath.Clean(path))
	return path == "/dev/stdout" || path == "/dev/stderr" ||
		strings.HasPrefix(path, "/dev/fd/") || strings.HasPrefix(path, "/proc/self/fd/")
}

// direct opens the destination itself. Appending leaves alone what else goes
// to the same stream.
func direct(path string) (*AtomicFile, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return nil, err
	}
	return &AtomicFile{path: path, file: f, buf: bufio.NewWriterSize(f, 1<<16), direct: true}, nil
}

// beside makes a temporary file.
func beside(path string, perm os.FileMode, old fs.FileInfo) (*AtomicFile, error) {
	temp := tempBeside(path)
	pending.add(temp)
	f, err := os.OpenFile(temp, os.O_RDWR|os.O_CREATE|os.O_EXCL, perm)
	if err != nil {
		pending.drop(temp)
		// The user knows the file that was asked for, not ours.
		var pe *fs.PathError
		if errors.As(err, &pe) {
			err = &fs.PathError{Op: "create", Path: path, Err: pe.Err}
		}
		return nil, err
	}
	return (&AtomicFile{path: path, temp: temp, file: f}).begin(old)
}

func (a *AtomicFile) begin(old fs.FileInfo) (*AtomicFile, error) {
	a.buf = bufio.NewWriterSize(a.file, 1<<16)
	if old != nil {
		if err := a.file.Chmod(old.Mode().Perm()); err != nil {
			return nil, errors.Join(err, a.Abort())
		}
	}
	return a, nil
}

// Write implements io.Writer. After an error every further Write and Commit
// fails.
func (a *AtomicFile) Write(p []byte) (int, error) {
	if a.done {
		return 0, fs.ErrClosed
	}
	n, err := a.buf.Write(p)
	err = a.named(err)
	if a.err == nil {
		a.err = err
	}
	return n, err
}

// Sync brings what was written to the disk. Of files that belong together each is
// synced before the first appears: a full disk then leaves none of them.
func (a *AtomicFile) Sync() error {
	if a.done {
		return fs.ErrClosed
	}
	err := errors.Join(a.err, a.buf.Flush())
	if err == nil && !a.direct {
		err = a.file.Sync()
	}
	return a.named(err)
}

// named makes an error speak of the file that the user knows, not of ours.
func (a *AtomicFile) named(err error) error {
	var pe *fs.PathError
	var le *os.LinkError
	switch {
	case a.direct:
	case errors.As(err, &pe):
		return &fs.PathError{Op: pe.Op, Path: a.path, Err: pe.Err}
	case errors.As(err, &le):
		return &fs.PathError{Op: le.Op, Path: a.path, Err: le.Err}
	}
	return err
}

// Commit makes the file appear. After an error nothing has changed at the
// path, and nothing of ours is left there.
func (a *AtomicFile) Commit() error {
	if a.done {
		return fs.ErrClosed
	}
	if err := errors.Join(a.err, a.named(a.buf.Flush())); err != nil {
		return errors.Join(err, a.Abort())
	}
	a.done = true
	if a.direct {
		return a.file.Close()
	}
	var err error
	if !a.quick {
		err = a.file.Sync()
	}
	if err = a.appear(err); err != nil {
		return err
	}
	if a.quick {
		return nil
	}
	return syncDir(filepath.Dir(a.path))
}

// appear moves the complete file to its place, where err, what went wrong until
// then, is nil. It closes the file and leaves nothing temporary.
func (a *AtomicFile) appear(err error) error {
	defer pending.enter()()
	if err == nil && a.temp == "" {
		temp := tempBeside(a.path)
		if err = link(a.file, temp); err == nil {
			a.temp = temp
		}
	}
	err = errors.Join(err, a.file.Close())
	if err == nil {
		err = a.replace()
	}
	if err != nil {
		return errors.Join(a.named(err), a.remove())
	}
	pending.drop(a.temp)
	return nil
}

// tempBeside is a name beside the path that nothing has.
func tempBeside(path string) string {
	return filepath.Join(filepath.Dir(path), hidden+"temp-"+rand.Text())
}

// remove removes the temporary file.
func (a *AtomicFile) remove() error {
	if a.temp == "" {
		return nil
	}
	defer pending.drop(a.temp)
	return os.Remove(a.temp)
}

// replace moves the file to its place.
func (a *AtomicFile) replace() error {
	if a.quick && a.exchange() {
		return nil
	}
	return rename(a.temp, a.path)
}

// exchange swaps the file with the one in its place, and removes that: see
// exchange. It answers false where nothing has changed.
func (a *AtomicFile) exchange() bool {
	regular := func(path string) bool {
		info, err := os.Lstat(path)
		return err == nil && info.Mode().IsRegular()
	}
	if !regular(a.path) || exchange(a.temp, a.path) != nil {
		return false
	}
	// A folder may have come there at the last moment.
	if regular(a.temp) && os.Remove(a.temp) == nil {
		return true
	}
	return exchange(a.temp, a.path) != nil
}

// Unsynced makes Commit leave it to the system when the data reach the disk.
// It is for what can be computed again: the file still appears whole or not at
// all whatever happens to the program, but not where the machine itself stops.
func (a *AtomicFile) Unsynced() { a.quick = true }

// Abort gives the file up. After Commit it does nothing.
func (a *AtomicFile) Abort() error {
	if a.done {
		return nil
	}
	a.done = true
	err := a.file.Close()
	if a.direct {
		return err
	}
	return errors.Join(err, a.remove())
}
