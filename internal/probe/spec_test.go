package probe

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"simtrace/pkg/trace/schema"
)

func TestBadFiles(t *testing.T) {
	spring := "program: {run: x, source: DIR/spring.c}\n"
	for _, c := range []struct{ text, want string }{
		{"", "p.yaml:1: the file is empty"},
		{"program: {run: x}\n", "p.yaml:1: a probes file needs taps"},
		{"taps: []\n", "p.yaml:1: a probes file needs program"},
		{spring + "tap: []\n", `p.yaml:2: unknown key "tap" in a probes file (did you mean taps?)`},
		{spring + "taps: []\n", "p.yaml:2: taps must be a list of at least one tap"},
		{"program: {}\ntaps: []\n", "p.yaml:1: program needs one of run, a compiled program, and python, a script"},
		{"program: {run: a, python: b}\ntaps: []\n", "p.yaml:1: program needs one of run"},
		{"program: {run: a, interpreter: b}\ntaps: []\n", "p.yaml:1: interpreter is for python"},
		{"program: {run: a, sorce: b}\ntaps: []\n", `p.yaml:1: unknown key "sorce" in program (did you mean source?)`},
		{"program: {run: a, args: b}\ntaps: []\n", "p.yaml:1: args must be a list"},
		{"program: {run: a, roi: all}\ntaps: []\n", "p.yaml:1: roi must be auto"},
		{"program: {run: a, roi: auto}\ntaps: []\n", "p.yaml:1: roi: auto needs a pixel: [SLOW, FAST]"},
		{spring + "pixel: 5\ntaps: []\n", "p.yaml:2: pixel must be [SLOW, FAST]"},
		{spring + "schema: none.yaml\ntaps: []\n", "p.yaml:2: schema: open "},
		{spring + "disarm: {at: a.c:1}\ntaps:\n  - {at: a.c:1, quantity: a, value: b}\n", "p.yaml:2: disarm needs an arm before it"},
		{spring + "arm: {when: x}\ntaps: []\n", "p.yaml:2: arm needs a place"},
		{spring + "arm: {at: a.c}\ntaps: []\n", "p.yaml:2: at a.c: FILE:LINE or /PATTERN/ is needed"},
		{spring + "arm: {at: a.c:0}\ntaps: []\n", "p.yaml:2: at a.c:0: FILE:LINE"},
		{spring + "arm: {at: /(/}\ntaps: []\n", "p.yaml:2: at /(/: error parsing regexp"},
		{spring + "arm: {at: /include .stdio/-5}\ntaps: []\n", "p.yaml:2: at /include .stdio/-5: there is no such line"},
		{spring + "arm: {at: 'none.c:/x/'}\ntaps: []\n", "p.yaml:2: at none.c:/x/: the source cannot be read: open "},
		{"program: {run: x}\narm: {at: /x/}\ntaps: []\n", "p.yaml:2: at /x/: program needs source: FILE"},
		{spring + "arm: {at: a.c:1, when: x == $slow}\ntaps: []\n", "p.yaml:2: when has $slow or $fast: give the pixel"},
		{spring + "arm: {at: a.c:1, once: 3}\ntaps: []\n", `p.yaml:2: once must be true or false, not "3"`},
		{spring + "taps:\n  - {at: a.c:1, value: b}\n", "p.yaml:3: a tap needs a quantity"},
		{spring + "taps:\n  - {at: a.c:1, quantity: a}\n", "p.yaml:3: a tap needs a value"},
		{spring + "taps:\n  - {at: a.c:1, quantity: a, value: []}\n", "p.yaml:3: value is empty"},
		{spring + "taps:\n  - {at: a.c:1, quantity: a b, value: c}\n", "p.yaml:3: a quantity's name is one word"},
		{spring + "taps:\n  - {at: a.c:1, quantity: a, value: c, per: step}\n", `p.yaml:3: per must be a key of the index, or run, not "step"`},
		{spring + "taps:\n  - {at: a.c:1, quantity: a, value: c, stream: phi}\n", "p.yaml:3: stream is for schema: nanobragg"},
		{spring + "schema: nanobragg\nindex: {phy: 3}\ntaps: []\n", "p.yaml:3: phy is no index of the schema, which has slow, fast, layer, sub, source, domain, phi (did you mean phi?)"},
		{spring + "schema: nanobragg\ntaps:\n  - {at: a.c:1, quantity: F_lat, value: c}\n", "p.yaml:4: the schema has no quantity F_lat of this kind (did you mean F_latt?)"},
		{spring + "schema: nanobragg\ntaps:\n  - {at: a.c:1, quantity: F_cell, stream: phi, value: c}\n", "p.yaml:4: the schema has no quantity F_cell of this kind"},
		{spring + "schema: nanobragg\ntaps:\n  - {at: a.c:1, quantity: F_cell, stream: rows, value: c}\n", "p.yaml:4: stream must be phi"},
	} {
		_, err := parsed(t, "", c.text)
		if err == nil {
			t.Errorf("%s: no error, want %s", c.text, c.want)
		} else if got := withoutFolder(err); !strings.HasPrefix(got, c.want) || strings.Contains(got, "\n") {
			t.Errorf("%s:\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

// TestRows: each kind of schema has its own lines, read back in the command's tests.
func TestRows(t *testing.T) {
	need(t, "python3")
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	main := write("m.py", "p = [0.1, 0.2, 0.3]\nn = 5\nprint(n)\n")
	users := write("s.yaml", "prefixes: [DBG]\nindex: [step, i]\nquantities:\n  - {name: position, aliases: [pos]}\n  - {name: energy, per: step}\n  - {name: total, per: run}\n")
	for _, c := range []struct{ name, text, want string }{
		{"a schema file", "schema: " + users + "\nindex: {step: n, i: 7}\ntaps:\n  - {at: m.py:3, quantity: pos, value: p}\n  - {at: m.py:3, quantity: energy, value: n}\n  - {at: m.py:3, quantity: total, value: n}\n",
			lines("DBG step=5 i=7 position=0.1 0.2 0.3 at=m.py:3", "DBG step=5 energy=5 at=m.py:3", "DBG total=5 at=m.py:3")},
		{"nanoBragg", "schema: nanobragg\nindex: {slow: n, fast: 6, phi: 2, domain: 1, sub: 3}\ntaps:\n  - {at: m.py:3, quantity: hkl_frac, value: p}\n  - {at: m.py:3, quantity: fluence, value: n}\n  - {at: m.py:3, quantity: k_frac, value: n}\n  - {at: m.py:3, quantity: ratio, value: n}\n  - {at: m.py:3, quantity: detector_convention, value: \"'XDS'\"}\n",
			lines(`{"stream":"note","key":"narrowed","text":" quantities=detector_convention,fluence_photons_per_m2,hkl_frac,k_frac,ratio"}`,
				`{"stream":"pixel","key":"hkl_frac","pixel":[5,6],"phi":2,"domain":1,"sub":3,"values":[0.1,0.2,0.3],"at":"m.py:3"}`,
				`{"stream":"pixel","key":"fluence_photons_per_m2","pixel":[5,6],"values":[5],"at":"m.py:3"}`,
				`{"stream":"phi","key":"k_frac","pixel":[5,6],"phi":2,"domain":1,"sub":3,"values":[5],"at":"m.py:3"}`,
				`{"stream":"setup","key":"ratio","values":[5],"at":"m.py:3"}`,
				`{"stream":"setup","key":"detector_convention","text":"XDS","at":"m.py:3"}`)},
		{"too many numbers", "schema: nanobragg\ntaps:\n  - {at: m.py:3, quantity: ratio, value: p}\n", "p.yaml:4: ratio is a scalar (1 number), and its value at m.py:3 has 3"},
	} {
		if got := probed(t, "", "program: {python: "+main+"}\n"+c.text); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

// TestPixel: the command line's pixel stands in for the file's.
func TestPixel(t *testing.T) {
	text := "program: {run: x, roi: auto}\npixel: [1, 2]\narm: {at: a.c:1, when: y == $slow && x == $fast}\ntaps:\n  - {at: a.c:1, quantity: a, value: $fast}\n"
	for _, c := range []struct {
		pixel      *Pixel
		when, want string
	}{{nil, "y == 1 && x == 2", "2"}, {&Pixel{30, 40}, "y == 30 && x == 40", "40"}} {
		s, err := Read(strings.NewReader(text), "p.yaml", c.pixel, func(string) (*schema.Schema, error) { return nil, nil })
		if err != nil || s.Arm.When != c.when || s.Taps[0].Values[0].Text != c.want || !s.Program.ROI {
			t.Errorf("%v: %v %+v", c.pixel, err, s)
		}
	}
}
