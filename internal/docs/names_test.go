package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"simtrace/pkg/nanobragg"
	"simtrace/pkg/sim"
)

// others are flags of other programs that documents mention.
var others = map[string]string{
	"--ignore-missing": "sha256sum", "--output-on-failure": "ctest", "--trace": "the port of examples", "--array": "sbatch", "--cpus-per-task": "sbatch",
	"--cap-add": "docker",
}

var (
	flagRE    = regexp.MustCompile(`(^|[\s('"|/])(--[a-z][a-z0-9-]*)`)
	manFlagRE = regexp.MustCompile(`\\fB--?([a-z][a-z0-9-]*)\\fP`)
	manPartRE = regexp.MustCompile(`(?m)^\.SS (.+)$`)
	commandRE = regexp.MustCompile("(^|[\\s`(])(tracecmp|simtrace) ([a-z][a-z-]+)(\\s|$|`)")
	pathRE    = regexp.MustCompile(`^(pkg|internal|cmd|docs|reports|testdata|\.ci|\.github)/[A-Za-z0-9_./-]+$`)
	quotedRE  = regexp.MustCompile(`'[^']*'`) // a command of somebody else
	settingRE = regexp.MustCompile(`^([a-z][A-Za-z0-9-]*)=([a-z0-9_.-]+)$`)
)

// manual is what the manual pages of both programs say: their flags and commands.
func manual(t *testing.T) (flags []string, commands map[string][]string) {
	t.Helper()
	commands = map[string][]string{}
	for _, program := range []string{"simtrace", "tracecmp"} {
		roff, err := exec.Command(filepath.Join(bin, program), "man").Output()
		if err != nil {
			t.Fatal(err)
		}
		roff, _, _ = bytes.Cut(roff, []byte(".SH NANOBRAGG FLAGS")) // which are no flags of ours
		for _, m := range manFlagRE.FindAllSubmatch(roff, -1) {
			flags = append(flags, "--"+string(m[1])) // a single letter may have two dashes as well
		}
		for _, m := range manPartRE.FindAllSubmatch(roff, -1) {
			commands[program] = append(commands[program], strings.Fields(string(m[1]))[0])
		}
	}
	return flags, commands
}

// code is all that a document shows as code.
func (p *page) code() []string {
	var list []string
	for _, m := range codeSpanRE.FindAllStringSubmatch(p.prose, -1) {
		list = append(list, quotedRE.ReplaceAllString(m[1], ""))
	}
	for _, b := range p.blocks {
		for line := range strings.Lines(b.text) {
			if b.lang == "sh" || b.lang == "console" && strings.HasPrefix(line, "$ ") {
				list = append(list, strings.TrimSpace(quotedRE.ReplaceAllString(line, "")))
			}
		}
	}
	return list
}

// Every flag, command, switch and file of the repository that a document names exists.
func TestNames(t *testing.T) {
	flags, commands := manual(t)
	for _, p := range pages(t) {
		for _, text := range p.code() {
			own, _, _ := strings.Cut(text, " -- ") // what follows is somebody else's
			for _, m := range flagRE.FindAllStringSubmatch(own, -1) {
				if flag := m[2]; !slices.Contains(flags, flag) && others[flag] == "" && !foreign(text) {
					t.Errorf("%s: no flag %s, of %q", p.path, flag, text)
				}
			}
			for _, m := range commandRE.FindAllStringSubmatch(text, -1) {
				if !slices.Contains(commands[m[2]], m[3]) {
					t.Errorf("%s: %s has no command %s, of %q", p.path, m[2], m[3], text)
				}
			}
			if pathRE.MatchString(text) && !strings.HasPrefix(text, "reports/demo") && !strings.HasPrefix(text, "reports/one") {
				if _, err := os.Stat(filepath.Join(root, text)); err != nil {
					t.Errorf("%s: no file %s", p.path, text)
				}
			}
			if m := settingRE.FindStringSubmatch(text); m != nil {
				checkSetting(t, p.path, m[1], m[2])
			}
		}
	}
}

// Every command is in some document.
func TestCommandsAreDocumented(t *testing.T) {
	_, commands := manual(t)
	var all strings.Builder
	for _, p := range pages(t) {
		all.WriteString(p.text)
	}
	for program, names := range commands {
		for _, name := range names {
			if !strings.Contains(all.String(), program+" "+name) && name != "help" {
				t.Errorf("no document tells of %s %s", program, name)
			}
		}
	}
}

// foreign reports whether a line calls another program, whose flags are its own.
func foreign(text string) bool {
	for _, program := range []string{"git ", "gh ", "make ", "go ", "sbatch ", "srun ", "pytest", "pip ", "gdb ", "cmake ", "./"} {
		if strings.HasPrefix(strings.TrimPrefix(text, "$ "), program) {
			return true
		}
	}
	return false
}

// checkSetting looks at "name=value" where a switch has the name.
func checkSetting(t *testing.T, path, name, value string) {
	for _, s := range sim.Switches() {
		if s.Name == name && !slices.Contains(s.ValueNames(), value) {
			t.Errorf("%s: switch %s has no value %s", path, name, value)
		}
	}
}

// nanoBragg's flags that a command line shows are in its table.
func TestNanoBraggFlags(t *testing.T) {
	one := regexp.MustCompile(`\s(-[A-Za-z][A-Za-z_0-9]+)`)
	for _, p := range pages(t) {
		for _, text := range p.code() {
			if !strings.HasPrefix(strings.TrimPrefix(text, "$ "), "simtrace ") {
				continue
			}
			command, _, _ := strings.Cut(text, "|")
			for _, m := range one.FindAllStringSubmatch(command, -1) {
				if nanobragg.Lookup(m[1]) == nil {
					t.Errorf("%s: nanoBragg has no flag %s, of %q", p.path, m[1], text)
				}
			}
		}
	}
}

// Every key that a YAML file may have, by the code that reads it, is in the document of
// formats.
func TestKeysAreDocumented(t *testing.T) {
	formats := readPage(t, "docs/formats.md").text
	for _, key := range keysInCode(t) {
		if !regexp.MustCompile(`\b` + regexp.QuoteMeta(key) + `\b`).MatchString(formats) {
			t.Errorf("docs/formats.md does not tell of the key %s", key)
		}
	}
}

// keysInCode are the words that calls of yamlfile's Fields allow, and the yaml tags of
// structs.
func keysInCode(t *testing.T) []string {
	t.Helper()
	var keys []string
	tag := regexp.MustCompile("yaml:\"([a-z_]+)")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range tag.FindAllSubmatch(text, -1) {
			keys = append(keys, string(m[1]))
		}
		if !strings.Contains(string(text), "yamlfile") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, text, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if f, ok := call.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "Fields" && len(call.Args) > 2 {
				for _, arg := range call.Args[2:] {
					if lit, ok := arg.(*ast.BasicLit); ok {
						if key, err := strconv.Unquote(lit.Value); err == nil {
							keys = append(keys, key)
						}
					}
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(keys) < 30 {
		t.Errorf("only %d keys were found in the code: %q", len(keys), keys)
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// Every key at the top of metrics.json is in the document of formats.
func TestMetricsAreDocumented(t *testing.T) {
	formats := readPage(t, "docs/formats.md").text
	for _, key := range metricsKeys(t) {
		if !strings.Contains(formats, "`"+key+"`") {
			t.Errorf("docs/formats.md does not tell of the key %s of metrics.json", key)
		}
	}
}
