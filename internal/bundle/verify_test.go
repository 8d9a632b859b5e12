package bundle

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Verify names the file that is not what the list says, and nothing else stops it.
func TestVerify(t *testing.T) {
	for name, c := range map[string]struct {
		change func(t *testing.T, dir string) error
		want   string // of the error; "" for none
	}{
		"untouched": {func(*testing.T, string) error { return nil }, ""},
		"added":     {func(_ *testing.T, dir string) error { return os.WriteFile(dir+"/more", nil, 0o666) }, ""},
		"changed":   {func(_ *testing.T, dir string) error { return os.WriteFile(dir+"/sub/b", []byte("text b."), 0o666) }, "sub/b is not the file"},
		"removed":   {func(_ *testing.T, dir string) error { return os.Remove(dir + "/a") }, "a is missing"},
		"folder": {func(_ *testing.T, dir string) error {
			_ = os.Remove(dir + "/a")
			return os.Mkdir(dir+"/a", 0o777)
		}, "a is not a regular file"},
		"link within": {func(_ *testing.T, dir string) error {
			_ = os.Rename(dir+"/a", dir+"/c")
			return os.Symlink("c", dir+"/a")
		}, ""},
		"link out, same bytes": {func(t *testing.T, dir string) error {
			other := filepath.Join(t.TempDir(), "a")
			_ = os.Rename(dir+"/a", other)
			return os.Symlink(other, dir+"/a")
		}, "a is a link to"},
		"folder linked out": {func(t *testing.T, dir string) error {
			other := filepath.Join(t.TempDir(), "sub")
			_ = os.Rename(dir+"/sub", other)
			return os.Symlink(other, dir+"/sub")
		}, "b is a link to"},
		"list linked out": {func(t *testing.T, dir string) error {
			other := filepath.Join(t.TempDir(), "list")
			_ = os.Rename(dir+"/"+sumsName, other)
			return os.Symlink(other, dir+"/"+sumsName)
		}, sumsName + " is a link to"},
		"list cut": {func(_ *testing.T, dir string) error { return os.Truncate(dir+"/"+sumsName, 90) }, sumsName + ":2: no line"},
		"list leads out": {func(_ *testing.T, dir string) error {
			return appendTo(dir+"/"+sumsName, strings.Repeat("0", 64)+"  ../x\n")
		}, sumsName + ":3: no line"},
		"no list": {func(_ *testing.T, dir string) error { return os.Remove(dir + "/" + sumsName) }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "r")
			b, err := Create(dir, false)
			if err != nil {
				t.Fatal(err)
			}
			for _, n := range []string{"a", "sub/b"} {
				if err := b.WriteFile(n, []byte("text "+n)); err != nil {
					t.Fatal(err)
				}
			}
			if err := b.Commit(); err != nil {
				t.Fatal(err)
			}
			if err := c.change(t, dir); err != nil {
				t.Skip(err) // a system without links
			}
			listed, err := Verify(dir)
			if c.want == "" && (err != nil || len(listed) > 0 != (name != "no list")) {
				t.Errorf("%v, listed %v", err, listed)
			}
			if c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n")) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}

func appendTo(path, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = f.WriteString(text)
	return err
}
