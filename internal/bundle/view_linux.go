package bundle

import (
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
