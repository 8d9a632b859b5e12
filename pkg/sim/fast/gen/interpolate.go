package main

import (
	"unsafe"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"

	"simtrace/pkg/sim/fast"
)

var box fast.Box

// cubic is the state of an interpolation's code.
type cubic struct {
	*sweep
	box Register
	q   [][3]Mem // scattering vectors of the eight lanes, by vectors
}

// interpolate writes the kernel of that name: of eight lanes, in one vector or
// two.
func (g *machine) interpolate() {
	TEXT("interpolate"+g.suffix, NOSPLIT, "func(b *Block, i int, l *Lattice, ray *Ray, table []Orientation, from int, box *Box, f *[Steps][Lanes]float64) int")
	Doc("interpolate" + g.suffix + " computes structure factors until a lane leaves the box.")
	c := &cubic{sweep: &sweep{machine: g, lattice: Load(Param("l"), GP64()), o: GP64(), f: GP64()}, box: Load(Param("box"), GP64())}
	b, i, ray := Load(Param("b"), GP64()), Load(Param("i"), GP64()), Load(Param("ray"), GP64())
	perLambda := g.perLambda(ray)
	for part := 0; part < fast.Lanes; part += g.lanes {
		var kept [3]Mem
		for j, v := range g.scatter(b, i, ray, perLambda) {
			kept[j] = AllocLocal(g.bits / 8)
			VMOVUPD(v, kept[j])
		}
		c.q = append(c.q, kept)
		ADDQ(Imm(uint64(g.lanes)), i)
	}
	first, count, step := Load(Param("table").Base(), GP64()), Load(Param("table").Len(), GP64()), Load(Param("from"), GP64())
	MOVQ(step, c.o)
	IMUL3Q(Imm(uint64(unsafe.Sizeof(fast.Orientation{}))), c.o, c.o)
	ADDQ(first, c.o)
	MOVQ(step, c.f)
	SHLQ(Imm(6), c.f)
	f := Load(Param("f"), GP64())
	ADDQ(f, c.f)
	again, moved, done := g.label("orientations"), g.label("moved"), g.label("done")
	Label(again)
	CMPQ(step, count)
	JGE(LabelRef(done))
	for part := range c.q {
		c.inside(part, moved)
	}
	for part := range c.q {
		c.evaluate(part)
	}
	ADDQ(Imm(uint64(unsafe.Sizeof(fast.Orientation{}))), c.o)
	ADDQ(Imm(factorStep), c.f)
	INCQ(step)
	JMP(LabelRef(again))
	Label(moved)
	for part := range c.q {
		for j := range 3 {
			VMOVUPD(c.floor(j, c.index(part, j)), c.floorOf(part, j))
		}
	}
	Label(done)
	Store(step, ReturnIndex(0))
	g.end()
}

// index is a Miller index of a vector of lanes.
func (c *cubic) index(part, j int) VecVirtual {
	var q [3]VecVirtual
	for k := range q {
		q[k] = c.vec()
		VMOVUPD(c.q[part][k], q[k])
	}
	return c.dot3(q, c.o, 0, 3*j)
}

// floorOf is where the box has an index of its floor.
func (c *cubic) floorOf(part, j int) Mem {
	return Mem{Base: c.box, Disp: int(unsafe.Offsetof(box.Floor)) + 8*(fast.Lanes*j+c.lanes*part)}
}

// down rounds to the next whole number below.
const down = 9

// floor is the whole index below, within bounds that stand for a NaN as well.
func (c *cubic) floor(j int, h VecVirtual) VecVirtual {
	f := c.vec()
	c.round(down, h, f)
	c.min(field(c.lattice, unsafe.Offsetof(lattice.Most), j), f, f)
	c.max(field(c.lattice, unsafe.Offsetof(lattice.Least), j), f, f)
	return f
}

// inside goes to a label if a lane's floor is another than the box's.
func (c *cubic) inside(part int, moved string) {
	differ := c.vec()
	for j := range 3 {
		f := c.floor(j, c.index(part, j))
		if j == 0 {
			VXORPD(c.floorOf(part, j), f, differ)
			continue
		}
		VXORPD(c.floorOf(part, j), f, f)
		VORPD(f, differ, differ)
	}
	if c.wide() {
		k := K()
		VPTESTMQ(differ, differ, k)
		KORTESTB(k, k)
	} else {
		VPTEST(differ, differ)
	}
	JNZ(LabelRef(moved))
}

// evaluate interpolates a vector of lanes.
func (c *cubic) evaluate(part int) {
	var w [3][4]VecVirtual
	for j := range w {
		t := c.index(part, j)
		VSUBPD(c.floorOf(part, j), t, t)
		w[j] = c.weights(t)
	}
	v := c.vec()
	for h := range 4 {
		plane := c.vec()
		for k := range 4 {
			line := c.vec()
			for l := range 4 {
				m := Mem{Base: c.box, Disp: int(unsafe.Offsetof(box.F)) + 8*(fast.Lanes*(16*h+4*k+l)+c.lanes*part)}
				c.term(l, m, w[2][l], line)
			}
			c.term(k, line, w[1][k], plane)
		}
		c.term(h, plane, w[0][h], v)
	}
	done := c.label("within")
	CMPQ(Mem{Base: c.box, Disp: int(unsafe.Offsetof(box.Edge))}, Imm(0))
	JE(LabelRef(done))
	for j := range 3 {
		c.outside(part, j, v)
	}
	Label(done)
	VMOVUPD(v, Mem{Base: c.f, Disp: 8 * c.lanes * part})
}

// term adds one of four products to a sum.
func (c *cubic) term(i int, x Op, w, sum VecVirtual) {
	if i == 0 {
		VMULPD(x, w, sum)
		return
	}
	VFMADD231PD(x, w, sum)
}

// weights are those of four neighbours at t.
func (c *cubic) weights(t VecVirtual) (w [4]VecVirtual) {
	a, b, d := c.vec(), c.vec(), c.vec() // t+1, t-1, t-2
	c.add(constant("one", 1), t, a)
	c.add(constant("minusone", -1), t, b)
	c.add(constant("minustwo", -2), t, d)
	inner, outer := c.vec(), c.vec()
	VMULPD(b, t, inner)
	VMULPD(d, a, outer)
	VMULPD(d, inner, d)
	c.mul(constant("minussixth", -fast.Sixth), d, d)
	VMULPD(b, outer, b)
	c.mul(constant("half", fast.Half), b, b)
	VMULPD(t, outer, t)
	c.mul(constant("minushalf", -fast.Half), t, t)
	VMULPD(a, inner, a)
	c.mul(constant("sixth", fast.Sixth), a, a)
	return [4]VecVirtual{d, b, t, a}
}

// outside puts what is taken out of range in the lanes that are there.
func (c *cubic) outside(part, j int, v VecVirtual) {
	takes := c.spread(field(c.lattice, unsafe.Offsetof(lattice.Outside), 0))
	low := c.spread(field(c.lattice, unsafe.Offsetof(lattice.Low), j))
	x, t := c.index(part, j), c.vec()
	VSUBPD(low, x, t)
	c.add(constant("three", 3), t, t)
	c.replace(less, t, c.spread(field(c.lattice, unsafe.Offsetof(lattice.Count), j)), takes, v)
	c.add(constant("minustwo", -2), x, x)
	c.replace(less, low, x, takes, v)
}

// load8 writes the kernel that fills the box. Where all lanes of a vector have the
// same place in the list, each number is read once.
func (g *machine) load8() {
	TEXT("load"+g.suffix, NOSPLIT, "func(l *Lattice, box *Box)")
	Doc("load" + g.suffix + " fills the box from the indices of its floor.")
	c := &cubic{sweep: &sweep{machine: g, lattice: Load(Param("l"), GP64())}, box: Load(Param("box"), GP64())}
	grid, strideH, strideK := GP64(), GP64(), GP64()
	MOVQ(Mem{Base: c.lattice, Disp: int(unsafe.Offsetof(lattice.F))}, grid)
	for i, stride := range []Register{strideH, strideK} {
		CVTTSD2SQ(field(c.lattice, unsafe.Offsetof(lattice.Stride), i).Mem, stride)
		SHLQ(Imm(3), stride)
	}
	edge := GP64()
	XORQ(edge, edge)
	for part := range fast.Lanes / g.lanes {
		c.atEdge(part, edge)
		p := c.vec()
		for j := 2; j >= 0; j-- {
			f := c.vec()
			VMOVUPD(c.floorOf(part, j), f)
			c.add(constant("minusone", -1), f, f)
			if j == 2 {
				c.add(field(c.lattice, unsafe.Offsetof(lattice.Base), 0), f, p)
			} else {
				c.fma(field(c.lattice, unsafe.Offsetof(lattice.Stride), j), f, p)
			}
		}
		c.loadPart(part, p, grid, strideH, strideK)
	}
	MOVQ(edge, Mem{Base: c.box, Disp: int(unsafe.Offsetof(box.Edge))})
	g.end()
}

// atEdge sets a flag if a lane's floor is near the bounds.
func (c *cubic) atEdge(part int, edge Register) {
	near := c.vec()
	VXORPD(near, near, near)
	one := c.spread(constant("one", 1))
	for j := range 3 {
		f := c.vec()
		VMOVUPD(c.floorOf(part, j), f)
		c.replace(less, c.spread(field(c.lattice, unsafe.Offsetof(lattice.Inner), j)), f, one, near)
		c.replace(less, f, c.spread(field(c.lattice, unsafe.Offsetof(lattice.Outer), j)), one, near)
	}
	far := c.label("far")
	if c.wide() {
		k := K()
		VPTESTMQ(near, near, k)
		KORTESTB(k, k)
	} else {
		VPTEST(near, near)
	}
	JZ(LabelRef(far))
	MOVQ(U32(1), edge)
	Label(far)
}

// loadPart fills the lanes of a vector from the places p in the list.
func (c *cubic) loadPart(part int, p VecVirtual, grid, strideH, strideK Register) {
	var at, first, differ VecVirtual = XMM(), XMM(), XMM()
	if c.wide() {
		at, first, differ = YMM(), YMM(), YMM()
		VCVTPD2DQ(p, at)
	} else {
		VCVTPD2DQY(p, at)
	}
	VPBROADCASTD(at.AsX(), first)
	VPXOR(at, first, differ)
	VPTEST(differ, differ)
	each, loaded := c.label("each"), c.label("loaded")
	JNZ(LabelRef(each))
	base, offset := GP64(), GP64()
	VMOVD(at.AsX(), offset.As32())
	MOVLQSX(offset.As32(), offset)
	LEAQ(Mem{Base: grid, Index: offset, Scale: 8}, base)
	c.rows(part, base, strideH, strideK, func(m Mem, v VecVirtual) { VBROADCASTSD(m, v) })
	JMP(LabelRef(loaded))
	Label(each)
	MOVQ(grid, base)
	lanes, all := K(), c.vec() // what a gather clears, for each anew
	c.rows(part, base, strideH, strideK, func(m Mem, v VecVirtual) {
		m.Index, m.Scale = at, 8
		if c.wide() {
			KXNORB(lanes, lanes, lanes)
			VGATHERDPD(m, lanes, v)
			return
		}
		VPCMPEQQ(all, all, all)
		VGATHERDPD(all, m, v)
	})
	Label(loaded)
}

// rows fills the box's sixteen rows from a place on.
func (c *cubic) rows(part int, base, strideH, strideK Register, load func(m Mem, v VecVirtual)) {
	row, v := GP64(), c.vec()
	for h := range 4 {
		MOVQ(base, row)
		for k := range 4 {
			for l := range 4 {
				load(Mem{Base: row, Disp: 8 * l}, v)
				VMOVUPD(v, Mem{Base: c.box, Disp: int(unsafe.Offsetof(box.F)) + 8*(fast.Lanes*(16*h+4*k+l)+c.lanes*part)})
			}
			if k < 3 {
				ADDQ(strideK, row)
			}
		}
		if h < 3 {
			ADDQ(strideH, base)
		}
	}
}
