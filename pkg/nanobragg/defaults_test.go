package nanobragg

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"simtrace/pkg/sim"
)

// outcome is all that a command line leads to, as text.
func outcome(b *Builder, e *sim.Experiment) string {
	c := &e.Config
	return fmt.Sprintf("%+v\n%+v\n%+v\n%+v\n%v %v %v %v %v %v\n%v %v %v %v %v %v\n%+v %v",
		*e.Geometry, *e.Beam, *e.Crystal, e.Rotation, e.Oversample, e.Mosaic, e.Domains, e.Steps, e.Dmin, e.ROI,
		c.Crystal.Shape, c.Crystal.Fudge, c.Crystal.DefaultF, c.Crystal.MosaicSeed, c.Crystal.MissetSeed, c.Sampling, b.Out, b.FloatFile)
}

// TestDefaults: the default that the help states is the one in use: to give it
// changes nothing.
func TestDefaults(t *testing.T) {
	list := filepath.Join(t.TempDir(), "one.hkl")
	if err := os.WriteFile(list, []byte("1 1 1 7\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	// Vectors make the convention CUSTOM, other flags choose a pivot: both stand
	// in the lines already.
	line := "-hkl " + list + " -cell 100 110 120 90 91 92 -fdet_vector 0 0 1"
	plain, e, err := build(t, sim.ProfileSpec, line+" -pivot beam")
	if err != nil {
		t.Fatal(err)
	}
	want := outcome(plain, e)
	known, checked := map[string]bool{}, 0
	for i := range Flags {
		f := &Flags[i]
		def := f.Default()
		known[f.Name] = true
		if (f.Args > 0) != (def != "") {
			t.Errorf("%s with %d values: default %q", f.Name, f.Args, def)
		}
		if def == "" || def[0] == '(' {
			continue
		}
		checked++
		b, e, err := build(t, sim.ProfileSpec, line+" "+f.Name+" "+def+" -pivot beam")
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		b.Out.SeedSet = false
		got := outcome(b, e)
		for i, line := range strings.Split(want, "\n") {
			if is := strings.Split(got, "\n")[i]; is != line {
				t.Errorf("%s %s is not the default:\n%s\n%s", f.Name, def, is, line)
			}
		}
	}
	for name := range defaults {
		if !known[name] {
			t.Errorf("a default for %s, which is no flag", name)
		}
	}
	if checked < 40 {
		t.Errorf("only %d defaults were checked", checked)
	}
}
