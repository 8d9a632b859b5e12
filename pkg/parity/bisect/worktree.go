package bisect

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"simtrace/internal/bundle"
)

// checkout puts a commit into a new worktree of our own and returns its
// folder. The caller removes it.
func (r *repo) checkout(ctx context.Context, commit string) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.n++
	dir := filepath.Join(r.temp, "w"+strconv.Itoa(r.n))
	if _, err := r.git(ctx, "worktree", "add", "--detach", "--force", dir, commit); err != nil {
		if ctx.Err() == nil {
			err = fmt.Errorf("%w, to check %s out into %s", err, short(commit), r.temp)
		}
		return "", errors.Join(err, r.drop(dir))
	}
	return dir, nil
}

// remove removes a worktree.
func (r *repo) remove(dir string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.drop(dir)
}

// drop removes a worktree's folder and the repository's entry of it. It asks
// git for nothing, so that it works when git does not, and after an
// interrupt. Other worktrees that are gone are left as they are.
func (r *repo) drop(dir string) error {
	err := removeAll(dir)
	entries, readErr := fs.Glob(r.root.FS(), "worktrees/*/gitdir")
	if readErr != nil {
		return errors.Join(err, readErr)
	}
	for _, e := range entries {
		data, readErr := r.root.ReadFile(e)
		if readErr != nil {
			continue // somebody else's, on its way out
		}
		if strings.TrimSpace(string(data)) == filepath.Join(dir, ".git") {
			err = errors.Join(err, r.root.RemoveAll(path.Dir(e)))
		}
	}
	// As git does: the folder goes with the last entry.
	_ = r.root.Remove("worktrees")
	return err
}

// removeAll removes a folder, even where a build left parts of it unwritable,
// as Go's module cache does.
func removeAll(dir string) error {
	if err := os.RemoveAll(dir); err == nil {
		return nil
	}
	_ = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			_ = os.Chmod(path, 0o700)
		}
		return nil
	})
	return os.RemoveAll(dir)
}

// close removes whatever is left of our worktrees.
func (r *repo) close() error { return bundle.Uninterrupted(r.clear) }

func (r *repo) clear() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var err error
	for i := 1; i <= r.n; i++ {
		err = errors.Join(err, r.drop(filepath.Join(r.temp, "w"+strconv.Itoa(i))))
	}
	return errors.Join(err, removeAll(r.temp), r.removeTemp(), r.root.Close())
}
