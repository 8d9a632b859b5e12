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
		g.direct(b, i, p)
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

// bend turns the vectors of a curved detector's pixels.
func (g *machine) bend() {
	var turn fast.Turn
	b, n := g.kernel("bend", "t *Turn", "turns vectors about an axis and computes their directions and distances.")
	axis := Load(Param("t"), GP64())
	u := func(i int) number { return field(axis, unsafe.Offsetof(turn.Axis), i) }
	g.loop(n, func(i Register) {
		v := g.directions(b, i)
		sin, cos, d := array(b, i, atSin), g.vec(), g.vec()
		VMOVUPD(array(b, i, atCos), cos)
		g.load(constant("one", 1), d)
		VSUBPD(cos, d, d)
		VMULPD(d, g.dot3(v, axis, unsafe.Offsetof(turn.Axis), 0), d)
		var p [3]VecVirtual
		for j := range p {
			k, l := (j+1)%3, (j+2)%3
			p[j] = g.vec()
			t, across, less := g.vec(), g.vec(), g.vec()
			g.mul(u(j), d, p[j])
			VMULPD(cos, v[j], t)
			VADDPD(t, p[j], p[j])
			g.mul(u(k), v[l], across)
			g.mul(u(l), v[k], less)
			VSUBPD(less, across, across)
			VMULPD(sin, across, across)
			VADDPD(across, p[j], p[j])
		}
		g.direct(b, i, p)
	})
}

// direct stores directions and distances of positions.
func (g *machine) direct(b, i Register, p [3]VecVirtual) {
	d := g.norm(p)
	VMOVUPD(d, array(b, i, atR))
	by := g.inverse(d)
	VMOVUPD(by, array(b, i, atInverse))
	for j, at := range []uintptr{atX, atY, atZ} {
		VMOVUPD(g.quotient(p[j], d, by), array(b, i, at))
	}
}

// absorb computes the fractions that a layer captures.
func (g *machine) absorb() {
	var layer fast.Layer
	b, n := g.kernel("absorb", "l *Layer", "computes the fractions that a layer captures.")
	l := Load(Param("l"), GP64())
	g.loop(n, func(i Register) {
		parallax := g.dot3(g.directions(b, i), l, unsafe.Offsetof(layer.Normal), 0)
		front := g.spread(field(l, unsafe.Offsetof(layer.Front), 0))
		VDIVPD(parallax, front, front)
		front = g.exp(front)
		behind := g.spread(field(l, unsafe.Offsetof(layer.Behind), 0))
		VDIVPD(parallax, behind, behind)
		VSUBPD(g.exp(behind), front, front)
		VMOVUPD(front, array(b, i, atCapture))
	})
}

// exp replaces x by its exponential.
func (g *machine) exp(x VecVirtual) VecVirtual {
	g.max(constant("expLeast", -708), x, x)
	g.min(constant("expMost", 708), x, x)
	m, r := g.vec(), g.vec()
	g.mul(constant("log2E", fast.Log2E), x, m)
	g.round(toNearest, m, m)
	VMOVAPD(x, r)
	g.fnma(constant("ln2Hi", fast.Ln2Hi), m, r)
	g.fnma(constant("ln2Lo", fast.Ln2Lo), m, r)
	p, square := g.vec(), g.vec()
	g.polynomials([]VecVirtual{p}, []VecVirtual{r}, "exp", fast.ExpC[:])
	VMULPD(r, r, square)
	VFMADD231PD(p, square, r)
	g.add(constant("one", 1), r, r)
	// The exponent's bits come to the lower end of the significand.
	g.add(constant("exponent", 0x1.8p52+1023), m, m)
	VPSLLQ(U8(52), m, m)
	VMULPD(m, r, r)
	return r
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

// integers makes the pixels of an integer image.
func (g *machine) integers() {
	TEXT("integers"+g.suffix, NOSPLIT, "func(out *uint16, image *float32, n int, scale, offset float64)")
	Doc("integers" + g.suffix + " makes the pixels of an integer image.")
	out, image, n := Load(Param("out"), GP64()), Load(Param("image"), GP64()), Load(Param("n"), GP64())
	argument := func(name string) VecVirtual {
		p, err := Param(name).Resolve()
		if err != nil {
			panic(err)
		}
		return g.spread(number{p.Addr, false})
	}
	scale, offset := argument("scale"), argument("offset")
	g.loop(n, func(i Register) {
		v, from, into := g.vec(), Mem{Base: image, Index: i, Scale: 4}, Mem{Base: out, Index: i, Scale: 2}
		VCVTPS2PD(from, v)
		VMULPD(scale, v, v)
		VADDPD(offset, v, v)
		// The zero stands where a NaN gives way to it.
		g.max(constant("zero", 0), v, v)
		g.min(constant("mostInteger", 65535), v, v)
		g.add(constant("half", 0.5), v, v)
		if g.wide() {
			y := YMM()
			VCVTPD2PS(v, y)
			VCVTTPS2DQ(y, y)
			VPMOVDW(y, into)
			return
		}
		x := XMM()
		VCVTPD2PSY(v, x)
		VCVTTPS2DQ(x, x)
		VPACKUSDW(x, x, x)
		VMOVQ(x, into)
	})
}

// exps replaces numbers by their exponentials.
func (g *machine) exps() {
	TEXT("exps"+g.suffix, NOSPLIT, "func(x *float64, n int)")
	Doc("exps" + g.suffix + " replaces numbers by their exponentials.")
	x, n := Load(Param("x"), GP64()), Load(Param("n"), GP64())
	g.loop(n, func(i Register) {
		v, at := g.vec(), Mem{Base: x, Index: i, Scale: 8}
		VMOVUPD(at, v)
		VMOVUPD(g.exp(v), at)
	})
}
