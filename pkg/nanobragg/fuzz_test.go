package nanobragg

import (
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"simtrace/pkg/sim"
)

// fuzzFile runs a reader on arbitrary bytes: it must end with a value or one
// line of error that starts with the path.
func fuzzFile(f *testing.F, read func(path string) error) {
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(dir, "in")
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := read(path); err != nil && (!strings.HasPrefix(err.Error(), path) || strings.Contains(err.Error(), "\n")) {
			t.Errorf("error %q", err)
		}
	})
}

func FuzzReadMat(f *testing.F) {
	f.Add([]byte("1 2 3\n4 5 6\n7 8 9\n"))
	f.Add([]byte("-0.02837711 1e400\n"))
	fuzzFile(f, readMat)
}

func FuzzReadHKL(f *testing.F) {
	f.Add([]byte("1 2 3 4\n-1 0 3 7e1\r\n"))
	f.Add([]byte("0 0 0 0\n99999 99999 1 1\n"))
	fuzzFile(f, readHKL)
}

func FuzzReadSources(f *testing.F) {
	f.Add([]byte("0 0 10 1.0 1e-10\n# a b\n1,2;3:4!5\n"))
	fuzzFile(f, func(path string) error {
		_, err := ReadSources(path, true)
		if _, e := ReadSources(path, false); e != nil && err == nil {
			return nil
		}
		return err
	})
}

func FuzzReadYAML(f *testing.F) {
	f.Add([]byte("cell: [70, 80, 90]\nnopolar: true\n"))
	f.Add([]byte("a: &x [*x]\n"))
	fuzzFile(f, readYAML)
}

// FuzzConfiguration: no command line makes Prepare panic.
func FuzzConfiguration(f *testing.F) {
	f.Add("-cell 70 80 90 75 85 95 -N 5 -default_F 1 -detpixels 8 -phisteps 3")
	f.Add("-cell 1 -default_F 1 -detpixels 2 -detector_thick 1 -detector_abs inf -thicksteps 0")
	f.Fuzz(func(t *testing.T, line string) {
		_, theirs, err := Split(strings.Fields(line), nil)
		if err != nil {
			return
		}
		for _, a := range theirs {
			switch a.Name {
			case "-mat", "-hkl", "-sourcefile":
				return
			}
		}
		b := NewBuilder(sim.ProfileNanoBragg)
		if b.Apply(theirs) == nil {
			_, _ = sim.Prepare(b.Config)
		}
	})
}

// FuzzShortNumbers: the quick readers give what strconv gives, or nothing.
func FuzzShortNumbers(f *testing.F) {
	for _, s := range []string{"0", "-12", "23.00", ".5", "5.", ".", "-", "1e5", "123456789012345", "0.000000000000001", "1.2.3", "-0", "+3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		want, err := strconv.ParseFloat(s, 64)
		if got, ok := shortDecimal([]byte(s)); ok && (err != nil || math.Float64bits(got) != math.Float64bits(want)) {
			t.Errorf("shortDecimal(%q) = %v, strconv %v, %v", s, got, want, err)
		}
		if got, ok := shortIndex([]byte(s)); ok && (err != nil || float64(got) != want) {
			t.Errorf("shortIndex(%q) = %v, strconv %v, %v", s, got, want, err)
		}
	})
}
