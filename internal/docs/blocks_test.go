package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"simtrace/internal/testkit"
)

var update = flag.Bool("update", false, "write what the commands print into the documents")

// bin is the folder of both programs, built for the tests.
var bin string

func TestMain(m *testing.M) {
	flag.Parse()
	dir, err := os.MkdirTemp("", "simtrace-docs-")
	if err == nil {
		bin = dir
		err = exec.Command("go", "build", "-o", dir+string(filepath.Separator), "simtrace/cmd/...").Run()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "docs: building the programs:", err)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// Blocks of a document are run in their order, in one folder. A block "```LANG FILE" is
// written as a file. Of a block "```console", lines that begin with "$ " are commands, run
// by bash, and the lines below are what they print; a line "…" stands for any lines. Blocks
// of other languages are only shown. The folder has the repository's testdata, and the
// logs beside it; $SIMTRACE is the repository.
func TestBlocks(t *testing.T) {
	testkit.NotUnderRace(t)
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("SKIPPED, NOT TESTED: no bash")
	}
	for _, p := range pages(t) {
		t.Run(strings.ReplaceAll(p.path, "/", "_"), func(t *testing.T) {
			t.Parallel()
			runPage(t, bash, p)
		})
	}
}

// needs are the programs that a document's commands call, besides ours.
var needs = []string{"cc", "python3", "git"}

func runPage(t *testing.T, bash string, p *page) {
	dir := t.TempDir()
	abs, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	for name, from := range map[string]string{"testdata": filepath.Join(abs, "testdata"), "logs": testkit.SharedPath("logs")} {
		if from == "" {
			continue
		}
		if err := os.Symlink(from, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	text := p.text
	for _, b := range p.blocks {
		switch {
		case b.lang == "console":
			skipWithout(t, dir, b)
			printed := runBlock(t, bash, dir, abs, p.path, b)
			text = strings.Replace(text, "```console\n"+b.text, "```console\n"+printed, 1)
		case b.file != "":
			path := filepath.Join(dir, filepath.FromSlash(b.file))
			if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(b.text), 0o777); err != nil {
				t.Fatal(err)
			}
		}
	}
	if *update && text != p.text {
		if err := os.WriteFile(filepath.Join(root, p.path), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// skipWithout skips what needs a program, or logs, that are not here.
func skipWithout(t *testing.T, dir string, b block) {
	if _, err := os.Stat(filepath.Join(dir, "logs")); err != nil && strings.Contains(b.text, " logs/") {
		t.Skip("SKIPPED, NOT TESTED: ../shared/logs is not there; it is no part of the repository")
	}
	for _, program := range needs {
		if _, err := exec.LookPath(program); err != nil && strings.Contains(b.text, program+" ") {
			t.Skipf("SKIPPED, NOT TESTED: no %s", program)
		}
	}
}

// runBlock runs the commands of a block and returns the block with what they print.
func runBlock(t *testing.T, bash, dir, repository, path string, b block) string {
	var out strings.Builder
	lines := strings.Split(strings.TrimSuffix(b.text, "\n"), "\n")
	for i := 0; i < len(lines); {
		at := b.line + i
		command, ok := strings.CutPrefix(lines[i], "$ ")
		if !ok {
			t.Errorf("%s:%d: %q follows no command", path, at, lines[i])
			return b.text
		}
		out.WriteString(lines[i] + "\n")
		for i++; i < len(lines) && strings.HasSuffix(command, `\`); i++ {
			out.WriteString(lines[i] + "\n")
			command += "\n" + lines[i]
		}
		end := i
		for end < len(lines) && !strings.HasPrefix(lines[end], "$ ") {
			end++
		}
		want := lines[i:end]
		i = end
		got := runCommand(bash, dir, repository, command)
		if !matches(want, got) {
			if !*update {
				t.Errorf("%s:%d: %s prints\n%s\nthe document shows\n%s", path, at, command, strings.Join(got, "\n"), strings.Join(want, "\n"))
			} else if !contains(want, "…") {
				want = got
			} else {
				t.Errorf("%s:%d: %s prints\n%s\nchange the document by hand: it leaves lines out", path, at, command, strings.Join(got, "\n"))
			}
		}
		for _, l := range want {
			out.WriteString(l + "\n")
		}
	}
	return out.String()
}

// runCommand returns the lines that a command prints, without blanks at their ends.
func runCommand(bash, dir, repository, command string) []string {
	cmd := exec.Command(bash, "-c", command)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PATH="+bin+string(filepath.ListSeparator)+os.Getenv("PATH"), "SIMTRACE="+repository,
		"GOPROXY=off", "GOFLAGS=-mod=mod", "GOSUMDB=off", "GIT_CONFIG_GLOBAL=/dev/null", "NO_COLOR=1", "LC_ALL=C.UTF-8", "PYTHONDONTWRITEBYTECODE=1")
	text, _ := cmd.CombinedOutput() // what it prints says how it ended
	var lines []string
	for line := range strings.Lines(string(text)) {
		lines = append(lines, strings.TrimRight(line, " \n"))
	}
	return lines
}

func contains(lines []string, line string) bool {
	for _, l := range lines {
		if strings.TrimSpace(l) == line {
			return true
		}
	}
	return false
}

// matches compares what is shown with what is printed; "…" stands for any lines.
func matches(want, got []string) bool {
	if len(want) == 0 {
		return len(got) == 0
	}
	if strings.TrimSpace(want[0]) == "…" {
		for skip := 0; skip <= len(got); skip++ {
			if matches(want[1:], got[skip:]) {
				return true
			}
		}
		return false
	}
	return len(got) > 0 && want[0] == got[0] && matches(want[1:], got[1:])
}

func TestMatches(t *testing.T) {
	got := []string{"a", "b", "c"}
	for shown, want := range map[string]bool{
		"a b c": true, "a b": false, "a …": true, "… c": true, "…": true, "a … b c": true, "a … d": false, "b …": false, "a b c d": false, "… b …": true,
	} {
		if matches(strings.Fields(shown), got) != want {
			t.Errorf("%q: not %v", shown, want)
		}
	}
}
