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

// TestReadmeSchema: what the README shows of another program's logs is what the
// program prints.
func TestReadmeSchema(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	block := func(start string) string { return readmeBlock(t, string(readme), start) }
	args := []string{"tracecmp", "--schema"}
	for _, name := range []string{"spring.yaml", "a.log", "b.log"} {
		args = append(args, filepath.Join(dir, name))
		if err := os.WriteFile(args[len(args)-1], []byte("# "+name+"\n"+block("# "+name)), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	var out, errs bytes.Buffer
	if code := run(context.Background(), args, nil, &out, &errs); code != exitDiverged {
		t.Fatalf("exit code %d, %s", code, errs.String())
	}
	for line := range strings.SplitSeq(block("$ tracecmp --schema spring.yaml a.log b.log"), "\n") {
		if strings.TrimSpace(line) != "…" && !strings.Contains(out.String(), line+"\n") {
			t.Errorf("README.md shows %q, which is not printed:\n%s", line, out.String())
		}
	}
}

// TestReadmeAnyProgram: what the README shows of logs that nobody described is
// what the program prints.
func TestReadmeAnyProgram(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	block := func(start string) string { return readmeBlock(t, string(readme), start) }
	args := []string{"tracecmp"}
	for _, name := range []string{"ref.log", "got.log"} {
		args = append(args, filepath.Join(dir, name))
		if err := os.WriteFile(args[len(args)-1], []byte(block("# "+name)), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	var out, errs bytes.Buffer
	if code := run(context.Background(), args, nil, &out, &errs); code != exitDiverged {
		t.Fatalf("exit code %d, %s", code, errs.String())
	}
	for line := range strings.SplitSeq(block("$ tracecmp ref.log got.log"), "\n") {
		if strings.TrimSpace(line) != "…" && !strings.Contains(out.String(), line+"\n") {
			t.Errorf("README.md shows %q, which is not printed:\n%s", line, out.String())
		}
	}
}

// readmeBlock is the indented block of the README that a line begins, without
// that line.
func readmeBlock(t *testing.T, readme, start string) string {
	t.Helper()
	_, text, found := strings.Cut(readme, "\n    "+start+"\n")
	if !found {
		t.Fatalf("README.md has no %q", start)
	}
	text, _, _ = strings.Cut(text, "\n\n")
	return strings.TrimPrefix(strings.ReplaceAll("\n"+text, "\n    ", "\n"), "\n") + "\n"
}
