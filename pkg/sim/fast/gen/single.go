package main

import (
	"math"
	"unsafe"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"

	"simtrace/pkg/sim/fast"
)

var (
	lattice32     fast.Lattice32
	block32       fast.Block32
	orientation32 fast.Orientation32
)

// single writes a sweep in single precision: eight lanes in a register of 256
// bits, and in double precision, for the functions, in one or two vectors.
type single struct {
	*sweep
	doubt  []VecVirtual // of the lanes, by vectors of double precision
	h, h0  [3]Mem       // Miller indices, and the nearest whole ones
	halves int
}

func (g *machine) single(name, doc string, latt func(s *single) VecVirtual) {
	TEXT(name+g.suffix, NOSPLIT, "func(b *Block32, n int, l *Lattice32, ray *Ray32, table []Orientation32)")
	Doc(name + g.suffix + " adds the squared amplitudes of all orientations in single precision, " + doc)
	b, n, ray := Load(Param("b"), GP64()), Load(Param("n"), GP64()), Load(Param("ray"), GP64())
	s := &single{sweep: &sweep{machine: g, lattice: Load(Param("l"), GP64()), grid: GP64(), o: GP64(), step: GP64()}, halves: fast.Lanes / g.lanes}
	first, count := Load(Param("table").Base(), GP64()), Load(Param("table").Len(), GP64())
	MOVQ(s.at(unsafe.Offsetof(lattice32.F)), s.grid)
	for j := range 3 {
		s.h[j], s.h0[j] = AllocLocal(32), AllocLocal(32)
	}
	var q [3]Mem
	for j := range q {
		q[j] = AllocLocal(32)
	}
	i := GP64()
	XORQ(i, i)
	pixels, done := g.label("pixels"), g.label("done")
	Label(pixels)
	CMPQ(i, n)
	JGE(LabelRef(done))
	array := func(offset uintptr) Mem { return Mem{Base: b, Index: i, Scale: 4, Disp: int(offset)} }
	for j, at := range []uintptr{unsafe.Offsetof(block32.X), unsafe.Offsetof(block32.Y), unsafe.Offsetof(block32.Z)} {
		d := YMM()
		VMOVUPS(array(at), d)
		VSUBPS(s.spread32(Mem{Base: ray, Disp: 4 * j}), d, d)
		VDIVPS(s.spread32(Mem{Base: ray, Disp: 12}), d, d)
		VMOVUPS(d, q[j])
	}
	sum, kept := YMM(), array(unsafe.Offsetof(block32.Sum)) // AVX2 has sixteen registers, one fewer than are wanted
	if g.wide() {
		VMOVUPS(kept, sum)
	}
	s.doubt = s.vecs(s.halves)
	doubtOf := func(half int) Mem {
		return Mem{Base: b, Index: i, Scale: 8, Disp: int(unsafe.Offsetof(block32.Doubt)) + half*g.bits/8}
	}
	for half, d := range s.doubt {
		VMOVUPD(doubtOf(half), d)
	}
	MOVQ(first, s.o)
	XORQ(s.step, s.step)
	again, next, swept := g.label("orientations"), g.label("next"), g.label("swept")
	Label(again)
	CMPQ(s.step, count)
	JGE(LabelRef(swept))
	f := s.factor32(q)
	zero, mask := YMM(), GP32()
	VXORPS(zero, zero, zero)
	VCMPPS(U8(equal), zero, f, zero)
	VMOVMSKPS(zero, mask)
	CMPL(mask, U32(255))
	JE(LabelRef(next))
	square := AllocLocal(32)
	VMULPS(f, f, f)
	VMOVUPS(f, square)
	v, term := latt(s), YMM()
	VMULPS(square, v, term)
	VMULPS(v, term, term)
	if g.wide() {
		VADDPS(term, sum, sum)
	} else {
		VADDPS(kept, term, term)
		VMOVUPS(term, kept)
	}
	Label(next)
	ADDQ(Imm(uint64(unsafe.Sizeof(orientation32))), s.o)
	INCQ(s.step)
	JMP(LabelRef(again))
	Label(swept)
	if g.wide() {
		VMOVUPS(sum, kept)
	}
	for half, d := range s.doubt {
		VMOVUPD(d, doubtOf(half))
	}
	ADDQ(Imm(fast.Lanes), i)
	JMP(LabelRef(pixels))
	Label(done)
	g.end()
}

// at is a field of the lattice.
func (s *single) at(offset uintptr) Mem { return Mem{Base: s.lattice, Disp: int(offset)} }

// number is a float32 of a field's array, in all lanes.
func (s *single) number(offset uintptr, i int) VecVirtual {
	return s.spread32(s.at(offset + 4*uintptr(i)))
}

func (s *single) spread32(m Mem) VecVirtual {
	v := YMM()
	VBROADCASTSS(m, v)
	return v
}

var constants32 = map[string]Mem{}

// constant32 is a float32 in memory, eight times.
func constant32(name string, v float32) Mem {
	m, ok := constants32[name]
	if !ok {
		m = GLOBL(name, RODATA|NOPTR)
		for i := range 8 {
			DATA(4*i, U32(math.Float32bits(v)))
		}
		constants32[name] = m
	}
	return m
}

// factor32 computes and keeps the Miller indices, and looks up the structure factors.
func (s *single) factor32(q [3]Mem) VecVirtual {
	place := YMM()
	for j := range 3 {
		h, t := YMM(), YMM()
		for k := range 3 {
			c := s.spread32(Mem{Base: s.o, Disp: 4 * (3*j + k)})
			if k == 0 {
				VMULPS(q[k], c, h)
				continue
			}
			VMULPS(q[k], c, t)
			VADDPS(t, h, h)
		}
		VMOVUPS(h, s.h[j])
		VADDPS(constant32("minushalf32", -0.5), h, h)
		if s.wide() {
			VRNDSCALEPS(U8(up), h, h)
		} else {
			VROUNDPS(U8(up), h, h)
		}
		VMOVUPS(h, s.h0[j])
		// The bound stands where a NaN gives way to it.
		VMINPS(s.number(unsafe.Offsetof(lattice32.Hi), j), h, h)
		VMAXPS(s.number(unsafe.Offsetof(lattice32.Lo), j), h, h)
		VCVTPS2DQ(h, h)
		if j == 2 {
			VPADDD(h, place, place)
			continue
		}
		stride := YMM()
		VPBROADCASTD(s.at([]uintptr{unsafe.Offsetof(lattice32.StrideH), unsafe.Offsetof(lattice32.StrideK)}[j]), stride)
		VPMULLD(stride, h, h)
		if j == 0 {
			VMOVDQA(h, place)
		} else {
			VPADDD(h, place, place)
		}
	}
	base := YMM()
	VPBROADCASTD(s.at(unsafe.Offsetof(lattice32.Base)), base)
	VPADDD(base, place, place)
	f, all := YMM(), YMM()
	VXORPS(f, f, f)
	VPCMPEQD(all, all, all)
	VGATHERDPS(all, Mem{Base: s.grid, Index: place, Scale: 4}, f)
	return f
}

// doubles converts eight lanes.
func (s *single) doubles(x VecVirtual) []VecVirtual {
	d := s.vecs(s.halves)
	if s.wide() {
		VCVTPS2PD(x, d[0])
		return d
	}
	high := XMM()
	VEXTRACTF128(U8(1), x, high)
	VCVTPS2PD(x.AsX(), d[0])
	VCVTPS2PD(high, d[1])
	return d
}

// rounded rounds to single precision, and notes how near the numbers are to the
// middle between two.
func (s *single) rounded(d []VecVirtual) VecVirtual {
	for half, v := range d {
		t := s.vec()
		if s.wide() {
			VPSUBQ_BCST(constant64("middle32", 1<<28-fast.DoubtAt), v, t)
			VPANDQ_BCST(constant64("low32", 1<<29-1), t, t)
		} else {
			VPSUBQ(constant64("middle32", 1<<28-fast.DoubtAt), v, t)
			VPAND(constant64("low32", 1<<29-1), t, t)
		}
		// All of these have 32 bits.
		VPMINUD(t, s.doubt[half], s.doubt[half])
	}
	out := YMM()
	if s.wide() {
		VCVTPD2PS(d[0], out)
		return out
	}
	high := XMM()
	VCVTPD2PSY(d[0], out.AsX())
	VCVTPD2PSY(d[1], high)
	VINSERTF128(U8(1), high, out, out)
	return out
}

var constants64 = map[string]Mem{}

// constant64 is a whole number in memory, four times.
func constant64(name string, v uint64) Mem {
	m, ok := constants64[name]
	if !ok {
		m = GLOBL(name, RODATA|NOPTR)
		for i := range 4 {
			DATA(8*i, U64(v))
		}
		constants64[name] = m
	}
	return m
}

// reducedDoubles are arguments less the nearest multiples of pi.
func (s *single) reducedDoubles(x VecVirtual) []VecVirtual {
	d := s.doubles(x)
	for _, r := range d {
		m := s.vec()
		s.mul(constant("invPi", fast.InvPi), r, m)
		s.round(toNearest, m, m)
		s.reduced(r, m)
	}
	return d
}

// sine is that of single precision.
func (s *single) sine(x VecVirtual) VecVirtual {
	d := s.reducedDoubles(x)
	s.sines(d...)
	return s.rounded(d)
}

// where0 puts a number in the lanes of v where x is zero.
func (s *single) where0(x, with, v VecVirtual) {
	zero := YMM()
	VXORPS(zero, zero, zero)
	VCMPPS(U8(equal), zero, x, zero)
	VBLENDVPS(zero, with, v, v)
}

func (s *single) square() VecVirtual {
	var f VecVirtual
	for j := range 3 {
		x, t := YMM(), YMM()
		VMOVUPS(s.h[j], x)
		VMULPS(constant32("pi32", math.Pi), x, x)
		n := s.number(unsafe.Offsetof(lattice32.Cells), j)
		VMULPS(n, x, t)
		a := s.sine(t)
		VDIVPS(s.sine(x), a, a)
		s.where0(x, n, a)
		if j == 0 {
			f = a
		} else {
			VMULPS(a, f, f)
		}
	}
	return f
}

// radius is the squared distance from the nearest reflection.
func (s *single) radius() VecVirtual {
	var d [3]VecVirtual
	for j := range d {
		d[j] = YMM()
		VMOVUPS(s.h[j], d[j])
		VSUBPS(s.h0[j], d[j], d[j])
	}
	r2 := YMM()
	cells, known := s.label("cells"), s.label("radius")
	CMPB(s.at(unsafe.Offsetof(lattice32.Reciprocal)), Imm(0))
	JE(LabelRef(cells))
	for i := range 3 {
		v, t := YMM(), YMM()
		for j := range 3 {
			star := s.number(unsafe.Offsetof(lattice32.Star), 3*j+i)
			if j == 0 {
				VMULPS(star, d[j], v)
				continue
			}
			VMULPS(star, d[j], t)
			VADDPS(t, v, v)
		}
		VMULPS(v, v, v)
		if i == 0 {
			VMOVAPS(v, r2)
		} else {
			VADDPS(v, r2, r2)
		}
	}
	for j := range 3 {
		s.times(j, r2)
	}
	JMP(LabelRef(known))
	Label(cells)
	for j := range d {
		t := YMM()
		VMULPS(d[j], d[j], t)
		s.times(j, t)
		if j == 0 {
			VMOVAPS(t, r2)
		} else {
			VADDPS(t, r2, r2)
		}
	}
	Label(known)
	return r2
}

// times multiplies by the square of a number of cells.
func (s *single) times(j int, x VecVirtual) {
	n := s.number(unsafe.Offsetof(lattice32.Cells), j)
	VMULPS(n, x, x)
	VMULPS(n, x, x)
}

func (s *single) volume() VecVirtual { return s.number(unsafe.Offsetof(lattice32.Volume), 0) }

func (s *single) fudged(x VecVirtual) {
	VMULPS(s.number(unsafe.Offsetof(lattice32.Fudge), 0), x, x)
}

func (s *single) ball() VecVirtual {
	x := s.radius()
	s.fudged(x)
	VSQRTPS(x, x)
	VMULPS(constant32("pi32", math.Pi), x, x)
	v := s.sine(x)
	VDIVPS(x, v, v)
	d := s.reducedDoubles(x)
	for i := range d {
		c := s.vec()
		s.cosine(d[i], c)
		d[i] = c
	}
	VSUBPS(s.rounded(d), v, v)
	VMULPS(constant32("three32", 3), v, v)
	t, one := YMM(), YMM()
	VMULPS(x, x, t)
	VDIVPS(t, v, v)
	VMOVUPS(constant32("one32", 1), one)
	s.where0(x, one, v)
	VMULPS(s.volume(), v, v)
	return v
}

func (s *single) gauss() VecVirtual {
	x, t := s.radius(), YMM()
	VMOVUPS(constant32("gauss32", 0.63), t)
	VDIVPS(t, x, x)
	s.fudged(x)
	VXORPS(t, t, t)
	VSUBPS(x, t, x)
	d := s.doubles(x)
	for i, v := range d {
		kept, zero := s.vec(), s.vec()
		VMOVAPD(v, kept)
		d[i] = s.exp(v)
		VXORPD(zero, zero, zero)
		s.replace(less, s.spread(constant("leastExp32", fast.LeastExp32)), kept, zero, d[i])
	}
	v := s.rounded(d)
	VMULPS(s.volume(), v, v)
	return v
}

func (s *single) tophat() VecVirtual {
	r2, v := s.radius(), YMM()
	s.fudged(r2)
	VCMPPS(U8(less), constant32("tophat32", 0.3969), r2, v)
	VANDPS(s.volume(), v, v)
	return v
}
