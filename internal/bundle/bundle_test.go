package bundle

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// begin creates a bundle with the given files staged.
func begin(t *testing.T, dir string, force bool, files map[string]string) *Bundle {
	t.Helper()
	b, err := Create(dir, force)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Abort() })
	for name, text := range files {
		if err := b.WriteFile(name, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

// commit writes a bundle.
func commit(t *testing.T, dir string, force bool, files map[string]string) {
	t.Helper()
	if err := begin(t, dir, force, files).Commit(); err != nil {
		t.Fatal(err)
	}
}

// content returns the files below dir; links are left out.
func content(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Type() == fs.ModeSymlink {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		data, err := os.ReadFile(path)
		out[filepath.ToSlash(rel)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// wantExactly checks that dir holds the files and nothing else.
func wantExactly(t *testing.T, when, dir string, want map[string]string) {
	t.Helper()
	if diff := cmp.Diff(want, content(t, dir)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", when, diff)
	}
}

// wantFiles checks that dir holds the files and a list of checksums, and
// nothing else.
func wantFiles(t *testing.T, dir string, want map[string]string) {
	t.Helper()
	got := content(t, dir)
	if _, ok := got[sumsName]; !ok {
		t.Errorf("%s is missing", sumsName)
	}
	delete(got, sumsName)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", dir, diff)
	}
	checkSums(t, dir)
}

// checkSums lets sha256sum judge the folder; where there is none, our own
// reader does.
func checkSums(t *testing.T, dir string) {
	t.Helper()
	if program, err := exec.LookPath("sha256sum"); err == nil {
		cmd := exec.Command(program, "--check", "--strict", sumsName)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("sha256sum: %v\n%s", err, out)
		}
		return
	}
	sums, err := readSums(filepath.Join(dir, sumsName))
	if err != nil {
		t.Error(err)
	}
	for _, s := range sums {
		if got, err := sumFile(dir, s.name); err != nil || got != s.sum {
			t.Errorf("%s: %v, %v", s.name, got, err)
		}
	}
}

// empty checks that nothing of ours is left in a folder.
func empty(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		t.Errorf("%s is left in %s", e.Name(), dir)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func TestCommitNewFolder(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "a", "b")
	files := map[string]string{"z.log": "last\n", "a.json": "{}\n", "plots/phi.svg": "<svg/>\n", "empty": ""}
	b := begin(t, dir, false, files)
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder is there before Commit: %v", err)
	}
	if err := b.Commit(); err != nil {
		t.Fatal(err)
	}
	wantFiles(t, dir, files)
	if entries, _ := os.ReadDir(filepath.Dir(dir)); len(entries) != 1 {
		t.Errorf("something is left beside the folder: %v", entries)
	}
	// The figure is that of "printf '{}\n' | sha256sum"; the order is by name.
	sums := content(t, dir)[sumsName]
	const first = "ca3d163bab055381827226140568f3bef7eaac187cebd76878e0b63e9e442356  a.json\n"
	if !strings.HasPrefix(sums, first) {
		t.Errorf("sha256.txt begins with %q, want %q", sums, first)
	}
	if i, j := strings.Index(sums, "empty"), strings.Index(sums, "z.log"); i < 0 || j < i {
		t.Errorf("not in order:\n%s", sums)
	}
}

func TestDoneIsDone(t *testing.T) {
	b := begin(t, filepath.Join(t.TempDir(), "r"), false, nil)
	w, err := b.Writer("x")
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := b.Commit(); err == nil {
		t.Error("a second Commit succeeds")
	}
	if err := b.Block(errors.New("e"), ""); err == nil {
		t.Error("Block after Commit succeeds")
	}
	if err := b.WriteFile("y", nil); err == nil {
		t.Error("WriteFile after Commit succeeds")
	}
	if _, err := w.Write([]byte("late")); err == nil {
		t.Error("a write after Commit succeeds")
	}
	if err := b.Abort(); err != nil {
		t.Errorf("Abort after Commit: %v", err)
	}
	wantFiles(t, b.Dir(), map[string]string{"x": ""})
}

func TestAbortLeavesNothing(t *testing.T) {
	parent := t.TempDir()
	b := begin(t, filepath.Join(parent, "a", "b", "c"), false, map[string]string{"x": "x"})
	if err := b.Abort(); err != nil {
		t.Fatal(err)
	}
	empty(t, parent)

	// Parents that were there, or that somebody uses now, stay.
	b = begin(t, filepath.Join(parent, "a", "b", "c"), false, nil)
	write(t, filepath.Join(parent, "a", "note"), "mine")
	if err := b.Abort(); err != nil {
		t.Fatal(err)
	}
	wantExactly(t, "after Abort", parent, map[string]string{"a/note": "mine"})
}

func TestRefusal(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "r")
	old := map[string]string{"x": "old"}
	commit(t, dir, false, old)
	if _, err := Create(dir, false); !errors.Is(err, ErrHoldsReports) {
		t.Errorf("a folder with a bundle: %v", err)
	}
	wantFiles(t, dir, old)

	// A blocked run is a report as well.
	blocked := filepath.Join(t.TempDir(), "r")
	if err := begin(t, blocked, false, nil).Block(errors.New("e"), ""); err != nil {
		t.Fatal(err)
	}
	if _, err := Create(blocked, false); !errors.Is(err, ErrHoldsReports) {
		t.Errorf("a folder with a blocked run: %v", err)
	}
}

func TestFolderWithForeignFilesOnly(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "note"), "mine")
	b := begin(t, dir, false, nil)
	if err := b.WriteFile("note", []byte("ours")); !errors.Is(err, ErrHoldsReports) {
		t.Errorf("the name of a foreign file: %v", err)
	}
	if err := b.WriteFile("x", []byte("new")); err != nil {
		t.Fatal(err)
	}
	// A name that comes into use before Commit must not be overwritten.
	write(t, filepath.Join(dir, "x"), "also mine")
	if err := b.Commit(); !errors.Is(err, ErrHoldsReports) {
		t.Errorf("a foreign file that came in between: %v", err)
	}
	if err := b.Abort(); err != nil {
		t.Fatal(err)
	}
	wantExactly(t, "foreign files", dir, map[string]string{"note": "mine", "x": "also mine"})
}

func TestNames(t *testing.T) {
	b := begin(t, filepath.Join(t.TempDir(), "r"), true, nil)
	for _, name := range []string{
		"", ".", "..", "../x", "/x", "a/../x", "a//b", "a/", "x\ny", `x\y`, "\x7f",
		sumsName, blockedName, staleName, ".simtrace-x",
	} {
		if err := b.WriteFile(name, nil); err == nil {
			t.Errorf("the name %q is taken", name)
		}
	}
	if err := b.WriteFile("x", nil); err != nil {
		t.Fatal(err)
	}
	if err := b.WriteFile("x", nil); err == nil {
		t.Error("a name is taken twice")
	}
	if err := b.WriteFile("x/y", nil); err == nil {
		t.Error("a file serves as a folder")
	}
}

func TestTargetIsNoFolder(t *testing.T) {
	parent := t.TempDir()
	file := filepath.Join(parent, "file")
	write(t, file, "mine")
	if err := os.Symlink(filepath.Join(parent, "nowhere"), filepath.Join(parent, "dangling")); err != nil {
		t.Skip("no links here:", err)
	}
	for _, dir := range []string{"", file, filepath.Join(file, "below"), filepath.Join(parent, "dangling")} {
		if b, err := Create(dir, true); err == nil {
			b.Abort()
			t.Errorf("Create(%q) succeeds", dir)
		}
	}
	if got := content(t, parent)["file"]; got != "mine" {
		t.Errorf("the file holds %q", got)
	}
}

func TestLinkedFolder(t *testing.T) {
	parent := t.TempDir()
	real, link := filepath.Join(parent, "real"), filepath.Join(parent, "link")
	if err := os.Mkdir(real, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("real", link); err != nil {
		t.Skip("no links here:", err)
	}
	for _, text := range []string{"first", "second"} {
		commit(t, link, true, map[string]string{"x": text})
		wantFiles(t, real, map[string]string{"x": text})
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v, %v", info, err)
	}
}

// The modes are those of files and folders that anybody makes.
func TestPermissions(t *testing.T) {
	parent := t.TempDir()
	write(t, filepath.Join(parent, "plain"), "")
	if err := os.Mkdir(filepath.Join(parent, "folder"), 0o777); err != nil {
		t.Fatal(err)
	}
	commit(t, filepath.Join(parent, "r"), false, map[string]string{"x": "", "sub/y": ""})
	for _, pair := range [][2]string{{"plain", "r/x"}, {"plain", "r/sha256.txt"}, {"folder", "r"}, {"folder", "r/sub"}} {
		want, err1 := os.Stat(filepath.Join(parent, pair[0]))
		got, err2 := os.Stat(filepath.Join(parent, pair[1]))
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		if got.Mode() != want.Mode() {
			t.Errorf("%s has mode %v, want %v", pair[1], got.Mode(), want.Mode())
		}
	}
}

func TestUnwritableFolder(t *testing.T) {
	if os.Geteuid() <= 0 {
		t.Skip("root may write everywhere")
	}
	parent := t.TempDir()
	if err := os.Chmod(parent, 0o555); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(parent, 0o755)
	if _, err := Create(filepath.Join(parent, "r"), false); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("Create: %v", err)
	}
}

func TestExpandTimestamp(t *testing.T) {
	// An hour east of Greenwich: the name must say UTC all the same.
	now := time.Date(2024, 2, 29, 0, 30, 7, 999, time.FixedZone("", 3600))
	for in, want := range map[string]string{
		"reports/x/<timestamp>":     "reports/x/20240228T233007Z",
		"<timestamp>/a-<timestamp>": "20240228T233007Z/a-20240228T233007Z",
		"plain":                     "plain",
	} {
		if got := ExpandTimestamp(in, now); got != want {
			t.Errorf("ExpandTimestamp(%q) = %q, want %q", in, got, want)
		}
	}
	b := begin(t, filepath.Join(t.TempDir(), "<timestamp>"), false, nil)
	if _, err := time.Parse("20060102T150405Z", filepath.Base(b.Dir())); err != nil {
		t.Errorf("Create did not fill in the time: %v", err)
	}
}

// Two bundles of the same content are the same bytes.
func TestStable(t *testing.T) {
	var lists [2]string
	for i := range lists {
		dir := filepath.Join(t.TempDir(), "r")
		b := begin(t, dir, false, nil)
		for j := range 20 {
			if err := b.WriteFile(fmt.Sprint(j*(1+18*i)%20), bytes.Repeat([]byte{'x'}, j*(1+18*i)%20)); err != nil {
				t.Fatal(err)
			}
		}
		if err := b.Commit(); err != nil {
			t.Fatal(err)
		}
		lists[i] = content(t, dir)[sumsName]
	}
	if lists[0] != lists[1] {
		t.Errorf("order matters:\n%s\n%s", lists[0], lists[1])
	}
}
