package input

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestShortNames(t *testing.T) {
	for _, c := range []struct{ a, b, wantA, wantB string }{
		{"x/c.log", "y/py.log", "c.log", "py.log"},
		{"x/t.log", "y/t.log", "x/t.log", "y/t.log"},
		{"a/x/t.log", "b/x/t.log", "a/x/t.log", "b/x/t.log"},
		{"t.log", "x/t.log", "t.log", "x/t.log"},
		{"t.log", "./t.log", "t.log", "t.log"},
		{"-", "x/t.log", "-", "t.log"},
		{"/t.log", "/x/t.log", "/t.log", "t.log"},
	} {
		if diff := cmp.Diff([2]string{c.wantA, c.wantB}, ShortNames(c.a, c.b)); diff != "" {
			t.Errorf("%s and %s (-want +got):\n%s", c.a, c.b, diff)
		}
	}
}
