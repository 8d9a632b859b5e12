package nanobragg

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"image"
	_ "image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sbinet/npyio"

	"simtrace/pkg/sim"
	"simtrace/pkg/trace/schema"
)

func prepared(t *testing.T, p sim.Profile, line string) (*Builder, *sim.Experiment) {
	t.Helper()
	b, e, err := build(t, p, line)
	if err != nil {
		t.Fatal(err)
	}
	return b, e
}

// TestDefaultFiles: the reference writes everything unless told not to, the
// specification's profile what is asked for; of -nonoise and -noisefile the
// last one wins, and likewise for the preview.
func TestDefaultFiles(t *testing.T) {
	type files struct{ float, int, pgm, noise, dump string }
	for _, c := range []struct {
		profile sim.Profile
		flags   string
		want    files
	}{
		{sim.ProfileSpec, "", files{"floatimage.bin", "", "", "", ""}},
		{sim.ProfileSpec, "-noisefile n -nonoise", files{"floatimage.bin", "", "", "", ""}},
		{sim.ProfileSpec, "-nonoise -noisefile n -intimage i", files{"floatimage.bin", "i", "", "n", ""}},
		{sim.ProfileNanoBragg, "", files{"floatimage.bin", "intimage.img", "image.pgm", "noiseimage.img", "Fdump.bin"}},
		{sim.ProfileNanoBragg, "-nonoise -nopgm", files{"floatimage.bin", "intimage.img", "", "", "Fdump.bin"}},
		{sim.ProfileNanoBragg, "-nopgm -pgmscale 2 -nonoise -noiseimage n", files{"floatimage.bin", "intimage.img", "image.pgm", "n", "Fdump.bin"}},
	} {
		b, _ := prepared(t, c.profile, c.flags+crystal)
		got := files{b.FloatFile, b.Out.IntFile, "", "", b.Out.DumpFile}
		if b.Out.PGM() {
			got.pgm = b.Out.PGMFile
		}
		if b.Out.Noise() {
			got.noise = b.Out.NoiseFile
		}
		if got != c.want {
			t.Errorf("%s %q: %v, want %v", c.profile.Name, c.flags, got, c.want)
		}
	}
}

func TestOutputWarnings(t *testing.T) {
	for line, want := range map[string]string{
		"-noisefile n":              "drawn with seed 1",
		"-pgmscale 3":               "-pgmscale 3 has no effect: give -pgmfile",
		"-scale 3":                  "-scale 3 has no effect: give -intfile",
		"-seed 3":                   "-seed 3 has no effect: give -noisefile",
		"-seed 3 -noisefile n":      "",
		"-intfile i -scale 3":       "",
		"-pgmscale 3 -pgmfile p":    "",
		"-noisefile n -seed 0":      "",
		"-trace_pixel 3 16":         "-trace_pixel 3 16 prints nothing: pixel 3 16 (slow fast) is not on the detector",
		"-printout_pixel 16 3":      "-printout_pixel 16 3 prints nothing: pixel 3 16 (slow fast)",
		"-printout_pixel 3 4":       "",
		"-trace_pixel 3 4":          "",
		"-adc 3 -intfile i.img":     "",
		"-intfile i.img -pgmfile p": "",
	} {
		b, _ := prepared(t, sim.ProfileSpec, line+crystal)
		if got := strings.Join(b.Warnings, "; "); !strings.Contains(got, want) || want == "" && got != "" {
			t.Errorf("%s: warnings %q, want %q", line, got, want)
		}
	}
}

// pixelsOf collects the pixels of an image that is made by rows.
func pixelsOf[T uint8 | uint16](t *testing.T, e *sim.Experiment, convert func(out []T, from, to int)) (all []T) {
	t.Helper()
	if err := streamRows(e, func(part []T) error { all = append(all, part...); return nil }, convert); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestIntImageRounding: halves go up, the ends are cut, and pixels outside the
// region stay zero where others get the offset.
func TestIntImageRounding(t *testing.T) {
	_, e := prepared(t, sim.ProfileSpec, "-roi 0 7 0 0"+crystal)
	image := make([]float32, 256)
	copy(image, []float32{0, 0.5, 0.49, 1e9, -9, float32(math.NaN()), 65534.5, 7.25})
	image[16] = 5
	integers := func(scale, adc float64) []uint16 {
		return pixelsOf(t, e, func(out []uint16, from, to int) { sim.Integers(out, image[from:to], scale, adc) })
	}
	got := integers(1, 0)
	want := []uint16{0, 1, 0, 65535, 0, 0, 65535, 7}
	if diff := cmp.Diff(want, got[:8]); diff != "" || got[16] != 0 {
		t.Errorf("%d outside; inside (-want +got):\n%s", got[16], diff)
	}
	if got := integers(2, 40); got[7] != 55 || got[0] != 40 || got[16] != 0 {
		t.Errorf("scale 2, offset 40: %v", got[:8])
	}
	preview := pixelsOf(t, e, func(out []uint8, from, to int) { pgmPixels(out, image[from:to], 10) })
	if got := preview; got[1] != 5 || got[3] != 255 || got[7] != 72 {
		t.Errorf("preview: %v", got[:8])
	}
}

func TestNoiseOverloads(t *testing.T) {
	_, e := prepared(t, sim.ProfileSpec, crystal)
	image := make([]float32, 256)
	image[3], image[4] = 2e6, 3e6
	pixels, photons, overloads := NoiseImage(e, image, 1, 40)
	if overloads != 2 || pixels[3] != 65535 || pixels[0] != 40 || math.Abs(photons-5e6) > 5*math.Sqrt(5e6) {
		t.Errorf("%d overloads, %v photons, pixels %v", overloads, photons, pixels[:5])
	}
}

// TestSMVRoundTrip: what is written can be read, headers as settings included.
func TestSMVRoundTrip(t *testing.T) {
	_, e := prepared(t, sim.ProfileSpec, "-pixel 0.2 -distance 123 -lambda 1.5 -Xbeam 1.1 -Ybeam 0.7 -phi 3 -osc 0.5"+crystal)
	pixels := make([]uint16, 256)
	for i := range pixels {
		pixels[i] = uint16(257 * i)
	}
	path := filepath.Join(t.TempDir(), "m.img")
	var raw bytes.Buffer
	if err := WriteSMV(&raw, e, pixels); err != nil {
		t.Fatal(err)
	}
	if raw.Len() != 512+2*256 {
		t.Errorf("%d bytes", raw.Len())
	}
	if err := os.WriteFile(path, raw.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := ReadSMV(path)
	if err != nil {
		t.Fatal(err)
	}
	got, err := f.Pixels()
	if diff := cmp.Diff(pixels, got); err != nil || f.Fast != 16 || f.Slow != 16 || diff != "" {
		t.Errorf("%d x %d pixels, error %v (-want +got):\n%s", f.Fast, f.Slow, err, diff)
	}
	_, again := prepared(t, sim.ProfileSpec, "-img "+path+" -cell 100 100 100 90 90 90 -N 5 -default_F 100")
	// The header's origin also moves the default of Xclose, which nothing uses.
	g, h := *e.Geometry, *again.Geometry
	h.Xclose, h.Yclose, h.Setup.Fclose, h.Setup.Sclose = g.Xclose, g.Yclose, g.Setup.Fclose, g.Setup.Sclose
	type experiment struct {
		Geometry sim.Geometry
		Lambda0  float64
		Rotation sim.Rotation
	}
	if diff := cmp.Diff(experiment{g, e.Beam.Lambda0, e.Rotation}, experiment{h, again.Beam.Lambda0, again.Rotation}); diff != "" {
		t.Errorf("the header gives another experiment (-flags +header):\n%s", diff)
	}
	// A mask counts BEAM_CENTER_Y from the other end, and skips pixel 0.
	_, masked := prepared(t, sim.ProfileSpec, "-mask "+path+" -cell 100 100 100 90 90 90 -N 5 -default_F 100")
	if want := 16*0.2e-3 - 0.7e-3; math.Abs(masked.Geometry.Ybeam-want) > 1e-15 || masked.Wanted(0, 0) || !masked.Wanted(0, 1) {
		t.Errorf("Ybeam %g, want %g", masked.Geometry.Ybeam, want)
	}
	// Flags win over the header, wherever they stand.
	_, flagged := prepared(t, sim.ProfileSpec, "-lambda 2 -img "+path+" -cell 100 100 100 90 90 90 -N 5 -default_F 100")
	if flagged.Beam.Lambda0 != 2e-10 {
		t.Errorf("wavelength %g", flagged.Beam.Lambda0)
	}
}

const smvStart = "{\nHEADER_BYTES=512;\nDIM=2;\nBYTE_ORDER=little_endian;\n"

// smv pads a header to its 512 bytes.
func smv(keys string, pixels int) string {
	h := smvStart + keys + "}\f"
	return h + strings.Repeat(" ", 512-len(h)) + strings.Repeat("\x01\x00", pixels)
}

func TestBadHeaders(t *testing.T) {
	dir := t.TempDir()
	for text, want := range map[string]string{
		"":                                "not an SMV image",
		"P5\n3 3\n":                       "not an SMV image",
		smvStart:                          "file ends after",
		smv("", 4):                        "the header has no SIZE1",
		smv("SIZE1=2;\n", 4):              "the header has no SIZE2",
		smv("SIZE1=x;\nSIZE2=2;\n", 4):    `:5: SIZE1 is "x", not a finite number`,
		smv("SIZE1=0;\nSIZE2=2;\n", 4):    "SIZE1 is 0, not a number from 1",
		smv("SIZE1=-3;\nSIZE2=2;\n", 4):   "SIZE1 is -3",
		smv("SIZE1=2;\nSIZE2=1e99;\n", 4): "SIZE2 is 1e+99",
		smv("SIZE1=2;\nSIZE2=3;\n", 4):    "file ends after 8 of the 2 x 2 x 3 bytes",
		smv("SIZE1=2147483647;\nSIZE2=2147483647;\n", 4):   "file ends after 8 of",
		smv("SIZE1=2;\nSIZE2=2;\nDISTANCE=inf;\n", 4):      `:7: DISTANCE is "inf"`,
		smv("SIZE1=2;\nSIZE2=2;\nPHI\n", 4):                ":7: PHI has no value",
		"{\nHEADER_BYTES=-1;\n" + strings.Repeat(" ", 600): "HEADER_BYTES is -1",
		"{\nHEADER_BYTES=99999999999;\n":                   "HEADER_BYTES is 9.99",
	} {
		path := filepath.Join(dir, "m.img")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, _, err := build(t, sim.ProfileSpec, "-mask "+path+" -cell 9 -default_F 1")
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "m.img") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%.80q\n  error %v\n  want  %q", text, err, want)
		}
	}
	good := filepath.Join(dir, "good.img")
	if err := os.WriteFile(good, []byte(smv("SIZE1=2;\nSIZE2=6;\nDISTANCE=100;\nCLOSE_DISTANCE=90;\n", 12)), 0o600); err != nil {
		t.Fatal(err)
	}
	_, _, err := build(t, sim.ProfileSpec, "-mask "+good+" -detpixels_x 4 -detpixels_y 3 -cell 9 -default_F 1")
	if err == nil || !strings.Contains(err.Error(), "the mask has 2 x 6 pixels (fast x slow), the detector 4 x 3") {
		t.Errorf("as many pixels in another shape: %v", err)
	}
	b, e := prepared(t, sim.ProfileSpec, "-mask "+good+" -distance 50 -cell 9 -default_F 1")
	if w := strings.Join(b.Warnings, "; "); !strings.Contains(w, "DISTANCE=100 is not looked at") || !strings.Contains(w, "-distance 50 is undone by the CLOSE_DISTANCE=90") || e.Geometry.Close != 0.09 {
		t.Errorf("close distance %g, warnings %s", e.Geometry.Close, w)
	}
}

func TestNPYAndPNG(t *testing.T) {
	_, e := prepared(t, sim.ProfileSpec, "-cell 9 -N 5 -default_F 1 -detpixels_x 5 -detpixels_y 3")
	pixels := []float32{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 1e6}
	var npy, png bytes.Buffer
	if err := WriteNPY(&npy, e, pixels); err != nil {
		t.Fatal(err)
	}
	if head := 10 + int(binary.LittleEndian.Uint16(npy.Bytes()[8:])); head%64 != 0 {
		t.Errorf("the array starts at byte %d, not a multiple of 64", head)
	}
	r, err := npyio.NewReader(&npy)
	if err != nil {
		t.Fatal(err)
	}
	want := r.Header.Descr
	want.Type, want.Fortran, want.Shape = "<f4", false, []int{3, 5}
	if diff := cmp.Diff(want, r.Header.Descr); diff != "" {
		t.Errorf("header (-want +got):\n%s", diff)
	}
	var back []float32
	if err := r.Read(&back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(pixels, back); diff != "" {
		t.Errorf("pixels (-want +got):\n%s", diff)
	}
	black, err := WritePNG(&png, e, pixels, 90)
	if err != nil || black != 13 {
		t.Errorf("black is %g, error %v", black, err)
	}
	img, _, err := image.Decode(&png)
	if err != nil || img.Bounds().Dx() != 5 || img.Bounds().Dy() != 3 {
		t.Fatalf("%v, error %v", img, err)
	}
	grey := func(x, y int) uint32 { g, _, _, _ := img.At(x, y).RGBA(); return g >> 8 }
	if grey(0, 0) != 255 || grey(3, 2) != 0 || grey(4, 2) != 0 || grey(1, 0) <= grey(2, 0) {
		t.Errorf("greys %d %d %d %d %d", grey(0, 0), grey(1, 0), grey(2, 0), grey(3, 2), grey(4, 2))
	}
	if black, err := WritePNG(&png, e, make([]float32, 15), 50); err != nil || black != 0 {
		t.Errorf("an empty image: black is %g, error %v", black, err)
	}
}

// TestPrintout: the figures are those of the pixel's trace and of the image.
func TestPrintout(t *testing.T) {
	b, e := prepared(t, sim.ProfileNanoBragg, "-printout_pixel 7 2 -oversample 2 -phi 3 -osc 1 -phisteps 3"+crystal)
	taps, err := b.Out.Taps(e)
	if err != nil || len(taps) != 1 {
		t.Fatalf("%d taps, error %v", len(taps), err)
	}
	image, err := e.Render(context.Background(), sim.Options{Taps: taps})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	WritePrintout(&out, e, taps, nil)
	full := sim.NewTap(sim.Filter{All: true})
	if _, err := e.Trace(context.Background(), sim.Pixel{Slow: 2, Fast: 7}, full); err != nil {
		t.Fatal(err)
	}
	last := map[schema.Key][]float64{}
	for _, s := range full.Samples {
		last[s.Key] = s.Values
	}
	h, a := last[schema.HKLFrac], last[schema.RotA]
	for _, want := range []string{
		fmt.Sprintf("%4d %4d : stol = ", 7, 2),
		fmt.Sprintf("hkl= %.6f %.6f %.6f  hkl0= %d %d %d\n", h[0], h[1], h[2], int(math.Round(h[0])), int(math.Round(h[1])), int(math.Round(h[2]))),
		fmt.Sprintf(" F_cell=100  F_latt=%.6g   I = %.6g\n", last[schema.FLatt][0], last[schema.IBeforeScaling][0]),
		fmt.Sprintf("pixel   %15.10g\n", image[2*16+7]),
		fmt.Sprintf("X: %11.8f ", a[0]),
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	if lines := strings.Count(out.String(), "\n"); lines != 14 {
		t.Errorf("%d lines", lines)
	}
	b, e = prepared(t, sim.ProfileNanoBragg, "-printout -roi 3 5 4 4"+crystal)
	if taps, err := b.Out.Taps(e); err != nil || len(taps) != 3 {
		t.Errorf("%d taps for 3 pixels, error %v", len(taps), err)
	}
	b, e = prepared(t, sim.ProfileNanoBragg, "-printout -cell 9 -default_F 1 -detpixels 400")
	if _, err := b.Out.Taps(e); err == nil || !strings.Contains(err.Error(), "-printout of more than 100000 pixels") {
		t.Errorf("160000 pixels: %v", err)
	}
}

// TestLongLine: a list is never cut within a line, however long its last is.
func TestLongLine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "long.hkl")
	if err := os.WriteFile(path, []byte("1 2 3 4\n5 6 7"+strings.Repeat(" ", 1<<17)+"8"), 0o644); err != nil {
		t.Fatal(err)
	}
	g, err := ReadHKL(path, 0)
	if err != nil {
		t.Fatal(err)
	}
	if g.Count != 2 || g.At(5, 6, 7) != 8 {
		t.Errorf("%d reflections, the second is %v", g.Count, g.At(5, 6, 7))
	}
}
