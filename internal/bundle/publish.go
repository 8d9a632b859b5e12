package bundle

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

const (
	hidden       = ".simtrace-"
	stagePrefix  = hidden + "stage-"
	commitPrefix = hidden + "commit-"
	// staleName lists, in the form of sha256.txt, the files to remove.
	staleName = hidden + "stale"
)

// rename is os.Rename; tests let it fail at each step in turn.
var rename = os.Rename

// publish makes the sealed stage appear as the folder; the lock is held.
func (b *Bundle) publish() error {
	if err := syncTree(b.stage); err != nil {
		return err
	}
	if b.within {
		return b.replace()
	}
	leave := pending.enter()
	err := rename(b.stage, b.dir)
	if err == nil {
		pending.drop(b.stage)
		b.done = true
	}
	leave()
	if err == nil {
		if err := syncDir(filepath.Dir(b.dir)); err != nil {
			return fmt.Errorf("%s is complete, but may not outlast a power cut: %w", b.name, err)
		}
		return nil
	}
	if info, statErr := os.Stat(b.dir); statErr != nil || !info.IsDir() {
		return err
	}
	// Somebody made the folder since Create looked.
	if err := b.refuse(); err != nil {
		return err
	}
	stage := filepath.Join(b.dir, filepath.Base(b.stage))
	pending.add(stage)
	if err := rename(b.stage, stage); err != nil {
		pending.drop(stage)
		return err
	}
	pending.drop(b.stage)
	b.stage, b.within = stage, true
	return b.replace()
}

// replace puts the files of the stage into a folder that exists.
func (b *Bundle) replace() error {
	unlock, err := lockDir(context.Background(), b.dir)
	if err != nil {
		return err
	}
	defer unlock()
	defer pending.enter()()
	if err := finish(b.dir); err != nil {
		return err
	}
	// Another run may have put its files here since Create looked.
	if err := b.refuse(); err != nil {
		return err
	}
	for _, name := range append(b.names(), sumsName) {
		if err := b.free(name); err != nil {
			return err
		}
	}
	stale, err := b.stale()
	if err != nil {
		return err
	}
	if err := writeSynced(filepath.Join(b.stage, staleName), stale); err != nil {
		return err
	}
	if err := syncDir(b.stage); err != nil {
		return err
	}
	ready := filepath.Join(b.dir, commitPrefix+strings.TrimPrefix(filepath.Base(b.stage), stagePrefix))
	if err := rename(b.stage, ready); err != nil {
		return err
	}
	// From here on the change is only finished, never taken back.
	pending.drop(b.stage)
	b.done = true
	if err := apply(b.dir, ready); err != nil {
		return fmt.Errorf("%s is half changed; the next run that writes there finishes it: %w", b.name, err)
	}
	return nil
}

// stale returns, in the form of sha256.txt, the files of the bundle that the
// folder holds and that are not part of the new one.
func (b *Bundle) stale() ([]byte, error) {
	sums, err := readSums(filepath.Join(b.dir, sumsName))
	if err != nil {
		return nil, err
	}
	var out strings.Builder
	if isReport(b.dir, sums) {
		for _, s := range sums {
			if b.files[s.name] == nil && s.name != blockedName {
				fmt.Fprintf(&out, "%s  %s\n", s.sum, s.name)
			}
		}
	}
	// blocked.md goes, edited or not: beside a complete report it would say
	// what is no longer true.
	if b.files[blockedName] == nil && isBlocked(b.dir) {
		if sum, err := sumFile(b.dir, blockedName); err == nil {
			fmt.Fprintf(&out, "%s  %s\n", sum, blockedName)
		}
	}
	return []byte(out.String()), nil
}

// recoverDir finishes the changes that a process left unfinished in the
// folder.
func recoverDir(dir string) error {
	ready, err := unfinished(dir)
	if err != nil || len(ready) == 0 {
		return err
	}
	unlock, err := lockDir(context.Background(), dir)
	if err != nil {
		return err
	}
	defer unlock()
	defer pending.enter()()
	return finish(dir)
}

// finish is recoverDir with the folder locked.
func finish(dir string) error {
	ready, err := unfinished(dir)
	if err != nil {
		return err
	}
	for _, r := range ready {
		if err := apply(dir, r); err != nil {
			return fmt.Errorf("finishing the change that %s was left with: %w", dir, err)
		}
	}
	return nil
}

// unfinished returns the stages in the folder that have been committed.
func unfinished(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, e := range entries {
		if e.IsDir() && strings.HasPrefix(e.Name(), commitPrefix) {
			out = append(out, filepath.Join(dir, e.Name()))
		}
	}
	return out, nil
}

// apply moves the files of a committed stage to their places and removes the
// stale ones. It can be repeated after a crash at any point: what has been
// moved is not in the stage any more.
func apply(dir, ready string) error {
	names, err := tree(ready)
	if err != nil {
		return err
	}
	// The new list goes first: from then on "sha256sum -c" names the files
	// that are still the old ones.
	slices.SortStableFunc(names, func(a, b string) int { return sumsFirst(a) - sumsFirst(b) })
	touched := map[string]bool{dir: true}
	for _, name := range names {
		if name == staleName {
			continue
		}
		to := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
			return err
		}
		if err := rename(filepath.Join(ready, filepath.FromSlash(name)), to); err != nil {
			return err
		}
		touched[filepath.Dir(to)] = true
	}
	if err := removeStale(dir, filepath.Join(ready, staleName)); err != nil {
		return err
	}
	for d := range touched {
		if err := syncDir(d); err != nil {
			return err
		}
	}
	if err := os.RemoveAll(ready); err != nil {
		return err
	}
	return syncDir(dir)
}

func sumsFirst(name string) int {
	if name == sumsName {
		return 0
	}
	return 1
}

// tree returns the files below root, with slashes, in order.
func tree(root string) ([]string, error) {
	var out []string
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			out = append(out, name)
		}
		return err
	})
	return out, err
}

// removeStale removes the listed files that are still what the list says, and
// the folders that this leaves empty.
func removeStale(dir, list string) error {
	sums, err := readSums(list)
	if err != nil {
		return err
	}
	for _, s := range sums {
		// A file that cannot be read, or is another one by now, is not ours.
		if got, err := sumFile(dir, s.name); err != nil || got != s.sum {
			continue
		}
		if err := os.Remove(filepath.Join(dir, filepath.FromSlash(s.name))); err != nil {
			return err
		}
		for p := path.Dir(s.name); p != "."; p = path.Dir(p) {
			if os.Remove(filepath.Join(dir, filepath.FromSlash(p))) != nil {
				break // not empty
			}
		}
	}
	return nil
}
