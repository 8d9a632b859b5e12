package main

import (
	"fmt"
	"unsafe"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"

	"simtrace/pkg/sim/fast"
)

// square is a parallelepiped: for the whole Miller indices h0 it keeps the multiples
// of pi that the arguments of the denominators are reduced by, in two parts.
type square struct {
	*sweep
	hi, lo [3]Op
}

func (q *square) vanishes() bool { return false }

func (g *machine) sweepSquare() {
	g.sweepAll("sweepSquare", "adds the squared amplitudes of all orientations, for a parallelepiped.", &square{})
}

func (q *square) begin(s *sweep) {
	q.sweep = s
	for j := range 3 {
		q.hi[j], q.lo[j] = s.slot(), s.slot()
	}
}

// stored makes an index the argument of a denominator.
func (q *square) stored(h VecVirtual) {
	q.mul(constant("piHi", fast.PiHi), h, h)
}

// whole computes h0 pi, as hi + lo.
func (q *square) whole(j int, h0 VecVirtual) {
	hi, lo := q.vec(), q.vec()
	q.mul(constant("piHi", fast.PiHi), h0, hi)
	VMOVAPD(hi, lo)
	q.fms(constant("piHi", fast.PiHi), h0, lo)
	q.fma(constant("piLo", fast.PiLo), h0, lo)
	VMOVUPD(hi, q.hi[j])
	VMOVUPD(lo, q.lo[j])
}

func (q *square) latt(x [3]Mem) VecVirtual {
	num, den := q.gratings(x, false)
	fix, divide, later := q.label("zero"), q.label("divide"), q.label("later")
	q.jumpIfZero(den, fix)
	Label(divide)
	VDIVPD(den, num, num)
	JMP(LabelRef(later))
	// A sine of zero: rare, and then once more with care.
	Label(fix)
	n, d := q.gratings(x, true)
	VMOVAPD(n, num)
	VMOVAPD(d, den)
	JMP(LabelRef(divide))
	Label(later)
	return num
}

// gratings computes the products of the numerators and of the denominators of
// the three axes. careful puts the limit, N over 1, in place of 0 over 0.
func (q *square) gratings(stored [3]Mem, careful bool) (num, den VecVirtual) {
	var n, d [3]VecVirtual
	for j := range 3 {
		x := q.vec()
		n[j], d[j] = q.vec(), q.vec()
		VMOVUPD(stored[j], x)
		VSUBPD(q.hi[j], x, d[j])
		VSUBPD(q.lo[j], d[j], d[j])
		q.mul(q.cells(j), x, n[j])
		m := q.vec()
		q.mul(constant("invPi", fast.InvPi), n[j], m)
		q.round(toNearest, m, m)
		q.reduced(n[j], m)
	}
	q.sines(d[0], n[0], d[1], n[1], d[2], n[2])
	if careful {
		for j := range 3 {
			q.limit(n[j], d[j], q.cells(j))
		}
	}
	for j := 1; j < 3; j++ {
		VMULPD(n[j], n[0], n[0])
		VMULPD(d[j], d[0], d[0])
	}
	return n[0], d[0]
}

func (q *square) cells(j int) number {
	return field(q.lattice, unsafe.Offsetof(lattice.Cells), j)
}

// reduced subtracts m pi from x, in place.
func (s *sweep) reduced(x, m VecVirtual) {
	s.fnma(constant("piHi", fast.PiHi), m, x)
	s.fnma(constant("piLo", fast.PiLo), m, x)
}

// sines replaces reduced arguments by their sines. They go side by side, as many
// as there are registers for: an operation waits four cycles for the one before.
func (s *sweep) sines(r ...VecVirtual) {
	side := 2
	if s.wide() {
		side = 6
	}
	for ; len(r) > 0; r = r[min(side, len(r)):] {
		some := r[:min(side, len(r))]
		t, p := s.vecs(len(some)), s.vecs(len(some))
		for i, r := range some {
			VMULPD(r, r, t[i])
		}
		s.polynomials(p, t, "sin", fast.SinC[:])
		for i, r := range some {
			VMULPD(t[i], r, t[i])
			VFMADD231PD(p[i], t[i], r)
		}
	}
}

func (g *machine) vecs(n int) []VecVirtual {
	out := make([]VecVirtual, n)
	for i := range out {
		out[i] = g.vec()
	}
	return out
}

// polynomials evaluates one at several places by Horner's rule.
func (g *machine) polynomials(p, t []VecVirtual, name string, c []float64) {
	last := len(c) - 1
	for _, p := range p {
		g.load(constant(fmt.Sprint(name, last), c[last]), p)
	}
	for i := last - 1; i >= 0; i-- {
		for j := range p {
			g.horner(constant(fmt.Sprint(name, i), c[i]), t[j], p[j])
		}
	}
}

// limit puts N over 1 where the denominator is zero, which it is for an argument of
// zero alone.
func (s *sweep) limit(n, d VecVirtual, cells number) {
	zero := s.vec()
	VXORPD(zero, zero, zero)
	s.replace(equal, zero, d, s.spread(cells), n)
	s.replace(equal, zero, d, s.spread(constant("one", 1)), d)
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
