package nanobragg

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// longList writes a list of some hundred kilobytes, which is read in halves and by
// pieces; some lines are longer than a piece. It returns the lines.
func longList(t *testing.T, r *rand.Rand) (path string, lines []string, want map[[3]int]float64) {
	t.Helper()
	want = map[[3]int]float64{}
	for i := range 5000 + r.IntN(20000) {
		hkl := [3]int{i % 60, i / 60, -r.IntN(3)}
		f := float64(r.IntN(100000)) / 100
		line := fmt.Sprintf("%4d %4d %4d %8.2f", hkl[0], hkl[1], hkl[2], f)
		switch r.IntN(3000) {
		case 0:
			line = strings.Repeat(" ", 60000+r.IntN(200000)) + line
		case 1:
			line += "\n"
		}
		lines = append(lines, line)
		want[hkl] = f
	}
	path = filepath.Join(t.TempDir(), "long.hkl")
	return path, lines, want
}

// TestReadLongHKL: no line is lost, doubled or cut where the pieces meet.
func TestReadLongHKL(t *testing.T) {
	for seed := range uint64(6) {
		r := rand.New(rand.NewPCG(seed, 3))
		path, lines, want := longList(t, r)
		text := strings.Join(lines, "\n")
		if seed%2 == 0 {
			text += "\n"
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		g, err := ReadHKL(path, 0)
		if err != nil {
			t.Fatal(err)
		}
		if g.Count != len(want) {
			t.Errorf("seed %d: %d reflections of %d", seed, g.Count, len(want))
		}
		for hkl, f := range want {
			if got := g.At(hkl[0], hkl[1], hkl[2]); got != f {
				t.Fatalf("seed %d: F of %v is %v, in the file %v", seed, hkl, got, f)
			}
		}
	}
}

// TestReadLongHKLErrors: a bad line is named by its number, wherever it is.
func TestReadLongHKLErrors(t *testing.T) {
	for seed := range uint64(6) {
		r := rand.New(rand.NewPCG(seed, 4))
		path, lines, _ := longList(t, r)
		text := strings.Join(lines, "\n")
		bad := r.IntN(strings.Count(text, "\n") + 1)
		lines = strings.Split(text, "\n")
		lines[bad] = "1 2 x 4"
		if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := ReadHKL(path, 0)
		if want := fmt.Sprintf("%s:%d: ", path, bad+1); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("seed %d: %v, not %s", seed, err, want)
		}
	}
}

// TestOrdinaryLinesAreShort: the quick reader takes the forms that lists have.
func TestOrdinaryLinesAreShort(t *testing.T) {
	for _, line := range []string{"1 2 3 4\n", "  -12\t 7 -0  23.00 \r\n", "0 0 0 .5\n", "1 2 3 123456789012.345\n"} {
		if _, _, n := shortLine([]byte(line)); n != len(line) {
			t.Errorf("%q: %d bytes read", line, n)
		}
	}
	room := make([]byte, lineRoom)
	for _, line := range []string{"1 2 3 4.5\n", "-12 7 -0 23.00\n", "0 0 0 .5\n", "-100 -200 -300 123456.78\n", "  23  15  -1   23.00\n"} {
		if _, _, n := quickLine(append([]byte(line), room...)); n != len(line) {
			t.Errorf("%q: %d bytes read the quickest way", line, n)
		}
	}
}
