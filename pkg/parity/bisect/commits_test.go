package bisect

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"simtrace/internal/testkit"
	"simtrace/pkg/sim"
	"simtrace/pkg/trace"
)

// good and bad traces of the toy, made once a test.
func twoTraces(t *testing.T) (good, bad string, ref *trace.Source) {
	g := toyTrace(t, sim.ProfileSpec, nil)
	return string(g), string(toyTrace(t, sim.ProfileSpec, noHalfPixel)), read(t, "ref.log", g)
}

// script is a port that runs a shell line, in front of its trace.
func script(line, log string) map[string]string {
	return map[string]string{"port": "#!/bin/sh\n" + line + "\ncat trace.log\n", "trace.log": log}
}

var port = Command{Args: []string{"./port"}, Timeout: 20 * time.Second}

// Commits that fail in every way there is tell nothing, and are passed by.
func TestCannotTell(t *testing.T) {
	testkit.NotUnderRace(t)
	ownTemp(t)
	good, bad, ref := twoTraces(t)
	r := newRepo(t)
	first := r.commit("begin", script("", good))
	want := map[string]string{
		r.commit("says so", script("exit 125", good)):                            "exit status 125",
		r.commit("is killed", script("kill -9 $$", good)):                        "signal: killed",
		r.commit("hangs", script("sleep 600", good)):                             "longer than 2s",
		r.commit("floods", script("yes", good)):                                  "more than 100000 bytes",
		r.commit("fails", script("echo no compiler >&2; false || exit 3", good)): "exit status 3: no compiler",
		r.commit("is mute", script("exit 0", good)):                              "printed nothing",
	}
	if err := os.Remove(filepath.Join(r.dir, "port")); err != nil {
		t.Fatal(err)
	}
	want[r.commit("is gone", nil)] = "cannot be run"
	last := r.commit("works again", script("", bad))
	cmd := Command{Args: port.Args, Timeout: 2 * time.Second, MaxOutput: 100000}
	rep, err := Commits(context.Background(), CommitOptions{Repo: r.dir, Good: first, Bad: last, Jobs: 4, Ref: ref, Command: cmd})
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, p := range rep.Probes {
		why, ok := want[p.About.Commit]
		if !ok {
			continue
		}
		seen++
		if p.Outcome != CannotTell || !strings.Contains(p.Why, why) {
			t.Errorf("%s: %s, %q, want %q", p.About.Subject, p.Outcome, p.Why, why)
		}
	}
	if seen != len(want) {
		t.Errorf("%d of %d commits were looked at", seen, len(want))
	}
	if rep.Conclusive() || len(rep.First.Suspects) != len(want)+1 {
		t.Errorf("conclusive: %v, suspects: %v", rep.Conclusive(), rep.First.Suspects)
	}
	r.untouched()
}

// One commit that cannot be judged in the middle does not keep the search from
// its end.
func TestSkipped(t *testing.T) {
	testkit.NotUnderRace(t)
	ownTemp(t)
	good, bad, ref := twoTraces(t)
	for at := 1; at < 9; at++ {
		r := newRepo(t)
		var commits []string
		for i := range 10 {
			log, line := good, ""
			if i >= at {
				log = bad
			}
			if i == 5 && at != 5 && at != 6 { // next to the boundary it would matter
				line = "exit 125"
			}
			files := script(line, log)
			files["part"] = fmt.Sprint(i)
			commits = append(commits, r.commit(fmt.Sprint("part ", i), files))
		}
		rep, err := Commits(context.Background(), CommitOptions{Repo: r.dir, Good: commits[0], Bad: commits[9], Jobs: 1 + at%3, Ref: ref, Command: port})
		if err != nil {
			t.Fatal(err)
		}
		if rep.First.Commit.Commit != commits[at] || !rep.Conclusive() {
			t.Errorf("boundary at %d: found %s, conclusive %v", at, rep.First.Commit.Subject, rep.Conclusive())
		}
	}
}

// A fault that came in with a side branch is found there, and not at the merge;
// with the first parents alone it is the merge.
func TestMerge(t *testing.T) {
	testkit.NotUnderRace(t)
	ownTemp(t)
	good, bad, ref := twoTraces(t)
	r := newRepo(t)
	start := r.commit("begin", script("", good))
	r.git("checkout", "-q", "-b", "side")
	r.commit("side 1", map[string]string{"a": "1"})
	culprit := r.commit("side 2", map[string]string{"trace.log": bad})
	r.commit("side 3", map[string]string{"a": "3"})
	r.git("checkout", "-q", "main")
	for i := range 4 {
		r.commit(fmt.Sprint("main ", i), map[string]string{"b": fmt.Sprint(i)})
	}
	r.n++
	r.git("merge", "-q", "--no-ff", "-m", "merge", "side")
	merge := r.git("rev-parse", "HEAD")
	for i := range 3 {
		r.commit(fmt.Sprint("after ", i), map[string]string{"b": fmt.Sprint("x", i)})
	}
	for _, c := range []struct {
		first bool
		want  string
	}{{false, culprit}, {true, merge}} {
		for _, jobs := range []int{1, 2, 5} {
			rep, err := Commits(context.Background(), CommitOptions{Repo: r.dir, Good: start, Bad: "main", FirstParent: c.first, Jobs: jobs, Ref: ref, Command: port, Regimes: true})
			if err != nil {
				t.Fatal(err)
			}
			if rep.First.Commit.Commit != c.want || !rep.Conclusive() {
				t.Errorf("first parent %v, %d jobs: %s, conclusive %v: %s", c.first, jobs, rep.First.Commit.Subject, rep.Conclusive(), rep.First.Note)
			}
			if len(rep.Regimes) != 1 || rep.Regimes[0].Commit.Commit != c.want {
				t.Errorf("first parent %v: regimes %v", c.first, rep.Regimes)
			}
		}
	}
	r.untouched()
}

// The cache spares the command, but not at the verification; another command,
// or another version of the file it is, is another probe.
func TestCache(t *testing.T) {
	testkit.NotUnderRace(t)
	ownTemp(t)
	r, ref, commits := story(t)
	dir, count := t.TempDir(), filepath.Join(t.TempDir(), "count")
	tool := filepath.Join(t.TempDir(), "tool")
	writeTool := func(text string) {
		if err := os.WriteFile(tool, []byte("#!/bin/sh\necho >>"+count+"\n"+text+"\ncat trace.log\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	runs := func() int {
		data, err := os.ReadFile(count)
		if err != nil {
			t.Fatal(err)
		}
		os.Remove(count)
		return len(data)
	}
	search := func(fresh bool) *CommitReport {
		rep, err := Commits(context.Background(), CommitOptions{
			Repo: r.dir, Good: commits[0], Bad: commits[19], Ref: ref, CacheDir: dir, Fresh: fresh,
			Command: Command{Args: []string{tool}},
		})
		if err != nil {
			t.Fatal(err)
		}
		if rep.First.Commit.Commit != commits[7] {
			t.Errorf("found %s", rep.First.Commit.Subject)
		}
		return rep
	}
	writeTool("")
	rep := search(false)
	all := runs()
	if want := len(rep.Probes) + 2; all != want {
		t.Errorf("%d runs, want %d", all, want)
	}
	search(false)
	if n := runs(); n != 2 {
		t.Errorf("%d runs with a full cache, want the 2 of the verification", n)
	}
	search(true)
	if n := runs(); n != all {
		t.Errorf("%d runs with --fresh, want %d", n, all)
	}
	writeTool("# another version")
	search(false)
	if n := runs(); n != all {
		t.Errorf("%d runs of another tool, want %d", n, all)
	}
	// A damaged entry is run again, and does no harm.
	entries, err := filepath.Glob(filepath.Join(dir, "*", "*.json"))
	if err != nil || len(entries) == 0 {
		t.Fatal(err, len(entries))
	}
	for _, e := range entries {
		data, err := os.ReadFile(e)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(e, data[:len(data)/2], 0o644); err != nil {
			t.Fatal(err)
		}
	}
	search(false)
	if n := runs(); n != all {
		t.Errorf("%d runs with a damaged cache, want %d", n, all)
	}
}

// A search that was interrupted goes on where it was.
func TestResume(t *testing.T) {
	ownTemp(t)
	r, ref, commits := story(t)
	opt := CommitOptions{Repo: r.dir, Good: commits[0], Bad: "main", Ref: ref, CacheDir: t.TempDir(), Command: Command{Args: []string{"cat", "trace.log"}}}
	ctx, cancel := context.WithCancel(context.Background())
	opt.Progress = func(p CommitProgress) {
		if p.Done == 3 {
			cancel()
		}
	}
	if _, err := Commits(ctx, opt); !errors.Is(err, context.Canceled) {
		t.Fatalf("interrupted: %v", err)
	}
	r.untouched()
	cached := 0
	opt.Progress = func(p CommitProgress) {
		if p.Probe.Cached {
			cached++
		}
	}
	rep, err := Commits(context.Background(), opt)
	if err != nil {
		t.Fatal(err)
	}
	if rep.First.Commit.Commit != commits[7] || cached != 3 {
		t.Errorf("found %s, %d probes from the cache", rep.First.Commit.Subject, cached)
	}
}

// A program that answers differently each time is found out.
func TestFlaky(t *testing.T) {
	ownTemp(t)
	good, bad, ref := twoTraces(t)
	r := newRepo(t)
	mark := filepath.Join(t.TempDir(), "mark")
	first := r.commit("begin", script("", good))
	// Bad on the first run, good on the second.
	r.commit("unsteady", map[string]string{"bad.log": bad, "port": "#!/bin/sh\nif test -e " + mark + "; then cat trace.log; else touch " + mark + "; cat bad.log; fi\n"})
	r.commit("end", script("", bad))
	rep, err := Commits(context.Background(), CommitOptions{Repo: r.dir, Good: first, Bad: "main", Ref: ref, Command: port})
	if err != nil {
		t.Fatal(err)
	}
	if rep.Conclusive() || rep.First.Verified || !strings.Contains(rep.First.Note, "second run") {
		t.Errorf("conclusive %v, %q", rep.Conclusive(), rep.First.Note)
	}
}

func TestTrouble(t *testing.T) {
	ownTemp(t)
	r, ref, commits := story(t)
	cat := Command{Args: []string{"cat", "trace.log"}}
	for _, c := range []struct{ good, bad, want string }{
		{commits[19], commits[0], "has no commit that"},
		{commits[9], commits[19], "is bad"},
		{commits[0], commits[5], "is good"},
		{"nothing", commits[5], "no commit of"},
		{"--all", commits[5], "no commit of"},
	} {
		_, err := Commits(context.Background(), CommitOptions{Repo: r.dir, Good: c.good, Bad: c.bad, Ref: ref, Command: cat})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.want, err)
		}
		r.untouched()
	}
	if _, err := Commits(context.Background(), CommitOptions{Repo: filepath.Join(r.dir, "none"), Good: "a", Bad: "b", Ref: ref, Command: cat}); err == nil {
		t.Error("a repository that is not there")
	}
	if _, err := Commits(context.Background(), CommitOptions{Repo: t.TempDir(), Good: "a", Bad: "b", Ref: ref, Command: cat}); err == nil {
		t.Error("a folder that is no repository")
	}
}

// An interrupt, a cache that cannot be written, and a repository that vanishes
// under the search leave nothing behind.
func TestNothingLeft(t *testing.T) {
	r, ref, commits := story(t)
	ctx, cancel := context.WithCancel(context.Background())
	_, err := Commits(ctx, CommitOptions{
		Repo: r.dir, Good: commits[0], Bad: "main", Jobs: 3, Ref: ref, Command: Command{Args: []string{"sleep 600"}, Shell: true},
		Progress: func(CommitProgress) { t.Error("a probe ended") },
	}.after(func() { time.Sleep(500 * time.Millisecond); cancel() }))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
	r.untouched()

	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	_, err = Commits(context.Background(), CommitOptions{Repo: r.dir, Good: commits[0], Bad: "main", Ref: ref, CacheDir: file, Command: Command{Args: []string{"cat", "trace.log"}}})
	if err == nil || !strings.Contains(err.Error(), "cache") {
		t.Errorf("a cache that cannot be written: %v", err)
	}
	r.untouched()

	gone := false
	_, err = Commits(context.Background(), CommitOptions{
		Repo: r.dir, Good: commits[0], Bad: "main", Ref: ref, Command: Command{Args: []string{"cat", "trace.log"}},
		Progress: func(CommitProgress) {
			if !gone {
				gone = true
				os.RemoveAll(r.dir)
			}
		},
	})
	if err == nil {
		t.Error("the repository vanished")
	}
	if left, _ := filepath.Glob(filepath.Join(os.TempDir(), "tracecmp-bisect-*")); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

// after runs f beside the search.
func (o CommitOptions) after(f func()) CommitOptions {
	go f()
	return o
}
