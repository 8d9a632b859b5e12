package trace

import "testing"

// What differs on every run is told by words of timing, of memory and of machines, and
// never by a unit alone.
func TestVariesByRun(t *testing.T) {
	for _, c := range []struct {
		name, unit, behind string
		want               varies
	}{
		{"external pressure", "", " kB", neverVaries},
		{"slp", "", " mb", neverVaries},
		{"sigma", "", " mb", neverVaries},
		{"f0", "GHz", " GHz", neverVaries},
		{"peak at", "", " MHz", neverVaries},
		{"CPU clock", "", " GHz", alwaysVaries},
		{"memory term", "", "", neverVaries},
		{"memory", "", " MB", alwaysVaries},
		{"Maximum memory used (kb)", "", "", alwaysVaries},
		{"wall temperature", "", " wall shear", neverVaries},
		{"distance to wall", "", "", neverVaries},
		{"elapsed physical time", "s", " s", neverVaries},
		{"elapsed", "s", " s", alwaysVaries},
		{"Simulation Time", "", " Picosecond", neverVaries},
		{"dt", "s", " s", neverVaries},
		{"integration window", "ms", " ms", neverVaries},
		{"output interval", "s", " s", neverVaries},
		{"half-life", "min", " min", neverVaries},
		{"arrival", "ns", " ns", neverVaries},
		{"relaxation time", "s", " s", neverVaries},
		{"residence time", "", "", neverVaries},
		{"decay time of forward wave", "", "", neverVaries},
		{"speed", "", " m/s", neverVaries},
		{"performance", "", "", neverVaries},
		{"revolutions per second", "", "", neverVaries},
		{"port", "", "", mayBeMachine},
		{"solve time", "s", " s", mayVary},
		{"Time", "", "", mayVary},
		{"Total Time", "s", " s", mayVary},
		{"Total CPU time used (sec)", "", "", alwaysVaries},
		{"cpu (s)", "", "", alwaysVaries},
		{"Host: node3 pid", "", "", alwaysVaries},
		{"# s", "s", " s)", mayVary},
		{"# ns", "ns", " ns)", neverVaries},
		{"time step", "s", " s", neverVaries},
		{"solver time step", "s", " s", neverVaries},
		{"output time", "s", " s", neverVaries},
		{"load time", "s", " s", neverVaries},
		{"mean generation time", "s", " s", neverVaries},
		{"Julian date", "", "", neverVaries},
		{"throughput", "", "", neverVaries},
		{"jobs finished", "", "", neverVaries},
		{"Ts", "", "", mayBeEpoch},
		{"epoch", "days", " days", neverVaries},
		{"assembly", "s", " s", mayVary},
		{"time per step", "", "", mayVary},
		{"solver: time", "", "", mayVary},
		{"Mop/s/thread", "", "", mayVary},
		{"pid gain", "", "", neverVaries},
	} {
		if got := variesByRun(c.name, c.unit, c.behind); got != c.want {
			t.Errorf("%q, %q: %d, not %d", c.name, c.behind, got, c.want)
		}
	}
	for heading, want := range map[string]bool{
		"Temperature profile:": false, "Energy breakdown:": false, "Turbine performance:": false, "Memory kernel:": false,
		"MPI task timing breakdown:": true, "Performance:": true, "Elapsed times": true, "Elapsed simulated time": false,
	} {
		if headsTiming(heading) != want {
			t.Errorf("%q heads times of the clock: %v", heading, !want)
		}
	}
}

// A series of which a line is lost is no clock, whatever differs behind the line.
func TestIsClock(t *testing.T) {
	model := []float64{2.5, 3.75, 1.5, 9, 4.25, 7, 0.5, 6}
	for _, c := range []struct {
		a, b []float64
		want bool
	}{
		{model, append([]float64{3.75}, model[2:]...), false},
		{model[1:], model, false},
		{model, []float64{2.25, 3.5, 1.25, 9.5, 4.5, 7.5, 0.25, 6.5}, true},
		{model, []float64{2.25, 3.5, 1.25, 9.5, 4.5, 7.5}, true},
		{model, []float64{2.5, 3.75, 1.5, 9, 4.25, 8, 0.75, 6.5}, false},
	} {
		if got := isClock(c.a, c.b); got != c.want {
			t.Errorf("%v and %v: %v", c.a, c.b, got)
		}
	}
}
