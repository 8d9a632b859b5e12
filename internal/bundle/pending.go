package bundle

import (
	"os"
	"slices"
	"sync"
	"time"
)

// pending holds the temporary files and folders of this process that have no
// place yet, so that a program that has to end at once can remove them.
var pending = newRegistry()

// registry keeps three kinds of work apart: making something temporary, moving
// it to its place, and removing what is left. The last excludes the others for good.
type registry struct {
	mu     sync.Mutex
	idle   *sync.Cond
	paths  []temporary
	active int  // how often enter was called and leave not yet
	closed bool // discard was called
}

// temporary is a path that is to go.
type temporary struct {
	path    string
	ifEmpty bool // a folder made for something temporary: others may have put something there
}

func newRegistry() *registry {
	r := &registry{}
	r.idle = sync.NewCond(&r.mu)
	return r
}

// enter begins a short change of the file system that must not be torn. After
// discard it never returns, since the program is about to end; a change within
// another one goes on, or the outer one could not end.
func (r *registry) enter() (leave func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for r.closed && r.active == 0 {
		r.idle.Wait()
	}
	r.active++
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.active--
		r.idle.Broadcast()
	}
}

// add notes a temporary path before it is made.
func (r *registry) add(path string) { r.note(temporary{path: path}) }

// addEmpty notes folders, outermost first, that are to go where nothing is in them.
func (r *registry) addEmpty(dirs []string) {
	for _, dir := range dirs {
		r.note(temporary{dir, true})
	}
}

func (r *registry) note(t temporary) {
	defer r.enter()()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.paths = append(r.paths, t)
}

// drop forgets paths that were removed, or have become something permanent.
func (r *registry) drop(paths ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.paths = slices.DeleteFunc(r.paths, func(t temporary) bool { return slices.Contains(paths, t.path) })
}

// discard waits for the changes that have begun, at most until the limit, and
// removes every temporary path. Nothing can be made or moved afterwards. Where
// a change hangs, as on a file server that does not answer, nothing is removed.
func (r *registry) discard(limit time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	end := time.Now().Add(limit)
	for r.active > 0 && time.Now().Before(end) {
		r.mu.Unlock()
		time.Sleep(time.Millisecond)
		r.mu.Lock()
	}
	if r.active > 0 {
		return
	}
	for _, t := range slices.Backward(r.paths) {
		t.remove()
	}
	r.paths = nil
}

func (t temporary) remove() {
	if t.ifEmpty {
		_ = os.Remove(t.path)
		return
	}
	// A child process that is just dying may put one more file into a folder.
	for range 20 {
		if os.RemoveAll(t.path) == nil {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

// Discard removes the temporary files and folders of this process, once the files
// that are being moved to their places are there. The program must end directly
// afterwards: whoever wants to write a file after this call waits for ever.
func Discard() { pending.discard(5 * time.Second) }

// Uninterrupted runs what Discard has to wait for, such as taking back a change
// that was made elsewhere.
func Uninterrupted(do func() error) error {
	defer pending.enter()()
	return do()
}

// TempDir makes a temporary folder, as [os.MkdirTemp] does in the system's
// folder for such, that Discard removes. remove removes it with all that it holds.
func TempDir(pattern string) (dir string, remove func() error, err error) {
	defer pending.enter()()
	if dir, err = os.MkdirTemp("", pattern); err != nil {
		return "", nil, err
	}
	pending.add(dir)
	return dir, func() error {
		err := os.RemoveAll(dir)
		pending.drop(dir)
		return err
	}, nil
}

// MakeFolder makes a folder and those above it. undo removes those of them that
// were not there before and that nothing lies in.
func MakeFolder(dir string) (undo func(), err error) {
	defer pending.enter()()
	made, err := makeParents(dir)
	if err != nil {
		return nil, err
	}
	pending.addEmpty(made)
	return func() {
		removeEmpty(made)
		pending.drop(made...)
	}, nil
}
