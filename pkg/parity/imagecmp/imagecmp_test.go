package imagecmp

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"simtrace/internal/doc"
)

// rough is an image with structure and no symmetry.
func rough(slow, fast int, seed uint64) *Image {
	r := rand.New(rand.NewPCG(seed, 1))
	im := &Image{Name: "rough", Form: "raw", Kind: Float32, Shape: Shape{slow, fast}, Pix: make([]float64, slow*fast)}
	for i := range im.Pix {
		im.Pix[i] = float64(float32(r.Float64() * 100))
	}
	return im
}

func (im *Image) copy() *Image {
	c := *im
	c.Pix = append([]float64(nil), im.Pix...)
	return &c
}

// A planted difference must be found where it was planted, alone.
// compare is Compare without an interrupt.
func compare(ref, got *Image, opt Options) *Report {
	r, err := Compare(context.Background(), ref, got, opt)
	if err != nil {
		panic(err) // there is no other
	}
	return r
}

func TestPlantedPixel(t *testing.T) {
	ref := rough(13, 17, 1)
	for _, i := range []int{0, 16, 17, 100, 13*17 - 1} {
		got := ref.copy()
		got.Pix[i] = float64(float32(ref.Pix[i] * 1.01))
		r := compare(ref, got, DefaultOptions())
		at := At{i / 17, i % 17}
		if r.Verdict != Diverged || r.Counts.Beyond != 1 || r.Counts.Equal != 13*17-1 || r.MaxAbs.At != at || r.MaxRel.At != at || r.First.At != at {
			t.Errorf("pixel %d: %+v, max at %v, first %v", i, r.Counts, r.MaxAbs.At, r.First)
		}
		if i > 0 && (r.Before == nil || r.Before.At != (At{(i - 1) / 17, (i - 1) % 17})) || i == 0 && r.Before != nil {
			t.Errorf("pixel %d: before is %v", i, r.Before)
		}
		if d := got.Pix[i] - ref.Pix[i]; r.MSE != d*d/(13*17) || r.GotSum-r.RefSum > d*(1+1e-9) || r.GotSum-r.RefSum < d*(1-1e-9) {
			t.Errorf("pixel %d: MSE %g, sums %g and %g", i, r.MSE, r.RefSum, r.GotSum)
		}
		opt := DefaultOptions()
		opt.Mask = ref.copy()
		opt.Mask.Pix[i] = 0
		if m := compare(ref, got, opt); m.Verdict != Match || m.Counts.Left != 1 {
			t.Errorf("pixel %d masked: %s %+v", i, m.Verdict, m.Counts)
		}
		opt = DefaultOptions()
		opt.ROI = &ROI{at.Fast, at.Fast, at.Slow, at.Slow}
		if m := compare(ref, got, opt); m.Verdict != Refused || m.Counts.Beyond != 1 || m.Counts.Compared != 1 {
			t.Errorf("pixel %d alone is constant: %s %+v", i, m.Verdict, m.Counts)
		}
	}
}

// Two black images agree about nothing, and neither does anything else that
// holds no signal.
func TestRefused(t *testing.T) {
	ref := rough(8, 8, 2)
	flat := func(v float64) *Image {
		im := ref.copy()
		for i := range im.Pix {
			im.Pix[i] = v
		}
		return im
	}
	masked := DefaultOptions()
	masked.Mask = flat(0)
	for name, r := range map[string]*Report{
		"black":         compare(flat(0), flat(0), DefaultOptions()),
		"constant got":  compare(ref, flat(3), DefaultOptions()),
		"constant ref":  compare(flat(3), ref, DefaultOptions()),
		"nan":           compare(flat(math.NaN()), flat(math.NaN()), DefaultOptions()),
		"shape":         compare(ref, rough(8, 9, 2), DefaultOptions()),
		"transposed":    compare(rough(8, 9, 2), rough(9, 8, 2), DefaultOptions()),
		"all is masked": compare(ref, ref, masked),
	} {
		if r.Verdict != Refused || len(r.Reasons) == 0 {
			t.Errorf("%s: %s", name, r.Verdict)
		}
		var out bytes.Buffer
		for what, err := range map[string]error{"text": doc.Terminal(&out, r.Document(nil), doc.Screen{Width: 80}), "markdown": doc.Markdown(&out, r.Document(nil)), "page": r.HTML(&out, PageOptions{}), "json": r.JSON(&out)} {
			if err != nil {
				t.Errorf("%s: %s: %v", name, what, err)
			}
		}
	}
}

func TestNotFinite(t *testing.T) {
	ref := rough(9, 9, 3)
	nan, inf := math.NaN(), math.Inf(1)
	both := ref.copy()
	both.Pix[4], both.Pix[5] = nan, inf
	if r := compare(both, both.copy(), DefaultOptions()); r.Verdict != Diverged || r.Counts.Beyond != 2 || r.First == nil || r.First.At != (At{0, 4}) {
		t.Errorf("the same on both sides: %s %+v, begins at %v", r.Verdict, r.Counts, r.First)
	}
	equal := DefaultOptions()
	equal.NaNEqual = true
	if r := compare(both, both.copy(), equal); r.Verdict != Match || r.Counts.NotFinite != 2 || r.Counts.NaNRef != 1 || r.Counts.InfGot != 1 || math.IsNaN(r.Correlation) {
		t.Errorf("the same on both sides, equal by wish: %s %+v, correlation %g", r.Verdict, r.Counts, r.Correlation)
	}
	for _, v := range [][2]float64{{nan, 1}, {1, nan}, {inf, 1}, {1, inf}, {inf, -inf}, {nan, inf}} {
		a, b := ref.copy(), ref.copy()
		a.Pix[40], b.Pix[40] = v[0], v[1]
		for _, thresholds := range []Thresholds{NoThresholds(), {0.1, 0.1, 10, 1e9}} {
			opt := DefaultOptions()
			opt.Thresholds, opt.Abs = thresholds, 1e9
			if r := compare(a, b, opt); r.Verdict != Diverged || r.Counts.Beyond != 1 {
				t.Errorf("%v with thresholds %v: %s %+v", v, thresholds.Any(), r.Verdict, r.Counts)
			}
			// The rest is equal: of the two pixels to trace, one is this.
			if p := compare(a, b, opt).Telling(context.Background(), 5); len(p) != 2 || p[0].At != (At{4, 4}) || p[1].At != (At{4, 3}) {
				t.Errorf("%v: to be traced: %v", v, p)
			}
		}
	}
}

// Shifted, scaled and flipped images against what the figures must be.
func TestFigures(t *testing.T) {
	ref := rough(32, 32, 4)
	twice, less := ref.copy(), ref.copy()
	for i := range ref.Pix {
		twice.Pix[i] *= 2
		less.Pix[i] = 200 - less.Pix[i]
	}
	r := compare(ref, twice, DefaultOptions())
	if math.Abs(r.Correlation-1) > 1e-14 || r.SumRatio != 2 || r.Smallest() != 0.5 { // one rounding of the sums
		t.Errorf("doubled: correlation %.17g, ratio %g, smallest %g", r.Correlation, r.SumRatio, r.Smallest())
	}
	if len(r.ULP) != 1 || r.ULP[0].From != 1<<23 {
		t.Errorf("a float32 and its double are 2^23 places apart: %v", r.ULP)
	}
	if r.Peaks.InRef == 0 || len(r.Peaks.Pairs) != r.Peaks.InRef || r.Peaks.Moved != 0 {
		t.Errorf("doubled: the peaks are where they were: %+v", r.Peaks)
	}
	if r := compare(ref, less, DefaultOptions()); math.Abs(r.Correlation+1) > 1e-14 {
		t.Errorf("mirrored: correlation %.17g", r.Correlation)
	}
	opt := DefaultOptions()
	opt.Thresholds.SumRatioMax = 1.99
	if r := compare(ref, twice, opt); r.Verdict != Diverged {
		t.Errorf("threshold: %s", r.Verdict)
	}
	opt.Thresholds.SumRatioMax = 2
	if r := compare(ref, twice, opt); r.Verdict != Match {
		t.Errorf("a threshold holds at its bound: %s", r.Verdict)
	}
}

func TestULP(t *testing.T) {
	next := func(v float32, n int) float64 {
		for range n {
			v = math.Nextafter32(v, float32(math.Inf(1)))
		}
		return float64(v)
	}
	for _, n := range []int{0, 1, 2, 3, 4, 7, 8, 100} {
		for _, v := range []float32{-1, -1e-45, 0, 1e-45, 1, 1e38} {
			if g := gap32(v, float32(next(v, n))); g != uint64(n) {
				t.Errorf("%g and %d places up: %d", v, n, g)
			}
		}
	}
	if gap32(0, float32(math.Copysign(0, -1))) != 0 || gap64(0, math.Copysign(0, -1)) != 0 || gap64(1, math.Nextafter(1, 2)) != 1 {
		t.Error("zeros, or a float64's next")
	}
	if g := gap64(-math.MaxFloat64, math.MaxFloat64); g != 2*math.Float64bits(math.MaxFloat64) {
		t.Errorf("from end to end: %d", g)
	}
}

// The assignment against all permutations.
func TestAssign(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for range 300 {
		n, m := 1+r.IntN(5), 1+r.IntN(5)
		cost := make([][]float64, n)
		for i := range cost {
			cost[i] = make([]float64, m)
			for j := range cost[i] {
				if cost[i][j] = float64(r.IntN(4)); r.IntN(3) == 0 {
					cost[i][j] = math.Inf(1)
				}
			}
		}
		pairs, sum := 0, 0.0
		used := map[int]bool{}
		for i, j := range assign(cost) {
			if j < 0 {
				continue
			}
			if used[j] || math.IsInf(cost[i][j], 1) {
				t.Fatalf("%v: row %d has column %d", cost, i, j)
			}
			used[j] = true
			pairs, sum = pairs+1, sum+cost[i][j]
		}
		wantPairs, wantSum := exhaust(cost, 0, map[int]bool{})
		if pairs != wantPairs || sum != wantSum {
			t.Fatalf("%v: %d pairs at %g, want %d at %g", cost, pairs, sum, wantPairs, wantSum)
		}
	}
}

// exhaust tries every assignment.
func exhaust(cost [][]float64, i int, used map[int]bool) (pairs int, sum float64) {
	if i == len(cost) {
		return 0, 0
	}
	pairs, sum = exhaust(cost, i+1, used)
	for j, c := range cost[i] {
		if used[j] || math.IsInf(c, 1) {
			continue
		}
		used[j] = true
		p, s := exhaust(cost, i+1, used)
		delete(used, j)
		if p+1 > pairs || p+1 == pairs && s+c < sum {
			pairs, sum = p+1, s+c
		}
	}
	return pairs, sum
}

// An image shifted by a pixel: every peak but those at the rim finds its
// partner, with that offset; by two pixels, none does.
func TestShiftedPeaks(t *testing.T) {
	ref := &Image{Name: "r", Kind: Float32, Shape: Shape{40, 40}, Pix: make([]float64, 1600)}
	for s := 5; s < 40; s += 10 {
		for f := 5; f < 40; f += 10 {
			ref.Pix[s*40+f] = float64(100 + s + f)
		}
	}
	shift := func(slow, fast int) *Image {
		out := ref.copy()
		clear(out.Pix)
		for i, v := range ref.Pix {
			if v > 0 {
				out.Pix[i+slow*40+fast] = v
			}
		}
		return out
	}
	for _, c := range []struct{ slow, fast, matched, moved int }{{0, 0, 16, 0}, {1, 0, 16, 16}, {0, -1, 16, 16}, {1, 1, 0, 0}, {2, 0, 0, 0}} {
		p := compare(ref, shift(c.slow, c.fast), DefaultOptions()).Peaks
		if p.InRef != 16 || p.InGot != 16 || len(p.Pairs) != c.matched || p.Moved != c.moved || len(p.LostRef) != 16-c.matched || len(p.LostGot) != 16-c.matched {
			t.Errorf("shift %d %d: %+v", c.slow, c.fast, p)
		}
		if c.matched > 0 && (p.MeanSlow != float64(c.slow) || p.MeanFast != float64(c.fast)) {
			t.Errorf("shift %d %d: offsets %g %g", c.slow, c.fast, p.MeanSlow, p.MeanFast)
		}
	}
}

// Every form of file gives the same pixels back.
func TestRead(t *testing.T) {
	ref := rough(3, 5, 6)
	var f4, f8, u2 []byte
	for i, v := range ref.Pix {
		f4 = binary.LittleEndian.AppendUint32(f4, math.Float32bits(float32(v)))
		f8 = binary.LittleEndian.AppendUint64(f8, math.Float64bits(v))
		u2 = binary.LittleEndian.AppendUint16(u2, uint16(4000*i+1))
	}
	npy := func(kind, order, shape string, body []byte) []byte {
		head := fmt.Sprintf("{'descr': '%s', 'fortran_order': %s, 'shape': %s, }\n", kind, order, shape)
		return append(append([]byte("\x93NUMPY\x01\x00"), byte(len(head)), 0), append([]byte(head), body...)...)
	}
	smv := func(size2 int, body []byte) []byte {
		head := fmt.Sprintf("{\nHEADER_BYTES=512;\nDIM=2;\nBYTE_ORDER=little_endian;\nTYPE=unsigned_short;\nSIZE1=5;\nSIZE2=%d;\n}\f", size2)
		return append([]byte(head+strings.Repeat(" ", 512-len(head))), body...)
	}
	for name, c := range map[string]struct {
		data  []byte
		shape Shape
		want  string // of the error
	}{
		"raw":           {f4, Shape{3, 5}, ""},
		"raw, square":   {f4, Shape{}, "not square"},
		"raw, size":     {f4, Shape{5, 5}, "25"},
		"raw, cut":      {f4[:7], Shape{}, "no whole number"},
		"npy f4":        {npy("<f4", "False", "(3, 5)", f4), Shape{}, ""},
		"npy f8":        {npy("<f8", "False", "(3, 5)", f8), Shape{}, ""},
		"npy shape":     {npy("<f8", "False", "(3, 5)", f8), Shape{5, 3}, "header says"},
		"npy big":       {npy(">f8", "False", "(3, 5)", f8), Shape{}, ">f8"},
		"npy fortran":   {npy("<f4", "True", "(3, 5)", f4), Shape{}, "Fortran"},
		"npy line":      {npy("<f4", "False", "(15,)", f4), Shape{}, "not that of an image"},
		"npy huge":      {npy("<f4", "False", "(3037000500, 3037000500)", f4), Shape{}, "no image"},
		"npy cut":       {npy("<f4", "False", "(3, 5)", f4[:59]), Shape{}, "need 60"},
		"npy head only": {npy("<f4", "False", "(3, 5)", f4)[:20], Shape{}, "cut off"},
		"smv":           {smv(3, u2), Shape{}, ""},
		"smv cut":       {smv(3, u2[:29]), Shape{}, "need 30"},
		"smv negative":  {smv(-3, u2), Shape{}, "no image"},
		"empty":         {nil, Shape{}, "empty"},
	} {
		path := filepath.Join(t.TempDir(), "image")
		if err := os.WriteFile(path, c.data, 0o666); err != nil {
			t.Fatal(err)
		}
		im, err := Read(path, c.shape)
		if c.want != "" {
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), path) {
				t.Errorf("%s: error %v, want one of %q", name, err, c.want)
			}
			continue
		}
		if err != nil || im.Shape != ref.Shape {
			t.Errorf("%s: %v, %+v", name, err, im)
			continue
		}
		for i := range im.Pixels() {
			v := im.value(i)
			if want := ref.Pix[i]; name != "smv" && v != want || name == "smv" && v != float64(uint16(4000*i+1)) {
				t.Errorf("%s: pixel %d is %g", name, i, v)
			}
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("\x93NUMPY\x01\x00\x10\x00{'descr': '<f4', "), 0, 0)
	f.Add([]byte("{\nHEADER_BYTES=20;\nTYPE=unsigned_short;\nSIZE1=1;\nSIZE2=1;\n"), 0, 0)
	f.Add([]byte("12345678"), 1, 2)
	f.Fuzz(func(t *testing.T, data []byte, slow, fast int) {
		im, err := Decode(data, Shape{slow, fast})
		if err != nil {
			return
		}
		if n := len(im.Pix) + len(im.singles) + len(im.integers); n != im.Pixels() || im.Slow < 1 || im.Fast < 1 {
			t.Errorf("%d pixels for %v", n, im.Shape)
		}
	})
}

// The difference map tells the sign by lightness alone, and shows a pixel out of
// tolerance however small it is.
func TestDiffPicture(t *testing.T) {
	ref := rough(10, 10, 7)
	got := ref.copy()
	got.Pix[11] += 50
	got.Pix[22] -= 50
	got.Pix[33] += 0.01
	got.Pix[44] = math.NaN()
	r := compare(ref, got, DefaultOptions())
	var out bytes.Buffer
	if err := r.WriteDiff(&out, r.Scale(context.Background(), 100)); err != nil {
		t.Fatal(err)
	}
	im, err := png.Decode(&out)
	if err != nil {
		t.Fatal(err)
	}
	light := func(i int) float64 {
		r, g, b, _ := im.At(i%10, i/10).RGBA()
		return 0.2126*float64(r) + 0.7152*float64(g) + 0.0722*float64(b)
	}
	if !(light(22) < light(0) && light(0) < light(33) && light(33) < light(11)) || light(0) != light(1) {
		t.Errorf("below %g, none %g, little above %g, above %g", light(22), light(0), light(33), light(11))
	}
	if r, g, _, _ := im.At(4, 4).RGBA(); r < 2*g {
		t.Error("a pixel that is no number is not red")
	}
}

func TestTelling(t *testing.T) {
	ref := rough(30, 30, 8)
	got := ref.copy()
	for i := 400; i < 900; i++ { // from slow 13 fast 10 on
		got.Pix[i] *= 1.001
	}
	got.Pix[600] += 70
	tell := compare(ref, got, DefaultOptions()).Telling(context.Background(), 6)
	if len(tell) != 6 || tell[0].At != (At{20, 0}) || tell[1].At != (At{13, 10}) || tell[2].At != (At{13, 9}) {
		t.Fatalf("%+v", tell)
	}
	seen := map[At]bool{}
	for _, p := range tell {
		if seen[p.At] {
			t.Errorf("%v twice", p.At)
		}
		seen[p.At] = true
	}
	if n := len(compare(ref, ref.copy(), DefaultOptions()).Telling(context.Background(), 3)); n != 0 {
		t.Errorf("%d telling pixels where all agree", n)
	}
}

func TestSameBytes(t *testing.T) {
	ref, got := rough(20, 20, 9), rough(20, 20, 10)
	var first []byte
	for range 2 {
		var out bytes.Buffer
		r := compare(ref, got, DefaultOptions())
		if err := doc.Markdown(&out, r.Document([]Picture{{"a.png", "A"}})); err != nil {
			t.Fatal(err)
		}
		if err := r.JSON(&out); err != nil {
			t.Fatal(err)
		}
		if first != nil && !bytes.Equal(first, out.Bytes()) {
			t.Error("two runs, two results")
		}
		first = out.Bytes()
	}
}
