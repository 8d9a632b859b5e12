package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestReadme: what the README shows of the two logs of the investigation is
// what the program prints.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	const command = "$ tracecmp --c c.log --py py.log\n"
	_, block, found := strings.Cut(string(readme), command)
	if !found {
		t.Fatalf("README.md has no %q", command)
	}
	block, _, _ = strings.Cut(block, "\n\n")
	logs := filepath.Join("..", "..", "..", "shared", "logs", "seed-pair")
	if _, err := os.Stat(logs); err != nil {
		t.Skipf("SKIPPED: %v", err)
	}
	var out, errs bytes.Buffer
	code := run(context.Background(), []string{"tracecmp", "--c", filepath.Join(logs, "c.log"), "--py", filepath.Join(logs, "py.log")}, nil, &out, &errs)
	if code != exitDiverged {
		t.Fatalf("exit code %d, %s", code, errs.String())
	}
	// The block breaks long lines and leaves others out, marked by an ellipsis.
	printed := strings.Join(strings.Fields(out.String()), " ")
	for _, part := range strings.Split(block, "…") {
		for _, sentence := range strings.Split(strings.Join(strings.Fields(part), " "), ") ") {
			if sentence = strings.TrimSuffix(sentence, ")"); sentence != "" && !strings.Contains(printed, sentence) {
				t.Errorf("README.md shows %q, which is not printed", sentence)
			}
		}
	}
}
