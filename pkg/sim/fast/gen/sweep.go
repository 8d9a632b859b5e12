package main

import (
	"unsafe"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"

	"simtrace/pkg/sim/fast"
)

var lattice fast.Lattice

// sweep is the state of a sweep's code. For each group of lanes it goes over the
// orientations twice: first for the Miller indices and whether a whole one has
// changed, then for the rest. The branch at a change, which no processor
// predicts, then does not wait for arithmetic.
type sweep struct {
	*machine
	shape

	lattice Register // *Lattice
	grid    Register // its F
	o       Register // the orientation
	step    Register // its number
	indices Register // of the step
	q       [3]VecVirtual
	sum     VecVirtual
	factor  VecVirtual // F of the lanes
	nonzero Register   // whether any F is not zero

	// Of a general sweep, whose structure factors are given: those of the lanes,
	// and of the step.
	given, f Register
}

// shape is what a sweep does with the Miller indices.
type shape interface {
	begin(s *sweep)                // before the loops
	stored(h VecVirtual)           // to an index before it is stored
	whole(j int, h0 VecVirtual)    // where whole indices have changed
	latt(stored [3]Mem) VecVirtual // the lattice factor
	vanishes() bool                // whether that can be zero
}

// sweepAll writes a sweep.
func (g *machine) sweepAll(name, doc string, what shape) {
	b, n := g.kernel(name, "l *Lattice, ray *Ray, table []Orientation", doc)
	s := &sweep{machine: g, shape: what, lattice: Load(Param("l"), GP64()), grid: GP64(), o: GP64(), step: GP64(), indices: GP64(), nonzero: GP64()}
	r := Load(Param("ray"), GP64())
	first, count := Load(Param("table").Base(), GP64()), Load(Param("table").Len(), GP64())
	MOVQ(Mem{Base: s.lattice, Disp: int(unsafe.Offsetof(lattice.F))}, s.grid)
	what.begin(s)
	perLambda := s.perLambda(r)
	g.loop(n, func(i Register) {
		s.q = s.scatter(b, i, r, perLambda)
		last := s.noIndices()
		s.orientations(b, first, count, func(changed Mem, _ string) { s.miller(last, changed) })
		s.sum, s.factor = g.vec(), g.vec()
		VMOVUPD(array(b, i, atSum), s.sum)
		s.orientations(b, first, count, s.sample)
		VMOVUPD(s.sum, array(b, i, atSum))
	})
}

// perLambda keeps the inverse of the wavelength.
func (g *machine) perLambda(ray Register) Mem {
	var r fast.Ray
	m := AllocLocal(g.bits / 8)
	VMOVUPD(g.inverse(g.spread(field(ray, unsafe.Offsetof(r.Lambda), 0))), m)
	return m
}

// scatter computes scattering vectors.
func (g *machine) scatter(b, i, ray Register, perLambda Mem) (q [3]VecVirtual) {
	var r fast.Ray
	lambda, by := g.spread(field(ray, unsafe.Offsetof(r.Lambda), 0)), g.vec()
	VMOVUPD(perLambda, by)
	for j, at := range []uintptr{atX, atY, atZ} {
		d := g.vec()
		VMOVUPD(array(b, i, at), d)
		VSUBPD(g.spread(field(ray, unsafe.Offsetof(r.Incident), j)), d, d)
		q[j] = g.quotient(d, lambda, by)
	}
	return q
}

// orientations runs body for each orientation.
func (s *sweep) orientations(b, first, count Register, body func(changed Mem, next string)) {
	LEAQ(Mem{Base: b, Disp: int(unsafe.Offsetof(block.Miller))}, s.indices)
	MOVQ(first, s.o)
	if XORQ(s.step, s.step); s.given != nil {
		MOVQ(s.given, s.f)
	}
	again, next, done := s.label("orientations"), s.label("next"), s.label("swept")
	Label(again)
	CMPQ(s.step, count)
	JGE(LabelRef(done))
	body(Mem{Base: b, Index: s.step, Scale: 1, Disp: int(unsafe.Offsetof(block.Changed))}, next)
	Label(next)
	ADDQ(Imm(uint64(unsafe.Sizeof(fast.Orientation{}))), s.o)
	ADDQ(Imm(uint64(unsafe.Sizeof(block.Miller[0]))), s.indices)
	if s.given != nil {
		ADDQ(Imm(factorStep), s.f)
	}
	INCQ(s.step)
	JMP(LabelRef(again))
	Label(done)
}

// noIndices are no numbers, of bits that no operation gives: equal to no index.
func (s *sweep) noIndices() (last [3]VecVirtual) {
	for j := range last {
		last[j] = s.vec()
		if s.wide() {
			VPTERNLOGD(U8(255), last[j], last[j], last[j])
		} else {
			VPCMPEQD(last[j], last[j], last[j])
		}
	}
	return last
}

// miller stores the Miller indices, and whether a whole one is another than last.
// Logic on the bits takes none of the units that multiply, as comparisons do.
func (s *sweep) miller(last [3]VecVirtual, changed Mem) {
	differ := s.vec()
	for j := range 3 {
		h := s.dot3(s.q, s.o, 0, 3*j)
		h0 := s.nearest(h)
		s.stored(h)
		VMOVUPD(h, s.index(j))
		if j == 0 {
			VXORPD(h0, last[j], differ)
		} else {
			VXORPD(h0, last[j], last[j])
			VORPD(last[j], differ, differ)
		}
		VMOVAPD(h0, last[j])
	}
	if s.wide() {
		k := K()
		VPTESTMQ(differ, differ, k)
		KMOVB(k, changed)
		return
	}
	VPTEST(differ, differ)
	SETNE(changed)
}

// index is where an index of the step is stored.
func (s *sweep) index(j int) Mem {
	return Mem{Base: s.indices, Disp: j * 8 * fast.Lanes}
}

// nearest is the whole Miller index.
func (s *sweep) nearest(h VecVirtual) VecVirtual {
	h0 := s.vec()
	s.add(constant("minushalf", -0.5), h, h0)
	s.round(up, h0, h0)
	return h0
}

// sample adds the squared amplitudes of one orientation, unless all structure
// factors are zero. Neighbouring steps mostly have the same reflections: they are
// looked up where one has changed.
func (s *sweep) sample(changed Mem, next string) {
	same := s.label("same")
	CMPB(changed, Imm(0))
	JE(LabelRef(same))
	s.lookUp()
	Label(same)
	TESTQ(s.nonzero, s.nonzero)
	JZ(LabelRef(next))
	f := s.latt([3]Mem{s.index(0), s.index(1), s.index(2)})
	VMULPD(s.factor, f, f)
	VFMADD231PD(f, f, s.sum)
}

// lookUp gathers the structure factors of other reflections.
func (s *sweep) lookUp() {
	s.gather(s.whole)
	zero := s.vec()
	VXORPD(zero, zero, zero)
	if s.wide() {
		some := K()
		VCMPPD(U8(4), zero, s.factor, some) // not equal, or not a number
		KMOVB(some, s.nonzero.(GPVirtual).As32())
		return
	}
	VCMPPD(U8(4), zero, s.factor, zero)
	VMOVMSKPD(zero, s.nonzero.(GPVirtual).As32())
}

// gather looks up the structure factors of the nearest reflections, whose whole
// indices it hands over on the way.
func (s *sweep) gather(whole func(j int, h0 VecVirtual)) {
	p := s.vec()
	for j := 2; j >= 0; j-- {
		h0 := s.nearest(s.dot3(s.q, s.o, 0, 3*j))
		whole(j, h0)
		// The bound stands where a NaN gives way to it.
		s.min(field(s.lattice, unsafe.Offsetof(lattice.Hi), j), h0, h0)
		s.max(field(s.lattice, unsafe.Offsetof(lattice.Lo), j), h0, h0)
		if j == 2 {
			s.add(field(s.lattice, unsafe.Offsetof(lattice.Base), 0), h0, p)
		} else {
			s.fma(field(s.lattice, unsafe.Offsetof(lattice.Stride), j), h0, p)
		}
	}
	if s.wide() {
		at, all := YMM(), K()
		VCVTPD2DQ(p, at)
		KXNORB(all, all, all)
		VGATHERDPD(Mem{Base: s.grid, Index: at, Scale: 8}, all, s.factor)
		return
	}
	at, all := XMM(), s.vec()
	VCVTPD2DQY(p, at)
	VPCMPEQQ(all, all, all)
	VGATHERDPD(all, Mem{Base: s.grid, Index: at, Scale: 8}, s.factor)
}
