package nanobragg

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"simtrace/pkg/sim"
)

// build applies a command line; files may be named relative to dir.
func build(t *testing.T, p sim.Profile, line string) (*Builder, *sim.Experiment, error) {
	t.Helper()
	b := NewBuilder(p)
	_, theirs, err := Split(strings.Fields(line), nil)
	if err != nil {
		return b, nil, err
	}
	if err := b.Apply(theirs); err != nil {
		return b, nil, err
	}
	e, err := b.Prepare()
	return b, e, err
}

const crystal = " -cell 100 100 100 90 90 90 -N 5 -default_F 100 -detpixels 16"

func TestBadNumbers(t *testing.T) {
	for line, want := range map[string]string{
		"-distance nan" + crystal:                                   `-distance: "nan" is not a finite number`,
		"-distance inf" + crystal:                                   `"inf" is not a finite number`,
		"-distance x" + crystal:                                     `"x" is not a number`,
		"-distance 0" + crystal:                                     "distance is zero",
		"-oversample 99999999999" + crystal:                         `"99999999999" does not fit into 32 bits`,
		"-oversample 1.5" + crystal:                                 `"1.5" is not a whole number`,
		"-lambda 0" + crystal:                                       "wavelength 0 angstrom is not positive",
		"-lambda -1" + crystal:                                      "wavelength -1 angstrom is not positive",
		"-energy 0" + crystal:                                       "energy 0 eV is not positive",
		"-pixel 0" + crystal:                                        "pixel size 0 mm is not positive",
		"-detpixels 0 -N 5 -cell 9 -default_F 1":                    "0 pixels are none",
		"-detpixels 1000000 -N 5 -cell 9 -default_F 1":              "too large",
		"-detsize -5 -N 5 -cell 9 -default_F 1":                     "has none",
		"-cell 0 -N 5 -default_F 1":                                 "cell edge a = 0 is not positive",
		"-cell 10 10 10 10 20 170 -N 5 -default_F 1":                "make no cell",
		"-cell 10 10 10 90 90 180 -N 5 -default_F 1":                "make no cell",
		"-N 5 -default_F 1":                                         "no unit cell",
		"-cell 10 -N 5":                                             "no structure factors: give -hkl or -default_F",
		"-beam_vector 0 0 0" + crystal:                              "beam_vector 0 0 0 has no direction",
		"-sdet_vector 0 0 2 -odet_vector 3 0 0" + crystal:           "fdet_vector and sdet_vector are parallel",
		"-roi 20 30 0 5" + crystal:                                  "holds no pixel",
		"-roi 5 2 0 5" + crystal:                                    "holds no pixel",
		"-osc 0 -phistep 1" + crystal:                               "give no phi steps",
		"-phisteps 2000000 -mosaic_dom 2000000 -mosaic 1" + crystal: "too many steps",
		"-oversample 100000" + crystal:                              "too many steps",
		"-flux 1e300 -beamsize 1e-300" + crystal:                    "fluence is not finite",
		"-pivot centre" + crystal:                                   `"centre" is no pivot`,
		"-mat nowhere.mat -default_F 1":                             "nowhere.mat: no such file",
		"-stol x.stol" + crystal:                                    "x.stol: no such file",
		"-trace_pixel 1 x" + crystal:                                `-trace_pixel: "x" is not a whole number`,
	} {
		_, _, err := build(t, sim.ProfileSpec, line)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\n  error %v\n  want  %q", line, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: the error has more than one line: %q", line, err)
		}
	}
}

// TestSurprises: every switch that a flag throws besides its own is warned of.
func TestSurprises(t *testing.T) {
	for _, c := range []struct {
		profile    sim.Profile
		line, want string
	}{
		{sim.ProfileSpec, "-spindle_axis -1 0 0", "convention CUSTOM, because of -spindle_axis -1 0 0"},
		{sim.ProfileSpec, "-spindle_axis -1 0 0 -mosflm", "-spindle_axis -1 0 0 is undone by -mosflm"},
		{sim.ProfileSpec, "-xds -distance 90", "-distance 90 does not make the detector pivot about the beam: XDS pivots about the sample"},
		{sim.ProfileSpec, "-beam_vector 1 0 0 -twotheta 3", "the detector pivots about the sample, because of -twotheta 3"},
		{sim.ProfileSpec, "-odet_vector 1 0.001 0", "-odet_vector 1 0.001 0 is not of length 1 exactly"},
		{sim.ProfileSpec, "-pix0_vector_mm 1 2 3", "-pix0_vector_mm 1 2 3 has no effect but the CUSTOM convention"},
		{sim.ProfileSpec, "-lambda 2 -energy 12398", "-energy 12398 replaces -lambda 2"},
		{sim.ProfileSpec, "-distance 90 -close_distance 80", "-close_distance 80 replaces -distance 90"},
		{sim.ProfileSpec, "-fluence 1e20 -flux 1e12", "-fluence is undone by -flux"},
		{sim.ProfileSpec, "-mosflm -Xclose 3", "-Xclose 3 does not move the detector"},
		{sim.ProfileSpec, "-xds -Xbeam 3", "-Xbeam 3 does not move the detector"},
		{sim.ProfileSpec, "-phistep 1 -phisteps 5", "-phisteps 5 is undone by -phistep"},
		{sim.ProfileSpec, "-density 1.2", "-density has no effect"},
		{sim.ProfileNanoBragg, "-twotheta 10 -twotheta_axis 0 1 0", "-twotheta_axis 0 1 0 also sets -twotheta to 0"},
	} {
		b, _, err := build(t, c.profile, c.line+crystal)
		if err != nil {
			t.Errorf("%s: %v", c.line, err)
			continue
		}
		if !strings.Contains(strings.Join(b.Warnings, "\n"), c.want) {
			t.Errorf("%s: no warning %q in %q", c.line, c.want, b.Warnings)
		}
	}
	b, _, err := build(t, sim.ProfileSpec, "-mosflm -distance 90 -lambda 2 -phi 3 -osc 1"+crystal)
	if err != nil || len(b.Warnings) > 0 {
		t.Errorf("a plain command line warns: %v %q", err, b.Warnings)
	}
}

// TestSubstringFlags: C sets twotheta to the axis's first number, we only in
// its profile.
func TestSubstringFlags(t *testing.T) {
	const line = "-twotheta 10 -twotheta_axis 0 1 0" + crystal
	_, c, err := build(t, sim.ProfileNanoBragg, line)
	if err != nil || c.Geometry.Setup.Twotheta != 0 {
		t.Errorf("nanobragg: twotheta %v, %v", c.Geometry.Setup.Twotheta, err)
	}
	_, s, err := build(t, sim.ProfileSpec, line)
	if want := 10 / 57.29577951308232; err != nil || math.Abs(s.Geometry.Setup.Twotheta-want) > 1e-15 {
		t.Errorf("spec: twotheta %v, want %v, %v", s.Geometry.Setup.Twotheta, want, err)
	}
	if _, _, err := build(t, sim.ProfileSpec, "-distances 90"+crystal); err == nil {
		t.Error("spec takes -distances for -distance")
	}
	if _, e, err := build(t, sim.ProfileNanoBragg, "-distances 90"+crystal); err != nil || e.Geometry.Distance != 0.09 {
		t.Errorf("nanobragg does not take -distances for -distance: %v", err)
	}
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestBrokenFiles(t *testing.T) {
	for _, c := range []struct {
		name, text, want string
		read             func(path string) error
	}{
		{"matrix cut short", "1 2 3\n4 5\n", ":3: file ends after 5 of the 9 numbers", readMat},
		{"matrix with a word", "1 2 3\n4 x 6\n7 8 9\n", `:2: "x" is not a finite number`, readMat},
		{"matrix with nan", "1 2 3\n4 nan 6\n7 8 9\n", `:2: "nan" is not a finite number`, readMat},
		{"hkl with three numbers", "1 2 3 4\n1 2 3\n", ":2: a reflection has 4 numbers", readHKL},
		{"hkl with five numbers", "1 2 3 4 5\n", ":1: a reflection has 4 numbers", readHKL},
		{"hkl with a fraction", "1 2 3 4\n\n1 2.5 3 9\n", ":3: h, k and l are whole numbers", readHKL},
		{"hkl with a word", "1 2 3 F\n", ":1: the structure factor is a finite number", readHKL},
		{"hkl with infinity", "1 2 3 inf\n", ":1: the structure factor is a finite number", readHKL},
		{"hkl that spans too much", "0 0 0 1\n1000000 1000000 1000000 1\n", "is too large", readHKL},
		{"hkl with a huge index", "1e30 0 0 1\n", ":1: h, k and l", readHKL},
		{"empty hkl", "\n\n", "no reflections", readHKL},
		{"source with a word", "0 0 1 x\n", `:1: "x" is not a finite number`, readSources},
		{"no sources", "# none\n", "no sources", readSources},
		{"empty yaml", "", "the file is empty", readYAML},
		{"yaml list", "- a\n", ":1: not a mapping", readYAML},
		{"yaml unknown flag", "distance: 3\ndistnace: 4\n", ":2: distnace: unknown flag -distnace (did you mean -distance?)", readYAML},
		{"yaml twice", "N: 3\nN: 4\n", ":2: N stands twice", readYAML},
		{"yaml nested", "cell: {a: 1}\n", ":1: cell: takes a value", readYAML},
		{"yaml switch with a value", "nopolar: 3\n", ":1: nopolar: is a switch", readYAML},
		{"yaml syntax", "cell: [1, 2\n", "line 1", readYAML},
	} {
		path := write(t, "in.txt", c.text)
		err := c.read(path)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), path) {
			t.Errorf("%s: error %v, want %q with the path before it", c.name, err, c.want)
		}
		if err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: the error has more than one line: %q", c.name, err)
		}
	}
}

func readMat(path string) error     { _, err := ReadMat(path); return err }
func readHKL(path string) error     { _, err := ReadHKL(path, 0); return err }
func readSources(path string) error { _, err := ReadSources(path, false); return err }
func readYAML(path string) error {
	b := NewBuilder(sim.ProfileSpec)
	_, err := b.ReadYAML(path)
	return err
}

func TestReadHKL(t *testing.T) {
	g, err := ReadHKL(write(t, "a.hkl", "  1 -2  3  4.5\r\n\t-1 0 3 7e1\n2 0 0 0"), 9)
	if err != nil {
		t.Fatal(err)
	}
	type list struct {
		Count    int
		Min, Max [3]int
		F        map[[3]int]float64
	}
	got := list{g.Count, g.Min, g.Max, map[[3]int]float64{}}
	want := list{3, [3]int{-1, -2, 0}, [3]int{2, 0, 3}, map[[3]int]float64{{1, -2, 3}: 4.5, {-1, 0, 3}: 70, {2, 0, 0}: 0, {0, -1, 1}: 9}}
	for hkl := range want.F {
		got.F[hkl] = g.At(hkl[0], hkl[1], hkl[2])
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestYAMLIsACommandLine: the same experiment from a file and from flags.
func TestYAMLIsACommandLine(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.mat"), []byte("0.01 0 0\n0 0.01 0\n0 0 0.01\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "case.yaml")
	if err := os.WriteFile(path, []byte("mat: a.mat\ndefault_F: 100\nN: 5\nspindle_axis: [-1, 0, 0]\nnopolar: true\ncurved_det: false\ndetpixels: 16\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	b := NewBuilder(sim.ProfileSpec)
	args, err := b.Configure(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Apply(args); err != nil {
		t.Fatal(err)
	}
	e, err := b.Prepare()
	if err != nil {
		t.Fatal(err)
	}
	_, f, err := build(t, sim.ProfileSpec, "-mat "+filepath.Join(dir, "a.mat")+" -default_F 100 -N 5 -spindle_axis -1 0 0 -nopolar -detpixels 16")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(outcomeOf(&Builder{}, f), outcomeOf(&Builder{}, e), exact...); diff != "" || !e.Beam.NoPolar || e.Geometry.Curved {
		t.Errorf("the file and the flags give different experiments (-flags +file):\n%s", diff)
	}
}

// TestUnknownFlag: a flag that nanoBragg does not have is refused, or ignored
// with a warning where the profile takes flags as C does.
func TestUnknownFlag(t *testing.T) {
	for flag, want := range map[string]string{
		"-distnace 100":      "unknown flag -distnace (did you mean -distance?)",
		"-detpixells 3":      "unknown flag -detpixells (did you mean -detpixels?)",
		"-qqqqqqqqq a.txt b": "unknown flag -qqqqqqqqq",
	} {
		if _, _, err := build(t, sim.ProfileSpec, "render "+flag+crystal); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", flag, err, want)
		}
		b, e, err := build(t, sim.ProfileNanoBragg, "render "+flag+crystal)
		if err != nil || !slices.Contains(b.Warnings, want+": ignored, as in C") || e.Geometry.Distance != 0.1 || e.Geometry.Fast != 16 {
			t.Errorf("%s: %v, warnings %q", flag, err, b.Warnings)
		}
	}
}

// TestAmorphous: the reference reads a list of structure factors of amorphous
// material, demands a line of it, and does not use it; neither does this.
func TestAmorphous(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"words": "two words\n", "blank": " \n,;\n", "list": "0 2.57\n0.1 2.5\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	plain, p, err := build(t, sim.ProfileSpec, crystal)
	if err != nil {
		t.Fatal(err)
	}
	for _, flag := range []string{"-stol", "-4stol", "-Q"} {
		for name, trouble := range map[string]string{"words": "", "list": "", "blank": "no structure factors", "nosuch": "no such file or directory"} {
			path := filepath.Join(dir, name)
			b, e, err := build(t, sim.ProfileSpec, flag+" "+path+crystal)
			if trouble != "" {
				if err == nil || err.Error() != path+": "+trouble {
					t.Errorf("%s %s: error %v", flag, name, err)
				}
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(plain.Resolved(p), b.Resolved(e), cmpopts.EquateNaNs()); diff != "" || e.Beam.Background != 0 {
				t.Errorf("%s changes the experiment, its background is %g (-without +with):\n%s", flag, e.Beam.Background, diff)
			}
			if got := strings.Join(b.Warnings, "; "); !strings.Contains(got, flag+" "+path+" has no effect on the image") {
				t.Errorf("%s: warnings %q", flag, got)
			}
			if diff := cmp.Diff([]string{path}, b.Inputs()); diff != "" {
				t.Errorf("%s: inputs (-want +got):\n%s", flag, diff)
			}
		}
	}
	b, _, err := build(t, sim.ProfileSpec, "-stolout "+filepath.Join(dir, "nosuch")+crystal)
	if err != nil || !strings.Contains(strings.Join(b.Warnings, "; "), "nosuch writes no file") {
		t.Errorf("-stolout: %v, warnings %v", err, b.Warnings)
	}
}

// TestResolvedOrigins: every value says where it came from.
func TestResolvedOrigins(t *testing.T) {
	b, e, err := build(t, sim.ProfileSpec, "-distance 90"+crystal)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"distance": "command line: -distance 90", "wavelength": "default", "convention": "default",
		"oversample": "derived: by the crystal's size", "pix0": "derived: beam centre, distance, axes and pivot", "a": "command line: -cell",
	}
	for _, r := range b.Resolved(e) {
		if r.Origin == "" {
			t.Errorf("%s has no origin", r.Name)
		}
		if w, ok := want[r.Name]; ok && !strings.HasPrefix(r.Origin, w) {
			t.Errorf("%s comes from %q, want %q", r.Name, r.Origin, w)
		}
		delete(want, r.Name)
	}
	if len(want) > 0 {
		t.Errorf("not listed: %v", want)
	}
}
