package golden

import (
	"context"
	"math"
	"path/filepath"
	"testing"

	"simtrace/internal/profilediff"
	"simtrace/internal/testkit"
	"simtrace/pkg/sim"
)

// rankings are configurations that two programs computed, with the habit that makes
// them differ most.
var rankings = []struct{ name, a, b, first string }{
	{"04-mosaic", "bl831-c", "cctbx-add_nanoBragg_spots", "mosaic-0"},
	{"21-thickdef", "bl831-c", "bl831-cuda-double", "absorption"},
	{"09-thick", "bl831-c", "bl831-cuda-double", "capture"},
	{"23-oversampleflags", "bl831-c", "bl831-cuda-double", "flags"},
	{"52-curved-last", "bl831-c", "bl831-cuda-double", "flags"},
	{"17-N2auto", "bl831-c", "bl831-cuda-double", "omega"},
	{"14-dmin", "cctbx-add_nanoBragg_spots", "cctbx-nks", "polar"},
	{"54-tophatthick", "cctbx-add_nanoBragg_spots", "cctbx-nks", "polar"},
	{"05-mosphi", "cctbx-add_nanoBragg_spots", "cctbx-nks", "phi-zero"},
	{"52-thick2", "cctbx-add_nanoBragg_spots", "cctbx-nks", "omega"},
	{"18-defF", "cctbx-add_nanoBragg_spots", "cctbx-cuda", "F000"},
	{"59-noN", "cctbx-cuda", "cctbx-nks", "interp-oob"},
	{"17-narrow", "cctbx-cuda", "cctbx-kokkos", "F-beyond"},
}

// TestRankings: the habit that is ranked first is the one whose exchange brings the
// one program's recorded image nearest to the other's.
func TestRankings(t *testing.T) {
	testkit.NotUnderRace(t)
	inputs := unpacked(t)
	for _, v := range rankings {
		t.Run(v.name+" "+v.a+" "+v.b, func(t *testing.T) {
			a, want := recordedCase(t, v.a, v.name, inputs)
			_, other := recordedCase(t, v.b, v.name, inputs)
			build := func(p sim.Profile) (*sim.Experiment, error) {
				_, e, err := prepared(p, a.Args, true)
				return e, err
			}
			pa, pb := profileOf(t, v.a), profileOf(t, v.b)
			r, err := profilediff.Compare(context.Background(), profilediff.Options{A: pa, B: pb, Build: build, Seed: 1})
			if err != nil {
				t.Fatal(err)
			}
			if r.Habits[0].Switch != v.first {
				t.Errorf("first is %s, not %s", r.Habits[0].Switch, v.first)
			}
			best, least := "", distance(want, other)
			for _, h := range r.Habits {
				p := pa
				if err := p.Set(h.Switch, h.B); err != nil {
					t.Fatal(err)
				}
				e, err := build(p)
				if err != nil {
					t.Fatal(err)
				}
				image, err := e.Render(context.Background(), sim.Options{})
				if err != nil {
					t.Fatal(err)
				}
				if d := distance(image, other); d < least {
					best, least = h.Switch, d
				}
			}
			if best != v.first {
				t.Errorf("the recorded images are brought nearest by %s, not by %s", best, v.first)
			}
		})
	}
}

// distance is the mean relative difference of the pixels of two images.
func distance(a, b []float32) float64 {
	sum := 0.0
	for i := range a {
		if x, y := float64(a[i]), float64(b[i]); x != y {
			sum += math.Abs(x-y) / math.Max(math.Abs(x), math.Abs(y))
		}
	}
	return sum / float64(len(a))
}

func profileOf(t *testing.T, dir string) sim.Profile {
	for _, r := range recordedPrograms {
		if r.dir == dir {
			p, err := sim.ProfileByName(r.profile)
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
	}
	t.Fatalf("no profile for %s", dir)
	return sim.Profile{}
}

// recordedCase is a recorded configuration of a program, its lists found, and its image.
func recordedCase(t *testing.T, dir, name, inputs string) (Case, []float32) {
	cases, err := Cases(filepath.Join(programs(t), dir))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		if c.Name == name {
			c.findLists(inputs)
			image, err := c.Image()
			if err != nil {
				t.Fatal(err)
			}
			return c, image
		}
	}
	t.Fatalf("no %s of %s", name, dir)
	return Case{}, nil
}
