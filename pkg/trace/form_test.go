package trace

import (
	"fmt"
	"strings"
	"testing"

	"simtrace/pkg/trace/schema"
)

// formLog reads a log by a form of two quantities, and shows its records.
func formLog(t *testing.T, text string, prefixes ...string) (string, *Log) {
	t.Helper()
	var places []string
	f := &Form{
		Prefixes: prefixes,
		Declared: map[string]Declared{
			"speed": {Name: "speed", Unit: "m/s", Any: true}, "v": {Name: "speed", Unit: "m/s", Any: true},
			"sum": {Name: "sum", Inner: 1}, "all": {Name: "all", Inner: 2},
			"pos": {Name: "pos", Kind: schema.Vec3}, "mode": {Name: "mode", Kind: schema.Text},
		},
		Index: map[string]int{"step": 0, "cell": 1},
		Place: func(at []string) int {
			places = append(places, strings.Join(at, ","))
			return len(places) - 1
		},
	}
	l, err := ReadForm(strings.NewReader(text), "x", f)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for i := range l.Records {
		r := &l.Records[i]
		s := r.Name
		if r.At[schema.Domain] >= 0 {
			s += "@" + places[r.At[schema.Domain]]
		}
		if len(r.Values) == 0 {
			s += " " + r.Text
		}
		for _, v := range r.Values {
			s += " " + v.Text
		}
		out = append(out, s)
	}
	return strings.Join(out, "; "), l
}

func TestForm(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"speed 1.5\n", "speed 1.5"},
		{"v: 1.5 m/s\r\n", "speed 1.5"},
		{"  v=1.5\n", "speed 1.5"},
		{"v = 1.5\n", "speed 1.5"},
		{"pos=[1, 2, 3], v = 4 m/s, elapsed=3.5 mode=fast and loose\n", "pos 1 2 3; speed 4; mode fast and loose"},
		{"step=1.0 cell=7 v=2\nstep 2\nv 3\n", "speed@1,7 2; speed@2, 3"},
		{"step=1 cell=7 v=2 sum=3 all=4\nv=5\n", "speed@1,7 2; sum@1, 3; all 4; speed@1,7 5"},
		{"v: n/a\n", "speed n/a"},
		{"elapsed 3.5\nDone.\nspeedy 3\n\nv == 3\n", ""},
	} {
		if got, l := formLog(t, c.text); got != c.want || len(l.Problems) > 0 {
			t.Errorf("%q is read as %q with problems %v, want %q", c.text, got, l.Problems, c.want)
		}
	}
}

func TestFormProblems(t *testing.T) {
	for _, c := range []struct {
		text, want string
		kind       ProblemKind
	}{
		{"v is rising fast\n", "v: not a number", Unparsed},
		{"pos 1 2\n", "pos: 2 numbers where 3 belong", Unparsed},
		{"v= pos=1 2 3\n", "v: no value", Unparsed},
		{"step one more\n", "step: one value", Unparsed},
		{"v 1\npos 1 2 3", "the log ends without a newline", Truncated},
		{"v 1\nTraceback (most recent call last):\n", "a Python program crashed", Traceback},
	} {
		_, l := formLog(t, c.text)
		if len(l.Problems) != 1 || l.Problems[0].Kind != c.kind || !strings.HasPrefix(l.Problems[0].Why, c.want) {
			t.Errorf("%q has the problems %v, want %q", c.text, l.Problems, c.want)
		}
	}
}

// With prefixes, what stands behind one is a trace, and nothing else is.
func TestFormPrefixes(t *testing.T) {
	got, l := formLog(t, "v 1\nDBG v 2\nDBG2: v=3 w=4\nDBGX v 5\n> host=a b\nDBG what\n", "DBG", "DBG2", ">")
	if want := "speed 2; speed 3; w 4; host a b"; got != want {
		t.Errorf("read %q, want %q", got, want)
	}
	if len(l.Problems) != 1 || l.Problems[0].Pos.Line != 6 || l.TraceLines != 4 {
		t.Errorf("%d trace lines, problems %v", l.TraceLines, l.Problems)
	}
}

// The names of nanoBragg mean nothing in another program's log.
func TestFormKnowsNoKeys(t *testing.T) {
	_, l := formLog(t, "P F_cell 3\nP hkl_frac=1 2\nP TRACE_C: 4\n", "P")
	for i := range l.Records {
		if r := &l.Records[i]; r.Key != schema.None || r.Stream != TapStream {
			t.Errorf("%s has the key %v on stream %v", r.Name, r.Key, r.Stream)
		}
	}
	if len(l.Records) != 3 {
		t.Error(fmt.Sprint(l.Records))
	}
}
