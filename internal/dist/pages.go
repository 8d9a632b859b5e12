package main

import (
	"os"
	"path"
	"path/filepath"
	"strings"
)

// page is a file that a program prints of itself, and where it belongs below a prefix
// such as /usr.
type page struct {
	args []string
	path string // NAME stands for the program
}

var pages = []page{
	{[]string{"man"}, "share/man/man1/NAME.1"},
	{[]string{"completion", "bash"}, "share/bash-completion/completions/NAME"},
	{[]string{"completion", "zsh"}, "share/zsh/site-functions/_NAME"},
	{[]string{"completion", "fish"}, "share/fish/vendor_completions.d/NAME.fish"},
}

// printPages has the programs in a folder print their manual pages and completions into
// another, at the places that they have below a prefix. The programs are built for this
// machine: what they print is the same on all.
func printPages(bin, dir string) ([]entry, error) {
	var list []entry
	for _, program := range programs {
		name := path.Base(program)
		for _, p := range pages {
			text, err := output(nil, filepath.Join(bin, name), p.args...)
			if err != nil {
				return nil, err
			}
			to := strings.ReplaceAll(p.path, "NAME", name)
			file := filepath.Join(dir, filepath.FromSlash(to))
			if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
				return nil, err
			}
			if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
				return nil, err
			}
			list = append(list, entry{to, file, false})
		}
	}
	return list, nil
}

// build builds the programs into a folder.
func build(dir string, env []string) error {
	args := []string{"build", "-tags", "urfave_cli_no_docs", "-trimpath", "-buildvcs=auto", "-ldflags=-s -w", "-o", dir + string(filepath.Separator)}
	_, err := output(env, "go", append(args, programs...)...)
	return err
}
