package main

import (
	"unsafe"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"

	"simtrace/pkg/sim/fast"
)

var lattice fast.Lattice

// sweep is the state of a sweep's code.
type sweep struct {
	*machine
	lattice Register // *Lattice
	grid    Register // its F
	o       Register // the orientation
	q       [3]VecVirtual
	sum     VecVirtual
	factor  VecVirtual // F of the lanes
	place   VecVirtual // and where it came from
	nonzero Register   // whether any F is not zero

	// Miller indices, fractional and whole: in registers, or on the stack.
	h, h0 [3]Op
}

// sweepAll writes a sweep: the loops over pixels and orientations, the Miller
// indices and the structure factors. latt adds a sample's term to the sum.
func (g *machine) sweepAll(name, doc string, held []string, values []float64, latt func(s *sweep)) {
	var ray fast.Ray
	b, n := g.kernel(name, "l *Lattice, ray *Ray, table []Orientation", doc)
	s := &sweep{machine: g, lattice: Load(Param("l"), GP64()), grid: GP64(), o: GP64(), nonzero: GP64()}
	r := Load(Param("ray"), GP64())
	first, count := Load(Param("table").Base(), GP64()), Load(Param("table").Len(), GP64())
	MOVQ(Mem{Base: s.lattice, Disp: int(unsafe.Offsetof(lattice.F))}, s.grid)
	g.hold(held, values)
	if !g.wide() {
		for j := range s.h {
			s.h[j], s.h0[j] = AllocLocal(32), AllocLocal(32)
		}
	}
	left := GP64()
	g.loop(n, func(i Register) {
		lambda := g.spread(field(r, unsafe.Offsetof(ray.Lambda), 0))
		for j, at := range []uintptr{atX, atY, atZ} {
			s.q[j] = g.vec()
			VMOVUPD(array(b, i, at), s.q[j])
			t := g.spread(field(r, unsafe.Offsetof(ray.Incident), j))
			VSUBPD(t, s.q[j], s.q[j])
			VDIVPD(lambda, s.q[j], s.q[j])
		}
		s.sum, s.factor = g.vec(), g.vec()
		VMOVUPD(array(b, i, atSum), s.sum)
		s.forget()
		MOVQ(first, s.o)
		MOVQ(count, left)
		again, next, done := g.label("orientations"), g.label("next"), g.label("swept")
		Label(again)
		TESTQ(left, left)
		JZ(LabelRef(done))
		s.miller(next)
		latt(s)
		Label(next)
		ADDQ(Imm(uint64(unsafe.Sizeof(fast.Orientation{}))), s.o)
		DECQ(left)
		JMP(LabelRef(again))
		Label(done)
		VMOVUPD(s.sum, array(b, i, atSum))
	})
}

// forget makes the next sample look its structure factors up.
func (s *sweep) forget() {
	if s.wide() {
		s.place = YMM()
	} else {
		s.place = XMM()
	}
	// -1 is no place.
	if s.wide() {
		VPTERNLOGD(U8(255), s.place, s.place, s.place)
	} else {
		VPCMPEQD(s.place, s.place, s.place)
	}
	VXORPD(s.factor, s.factor, s.factor)
	XORQ(s.nonzero, s.nonzero)
}

// miller computes the Miller indices and the structure factors, and goes on to
// next where all of these are zero. Neighbouring steps mostly have the same
// reflections: they are looked up where one changes.
func (s *sweep) miller(next string) {
	p := s.vec()
	for j := 2; j >= 0; j-- {
		h := s.dot3(s.q, s.o, 0, 3*j)
		h0 := s.vec()
		VADDPD(s.c("minushalf", -0.5), h, h0)
		s.round(up, h0, h0)
		if s.wide() {
			s.h[j], s.h0[j] = h, h0
		} else {
			VMOVUPD(h, s.h[j])
			VMOVUPD(h0, s.h0[j])
		}
		// The bound stands where a NaN gives way to it.
		t := s.vec()
		s.bound(unsafe.Offsetof(lattice.Hi), j, h0, t, true)
		s.bound(unsafe.Offsetof(lattice.Lo), j, t, t, false)
		if j == 2 {
			s.addMem(field(s.lattice, unsafe.Offsetof(lattice.Base), 0), t, p)
		} else {
			s.fmaMem(field(s.lattice, unsafe.Offsetof(lattice.Stride), j), t, p)
		}
	}
	same := s.label("same")
	s.lookUp(p, same)
	Label(same)
	TESTQ(s.nonzero, s.nonzero)
	JZ(LabelRef(next))
}

func (s *sweep) bound(offset uintptr, j int, x, dst VecVirtual, upper bool) {
	m := field(s.lattice, offset, j)
	switch {
	case s.wide() && upper:
		VMINPD_BCST(m, x, dst)
	case s.wide():
		VMAXPD_BCST(m, x, dst)
	case upper:
		VMINPD(s.spread(m), x, dst)
	default:
		VMAXPD(s.spread(m), x, dst)
	}
}

// lookUp gathers the structure factors, unless all places are those of the step
// before.
func (s *sweep) lookUp(p VecVirtual, same string) {
	if s.wide() {
		at, differ, all := YMM(), K(), K()
		VCVTPD2DQ(p, at)
		VPCMPD(U8(4), at, s.place, differ) // not equal
		KORTESTB(differ, differ)
		JZ(LabelRef(same))
		VMOVDQA32(at, s.place)
		KXNORB(all, all, all)
		VGATHERDPD(Mem{Base: s.grid, Index: at, Scale: 8}, all, s.factor)
		zero, some := s.vec(), K()
		VXORPD(zero, zero, zero)
		VCMPPD(U8(4), zero, s.factor, some) // not equal, or not a number
		KMOVB(some, s.nonzero.(GPVirtual).As32())
		return
	}
	at, eq := XMM(), XMM()
	VCVTPD2DQY(p, at)
	VPCMPEQD(at, s.place, eq)
	mask := GP32()
	VMOVMSKPS(eq, mask)
	CMPL(mask, Imm(15))
	JE(LabelRef(same))
	VMOVDQA(at, s.place)
	all := s.vec()
	VPCMPEQQ(all, all, all)
	VGATHERDPD(all, Mem{Base: s.grid, Index: at, Scale: 8}, s.factor)
	zero := s.vec()
	VXORPD(zero, zero, zero)
	VCMPPD(U8(4), zero, s.factor, zero)
	VMOVMSKPD(zero, s.nonzero.(GPVirtual).As32())
}

// square of F times the lattice factor, into the sum.
func (s *sweep) add(latt VecVirtual) {
	VMULPD(s.factor, latt, latt)
	VFMADD231PD(latt, latt, s.sum)
}
