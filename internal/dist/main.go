// Command dist makes the archives of a release: static programs for each platform, with
// manual pages, completions and the licences of all that is linked into them; Debian
// packages of those for Linux; and a list of checksums. Or it installs.
//
//	go run ./internal/dist [-out dist]
//	go run ./internal/dist -install /usr/local
//
// Run it from the root of the module. The same commit gives the same bytes: the times
// in the archives are that of the commit, and the programs hold no path.
package main

import (
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// platform is what a release is made for.
type platform struct{ os, arch string }

func (p platform) String() string { return p.os + "_" + p.arch }

var platforms = []platform{{"linux", "amd64"}, {"linux", "arm64"}, {"darwin", "arm64"}, {"windows", "amd64"}}

// programs are the packages that are built.
var programs = []string{"./cmd/simtrace", "./cmd/tracecmp"}

// besides are the files of the module that go into each archive; of folders, all that
// is in them.
var besides = []string{"LICENSE", "README.md", "CHANGELOG.md", "docs", "reports/example"}

func main() {
	out := flag.String("out", "dist", "folder for the archives")
	prefix := flag.String("install", "", "install below this folder, and make no archives")
	flag.Parse()
	err := error(nil)
	if *prefix != "" {
		err = install(*prefix, os.Stdout)
	} else {
		err = release(*out, os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "dist:", err)
		os.Exit(1)
	}
}

// release makes all archives and their checksums.
func release(out string, log io.Writer) error {
	version, at := described()
	if err := os.MkdirAll(out, 0o777); err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "simtrace-dist-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	bin := filepath.Join(work, "bin")
	if err := build(bin, []string{"CGO_ENABLED=0"}); err != nil {
		return err
	}
	printed, err := printPages(bin, work)
	if err != nil {
		return err
	}
	var sums strings.Builder
	for _, p := range platforms {
		name := fmt.Sprintf("simtrace_%s_%s", version, p)
		entries, err := contents(p, filepath.Join(work, p.String()), printed)
		if err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
		file, write := name+".tar.gz", writeTar
		if p.os == "windows" {
			file, write = name+".zip", writeZip
		}
		made := []archive{{file, name, entries, write}}
		if p.os == "linux" {
			made = append(made, archive{"simtrace_" + debVersion(version) + "_" + p.arch + ".deb", "", debEntries(entries),
				func(w io.Writer, _ string, entries []entry, at time.Time) error {
					return writeDeb(w, version, p.arch, entries, at)
				}})
		}
		for _, a := range made {
			if err := a.make(out, at, &sums, log); err != nil {
				return err
			}
		}
	}
	return os.WriteFile(filepath.Join(out, "SHA256SUMS"), []byte(sums.String()), 0o666)
}

// archive is a file of the release.
type archive struct {
	file, folder string
	entries      []entry
	write        writer
}

// make writes the archive into a folder, its checksum and a line of the log.
func (a archive) make(out string, at time.Time, sums, log io.Writer) error {
	path := filepath.Join(out, a.file)
	if err := pack(path, a.folder, a.entries, at, a.write); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	fmt.Fprintf(sums, "%x  %s\n", sha256.Sum256(data), a.file)
	fmt.Fprintf(log, "%s: %.1f MB, %d files\n", path, float64(len(data))/1e6, len(a.entries))
	return nil
}

// described is the version as git tells it, and the time of the commit; where there is
// no git, "devel" and a fixed time.
func described() (version string, at time.Time) {
	version, at = "devel", time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	if text, err := output(nil, "git", "describe", "--tags", "--always", "--dirty"); err == nil {
		version = strings.ReplaceAll(strings.TrimSpace(text), "/", "-")
	}
	if text, err := output(nil, "git", "log", "-1", "--format=%ct"); err == nil {
		if n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64); err == nil {
			at = time.Unix(n, 0).UTC()
		}
	}
	return version, at
}

// entry is a file of an archive: its name in there, and where it is.
type entry struct {
	name, path string
	program    bool
}

// contents builds the programs into a folder and lists what goes into the archive, the
// printed pages among it, in the order of names.
func contents(p platform, dir string, printed []entry) ([]entry, error) {
	env := []string{"CGO_ENABLED=0", "GOOS=" + p.os, "GOARCH=" + p.arch}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	if err := build(dir, env); err != nil {
		return nil, err
	}
	list := slices.Clone(printed)
	built, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, f := range built {
		list = append(list, entry{f.Name(), filepath.Join(dir, f.Name()), true})
	}
	for _, name := range besides {
		err := filepath.WalkDir(name, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() {
				list = append(list, entry{filepath.ToSlash(path), path, false})
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	licences, err := licences(env)
	if err != nil {
		return nil, err
	}
	list = append(list, licences...)
	slices.SortFunc(list, func(a, b entry) int { return strings.Compare(a.name, b.name) })
	return list, nil
}

// output runs a command with more in its environment. The error holds its last words.
func output(env []string, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), env...)
	text, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		err = fmt.Errorf("%s %s: %w: %s", name, args[0], err, strings.TrimSpace(string(exit.Stderr)))
	}
	return string(text), err
}
