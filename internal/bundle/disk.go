package bundle

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
)

// resolve makes dir absolute and follows links, and tells whether the folder
// exists.
func resolve(dir string) (abs string, exists bool, err error) {
	abs, err = filepath.Abs(dir)
	if err != nil {
		return "", false, err
	}
	target, err := filepath.EvalSymlinks(abs)
	if errors.Is(err, fs.ErrNotExist) {
		link, err := os.Lstat(abs)
		switch {
		case err != nil:
			return abs, false, nil
		case link.Mode()&fs.ModeSymlink == 0:
			return resolve(dir) // another run made it between the two looks
		}
		return "", false, fmt.Errorf("%s is a link to nothing", dir)
	}
	if err != nil {
		var pe *fs.PathError
		if !errors.As(err, &pe) {
			err = &fs.PathError{Op: "open", Path: dir, Err: err}
		}
		return "", false, err
	}
	info, err := os.Stat(target)
	if err != nil {
		return "", false, err
	}
	if !info.IsDir() {
		return "", false, fmt.Errorf("%s is not a folder", dir)
	}
	return target, true, nil
}

// makeStage makes a new hidden folder in dir. It has the permissions that the
// user's umask gives, since it may become the report folder.
func makeStage(dir string) (string, error) {
	stage := filepath.Join(dir, stagePrefix+rand.Text())
	pending.add(stage)
	err := os.Mkdir(stage, 0o777)
	if err != nil {
		pending.drop(stage)
	}
	// The user knows the folder, not our name in it.
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		err = &fs.PathError{Op: "write in", Path: dir, Err: pe.Err}
	}
	return stage, err
}

// makeParents makes dir and what is missing above it, and returns the folders
// that it made, outermost first.
func makeParents(dir string) ([]string, error) {
	var made []string
	// Lstat: a link to nothing is somebody's, and must not be removed afterwards.
	for d := dir; ; d = filepath.Dir(d) {
		if _, err := os.Lstat(d); !errors.Is(err, fs.ErrNotExist) || d == filepath.Dir(d) {
			break
		}
		made = append(made, d)
	}
	slices.Reverse(made)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		removeEmpty(made)
		var pe *fs.PathError
		if errors.As(err, &pe) && Dangling(pe.Path) {
			err = fmt.Errorf("%s is a link to nothing", pe.Path)
		}
		return nil, err
	}
	return made, nil
}

// Dangling reports whether a path is a link to nothing.
func Dangling(path string) bool {
	path = filepath.Clean(path) // a slash at its end would follow it
	_, err := os.Lstat(path)
	_, there := os.Stat(path)
	return err == nil && errors.Is(there, fs.ErrNotExist)
}

// removeEmpty removes the folders, innermost first, as far as they are empty.
func removeEmpty(dirs []string) {
	for _, d := range slices.Backward(dirs) {
		// A folder that somebody put something into stays, and so do those
		// above it.
		if os.Remove(d) != nil {
			return
		}
	}
}

// syncTree syncs a folder and the folders in it; their files are on disk.
func syncTree(root string) error {
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		return syncDir(path)
	})
}

// syncDir brings the names in a folder to disk, where the system can do that.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" || runtime.GOOS == "plan9" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		// A folder that may be written but not read cannot be synced.
		if errors.Is(err, fs.ErrPermission) {
			return nil
		}
		return err
	}
	err = d.Sync()
	// Some file systems know no sync of folders.
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
		err = nil
	}
	return errors.Join(err, d.Close())
}
