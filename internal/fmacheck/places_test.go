package main

import (
	"strings"
	"testing"
)

// A line that is inlined into many functions, and fused on several targets,
// is one place.
func TestPlaces(t *testing.T) {
	var ps places
	arm, _ := targetNamed("arm64")
	amd, _ := targetNamed("amd64/v3")
	ps.add(amd, []finding{{"p.F", "/p.go:100", "VFMADD231SD", 1}, {"p.t", "", "holds math.FMA", 1}, {"p.u", "", "holds math.FMA", 1}})
	ps.add(arm, []finding{
		{"p.F", "/p.go:100", "FMADDD", 2}, {"p.G", "/p.go:100", "FMADDD", 1},
		{"p.H", "/p.go:100", "FMADDD", 1}, {"p.I", "/p.go:100", "FMADDD", 1}, {"p.F", "/p.go:9", "FMSUBD", 1},
	})
	const want = `data: amd64/v3 holds math.FMA in p.t
data: amd64/v3 holds math.FMA in p.u
/p.go:9: arm64 FMSUBD in p.F
/p.go:100: amd64/v3 VFMADD231SD, arm64 FMADDD in p.F, p.G, p.H and 1 more
`
	var out strings.Builder
	ps.print(&out)
	if out.String() != want {
		t.Errorf("got\n%swant\n%s", out.String(), want)
	}
}
