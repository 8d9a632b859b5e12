package bisect

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"simtrace/internal/doc"
	"simtrace/internal/record"
	"simtrace/internal/testkit"
	"simtrace/pkg/nanobragg"
	"simtrace/pkg/sim"
	"simtrace/pkg/trace"
)

// toy is a small experiment in MOSFLM's convention, so that it has a half pixel
// to lose, that starts at phi 0, so that there is something to carry over.
const toy = "-default_F 100 -cell 70 80 90 75 85 95 -N 5 -lambda 1 -distance 100 -detpixels 64 -pixel 0.1 -Xbeam 3.1 -Ybeam 3.3 -phi 0 -osc 1 -phisteps 5 -oversample 1"

// shortToy has two phi steps, for searches that try thousands of settings.
var shortToy = strings.Replace(toy, "-phisteps 5", "-phisteps 2", 1)

// toyTrace is the toy's trace after a change of its configuration.
func toyTrace(t *testing.T, profile sim.Profile, change func(*sim.Config)) []byte {
	t.Helper()
	return toyTraceOf(t, toy, profile, change)
}

func toyTraceOf(t *testing.T, flags string, profile sim.Profile, change func(*sim.Config)) []byte {
	t.Helper()
	b := nanobragg.NewBuilder(profile)
	_, args, err := nanobragg.Split(strings.Fields(flags), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Apply(args); err != nil {
		t.Fatal(err)
	}
	if err := b.Load(); err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(&b.Config)
	}
	e, err := sim.Prepare(b.Config)
	if err != nil {
		t.Fatal(err)
	}
	text, err := simulated(context.Background(), e, sim.Pixel{Slow: 20, Fast: 40}, record.C)
	if err != nil {
		t.Fatal(err)
	}
	// A toy port does not print the beam centre: what it makes of it is seen.
	var kept []string
	for line := range strings.Lines(string(text)) {
		if !strings.Contains(line, "beam_center_m") {
			kept = append(kept, line)
		}
	}
	return []byte(strings.Join(kept, ""))
}

func read(t *testing.T, name string, text []byte) *trace.Source {
	t.Helper()
	return trace.Text(string(text), name)
}

// noHalfPixel takes MOSFLM's half pixel out of the beam centre.
func noHalfPixel(c *sim.Config) {
	c.Detector.Xbeam -= 0.5 * c.Detector.PixelMM
	c.Detector.Ybeam -= 0.5 * c.Detector.PixelMM
}

// testRepo is a repository in a folder of its own, with fixed dates and names.
type testRepo struct {
	t   *testing.T
	dir string
	n   int
}

func newRepo(t *testing.T) *testRepo {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skipf("SKIPPED: %v", err)
	}
	r := &testRepo{t: t, dir: t.TempDir()}
	r.git("init", "-q", "-b", "main")
	r.git("config", "user.name", "A. Porter")
	r.git("config", "user.email", "porter@example.org")
	r.git("config", "commit.gpgsign", "false")
	return r
}

func (r *testRepo) git(args ...string) string {
	r.t.Helper()
	cmd := exec.Command("git", append([]string{"-C", r.dir}, args...)...)
	date := fmt.Sprintf("2020-01-01T00:00:%02dZ", r.n)
	cmd.Env = append(plainEnv(), "GIT_AUTHOR_DATE="+date, "GIT_COMMITTER_DATE="+date, "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null")
	out, err := cmd.CombinedOutput()
	if err != nil {
		r.t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

// commit writes files and commits them; it returns the commit.
func (r *testRepo) commit(subject string, files map[string]string) string {
	r.t.Helper()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(r.dir, name), []byte(text), 0o755); err != nil {
			r.t.Fatal(err)
		}
	}
	r.n++
	r.git("add", "-A")
	r.git("commit", "-q", "--allow-empty", "-m", subject)
	return r.git("rev-parse", "HEAD")
}

// untouched fails the test where the repository is not as it was left: a
// worktree more, or a file that changed.
func (r *testRepo) untouched() {
	r.t.Helper()
	if out := r.git("worktree", "list"); strings.Count(out, "\n") != 0 {
		r.t.Errorf("worktrees are left:\n%s", out)
	}
	if _, err := os.Stat(filepath.Join(r.dir, ".git", "worktrees")); err == nil {
		r.t.Error(".git/worktrees is left")
	}
	if out := r.git("status", "--porcelain"); out != "" {
		r.t.Errorf("the tree was touched:\n%s", out)
	}
	left, err := filepath.Glob(filepath.Join(os.TempDir(), "tracecmp-bisect-*"))
	if err != nil || len(left) != 0 {
		r.t.Errorf("folders are left: %v %v", left, err)
	}
}

// ownTemp gives the test a folder for temporary files of its own, so that what
// is left behind is this test's.
func ownTemp(t *testing.T) { t.Setenv("TMPDIR", t.TempDir()) }

// story is a repository of twenty commits: the eighth carries vectors over at
// phi 0, the fourteenth loses the half pixel.
func story(t *testing.T) (r *testRepo, ref *trace.Source, commits []string) {
	t.Helper()
	ownTemp(t)
	r = newRepo(t)
	fresh := toyTrace(t, sim.ProfileSpec, nil)
	carry := toyTrace(t, sim.ProfileSpec, func(c *sim.Config) { c.Profile.PhiZero = sim.PhiZeroCarry })
	both := toyTrace(t, sim.ProfileSpec, func(c *sim.Config) { c.Profile.PhiZero = sim.PhiZeroCarry; noHalfPixel(c) })
	for i := 1; i <= 20; i++ {
		subject, log := fmt.Sprintf("Tidy part %d", i), fresh
		switch {
		case i == 8:
			subject = "Reuse the vectors where nothing turns"
		case i == 14:
			subject = "Count pixels from their corners"
		}
		if i >= 14 {
			log = both
		} else if i >= 8 {
			log = carry
		}
		// A line that is no trace differs from commit to commit.
		text := fmt.Sprintf("port, part %d\n%s", i, log)
		commits = append(commits, r.commit(subject, map[string]string{"trace.log": text}))
	}
	return r, read(t, "ref.log", fresh), commits
}

func TestStory(t *testing.T) {
	r, ref, commits := story(t)
	var texts []string
	var printed bytes.Buffer
	for _, jobs := range []int{1, 3} {
		rep, err := Commits(context.Background(), CommitOptions{
			Repo: r.dir, Good: commits[0], Bad: "main", Jobs: jobs, Ref: ref, Regimes: true,
			Command: Command{Args: []string{"cat", "trace.log"}, Timeout: time.Minute},
		})
		if err != nil {
			t.Fatal(err)
		}
		if rep.First == nil || rep.First.Commit.Commit != commits[7] || !rep.First.Verified {
			t.Fatalf("%d jobs: first bad commit %+v, want %s", jobs, rep.First, commits[7])
		}
		if got := rep.First.After.Causes; len(got) != 1 || got[0] != "phi-carryover" {
			t.Errorf("causes of the first bad commit: %v", got)
		}
		if len(rep.Regimes) != 2 || rep.Regimes[0].Commit.Commit != commits[7] || rep.Regimes[1].Commit.Commit != commits[13] {
			t.Fatalf("%d jobs: regimes %+v", jobs, rep.Regimes)
		}
		if got := rep.Regimes[1].After; got.First != "Fbeam_m" || !slices.Contains(got.Causes, "half-pixel") {
			t.Errorf("the second regime is %s", got)
		}
		if !rep.Conclusive() {
			t.Error("not conclusive")
		}
		var md bytes.Buffer
		if err := doc.Markdown(&md, rep.Document(false)); err != nil {
			t.Fatal(err)
		}
		texts = append(texts, md.String())
		if err := doc.Terminal(&printed, rep.Document(true), doc.Screen{}); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"Reuse the vectors", "Count pixels", "phi-carryover", "trace.log | "} {
			if !strings.Contains(md.String(), want) {
				t.Errorf("the report lacks %q", want)
			}
		}
		r.untouched()
	}
	if testkit.UnderRace() {
		return // searches over settings are those of other tests
	}
	// What the history says of the last commit, the simulator says as well.
	last := read(t, "last.log", []byte(r.git("show", commits[19]+":trace.log")+"\n"))
	rep := settings(t, SettingsOptions{Ref: last, Build: builder("", strings.Fields(toy)...), Profile: sim.ProfileSpec})
	wantSet(t, rep, "phi-zero=carry", "half-pixel=out")
	printed.WriteString("\n")
	if err := doc.Terminal(&printed, rep.Document(true), doc.Screen{}); err != nil {
		t.Fatal(err)
	}
	documentShows(t, "## A regression story", printed.String())
	if t.Failed() {
		t.Log(texts[0])
	}
}

// documentShows holds the indented lines of a chapter of docs/bisect.md against what was
// printed. Lines may be left out, and columns of a table.
func documentShows(t *testing.T, chapter, printed string) {
	t.Helper()
	document, err := os.ReadFile("../../../docs/bisect.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, found := strings.Cut(string(document), chapter+"\n")
	text, _, _ = strings.Cut(text, "\n## ")
	var lines []string
	for line := range strings.Lines(printed) {
		lines = append(lines, strings.Join(strings.Fields(line), " "))
	}
	shown := 0
	for line := range strings.Lines(text) {
		rest, indented := strings.CutPrefix(line, "    ")
		rest = strings.Join(strings.Fields(rest), " ")
		if !indented || rest == "…" || strings.HasPrefix(rest, "$ ") {
			continue
		}
		shown++
		name, tail, _ := strings.Cut(rest, " ")
		if !slices.ContainsFunc(lines, func(l string) bool { return l == rest || strings.HasPrefix(l, name) && strings.Contains(l, tail) }) {
			t.Errorf("docs/bisect.md shows %q, which is not printed", rest)
		}
	}
	if !found || shown < 8 {
		t.Errorf("docs/bisect.md has %d lines under %q", shown, chapter)
	}
}
