// Package hugepage makes large arrays cheap to touch for the first time.
package hugepage

// least is the size from which it is worth the call, in bytes.
const least = 4 << 20
