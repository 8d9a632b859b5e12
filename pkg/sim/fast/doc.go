// Package fast has the kernels of the fast engine: the arithmetic of
// pkg/sim's pixel, for a block of neighbouring pixels of a row at once.
//
// The kernels come in three sorts: AVX-512 and AVX2 assembly, written by the
// generator in gen, and plain Go. All give the same bits: every operation is
// one of IEEE 754's, fused where the Go code says fma and nowhere else,
// and the order is the same. The plain Go code is the definition, the tests hold
// the others against it bit for bit.
//
// Against the exact engine, what decides which reflection a sample belongs to
// is the same bits as well: position, direction, scattering vector and Miller
// indices are computed in the exact engine's order of operations. Only the
// lattice factor, the polarisation factor and the sum over samples are not:
// they are off by some units in the last place of float64, so that a float32
// pixel differs where its sum lies that close to the middle between two of
// them, about once in ten million.
//
// What a kernel cannot do comes out as NaN, and the caller computes that pixel
// with the exact engine: a reflection that is not at hand, a distance of zero.
package fast

//go:generate env GOFLAGS=-tags=purego go run ./gen -out kernels_amd64.s -stubs kernels_amd64.go -pkg fast
