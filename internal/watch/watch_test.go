package watch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestChanges(t *testing.T) {
	a := &State{Verdict: "DIVERGED", First: "a", Broken: []string{"a", "b", "c"}, Causes: []string{"x", "y"}}
	b := &State{Verdict: "DIVERGED", First: "b", Broken: []string{"b", "d"}, Causes: []string{"y", "z"}}
	match := &State{Verdict: "MATCH"}
	many := &State{Verdict: "DIVERGED", First: "a", Many: 2000000}
	for _, c := range []struct {
		name        string
		before, now *State
		want        []string
	}{
		{"other rows", a, b, []string{"mended: 2 rows: a, c", "newly broken: 1 row: d", "first divergence: a before, b now", "causes gone: x", "causes come: z"}},
		{"and back", b, a, []string{"mended: 1 row: d", "newly broken: 2 rows: a, c", "first divergence: b before, a now", "causes gone: z", "causes come: x"}},
		{"the same", a, a, []string{"mended: none", "newly broken: none", "first divergence: a, as before"}},
		{"mended", b, match, []string{"verdict: DIVERGED before, MATCH now", "mended: 2 rows: b, d", "newly broken: none", "first divergence: b before, none now", "causes gone: y, z"}},
		{"many", many, a, []string{"rows that differ: 2000000 before, 3 now (too many to say which)", "first divergence: a, as before", "causes come: x, y"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, Changes(c.before, c.now)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Rows of one name do not hide each other, and beyond MaxBroken they are counted.
func TestAdd(t *testing.T) {
	var s State
	seen := map[string]int{}
	for range 3 {
		s.Add("a", seen)
	}
	if diff := cmp.Diff([]string{"a", "a (2)", "a (3)"}, s.Broken); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for i := range MaxBroken {
		s.Add(fmt.Sprint(i), seen)
	}
	if s.Many != MaxBroken+3 || s.Broken != nil {
		t.Errorf("%d rows, %d by name", s.Many, len(s.Broken))
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// What is watched, by each way to name it.
func TestLook(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a.log", "b.log", "src/x.c", "src/y.f90", "src/sub/z.c", "src/.git/HEAD", "src/.hidden", "report/trace.log"} {
		write(t, filepath.Join(dir, name), "x")
	}
	for _, c := range []struct {
		files Files
		want  string
	}{
		{Files{Inputs: []string{"a.log"}}, "a.log"},
		{Files{Inputs: []string{"a.log", "not-yet.log"}}, "a.log not-yet.log"},
		{Files{Inputs: []string{"report"}}, "report/trace.log"},
		{Files{Sources: []string{"src/*.c"}}, "src/x.c"},
		{Files{Sources: []string{"src/*/*.c"}}, "src/sub/z.c"},
		{Files{Sources: []string{"src"}}, "src/sub/z.c src/x.c src/y.f90"},
		{Files{Sources: []string{"*.log"}, Except: []string{"b.log"}}, "a.log"},
	} {
		f := Files{Inputs: under(dir, c.files.Inputs), Sources: under(dir, c.files.Sources), Except: under(dir, c.files.Except)}
		seen, _ := f.look()
		var got []string
		for _, p := range snapshot(nil).differ(seen) {
			rel, err := filepath.Rel(dir, p)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, filepath.ToSlash(rel))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%+v: %s, want %s", c.files, got, c.want)
		}
	}
	for _, p := range []string{"nothing-*", "[", "src/*.py"} {
		if err := (&Files{Sources: []string{filepath.Join(dir, p)}}).Check(); err == nil {
			t.Errorf("--source %s is taken", p)
		}
	}
}

func under(dir string, names []string) []string {
	var out []string
	for _, n := range names {
		out = append(out, filepath.Join(dir, n))
	}
	return out
}

// output may be written by the loop and read by the test.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// await waits until the text is there.
func (o *output) await(t *testing.T, text string) {
	t.Helper()
	for range 1000 {
		if strings.Contains(o.String(), text) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("%q does not come:\n%s", text, o.String())
}

// started runs a loop whose runs report the text of a file.
func started(t *testing.T, files Files, read string, more func(o *Options)) (*output, func() Result) {
	out := &output{}
	ctx, cancel := context.WithCancel(context.Background())
	opt := Options{Files: files, Screen: NewScreen(out), Run: func(context.Context) Result {
		b, err := os.ReadFile(read)
		if err != nil {
			return Result{Err: errors.New("no such file")}
		}
		text := string(b)
		return Result{State: &State{Verdict: "DIVERGED", Broken: strings.Fields(text)}, Report: []byte("says " + text + "\n"), Partial: strings.HasSuffix(text, "…")}
	}}
	if more != nil {
		more(&opt)
	}
	done := make(chan Result)
	go func() {
		last, err := Loop(ctx, opt)
		if err != nil {
			t.Error(err)
		}
		done <- last
	}()
	end := func() Result { cancel(); return <-done }
	return out, end
}

// The ways in which files change: written in place, replaced by a rename, removed and
// made again, a new source, and one that is put aside by the editor meanwhile.
func TestLoopSeesChanges(t *testing.T) {
	dir := t.TempDir()
	log := filepath.Join(dir, "in", "got.log")
	source := filepath.Join(dir, "src", "a.c")
	write(t, log, "one")
	write(t, source, "int")
	out, end := started(t, Files{Inputs: []string{log}, Sources: []string{filepath.Join(dir, "src", "*.c")}}, log, nil)
	out.await(t, "run 1\nsays one\n")
	write(t, log, "two")
	out.await(t, "run 2: got.log changed\nsince run 1:\n  mended: 1 row: one\n  newly broken: 1 row: two\n\nsays two\n")
	write(t, log+".new", "three")
	if err := os.Rename(log+".new", log); err != nil {
		t.Fatal(err)
	}
	out.await(t, "run 3: got.log changed\nsince run 2:\n  mended: 1 row: two\n  newly broken: 1 row: three\n\nsays three\n")
	if err := os.Rename(log, log+"~"); err != nil {
		t.Fatal(err)
	}
	write(t, log, "four")
	out.await(t, "says four\n")
	write(t, filepath.Join(dir, "src", "b.c"), "float")
	out.await(t, "run 5: b.c changed\nsince run 4:\n  mended: none\n")
	if err := os.RemoveAll(filepath.Join(dir, "in")); err != nil {
		t.Fatal(err)
	}
	out.await(t, "run 6: got.log changed\nthe run failed: no such file\n")
	write(t, log, "five")
	out.await(t, "run 7: got.log changed\nsince run 5:\n  mended: 1 row: four\n")
	if last := end(); last.State == nil || last.State.Broken[0] != "five" {
		t.Errorf("the last result is %+v", last)
	}
}

// A log that is half written is waited for.
func TestLoopWaitsForHalfWritten(t *testing.T) {
	log := filepath.Join(t.TempDir(), "got.log")
	write(t, log, "half…")
	runs := make(chan string, 100)
	out, end := started(t, Files{Inputs: []string{log}}, log, func(o *Options) {
		run := o.Run
		o.Run = func(ctx context.Context) Result {
			r := run(ctx)
			runs <- string(r.Report)
			return r
		}
	})
	<-runs // the half is read, and not yet shown
	write(t, log, "whole")
	out.await(t, "says whole")
	end()
	if strings.Contains(out.String(), "half") {
		t.Errorf("shown although it was half written:\n%s", out.String())
	}
}

// A command that writes what is watched does not run for ever.
func TestLoopEndsItsOwnEcho(t *testing.T) {
	dir := t.TempDir()
	log, made := filepath.Join(dir, "got.log"), filepath.Join(dir, "made.c")
	write(t, log, "one")
	write(t, made, "0")
	n := 0
	out, end := started(t, Files{Inputs: []string{log}, Sources: []string{filepath.Join(dir, "*.c")}}, log, func(o *Options) {
		run := o.Run
		o.Commands = true
		o.Run = func(ctx context.Context) Result {
			n++
			write(t, made, strings.Repeat("x", n))
			return run(ctx)
		}
	})
	out.await(t, "not watched, since every run writes it: "+made)
	write(t, log, "two")
	out.await(t, "says two")
	end()
	if n > 4 {
		t.Errorf("%d runs", n)
	}
}

// On a terminal a frame is one write, has no more lines than there is room for, and
// clears nothing before it is written over.
func TestScreenOfTerminal(t *testing.T) {
	var frames []string
	s := NewScreen(writerFunc(func(p []byte) { frames = append(frames, string(p)) }))
	height := 6
	s.size = func() (int, int, bool) { return 40, height, true }
	report := []byte("a\nb\nc\nd\ne\nf\ng\n")
	for _, step := range []func() error{
		func() error { return s.Show("run 1", report) },
		func() error { return s.Resized() },
		func() error { height = 8; return s.Resized() },
		func() error { return s.Busy() },
		func() error { return s.Show("run 2", []byte("z\n")) },
		func() error { return s.End() },
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	if len(frames) != 5 {
		t.Fatalf("%d writes: %q", len(frames), frames)
	}
	line := func(s string) string { return s + "\x1b[K\r\n" }
	first := strings.Repeat("\n", 5) + beginFrame + line("run 1") + line("a") + line("b") + line("c") + line("d") + "lines not shown: 3; watching; Ctrl-C ends" + endLine + endFrame
	for i, want := range []string{first,
		beginFrame + line("run 1") + line("a") + line("b") + line("c") + line("d") + line("e") + line("f") + "lines not shown: 1; watching; Ctrl-C ends" + endLine + endFrame,
		"\rcomparing …" + endLine,
		beginFrame + line("run 2") + line("z") + "watching; Ctrl-C ends" + endLine + endFrame,
		"\r" + endLine} {
		if diff := cmp.Diff(want, frames[i]); diff != "" {
			t.Errorf("frame %d (-want +got):\n%s", i, diff)
		}
		if strings.Contains(frames[i], "\x1b[2J") {
			t.Errorf("frame %d clears the screen: it flickers", i)
		}
	}
}

type writerFunc func([]byte)

func (f writerFunc) Write(p []byte) (int, error) { f(p); return len(p), nil }
