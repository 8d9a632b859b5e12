package program

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simtrace/pkg/nanobragg"
)

// In every spelling an input keeps its meaning in another folder, and an output stays in
// the program's own.
func TestArgsOfFiles(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"A.mat", "P1.hkl", "sources.txt", "m.img", "s.stol"} {
		if err := os.WriteFile(name, nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	words := "-matrix A.mat -mat A.mat -matfile A.mat -hkl P1.hkl -sourcefile sources.txt -mask m.img -img m.img -stol s.stol -4stol s.stol -Q s.stol" +
		" -N 5 -floatimage out/f.bin -floatfile g.bin -intimage out/i.img -pgmfile out/p.pgm -noiseimage out/n.img"
	_, theirs, err := nanobragg.Split(strings.Fields(words), nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Args(theirs)
	if err != nil {
		t.Fatal(err)
	}
	abs := func(name string) string { return filepath.Join(here, name) }
	want := []string{"-matrix", abs("A.mat"), "-mat", abs("A.mat"), "-matfile", abs("A.mat"), "-hkl", abs("P1.hkl"), "-sourcefile", abs("sources.txt"),
		"-mask", abs("m.img"), "-img", abs("m.img"), "-stol", abs("s.stol"), "-4stol", abs("s.stol"), "-Q", abs("s.stol"), "-N", "5",
		"-intimage", "i.img", "-pgmfile", "p.pgm", "-noiseimage", "n.img"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if n := len(Inputs(theirs)); n != 10 {
		t.Errorf("%d inputs: %v", n, Inputs(theirs))
	}
}
