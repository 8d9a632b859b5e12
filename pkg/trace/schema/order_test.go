package schema

import "testing"

// Comparing two keys compares their rank in the causal graph, which holds
// only if every quantity comes after all of its parents.
func TestKeysAreInCausalOrder(t *testing.T) {
	for k := None + 1; k < Key(Count); k++ {
		for _, p := range Info(k).Parents {
			if p == None || p >= k {
				t.Errorf("%s comes before its parent %s", k, p)
			}
		}
	}
}
