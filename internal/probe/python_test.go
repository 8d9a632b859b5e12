package probe

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simtrace/internal/testkit"
)

const pyHead = "program: {python: DIR/spring.py}\n"

func TestPython(t *testing.T) {
	testkit.NotUnderRace(t)
	need(t, "python3")
	for _, c := range []struct{ name, text, want string }{
		{"values", pyHead + `
index: {step: step, i: i}
arm: {at: "/^        energy = 0.0/", when: step == 1}
taps:
  - {at: "/return f/", quantity: force, value: f, when: i != 1, per: run}
  - {at: "/squares = /", quantity: x, value: ball.x, per: step}
  - {at: "/squares = /", quantity: more, value: ["max(ball.x)", step > 0, "complex(1, -0.1)"], per: run}
  - {at: "/squares = /", quantity: name, value: "'ball'", per: run}
`, lines(`{"force":-4.1020408163265305,"at":"spring.py:12"}`, `{"force":1.3673469387755102,"at":"spring.py:12"}`,
			`{"step":1,"x":[0.873265306122449,0.08732653061224491,-0.29108843537414963],"at":"spring.py:28"}`,
			`{"more":[0.873265306122449,1,1.0,-0.1],"at":"spring.py:28"}`, `{"name":"ball","at":"spring.py:28"}`)},
		{"once each time that the taps are armed", pyHead + `
index: {step: step}
arm: {at: "/^        energy = 0.0/", when: step % 2 == 1}
disarm: {at: "/squares = /"}
taps:
  - {at: "/v.i. .= dt/", quantity: dt, value: dt, once: true}
`, lines(`{"step":1,"dt":0.1,"at":"spring.py:21"}`, `{"step":3,"dt":0.1,"at":"spring.py:21"}`)},
		{"armed once", pyHead + `
arm: {at: "/^        energy = 0.0/", when: step % 2 == 1, once: true}
taps:
  - {at: "/squares = /", quantity: step, value: step}
  - {at: "/return energy/", quantity: energy, value: energy, always: true}
`, lines(`{"step":1,"at":"spring.py:28"}`, `{"energy":0.9249197919380536,"at":"spring.py:29"}`)},
		{"a statement of several lines is one visit", pyHead + `
arm: {at: "/^        energy = 0.0/", when: step == 3}
taps:
  - {at: "/energy = sum/", quantity: step, value: step}
`, lines(`{"step":3,"at":"spring.py:24"}`)},
		{"a comprehension on the line is none", pyHead + `
arm: {at: "/^        energy = 0.0/", when: step == 3}
taps:
  - {at: "/squares = /", quantity: v, value: "[x for x in v if step]", each: i}
`, lines(`{"i":0,"v":-1.5353015410245732,"at":"spring.py:28"}`, `{"i":1,"v":-0.15353015410245735,"at":"spring.py:28"}`, `{"i":2,"v":0.5117671803415245,"at":"spring.py:28"}`)},
	} {
		if diff := cmp.Diff(c.want, probed(t, "", c.text)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestPythonRefusals(t *testing.T) {
	testkit.NotUnderRace(t)
	need(t, "python3")
	tap := func(tap string) string { return pyHead + "taps:\n  - {" + tap + "}\n" }
	for _, c := range []struct{ name, text, want string }{
		{"a blank line", tap(`at: "spring.py:4", quantity: a, value: step`), "p.yaml:3: spring.py:4 has no code; the next line with code is 5, which may be in another branch"},
		{"behind the end", tap(`at: "spring.py:400", quantity: a, value: step`), "p.yaml:3: spring.py:400 has no code; nothing behind it has"},
		{"no such name", tap(`at: "/squares = /", quantity: a, value: stpe`), "p.yaml:3: stpe at spring.py:28: stpe is no name in scope there"},
		{"no such name in the index", pyHead + "index: {k: kk}\ntaps:\n  - {at: \"/squares = /\", quantity: a, value: step}\n", "p.yaml:2: kk at spring.py:28: kk is no name in scope there"},
		{"no expression", tap(`at: "/squares = /", quantity: a, value: "ball["`), "p.yaml:3: ball[ is no Python expression"},
		{"an assignment", tap(`at: "/squares = /", quantity: a, value: "(v := 3)"`), "p.yaml:3: value assigns: (v := 3)"},
		{"an error", tap(`at: "/squares = /", quantity: a, value: "v[7]"`), "p.yaml:3: v[7] at spring.py:28: IndexError: list index out of range"},
		{"no number", tap(`at: "/squares = /", quantity: a, value: ball`), "p.yaml:3: ball at spring.py:28: no number: Body"},
		{"an index that is none", pyHead + "index: {k: dt}\ntaps:\n  - {at: \"/squares = /\", quantity: a, value: step}\n", "p.yaml:2: index k: dt is no integer"},
		{"arrays of two lengths", tap(`at: "/squares = /", quantity: a, value: [v, step], each: i`), "p.yaml:3: a: each: i needs arrays of one length; v has 3 numbers, step has 1"},
		{"never armed", pyHead + "arm: {at: \"/squares = /\", when: step == 100}\ntaps:\n  - {at: \"/return energy/\", quantity: a, value: energy}\n", "p.yaml:4: no row was written: the taps were never armed"},
		{"no file", "program: {python: DIR/none.py}\ntaps:\n  - {at: \"none.py:1\", quantity: a, value: 1}\n", "p.yaml: program: "},
		{"no interpreter", "program: {python: DIR/spring.py, interpreter: nopython}\ntaps:\n  - {at: \"spring.py:28\", quantity: a, value: 1}\n", "p.yaml: program: nopython is not to be found: name it with interpreter: PATH"},
		{"another file", tap(`at: "other.py:3", quantity: a, value: 1`), "p.yaml:3: other.py is no file: name it among the program's source"},
	} {
		got := probed(t, "", c.text)
		if !strings.HasPrefix(got, c.want) || strings.Contains(got, "\n") {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
	text := tap(`at: "/return energy/", quantity: a, value: energy`)
	if got, want := probed(t, "", text, "2", "x"), "spring.py: exit status 1: ValueError: asked for x"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestPythonSameResult: the program prints the same, and knows the same name and arguments.
func TestPythonSameResult(t *testing.T) {
	need(t, "python3")
	main := filepath.Join(t.TempDir(), "main.py")
	if err := os.WriteFile(main, []byte("import sys, os\nx = 0.1\nprint(__name__, sys.argv, sys.path[0], __file__, sum(i * x for i in range(9)))\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	want, err := exec.Command("python3", main, "a b", "-c").Output()
	if err != nil {
		t.Fatal(err)
	}
	s, err := parsed(t, "", "program: {python: "+main+"}\ntaps:\n  - {at: main.py:3, quantity: x, value: x}\n")
	if err != nil {
		t.Fatal(err)
	}
	var out, printed bytes.Buffer
	if _, err := Run(context.Background(), s, &out, Options{Args: []string{"a b", "-c"}, Limit: time.Minute, Program: &printed}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), printed.String()); diff != "" {
		t.Error(diff)
	}
}

// TestArrays: numpy and torch print all digits of their own precision.
func TestArrays(t *testing.T) {
	testkit.NotUnderRace(t)
	python := ""
	for _, p := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(p, "-c", "import numpy, torch").Run() == nil {
			python = p
			break
		}
	}
	if python == "" {
		t.Skip("SKIPPED, NOT TESTED: no Python with numpy and torch")
	}
	main := filepath.Join(t.TempDir(), "main.py")
	code := `import numpy as np
import torch
a = np.array([[0.1, 1 / 3], [1e300, -0.0]])
b = np.float32(0.1)
c = torch.tensor([0.1, 1 / 3], dtype=torch.float64, requires_grad=True)
d = torch.tensor([0.1, 3.0])
e = torch.tensor([True, False])
f = np.array([1 + 2j])
g = np.int64(7)
h = torch.tensor(0.1, dtype=torch.float16)
n = np.array([np.nan, np.inf, -np.inf])
print("done")
`
	if err := os.WriteFile(main, []byte(code), 0o600); err != nil {
		t.Fatal(err)
	}
	text := "program: {python: " + main + ", interpreter: " + python + "}\ntaps:\n"
	for _, v := range []string{"a", "b", "c", "d", "e", "f", "g", "h", "n"} {
		text += "  - {at: main.py:12, quantity: " + v + ", value: " + v + "}\n"
	}
	want := lines(`{"a":[0.1,0.3333333333333333,1e+300,-0.0],"at":"main.py:12"}`, `{"b":0.100000001,"at":"main.py:12"}`,
		`{"c":[0.1,0.3333333333333333],"at":"main.py:12"}`, `{"d":[0.100000001,3],"at":"main.py:12"}`, `{"e":[1,0],"at":"main.py:12"}`,
		`{"f":[1.0,2.0],"at":"main.py:12"}`, `{"g":7,"at":"main.py:12"}`, `{"h":0.0999755859,"at":"main.py:12"}`, `{"n":[NaN,Infinity,-Infinity],"at":"main.py:12"}`)
	if diff := cmp.Diff(want, probed(t, "", text)); diff != "" {
		t.Error(diff)
	}
}

func TestPythonEnds(t *testing.T) {
	need(t, "python3")
	s, err := parsed(t, "", pyHead+"taps:\n  - {at: \"/return f/\", quantity: a, value: f}\n")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	began := time.Time{}
	_, err = Run(ctx, s, &firstRow{do: func() { began = time.Now(); cancel() }}, Options{Args: []string{"100000000"}, Limit: time.Minute})
	if err == nil || err.Error() != "interrupted" || began.IsZero() {
		t.Errorf("%v", err)
	}
	if left := running("spring.py"); left != "" {
		t.Errorf("still running: %s", left)
	}
}
