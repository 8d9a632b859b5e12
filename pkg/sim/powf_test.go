package sim

import (
	"math"
	"testing"
)

// TestPowf: cube roots that glibc 2.36 gave on x86-64, as bits. All but the first three
// lie so near the middle of two float32 that it does not round them correctly.
func TestPowf(t *testing.T) {
	for _, v := range [][2]uint32{
		{0x3ef2d213, 0x3f47a38e},
		{0x3e28cdcd, 0x3f0c5e28},
		{0x3e3fbc42, 0x3f1274c1},
		{0x3e89d7f7, 0x3f254d63},
		{0x3f5abd85, 0x3f72ec6d},
		{0x3e20b0c5, 0x3f0a14f6},
		{0x3f37dd9e, 0x3f65425f},
		{0x3f55e52d, 0x3f711dd6},
		{0x3f5d4bc3, 0x3f73ddae},
		{0x3e7dba19, 0x3f20ca89},
		{0x3e3eec1b, 0x3f123faf},
		{0x3f569790, 0x3f7160cb},
	} {
		x, want := math.Float32frombits(v[0]), math.Float32frombits(v[1])
		if got := powf(x, float32(1.0/3.0)); got != want {
			t.Errorf("root of %v is %v, the library has %v", x, got, want)
		}
	}
	// Against the correctly rounded root: never more than a unit in the last place.
	for x := float32(1e-6); x < 2; x *= 1.0003 {
		got, want := powf(x, float32(1.0/3.0)), float32(math.Pow(float64(x), float64(float32(1.0/3.0))))
		if ulps(got, want) > 1 {
			t.Errorf("root of %v is %v, to be near %v", x, got, want)
		}
	}
}
