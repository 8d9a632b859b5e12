package main

import (
	"slices"
	"strings"
	"testing"
)

func TestSplitWords(t *testing.T) {
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
		got, err := splitWords(in)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %q, %v; want %q", in, got, err, want)
		}
		again, err := splitWords(quoteWords(got))
		if err != nil || !slices.Equal(again, got) {
			t.Errorf("%s: quoted and split again %q, %v", in, again, err)
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
		if got, err := splitWords(in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %q, %v; want an error with %q", in, got, err, want)
		}
	}
}

// What is quoted is read back as it was, whatever it holds.
func FuzzQuoteWords(f *testing.F) {
	f.Add("a b", `c'd"`)
	f.Add("", "\\")
	f.Add("x\ny", "$HOME | *")
	f.Fuzz(func(t *testing.T, a, b string) {
		want := []string{"cmd", strings.ToValidUTF8(a, "?"), strings.ToValidUTF8(b, "?")}
		got, err := splitWords(quoteWords(want))
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %q, %v", want, got, err)
		}
	})
}
