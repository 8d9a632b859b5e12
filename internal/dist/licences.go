package main

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// licenceName matches the files in which a module says under what terms it is given,
// and whom to name.
var licenceName = regexp.MustCompile(`(?i)^(licen[cs]es?|copying|notice|patents|authors|contributors)([-._].*)?$`)

// licences lists the licences of Go and of every module that is linked into the
// programs. A module without one is an error: it could not be passed on.
func licences(env []string) ([]entry, error) {
	const format = `{{with .Module}}{{if not .Main}}{{.Path}}{{"\t"}}{{.Version}}{{"\t"}}{{.Dir}}{{end}}{{end}}`
	text, err := output(env, "go", append([]string{"list", "-deps", "-f", format}, programs...)...)
	if err != nil {
		return nil, err
	}
	goroot, err := output(env, "go", "env", "GOROOT", "GOVERSION")
	if err != nil {
		return nil, err
	}
	root, version, _ := strings.Cut(strings.TrimSpace(goroot), "\n")
	modules := []string{"go\t" + version + "\t" + root}
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !slices.Contains(modules, line) {
			modules = append(modules, line)
		}
	}
	var list []entry
	for _, m := range modules {
		field := strings.Split(m, "\t")
		if len(field) != 3 {
			return nil, fmt.Errorf("module %s is not on this machine: go mod download", field[0])
		}
		files, err := licencesIn(field[2], "licences/"+field[0]+"@"+field[1])
		if err != nil {
			return nil, fmt.Errorf("module %s: %w", field[0], err)
		}
		list = append(list, files...)
	}
	return list, nil
}

// licencesIn lists the licences in the root of a module, and in a folder of licences
// there.
func licencesIn(dir, to string) ([]entry, error) {
	found, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var list []entry
	for _, f := range found {
		name := f.Name()
		switch {
		case !licenceName.MatchString(name) || strings.HasSuffix(name, ".go"):
		case f.Type().IsRegular():
			list = append(list, entry{path.Join(to, name), filepath.Join(dir, name), false})
		case f.IsDir():
			err := fs.WalkDir(os.DirFS(filepath.Join(dir, name)), ".", func(p string, d fs.DirEntry, err error) error {
				if err == nil && d.Type().IsRegular() {
					list = append(list, entry{path.Join(to, name, p), filepath.Join(dir, name, filepath.FromSlash(p)), false})
				}
				return err
			})
			if err != nil {
				return nil, err
			}
		}
	}
	if !slices.ContainsFunc(list, func(e entry) bool { return termsName.MatchString(path.Base(e.name)) }) {
		return nil, fmt.Errorf("no licence in %s", dir)
	}
	return list, nil
}

// termsName matches the files that hold the terms themselves.
var termsName = regexp.MustCompile(`(?i)^(licen[cs]e|copying)`)
