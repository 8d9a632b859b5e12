// Command dist makes the archives of a release: static programs for each platform,
// with the licences of all that is linked into them, and a list of checksums.
//
//	go run ./internal/dist [-out dist]
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

// besides are the files of the module that go into each archive.
var besides = []string{"LICENSE", "README.md", "CHANGELOG.md"}

func main() {
	out := flag.String("out", "dist", "folder for the archives")
	flag.Parse()
	if err := release(*out, os.Stdout); err != nil {
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
	var sums strings.Builder
	for _, p := range platforms {
		name := fmt.Sprintf("simtrace_%s_%s", version, p)
		entries, err := contents(p, filepath.Join(work, p.String()))
		if err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
		file, write := name+".tar.gz", writeTar
		if p.os == "windows" {
			file, write = name+".zip", writeZip
		}
		path := filepath.Join(out, file)
		if err := pack(path, name, entries, at, write); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(data), file)
		fmt.Fprintf(log, "%s: %.1f MB, %d files\n", path, float64(len(data))/1e6, len(entries))
	}
	return os.WriteFile(filepath.Join(out, "SHA256SUMS"), []byte(sums.String()), 0o666)
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

// contents builds the programs into a folder and lists what goes into the archive, in
// the order of names.
func contents(p platform, dir string) ([]entry, error) {
	env := []string{"CGO_ENABLED=0", "GOOS=" + p.os, "GOARCH=" + p.arch}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	build := []string{"build", "-tags", "urfave_cli_no_docs", "-trimpath", "-buildvcs=auto", "-ldflags=-s -w", "-o", dir + string(filepath.Separator)}
	if _, err := output(env, "go", append(build, programs...)...); err != nil {
		return nil, err
	}
	var list []entry
	built, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, f := range built {
		list = append(list, entry{f.Name(), filepath.Join(dir, f.Name()), true})
	}
	for _, name := range besides {
		list = append(list, entry{name, name, false})
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
