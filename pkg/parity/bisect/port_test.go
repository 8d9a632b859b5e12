package bisect

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"simtrace/internal/testkit"
	"simtrace/pkg/sim"
	"simtrace/pkg/trace"
)

// TestSettingsOfLivePorts: of the recorded traces of the living PyTorch port, whose
// configuration is at hand, all but those of its own random numbers are explained.
func TestSettingsOfLivePorts(t *testing.T) {
	testkit.NotUnderRace(t)
	dir := testkit.Shared(t, "cases", "port")
	// The port draws its mosaic domains from a generator of its own.
	unexplained := map[string]bool{"f_mosaic": true}
	want := map[string]string{
		"f_xds":   "flags=torch setup=float32 close=after-twotheta",
		"g_thick": "setup=float32 layer-pitch=n layer-sum=front",
		"g_water": "setup=float32 water=after-scaling",
		"g_div":   "setup=float32 polar=every traced=centre",
		"basic":   "setup=float32 polar=every traced=centre-metres",
	}
	cases, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	explained, tried := 0, 0
	for _, c := range cases {
		args, err := os.ReadFile(filepath.Join(dir, c.Name(), "args.txt"))
		if err != nil || strings.Contains(string(args), "-hkl") {
			continue // its files are not at hand
		}
		log := testkit.File(t, filepath.Join(dir, c.Name(), "got.log"))
		if !strings.Contains(log, "slow=") {
			continue // it does not name its pixel
		}
		tried++
		rep := settings(t, SettingsOptions{
			Ref: trace.Text(log, c.Name()), Build: builder("", strings.Fields(string(args))...), Profile: sim.ProfileSpec,
		})
		switch {
		case rep.Explained() && !unexplained[c.Name()]:
			explained++
		case rep.Explained() || !unexplained[c.Name()]:
			t.Errorf("%s: %s", c.Name(), rep.Headline())
		}
		if set, ok := want[c.Name()]; ok && rep.Best.Name() != set {
			t.Errorf("%s is explained by %s, want %s", c.Name(), rep.Best.Name(), set)
		}
	}
	if tried < 15 {
		t.Errorf("%d cases tried", tried)
	}
	t.Logf("%d of %d explained", explained, tried)
}
