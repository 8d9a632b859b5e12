package trace

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simtrace/internal/testkit"
	"simtrace/pkg/trace/schema"
)

// inferred is the schema that is found for a log of which nothing is known.
func inferred(t testing.TB, text string) *schema.Schema {
	t.Helper()
	src := Text(text, "a.log")
	s, _, err := Infer(context.Background(), [2]*Source{src, src})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// anyLogs are logs of several programs of which nothing is known, by name.
func anyLogs(t testing.TB) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, path := range testkit.SharedGlob(t, "cases", "any", "*-same", "ref.log") {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.Base(filepath.Dir(path))] = string(text)
	}
	return out
}

// manySteps makes logs of many steps, of forms that programs have.
func manySteps(r *rand.Rand, steps int) map[string]string {
	forms := map[string]func(i int) string{
		"table": func(i int) string {
			return fmt.Sprintf("%8d   %-14.8g %-14.8g %14.8g\n", i*10, r.NormFloat64()*300, -4000+r.NormFloat64(), r.NormFloat64()*1e-9)
		},
		"pairs": func(i int) string {
			return fmt.Sprintf("step %d\n  loss = %.8f\n  grad norm = %.10e\n  lr: %.6e\n", i, r.Float64(), r.NormFloat64(), r.Float64())
		},
		"logging": func(i int) string {
			return fmt.Sprintf("2026-01-%02d 11:%02d:%02d,%03d INFO trainer: step=%d loss=%.6f it/s=%.2f\n", 1+i/1000, i/60%60, i%60, r.IntN(1000), i, r.Float64(), r.Float64())
		},
		"csv": func(i int) string {
			return fmt.Sprintf("%d,%.8f,%.3e,word,%d\n", i, r.Float64(), r.NormFloat64(), r.IntN(9))
		},
		"clocks": func(i int) string {
			return fmt.Sprintf("Step %d  energy: %.4f Ry\nforce %12.6f %12.6f %12.6f\n   time now %02d:%02d:%02d, elapsed %.2f s\n", i, r.NormFloat64(), r.NormFloat64(), r.NormFloat64(), r.NormFloat64(), i/3600%24, i/60%60, i%60, r.Float64())
		},
		"nested": func(i int) string {
			return fmt.Sprintf("step %d\nscf:\n  iter 1 residual %.3e\n  iter 2 residual %.3e\nforces = [%.3f, %.3f]\n", i, r.Float64(), r.Float64(), r.NormFloat64(), r.NormFloat64())
		},
		"fortran": func(i int) string {
			return strings.ReplaceAll(fmt.Sprintf("%6d % .8E % .8E % .3E\n", i, r.NormFloat64(), r.NormFloat64(), r.NormFloat64()), "E", "D")
		},
		"columns": func(i int) string {
			return fmt.Sprintf("           Step           Time\n%15d %14.5f\n\n   Energies (kJ/mol)\n           Bond          Angle    Proper Dih.\n%15.5e%15.5e%15.5e\n\n", i*100, float64(i)*0.2, r.NormFloat64()*1e3, r.NormFloat64(), r.NormFloat64())
		},
		"blocks": func(i int) string {
			return fmt.Sprintf("Iteration %d\nenergy: %.12g Ha\nforces = [%.6f, %.6f, %.6f]\nmax force: %.3e\nconverged: no\n\n", i, r.NormFloat64(), r.NormFloat64(), r.NormFloat64(), r.NormFloat64(), r.Float64())
		},
		"tables by turns": func(i int) string {
			return fmt.Sprintf("Step %d\n          Angle    Proper Dih.\n%15.5e%15.5e\n      Potential    Pressure (bar)\n%15.5e%15.5e\n", i, r.NormFloat64(), r.NormFloat64(), r.NormFloat64(), r.NormFloat64())
		},
		"rows with labels": func(i int) string {
			return fmt.Sprintf("Iteration %d\n  atom       fx        fy\n  H1   %9.6f %9.6f\n  O2   %9.6f %9.6f\n  term      value\n  bond %9.6f\n", i, r.NormFloat64(), r.NormFloat64(), r.NormFloat64(), r.NormFloat64(), r.NormFloat64())
		},
		"keys": func(i int) string {
			return fmt.Sprintf("iter=%d f=%.12g gnorm=%.6e alpha=%.4f\n", i, r.NormFloat64(), r.Float64(), r.Float64())
		},
		"json": func(i int) string {
			return fmt.Sprintf(`{"ts": "2026-01-%02dT11:%02d:%02d.%03dZ", "step": %d, "loss": %.17g, "opt": {"lr": %.3e, "kind": "adam%d"}, "grad": [%.4f, %.4f], "ok": true}`+"\n",
				1+i/1000, i/60%60, i%60, r.IntN(1000), i, r.NormFloat64(), r.Float64(), r.IntN(9), r.NormFloat64(), r.NormFloat64())
		},
	}
	heads := map[string]string{"table": "    Step    Temp    Energy    Press\n", "csv": "step,loss,rate,kind,n\n", "fortran": "  ITER     RES          CL          CD\n"}
	out := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(forms)) {
		var b strings.Builder
		b.WriteString("some program 1.2.3\n" + heads[name])
		for i := range steps {
			b.WriteString(forms[name](i))
		}
		out[name] = b.String()
	}
	return out
}

var someNumber = regexp.MustCompile(`-?\d+\.\d+(?:e[-+]\d+)?`)

// disturbed changes a log here and there: numbers, digits, blanks, bytes, lines.
func disturbed(r *rand.Rand, text string) string {
	var out strings.Builder
	for line := range strings.Lines(text) {
		switch b := []byte(line); r.IntN(40) {
		case 0, 1, 2, 3:
			line = someNumber.ReplaceAllStringFunc(line, func(string) string { return otherNumber(r) })
		case 4, 5:
			for i, c := range b {
				if c-'0' <= 9 && r.IntN(4) == 0 {
					b[i] = '0' + byte(r.IntN(10))
				}
			}
			line = string(b)
		case 6, 7:
			line = strings.ReplaceAll(line, " ", "  ")
		case 8:
			b[r.IntN(len(b))] = "0123456789.- e=,:;/[]()x\t\r\n%"[r.IntN(28)]
			line = string(b)
		case 9:
			line += line
		case 10:
			line = "Jan 5 heading:\n" + line
		}
		out.WriteString(line)
	}
	return out.String()
}

// TestTextLayouts: blocks of logs of which nothing is known are read by layouts as
// they are line by line, however they are disturbed.
func TestTextLayouts(t *testing.T) {
	testkit.NotUnderRace(t)
	r := rand.New(rand.NewPCG(110, 1))
	logs := manySteps(r, 300)
	for _, name := range slices.Sorted(maps.Keys(logs)) {
		text := logs[name]
		s := inferred(t, text)
		hits := checkLayouts(t, text, s, Options{})
		t.Logf("%s: %d of 300 blocks by a layout", name, hits)
		if hits < 200 {
			t.Errorf("%s: only %d of 300 blocks were read by a layout", name, hits)
		}
		for range 6 {
			checkLayouts(t, disturbed(r, text), s, Options{})
		}
	}
	logs = anyLogs(t)
	for _, name := range slices.Sorted(maps.Keys(logs)) {
		text := logs[name]
		s := inferred(t, text)
		checkLayouts(t, text, s, Options{})
		for range 8 {
			checkLayouts(t, disturbed(r, text), s, Options{})
		}
	}
}

// TestLayoutBelowHeader: a header names numbers that stand below it alone, by a layout
// as well.
func TestLayoutBelowHeader(t *testing.T) {
	var b strings.Builder
	for i := range 40 {
		names, indent := "A        B", ""
		if i%2 == 1 {
			names = "C        D"
		}
		if i == 37 {
			indent = strings.Repeat(" ", 30) // of C and D, but not below them
		}
		fmt.Fprintf(&b, "step %d\n        %s\n%s%9.3f%9.3f\n", i, names, indent, float64(i)+0.5, float64(i)/3)
	}
	if hits := checkLayouts(t, b.String(), inferred(t, b.String()), Options{}); hits < 30 {
		t.Errorf("only %d of 40 blocks were read by a layout", hits)
	}
}

// TestNumberBehindClock: a number that a comma alone parts from a time of day is of
// that time where it is printed otherwise.
func TestNumberBehindClock(t *testing.T) {
	var b strings.Builder
	for i := range 60 {
		after := fmt.Sprintf("%03d", 100+i)
		if i%10 == 5 {
			after = fmt.Sprintf(".%02d", i)
		}
		fmt.Fprintf(&b, "2026-01-01 11:02:%02d,%s INFO trainer: step=%d loss=%.6f\n", i, after, i, float64(i)/7)
	}
	s := inferred(t, strings.ReplaceAll(b.String(), ",.", ",0"))
	checkScan(t, b.String(), s)
	checkLayouts(t, b.String(), s, Options{})
}

// TestScanTemplates: a scan that goes past lines which it knows finds the same
// blocks as one that reads every line, and hands on the same of the lines before.
func TestScanTemplates(t *testing.T) {
	testkit.NotUnderRace(t)
	r := rand.New(rand.NewPCG(9, 2))
	logs := manySteps(r, 300)
	for _, name := range slices.Sorted(maps.Keys(logs)) {
		text := logs[name]
		s := inferred(t, text)
		if len(s.Index) == 0 {
			t.Fatalf("%s: no counter was found", name)
		}
		known := checkScan(t, text, s)
		t.Logf("%s: %d templates", name, known)
		if known == 0 && name != "table" && name != "fortran" {
			t.Errorf("%s: no template was learnt", name)
		}
		for range 6 {
			checkScan(t, disturbed(r, text), s)
		}
	}
	logs = anyLogs(t)
	for _, name := range slices.Sorted(maps.Keys(logs)) {
		text := logs[name]
		s := inferred(t, text)
		for range 8 {
			checkScan(t, disturbed(r, text), s)
		}
	}
}

// inOrderMet numbers coordinates that are no integers in the order in which they come:
// how many others were met before does not matter.
type inOrderMet map[string]int32

func (m inOrderMet) of(names *Names, c int32) int32 {
	text, ok := names.CoordText(c)
	if !ok {
		return c
	}
	if _, seen := m[text]; !seen {
		m[text] = wordBase + int32(len(m))
	}
	return m[text]
}

func checkScan(t *testing.T, text string, s *schema.Schema) (known int) {
	t.Helper()
	var found [2]*walk
	for i := range found {
		w := newWalk(Text(text, "a.log"), NewNames(s), Options{})
		if i == 1 {
			w.s.reader.text.templates.on = false
		}
		if err := w.toEnd(context.Background()); err != nil {
			t.Fatal(err)
		}
		found[i] = w
	}
	a, b := pieces(found[0].x), pieces(found[1].x)
	for i, list := range [][]Piece{a, b} {
		numbers := inOrderMet{}
		for k := range list {
			list[k].At[0] = numbers.of(found[i].s.names.all, list[k].At[0])
		}
	}
	if diff := cmp.Diff(b, a); diff != "" {
		t.Fatalf("where blocks begin, by templates (+) and line by line (-): %s\n%.3000s", diff, text)
	}
	for _, p := range a {
		x, y := found[0].x.states.at(p.Line), found[1].x.states.at(p.Line)
		if !x.alike(y) {
			t.Fatalf("line %d: the state is %+v by templates, %+v line by line\n%.3000s", p.Line+1, x, y, text)
		}
	}
	for _, s := range found[0].s.reader.text.templates.states {
		known += len(s.known)
	}
	return known
}

// TestPrefixKeepsSign: the dash between a prefix and what follows is no sign of a
// number, and the sign no dash.
func TestPrefixKeepsSign(t *testing.T) {
	for line, want := range map[string]string{
		"2026-01-01 10:00:00 -5.0 3.0":         "-5.0 3.0",
		"2026-01-01 10:00:00 - 5.0":            "5.0",
		"2026-01-01 10:00:00 | -5.0":           "-5.0",
		"INFO -5.0":                            "-5.0",
		"INFO: -5.0":                           "-5.0",
		"[INFO] - x = 5":                       "x = 5",
		"10:00:00,123 - INFO - x = -5":         "x = -5",
		"Jan 12 10:00:00 -1.5 is it":           "-1.5 is it",
		"Jan 12 10:00:00 node solver[7]: -1.5": "-1.5",
		"Jan 12 10:00:00 step 7":               "step 7",
		"==312== step 7":                       "step 7",
		"== 5 ==":                              "== 5 ==",
		"Process 2 of 8: sum 5":                "sum 5",
		"Process 2312 started":                 "Process 2312 started",
	} {
		if _, rest := stripPrefixes(line); rest != want {
			t.Errorf("%q without its prefix is %q, not %q", line, rest, want)
		}
	}
}
