package schema

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestCausalOrder: a quantity comes after everything that it is computed from,
// so that comparing keys compares ranks.
func TestCausalOrder(t *testing.T) {
	all := NanoBragg().All()
	if len(all) != Count-1 || NanoBragg().Count() != Count {
		t.Fatalf("%d quantities for %d keys", len(all), Count)
	}
	for i, q := range all {
		if q.Name == "" || q.Key != Key(i+1) {
			t.Errorf("key %d has the entry %q of key %d", i+1, q.Name, q.Key)
		}
		for _, p := range q.Parents {
			if p == None || p >= q.Key {
				t.Errorf("%s comes before its parent %s", q.Name, p)
			}
		}
	}
}

func TestNames(t *testing.T) {
	s := NanoBragg()
	for _, q := range s.All() {
		for _, n := range append([]string{q.Name}, q.Aliases...) {
			if k, ok := s.Find(q.Lines(), n); !ok || k != q.Key {
				t.Errorf("%s is found as %v, %v", n, k, ok)
			}
			if !slices.Contains(s.Named(n), q.Key) {
				t.Errorf("%s is not among the keys named %s", q.Name, n)
			}
		}
	}
	if _, ok := s.Find(BlockLines, "k_frac"); ok {
		t.Error("k_frac is a column of the phi rows, not a line of the block")
	}
	if k, ok := s.Find(PhiLines, "F_latt"); !ok || k == FLatt {
		t.Error("F_latt of a phi row has a key of its own")
	}
	if k, ok := s.Find(BlockLines, "fluence"); !ok || k != Fluence {
		t.Error("fluence is fluence_photons_per_m2")
	}
	if diff := cmp.Diff([]Key{FLatt, PhiFLatt, SourceFLatt}, s.Named("F_latt")); diff != "" {
		t.Errorf("F_latt in any kind of line: %s", diff)
	}
	if len(s.NamesOf()) <= s.Count() || !slices.Contains(s.NamesOf(), "fluence") {
		t.Error("the names lack the aliases")
	}
}

// TestStandIns: what may stand in for a quantity has its shape, and is not
// itself.
func TestStandIns(t *testing.T) {
	for _, q := range NanoBragg().All() {
		for _, k := range q.Same {
			if k == q.Key || Info(k).Kind != q.Kind || Info(k).Unit != q.Unit {
				t.Errorf("%s cannot stand in for %s", k, q.Name)
			}
		}
	}
}

// TestSameAs: either of two may name the other, and the better rank counts.
func TestSameAs(t *testing.T) {
	s := NanoBragg()
	for _, c := range []struct {
		a, b Key
		rank int
		ok   bool
	}{
		{FCell, FCellNearest, 0, true},
		{FCellNearest, FCell, 0, true},
		// FCell names it second, and it names FCell first: the better counts.
		{FCell, FCellInterpolated, 0, true},
		{Pix0Setup, Pix0Vector, 0, true},
		{CloseDistanceSetup, CloseDistance, 0, true}, // only the other says so
		{FCellNearest, FCellInterpolated, -1, false},
		{FCell, FCell, -1, false},
		{None, FCell, 0, false},
		{FCell, None, 0, false},
	} {
		if rank, ok := s.SameAs(c.a, c.b); rank != c.rank || ok != c.ok {
			t.Errorf("%s and %s: %d, %v; want %d, %v", c.a, c.b, rank, ok, c.rank, c.ok)
		}
	}
}

func TestAncestors(t *testing.T) {
	s := NanoBragg()
	up := s.Ancestors(IPixelFinal)
	for _, k := range []Key{RotB, ScatteringVec, PixelPos, Fluence, Pix0BeforeRotation, RotAStar, PhiKFrac} {
		if !slices.Contains(up, k) {
			t.Errorf("%s is an ancestor of I_pixel_final", k)
		}
	}
	if slices.Contains(up, FloatImage) || slices.Contains(up, IPixelFinal) {
		t.Error("descendants among the ancestors")
	}
	if !slices.IsSorted(up) {
		t.Error("the ancestors are not in causal order")
	}
	if len(s.Ancestors(IncidentVec)) != 0 {
		t.Error("incident_vec is an input")
	}
}

func TestStages(t *testing.T) {
	for _, s := range Stages() {
		if got, ok := StageByName(s.String()); !ok || got != s {
			t.Errorf("stage %s is found as %v", s, got)
		}
	}
	if _, ok := StageByName("nothing"); ok {
		t.Error("a stage called nothing")
	}
}

// TestResults: what is said; else what nobody is computed from; else all.
func TestResults(t *testing.T) {
	if diff := cmp.Diff([]Key{IBeforeScaling, IBeforeScalingPrePolar, IPixelFinal, FloatImage}, NanoBragg().Results()); diff != "" {
		t.Errorf("nanoBragg: %s", diff)
	}
	for _, c := range []struct {
		name string
		list []Quantity
		want []Key
	}{
		{"said", []Quantity{{Name: "a"}, {Name: "b", Parents: []Key{1}, Result: true}, {Name: "c", Parents: []Key{2}}}, []Key{2}},
		{"nobody's parent", []Quantity{{Name: "a"}, {Name: "b", Parents: []Key{1}}, {Name: "c", Parents: []Key{1}}}, []Key{2, 3}},
		{"without parents", []Quantity{{Name: "a"}, {Name: "b"}}, []Key{1, 2}},
	} {
		s, err := New("s", nil, c.list)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, s.Results()); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	for _, c := range []struct {
		name string
		list []Quantity
		want string
	}{
		{"one name twice", []Quantity{{Name: "a"}, {Name: "a"}}, "two quantities print as a"},
		{"an alias that is a name", []Quantity{{Name: "a"}, {Name: "b", Aliases: []string{"a"}}}, "two quantities print as a"},
		{"a parent that comes later", []Quantity{{Name: "a", Parents: []Key{2}}, {Name: "b"}}, "a comes before its parent"},
		{"itself", []Quantity{{Name: "a", Parents: []Key{1}}}, "a comes before its parent"},
		{"none as a parent", []Quantity{{Name: "a", Parents: []Key{None}}}, "a comes before its parent"},
	} {
		if _, err := New("s", nil, c.list); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
	// The same name in another kind of line is another quantity.
	if _, err := New("s", nil, []Quantity{{Name: "a"}, {Name: "a", Scope: PerPhi}, {Name: "a", Scope: PerSource}}); err != nil {
		t.Error(err)
	}
}

func TestCoord(t *testing.T) {
	c := AtPixel(5, 6)
	if diff := cmp.Diff(Coord{-1, 5, 6, -1, -1, -1, -1, -1}, c); diff != "" {
		t.Error(diff)
	}
	o := Nowhere
	o[Slow], o[Phi] = 7, 3
	if diff := cmp.Diff(Coord{-1, 5, 6, -1, -1, -1, -1, 3}, c.Joined(o)); diff != "" {
		t.Errorf("what is known stays, what is not comes from the other: %s", diff)
	}
}
