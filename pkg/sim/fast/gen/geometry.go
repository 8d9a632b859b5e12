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
	g.mul(field(r, unsafe.Offsetof(row.Stride), 0), k, k)
	g.add(field(r, unsafe.Offsetof(row.First), 0), k, k)
	step := g.spread(field(r, unsafe.Offsetof(row.Stride), 0))
	g.mul(constant("lanes"+g.suffix, float64(g.lanes)), step, step)
	g.loop(n, func(i Register) {
		f := g.vec()
		g.mul(field(r, unsafe.Offsetof(row.Sub), 0), k, f)
		g.add(field(r, unsafe.Offsetof(row.Half), 0), f, f)
		VADDPD(step, k, k)
		var p [3]VecVirtual
		for j := range p {
			p[j] = g.vec()
			g.mul(field(r, unsafe.Offsetof(row.Fast), j), f, p[j])
			g.add(field(r, unsafe.Offsetof(row.Slow), j), p[j], p[j])
			g.add(field(r, unsafe.Offsetof(row.Layer), j), p[j], p[j])
			g.add(field(r, unsafe.Offsetof(row.Origin), j), p[j], p[j])
		}
		d := g.norm(p)
		VMOVUPD(d, array(b, i, atR))
		by := g.inverse(d)
		VMOVUPD(by, array(b, i, atInverse))
		for j, at := range []uintptr{atX, atY, atZ} {
			VMOVUPD(g.quotient(p[j], d, by), array(b, i, at))
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
	MOVQ(field(p, unsafe.Offsetof(s.Point), 0).Mem, point)
	g.loop(n, func(i Register) {
		r, by, o := g.vec(), g.vec(), g.vec()
		VMOVUPD(array(b, i, atR), r)
		VMOVUPD(array(b, i, atInverse), by)
		VMOVAPD(area, o)
		o = g.quotient(g.quotient(o, r, by), r, by)
		skip := g.label("point")
		TESTQ(point, point)
		JNZ(LabelRef(skip))
		VMULPD(closest, o, o)
		VMOVAPD(g.quotient(o, r, by), o)
		Label(skip)
		VMOVUPD(o, array(b, i, atOmega))
	})
}

func (g *machine) normalize() {
	b, n := g.kernel("normalize", "", "makes the directions unit vectors once more.")
	g.loop(n, func(i Register) {
		d := g.directions(b, i)
		r := g.norm(d)
		by := g.inverse(r)
		for j, at := range []uintptr{atX, atY, atZ} {
			VMOVUPD(g.quotient(d[j], r, by), array(b, i, at))
		}
	})
}

// directions loads them.
func (g *machine) directions(b, i Register) (d [3]VecVirtual) {
	for j, at := range []uintptr{atX, atY, atZ} {
		d[j] = g.vec()
		VMOVUPD(array(b, i, at), d[j])
	}
	return d
}

func (g *machine) polarize() {
	var k fast.Kahn
	b, n := g.kernel("polarize", "k *Kahn", "computes the polarisation factors.")
	p := Load(Param("k"), GP64())
	g.loop(n, func(i Register) {
		d := g.directions(b, i)
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
		g.mul(field(p, unsafe.Offsetof(k.Factor), 0), turn, turn)
		one := g.spread(constant("one", 1))
		VSUBPD(c2, one, t)
		VMULPD(t, turn, turn)
		VADDPD(one, c2, c2)
		VSUBPD(turn, c2, c2)
		g.mul(constant("half", 0.5), c2, c2)
		VMOVUPD(c2, array(b, i, atPolar))
	})
}

func (g *machine) finish() {
	b, n := g.kernel("finish", "scale float64", "computes the image from the sums and the factors.")
	p, err := Param("scale").Resolve()
	if err != nil {
		panic(err)
	}
	scale := g.spread(number{p.Addr, false})
	g.loop(n, func(i Register) {
		v := g.vec()
		VMULPD(array(b, i, atSum), scale, v)
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
