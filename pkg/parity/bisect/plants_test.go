package bisect

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"simtrace/internal/testkit"
	"simtrace/pkg/parity"
	"simtrace/pkg/sim"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// plantCase is a configuration into which mistakes are planted.
type plantCase struct {
	name    string
	profile sim.Profile
	build   func(sim.Profile) (sim.Config, error)
	pixel   sim.Pixel
}

// plantCases are the toy, the preset, and recorded configurations where they
// are at hand: tilted, in several conventions, with phi, mosaic domains, a
// matrix, layers.
func plantCases(t *testing.T) []plantCase {
	out := []plantCase{
		{"toy", sim.ProfileSpec, builder("", strings.Fields(toy)...), sim.Pixel{Slow: 20, Fast: 40}},
		{"supervisor", sim.ProfileNanoBragg, builder("supervisor"), sim.Pixel{Slow: 685, Fast: 1039}},
	}
	dir := testkit.SharedPath("golden", "cases")
	if dir == "" {
		t.Log("SKIPPED: ../shared/golden/cases is not there")
		return out
	}
	for _, name := range []string{"tilt-sample", "triclinic-misset", "mosaic-phi", "thick", "org-xds", "fluence", "mat", "custom-vectors", "gauss", "oversample-all", "twotheta-axis", "hkl-nearest"} {
		text, err := os.ReadFile(filepath.Join(dir, name, "args.txt"))
		if err != nil {
			t.Logf("SKIPPED: %v", err)
			break
		}
		words := strings.Fields(string(text))
		for i, w := range words {
			if w == "-mat" || w == "-hkl" {
				words[i+1] = filepath.Join(dir, name, words[i+1])
				if _, err := os.Stat(words[i+1]); err != nil {
					words[i+1] = filepath.Join(dir, filepath.Base(words[i+1]))
				}
			}
		}
		out = append(out, plantCase{name, sim.ProfileNanoBragg, builder("", words...), sim.Pixel{Slow: 25, Fast: 41}})
	}
	return out
}

// planter plants sets of choices of a case.
type planter struct {
	plantCase
	s *settingsSearch
}

func newPlanter(t *testing.T, c plantCase) *planter {
	t.Helper()
	s := &settingsSearch{opt: SettingsOptions{Build: c.build, Profile: c.profile, Pixel: &c.pixel, Tolerance: parity.DefaultTolerance}}
	hold(t, s, read(t, "none", nil))
	if err := s.start(); err != nil {
		t.Fatalf("%s: %v", c.name, err)
	}
	return &planter{c, s}
}

// hold makes a log the reference of a search.
func hold(t testing.TB, s *settingsSearch, ref *trace.Source) {
	t.Helper()
	var err error
	s.opt.Ref = ref
	if s.log, err = ref.Log(t.Context(), schema.NanoBragg()); err != nil {
		t.Fatal(err)
	}
	if s.ref, s.head, err = beginning(ref, s.log); err != nil {
		t.Fatal(err)
	}
}

// plant draws a set of n choices each of which the trace needs: without it, the
// trace is another.
func (p *planter) plant(t *testing.T, r *rand.Rand, n int) (set []string, log string) {
	t.Helper()
	for range 1000 {
		set = nil
		for _, i := range r.Perm(len(p.s.space)) {
			if c := p.s.space[i]; len(set) < n && !p.s.taken(set, c) {
				set = append(set, c.String())
			}
		}
		slices.SortFunc(set, func(a, b string) int { return p.s.index[a] - p.s.index[b] })
		if log, ok := p.needed(t, set); ok {
			return set, log
		}
	}
	t.Fatalf("%s: no set of %d choices", p.name, n)
	return nil, ""
}

func (p *planter) needed(t *testing.T, set []string) (string, bool) {
	ctx := context.Background()
	text, failed := p.text(t, set)
	if failed {
		return "", false
	}
	hold(t, p.s, read(t, "planted.log", []byte(text)))
	for i := range set {
		rest := append(append([]string(nil), set[:i]...), set[i+1:]...)
		without, err := p.s.probe(ctx, p.s.point(rest))
		if err != nil {
			t.Fatal(err)
		}
		if without.Failed == "" && without.Explains() {
			return "", false
		}
	}
	return text, true
}

func (p *planter) text(t *testing.T, set []string) (string, bool) {
	c, err := p.s.configure(set)
	if err != nil {
		return "", true
	}
	e, err := sim.Prepare(c)
	if err != nil || e.Steps > 1<<16 {
		return "", true
	}
	text, err := simulated(context.Background(), e, p.pixel, p.s.dialect)
	return string(text), err != nil
}

// How a planted set is found.
const (
	exactly    = "exactly"
	equivalent = "as an equivalent of the same size"
	smaller    = "as a smaller equivalent"
	larger     = "as a larger set"
	missed     = "missed"
)

func (p *planter) find(t *testing.T, set []string, text string) (how string, rep *SettingsReport) {
	rep = settings(t, SettingsOptions{Ref: read(t, "planted.log", []byte(text)), Pixel: &p.pixel, Build: p.build, Profile: p.profile})
	switch n := len(rep.Best.Set); {
	case !rep.Explained():
		return missed, rep
	case slices.Equal(rep.Best.Set, set):
		return exactly, rep
	case n == len(set):
		return equivalent, rep
	case n < len(set):
		return smaller, rep
	}
	return larger, rep
}

// Sets of one to four mistakes are planted and searched for, and all of them must
// be found: by name, or as an equivalent that is no larger. SIMTRACE_PLANTS says
// how many of each size are planted into each configuration, SIMTRACE_PLANT_SEED
// which; without it, one and four go into the toy.
func TestPlantedSets(t *testing.T) {
	testkit.NotUnderRace(t)
	cases, each, sizes := plantCases(t), envNumber("SIMTRACE_PLANTS"), []int{1, 2, 3, 4}
	if each == 0 {
		cases, each, sizes = cases[:1], 1, []int{1, 4}
	}
	var tally [5]map[string]int
	for _, n := range sizes {
		tally[n] = map[string]int{}
		for i, c := range cases {
			p := newPlanter(t, c)
			r := rand.New(rand.NewPCG(uint64(7+envNumber("SIMTRACE_PLANT_SEED")), uint64(10*i+n)))
			for range each {
				set, text := p.plant(t, r, n)
				how, rep := p.find(t, set, text)
				if tally[n][how]++; how == missed || how == larger {
					t.Errorf("%s: %s is %s: %s", c.name, strings.Join(set, " "), how, rep.Best.Name())
				} else if how != exactly {
					t.Logf("%s: %s is found %s: %s", c.name, strings.Join(set, " "), how, rep.Best.Name())
				}
			}
		}
		t.Log(n, "planted:", tally[n])
	}
}

func envNumber(name string) int {
	n, _ := strconv.Atoi(os.Getenv(name))
	return n
}
