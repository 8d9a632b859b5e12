package golden

import (
	"math"
	"strconv"
	"testing"
)

// tiltedPanel gives the beam centre of the tilted dxtbx panel all its digits. The program
// had the panel: origin (-16, 12, -60) mm, turned by 0.1 about the slow axis. The recorded
// flags have 16 digits of the beam centre, which needs 17; with the neighbouring float64
// one of the image's 3072 pixels has another last bit.
func tiltedPanel(t *testing.T, c *Case) {
	sin, cos := math.Sincos(0.1)
	x := beamCentre([3]float64{cos, 0, -sin}, [3]float64{0, -1, 0}, [3]float64{-16, 12, -60}, [3]float64{0, 0, -1})
	for i, a := range c.Args {
		if a.Name != "-Xbeam" {
			continue
		}
		if short := strconv.FormatFloat(x, 'g', 16, 64); short != a.Values[0] {
			t.Fatalf("the panel's beam centre is %s mm, recorded is %s", short, a.Values[0])
		}
		c.Args[i].Values = []string{strconv.FormatFloat(x, 'g', 17, 64)}
		return
	}
	t.Fatal("no -Xbeam")
}

// beamCentre is where the beam hits a panel, mm along its fast axis: dxtbx solves
// beam = u fast + v slow + w origin by the inverse matrix and takes u/w.
func beamCentre(fast, slow, origin, beam [3]float64) float64 {
	across := func(a, b [3]float64) (n [3]float64) {
		for i := range n {
			j, k := (i+1)%3, (i+2)%3
			n[i] = float64(a[j]*b[k]) - float64(a[k]*b[j])
		}
		return n
	}
	dot := func(a, b [3]float64) float64 {
		return float64(a[0]*b[0]) + float64(a[1]*b[1]) + float64(a[2]*b[2])
	}
	det := dot(fast, across(slow, origin))
	rows := [2][3]float64{across(slow, origin), across(fast, slow)} // of the inverse, times det
	var u [2]float64
	for i, r := range rows {
		u[i] = dot([3]float64{r[0] / det, r[1] / det, r[2] / det}, beam)
	}
	return u[0] / u[1]
}
