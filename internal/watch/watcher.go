package watch

import (
	"context"
	"slices"
	"time"

	"github.com/fsnotify/fsnotify"
)

// The times of waiting.
const (
	// rest is how long nothing must change before a run: an editor writes, renames and
	// removes several files to save one.
	rest = 150 * time.Millisecond
	// restless is how long it is waited for that at most, for logs that grow all the time.
	restless = 3 * time.Second
	// absent is how long an input that is gone is waited for.
	absent = time.Second
	// poll is how often files are looked at where the system tells nothing.
	poll = time.Second
)

// Watcher waits for changes of files.
type Watcher struct {
	files  Files
	notify *fsnotify.Watcher // nil where the system has none to give
	known  map[string]bool   // folders that notify watches
}

// New begins to watch. Where the system cannot tell of changes, because all its
// watches are in use for example, files are looked at every second.
func New(files Files) *Watcher {
	w := &Watcher{files: files, known: map[string]bool{}}
	w.notify, _ = fsnotify.NewWatcher()
	return w
}

// Close ends the watch.
func (w *Watcher) Close() error {
	if w.notify == nil {
		return nil
	}
	return w.notify.Close()
}

// look takes the state of the files, and watches folders that are new.
func (w *Watcher) look() snapshot {
	files, dirs := w.files.look()
	if w.notify != nil {
		for _, d := range dirs {
			if !w.known[d] {
				w.known[d] = w.notify.Add(d) == nil
			}
		}
		watched := w.notify.WatchList()
		for d := range w.known {
			if !slices.Contains(watched, d) {
				delete(w.known, d) // it was removed, and may come again
			}
		}
	}
	return files
}

// next waits until files differ from before and have come to rest, and returns what
// differs: nothing where none does before the limit (0 for none), or once the context
// has ended. Every second it calls idle.
func (w *Watcher) next(ctx context.Context, before snapshot, limit time.Duration, idle func()) []string {
	tick := time.NewTicker(poll)
	defer tick.Stop()
	start := time.Now()
	for ctx.Err() == nil && (limit == 0 || time.Since(start) < limit) {
		if now := w.look(); len(before.differ(now)) > 0 {
			changed := before.differ(w.settled(ctx, before, now))
			if ctx.Err() == nil && len(changed) > 0 {
				return changed
			}
			continue
		}
		w.event(ctx, tick.C)
		idle()
	}
	return nil
}

// event waits for word of a change.
func (w *Watcher) event(ctx context.Context, tick <-chan time.Time) {
	var events chan fsnotify.Event
	var errs chan error
	if w.notify != nil {
		events, errs = w.notify.Events, w.notify.Errors
	}
	select {
	case <-ctx.Done():
	case <-tick:
	case <-events:
		w.drain(ctx)
	case <-errs: // events were lost: a look tells
	}
}

// drain takes the events that come directly behind one, so that a thousand files
// are not looked at a thousand times.
func (w *Watcher) drain(ctx context.Context) {
	end := time.After(20 * time.Millisecond)
	for {
		select {
		case <-ctx.Done():
			return
		case <-end:
			return
		case <-w.notify.Events:
		}
	}
}

// settled waits until nothing changes any more, and inputs that were there before are
// there again.
func (w *Watcher) settled(ctx context.Context, before, now snapshot) snapshot {
	start := time.Now()
	for sleep(ctx, rest) {
		last := now
		now = w.look()
		waited := time.Since(start)
		gone := len(now.missing()) > len(before.missing()) && waited < absent
		if len(last.differ(now)) == 0 && !gone || waited > restless {
			break
		}
	}
	return now
}

// sleep reports whether the time went by before the context ended.
func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}
