package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strconv"
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
