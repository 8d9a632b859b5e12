package golden

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"simtrace/internal/testkit"
	"simtrace/pkg/nanobragg"
	"simtrace/pkg/sim"
)

// programs is the folder of recorded images of the programs that the profiles stand
// for, beside a developer's checkout.
func programs(t *testing.T) string {
	t.Helper()
	return testkit.Shared(t, "golden", "programs")
}

// recordedProgram is a folder of recorded images of one program.
type recordedProgram struct {
	dir, profile string
	ulps         uint32  // of float32, by which a pixel may differ
	ofPeak       float64 // or by this much of the image's largest pixel
	not          map[string]string
	// Numbers of flags that were recorded with too few digits are made full first.
	full map[string]func(*testing.T, *Case)
}

var recordedPrograms = []recordedProgram{
	{dir: "bl831-c", profile: "bl831-c"},
	{dir: "bl831-cuda-alldouble", profile: "bl831-cuda"},
	// Double-float up to the Miller index and float32 behind: another arithmetic.
	{dir: "bl831-cuda-double", profile: "bl831-cuda", ofPeak: 2e-5},
	{dir: "cctbx-add_nanoBragg_spots", profile: "cctbx", not: map[string]string{
		"70-cell-twice": "the object's cell was set twice, which moves a triclinic one",
		"73-dials-pb":   "the beam centre was set in millimetres, which sets the point of closest approach; -ORGX leaves it unset",
		"73-dials-pb3":  "as 73-dials-pb",
	}},
	{dir: "cctbx-dxtbx", profile: "cctbx", full: map[string]func(*testing.T, *Case){"tilt": tiltedPanel}},
	{dir: "cctbx-nks", profile: "cctbx-nks"},
	{dir: "cctbx-cuda", profile: "cctbx-cuda"},
	// Its reciprocals in place of divisions.
	{dir: "cctbx-kokkos", profile: "cctbx-kokkos", ulps: 1},
}

// TestPrograms: every recorded image of every program comes out in its profile, by
// both engines.
func TestPrograms(t *testing.T) {
	testkit.NotUnderRace(t)
	dir, inputs := programs(t), unpacked(t)
	total, same := 0, 0
	for _, p := range recordedPrograms {
		cases, err := Cases(filepath.Join(dir, p.dir))
		if err != nil || len(cases) == 0 {
			t.Fatalf("%s: %d cases, %v", p.dir, len(cases), err)
		}
		for _, c := range cases {
			t.Run(p.dir+"/"+c.Name, func(t *testing.T) {
				total++
				if p.comesOut(t, c, inputs) {
					same++
				}
			})
		}
	}
	t.Logf("%d of %d images come out", same, total)
}

// unpacked unpacks the lists that the flags name.
func unpacked(t *testing.T) string {
	dir := t.TempDir()
	packed, err := filepath.Glob(filepath.Join(programs(t), "inputs", "*.gz"))
	if err != nil || len(packed) == 0 {
		t.Fatalf("no inputs: %v", err)
	}
	for _, path := range packed {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		z, err := gzip.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(z)
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, strings.TrimSuffix(filepath.Base(path), ".gz")), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// findLists names the lists of the flags by where they were unpacked.
func (c *Case) findLists(inputs string) {
	for i, a := range c.Args {
		if (a.Name == "-hkl" || a.Name == "-sourcefile") && len(a.Values) == 1 {
			c.Args[i].Values = []string{filepath.Join(inputs, filepath.Base(a.Values[0]))}
		}
	}
}

// comesOut holds one image against its profile's. An image that is known not to come
// out, and does, fails too.
func (p *recordedProgram) comesOut(t *testing.T, c Case, inputs string) bool {
	c.findLists(inputs)
	if full := p.full[c.Name]; full != nil {
		full(t, &c)
	}
	want, err := c.Image()
	if err != nil {
		t.Fatal(err)
	}
	got := programImage(t, p.profile, c.Args)
	why := p.differs(want, got)
	known := p.not[c.Name]
	switch {
	case why != "" && known == "":
		t.Error(why)
	case why == "" && known != "":
		t.Errorf("comes out, though %s", known)
	}
	return why == ""
}

// differs says how an image differs by more than the program may; "" where it does not.
func (p *recordedProgram) differs(want, got []float32) string {
	if len(want) != len(got) {
		return fmt.Sprintf("%d pixels, recorded are %d", len(got), len(want))
	}
	peak := 0.0
	for _, v := range want {
		peak = math.Max(peak, math.Abs(float64(v)))
	}
	n, first := 0, -1
	for i, w := range want {
		g := got[i]
		if math.Float32bits(w) == math.Float32bits(g) || p.ulps > 0 && ulps(w, g) <= p.ulps ||
			math.Abs(float64(w)-float64(g)) <= p.ofPeak*peak {
			continue
		}
		if n++; first < 0 {
			first = i
		}
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%d of %d pixels differ; the first, %d, is %v, recorded is %v", n, len(want), first, got[first], want[first])
}

// programImage renders with the exact engine, and with the fast one where it can: they
// must agree in every bit.
func programImage(t *testing.T, profile string, args []nanobragg.Arg) []float32 {
	t.Helper()
	p, err := sim.ProfileByName(profile)
	if err != nil {
		t.Fatal(err)
	}
	_, e, err := prepared(p, args, true)
	if err != nil {
		t.Fatal(err)
	}
	exact, err := e.Render(context.Background(), sim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	fast, err := e.Render(context.Background(), sim.Options{Engine: sim.EngineFast})
	if err != nil {
		return exact // the error says what the fast engine cannot
	}
	for i := range exact {
		if math.Float32bits(exact[i]) != math.Float32bits(fast[i]) {
			t.Errorf("pixel %d is %v by the exact engine, %v by the fast one", i, exact[i], fast[i])
			break
		}
	}
	return exact
}

// figureFlags are an experiment without a list of structure factors.
const figureFlags = "-cell 50 60 70 85 95 100 -misset 12 23 34 -lambda 1 -distance 60 -pixel 0.5 -detpixels_x 64 -detpixels_y 48 -N 5 -default_F 100"

var figurePixels = [5]sim.Pixel{{Slow: 0, Fast: 0}, {Slow: 10, Fast: 20}, {Slow: 24, Fast: 32}, {Slow: 31, Fast: 7}, {Slow: 47, Fast: 63}}

// figuresOfPrograms are the bits of those pixels as each program computed them.
var figuresOfPrograms = map[string][5]uint32{
	"bl831-c":      {0x41827d04, 0x40be448e, 0x43cf8652, 0x403ed2d7, 0x42886eee},
	"bl831-cuda":   {0x41837ad5, 0x40bebe58, 0x43cf8fe2, 0x403f1838, 0x4287f924},
	"cctbx":        {0x4183df6a, 0x40bf0cc5, 0x00000000, 0x403f4db4, 0x428796a7},
	"cctbx-nks":    {0x41841f83, 0x40bf813e, 0x00000000, 0x403facb2, 0x4286d6ad},
	"cctbx-cuda":   {0x4183df6a, 0x40bf0cc5, 0x43cf932a, 0x403f4db4, 0x428796a7},
	"cctbx-kokkos": {0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000},
}

// TestProgramFigures holds the profiles against recorded pixels wherever the tests run.
func TestProgramFigures(t *testing.T) {
	for profile, want := range figuresOfPrograms {
		_, args, err := nanobragg.Split(strings.Fields(figureFlags), nil)
		if err != nil {
			t.Fatal(err)
		}
		image := programImage(t, profile, args)
		for i, p := range figurePixels {
			if got := image[64*p.Slow+p.Fast]; math.Float32bits(got) != want[i] {
				t.Errorf("%s: pixel %v is %v, recorded is %v", profile, p, got, math.Float32frombits(want[i]))
			}
		}
	}
}
