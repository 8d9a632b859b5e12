package main

import (
	"fmt"
	"math"
	"strings"
	"unsafe"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"

	"simtrace/pkg/sim/fast"
)

// machine writes code for vectors of 512 or 256 bits.
type machine struct {
	bits   int
	lanes  int
	suffix string
	zeros  int // labels given
}

func newMachine(bits int) *machine {
	return &machine{bits: bits, lanes: bits / 64, suffix: map[int]string{512: "AVX512", 256: "AVX2"}[bits]}
}

// wide reports AVX-512.
func (g *machine) wide() bool { return g.bits == 512 }

// vec is a new register.
func (g *machine) vec() VecVirtual {
	if g.wide() {
		return ZMM()
	}
	return YMM()
}

// label is a new label's name.
func (g *machine) label(what string) string {
	g.zeros++
	return fmt.Sprintf("%s%d", what, g.zeros)
}

// number is a float64 in memory, as an operand for all lanes. A constant lies there
// four times.
type number struct {
	Mem
	constant bool
}

var constants = map[string]number{}

func constant(name string, v float64) number {
	if n, ok := constants[name]; ok {
		return n
	}
	n := number{GLOBL(name, RODATA|NOPTR), true}
	for i := range 4 {
		DATA(8*i, U64(math.Float64bits(v))) // F64(1) would come out as the whole number
	}
	constants[name] = n
	return n
}

// field is a float64 at an offset.
func field(base Register, offset uintptr, i int) number {
	return number{Mem{Base: base, Disp: int(offset) + 8*i}, false}
}

// spread loads a number into all lanes.
func (g *machine) spread(n number) VecVirtual {
	r := g.vec()
	g.load(n, r)
	return r
}

func (g *machine) load(n number, dst VecVirtual) {
	if n.constant && !g.wide() {
		VMOVUPD(n.Mem, dst)
		return
	}
	VBROADCASTSD(n.Mem, dst)
}

// with is an operation with a number, which AVX-512 spreads on the way; in AVX2 a
// constant is an operand as it lies there, another number needs a register.
func (g *machine) with(n number, x, dst VecVirtual, broadcast, whole func(...Op)) {
	switch {
	case g.wide():
		broadcast(n.Mem, x, dst)
	case n.constant:
		whole(n.Mem, x, dst)
	default:
		whole(g.spread(n), x, dst)
	}
}

func (g *machine) mul(n number, x, dst VecVirtual) { g.with(n, x, dst, VMULPD_BCST, VMULPD) }
func (g *machine) add(n number, x, dst VecVirtual) { g.with(n, x, dst, VADDPD_BCST, VADDPD) }
func (g *machine) min(n number, x, dst VecVirtual) { g.with(n, x, dst, VMINPD_BCST, VMINPD) }
func (g *machine) max(n number, x, dst VecVirtual) { g.with(n, x, dst, VMAXPD_BCST, VMAXPD) }

// dst = x n + dst
func (g *machine) fma(n number, x, dst VecVirtual) {
	g.with(n, x, dst, VFMADD231PD_BCST, VFMADD231PD)
}

// dst = dst - x n
func (g *machine) fnma(n number, x, dst VecVirtual) {
	g.with(n, x, dst, VFNMADD231PD_BCST, VFNMADD231PD)
}

// dst = x n - dst
func (g *machine) fms(n number, x, dst VecVirtual) {
	g.with(n, x, dst, VFMSUB231PD_BCST, VFMSUB231PD)
}

// dst = dst x + n
func (g *machine) horner(n number, x, dst VecVirtual) {
	g.with(n, x, dst, VFMADD213PD_BCST, VFMADD213PD)
}

// round to whole numbers: to the nearest, halves to even, or up.
const (
	toNearest = 8
	up        = 10
)

func (g *machine) round(mode int, x Op, dst VecVirtual) {
	if g.wide() {
		VRNDSCALEPD(U8(mode), x, dst)
		return
	}
	VROUNDPD(U8(mode), x, dst)
}

// dot3 is x a + y b + z c with three products rounded, as the exact engine has
// it; a, b, c lie in memory.
func (g *machine) dot3(v [3]VecVirtual, base Register, offset uintptr, i int) VecVirtual {
	s, t := g.vec(), g.vec()
	g.mul(field(base, offset, i), v[0], s)
	g.mul(field(base, offset, i+1), v[1], t)
	VADDPD(t, s, s)
	g.mul(field(base, offset, i+2), v[2], t)
	VADDPD(t, s, s)
	return s
}

// quotient is the correctly rounded x/y, from by = 1/y correctly rounded (P. Markstein,
// IBM J. Res. Dev. 34, 1990): a division of a vector takes as long as some ten
// multiplications. Only the sign of a zero may differ. It replaces x.
func (g *machine) quotient(x, y, by VecVirtual) VecVirtual {
	q := g.vec()
	VMULPD(by, x, q)
	VFNMADD231PD(y, q, x) // what remains
	VFMADD231PD(by, x, q)
	return q
}

// inverse is 1/x.
func (g *machine) inverse(x VecVirtual) VecVirtual {
	y := g.vec()
	g.load(constant("one", 1), y)
	VDIVPD(x, y, y)
	return y
}

// norm is the length of a vector.
func (g *machine) norm(v [3]VecVirtual) VecVirtual {
	s, t := g.vec(), g.vec()
	VMULPD(v[0], v[0], s)
	VMULPD(v[1], v[1], t)
	VADDPD(t, s, s)
	VMULPD(v[2], v[2], t)
	VADDPD(t, s, s)
	VSQRTPD(s, s)
	return s
}

// offsets of the block's arrays.
var (
	block     fast.Block
	atX       = unsafe.Offsetof(block.X)
	atY       = unsafe.Offsetof(block.Y)
	atZ       = unsafe.Offsetof(block.Z)
	atInverse = unsafe.Offsetof(block.Inverse)
	atR       = unsafe.Offsetof(block.R)
	atSum     = unsafe.Offsetof(block.Sum)
	atPolar   = unsafe.Offsetof(block.Polar)
	atOmega   = unsafe.Offsetof(block.Omega)
	atCapture = unsafe.Offsetof(block.Capture)
	atImage   = unsafe.Offsetof(block.Image)
	atWeight  = unsafe.Offsetof(block.Weight)
	atFactor  = unsafe.Offsetof(block.Factor)
	atIdle    = unsafe.Offsetof(block.Idle)
	atSin     = unsafe.Offsetof(block.Sin)
	atCos     = unsafe.Offsetof(block.Cos)
)

// array addresses the lanes of an array of the block from pixel i.
func array(block, i Register, offset uintptr) Mem {
	return Mem{Base: block, Index: i, Scale: 8, Disp: int(offset)}
}

// kernel begins a function and returns its block and its loop over the pixels,
// which the caller closes with next.
func (g *machine) kernel(name, args, doc string) (b, n Register) {
	TEXT(name+g.suffix, NOSPLIT, "func("+strings.TrimSuffix("b *Block, n int, "+args, ", ")+")")
	Doc(name + g.suffix + " " + doc)
	return Load(Param("b"), GP64()), Load(Param("n"), GP64())
}

func (g *machine) end() {
	VZEROUPPER()
	RET()
}

// loop runs body for each group of lanes; i is its first pixel.
func (g *machine) loop(n Register, body func(i Register)) {
	i := GP64()
	XORQ(i, i)
	again, done := g.label("pixels"), g.label("done")
	Label(again)
	CMPQ(i, n)
	JGE(LabelRef(done))
	body(i)
	ADDQ(Imm(uint64(g.lanes)), i)
	JMP(LabelRef(again))
	Label(done)
	g.end()
}

var nan = math.NaN()

// slot is a place for a vector that lives long: a register, or the stack where
// registers are few.
func (g *machine) slot() Op {
	if g.wide() {
		return g.vec()
	}
	return AllocLocal(32)
}
