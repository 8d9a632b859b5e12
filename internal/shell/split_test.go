package shell

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSplit(t *testing.T) {
	for in, want := range map[string][]string{
		"nanoBragg -mat A.mat":      {"nanoBragg", "-mat", "A.mat"},
		"  a\t b  ":                 {"a", "b"},
		`a 'b c' "d e"`:             {"a", "b c", "d e"},
		`a b\ c \"`:                 {"a", "b c", `"`},
		`a "x\"y" "x\y" "\$z"`:      {"a", `x"y`, `x\y`, "$z"},
		`a '' ""`:                   {"a", "", ""},
		`a'b'"c"d`:                  {"abcd"},
		`sh -c 'x | y > "$z"'`:      {"sh", "-c", `x | y > "$z"`},
		`python -c 'print("hi")' é`: {"python", "-c", `print("hi")`, "é"},
	} {
		got, err := Split(in)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", in, err, diff)
		}
		again, err := Split(Join(got))
		if diff := cmp.Diff(got, again); err != nil || diff != "" {
			t.Errorf("%s: quoted and split again: %v (-before +after):\n%s", in, err, diff)
		}
	}
	for in, want := range map[string]string{
		"":              "needed",
		"''":            "needed",
		"a 'b":          "not closed",
		`a "b`:          "not closed",
		`a \`:           "backslash",
		"a | b":         "shell",
		"a > b":         "shell",
		`a "$HOME"`:     "shell",
		"a $(b)":        "shell",
		"a; b":          "shell",
		"a *.log":       "shell",
		"FOO=\"`x`\" a": "shell",
	} {
		if got, err := Split(in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %q, %v; want an error with %q", in, got, err, want)
		}
	}
}

// What is quoted is read back as it was, whatever it holds.
func FuzzJoin(f *testing.F) {
	f.Add("a b", `c'd"`)
	f.Add("", "\\")
	f.Add("x\ny", "$HOME | *")
	f.Fuzz(func(t *testing.T, a, b string) {
		want := []string{"cmd", strings.ToValidUTF8(a, "?"), strings.ToValidUTF8(b, "?")}
		got, err := Split(Join(want))
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	})
}
