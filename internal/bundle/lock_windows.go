package bundle

import (
	"errors"
	"path/filepath"

	"golang.org/x/sys/windows"
)

// lockName is the file that stands for the lock of its folder, as long as it is held.
const lockName = hidden + "lock"

// tryLock locks a folder by a file in it that nobody else can open and that the
// system removes with the process. The error is errLocked where somebody else has
// the lock; a folder that takes no such file is none.
func tryLock(dir string) (unlock func(), err error) {
	name, err := windows.UTF16PtrFromString(filepath.Join(dir, lockName))
	if err != nil {
		return func() {}, nil
	}
	const hiddenTemporary = windows.FILE_ATTRIBUTE_HIDDEN | windows.FILE_ATTRIBUTE_TEMPORARY
	h, err := windows.CreateFile(name, windows.GENERIC_WRITE, 0, nil, windows.CREATE_ALWAYS, hiddenTemporary|windows.FILE_FLAG_DELETE_ON_CLOSE, 0)
	switch {
	case errors.Is(err, windows.ERROR_SHARING_VIOLATION), errors.Is(err, windows.ERROR_DELETE_PENDING):
		return nil, errLocked
	case err != nil:
		return func() {}, nil
	}
	return func() { _ = windows.CloseHandle(h) }, nil
}
