package nanobragg

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simtrace/pkg/sim"
)

func dump(t *testing.T, g *sim.FGrid) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := WriteFdump(&out, g); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func smallGrid(t *testing.T) *sim.FGrid {
	t.Helper()
	g, err := sim.NewFGrid([3]int{-1, 0, 2}, [3]int{1, 1, 4}, 0)
	if err != nil {
		t.Fatal(err)
	}
	for h := -1; h <= 1; h++ {
		for k := 0; k <= 1; k++ {
			for l := 2; l <= 4; l++ {
				g.Set(h, k, l, math.Pi*float64(100*h+10*k+l))
			}
		}
	}
	return g
}

func readDump(t *testing.T, data []byte) (*sim.FGrid, bool, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "F.bin")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return ReadFdump(path)
}

func TestFdumpRoundTrip(t *testing.T) {
	g := smallGrid(t)
	data := dump(t, g)
	// 4 x 3 x 4 doubles: one more along each axis than there are indices.
	if head := "-1 1 0 1 2 4\n\f"; !bytes.HasPrefix(data, []byte(head)) || len(data) != len(head)+8*4*3*4 {
		t.Errorf("%d bytes, begins %q", len(data), data[:14])
	}
	back, skipped, err := readDump(t, data)
	if err != nil || skipped {
		t.Fatalf("skipped %v, error %v", skipped, err)
	}
	want := *g
	want.Count = 18
	if diff := cmp.Diff(&want, back, exact...); diff != "" {
		t.Errorf("(-written +read):\n%s", diff)
	}
	g.Set(-1, 0, 2, math.Float64frombits(0x4059000000000020))
	if _, skipped, err := readDump(t, dump(t, g)); err != nil || !skipped {
		t.Errorf("a number that begins with a blank: %v, error %v", skipped, err)
	}
}

func TestBadFdump(t *testing.T) {
	data := dump(t, smallGrid(t))
	nan := bytes.Clone(data)
	binary.LittleEndian.PutUint64(nan[14:], math.Float64bits(math.NaN()))
	for _, c := range []struct{ text, want string }{
		{"", ":1: not a dump"},
		{"1 2 3\n\f", ":1: not a dump"},
		{string(data[:len(data)-1]), "file ends after 383 of the 384 bytes"},
		{"0 -1 0 0 0 0\n\f", "bounds 0 to -1 are no range"},
		{"-2000000 0 0 0 0 0\n\f", "bounds -2000000 to 0"},
		{"-1000000 1000000 -1000000 1000000 -1000000 1000000\n\f", "too large"},
		{"0 9 0 9 0 9\n\f", "file ends after 0 of the 10648 bytes"},
		{string(nan), "F of -1 0 2 is not a finite number"},
	} {
		_, _, err := readDump(t, []byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "F.bin") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%.40q: error %v, want %q", c.text, err, c.want)
		}
	}
	window, err := sim.NewFWindow([3]int{-5, -5, -5}, [3]int{5, 5, 5}, [3]int{}, [3]int{1, 1, 1}, "give -hkl")
	if err != nil {
		t.Fatal(err)
	}
	if err := WriteFdump(&bytes.Buffer{}, window); err == nil || !strings.Contains(err.Error(), "give -hkl") {
		t.Errorf("a window was written as if it were the list: %v", err)
	}
}

// TestStaleDump: a dump in the working folder is read in the reference's
// profile alone, and never in silence.
func TestStaleDump(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile(dumpName, dump(t, smallGrid(t)), 0o600); err != nil {
		t.Fatal(err)
	}
	b, e := prepared(t, sim.ProfileNanoBragg, crystal)
	if e.Config.Crystal.F == nil || !strings.Contains(strings.Join(b.Warnings, "; "), "the structure factors are those of Fdump.bin") {
		t.Errorf("structure factors %v, warnings %v", e.Config.Crystal.F, b.Warnings)
	}
	if in := b.Inputs(); len(in) != 1 || in[0] != dumpName {
		t.Errorf("inputs %v", in)
	}
	if _, e := prepared(t, sim.ProfileSpec, crystal); e.Config.Crystal.F != nil {
		t.Error("the specification's profile read the dump")
	}
	if err := os.WriteFile(dumpName, []byte("rubbish"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := build(t, sim.ProfileNanoBragg, crystal); err == nil {
		t.Error("rubbish was read")
	}
}

func FuzzReadFdump(f *testing.F) {
	f.Add([]byte("0 0 0 0 0 0\n\f" + strings.Repeat("\x00\x00\x00\x00\x00\x00\x59\x40", 8)))
	f.Add([]byte("-1 1 0 1 2 4\n\f"))
	f.Add([]byte("0 999999 0 999999 0 0\n\f"))
	path := filepath.Join(f.TempDir(), "F.bin")
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		g, _, err := ReadFdump(path)
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("more than one line: %q", err)
			}
			return
		}
		if len(data) > 1<<16 {
			return
		}
		again, _, err := readDump(t, dump(t, g))
		if err != nil || again.Min != g.Min || again.Max != g.Max {
			t.Errorf("%v does not come back: %v", g.Min, err)
		}
	})
}

func FuzzReadSMV(f *testing.F) {
	f.Add([]byte(smv("SIZE1=2;\nSIZE2=3;\nPHI=1;\n", 6)))
	f.Add([]byte(smvStart))
	f.Add([]byte("{\nHEADER_BYTES=  20;\n"))
	path := filepath.Join(f.TempDir(), "m.img")
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		b := NewBuilder(sim.ProfileSpec)
		if err := b.Apply([]Arg{{Name: "-mask", Values: []string{path}, Origin: "command line"}}); err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("more than one line: %q", err)
			}
			return
		}
		d := &b.Config.Detector
		if len(b.Config.Sampling.Mask) != d.PixelsFast*d.PixelsSlow {
			t.Errorf("%d pixels of %d x %d", len(b.Config.Sampling.Mask), d.PixelsFast, d.PixelsSlow)
		}
	})
}
