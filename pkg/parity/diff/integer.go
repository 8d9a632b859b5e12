package diff

import (
	"math"
	"math/big"

	"simtrace/pkg/trace"
)

// isInteger tells a number that is printed with digits and a sign alone.
func isInteger(s string) bool {
	if s != "" && (s[0] == '-' || s[0] == '+') {
		s = s[1:]
	}
	for i := range len(s) {
		if s[i]-'0' > 9 {
			return false
		}
	}
	return s != ""
}

// beyondDouble tells an integer that a double does not tell from its neighbours.
func beyondDouble(v trace.Value) bool { return math.Abs(v.Num) >= 1<<53 && isInteger(v.Text) }

// integerDifference is difference of two integers that a double cannot tell
// apart.
func integerDifference(ref, got string) (abs, rel float64) {
	a, ok1 := new(big.Int).SetString(ref, 10)
	b, ok2 := new(big.Int).SetString(got, 10)
	if !ok1 || !ok2 || a.Cmp(b) == 0 {
		return 0, 0
	}
	d, _ := new(big.Float).SetInt(new(big.Int).Sub(b, a)).Float64()
	size, _ := new(big.Float).SetInt(a).Float64()
	return d, math.Abs(d) / math.Abs(size)
}
