package golden

import (
	"context"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"simtrace/internal/testkit"
	"simtrace/pkg/nanobragg"
	"simtrace/pkg/sim"
)

// arithImage renders in an arithmetic of bl831's CUDA program.
func arithImage(t *testing.T, a sim.Arith, args []nanobragg.Arg) []float32 {
	t.Helper()
	p, err := sim.ProfileByName("bl831-cuda")
	if err != nil {
		t.Fatal(err)
	}
	_, e, err := prepared(p, args, false)
	if err != nil {
		t.Fatal(err)
	}
	image, err := e.RenderArith(context.Background(), a, sim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return image
}

// TestArith: every image that bl831's CUDA program computed with -precision double, its
// kernel compiled for a CPU, comes out bit for bit in double-float arithmetic; in single
// precision the spots are where they are, and the rest is as far off as float32 is.
func TestArith(t *testing.T) {
	testkit.NotUnderRace(t)
	inputs := unpacked(t)
	cases, err := Cases(filepath.Join(programs(t), "bl831-cuda-double"))
	if err != nil || len(cases) == 0 {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			c.findLists(inputs)
			want, err := c.Image()
			if err != nil {
				t.Fatal(err)
			}
			if p := ComparePixels(want, arithImage(t, sim.ArithBl831DF64, c.Args)); p.Same != p.Total {
				t.Errorf("double-float: %d of %d pixels are the same, the worst is off by %d in the last place", p.Same, p.Total, p.WorstULP)
			}
			if !strings.HasSuffix(c.Name, "-basic") && !strings.HasSuffix(c.Name, "-sharp") && !strings.HasSuffix(c.Name, "-last") {
				return // float32 all the way needs no more
			}
			p := ComparePixels(want, arithImage(t, sim.ArithBl831Single, c.Args))
			t.Logf("single precision: %d of %d pixels are the same, the worst is off by %.1e of the peak", p.Same, p.Total, p.WorstOfMax)
			if p.WorstOfMax > 1e-3 {
				t.Errorf("single precision is off by %g of the peak", p.WorstOfMax)
			}
		})
	}
}

// TestArithFigures: recorded pixels of the CUDA program, wherever the tests run: those
// of TestProgramFigures in double-float.
func TestArithFigures(t *testing.T) {
	want := [5]uint32{0x41837ad3, 0x40bebe59, 0x43cf8fe4, 0x403f183a, 0x4287f924}
	_, args, err := nanobragg.Split(strings.Fields(figureFlags), nil)
	if err != nil {
		t.Fatal(err)
	}
	image := arithImage(t, sim.ArithBl831DF64, args)
	for i, p := range figurePixels {
		if got := image[64*p.Slow+p.Fast]; math.Float32bits(got) != want[i] {
			t.Errorf("pixel %v is %v, recorded is %v", p, got, math.Float32frombits(want[i]))
		}
	}
}
