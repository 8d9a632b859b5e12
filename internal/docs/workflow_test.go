package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// workflow is what the tests look at of a GitHub workflow.
type workflow struct {
	Jobs map[string]struct {
		Steps []struct{ Uses, Run string }
	}
}

// The workflow and the example of one are YAML with steps, bash can read what they run, and
// make has the targets that they call.
func TestWorkflows(t *testing.T) {
	makefile, err := os.ReadFile(filepath.Join(root, "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	expression := regexp.MustCompile(`\$\{\{.*?\}\}`)
	target := regexp.MustCompile(`(?m)\bmake (?:-C \S+ )?([a-z-]+)`)
	for _, path := range []string{".github/workflows/ci.yml", "docs/examples/parity-action.yml"} {
		text, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			t.Fatal(err)
		}
		var w workflow
		if err := yaml.Unmarshal(text, &w); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		runs := 0
		for name, job := range w.Jobs {
			for _, step := range job.Steps {
				if (step.Uses == "") == (step.Run == "") {
					t.Errorf("%s: a step of %s has not one of uses and run", path, name)
				}
				if step.Run == "" {
					continue
				}
				runs++
				cmd := exec.Command("bash", "-n")
				cmd.Stdin = strings.NewReader(expression.ReplaceAllString(step.Run, "x"))
				if said, err := cmd.CombinedOutput(); err != nil {
					t.Errorf("%s: bash cannot read %q: %s", path, step.Run, said)
				}
				for _, m := range target.FindAllStringSubmatch(step.Run, -1) {
					if !strings.Contains(string(makefile), "\n"+m[1]+":") {
						t.Errorf("%s: make has no target %s", path, m[1])
					}
				}
			}
		}
		if runs < 2 {
			t.Errorf("%s runs %d commands", path, runs)
		}
	}
}
