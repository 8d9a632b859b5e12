package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func files(t *testing.T, texts map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range texts {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestLicencesIn(t *testing.T) {
	dir := files(t, map[string]string{
		"LICENSE-SIL": "a", "NOTICE": "b", "licenses/ftl.txt": "c", "license.go": "package x", "README": "", "sub/LICENSE": "of its own module",
	})
	list, err := licencesIn(dir, "licences/m@v1")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range list {
		got = append(got, e.name)
	}
	want := []string{"licences/m@v1/LICENSE-SIL", "licences/m@v1/NOTICE", "licences/m@v1/licenses/ftl.txt"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := licencesIn(files(t, map[string]string{"NOTICE": "", "AUTHORS": ""}), "m"); err == nil {
		t.Error("a module without a licence passes")
	}
}

// Both archives hold the files with their modes, and are the same bytes every time.
func TestArchives(t *testing.T) {
	dir := files(t, map[string]string{"prog": "binary", "LICENSE": "terms"})
	entries := []entry{{"LICENSE", filepath.Join(dir, "LICENSE"), false}, {"prog", filepath.Join(dir, "prog"), true}}
	at := time.Date(2026, 2, 28, 12, 0, 0, 0, time.UTC)
	want := map[string]string{"f/LICENSE 0644": "terms", "f/prog 0755": "binary"}
	for name, a := range map[string]struct {
		write writer
		read  func(t *testing.T, data []byte) map[string]string
	}{"tar": {writeTar, readTar}, "zip": {writeZip, readZip}} {
		var first, second bytes.Buffer
		for _, w := range []*bytes.Buffer{&first, &second} {
			if err := a.write(w, "f", entries, at); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Errorf("%s: two archives of the same files differ", name)
		}
		if diff := cmp.Diff(want, a.read(t, first.Bytes())); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func readTar(t *testing.T, data []byte) map[string]string {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if err == io.EOF {
			return got
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		got[h.Name+" 0"+strconv.FormatInt(h.Mode, 8)] = string(text)
	}
}

func readZip(t *testing.T, data []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		got[f.Name+" 0"+strconv.FormatInt(int64(f.Mode().Perm()), 8)] = string(text)
	}
	return got
}

// A Debian package is what dpkg-deb reads: its description, and the files at their places.
func TestDeb(t *testing.T) {
	dir := files(t, map[string]string{"simtrace": "binary", "LICENSE": "terms", "README.md": "# it", "simtrace.1": ".TH"})
	entries := debEntries([]entry{
		{"LICENSE", filepath.Join(dir, "LICENSE"), false}, {"README.md", filepath.Join(dir, "README.md"), false},
		{"share/man/man1/simtrace.1", filepath.Join(dir, "simtrace.1"), false}, {"simtrace", filepath.Join(dir, "simtrace"), true},
	})
	at := time.Date(2026, 2, 28, 12, 0, 0, 0, time.UTC)
	var first, second bytes.Buffer
	for _, w := range []*bytes.Buffer{&first, &second} {
		if err := writeDeb(w, "v1.2.3-4-gabc", "amd64", entries, at); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("two packages of the same files differ")
	}
	program, err := exec.LookPath("dpkg-deb")
	if err != nil {
		t.Skip("SKIPPED, NOT TESTED: no dpkg-deb")
	}
	deb, root := filepath.Join(dir, "simtrace.deb"), filepath.Join(dir, "root")
	if err := os.WriteFile(deb, first.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"--extract", deb, root}, {"--control", deb, filepath.Join(root, "DEBIAN")}} {
		if text, err := exec.Command(program, args...).CombinedOutput(); err != nil || len(text) > 0 {
			t.Fatalf("dpkg-deb %q: %v: %s", args, err, text)
		}
	}
	for name, want := range map[string]string{
		"usr/bin/simtrace": "binary", "usr/share/man/man1/simtrace.1": ".TH", "usr/share/doc/simtrace/copyright": "terms", "usr/share/doc/simtrace/README.md": "# it",
		"DEBIAN/control": control("v1.2.3-4-gabc", "amd64", 18),
	} {
		if got, err := os.ReadFile(filepath.Join(root, name)); err != nil || string(got) != want {
			t.Errorf("%s: %q, %v, want %q", name, got, err, want)
		}
	}
	if st, err := os.Stat(filepath.Join(root, "usr/bin/simtrace")); err != nil || st.Mode().Perm() != 0o755 {
		t.Errorf("the program: %v, %v", st, err)
	}
	field, err := exec.Command(program, "--field", deb, "Version").Output()
	if err != nil || string(field) != "1.2.3+4+gabc\n" {
		t.Errorf("version %q, %v", field, err)
	}
}

func TestDebVersion(t *testing.T) {
	for version, want := range map[string]string{"v1.2.3": "1.2.3", "v1.2.3-4-gabc-dirty": "1.2.3+4+gabc+dirty", "15dc755": "0~15dc755", "devel": "0~devel", "v": "0~v"} {
		if got := debVersion(version); got != want {
			t.Errorf("%s: %s, want %s", version, got, want)
		}
	}
}

// What is installed below a prefix: both programs, a manual page and completions for each,
// all of which are what the programs say of themselves.
func TestInstall(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED, NOT TESTED: it builds both programs")
	}
	prefix := t.TempDir()
	t.Chdir("../..")
	var log bytes.Buffer
	if err := install(prefix, &log); err != nil {
		t.Fatal(err)
	}
	for name, begins := range map[string]string{
		"share/man/man1/simtrace.1": ".nh\n.TH \"SIMTRACE\"", "share/man/man1/tracecmp.1": ".nh\n.TH \"TRACECMP\"",
		"share/bash-completion/completions/tracecmp": "# bash completion of tracecmp\n", "share/bash-completion/completions/simtrace": "# bash completion of simtrace\n",
		"share/zsh/site-functions/_tracecmp": "#compdef tracecmp\n", "share/fish/vendor_completions.d/simtrace.fish": "# fish completion of simtrace\n",
	} {
		got, err := os.ReadFile(filepath.Join(prefix, name))
		if err != nil || !strings.HasPrefix(string(got), begins) {
			t.Errorf("%s begins with %.40q, %v", name, got, err)
		}
	}
	for _, program := range []string{"simtrace", "tracecmp"} {
		text, err := exec.Command(filepath.Join(prefix, "bin", program), "--version").Output()
		if err != nil || !strings.HasPrefix(string(text), program+" version ") {
			t.Errorf("%s --version: %q, %v", program, text, err)
		}
	}
}
