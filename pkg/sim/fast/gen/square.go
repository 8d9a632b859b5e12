package main

import (
	"fmt"
	"unsafe"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"

	"simtrace/pkg/sim/fast"
)

// sineNames and sineValues are the constants of a sine.
func sineConstants() (names []string, values []float64) {
	for i, v := range fast.SinC {
		names, values = append(names, fmt.Sprintf("sin%d", i)), append(values, v)
	}
	return append(names, "piHi", "piLo", "invPi"), append(values, fast.PiHi, fast.PiLo, fast.InvPi)
}

func (g *machine) sweepSquare() {
	names, values := sineConstants()
	g.sweepAll("sweepSquare", "adds the squared amplitudes of all orientations, for a parallelepiped.", names, values, func(s *sweep) {
		num, den := s.vec(), s.vec()
		s.gratings(num, den, false)
		fix, divide := s.label("zero"), s.label("divide")
		s.jumpIfZero(den, fix)
		Label(divide)
		VDIVPD(den, num, num)
		s.add(num)
		later := s.label("later")
		JMP(LabelRef(later))
		// A sine of zero: rare, and then once more with care.
		Label(fix)
		s.gratings(num, den, true)
		JMP(LabelRef(divide))
		Label(later)
	})
}

// gratings computes the products of the numerators and denominators of the
// three axes. careful puts the limit, N over 1, in place of 0 over 0.
func (s *sweep) gratings(num, den VecVirtual, careful bool) {
	for j := range 3 {
		x, m, r := s.vec(), s.vec(), s.vec()
		VMOVUPD(s.h[j], x)
		VMULPD(constant("piHi", fast.PiHi), x, x)
		VMOVAPD(x, r)
		VMOVUPD(s.h0[j], m)
		d := s.sine(s.reduced(r, m))
		cells := field(s.lattice, unsafe.Offsetof(lattice.Cells), j)
		y := s.vec()
		s.mulMem(cells, x, y)
		VMULPD(s.c("invPi", fast.InvPi), y, m)
		s.round(toNearest, m, m)
		n := s.sine(s.reduced(y, m))
		if careful {
			s.limit(x, n, d, cells)
		}
		if j == 0 {
			VMOVAPD(n, num)
			VMOVAPD(d, den)
			continue
		}
		VMULPD(n, num, num)
		VMULPD(d, den, den)
	}
}

// reduced subtracts m pi from x, in place.
func (s *sweep) reduced(x, m VecVirtual) VecVirtual {
	VFNMADD231PD(s.c("piHi", fast.PiHi), m, x)
	VFNMADD231PD(s.c("piLo", fast.PiLo), m, x)
	return x
}

// sine is the sine of a reduced argument, in place.
func (s *sweep) sine(r VecVirtual) VecVirtual {
	t, p := s.vec(), s.vec()
	VMULPD(r, r, t)
	s.polynomial(p, t, "sin", fast.SinC[:])
	VMULPD(t, r, t)
	VFMADD231PD(p, t, r)
	return r
}

// polynomial evaluates one by Horner's rule.
func (s *sweep) polynomial(p, t VecVirtual, name string, c []float64) {
	last := len(c) - 1
	VMOVUPD(s.c(fmt.Sprint(name, last), c[last]), p)
	for i := last - 1; i >= 0; i-- {
		VFMADD213PD(s.c(fmt.Sprint(name, i), c[i]), t, p)
	}
}

// limit puts N over 1 where x is zero.
func (s *sweep) limit(x, n, d VecVirtual, cells Mem) {
	zero := s.vec()
	VXORPD(zero, zero, zero)
	s.replace(equal, zero, x, s.spread(cells), n)
	s.replace(equal, zero, x, constant("one", 1), d)
}

// jumpIfZero goes to a label if any lane is zero.
func (s *sweep) jumpIfZero(x VecVirtual, label string) {
	zero := s.vec()
	VXORPD(zero, zero, zero)
	if s.wide() {
		at := K()
		VCMPPD(U8(equal), zero, x, at)
		KORTESTB(at, at)
	} else {
		VCMPPD(U8(equal), zero, x, zero)
		mask := GP32()
		VMOVMSKPD(zero, mask)
		TESTL(mask, mask)
	}
	JNZ(LabelRef(label))
}
