package bundle

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestWriteFileAtomic(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x")
	for _, text := range []string{"first", "", "third, longer"} {
		if err := WriteFileAtomic(path, []byte(text), 0o640); err != nil {
			t.Fatal(err)
		}
		wantExactly(t, "after writing", dir, map[string]string{"x": text})
	}
}

func TestAtomicFileIsInvisibleUntilCommit(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x")
	write(t, path, "old")
	f, err := CreateAtomic(path)
	if err != nil {
		t.Fatal(err)
	}
	big := bytes.Repeat([]byte{7}, 1<<20) // more than the buffer
	if _, err := f.Write(big); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(path); string(got) != "old" {
		t.Errorf("before Commit: %d bytes", len(got))
	}
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(path); !bytes.Equal(got, big) {
		t.Errorf("after Commit: %d bytes", len(got))
	}
	if err := f.Abort(); err != nil {
		t.Errorf("Abort after Commit: %v", err)
	}
	if err := f.Commit(); err == nil {
		t.Error("a second Commit succeeds")
	}
	if _, err := f.Write(nil); err == nil {
		t.Error("a write after Commit succeeds")
	}
}

func TestAtomicAbort(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x")
	write(t, path, "old")
	for _, p := range []string{path, filepath.Join(dir, "new")} {
		f, err := CreateAtomic(p)
		if err != nil {
			t.Fatal(err)
		}
		fill(t, f, "half")
		if err := f.Abort(); err != nil {
			t.Fatal(err)
		}
	}
	wantExactly(t, "after Abort", dir, map[string]string{"x": "old"})
}

func TestAtomicCommitFails(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x")
	write(t, path, "old")
	crashAt(t, 1)
	if err := WriteFileAtomic(path, []byte("new"), 0o666); !errors.Is(err, errCrash) {
		t.Errorf("WriteFileAtomic: %v", err)
	}
	wantExactly(t, "afterwards", dir, map[string]string{"x": "old"})
}

func TestAtomicKeepsMode(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x")
	write(t, path, "old")
	for _, mode := range []fs.FileMode{0o600, 0o755} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if err := WriteFileAtomic(path, []byte("new"), 0o644); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode() != mode {
			t.Errorf("mode %v, %v; want %v", info.Mode(), err, mode)
		}
	}
	// A file that its owner protected is not replaced behind his back.
	if err := os.Chmod(path, 0o444); err != nil {
		t.Fatal(err)
	}
	if err := WriteFileAtomic(path, nil, 0o644); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("a read-only file: %v", err)
	}
}

func TestAtomicFollowsLinks(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "far"), 0o777); err != nil {
		t.Fatal(err)
	}
	target, link := filepath.Join(dir, "far", "x"), filepath.Join(dir, "link")
	write(t, target, "old")
	if err := os.Symlink(filepath.Join("far", "x"), link); err != nil {
		t.Skip("no links here:", err)
	}
	if err := WriteFileAtomic(link, []byte("new"), 0o666); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(target); err != nil || string(got) != "new" {
		t.Errorf("the target holds %q, %v", got, err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v, %v", info, err)
	}
}

func TestAtomicTrouble(t *testing.T) {
	dir := t.TempDir()
	if err := WriteFileAtomic(dir, nil, 0o666); err == nil {
		t.Error("a folder is replaced")
	}
	missing := filepath.Join(dir, "none", "x")
	var pe *fs.PathError
	if err := WriteFileAtomic(missing, nil, 0o666); !errors.As(err, &pe) || pe.Path != missing {
		t.Errorf("a missing folder: %v; want an error that names %s", err, missing)
	}
	empty(t, dir)
}

// TestView: what was written so far can be read, and taken back.
func TestView(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x")
	f, err := CreateAtomic(path)
	if err != nil {
		t.Fatal(err)
	}
	f.Unsynced()
	for _, text := range []string{"", "first", string(bytes.Repeat([]byte("long"), 100_000))} {
		if err := f.Restart(); err != nil {
			t.Fatal(err)
		}
		fill(t, f, text)
		data, release, err := f.View()
		if err != nil || string(data) != text {
			t.Fatalf("%d bytes viewed of %d, %v", len(data), len(text), err)
		}
		if err := release(); err != nil {
			t.Error(err)
		}
	}
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	if got := content(t, dir); len(got) != 1 || len(got["x"]) != 400_000 {
		t.Errorf("%d files, %d bytes", len(got), len(got["x"]))
	}
}

// TestUnsynced: an unsynced file replaces the old one too, and leaves nothing
// beside it.
func TestUnsynced(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x")
	for _, text := range []string{"first", "", "third, longer"} {
		f, err := CreateAtomic(path)
		if err != nil {
			t.Fatal(err)
		}
		f.Unsynced()
		fill(t, f, text)
		if err := f.Commit(); err != nil {
			t.Fatal(err)
		}
		wantExactly(t, "after writing", dir, map[string]string{"x": text})
	}
}

// TestUnnamed: a file without a name appears like any other, and leaves nothing
// when it is given up.
func TestUnnamed(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x")
	for i, text := range []string{"first", "second", "third"} {
		f, err := CreateUnnamed(path)
		if err != nil {
			t.Fatal(err)
		}
		if i < 2 {
			f.Unsynced()
		}
		fill(t, f, text)
		if err := f.Commit(); err != nil {
			t.Fatal(err)
		}
		wantExactly(t, "after writing", dir, map[string]string{"x": text})
		if err := os.Chmod(path, 0o640); err != nil {
			t.Fatal(err)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("the permissions are %v, %v", info.Mode(), err)
	}
	f, err := CreateUnnamed(path)
	if err != nil {
		t.Fatal(err)
	}
	fill(t, f, "never")
	if err := f.Abort(); err != nil {
		t.Error(err)
	}
	wantExactly(t, "after giving up", dir, map[string]string{"x": "third"})
}

// TestFolderInTheWay: a folder that comes to stand there meanwhile stays, with what
// is in it, and the error speaks of the path that was asked for.
func TestFolderInTheWay(t *testing.T) {
	for _, create := range []func(string) (*AtomicFile, error){CreateAtomic, CreateUnnamed} {
		for _, full := range []bool{false, true} {
			dir := t.TempDir()
			path := filepath.Join(dir, "x")
			f, err := create(path)
			if err != nil {
				t.Fatal(err)
			}
			f.Unsynced()
			if err := os.Mkdir(path, 0o700); err != nil {
				t.Fatal(err)
			}
			if full {
				write(t, filepath.Join(path, "mine"), "precious")
			}
			err = f.Commit()
			var pe *fs.PathError
			if !errors.As(err, &pe) || pe.Path != path {
				t.Errorf("the error is %v", err)
			}
			entries, err := os.ReadDir(dir)
			if err != nil || len(entries) != 1 || !entries[0].IsDir() {
				t.Errorf("%v is left, %v", entries, err)
			}
			if got, _ := os.ReadFile(filepath.Join(path, "mine")); full && string(got) != "precious" {
				t.Errorf("in the folder is %q", got)
			}
		}
	}
}

// fill writes text into a file that is on its way.
func fill(t *testing.T, f *AtomicFile, text string) {
	t.Helper()
	if _, err := f.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
}
