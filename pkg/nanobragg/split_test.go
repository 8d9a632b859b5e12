package nanobragg

import (
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var testArity = map[string]int{"config": 1, "pixel": 2, "out": 1}

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		line   string
		ours   string
		theirs string // "flag v v|flag v"
	}{
		{"trace --pixel 685 1039", "trace --pixel=685,1039", ""},
		{"trace --pixel 685,1039", "trace --pixel=685,1039", ""},
		{"trace --pixel=685,1039", "trace --pixel=685,1039", ""},
		{"trace --pixel 1 2 --pixel 3 4", "trace --pixel=1,2 --pixel=3,4", ""},
		{"trace -pixel 0.172 --pixel 1 2", "trace --pixel=1,2", "-pixel 0.172"},
		{"-spindle_axis -1 0 0 trace --config supervisor", "trace --config=supervisor", "-spindle_axis -1 0 0"},
		{"render -cell 70 80 90 75 85 95 -N 5", "render", "-cell 70 80 90 75 85 95|-N 5"},
		{"render -cell 70 -N 5", "render", "-cell 70|-N 5"},
		{"render -misset random -phi -1e-3", "render", "-misset random|-phi -1e-3"},
		{"render -misset 1 -2 3 --force", "render --force", "-misset 1 -2 3"},
		{"render -nopolar -roi 1 2 3 4 out", "render out", "-nopolar|-roi 1 2 3 4"},
		{"render -beam_vector 1e0 .5 -.5", "render", "-beam_vector 1e0 .5 -.5"},
		{"trace -- -cell 1", "trace -- -cell 1", ""},
		{"trace -distnace 100 out.img -N 5 --force", "trace --force", "-distnace 100 out.img|-N 5"},
		{"-distnace 1 -2e3 trace", "trace", "-distnace 1 -2e3"},
		{"render -my-phi 3", "render", "-my-phi 3"},
		{"render -h", "render -h", ""},
		{"- x", "- x", ""},
	} {
		ours, theirs, err := Split(strings.Fields(c.line), testArity)
		if err != nil {
			t.Errorf("%q: %v", c.line, err)
			continue
		}
		var shown []string
		for _, a := range theirs {
			shown = append(shown, strings.Join(append([]string{a.Name}, a.Values...), " "))
		}
		if diff := cmp.Diff([2]string{c.ours, c.theirs}, [2]string{strings.Join(ours, " "), strings.Join(shown, "|")}); diff != "" {
			t.Errorf("%q: ours and theirs (-want +got):\n%s", c.line, diff)
		}
	}
}

func TestSplitErrors(t *testing.T) {
	for line, want := range map[string]string{
		"trace --pixel 685":        "--pixel needs 2 values",
		"trace --pixel":            "--pixel needs 2 values",
		"trace --pixel 685 --out":  "--pixel needs 2 values, not --out",
		"trace --pixel 1 -N":       "--pixel needs 2 values, not -N",
		"trace --out":              "--out needs a value",
		"trace --out= x":           "--out= needs a value",
		"render -distance":         "-distance needs a value (mm)",
		"render -distance -N 5":    "-distance needs a value (mm)",
		"render -spindle_axis 1 0": "-spindle_axis needs 3 values, 2 given",
		"render -misset 1 2":       "-misset needs 3 values (degrees), 2 given",
		"render -roi 1 2 3":        "-roi needs 4 values (pixels), 3 given",
	} {
		_, _, err := Split(strings.Fields(line), testArity)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q", line, err, want)
		}
	}
}

// FuzzSplit: every word of a command line comes out once, on one side or the
// other, in order; nothing is lost and nothing made up.
func FuzzSplit(f *testing.F) {
	for _, s := range []string{
		"trace --config supervisor --pixel 685 1039 -cell 70 80 90 75 85 95 -N 5", "render -misset random -roi 1 2 3 4 -- -x",
		"--pixel=1,2 -phi -1 -nopolar -", "-4stol f -spindle_axis -1 -0 1e3",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		args := strings.Fields(line)
		ours, theirs, err := Split(args, testArity)
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("error of more than one line: %q", err)
			}
			return
		}
		want := map[string]int{}
		for _, a := range args {
			for _, w := range pieces(a) {
				want[w]++
			}
		}
		for _, o := range ours {
			for _, w := range pieces(o) {
				want[w]--
			}
		}
		for _, a := range theirs {
			for _, v := range append([]string{a.Name}, a.Values...) {
				for _, w := range pieces(v) {
					want[w]--
				}
			}
		}
		for w, n := range want {
			if n != 0 {
				t.Errorf("%q: word %q is off by %d", line, w, n)
			}
		}
	})
}

// pieces undoes the joining of values: it is blind to "=" and ",".
func pieces(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == '=' || r == ',' })
}

func TestFlagTable(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range Flags {
		for _, name := range append([]string{f.Name}, f.Aliases...) {
			if seen[name] {
				t.Errorf("%s stands twice in the table", name)
			}
			seen[name] = true
			if !isFlag(name) {
				t.Errorf("the splitter does not see %s as a flag", name)
			}
		}
		if f.apply == nil || f.Help == "" || f.Group == "" || len(f.Sets) == 0 {
			t.Errorf("%s: the table lacks something: %+v", f.Name, reflect.ValueOf(f))
		}
	}
	// The flags of the reference's usage text.
	for _, name := range strings.Fields("-mat -hkl -misset -cell -default_F -distance -detsize -detpixels -pixel -img -mask -detector_absorb " +
		"-detector_thick -detector_thicksteps -Xbeam -Ybeam -mosflm -xds -ORGX -ORGY -twotheta -N -Na -Nb -Nc -xtalsize -square_xtal -round_xtal " +
		"-gauss_xtal -tophat_spots -oversample -oversample_thick -oversample_polar -oversample_omega -lambda -energy -mosaic -mosaic_domains " +
		"-dispersion -dispsteps -hdivrange -vdivrange -hdivstep -vdivstep -square_div -phi -osc -phisteps -water -floatfile -intfile -scale -adc " +
		"-polar -noisefile -pgmfile -pgmscale -nopgm -roi -printout -seed -mosaic_seed -misset_seed -fluence -flux -beamsize -exposure -nonoise " +
		"-noprogress -nopolar -nointerpolate -interpolate -point_pixel -curved_det -fdet_vector -sdet_vector -odet_vector -beam_vector " +
		"-polar_vector -spindle_axis -pix0_vector -stol -4stol -Q -stolout") {
		if Lookup(name) == nil {
			t.Errorf("%s of the reference is not in the table", name)
		}
	}
}
