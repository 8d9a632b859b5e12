package watch

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"simtrace/internal/bundle"
)

// Files are what is watched.
type Files struct {
	// Inputs are files, be they there at the moment or not, and folders, which stand
	// for the files directly in them.
	Inputs []string
	// Sources are patterns as filepath.Match has them; a folder stands for all files
	// in it and below, but those that are hidden.
	Sources []string
	// Except are files that the run itself writes.
	Except []string
}

// Check looks whether the patterns are well formed and match something: a pattern
// that matches nothing is mostly misspelt, and would wait for ever.
func (f *Files) Check() error {
	for _, p := range f.Sources {
		found, err := filepath.Glob(p)
		if err != nil {
			return fmt.Errorf("--source %s: no pattern (*, ? and [a-z] are known)", p)
		}
		if len(found) == 0 {
			return fmt.Errorf("--source %s: no file matches", p)
		}
	}
	return nil
}

// snapshot is what the watched files looked like.
type snapshot map[string]stamp

// stamp tells two states of a file apart. A file that is replaced by another has
// another identity, even where size and time are the same.
type stamp struct {
	info fs.FileInfo // nil where there is no such file
	size int64
	time time.Time
}

func (s stamp) same(o stamp) bool {
	if s.info == nil || o.info == nil {
		return s.info == nil && o.info == nil
	}
	return s.size == o.size && s.time.Equal(o.time) && os.SameFile(s.info, o.info)
}

// differ lists the files whose states differ, in order.
func (s snapshot) differ(o snapshot) []string {
	var out []string
	for path, a := range s {
		if b, ok := o[path]; !ok || !a.same(b) {
			out = append(out, path)
		}
	}
	for path := range o {
		if _, ok := s[path]; !ok {
			out = append(out, path)
		}
	}
	slices.Sort(out)
	return out
}

// missing lists the inputs that are gone.
func (s snapshot) missing() []string {
	var out []string
	for _, path := range slices.Sorted(maps.Keys(s)) {
		if s[path].info == nil {
			out = append(out, path)
		}
	}
	return out
}

// look takes the state of all files, and lists the folders in which a change of
// them would show.
func (f *Files) look() (snapshot, []string) {
	l := &looked{files: snapshot{}, dirs: map[string]bool{}, except: map[string]bool{}}
	for _, p := range f.Except {
		l.except[bundle.Identity(p)] = true
	}
	for _, p := range f.Inputs {
		l.input(p)
	}
	for _, p := range f.Sources {
		l.source(p)
	}
	return l.files, slices.Sorted(maps.Keys(l.dirs))
}

// looked is a look at files on its way.
type looked struct {
	files  snapshot
	dirs   map[string]bool
	except map[string]bool
}

func (l *looked) input(path string) {
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		l.dirs[filepath.Clean(path)] = true
		found, _ := os.ReadDir(path)
		for _, e := range found {
			if e.Type().IsRegular() {
				l.file(filepath.Join(path, e.Name()))
			}
		}
		return
	}
	l.file(path)
	l.dirs[filepath.Dir(path)] = true
	if real, err := filepath.EvalSymlinks(path); err == nil {
		l.dirs[filepath.Dir(real)] = true // a link does not change when its target does
	}
}

func (l *looked) source(pattern string) {
	// A folder that a part of the pattern matches may get a file that matches all of it.
	for dir := filepath.Dir(pattern); ; dir = filepath.Dir(dir) {
		found, _ := filepath.Glob(dir)
		for _, d := range found {
			if info, err := os.Stat(d); err == nil && info.IsDir() {
				l.dirs[d] = true
			}
		}
		if !strings.ContainsAny(dir, "*?[") {
			break
		}
	}
	found, _ := filepath.Glob(pattern)
	for _, path := range found {
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			l.below(path)
			continue
		}
		l.file(path)
	}
}

// below takes the files of a folder and of those in it. Hidden ones hold no sources,
// but what version control and editors keep.
func (l *looked) below(dir string) {
	_ = filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrPermission), errors.Is(err, fs.ErrNotExist):
			return fs.SkipDir
		case err != nil:
			return err
		case path != dir && strings.HasPrefix(e.Name(), "."):
			if e.IsDir() {
				return fs.SkipDir
			}
		case e.IsDir():
			l.dirs[path] = true
		case e.Type().IsRegular():
			l.file(path)
		}
		return nil
	})
}

func (l *looked) file(path string) {
	if _, known := l.files[path]; known || len(l.except) > 0 && l.except[bundle.Identity(path)] {
		return
	}
	info, err := os.Stat(path)
	if err != nil {
		l.files[path] = stamp{}
		return
	}
	l.files[path] = stamp{info, info.Size(), info.ModTime()}
}
