package main

import (
	"unsafe"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"

	"simtrace/pkg/sim/fast"
)

// radial is a shape whose lattice factor hangs on the distance from the nearest
// reflection alone.
type radial struct {
	*sweep
	factor func(s *sweep, r2 VecVirtual) VecVirtual
	h0     [3]Op
}

func (r *radial) vanishes() bool { return true }

func (g *machine) sweepRadial(name, what string, factor func(s *sweep, r2 VecVirtual) VecVirtual) {
	g.sweepAll("sweep"+name, "adds the squared amplitudes of all orientations, for "+what+".", &radial{factor: factor})
}

func (r *radial) begin(s *sweep) {
	r.sweep = s
	for j := range r.h0 {
		r.h0[j] = s.slot()
	}
}

func (r *radial) stored(VecVirtual) {}

func (r *radial) whole(j int, h0 VecVirtual) { VMOVUPD(h0, r.h0[j]) }

func (r *radial) latt(h [3]Mem) VecVirtual {
	var d [3]VecVirtual
	for j := range d {
		d[j] = r.vec()
		VMOVUPD(h[j], d[j])
		VSUBPD(r.h0[j], d[j], d[j])
	}
	r2 := r.vec()
	cells, known := r.label("cells"), r.label("radius")
	CMPB(Mem{Base: r.lattice, Disp: int(unsafe.Offsetof(lattice.Reciprocal))}, Imm(0))
	JE(LabelRef(cells))
	r.reciprocal(d, r2)
	JMP(LabelRef(known))
	Label(cells)
	for j := range d {
		t := r.vec()
		VMULPD(d[j], d[j], t)
		r.timesCells(j, t)
		if j == 0 {
			VMOVAPD(t, r2)
		} else {
			VADDPD(t, r2, r2)
		}
	}
	Label(known)
	return r.factor(r.sweep, r2)
}

// timesCells multiplies by the square of a number of cells.
func (s *sweep) timesCells(j int, x VecVirtual) {
	m := field(s.lattice, unsafe.Offsetof(lattice.Cells), j)
	s.mul(m, x, x)
	s.mul(m, x, x)
}

// reciprocal is the squared radius in reciprocal space.
func (s *sweep) reciprocal(d [3]VecVirtual, r2 VecVirtual) {
	star := unsafe.Offsetof(lattice.Star)
	for i := range 3 {
		v, t := s.vec(), s.vec()
		s.mul(field(s.lattice, star, i), d[0], v)
		s.mul(field(s.lattice, star, 3+i), d[1], t)
		VADDPD(t, v, v)
		s.mul(field(s.lattice, star, 6+i), d[2], t)
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
	s.mul(field(s.lattice, offset, 0), x, x)
}

// ball is the lattice factor of an ellipsoid.
func (s *sweep) ball(r2 VecVirtual) VecVirtual {
	s.scaled(unsafe.Offsetof(lattice.Fudge), r2)
	x := s.vec()
	VSQRTPD(r2, x)
	s.mul(constant("piHi", fast.PiHi), x, x)
	m, r, cos := s.vec(), s.vec(), s.vec()
	s.mul(constant("invPi", fast.InvPi), x, m)
	s.round(toNearest, m, m)
	VMOVAPD(x, r)
	s.reduced(r, m)
	s.cosine(r, cos)
	s.sines(r)
	VDIVPD(x, r, r)
	VSUBPD(cos, r, r)
	s.mul(constant("three", 3), r, r)
	s.scaled(unsafe.Offsetof(lattice.Volume), r)
	t := s.vec()
	VMULPD(x, x, t)
	VDIVPD(t, r, r)
	zero := s.vec()
	s.replace(less, s.spread(constant("smallBall", fast.SmallBall)), x, s.spread(constant("notANumber", nan)), r)
	VXORPD(zero, zero, zero)
	volume := s.spread(field(s.lattice, unsafe.Offsetof(lattice.Volume), 0))
	s.replace(equal, zero, x, volume, r)
	return r
}

// cosine is that of a reduced argument.
func (s *sweep) cosine(r, cos VecVirtual) {
	t, p := s.vec(), s.vec()
	VMULPD(r, r, t)
	s.polynomials([]VecVirtual{p}, []VecVirtual{t}, "cos", fast.CosC[:])
	s.load(constant("one", 1), cos)
	s.fnma(constant("half", 0.5), t, cos)
	VMULPD(t, t, t)
	VFMADD231PD(p, t, cos)
}

// Comparisons, ordered and quiet.
const (
	equal = 0
	less  = 17
)

// replace puts with in the lanes of r where x compares so with y.
func (s *sweep) replace(how uint8, y, x, with, r VecVirtual) {
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
	r := s.exp(s.gaussian(r2))
	s.scaled(unsafe.Offsetof(lattice.Volume), r)
	return r
}

// gaussian is the exponent of Gaussian spots.
func (s *sweep) gaussian(r2 VecVirtual) VecVirtual {
	t, x := s.vec(), s.vec()
	VDIVPD(s.spread(constant("gauss", 0.63)), r2, t)
	s.scaled(unsafe.Offsetof(lattice.Fudge), t)
	VXORPD(x, x, x)
	VSUBPD(t, x, x)
	return x
}

// vanishing is gauss, zero where the exact engine's is, and not a number where
// it has to tell.
func (s *sweep) vanishing(r2 VecVirtual) VecVirtual {
	x, kept := s.gaussian(r2), s.vec()
	VMOVAPD(x, kept)
	r := s.exp(x)
	s.scaled(unsafe.Offsetof(lattice.Volume), r)
	s.replace(less, s.spread(constant("expNonzero", fast.ExpNonzero)), kept, s.spread(constant("notANumber", nan)), r)
	zero := s.vec()
	VXORPD(zero, zero, zero)
	s.replace(less, s.spread(constant("expZero", fast.ExpZero)), kept, zero, r)
	return r
}

// tophat is the lattice factor of flat spots.
func (s *sweep) tophat(r2 VecVirtual) VecVirtual {
	s.scaled(unsafe.Offsetof(lattice.Fudge), r2)
	r := s.vec()
	VXORPD(r, r, r)
	volume := s.spread(field(s.lattice, unsafe.Offsetof(lattice.Volume), 0))
	s.replace(less, s.spread(constant("tophat", 0.3969)), r2, volume, r)
	return r
}
