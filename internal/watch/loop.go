package watch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// Result is what a run found.
type Result struct {
	State  *State // nil where the run failed
	Report []byte // as it is shown
	Err    error  // why the run failed
	// Partial is set where an input seems to be half written: it ends in the middle
	// of a line.
	Partial bool
}

// Options of Loop.
type Options struct {
	Files Files
	// Commands is set where the run starts programs, which may write what is watched.
	Commands bool
	Run      func(ctx context.Context) Result
	Screen   *Screen
}

// Loop runs once and then whenever a watched file changes, until the context ends,
// which is no error. last is what the last run found; the zero Result where none
// ended.
func Loop(ctx context.Context, opt Options) (last Result, err error) {
	l := &loop{Options: opt, watcher: New(opt.Files)}
	defer func() { err = errors.Join(err, l.watcher.Close()) }()
	var changed []string
	for {
		before := l.watcher.look()
		_ = l.Screen.Busy()
		r := l.Run(ctx)
		if ctx.Err() != nil {
			return last, l.Screen.End()
		}
		l.written(before)
		if r.Partial || r.Err != nil && !l.Commands {
			// What is being written, or replaced, will change again in a moment.
			if more := l.watcher.next(ctx, before, absent, func() {}); len(more) > 0 {
				changed = union(changed, more)
				continue
			}
		}
		l.runs++
		if err := l.Screen.Show(l.title(changed), l.report(&r)); err != nil {
			return last, err
		}
		last = r
		if changed = l.watcher.next(ctx, before, 0, func() { _ = l.Screen.Resized() }); changed == nil {
			return last, l.Screen.End()
		}
	}
}

type loop struct {
	Options
	watcher *Watcher
	runs    int
	good    *State // of the last run that did not fail
	goodRun int
	during  []string // files that changed while the last run went on
}

// written looks for files that change in every run: the commands write them, and to
// watch them is to run for ever.
func (l *loop) written(before snapshot) {
	if !l.Commands {
		return
	}
	now := before.differ(l.watcher.look())
	for _, path := range now {
		if slices.Contains(l.during, path) {
			l.watcher.files.Except = append(l.watcher.files.Except, path)
			delete(before, path)
		}
	}
	l.during = now
}

// title heads a report.
func (l *loop) title(changed []string) string {
	if len(changed) == 0 {
		return fmt.Sprintf("run %d", l.runs)
	}
	var names []string
	for _, p := range changed {
		names = append(names, filepath.Base(p))
	}
	what := strings.Join(names[:min(len(names), 3)], ", ")
	if n := len(names) - 3; n > 0 {
		what += fmt.Sprintf(" and %d more", n)
	}
	return fmt.Sprintf("run %d: %s changed", l.runs, what)
}

// report puts what changed before the report of the run.
func (l *loop) report(r *Result) []byte {
	var b bytes.Buffer
	if n := len(l.watcher.files.Except) - len(l.Files.Except); n > 0 {
		fmt.Fprintf(&b, "not watched, since every run writes it: %s\n", strings.Join(l.watcher.files.Except[len(l.Files.Except):], ", "))
	}
	switch {
	case r.Err != nil:
		fmt.Fprintf(&b, "the run failed: %s\n", r.Err)
	case l.good != nil:
		fmt.Fprintf(&b, "since run %d:\n", l.goodRun)
		for _, s := range Changes(l.good, r.State) {
			b.WriteString("  " + s + "\n")
		}
		b.WriteString("\n")
	}
	if r.State != nil {
		l.good, l.goodRun = r.State, l.runs
	}
	b.Write(r.Report)
	return b.Bytes()
}

// union joins two lists of files.
func union(a, b []string) []string {
	out := append(slices.Clone(a), b...)
	slices.Sort(out)
	return slices.Compact(out)
}
