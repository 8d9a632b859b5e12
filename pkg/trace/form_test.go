package trace

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simtrace/pkg/trace/schema"
)

const toySchema = `index: [step, cell]
quantities:
  - {name: speed, aliases: [v], unit: m/s}
  - {name: sum, per: step}
  - {name: all, per: run}
  - {name: pos, shape: spatial}
  - {name: cell matrix, shape: matrix}
  - {name: table, shape: list}
  - {name: mode, shape: text}
  - {name: n, shape: int}
`

// otherProgram reads a log by a schema, and shows its records: name, place,
// values with their names, text.
func otherProgram(t *testing.T, text, yaml string) (string, *Log) {
	t.Helper()
	sch := readSchema(t, yaml)
	log, err := Text(text, "x").Log(context.Background(), sch)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for i := range log.Records {
		r := &log.Records[i]
		s := []byte(r.Name)
		for k := range sch.Index {
			if r.At[k] >= 0 {
				s = fmt.Append(s, "@", r.At[k])
			}
		}
		for _, v := range r.Values {
			s = append(append(s, ' '), v.Text...)
		}
		if r.Text != "" {
			s = fmt.Appendf(s, " %q", r.Text)
		}
		out = append(out, string(s))
	}
	return strings.Join(out, "; "), log
}

func TestOtherPrograms(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"speed 1.5\n", "speed 1.5"},
		{"v: 1.5 m/s\r\n", `speed 1.5 "m/s"`},
		{"v 1.5m/s\n", `speed 1.5 "m/s"`},
		{"v [km/h] 5.4\n", `speed 5.4 "km/h"`},
		{"v [m/s]: 5.4\n", `speed 5.4 "m/s"`},
		{"  v=1.5\n", "speed 1.5"},
		{"v = 1.5\n", "speed 1.5"},
		{"v : 1.5\n", "speed 1.5"},
		{"v:1.5\n", "speed 1.5"},
		{"\tv\t1.5\n", "speed 1.5"},
		{"v [1.5]\n", "speed 1.5"},
		{"pos=[1, 2, 3], v = 4 m/s, elapsed=3.5 mode=fast and loose\n", `pos 1 2 3; speed 4 "m/s"; mode "fast and loose"`},
		{"pos array([1., 2., 3.])\n", "pos 1. 2. 3."},
		{"pos = tensor([1., 2., 3.], dtype=torch.float64, device='cpu')\n", "pos 1. 2. 3."},
		{"v = np.float64(1.5)\n", "speed 1.5"},
		{"pos = (1; 2; 3)\n", "pos 1 2 3"},
		{"cell matrix: 1 0 0 0 1 0 0 0 1\n", "cell matrix 1 0 0 0 1 0 0 0 1"},
		{"step=1.0 cell=7 v=2\nstep 2\nv 3\n", "speed@1@7 2; speed@2 3"},
		{"step=1 cell=7 v=2 sum=3 all=4\nv=5\n", "speed@1@7 2; sum@1 3; all 4; speed@1@7 5"},
		{"iteration 3\nstep # 4  v = 25\n", "speed@4 25"},
		{"! step 3\n!    v = 2\n", "speed@3 2"},
		{"v: n/a\n", `speed "n/a"`},
		{"elapsed 3.5\nDone.\nspeedy 3\n\nv == 3\n", ""},

		// An array over several lines is one quantity at its first line.
		{"table = [[1, 2],\n [3, 4],\n [5, 6]]\nv 7\n", "table 1 2 3 4 5 6; speed 7"},
		{"step 1\npos = array([1.,\n       2., 3.])\nstep 2\nv 7\n", "pos@1 1. 2. 3.; speed@2 7"},
		{"pos: tensor([1.0,\n 2.0,\n 3.0],\n dtype=torch.float64)\nv 7\n", "pos 1.0 2.0 3.0; speed 7"},
		{"cell matrix [1 0 0\n 0 1 0\n 0 0 1]\n", "cell matrix 1 0 0 0 1 0 0 0 1"},
		{"table [1,\n nan, -inf,\n 1.5D-01]\n", "table 1 nan -inf 1.5D-01"},
	} {
		got, l := otherProgram(t, c.text, toySchema)
		if got != c.want || len(l.Problems) > 0 {
			t.Errorf("%q\nread %s\nwant %s\nproblems %v", c.text, got, c.want, l.Problems)
		}
	}
}

func TestOtherProgramsProblems(t *testing.T) {
	for _, c := range []struct {
		text, want string
		line       int
		kind       ProblemKind
	}{
		{"v is rising fast\n", "v: not a number", 1, Unparsed},
		{"pos 1 2\n", "pos is declared spatial (3 numbers) but has 2 on line 1: use list", 1, Unparsed},
		{"v= pos=1 2 3\n", "v: no value", 1, Unparsed},
		{"v 1 2 b\n", "v: not a number", 1, Unparsed},
		{"step\nv 1\nstep =\n", "step: one value", 3, Unparsed},
		{"pos 1 2 3]\n", "pos: a bracket closes that was not opened", 1, Unparsed},
		{"v 2\ntable [1,\n 2\nv 5\n", "table: a bracket is not closed", 2, Unparsed},
		{"v 2\ntable [1,\n 2\n", "table: a bracket is not closed", 2, Unparsed},
		{"table [[1, 2],\n [3, x],\n", "table: a bracket is not closed", 1, Unparsed},
		{"pos [1,\n 2]\n", "pos is declared spatial (3 numbers) but has 2 on line 1: use list", 1, Unparsed},
		{"v 1\npos 1 2 3", "the log ends without a newline", 2, Truncated},
		{"v 1\nTraceback (most recent call last):\n", "a Python program crashed", 2, Traceback},
		{"v 1\nslurmstepd: error: *** JOB 5 CANCELLED ***\n", "the program crashed", 2, Traceback},
	} {
		_, l := otherProgram(t, c.text, toySchema)
		if len(l.Problems) != 1 || l.Problems[0].Kind != c.kind || !strings.HasPrefix(l.Problems[0].Why, c.want) || l.Problems[0].Pos.Line != c.line {
			t.Errorf("%q has the problems %v, want %q in line %d", c.text, l.Problems, c.want, c.line)
		}
	}
}

// TestLastNumberStands: nothing tells whether the last number of another
// program's log is whole. It is handed out, and the log said to be cut.
func TestLastNumberStands(t *testing.T) {
	got, l := otherProgram(t, "v 1\nv 2.5", toySchema)
	if got != "speed 1; speed 2.5" || len(l.Problems) != 1 || l.Problems[0].Kind != Truncated {
		t.Errorf("%s, %v", got, l.Problems)
	}
}

// TestLongArrays: an array costs its length, not its square, and what comes
// behind its end is read.
func TestLongArrays(t *testing.T) {
	const lines = 60000
	got, l := otherProgram(t, "table = ["+strings.Repeat("1.25 2.5\n", lines)+"]\nv 7\n", toySchema)
	if len(l.Problems) > 0 || len(l.Records) != 2 || len(l.Records[0].Values) != 2*lines || !strings.HasSuffix(got, "; speed 7") {
		t.Errorf("%d records, %v", len(l.Records), l.Problems)
	}
	_, l = otherProgram(t, "table = ["+strings.Repeat("1\n", maxArrayLines+9)+"]\nv 7\n", toySchema)
	if len(l.Problems) != 1 || len(l.Records) != 1 {
		t.Errorf("an array without end: %d records, %v", len(l.Records), l.Problems)
	}
}

// With prefixes, what stands behind one is a trace, and nothing else is.
func TestPrefixes(t *testing.T) {
	yaml := "prefixes: [DBG, DBG2, \">\"]\n" + toySchema
	got, l := otherProgram(t, "v 1\nDBG v 2\nDBG2: v=3 w=4\nDBGX v 5\n> host=a b\nDBG what\n[rank 0] 12:00:01 DBG v 6\n\x1b[32mDBG\x1b[0m v 7\n", yaml)
	if want := `speed 2; speed 3; w 4; host "a b"; speed 6; speed 7`; got != want {
		t.Errorf("read %q, want %q", got, want)
	}
	if len(l.Problems) != 1 || l.Problems[0].Pos.Line != 6 || l.TraceLines != 6 {
		t.Errorf("%d trace lines, problems %v", l.TraceLines, l.Problems)
	}
	var tags []string
	for _, r := range l.Records {
		tags = append(tags, r.Tag)
	}
	if diff := cmp.Diff([]string{"DBG", "DBG2", "DBG2", ">", "DBG", "DBG"}, tags); diff != "" {
		t.Error(diff)
	}
}

// The names of nanoBragg mean nothing in another program's log.
func TestOtherProgramsKnowNoKeys(t *testing.T) {
	_, l := otherProgram(t, "P F_cell 3\nP hkl_frac=1 2\nP TRACE_C: 4\n", "prefixes: [P]\nquantities: [{name: x}]\n")
	for i := range l.Records {
		if r := &l.Records[i]; r.Key != schema.None || r.Symbol.Info != nil || r.Stream != PixelStream {
			t.Errorf("%s has the key %v on stream %v", r.Name, r.Key, r.Stream)
		}
	}
	if len(l.Records) != 3 {
		t.Error(l.Records)
	}
}

// TestRename: a quantity is read under its new name, whatever log it stands in,
// and the names that were met are told.
func TestRename(t *testing.T) {
	for _, c := range []struct {
		text string
		sch  *schema.Schema
		key  schema.Key
	}{
		{"TRACE_C: mine 5\n", schema.NanoBragg(), schema.FCell},
		{`{"stream":"pixel","key":"mine","values":[5]}` + "\n", schema.NanoBragg(), schema.FCell},
		{"mine 5\n", readSchema(t, "quantities: [{name: F_cell}]\n"), 1},
		{"mine=5 other=6\n", readSchema(t, "quantities: [{name: x}, {name: F_cell}]\n"), 2},
	} {
		src, names := Text(c.text, "t.log"), NewNames(c.sch)
		opt := Options{Rename: map[string]string{"mine": "F_cell", "yours": "F_latt"}}
		_, list := scanned(t, src, names, opt)
		r := NewReader(src, names, opt)
		b := byLines(r, list[0].At.Coord(c.sch), c.text, 0, true)
		if len(b.Records) != 1 || b.Records[0].Key != c.key || b.Records[0].Name != "F_cell" {
			t.Errorf("%q: %+v", c.text, b.Records)
		}
		if diff := cmp.Diff(map[string]bool{"mine": true}, r.Renamed()); diff != "" {
			t.Errorf("%q: %s", c.text, diff)
		}
	}
}

// TestNames: aliases have one symbol, other kinds of line others, and two readers
// of a table the same.
func TestSymbols(t *testing.T) {
	names := NewNames(schema.NanoBragg())
	read := func(text string) []Record {
		r := NewReader(Text(text, "t.log"), names, Options{})
		return byLines(r, schema.Nowhere, text, 0, true).Records
	}
	a := read("TRACE_C: fluence_photons_per_m2 1\nTRACE_C: F_latt 2\nTRACE_C_PHI phi_tic=0 F_latt=3\nTRACE_C: mine 4\nTRACE_C_TAP5: mine 4\n")
	b := read("TRACE_PY: mine 1\nTRACE_PY: fluence 1\nTRACE_PY: F_latt 2\n")
	if a[0].Symbol != b[1].Symbol || a[1].Symbol != b[2].Symbol || a[3].Symbol != b[0].Symbol {
		t.Error("the same quantity has two symbols")
	}
	if a[1].Symbol == a[2].Symbol || a[3].Symbol == a[4].Symbol {
		t.Error("two kinds of line share a symbol")
	}
	for i, s := range names.Symbols() {
		if s.ID != i {
			t.Errorf("symbol %d has the number %d", i, s.ID)
		}
	}
}

// TestCoordinates: numbers are themselves, words are known by their text, and
// both have an order.
func TestCoordinates(t *testing.T) {
	n := NewNames(readSchema(t, "index: [step]\nquantities: [{name: v}]\n"))
	of := func(s string) int32 {
		c, ok := n.coordOf(s)
		if !ok {
			t.Errorf("%s is no coordinate", s)
		}
		return c
	}
	texts := []string{"0", "7", "12", "-3", "1.5", "0.001", "word", "alpha", "5000000000"}
	seen := map[int32]string{}
	for _, s := range texts {
		c := of(s)
		if other, dup := seen[c]; dup || c < 0 || of(s) != c {
			t.Errorf("%s and %s are both %d", s, other, c)
		}
		seen[c] = s
		text, word := n.CoordText(c)
		if plain := s == "0" || s == "7" || s == "12"; word == plain || word && text != s {
			t.Errorf("%s is %d, in words %q", s, c, text)
		}
	}
	for s, same := range map[string]string{"#7": "7", "007": "7", "7.0": "7", "-0": "0", "1.50": "1.5", "1e-3": "0.001", "12,": "12", "word:": "word"} {
		if of(s) != of(same) {
			t.Errorf("%s and %s are not the same place", s, same)
		}
	}
	if of("nan") != of("NaN") || of("nan") == of("inf") {
		t.Error("a nan is not itself, or another")
	}
	order := []string{"-3", "0", "1e-3", "1.5", "7", "12", "5000000000", "alpha", "word"}
	for i := range order {
		for k := range order {
			got := n.CompareCoords(of(order[i]), of(order[k]))
			if want := map[bool]int{true: 1, false: -1}[i > k]; i != k && got != want || i == k && got != 0 {
				t.Errorf("%s against %s: %d", order[i], order[k], got)
			}
		}
	}
}
