package nanobragg

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"simtrace/pkg/sim"
)

// outcome is all that a command line leads to.
type outcome struct {
	Geometry   *sim.Geometry
	Beam       *sim.Beam
	Crystal    *sim.Crystal
	Rotation   sim.Rotation
	Oversample int
	Mosaic     float64
	Domains    int
	Steps      int
	Dmin       float64
	ROI        [4]int

	Shape                  sim.Shape
	Fudge, DefaultF        float64
	MosaicSeed, MissetSeed int64
	Sampling               sim.SamplingConfig
	Out                    Outputs
	FloatFile              string
}

func outcomeOf(b *Builder, e *sim.Experiment) outcome {
	c := &e.Config
	return outcome{e.Geometry, e.Beam, e.Crystal, e.Rotation, e.Oversample, e.Mosaic, e.Domains, e.Steps, e.Dmin, e.ROI,
		c.Crystal.Shape, c.Crystal.Fudge, c.Crystal.DefaultF, c.Crystal.MosaicSeed, c.Crystal.MissetSeed, c.Sampling, b.Out, b.FloatFile}
}

// exact compares all fields; a number that was not given is NaN.
var exact = []cmp.Option{cmp.Exporter(func(reflect.Type) bool { return true }), cmpopts.EquateNaNs()}

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
	want := outcomeOf(plain, e)
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
		if diff := cmp.Diff(want, outcomeOf(b, e), exact...); diff != "" {
			t.Errorf("%s %s is not the default (-default +given):\n%s", f.Name, def, diff)
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
