package bundle

import (
	"os"
	"path/filepath"
	"testing"
)

func TestIdentity(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	write(t, "file", "")
	if err := os.Mkdir("folder", 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("folder", "link"); err != nil {
		t.Skip(err)
	}
	for _, same := range [][]string{
		{"file", "./file", "folder/../file", filepath.Join(dir, "file")},
		{"folder/new", "link/new", "./link/../folder/new"},
		{"no/such/new", "./no/such/../such/new"},
	} {
		for _, p := range same {
			if got, want := Identity(p), Identity(same[0]); got != want || !filepath.IsAbs(got) {
				t.Errorf("%s is %s, and %s is %s", p, got, same[0], want)
			}
		}
	}
	if Identity("file") == Identity("folder/file") {
		t.Error("two files are one")
	}
}
