package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/md5"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"
	"time"
)

// debVersion is a version as Debian wants it: beginning with a digit, without dashes.
func debVersion(version string) string {
	version = strings.ReplaceAll(version, "-", "+")
	if rest, ok := strings.CutPrefix(version, "v"); ok && rest != "" && rest[0] >= '0' && rest[0] <= '9' {
		return rest
	}
	return "0~" + version
}

// control is the description of the package.
func control(version, arch string, size int64) string {
	return fmt.Sprintf(`Package: simtrace
Version: %s
Section: science
Priority: optional
Architecture: %s
Maintainer: The simtrace authors <simtrace@localhost>
Installed-Size: %d
Description: find where and why two numerical programs differ
 simtrace computes nanoBragg diffraction images and traces every intermediate
 quantity of chosen pixels. tracecmp compares two such logs, or logs of any
 other program, and names the first divergence in causal order and its cause.
`, debVersion(version), arch, (size+1023)/1024)
}

// writeDeb writes a Debian package: an ar archive of the format's version, the control
// files and the data, see deb(5). Entries have their paths from the root.
func writeDeb(w io.Writer, version, arch string, entries []entry, at time.Time) error {
	var data bytes.Buffer
	sums, size, err := debData(&data, entries, at)
	if err != nil {
		return err
	}
	var about bytes.Buffer
	z := gzip.NewWriter(&about)
	t := tar.NewWriter(z)
	for _, f := range [][2]string{{"control", control(version, arch, size)}, {"md5sums", sums}} {
		if err := tarFile(t, "./"+f[0], []byte(f[1]), 0o644, at); err != nil {
			return err
		}
	}
	if err := errors.Join(t.Close(), z.Close()); err != nil {
		return err
	}
	if _, err := io.WriteString(w, "!<arch>\n"); err != nil {
		return err
	}
	for _, m := range []struct {
		name string
		data []byte
	}{{"debian-binary", []byte("2.0\n")}, {"control.tar.gz", about.Bytes()}, {"data.tar.gz", data.Bytes()}} {
		pad := ""
		if len(m.data)%2 == 1 {
			pad = "\n"
		}
		if _, err := fmt.Fprintf(w, "%-16s%-12d%-6d%-6d%-8s%-10d`\n%s%s", m.name, at.Unix(), 0, 0, "100644", len(m.data), m.data, pad); err != nil {
			return err
		}
	}
	return nil
}

// debData writes the files with the folders that they lie in; sums is the list of their
// MD5 sums, size the bytes of all.
func debData(w io.Writer, entries []entry, at time.Time) (sums string, size int64, err error) {
	z, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return "", 0, err
	}
	t := tar.NewWriter(z)
	entries = slices.Clone(entries)
	slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.name, b.name) })
	made := map[string]bool{".": true}
	var list strings.Builder
	for _, e := range entries {
		if err := tarFolders(t, path.Dir(e.name), made, at); err != nil {
			return "", 0, err
		}
		data, err := os.ReadFile(e.path)
		if err != nil {
			return "", 0, err
		}
		if err := tarFile(t, "./"+e.name, data, int64(e.mode()), at); err != nil {
			return "", 0, err
		}
		fmt.Fprintf(&list, "%x  %s\n", md5.Sum(data), e.name)
		size += int64(len(data))
	}
	return list.String(), size, errors.Join(t.Close(), z.Close())
}

func tarFolders(t *tar.Writer, dir string, made map[string]bool, at time.Time) error {
	if made[dir] {
		return nil
	}
	made[dir] = true
	if err := tarFolders(t, path.Dir(dir), made, at); err != nil {
		return err
	}
	return t.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: "./" + dir + "/", Mode: 0o755, ModTime: at, Uname: "root", Gname: "root", Format: tar.FormatGNU})
}

func tarFile(t *tar.Writer, name string, data []byte, mode int64, at time.Time) error {
	h := &tar.Header{Name: name, Mode: mode, Size: int64(len(data)), ModTime: at, Uname: "root", Gname: "root", Format: tar.FormatGNU}
	if err := t.WriteHeader(h); err != nil {
		return err
	}
	_, err := t.Write(data)
	return err
}

// debEntries are the files of an archive at the places that a Debian package has for them.
func debEntries(entries []entry) []entry {
	var list []entry
	for _, e := range entries {
		switch {
		case e.program:
			e.name = "usr/bin/" + e.name
		case strings.HasPrefix(e.name, "share/"):
			e.name = "usr/" + e.name
		case e.name == "LICENSE":
			e.name = "usr/share/doc/simtrace/copyright"
		default:
			e.name = "usr/share/doc/simtrace/" + e.name
		}
		list = append(list, e)
	}
	return list
}
