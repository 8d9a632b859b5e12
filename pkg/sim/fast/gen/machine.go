package main

import (
	"fmt"
	"math"
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
	held   map[string]VecVirtual
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

// The constants lie in memory eight times, as operands for either width.
var constants = map[string]Mem{}

func constant(name string, v float64) Mem {
	if m, ok := constants[name]; ok {
		return m
	}
	m := GLOBL(name, RODATA|NOPTR)
	for i := range 8 {
		DATA(8*i, U64(math.Float64bits(v))) // F64(1) would come out as the whole number
	}
	constants[name] = m
	return m
}

// c is a constant as an operand: the register that holds it, or memory.
func (g *machine) c(name string, v float64) Op {
	if r, ok := g.held[name]; ok {
		return r
	}
	return constant(name, v)
}

// hold keeps constants in registers, where there are enough of them.
func (g *machine) hold(names []string, values []float64) {
	g.held = map[string]VecVirtual{}
	if !g.wide() {
		return
	}
	for i, name := range names {
		r := g.vec()
		VMOVUPD(constant(name, values[i]), r)
		g.held[name] = r
	}
}

// field addresses a float64 at an offset.
func field(base Register, offset uintptr, i int) Mem {
	return Mem{Base: base, Disp: int(offset) + 8*i}
}

// spread loads one float64 into all lanes.
func (g *machine) spread(m Mem) VecVirtual {
	r := g.vec()
	VBROADCASTSD(m, r)
	return r
}

// binary operations with a float64 in memory for all lanes.
func (g *machine) mulMem(m Mem, x, dst VecVirtual) {
	if g.wide() {
		VMULPD_BCST(m, x, dst)
		return
	}
	t := g.spread(m)
	VMULPD(t, x, dst)
}

func (g *machine) addMem(m Mem, x, dst VecVirtual) {
	if g.wide() {
		VADDPD_BCST(m, x, dst)
		return
	}
	t := g.spread(m)
	VADDPD(t, x, dst)
}

func (g *machine) fmaMem(m Mem, x, dst VecVirtual) { // dst += x m
	if g.wide() {
		VFMADD231PD_BCST(m, x, dst)
		return
	}
	t := g.spread(m)
	VFMADD231PD(t, x, dst)
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
	g.mulMem(field(base, offset, i), v[0], s)
	g.mulMem(field(base, offset, i+1), v[1], t)
	VADDPD(t, s, s)
	g.mulMem(field(base, offset, i+2), v[2], t)
	VADDPD(t, s, s)
	return s
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
	atR       = unsafe.Offsetof(block.R)
	atSum     = unsafe.Offsetof(block.Sum)
	atPolar   = unsafe.Offsetof(block.Polar)
	atOmega   = unsafe.Offsetof(block.Omega)
	atCapture = unsafe.Offsetof(block.Capture)
	atImage   = unsafe.Offsetof(block.Image)
)

// array addresses the lanes of an array of the block from pixel i.
func array(block, i Register, offset uintptr) Mem {
	return Mem{Base: block, Index: i, Scale: 8, Disp: int(offset)}
}

// kernel begins a function and returns its block and its loop over the pixels,
// which the caller closes with next.
func (g *machine) kernel(name, args, doc string) (b, n Register) {
	g.held = nil
	TEXT(name+g.suffix, NOSPLIT, "func(b *Block, n int, "+args+")")
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
