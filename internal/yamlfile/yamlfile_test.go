package yamlfile

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

func root(t *testing.T, text string) (File, *yaml.Node) {
	t.Helper()
	f := File{Name: "f.yaml"}
	n, err := f.Root(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return f, n
}

func TestRootRefuses(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "f.yaml:1: the file is empty"},
		{"a: 1\n---\nb: 2\n", "f.yaml:2: a second document"},
		{"a: 1\n b: [\n", "f.yaml:2: "},
		{"a: *none\n", "f.yaml:1: unknown anchor"},
		{"a: 1\n---\n[\n", "f.yaml:"},
	} {
		_, err := File{Name: "f.yaml"}.Root(strings.NewReader(c.text))
		if err == nil || !strings.HasPrefix(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v, want %s", c.text, err, c.want)
		}
	}
}

func TestFields(t *testing.T) {
	f, n := root(t, "name: x\nlist: &l [a, b]\nmore: *l\n")
	fields, err := f.Fields(n, "a file", "name", "list", "more")
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"list", "more"} {
		words, err := f.Words(fields[key], key)
		if diff := cmp.Diff([]string{"a", "b"}, words); diff != "" || err != nil {
			t.Errorf("%s: %v %s", key, err, diff)
		}
	}
	if words, err := f.Words(nil, "none"); words != nil || err != nil {
		t.Error("what is not there has no words")
	}
	if at := f.At(fields["list"]); at != "f.yaml:2" {
		t.Error(at)
	}
	for _, c := range []struct{ text, want string }{
		{"- a\n", "f.yaml:1: a file must be a mapping"},
		{"name: x\nnmae: y\n", `f.yaml:2: unknown key "nmae" in a file`},
		{"name: x\nlist: []\nname: y\n", "f.yaml:3: name stands twice, in line 1 as well"},
		{"name: x\n? [a]\n: b\n", "f.yaml:2: a key of a file must be a word"},
	} {
		f, n := root(t, c.text)
		if _, err := f.Fields(n, "a file", "name", "list"); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%q: %v, want %s", c.text, err, c.want)
		}
	}
}

func TestScalars(t *testing.T) {
	for _, c := range []struct {
		text   string
		number float64 // -1 where it is none
		whole  int
		word   string
	}{
		{"1e-6", 1e-6, -1, "1e-6"}, {"5", 5, 5, "5"}, {"0", 0, 0, "0"}, {".nan", -1, -1, ".nan"}, {"inf", -1, -1, "inf"}, {"1e999", -1, -1, "1e999"},
		{"abc", -1, -1, "abc"}, {`" "`, -1, -1, ""}, {"null", -1, -1, ""}, {"[1]", -1, -1, ""},
	} {
		f, n := root(t, "v: "+c.text+"\n")
		v := n.Content[1]
		if x, err := f.Number(v, "v"); (err == nil) != (c.number >= 0) || err == nil && x != c.number {
			t.Errorf("%s is the number %v, %v", c.text, x, err)
		}
		if i, err := f.Integer(v, "v"); (err == nil) != (c.whole >= 0) || err == nil && i != c.whole {
			t.Errorf("%s is the integer %v, %v", c.text, i, err)
		}
		if w, err := f.Word(v, "v"); (err == nil) != (c.word != "") || w != c.word {
			t.Errorf("%s is the word %q, %v", c.text, w, err)
		}
	}
	f, n := root(t, "v: -5\n")
	if _, err := f.Integer(n.Content[1], "v"); err == nil || err.Error() != `f.yaml:1: v must be an integer of at least 0, not "-5"` {
		t.Error(err)
	}
	f, n = root(t, "v:\n  - a\n  - a\n")
	if _, err := f.Words(n.Content[1], "v"); err == nil || err.Error() != "f.yaml:3: a stands twice in v" {
		t.Error(err)
	}
}
