package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"simtrace/internal/shell"
	"simtrace/internal/testkit"
)

// ciBlocks are the examples of docs/ci.md, by file name; the first two have none.
func ciBlocks(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, m := range regexp.MustCompile("(?ms)^```(\\w+)(?: (\\S+))?\n(.*?)^```$").FindAllStringSubmatch(testkit.File(t, "../../docs/ci.md"), -1) {
		name := m[2]
		if name == "" {
			name = map[bool]string{true: "update", false: "save"}[out["save"] != ""]
		}
		out[name] = m[3]
	}
	for _, name := range []string{"save", "update", "trace_test.go", "test_trace.py", "CMakeLists.txt", ".github/workflows/trace.yml", ".gitlab-ci.yml", "bisect.sh"} {
		if out[name] == "" {
			t.Fatalf("docs/ci.md has no example %s", name)
		}
	}
	return out
}

// ciFolder makes a repository with a program whose trace is kept, as the page says.
func ciFolder(t *testing.T) (dir string, blocks map[string]string) {
	t.Helper()
	dir, blocks = t.TempDir(), ciBlocks(t)
	setPort(t, dir, "2.5")
	if out, code := script(t, dir, blocks["save"]); code != 0 || !strings.Contains(out, "MATCH") {
		t.Fatalf("exit code %d:\n%s", code, out)
	}
	return dir, blocks
}

// setPort writes the program that traces, with one of its numbers.
func setPort(t *testing.T, dir, x string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, "port"), []byte("#!/bin/sh\necho step=1 x=1.5\necho step=2 x="+x+"\n"), 0o777); err != nil {
		t.Fatal(err)
	}
}

// shell runs a script; tracecmp on its PATH is this program.
func script(t *testing.T, dir, script string) (string, int) {
	t.Helper()
	return execute(t, dir, "sh", "-e", "-c", script)
}

func execute(t *testing.T, dir string, words ...string) (string, int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), words[0], words[1:]...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@b", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@b")
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("%v: %v", words, err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

func need(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		t.Skipf("SKIPPED, NOT TESTED: there is no %s", program)
	}
}

// passesAndFails runs an example against the golden trace, another trace and a program
// that fails.
func passesAndFails(t *testing.T, dir, says string, words ...string) {
	t.Helper()
	if out, code := execute(t, dir, words...); code != 0 {
		t.Fatalf("the same trace: exit code %d:\n%s", code, out)
	}
	setPort(t, dir, "2.6")
	if out, code := execute(t, dir, words...); code == 0 || !strings.Contains(out, says) {
		t.Errorf("another trace: exit code %d:\n%s", code, out)
	}
	setPort(t, dir, "2.6; exit 9")
	if out, code := execute(t, dir, words...); code == 0 {
		t.Errorf("a program that fails: exit code %d:\n%s", code, out)
	}
}

func TestCIUpdate(t *testing.T) {
	dir, blocks := ciFolder(t)
	setPort(t, dir, "2.6")
	out, code := script(t, dir, blocks["update"]+"\ntracecmp baseline check pixel --got-cmd './port --trace'")
	if code != 0 || !strings.Contains(out, "rows changed: 1") || !strings.Contains(testkit.File(t, filepath.Join(dir, "baselines/pixel/baseline.json")), "as in the C program") {
		t.Errorf("exit code %d:\n%s", code, out)
	}
}

func TestCIGo(t *testing.T) {
	testkit.NotUnderRace(t)
	need(t, "go")
	dir, blocks := ciFolder(t)
	writeText(t, filepath.Join(dir, "go.mod"), "module port\n\ngo 1.26\n")
	writeText(t, filepath.Join(dir, "trace_test.go"), blocks["trace_test.go"])
	if out, code := execute(t, dir, "gofmt", "-l", "."); code != 0 || out != "" {
		t.Errorf("not in gofmt's form: %s", out)
	}
	passesAndFails(t, dir, "first at x[step=2]", "go", "test", "-count=1", "./...")
}

func TestCIPytest(t *testing.T) {
	testkit.NotUnderRace(t)
	need(t, "python3")
	dir, blocks := ciFolder(t)
	writeText(t, filepath.Join(dir, "test_trace.py"), blocks["test_trace.py"])
	if exec.Command("python3", "-m", "pytest", "--version").Run() == nil {
		passesAndFails(t, dir, "first at x[step=2]", "python3", "-m", "pytest", "-q")
		return
	}
	t.Log("no pytest: its test is called by hand")
	passesAndFails(t, dir, "first at x[step=2]", "python3", "-c", "import test_trace; test_trace.test_trace_is_the_golden_one()")
}

func TestCICTest(t *testing.T) {
	dir, blocks := ciFolder(t)
	writeText(t, filepath.Join(dir, "CMakeLists.txt"), blocks["CMakeLists.txt"])
	_, noCMake := exec.LookPath("cmake")
	_, noCTest := exec.LookPath("ctest")
	if noCMake == nil && noCTest == nil {
		if out, code := execute(t, dir, "cmake", "-S", ".", "-B", "build"); code != 0 {
			t.Fatal(out)
		}
		passesAndFails(t, dir, "first at x[step=2]", "ctest", "--test-dir", "build", "--output-on-failure")
		return
	}
	t.Log("no CMake: the test's command is run by itself")
	_, line, _ := strings.Cut(blocks["CMakeLists.txt"], "COMMAND ")
	line, _, _ = strings.Cut(line, "\n")
	words, err := shell.Split(line)
	if err != nil {
		t.Fatal(err)
	}
	passesAndFails(t, dir, "first at x[step=2]", words...)
}

// The steps of the pipelines are good shell, and those that run tracecmp do.
func TestCIPipelines(t *testing.T) {
	dir, blocks := ciFolder(t)
	var github struct {
		Jobs map[string]struct {
			Steps []struct{ Run, Uses string }
		}
	}
	var gitlab map[string]struct{ Script []string }
	for name, into := range map[string]any{".github/workflows/trace.yml": &github, ".gitlab-ci.yml": &gitlab} {
		if err := yaml.NewDecoder(strings.NewReader(blocks[name])).Decode(into); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	var steps []string
	for _, s := range github.Jobs["trace"].Steps {
		if s.Run == "" && s.Uses == "" {
			t.Error("a step that does nothing")
		}
		steps = append(steps, s.Run)
	}
	ran := 0
	for _, s := range append(steps, gitlab["trace"].Script...) {
		if out, code := execute(t, dir, "sh", "-n", "-c", s); code != 0 {
			t.Errorf("%q: %s", s, out)
		}
		if strings.HasPrefix(s, "tracecmp ") {
			ran++
			if out, code := script(t, dir, s); code != 0 {
				t.Errorf("%q: exit code %d: %s", s, code, out)
			}
		}
	}
	if ran != 2 {
		t.Errorf("%d steps run tracecmp, want one of each pipeline", ran)
	}
	for _, name := range []string{"report/summary.html", "report/junit.xml"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
}

// The commit is found although the baseline of old commits is another.
func TestCIBisect(t *testing.T) {
	need(t, "git")
	dir, blocks := ciFolder(t)
	var story bytes.Buffer
	story.WriteString("git init -q . && git add -A && git commit -qm start && git tag good-one\n")
	for i, x := range []string{"2.5", "2.5", "2.6", "2.6"} {
		story.WriteString("printf '#!/bin/sh\\necho step=1 x=1.5\\necho step=2 x=" + x + " # " + string(rune('a'+i)) + "\\n' >port && git commit -qam change-" + string(rune('a'+i)) + "\n")
	}
	if out, code := script(t, dir, story.String()); code != 0 {
		t.Fatal(out)
	}
	out, code := script(t, dir, blocks["bisect.sh"])
	if code != 0 || !strings.Contains(out, "is the first bad commit") || !strings.Contains(out, "change-c") {
		t.Errorf("exit code %d:\n%s", code, out)
	}
}
