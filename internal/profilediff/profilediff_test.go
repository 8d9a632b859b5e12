package profilediff

import (
	"context"
	"testing"

	"simtrace/pkg/sim"
)

// options is a small experiment with a rotation through phi = 0 and a thick sensor.
func options(t *testing.T, a, b string, change func(c *sim.Config)) Options {
	t.Helper()
	pa, err := sim.ProfileByName(a)
	if err != nil {
		t.Fatal(err)
	}
	pb, err := sim.ProfileByName(b)
	if err != nil {
		t.Fatal(err)
	}
	return Options{A: pa, B: pb, Seed: 3, Build: func(p sim.Profile) (*sim.Experiment, error) {
		c := sim.DefaultConfig()
		c.Crystal.Cell = &[6]float64{70, 80, 90, 75, 85, 95}
		c.Crystal.Cells, c.Crystal.DefaultF = [3]float64{7, 5, 3}, 100
		c.Detector.PixelsFast, c.Detector.PixelsSlow, c.Detector.ThickUM = 24, 20, 300
		c.Rotation.OscDeg, c.Rotation.Phisteps = 1, 4
		c.Profile = p
		if change != nil {
			change(&c)
		}
		return sim.Prepare(c)
	}}
}

func compare(t *testing.T, o Options) *Report {
	t.Helper()
	r, err := Compare(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestItself: a profile does not differ from itself.
func TestItself(t *testing.T) {
	r := compare(t, options(t, "cctbx", "cctbx", nil))
	if r.Differ != 0 || len(r.Habits)+len(r.Idle) != 0 || r.Unlike != 0 {
		t.Errorf("report is %+v", r)
	}
}

// TestExchange: with the sides exchanged, so are the changes, and the order stands but
// for pixels that are chosen by the first side's brightness.
func TestExchange(t *testing.T) {
	r := compare(t, options(t, "spec", "nanobragg", nil))
	s := compare(t, options(t, "nanobragg", "spec", nil))
	if r.Differ == 0 || r.Differ != s.Differ || len(r.Habits) != len(s.Habits) {
		t.Fatalf("%d and %d pixels differ, %d and %d habits show", r.Differ, s.Differ, len(r.Habits), len(s.Habits))
	}
	if r.Habits[0].Switch != "phi-zero" || s.Habits[0].Switch != "phi-zero" {
		t.Errorf("first are %s and %s", r.Habits[0].Switch, s.Habits[0].Switch)
	}
	if x, y := r.Habits[0], s.Habits[0]; x.OnA != y.OnB || x.OnB != y.OnA || x.A != y.B {
		t.Errorf("not exchanged: %+v and %+v", x, y)
	}
}

// TestStop: a program that stops is named, and the rest is ranked.
func TestStop(t *testing.T) {
	r := compare(t, options(t, "nanobragg", "bl831-cuda", func(c *sim.Config) { c.Crystal.Shape = sim.Gauss }))
	if len(r.Stops) != 1 || r.Stops[0].Profile != "bl831-cuda" || r.Stops[0].Reason == "" {
		t.Errorf("stops are %+v", r.Stops)
	}
	if len(r.Habits) == 0 || r.Habits[0].Switch != "absorption" {
		t.Errorf("habits are %+v", r.Habits)
	}
	for _, h := range r.Habits {
		if h.Switch == "stops" {
			t.Error("that a program stops is ranked as a habit")
		}
	}
}
