package suggest

import "testing"

func TestNearest(t *testing.T) {
	known := []string{"parents", "prefixes", "shape", "unit"}
	for s, want := range map[string]string{
		"parent": " (did you mean parents?)",
		"shap":   " (did you mean shape?)",
		"unti":   " (did you mean unit?)", // a letter exchanged is two edits
		"units":  " (did you mean unit?)",
		"":       "",
		"colour": "",
		"unit":   " (did you mean unit?)",
	} {
		if got := Nearest(s, known); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
	// Of several that are as near, the first listed.
	if got := Nearest("aaab", []string{"aaac", "aaad"}); got != " (did you mean aaac?)" {
		t.Error(got)
	}
	if got := Nearest("x", nil); got != "" {
		t.Error(got)
	}
}

func TestEditDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"", "abc", 3}, {"kitten", "sitting", 3}, {"flaw", "lawn", 2}, {"same", "same", 0}} {
		if got := editDistance(c.a, c.b); got != c.want {
			t.Errorf("%q to %q: %d, want %d", c.a, c.b, got, c.want)
		}
		if got := editDistance(c.b, c.a); got != c.want {
			t.Errorf("%q to %q: %d, want %d", c.b, c.a, got, c.want)
		}
	}
}
