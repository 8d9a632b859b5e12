package bundle

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"
)

// lockPatience is how long a run waits for another one that is moving its files
// into the same folder. That takes milliseconds; a run that is stuck may take for ever.
var lockPatience = 10 * time.Second

// errLocked says that another process, or another part of this one, has the lock.
var errLocked = errors.New("locked")

// lockDir keeps other runs from changing the reports in the folder until the
// returned function is called. Where the file system has no locks it does
// nothing: files are whole all the same then, but two runs that write into one
// folder at the same moment may mix theirs.
func lockDir(ctx context.Context, dir string) (unlock func(), err error) {
	end := time.Now().Add(lockPatience)
	for {
		if unlock, err = tryLock(dir); err == nil || !errors.Is(err, errLocked) {
			return unlock, err
		}
		if time.Now().After(end) {
			return nil, fmt.Errorf("%s: another run has been writing its files there for %v; wait until it ends, or choose another folder", dir, lockPatience)
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// Together runs place, which commits the files of one run, so that no file of
// another run comes between them in their folders; see lockDir. A nil file, and
// one that is written to directly, has no folder to be locked.
func Together(ctx context.Context, files []*AtomicFile, place func() error) error {
	var dirs []string
	for _, f := range files {
		if f == nil || f.direct {
			continue
		}
		dir, err := filepath.Abs(filepath.Dir(f.path))
		if err == nil {
			dir, err = filepath.EvalSymlinks(dir)
		}
		if err != nil {
			return err
		}
		dirs = append(dirs, dir)
	}
	// One order for all, so that two runs never wait for each other.
	slices.Sort(dirs)
	for _, dir := range slices.Compact(dirs) {
		unlock, err := lockDir(ctx, dir)
		if err != nil {
			return err
		}
		defer unlock()
	}
	defer pending.enter()()
	return place()
}
