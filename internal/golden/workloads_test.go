package golden

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// workload is a kind of work that people have, as flags that the reference
// understands too. {saxs}, {list} and {sources} are files that are made up.
type workload struct{ name, flags string }

const (
	ordinaryCell = "-cell 74 95 87 90 90 90 -misset 10 20 30 -lambda 1 "
	smallImage   = ordinaryCell + "-distance 100 -pixel 0.1 -detpixels 1024 -N 20 -oversample 1 "
	tenSteps     = "-phi 0 -osc 0.1 -phisteps 10 "
	tricubic     = ordinaryCell + "-hkl {list} -interpolate -distance 150 -pixel 0.1 -detpixels 512 -oversample 1 " + tenSteps
	layers       = smallImage + tenSteps + "-default_F 100 -detector_thick 300 -detector_abs 200 "
)

var workloads = []workload{
	{"saxs", "-cell 250 250 250 90 90 90 -hkl {saxs} -lambda 1 -dispersion 0 -distance 1000 -detsize 100 -pixel 0.1 -hdiv 0 -vdiv 0 -fluence 1e32 -N 1"},
	{"tricubic-5", tricubic + "-N 5"},
	{"tricubic-36", tricubic + "-Na 36 -Nb 47 -Nc 29"},
	{"oversample_thick", layers + "-detector_thicksteps 3 -oversample_thick"},
	{"oversample_polar", smallImage + tenSteps + "-default_F 100 -oversample_polar"},
	{"oversample_omega", smallImage + tenSteps + "-default_F 100 -oversample_omega"},
	{"curved", smallImage + tenSteps + "-default_F 100 -curved_det -nonoise"},
	{"curved-still", ordinaryCell + "-default_F 100 -distance 100 -pixel 0.1 -detpixels 1024 -N 20 -oversample 2 -curved_det -nonoise"},
	{"roi", smallImage + "-hkl {list} -nointerpolate -phi 0 -osc 1 -phisteps 100 -mosaic_spread 0.3 -mosaic_domains 10 -roi 400 449 300 399"},
	{"wavelengths", smallImage + "-hkl {list} -nointerpolate -sourcefile {sources} -roi 400 499 300 399"},
	{"layers-5", layers + "-detector_thicksteps 5"},
	{"layers-10", layers + "-detector_thicksteps 10"},
	{"gauss", smallImage + tenSteps + "-hkl {list} -nointerpolate -gauss_xtal"},
	{"eiger-still", ordinaryCell + "-hkl {list} -nointerpolate -distance 200 -pixel 0.075 -detpixels_x 4148 -detpixels_y 4362 -N 20 -oversample 1"},
	{"noise", smallImage + "-hkl {list} -nointerpolate -water 100 -flux 1e12 -exposure 1 -beamsize 0.1 -noisefile noise.img -seed 3"},
}

// BenchmarkLiveWorkloads runs these with the reference binary that NB_C_FAST_BIN
// names and with ours, whole processes in turns, one thread each. It reports the
// processor time of each in user mode, which others on the machine disturb
// least, and the ratio of the sums: above 1, ours takes less.
//
// The reference has to be built with -fno-finite-math-only: plain -ffast-math
// makes every pixel NaN.
func BenchmarkLiveWorkloads(b *testing.B) {
	bin := os.Getenv("NB_C_FAST_BIN")
	if bin == "" {
		b.Skip("SKIPPED: NB_C_FAST_BIN names no reference binary")
	}
	dir := b.TempDir()
	self := buildSimtrace(b, dir)
	files := strings.NewReplacer("{saxs}", smallAngleList(b, dir), "{list}", ordinaryList(b, dir), "{sources}", wavelengths(b, dir))
	for _, w := range workloads {
		b.Run(w.name, func(b *testing.B) {
			flags := append(strings.Fields(files.Replace(w.flags)), "-floatfile", "float.bin", "-nopgm", "-noprogress")
			if !strings.Contains(w.flags, "-noisefile") {
				flags = append(flags, "-nonoise")
			}
			argv := [2][]string{
				append([]string{bin}, flags...),
				append([]string{self, "render", "--profile", "nanobragg", "--threads", "1"}, flags...),
			}
			var sums [2]float64
			for i := 0; b.Loop(); i++ {
				for turn := range 2 {
					which := (i + turn) % 2
					sums[which] += userSeconds(b, filepath.Join(dir, w.name, fmt.Sprint(which)), argv[which])
				}
			}
			b.ReportMetric(sums[0]/float64(b.N), "reference-user-s")
			b.ReportMetric(sums[1]/float64(b.N), "simtrace-user-s")
			b.ReportMetric(sums[0]/sums[1], "times-less")
		})
	}
}

// userSeconds runs a program in one thread and returns its time in user mode. An
// image of NaN is no image: a build that makes one cannot be compared with.
func userSeconds(b *testing.B, dir string, argv []string) float64 {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "OMP_NUM_THREADS=1", "GOMAXPROCS=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		b.Fatalf("%s: %v\n%s", argv[0], err, out)
	}
	if strings.Contains(string(out), "mean= -nan") || strings.Contains(string(out), "mean= nan") {
		b.Fatalf("%s makes NaN of every pixel: build it with -fno-finite-math-only", argv[0])
	}
	return cmd.ProcessState.UserTime().Seconds()
}

func madeUp(b *testing.B, path, text string) string {
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		b.Fatal(err)
	}
	return path
}

// smallAngleList is like that of a molecule in a large cell, to 10 angstroms.
func smallAngleList(b *testing.B, dir string) string {
	r, text := rand.New(rand.NewPCG(1, 1)), strings.Builder{}
	for h := -25; h <= 25; h++ {
		for k := -25; k <= 25; k++ {
			for l := -25; l <= 25; l++ {
				if d2 := h*h + k*k + l*l; d2 <= 625 {
					fmt.Fprintf(&text, "%d %d %d %.2f\n", h, k, l, 520*math.Exp(-float64(d2)/60)+20*r.Float64())
				}
			}
		}
	}
	return madeUp(b, filepath.Join(dir, "saxs.hkl"), text.String())
}

// ordinaryList has some 70 000 reflections.
func ordinaryList(b *testing.B, dir string) string {
	r, text := rand.New(rand.NewPCG(2, 2)), strings.Builder{}
	for h := -20; h <= 20; h++ {
		for k := -24; k <= 24; k++ {
			for l := -22; l <= 22; l++ {
				if r.Float64() < 0.8 {
					fmt.Fprintf(&text, "%d %d %d %.2f\n", h, k, l, 100*r.Float64())
				}
			}
		}
	}
	return madeUp(b, filepath.Join(dir, "list.hkl"), text.String())
}

// wavelengths are a hundred sources of two per cent.
func wavelengths(b *testing.B, dir string) string {
	text := strings.Builder{}
	for i := range 100 {
		fmt.Fprintf(&text, "-1 0 0 1 %.8e\n", 1e-10*(0.99+0.0002*float64(i)))
	}
	return madeUp(b, filepath.Join(dir, "sources.txt"), text.String())
}
