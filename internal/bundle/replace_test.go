package bundle

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// envText is an env.json as a command writes it.
func envText(t *testing.T) string {
	t.Helper()
	data, err := json.Marshal(Env())
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestReplace(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "r")
	env := envText(t)
	commit(t, dir, false, map[string]string{
		envName: env, "both": "old", "gone": "old", "edited": "old", "sub/gone": "old",
	})
	// What a user does with a report folder.
	write(t, filepath.Join(dir, "edited"), "edited by the user")
	write(t, filepath.Join(dir, "note"), "mine")
	if err := os.Mkdir(filepath.Join(dir, "mine"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "mine", "x"), "mine")
	before, err := os.Stat(dir)
	if err != nil {
		t.Fatal(err)
	}

	commit(t, dir, true, map[string]string{envName: env, "both": "new", "more": "new"})
	wantFiles(t, dir, map[string]string{
		envName: env, "both": "new", "more": "new",
		"edited": "edited by the user", "note": "mine", "mine/x": "mine",
	})
	if _, err := os.Stat(filepath.Join(dir, "sub")); err == nil {
		t.Error("the folder that held nothing but our file is left")
	}
	after, err := os.Stat(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !os.SameFile(before, after) {
		t.Error("the folder is another one now: a shell that stands in it would be lost")
	}
}

// A list of checksums that somebody else made, in the same form, must not get
// the listed files removed.
func TestForeignListRemovesNothing(t *testing.T) {
	for name, env := range map[string]string{
		"no env.json":              "",
		"another program's":        `{"module":"theirs"}`,
		"no JSON":                  "PATH=/bin",
		"env.json with our module": `{"module":"simtrace"}`, // the control: there it does
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "r")
			files := map[string]string{"data": "precious"}
			if env != "" {
				files[envName] = env
			}
			commit(t, dir, false, files)
			commit(t, dir, true, map[string]string{"x": "new"})
			_, stays := content(t, dir)["data"]
			if ours := strings.Contains(env, `"simtrace"`); stays == ours {
				t.Errorf("data stays: %v, want %v", stays, !ours)
			}
		})
	}
}

// A list that names files outside the folder, directly or through a link,
// must not get them removed.
func TestListLeadsOutOfFolder(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "r")
	commit(t, dir, false, map[string]string{envName: envText(t), "linked/victim": "precious"})
	victims := filepath.Join(parent, "victims")
	if err := os.Rename(filepath.Join(dir, "linked"), victims); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(victims, filepath.Join(dir, "linked")); err != nil {
		t.Skip("no links here:", err)
	}
	sums := content(t, dir)[sumsName]
	write(t, filepath.Join(dir, sumsName), sums+strings.ReplaceAll(sums, "linked/", "../victims/"))
	commit(t, dir, true, map[string]string{"x": "new"})
	if got := content(t, victims)["victim"]; got != "precious" {
		t.Errorf("the file outside the folder: %q", got)
	}
	// Nor is anything written through the link.
	b := begin(t, dir, true, nil)
	if err := b.WriteFile("linked/x", nil); err == nil {
		t.Error("a name that goes through a link is taken")
	}
}

func TestNameIsAFolder(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "x", "y"), 0o777); err != nil {
		t.Fatal(err)
	}
	b := begin(t, dir, true, nil)
	if err := b.WriteFile("x", nil); err == nil {
		t.Error("the name of a folder is taken")
	}
	if err := os.Mkdir(filepath.Join(dir, sumsName), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := b.Commit(); err == nil {
		t.Error("sha256.txt is a folder, and Commit succeeds")
	}
}

// errCrash stands for the end of the process at a step.
var errCrash = errors.New("crash")

// crashAt lets the n-th rename and all later ones fail.
func crashAt(t *testing.T, n int) (steps *int) {
	t.Helper()
	steps = new(int)
	rename = func(from, to string) error {
		*steps++
		if *steps >= n {
			return errCrash
		}
		return os.Rename(from, to)
	}
	t.Cleanup(func() { rename = os.Rename })
	return steps
}

// Whatever step a process dies at, each file is the old or the new one, the
// reader can tell which, and the next run brings the folder to one state.
func TestCrashAtEveryStep(t *testing.T) {
	env := envText(t)
	old := map[string]string{envName: env, "a": "old a", "b": "old b", "gone": "old"}
	fresh := map[string]string{envName: env, "a": "new a", "b": "new b", "c/d": "new"}
	foreign := map[string]string{"note": "mine"}
	both := func(m map[string]string) map[string]string {
		m = maps.Clone(m)
		maps.Copy(m, foreign)
		return m
	}
	reached := 0
	for n := 1; ; n++ {
		done := false
		t.Run(fmt.Sprint("step ", n), func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "r")
			commit(t, dir, false, old)
			write(t, filepath.Join(dir, "note"), "mine")
			b := begin(t, dir, true, fresh)
			crashAt(t, n)
			err := b.Commit()
			rename = os.Rename
			if done = err == nil; done {
				wantFiles(t, dir, both(fresh))
				return
			}
			reached = n
			committed := wholeFiles(t, dir, old, fresh)
			// The next run, which the user then gives up.
			next, err := Create(dir, true)
			if err != nil {
				t.Fatal(err)
			}
			if err := next.Abort(); err != nil {
				t.Fatal(err)
			}
			// The stage of the dead process may be left.
			os.RemoveAll(b.stage)
			if committed {
				wantFiles(t, dir, both(fresh))
			} else {
				wantFiles(t, dir, both(old))
			}
		})
		if done || n > 100 {
			break
		}
	}
	// One rename to commit, and one for each of four files and the list.
	if reached != 6 {
		t.Errorf("%d steps failed, want 6: the test does not see them all", reached)
	}
}

// wholeFiles checks that every file is an old or a new one, and tells whether
// the change has been committed.
func wholeFiles(t *testing.T, dir string, old, fresh map[string]string) (committed bool) {
	t.Helper()
	ready, err := unfinished(dir)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range content(t, dir) {
		if strings.HasPrefix(name, hidden) || name == "note" || name == sumsName {
			continue
		}
		if text != old[name] && text != fresh[name] {
			t.Errorf("%s is neither old nor new: %q", name, text)
		}
		if len(ready) == 0 && text != old[name] {
			t.Errorf("%s has changed before the commit", name)
		}
	}
	return len(ready) > 0
}

// An error before the point of no return leaves the bundle usable: the run
// can still be blocked.
func TestCommitFailsThenBlock(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "r")
	b := begin(t, dir, false, map[string]string{"x": "captured"})
	crashAt(t, 1)
	if err := b.Commit(); !errors.Is(err, errCrash) {
		t.Fatalf("Commit: %v", err)
	}
	rename = os.Rename
	if err := b.Block(errCrash, ""); err != nil {
		t.Fatal(err)
	}
	got := content(t, dir)
	if got["x"] != "captured" || !strings.Contains(got[blockedName], "crash") {
		t.Errorf("after Block: %v", got)
	}
	checkSums(t, dir)
}

// A run that dies in the middle of its change, after another has begun, must
// not win over that other's files later.
func TestCommitBehindACrash(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "r")
	env := envText(t)
	commit(t, dir, false, map[string]string{envName: env, "a": "first"})
	mine := map[string]string{envName: env, "a": "mine", "b": "mine"}
	b := begin(t, dir, true, mine)
	dying := begin(t, dir, true, map[string]string{envName: env, "a": "dying", "c": "dying"})
	crashAt(t, 3)
	if err := dying.Commit(); !errors.Is(err, errCrash) {
		t.Fatalf("Commit: %v", err)
	}
	rename = os.Rename
	if err := b.Commit(); err != nil {
		t.Fatal(err)
	}
	wantFiles(t, dir, mine)
}

func TestConcurrentCreation(t *testing.T) {
	for _, force := range []bool{false, true} {
		for _, exists := range []bool{false, true} {
			t.Run(fmt.Sprintf("force=%v,exists=%v", force, exists), func(t *testing.T) {
				parent := t.TempDir()
				dir := filepath.Join(parent, "p", "r")
				if exists {
					if err := os.MkdirAll(dir, 0o777); err != nil {
						t.Fatal(err)
					}
				}
				won := race(t, dir, force)
				if !force && won != 1 {
					t.Errorf("%d runs wrote the folder, want 1", won)
				}
				if force && won != racers {
					t.Errorf("%d runs wrote the folder, want all %d", won, racers)
				}
				// Whoever was last, the folder holds one run's files.
				got := content(t, dir)
				want := map[string]string{envName: got[envName], "a": got["a"], "b": got["a"], "only-" + got["a"]: got["a"]}
				wantFiles(t, dir, want)
				if got := len(content(t, parent)); got != len(want)+1 {
					t.Errorf("%d files in all: something is left", got)
				}
			})
		}
	}
}

const racers = 8

// race lets several runs write the same folder at once and returns how many
// of them succeeded.
func race(t *testing.T, dir string, force bool) int {
	t.Helper()
	env := envText(t)
	var wg sync.WaitGroup
	errs := make([]error, racers)
	for i := range racers {
		wg.Go(func() {
			b, err := Create(dir, force)
			if err != nil {
				errs[i] = err
				return
			}
			defer b.Abort()
			me := fmt.Sprint(i)
			errs[i] = errors.Join(
				b.WriteFile(envName, []byte(env)), b.WriteFile("a", []byte(me)),
				b.WriteFile("b", []byte(me)), b.WriteFile("only-"+me, []byte(me)))
			if errs[i] == nil {
				errs[i] = b.Commit()
			}
		})
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else if !errors.Is(err, ErrHoldsReports) {
			t.Error(err)
		}
	}
	return won
}
