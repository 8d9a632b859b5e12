package schema

import "testing"

// TestCausalOrder: a quantity comes after everything that it is computed from,
// so that comparing keys compares ranks.
func TestCausalOrder(t *testing.T) {
	for _, q := range All() {
		if q.Name == "" {
			t.Errorf("key %d has no entry in the table", q.Key)
		}
		for _, p := range q.Parents {
			if p == None || p >= q.Key {
				t.Errorf("%s comes before its parent %s", q.Name, p)
			}
		}
	}
}

func TestNames(t *testing.T) {
	for _, q := range All() {
		find := ByName
		switch q.Scope {
		case PerPhi:
			find = PhiByName
		case PerSource:
			find = SourceByName
		}
		for _, n := range append([]string{q.Name}, q.Aliases...) {
			if k, ok := find(n); !ok || k != q.Key {
				t.Errorf("%s is found as %v, %v", n, k, ok)
			}
		}
	}
	if _, ok := ByName("k_frac"); ok {
		t.Error("k_frac is a column of the phi rows, not a line of the block")
	}
	if k, ok := PhiByName("F_latt"); !ok || k == FLatt {
		t.Error("F_latt of a phi row has a key of its own")
	}
	if k, ok := ByName("fluence"); !ok || k != Fluence {
		t.Error("fluence is fluence_photons_per_m2")
	}
}

// TestStandIns: what may stand in for a quantity has its shape, and is not
// itself.
func TestStandIns(t *testing.T) {
	for _, q := range All() {
		for _, s := range q.Same {
			if s == q.Key || Info(s).Kind != q.Kind || Info(s).Unit != q.Unit {
				t.Errorf("%s cannot stand in for %s", s, q.Name)
			}
		}
	}
}

func TestAncestors(t *testing.T) {
	seen := map[Key]bool{}
	for _, k := range Ancestors(IPixelFinal) {
		seen[k] = true
	}
	for _, k := range []Key{RotB, ScatteringVec, PixelPos, Fluence, Pix0BeforeRotation, RotAStar, PhiKFrac} {
		if !seen[k] {
			t.Errorf("%s is an ancestor of I_pixel_final", k)
		}
	}
	if seen[FloatImage] || seen[IPixelFinal] {
		t.Error("descendants among the ancestors")
	}
	if len(Ancestors(IncidentVec)) != 0 {
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
