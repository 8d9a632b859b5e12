package nanobragg

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
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

// FuzzShortLine: the quick reader of a line gives what the general one gives, or
// nothing.
func FuzzShortLine(f *testing.F) {
	for _, s := range []string{
		"1 2 3 4", " -1\t-22  333 4.5 ", "0 -0 0 0.", "1 2 3 .5\r", "1 2 3 .", "- 2 3 4", "1 2 3", "1 2 3 4 5", "1 2 3 1e5", "1 2 3 -4",
		"12345 123456 1 2", "1.0 2 3 4", "1 2 3 123456789012345", "1 2 3 1234567890123456", "1 2 3 0.000000000000001", "1 2 3 1.2.3", "+1 2 3 4", "", "1 2 3 \n4",
		"-123 -456 -789 1234567.8", "-0 1 2 .25", "1 2 3 5.", "1 2 3 123.45678", "1 2 3 12345.67890", "1  2 3 4.5", "-- 2 3 4.5", "1234 2 3 4.5", "1 2 3 .",
		"  23  15  -1   23.00", "         1 2 3 4.5", "1 2 3          4.5", "        1        2        3        12345.678",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		line := []byte(s + "\n")
		hkl, got, n := shortLine(line)
		quick, f, m := quickLine(append(line, make([]byte, lineRoom)...))
		if m != 0 && (m != n || quick != hkl || math.Float64bits(f) != math.Float64bits(got)) {
			t.Fatalf("%q: %v %v of %d bytes, of %d in short %v %v", s, quick, f, m, n, hkl, got)
		}
		if n == 0 {
			return
		}
		var words [5][]byte
		text, _, _ := bytes.Cut(line, []byte("\n"))
		if m := split(text, &words); m != 4 || n != len(text)+1 {
			t.Fatalf("%q: %d words, %d bytes read", s, m, n)
		}
		wantHKL, want, err := parseReflection(&words)
		if err != nil || hkl != wantHKL || math.Float64bits(got) != math.Float64bits(want) {
			t.Errorf("%q: %v %v, in general %v %v, %v", s, hkl, got, wantHKL, want, err)
		}
	})
}
