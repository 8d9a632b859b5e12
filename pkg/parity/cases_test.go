package parity_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simtrace/internal/testkit"
	"simtrace/pkg/parity"
	"simtrace/pkg/parity/report"
	"simtrace/pkg/trace/schema"
)

// truth is what is known of a pair of logs with known truth, see
// ../shared/cases/README.md.
type truth struct {
	Verdict   words
	First     words
	FirstLine []int    `json:"first_line"`
	CauseAny  words    `json:"cause_any"`
	CauseNot  []string `json:"cause_not"`
}

// words is a list, or "*" for anything.
type words struct {
	any  bool
	list []string
}

func (w *words) UnmarshalJSON(b []byte) error {
	if w.any = string(b) == `"*"`; w.any {
		return nil
	}
	return json.Unmarshal(b, &w.list)
}

func (t *truth) UnmarshalJSON(b []byte) error {
	type plain truth
	t.First.any, t.CauseAny.any = true, true
	return json.Unmarshal(b, (*plain)(t))
}

// score counts what is right of what was asked, by what it is about.
type score map[string][2]int

func (s score) add(what string, ok bool) {
	n := s[what]
	n[1]++
	if ok {
		n[0]++
	}
	s[what] = n
}

func (s score) String() string {
	var out []string
	for _, what := range []string{"verdict", "first", "first line", "cause", "false cause"} {
		if n, ok := s[what]; ok {
			out = append(out, fmt.Sprintf("%s %d of %d", what, n[0], n[1]))
		}
	}
	return strings.Join(out, ", ")
}

// TestCases holds pairs of logs whose truth is known. What is not right yet is
// listed in testdata/known_misses.txt: the list may only become shorter.
func TestCases(t *testing.T) {
	root := testkit.Shared(t, "cases")
	known := map[string]bool{}
	for line := range strings.Lines(testkit.File(t, "testdata/known_misses.txt")) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			known[line] = true
		}
	}
	var misses []string
	for _, set := range []string{"verdicts", "formats", "any", "faults", "port"} {
		dirs, err := filepath.Glob(filepath.Join(root, set, "*", "truth.json"))
		if err != nil || len(dirs) == 0 {
			t.Errorf("no cases under %s: %v", set, err)
		}
		right := score{}
		for _, path := range dirs {
			dir := filepath.Dir(path)
			for _, what := range judgeCase(t, dir, right) {
				misses = append(misses, set+"/"+filepath.Base(dir)+": "+what)
			}
		}
		t.Logf("%s: %d pairs, right: %s", set, len(dirs), right)
	}
	for _, m := range misses {
		if !known[m] {
			t.Errorf("not right, and not on the list: %s", m)
		}
		delete(known, m)
	}
	for m := range known {
		t.Errorf("right now: take it off the list: %s", m)
	}
	if t.Failed() && os.Getenv("SIMTRACE_MISSES") != "" {
		slices.Sort(misses)
		t.Logf("the list would be\n%s", strings.Join(misses, "\n"))
	}
}

// judgeCase compares one pair, and returns what is wrong with what is said of it.
func judgeCase(t *testing.T, dir string, right score) (wrong []string) {
	t.Helper()
	var want truth
	if err := json.Unmarshal([]byte(testkit.File(t, filepath.Join(dir, "truth.json"))), &want); err != nil {
		t.Fatalf("%s: %v", dir, err)
	}
	opt := withDefaults(parity.Options{RefPath: "ref.log", GotPath: "got.log"})
	if text, err := os.ReadFile(filepath.Join(dir, "schema.yaml")); err == nil {
		s, err := schema.Read(bytes.NewReader(text), "schema.yaml")
		if err != nil {
			t.Fatalf("%s: %v", dir, err)
		}
		opt.Schema = s
	}
	hold := func(what string, ok bool) {
		if right.add(what, ok); !ok {
			wrong = append(wrong, what)
		}
	}
	r, err := parity.Files(t.Context(), filepath.Join(dir, "ref.log"), filepath.Join(dir, "got.log"), opt)
	said := "trouble"
	if err == nil {
		said = strings.ToLower(string(r.Verdict))
	}
	hold("verdict", want.Verdict.any || slices.Contains(want.Verdict.list, said))
	if err != nil {
		return wrong
	}
	if !want.First.any && r.Verdict == parity.Diverged {
		first := ""
		if row := r.FirstRow(); row != nil {
			first, _, _ = strings.Cut(r.Label(row), "[")
			first, _, _ = strings.Cut(first, " ")
		}
		hold("first", slices.Contains(want.First.list, first))
	}
	if len(want.FirstLine) == 2 {
		var md bytes.Buffer
		if err := report.Markdown(&md, r, report.Options{}); err != nil {
			t.Fatal(err)
		}
		_, section, _ := strings.Cut(md.String(), "## First divergence")
		section, _, _ = strings.Cut(section, "\n## ")
		hold("first line", strings.Contains(section, fmt.Sprintf("ref.log:%d`", want.FirstLine[0])) && strings.Contains(section, fmt.Sprintf("got.log:%d`", want.FirstLine[1])))
	}
	var named []string
	said = ""
	for _, c := range r.Causes {
		named = append(named, c.ID)
		said += strings.ToLower(c.ID + " " + c.Title + " " + strings.Join(c.Evidence, " ") + " ")
	}
	if !want.CauseAny.any {
		hold("cause", slices.ContainsFunc(want.CauseAny.list, func(w string) bool { return strings.Contains(said, strings.ToLower(w)) }))
	}
	if len(want.CauseNot) > 0 {
		hold("false cause", !slices.ContainsFunc(want.CauseNot, func(id string) bool { return slices.Contains(named, id) }))
	}
	return wrong
}

// The truth is read as it is written.
func TestTruthIsRead(t *testing.T) {
	var got truth
	if err := json.Unmarshal([]byte(`{"verdict":["match","refused"],"first":"*","first_line":[1,2],"cause_any":["a"],"cause_not":["b"],"truth":"x"}`), &got); err != nil {
		t.Fatal(err)
	}
	want := truth{Verdict: words{list: []string{"match", "refused"}}, First: words{any: true}, FirstLine: []int{1, 2}, CauseAny: words{list: []string{"a"}}, CauseNot: []string{"b"}}
	if d := cmp.Diff(want, got, cmp.AllowUnexported(words{})); d != "" {
		t.Error(d)
	}
}
