package hugepage

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// Make is make([]T, n), with large arrays on huge pages where the system gives
// them to who asks: an image of 25 MB then takes a dozen page faults in place of
// six thousand. T must not hold pointers.
func Make[T any](n int) []T {
	s := make([]T, n)
	size := uintptr(n) * unsafe.Sizeof(*new(T))
	if size < least {
		return s
	}
	// Only whole pages of the array itself may be spoken of.
	const huge = 2 << 20
	start := uintptr(unsafe.Pointer(unsafe.SliceData(s)))
	skip := (huge - start%huge) % huge
	length := (size - skip) / huge * huge
	b := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), size)
	_ = unix.Madvise(b[skip:skip+length], unix.MADV_HUGEPAGE) // a wish; nothing hangs on it
	return s
}
