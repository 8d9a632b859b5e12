package main

import (
	"unsafe"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"

	"simtrace/pkg/sim/fast"
)

var factors fast.Factors

// Bytes from an orientation to the next, and from eight lanes to the next.
const (
	factorStep  = uint64(unsafe.Sizeof(factors[0][0]))
	factorLanes = uint64(unsafe.Sizeof(factors[0]))
)

func (g *machine) generalSquare() {
	g.generalAll("generalSquare", "is for a parallelepiped whose structure factors are given.", &square{})
}

func (g *machine) generalRadial(name, what string, factor func(s *sweep, r2 VecVirtual) VecVirtual) {
	g.generalAll("general"+name, "is for "+what+" whose structure factors are given.", &radial{factor: factor})
}

// ofLanes points at what the lanes from pixel i on have in an array of Factors.
func (g *machine) ofLanes(f, i, into Register) {
	MOVQ(i, into)
	SHRQ(Imm(3), into)
	IMUL3Q(U32(factorLanes), into, into)
	ADDQ(f, into)
	if g.lanes < fast.Lanes {
		half := GP64()
		MOVQ(i, half)
		ANDQ(Imm(fast.Lanes-1), half)
		LEAQ(Mem{Base: into, Index: half, Scale: 8}, into)
	}
}

// generalAll writes a sweep for structure factors that are given.
func (g *machine) generalAll(name, doc string, what shape) {
	b, n := g.kernel(name, "l *Lattice, ray *Ray, table []Orientation, f *Factors", doc)
	s := &sweep{machine: g, shape: what, lattice: Load(Param("l"), GP64()), o: GP64(), step: GP64(), indices: GP64(), given: GP64(), f: GP64()}
	r, f := Load(Param("ray"), GP64()), Load(Param("f"), GP64())
	first, count := Load(Param("table").Base(), GP64()), Load(Param("table").Len(), GP64())
	what.begin(s)
	perLambda := s.perLambda(r)
	g.loop(n, func(i Register) {
		g.ofLanes(f, i, s.given)
		s.q = g.scatter(b, i, r, perLambda)
		last := s.noIndices()
		s.orientations(b, first, count, func(changed Mem, _ string) { s.miller(last, changed) })
		s.sum = g.vec()
		VMOVUPD(array(b, i, atSum), s.sum)
		s.orientations(b, first, count, func(changed Mem, _ string) {
			same := s.label("same")
			CMPB(changed, Imm(0))
			JE(LabelRef(same))
			for j := 2; j >= 0; j-- {
				s.whole(j, s.nearest(s.dot3(s.q, s.o, 0, 3*j)))
			}
			Label(same)
			latt := s.latt([3]Mem{s.index(0), s.index(1), s.index(2)})
			s.addGiven(b, i, latt)
		})
		VMOVUPD(s.sum, array(b, i, atSum))
	})
}

// addGiven adds a term, and multiplies the sum.
func (s *sweep) addGiven(b, i Register, latt VecVirtual) {
	v, by := s.vec(), s.vec()
	VMULPD(Mem{Base: s.f}, latt, v)
	VMULPD(v, v, v)
	VFMADD231PD(array(b, i, atWeight), v, s.sum)
	VMOVUPD(array(b, i, atFactor), by)
	if s.vanishes() {
		zero, idle := s.vec(), s.vec()
		VXORPD(zero, zero, zero)
		VMOVUPD(array(b, i, atIdle), idle)
		s.replace(equal, zero, latt, idle, by)
	}
	VMULPD(by, s.sum, s.sum)
}

// generalPlain is for a lattice factor of one.
func (g *machine) generalPlain() {
	b, n := g.kernel("generalPlain", "f *Factors, steps int", "is for a crystal of one cell whose structure factors are given.")
	f, steps := Load(Param("f"), GP64()), Load(Param("steps"), GP64())
	given, step := GP64(), GP64()
	g.loop(n, func(i Register) {
		g.ofLanes(f, i, given)
		sum, weight, by := g.vec(), g.vec(), g.vec()
		VMOVUPD(array(b, i, atSum), sum)
		VMOVUPD(array(b, i, atWeight), weight)
		VMOVUPD(array(b, i, atFactor), by)
		again, done := g.label("orientations"), g.label("swept")
		XORQ(step, step)
		Label(again)
		CMPQ(step, steps)
		JGE(LabelRef(done))
		v := g.vec()
		VMOVUPD(Mem{Base: given}, v)
		VMULPD(v, v, v)
		VFMADD231PD(weight, v, sum)
		VMULPD(by, sum, sum)
		ADDQ(Imm(factorStep), given)
		INCQ(step)
		JMP(LabelRef(again))
		Label(done)
		VMOVUPD(sum, array(b, i, atSum))
	})
}

// nearestFactors looks up the structure factors of the nearest reflections.
func (g *machine) nearestFactors() {
	b, n := g.kernel("nearest", "l *Lattice, ray *Ray, table []Orientation, f *Factors", "fills in the structure factors of the nearest reflections.")
	s := &sweep{machine: g, lattice: Load(Param("l"), GP64()), grid: GP64(), o: GP64(), step: GP64()}
	r, f, given := Load(Param("ray"), GP64()), Load(Param("f"), GP64()), GP64()
	first, count := Load(Param("table").Base(), GP64()), Load(Param("table").Len(), GP64())
	MOVQ(Mem{Base: s.lattice, Disp: int(unsafe.Offsetof(lattice.F))}, s.grid)
	perLambda := s.perLambda(r)
	g.loop(n, func(i Register) {
		g.ofLanes(f, i, given)
		s.q, s.factor = g.scatter(b, i, r, perLambda), g.vec()
		MOVQ(first, s.o)
		again, done := g.label("orientations"), g.label("swept")
		XORQ(s.step, s.step)
		Label(again)
		CMPQ(s.step, count)
		JGE(LabelRef(done))
		s.gather(func(int, VecVirtual) {})
		VMOVUPD(s.factor, Mem{Base: given})
		ADDQ(Imm(uint64(unsafe.Sizeof(fast.Orientation{}))), s.o)
		ADDQ(Imm(factorStep), given)
		INCQ(s.step)
		JMP(LabelRef(again))
		Label(done)
	})
}
