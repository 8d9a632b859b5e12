// Command gen writes the assembly of package fast: each kernel once for AVX-512
// and once for AVX2, from one description.
package main

import (
	. "github.com/mmcloughlin/avo/build"
)

func main() {
	Package("simtrace/pkg/sim/fast")
	ConstraintExpr("amd64,!purego")
	for _, bits := range []int{512, 256} {
		g := newMachine(bits)
		g.positions()
		g.solidAngles()
		g.normalize()
		g.polarize()
		g.finish()
		g.sweepSquare()
		g.sweepRadial("Round", "an ellipsoid", (*sweep).ball)
		g.sweepRadial("Gauss", "Gaussian spots", (*sweep).gauss)
		g.sweepRadial("Tophat", "flat spots", (*sweep).tophat)
		g.bend()
		g.absorb()
		g.nearestFactors()
		g.load8()
		g.interpolate()
		g.integers()
		g.exps()
		g.single("square32", "for a parallelepiped.", (*single).square)
		g.single("round32", "for an ellipsoid.", (*single).ball)
		g.single("gauss32", "for Gaussian spots.", (*single).gauss)
		g.single("tophat32", "for flat spots.", (*single).tophat)
		g.generalPlain()
		g.generalSquare()
		g.generalRadial("Round", "an ellipsoid", (*sweep).ball)
		g.generalRadial("Gauss", "Gaussian spots", (*sweep).vanishing)
		g.generalRadial("Tophat", "flat spots", (*sweep).tophat)
	}
	Generate()
}
