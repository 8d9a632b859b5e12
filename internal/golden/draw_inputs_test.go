package golden

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

// drawInputs writes input files into the working folder and draws the flags
// that name them.
func drawInputs(t *testing.T, r *rand.Rand) [][]string {
	t.Helper()
	d := &drawer{r: r}
	if r.IntN(4) == 0 {
		writeFile(t, "m.img", drawSMV(r))
		d.flag("-mask", "m.img")
	}
	if r.IntN(4) == 0 {
		writeFile(t, "h.img", drawSMV(r))
		d.flag("-img", "h.img")
	}
	if r.IntN(3) == 0 {
		writeFile(t, "s.hkl", drawHKL(r))
		d.flag("-hkl", "s.hkl")
		d.maybe(3, "-interpolate")
	}
	if r.IntN(6) == 0 {
		writeFile(t, "src.txt", "0 0 1 1 1e-10\n-1 0.01 0\n-1,0.02;0.03  0.5\n")
		d.flag("-sourcefile", "src.txt")
	}
	if r.IntN(6) == 0 {
		writeFile(t, "water.stol", []string{"0 2.57\n0.1 2.5\n\n 0.2,2.4 more\n", "# a comment\n1 2", "7\n"}[r.IntN(3)])
		d.flag([]string{"-stol", "-4stol", "-Q"}[r.IntN(3)], "water.stol")
	}
	return d.flags
}

func writeFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// drawSMV is an image of 20 x 18 pixels with some of the keys that a header may
// have, in any order, and a pixel in three zero.
func drawSMV(r *rand.Rand) string {
	keys := []string{"SIZE1=20;", "SIZE2=18;"}
	for key, value := range map[string]float64{
		"PIXEL_SIZE": 0.1 + 0.1*r.Float64(), "DISTANCE": 60 + 100*r.Float64(), "WAVELENGTH": 1 + r.Float64(),
		"BEAM_CENTER_X": 3 * r.Float64(), "BEAM_CENTER_Y": 3 * r.Float64(), "XDS_ORGX": 20 * r.Float64(), "XDS_ORGY": 20 * r.Float64(),
		"PHI": 10 * r.Float64(), "OSC_RANGE": r.Float64(), "TWOTHETA": 5, "CLOSE_DISTANCE": 80 + 10*r.Float64(),
	} {
		if r.IntN(2) == 0 {
			keys = append(keys, fmt.Sprintf("%s=%g;", key, value))
		}
	}
	r.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
	head := "{\nHEADER_BYTES=  512;\nDIM=2;\nBYTE_ORDER=little_endian;\nTYPE=unsigned_short;\n" + strings.Join(keys, "\n") + "\n}\f"
	var pixels strings.Builder
	for range 20 * 18 {
		pixels.WriteByte(byte(r.IntN(3)))
		pixels.WriteByte(0)
	}
	return head + strings.Repeat(" ", 512-len(head)) + pixels.String()
}

func drawHKL(r *rand.Rand) string {
	var text strings.Builder
	n := 2 + r.IntN(12)
	for h := -n; h <= n; h++ {
		for k := -3; k <= n; k++ {
			for l := -n; l <= 2; l++ {
				if r.IntN(4) > 0 {
					fmt.Fprintf(&text, "%d %d %d %.2f\n", h, k, l, 200*r.Float64())
				}
			}
		}
	}
	return text.String()
}
