package main

import (
	"math"
	"unsafe"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"

	"simtrace/pkg/sim/fast"
)

// positions is the kernel of that name; see the plain Go code for all of them.
func (g *machine) positions() {
	var row fast.Row
	b, n := g.kernel("positions", "row *Row", "computes the directions and distances of the pixels.")
	r := Load(Param("row"), GP64())
	// The pixel's coordinate in subpixels: First + (0, 1, 2, ...) Stride, exact.
	k := g.vec()
	VMOVUPD(counting(), k)
	g.mulMem(field(r, unsafe.Offsetof(row.Stride), 0), k, k)
	g.addMem(field(r, unsafe.Offsetof(row.First), 0), k, k)
	step := g.spread(field(r, unsafe.Offsetof(row.Stride), 0))
	VMULPD(constant("lanes"+g.suffix, float64(g.lanes)), step, step)
	g.loop(n, func(i Register) {
		f := g.vec()
		g.mulMem(field(r, unsafe.Offsetof(row.Sub), 0), k, f)
		g.addMem(field(r, unsafe.Offsetof(row.Half), 0), f, f)
		VADDPD(step, k, k)
		var p [3]VecVirtual
		for j := range p {
			p[j] = g.vec()
			g.mulMem(field(r, unsafe.Offsetof(row.Fast), j), f, p[j])
			g.addMem(field(r, unsafe.Offsetof(row.Slow), j), p[j], p[j])
			g.addMem(field(r, unsafe.Offsetof(row.Layer), j), p[j], p[j])
			g.addMem(field(r, unsafe.Offsetof(row.Origin), j), p[j], p[j])
		}
		d := g.norm(p)
		VMOVUPD(d, array(b, i, atR))
		for j, at := range []uintptr{atX, atY, atZ} {
			VDIVPD(d, p[j], p[j])
			VMOVUPD(p[j], array(b, i, at))
		}
	})
}

var counted *Mem

// counting is 0, 1, 2, ... in memory.
func counting() Mem {
	if counted == nil {
		m := GLOBL("counting", RODATA|NOPTR)
		for i := range 8 {
			DATA(8*i, U64(math.Float64bits(float64(i))))
		}
		counted = &m
	}
	return *counted
}

func (g *machine) solidAngles() {
	var s fast.Solid
	b, n := g.kernel("solidAngles", "s *Solid", "computes the solid angles from the distances.")
	p := Load(Param("s"), GP64())
	area, closest := g.spread(field(p, unsafe.Offsetof(s.Area), 0)), g.spread(field(p, unsafe.Offsetof(s.Close), 0))
	point := GP64()
	MOVQ(field(p, unsafe.Offsetof(s.Point), 0), point)
	g.loop(n, func(i Register) {
		r, o := g.vec(), g.vec()
		VMOVUPD(array(b, i, atR), r)
		VDIVPD(r, area, o)
		VDIVPD(r, o, o)
		skip := g.label("point")
		TESTQ(point, point)
		JNZ(LabelRef(skip))
		VMULPD(closest, o, o)
		VDIVPD(r, o, o)
		Label(skip)
		VMOVUPD(o, array(b, i, atOmega))
	})
}

func (g *machine) polarize() {
	var k fast.Kahn
	b, n := g.kernel("polarize", "k *Kahn", "makes the directions unit vectors once more and computes the polarisation factors.")
	p := Load(Param("k"), GP64())
	g.loop(n, func(i Register) {
		var d [3]VecVirtual
		for j, at := range []uintptr{atX, atY, atZ} {
			d[j] = g.vec()
			VMOVUPD(array(b, i, at), d[j])
		}
		r := g.norm(d)
		for j, at := range []uintptr{atX, atY, atZ} {
			VDIVPD(r, d[j], d[j])
			VMOVUPD(d[j], array(b, i, at))
		}
		c2 := g.dot3(d, p, unsafe.Offsetof(k.Beam), 0)
		u2 := g.dot3(d, p, unsafe.Offsetof(k.B), 0)
		v2 := g.dot3(d, p, unsafe.Offsetof(k.E), 0)
		for _, x := range []VecVirtual{c2, u2, v2} {
			VMULPD(x, x, x)
		}
		turn, t := g.vec(), g.vec()
		VSUBPD(u2, v2, turn)
		VADDPD(u2, v2, t)
		VDIVPD(t, turn, turn)
		g.mulMem(field(p, unsafe.Offsetof(k.Factor), 0), turn, turn)
		one := g.vec()
		VMOVUPD(constant("one", 1), one)
		VSUBPD(c2, one, t)
		VMULPD(t, turn, turn)
		VADDPD(one, c2, c2)
		VSUBPD(turn, c2, c2)
		VMULPD(constant("half", 0.5), c2, c2)
		VMOVUPD(c2, array(b, i, atPolar))
	})
}

func (g *machine) finish() {
	var s fast.Scale
	b, n := g.kernel("finish", "s *Scale", "computes the image from the sums and the factors.")
	p := Load(Param("s"), GP64())
	factor, steps := g.spread(field(p, unsafe.Offsetof(s.Factor), 0)), g.spread(field(p, unsafe.Offsetof(s.Steps), 0))
	g.loop(n, func(i Register) {
		v := g.vec()
		VMULPD(array(b, i, atSum), factor, v)
		VDIVPD(steps, v, v)
		VMULPD(array(b, i, atCapture), v, v)
		VMULPD(array(b, i, atPolar), v, v)
		VMULPD(array(b, i, atOmega), v, v)
		into := Mem{Base: b, Index: i, Scale: 4, Disp: int(atImage)}
		if g.wide() {
			y := YMM()
			VCVTPD2PS(v, y)
			VMOVUPS(y, into)
			return
		}
		x := XMM()
		VCVTPD2PSY(v, x)
		VMOVUPS(x, into)
	})
}
