package trace

import (
	"strconv"
	"strings"
)

// announced finds the pixel that a port's message names. Only forms that say
// which number is slow and which is fast are taken: "Tracing pixel (slow=158,
// fast=147)" and "Pixel (64, 128) [slow, fast]".
func announced(s string) (slow, fast int, ok bool) {
	if i := strings.Index(s, "ixel ("); i >= 0 {
		return pixelIn(s[i+len("ixel (") : min(len(s), i+80)])
	}
	return 0, 0, false
}

// pixelIn reads what follows "pixel (".
func pixelIn(s string) (slow, fast int, ok bool) {
	inner, after, closed := strings.Cut(s, ")")
	a, b, two := strings.Cut(inner, ",")
	if !closed || !two {
		return 0, 0, false
	}
	a, b = strings.TrimSpace(a), strings.TrimSpace(b)
	switch after = strings.TrimSpace(after); {
	case strings.HasPrefix(a, "slow=") && strings.HasPrefix(b, "fast="):
		return pixelNumbers(a[5:], b[5:])
	case strings.HasPrefix(a, "fast=") && strings.HasPrefix(b, "slow="):
		return pixelNumbers(b[5:], a[5:])
	case strings.HasPrefix(a, "spixel=") && strings.HasPrefix(b, "fpixel="):
		return pixelNumbers(a[7:], b[7:])
	case strings.HasPrefix(after, "[slow, fast]"):
		return pixelNumbers(a, b)
	case strings.HasPrefix(after, "[fast, slow]"):
		return pixelNumbers(b, a)
	}
	return 0, 0, false
}

func pixelNumbers(s, f string) (slow, fast int, ok bool) {
	slow, err1 := strconv.Atoi(s)
	fast, err2 := strconv.Atoi(f)
	return slow, fast, err1 == nil && err2 == nil && slow >= 0 && fast >= 0
}
