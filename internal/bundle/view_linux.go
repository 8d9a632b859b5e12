package bundle

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// mapped maps a file into memory.
func mapped(f *os.File, size int) ([]byte, func() error, error) {
	data, err := unix.Mmap(int(f.Fd()), 0, size, unix.PROT_READ, unix.MAP_SHARED|unix.MAP_POPULATE)
	return data, func() error { return unix.Munmap(data) }, err
}

// exchange swaps two files. Several file systems write a file to the disk before
// they rename it over another, which takes longer than an image takes to compute;
// no name ever stands for less than a whole file this way either.
func exchange(a, b string) error {
	return unix.Renameat2(unix.AT_FDCWD, a, unix.AT_FDCWD, b, unix.RENAME_EXCHANGE)
}

// unnamed makes a file in a folder that has no name there. It is an error where it
// could not be given one later.
func unnamed(dir string, perm os.FileMode) (*os.File, error) {
	if _, err := os.Stat("/proc/self/fd"); err != nil {
		return nil, err
	}
	return os.OpenFile(dir, unix.O_TMPFILE|os.O_RDWR, perm)
}

// link gives an unnamed file a name.
func link(f *os.File, name string) error {
	from := fmt.Sprintf("/proc/self/fd/%d", f.Fd())
	if err := unix.Linkat(unix.AT_FDCWD, from, unix.AT_FDCWD, name, unix.AT_SYMLINK_FOLLOW); err != nil {
		return &os.LinkError{Op: "link", Old: from, New: name, Err: err}
	}
	return nil
}
