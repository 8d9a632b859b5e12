package bundle

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// discard waits for a change that has begun, lets no further one begin, removes
// what is temporary and nothing else.
func TestDiscard(t *testing.T) {
	r, dir := newRegistry(), t.TempDir()
	temp, placed := filepath.Join(dir, "temp"), filepath.Join(dir, "placed")
	r.add(temp)
	r.add(placed)
	for _, p := range []string{temp, placed} {
		if err := os.WriteFile(p, nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	leave := r.enter()
	done := make(chan struct{})
	go func() { r.discard(time.Minute); close(done) }()
	for closed := false; !closed; time.Sleep(time.Millisecond) {
		r.mu.Lock()
		closed = r.closed
		r.mu.Unlock()
	}
	inner := r.enter() // within the change that has begun: it must not wait
	r.drop(placed)
	inner()
	select {
	case <-done:
		t.Error("discard did not wait for the change")
	default:
	}
	leave()
	<-done
	if _, err := os.Stat(temp); err == nil {
		t.Error("the temporary file is there still")
	}
	if _, err := os.Stat(placed); err != nil {
		t.Errorf("what had its place is gone: %v", err)
	}
	go func() { r.enter(); t.Error("a change began after discard") }()
	time.Sleep(20 * time.Millisecond)
}

// A change that hangs keeps discard for its limit only, and nothing is removed
// under it.
func TestDiscardLimit(t *testing.T) {
	r, temp := newRegistry(), filepath.Join(t.TempDir(), "temp")
	if err := os.WriteFile(temp, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	r.add(temp)
	r.enter()
	r.discard(10 * time.Millisecond)
	if _, err := os.Stat(temp); err != nil {
		t.Error(err)
	}
}

// Folders that were made go where they are empty, and stay where somebody used them.
func TestDiscardFolders(t *testing.T) {
	r, dir := newRegistry(), t.TempDir()
	outer, inner := filepath.Join(dir, "a"), filepath.Join(dir, "a", "b")
	if err := os.MkdirAll(inner, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(outer, "theirs"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	r.addEmpty([]string{outer, inner})
	r.discard(time.Minute)
	if left, _ := filepath.Glob(filepath.Join(outer, "*")); len(left) != 1 || filepath.Base(left[0]) != "theirs" {
		t.Errorf("%v is left", left)
	}
}

// A link to nothing in the way of a folder stays, and is said to be one.
func TestMakeFolderDangling(t *testing.T) {
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink("nowhere", link); err != nil {
		t.Skip(err)
	}
	for _, dir := range []string{link, filepath.Join(link, "a", "b")} {
		if _, err := MakeFolder(dir); err == nil || err.Error() != link+" is a link to nothing" {
			t.Errorf("%s: %v", dir, err)
		}
		if _, err := Create(dir, false); err == nil {
			t.Errorf("a bundle was begun in %s", dir)
		}
		if _, err := os.Lstat(link); err != nil {
			t.Fatalf("%s: the link is gone: %v", dir, err)
		}
	}
}
