package main

import (
	"unsafe"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"

	"simtrace/pkg/sim/fast"
)

// sweepRadial writes the sweep of a shape whose lattice factor hangs on the
// distance from the nearest reflection alone.
func (g *machine) sweepRadial(name, what string, latt func(s *sweep, r2 VecVirtual) VecVirtual) {
	g.sweepAll("sweep"+name, "adds the squared amplitudes of all orientations, for "+what+".", nil, nil, func(s *sweep) {
		var d [3]VecVirtual
		for j := range d {
			d[j] = s.vec()
			VMOVUPD(s.h[j], d[j])
			VSUBPD(s.h0[j], d[j], d[j])
		}
		r2 := s.vec()
		cells, known := s.label("cells"), s.label("radius")
		CMPB(Mem{Base: s.lattice, Disp: int(unsafe.Offsetof(lattice.Reciprocal))}, Imm(0))
		JE(LabelRef(cells))
		s.reciprocal(d, r2)
		JMP(LabelRef(known))
		Label(cells)
		for j := range d {
			t := s.vec()
			VMULPD(d[j], d[j], t)
			s.timesCells(j, t)
			if j == 0 {
				VMOVAPD(t, r2)
			} else {
				VADDPD(t, r2, r2)
			}
		}
		Label(known)
		s.add(latt(s, r2))
	})
}

// timesCells multiplies by the square of a number of cells.
func (s *sweep) timesCells(j int, x VecVirtual) {
	m := field(s.lattice, unsafe.Offsetof(lattice.Cells), j)
	s.mulMem(m, x, x)
	s.mulMem(m, x, x)
}

// reciprocal is the squared radius in reciprocal space.
func (s *sweep) reciprocal(d [3]VecVirtual, r2 VecVirtual) {
	star := unsafe.Offsetof(lattice.Star)
	for i := range 3 {
		v, t := s.vec(), s.vec()
		s.mulMem(field(s.lattice, star, i), d[0], v)
		s.mulMem(field(s.lattice, star, 3+i), d[1], t)
		VADDPD(t, v, v)
		s.mulMem(field(s.lattice, star, 6+i), d[2], t)
		VADDPD(t, v, v)
		VMULPD(v, v, v)
		if i == 0 {
			VMOVAPD(v, r2)
		} else {
			VADDPD(v, r2, r2)
		}
	}
	for j := range 3 {
		s.timesCells(j, r2)
	}
}

// scaled multiplies by a number of the lattice.
func (s *sweep) scaled(offset uintptr, x VecVirtual) {
	s.mulMem(field(s.lattice, offset, 0), x, x)
}

// ball is the lattice factor of an ellipsoid.
func (s *sweep) ball(r2 VecVirtual) VecVirtual {
	s.scaled(unsafe.Offsetof(lattice.Fudge), r2)
	x := s.vec()
	VSQRTPD(r2, x)
	VMULPD(constant("piHi", fast.PiHi), x, x)
	m, r, cos := s.vec(), s.vec(), s.vec()
	VMULPD(constant("invPi", fast.InvPi), x, m)
	s.round(toNearest, m, m)
	VMOVAPD(x, r)
	s.reduced(r, m)
	s.cosine(r, cos)
	s.sine(r)
	VDIVPD(x, r, r)
	VSUBPD(cos, r, r)
	VMULPD(constant("three", 3), r, r)
	s.scaled(unsafe.Offsetof(lattice.Volume), r)
	t := s.vec()
	VMULPD(x, x, t)
	VDIVPD(t, r, r)
	zero := s.vec()
	s.replace(less, constant("smallBall", fast.SmallBall), x, constant("notANumber", nan), r)
	VXORPD(zero, zero, zero)
	volume := s.spread(field(s.lattice, unsafe.Offsetof(lattice.Volume), 0))
	s.replace(equal, zero, x, volume, r)
	return r
}

// cosine is that of a reduced argument.
func (s *sweep) cosine(r, cos VecVirtual) {
	t, p := s.vec(), s.vec()
	VMULPD(r, r, t)
	s.polynomial(p, t, "cos", fast.CosC[:])
	VMOVUPD(constant("one", 1), cos)
	VFNMADD231PD(constant("half", 0.5), t, cos)
	VMULPD(t, t, t)
	VFMADD231PD(p, t, cos)
}

// Comparisons, ordered and quiet.
const (
	equal = 0
	less  = 17
)

// replace puts with in the lanes of r where x compares so with y.
func (s *sweep) replace(how uint8, y Op, x VecVirtual, with Op, r VecVirtual) {
	if s.wide() {
		at := K()
		VCMPPD(U8(how), y, x, at)
		VBLENDMPD(with, r, at, r)
		return
	}
	at := s.vec()
	VCMPPD(U8(how), y, x, at)
	VBLENDVPD(at, with, r, r)
}

// gauss is the lattice factor of Gaussian spots.
func (s *sweep) gauss(r2 VecVirtual) VecVirtual {
	t, x := s.vec(), s.vec()
	VDIVPD(constant("gauss", 0.63), r2, t)
	s.scaled(unsafe.Offsetof(lattice.Fudge), t)
	VXORPD(x, x, x)
	VSUBPD(t, x, x)
	VMAXPD(constant("expLeast", -708), x, x)
	VMINPD(constant("expMost", 708), x, x)
	m, r := s.vec(), s.vec()
	VMULPD(constant("log2E", fast.Log2E), x, m)
	s.round(toNearest, m, m)
	VMOVAPD(x, r)
	VFNMADD231PD(constant("ln2Hi", fast.Ln2Hi), m, r)
	VFNMADD231PD(constant("ln2Lo", fast.Ln2Lo), m, r)
	p, square := s.vec(), s.vec()
	s.polynomial(p, r, "exp", fast.ExpC[:])
	VMULPD(r, r, square)
	VFMADD231PD(p, square, r)
	VADDPD(constant("one", 1), r, r)
	// The exponent's bits come to the lower end of the significand.
	VADDPD(constant("exponent", 0x1.8p52+1023), m, m)
	VPSLLQ(U8(52), m, m)
	VMULPD(m, r, r)
	s.scaled(unsafe.Offsetof(lattice.Volume), r)
	return r
}

// tophat is the lattice factor of flat spots.
func (s *sweep) tophat(r2 VecVirtual) VecVirtual {
	s.scaled(unsafe.Offsetof(lattice.Fudge), r2)
	r := s.vec()
	VXORPD(r, r, r)
	volume := s.spread(field(s.lattice, unsafe.Offsetof(lattice.Volume), 0))
	s.replace(less, constant("tophat", 0.3969), r2, volume, r)
	return r
}
