package sim

import "math"

// powf is x^y in single precision as the C library of GNU/Linux computes it since
// 2018, for x a normal number above 0 and results that are normal numbers: in double
// precision, with an error of up to 0.0003 of a float32's last place before it is
// rounded. The domains of a mosaic crystal hang on that: of the roots of the four
// domains that the default seed draws, one lies so near the middle of two float32
// that the library rounds it the other way.
//
// With x = 2^k z, z about 1, and c near z from a table of 16,
//
//	log2 x = k + log2 c + log2(1 + (z/c - 1)),
//
// the last by a polynomial; with e = y log2 x = n/32 + r, 2^e = 2^(n/32) 2^r, again
// by a polynomial. All sums are fused, as on every processor that can.
func powf(x, y float32) float32 {
	const off = 0x3f330000
	bits := math.Float32bits(x)
	shifted := bits - off
	t := &powfLog2[shifted>>19&15]
	top := shifted & 0xff800000
	k := float64(int32(top) >> 23)
	z := float64(math.Float32frombits(bits - top))

	r := math.FMA(z, t.inverse, -1) //fma:wanted the library's
	r2 := float64(r * r)
	low := math.FMA(powfLogPoly[4], r, t.log2+k)        //fma:wanted the library's
	mid := math.FMA(powfLogPoly[2], r, powfLogPoly[3])  //fma:wanted the library's
	high := math.FMA(powfLogPoly[0], r, powfLogPoly[1]) //fma:wanted the library's
	low = math.FMA(mid, r2, low)                        //fma:wanted the library's
	r4 := float64(r2 * r2)
	log := math.FMA(high, r4, low) //fma:wanted the library's

	e := float64(float64(y) * log)
	n := math.RoundToEven(float64(e * 32))
	r = e - float64(n/32)
	low = math.FMA(powfExpPoly[2], r, 1)               //fma:wanted the library's
	high = math.FMA(powfExpPoly[0], r, powfExpPoly[1]) //fma:wanted the library's
	r2 = float64(r * r)
	v := math.FMA(high, r2, low) //fma:wanted the library's
	return float32(math.Ldexp(float64(v*powfExp2[int(n)&31]), int(math.Floor(n/32))))
}

// powfLog2 has points near the middles of 16 intervals around 1, by their inverses,
// with their logarithms.
var powfLog2 = [16]struct{ inverse, log2 float64 }{
	{0x1.661ec79f8f3bep+0, -0x1.efec65b963019p-2}, {0x1.571ed4aaf883dp+0, -0x1.b0b6832d4fca4p-2},
	{0x1.49539f0f010bp+0, -0x1.7418b0a1fb77bp-2}, {0x1.3c995b0b80385p+0, -0x1.39de91a6dcf7bp-2},
	{0x1.30d190c8864a5p+0, -0x1.01d9bf3f2b631p-2}, {0x1.25e227b0b8eap+0, -0x1.97c1d1b3b7afp-3},
	{0x1.1bb4a4a1a343fp+0, -0x1.2f9e393af3c9fp-3}, {0x1.12358f08ae5bap+0, -0x1.960cbbf788d5cp-4},
	{0x1.0953f419900a7p+0, -0x1.a6f9db6475fcep-5}, {1, 0},
	{0x1.e608cfd9a47acp-1, 0x1.338ca9f24f53dp-4}, {0x1.ca4b31f026aap-1, 0x1.476a9543891bap-3},
	{0x1.b2036576afce6p-1, 0x1.e840b4ac4e4d2p-3}, {0x1.9c2d163a1aa2dp-1, 0x1.40645f0c6651cp-2},
	{0x1.886e6037841edp-1, 0x1.88e9c2c1b9ff8p-2}, {0x1.767dcf5534862p-1, 0x1.ce0a44eb17bccp-2},
}

// The polynomials for log2(1 + r) and 2^r, highest power first.
var (
	powfLogPoly = [5]float64{0x1.27616c9496e0bp-2, -0x1.71969a075c67ap-2, 0x1.ec70a6ca7baddp-2, -0x1.7154748bef6c8p-1, 0x1.71547652ab82bp0}
	powfExpPoly = [3]float64{0x1.c6af84b912394p-5, 0x1.ebfce50fac4f3p-3, 0x1.62e42ff0c52d6p-1}
)

// powfExp2 is 2^(i/32), correctly rounded.
var powfExp2 = [32]float64{
	1, 1.0218971486541166, 1.0442737824274138, 1.0671404006768237, 1.0905077326652577, 1.1143867425958924,
	1.1387886347566916, 1.1637248587775775, 1.189207115002721, 1.215247359980469, 1.241857812073484, 1.2690509571917332,
	1.2968395546510096, 1.3252366431597413, 1.3542555469368927, 1.383909881963832, 1.4142135623730951, 1.4451808069770467,
	1.4768261459394993, 1.5091644275934228, 1.5422108254079407, 1.5759808451078865, 1.6104903319492543, 1.645755478153965,
	1.681792830507429, 1.718619298122478, 1.7562521603732995, 1.7947090750031072, 1.8340080864093424, 1.8741676341103,
	1.9152065613971474, 1.9571441241754002,
}
