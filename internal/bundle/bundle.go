package bundle

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// ErrHoldsReports says that a folder holds reports already and force was not
// given.
var ErrHoldsReports = errors.New("holds reports already")

// errDone answers every use after Commit, Block or Abort.
var errDone = errors.New("bundle: already committed or aborted")

const (
	sumsName    = "sha256.txt"
	blockedName = "blocked.md"
	envName     = "env.json"
)

// Bundle is a report folder in the making. Its methods may be called from
// several goroutines; so may the writers it gives, one goroutine each.
type Bundle struct {
	name   string // the folder as the caller named it, time stamp filled in
	dir    string // the same, absolute and with links resolved
	force  bool
	stage  string
	within bool // the stage stands in dir, not beside it
	// made are the parent folders that Create made, outermost first, to be
	// removed again by Abort.
	made []string

	mu    sync.Mutex
	files map[string]*stagedFile
	done  bool
}

// ExpandTimestamp replaces every "<timestamp>" in dir by now in UTC, in the
// form 20060102T150405Z.
func ExpandTimestamp(dir string, now time.Time) string {
	return strings.ReplaceAll(dir, "<timestamp>", now.UTC().Format("20060102T150405Z"))
}

// Create begins a bundle that will appear as the folder dir; missing parents
// are made, and "<timestamp>" is filled in. dir may be a link to a folder.
//
// Without force, it is an error (ErrHoldsReports) if the folder holds a
// bundle; a folder with nothing but other files is taken, and Writer refuses
// the names that are in use there.
func Create(dir string, force bool) (*Bundle, error) {
	if dir == "" {
		return nil, errors.New("bundle: no folder named")
	}
	name := ExpandTimestamp(dir, time.Now())
	abs, exists, err := resolve(name)
	if err != nil {
		return nil, err
	}
	b := &Bundle{name: name, dir: abs, force: force, within: exists, files: map[string]*stagedFile{}}
	if exists {
		err = b.stageWithin()
	} else {
		err = b.stageBeside()
	}
	if err != nil {
		return nil, err
	}
	return b, nil
}

// stageWithin prepares a bundle in a folder that exists: the stage stands in it,
// for its parent may be another file system, or not writable.
func (b *Bundle) stageWithin() error {
	if err := recoverDir(b.dir); err != nil {
		return err
	}
	if err := b.refuse(); err != nil {
		return err
	}
	stage, err := makeStage(b.dir)
	b.stage = stage
	return err
}

// stageBeside prepares a bundle in a folder that does not exist yet: the stage
// stands beside it.
func (b *Bundle) stageBeside() error {
	parent := filepath.Dir(b.dir)
	var err error
	// Another run that gives up may remove the parents that it had made just
	// when we found them.
	for range 3 {
		if b.made, err = makeParents(parent); err != nil {
			return err
		}
		pending.addEmpty(b.made)
		if b.stage, err = makeStage(parent); err == nil {
			return nil
		}
		b.unmake()
		if !errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	return err
}

// refuse returns ErrHoldsReports if the folder holds a bundle and force was
// not given.
func (b *Bundle) refuse() error {
	if b.force {
		return nil
	}
	for _, name := range []string{sumsName, blockedName} {
		if _, err := os.Lstat(filepath.Join(b.dir, name)); err == nil {
			return b.holds(name)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// Dir returns the folder in which the files will appear, as it was named to
// Create, with the time stamp filled in.
func (b *Bundle) Dir() string { return b.name }

// Writer stages a file. name is relative to the folder, with slashes. Nothing
// is visible in the folder until Commit; the caller does not close the
// writer. A write that fails makes Commit fail, too.
func (b *Bundle) Writer(name string) (io.Writer, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.done {
		return nil, errDone
	}
	if name == sumsName || name == blockedName {
		return nil, fmt.Errorf("bundle: %s is written by the bundle itself", name)
	}
	return b.add(name)
}

// WriteFile stages a file with the given content.
func (b *Bundle) WriteFile(name string, data []byte) error {
	w, err := b.Writer(name)
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}

// add stages a file; the lock is held.
func (b *Bundle) add(name string) (*stagedFile, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	if err := b.free(name); err != nil {
		return nil, err
	}
	f, err := newStagedFile(b.stage, name)
	if err != nil {
		return nil, err
	}
	b.files[name] = f
	return f, nil
}

// free reports whether a file of that name may be put into the folder: never
// over a folder or through a link, and over another file only with force.
func (b *Bundle) free(name string) error {
	for i, c := range name + "/" {
		if c != '/' {
			continue
		}
		part := name[:i]
		info, err := os.Lstat(filepath.Join(b.dir, filepath.FromSlash(part)))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return err
		case part != name && !info.IsDir():
			return fmt.Errorf("bundle: %s is not a folder in %s", part, b.name)
		case part == name && info.IsDir():
			return fmt.Errorf("bundle: %s is a folder in %s", name, b.name)
		}
	}
	if !b.force {
		return b.holds(name)
	}
	return nil
}

// holds is the error that the folder holds the file.
func (b *Bundle) holds(name string) error {
	return fmt.Errorf("%s %w (%s)", b.name, ErrHoldsReports, name)
}

// Commit writes sha256.txt, syncs everything to disk and makes the files
// appear in the folder; see the package's comment for what a crash leaves.
// After an error nothing in the folder has changed, and the bundle can still be
// blocked or aborted; the exceptions are behind the point of no return, and
// their errors say what stands in the folder.
func (b *Bundle) Commit() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.done {
		return errDone
	}
	if err := b.seal(); err != nil {
		return err
	}
	return b.publish()
}

// seal completes the staged files and writes the list of their checksums.
func (b *Bundle) seal() error {
	for _, name := range b.names() {
		if err := b.files[name].seal(); err != nil {
			return fmt.Errorf("bundle: %s: %w", name, err)
		}
	}
	return b.writeSums()
}

func (b *Bundle) writeSums() error {
	var sums strings.Builder
	for _, name := range b.names() {
		fmt.Fprintf(&sums, "%x  %s\n", b.files[name].sum.Sum(nil), name)
	}
	return writeSynced(filepath.Join(b.stage, sumsName), []byte(sums.String()))
}

// names returns the names of the staged files in order.
func (b *Bundle) names() []string { return slices.Sorted(maps.Keys(b.files)) }

// Abort removes what was staged. The folder stays as it was; if Create made
// its parents, they are removed, too. After Commit or Block it does nothing.
func (b *Bundle) Abort() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.done {
		return nil
	}
	b.done = true
	for _, f := range b.files {
		f.close()
	}
	err := os.RemoveAll(b.stage)
	pending.drop(b.stage)
	b.unmake()
	return err
}

// unmake removes the parents that were made, as far as they are empty.
func (b *Bundle) unmake() {
	removeEmpty(b.made)
	pending.drop(b.made...)
}

// checkName refuses names that lead out of the folder, that sha256sum could
// not read back, or that are the bundle's own.
func checkName(name string) error {
	if !fs.ValidPath(name) || name == "." || !filepath.IsLocal(filepath.FromSlash(name)) {
		return fmt.Errorf("bundle: %q is not a name within a folder", name)
	}
	if strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f || r == '\\' }) {
		return fmt.Errorf("bundle: the name %q has a control character or a backslash", name)
	}
	if strings.HasPrefix(name, hidden) {
		return fmt.Errorf("bundle: the name %q is kept for the bundle itself", name)
	}
	return nil
}
