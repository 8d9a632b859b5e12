package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"simtrace/internal/testkit"
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
	logs := testkit.Shared(t, "logs", "seed-pair")
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
	// The first line of a file is its name, a comment: the README's numbers of lines
	// count it.
	readmeHolds(t, "tracecmp --schema spring.yaml a.log b.log", true, "spring.yaml", "a.log", "b.log")
}

// TestReadmeAnyProgram: what the README shows of logs that nobody described is
// what the program prints.
func TestReadmeAnyProgram(t *testing.T) {
	readmeHolds(t, "tracecmp ref.log got.log", false, "ref.log", "got.log")
}

// readmeHolds runs a command of the README on the files that it shows, which are of
// blocks that begin with "# " and the name, with or without that line: they diverge,
// and what the README shows below the command is printed.
func readmeHolds(t *testing.T, command string, title bool, files ...string) {
	t.Helper()
	readme := testkit.File(t, "../../README.md")
	dir, args := t.TempDir(), strings.Fields(command)
	for _, name := range files {
		text := readmeBlock(t, readme, "# "+name)
		if title {
			text = "# " + name + "\n" + text
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		args[slices.Index(args, name)] = path
	}
	var out, errs bytes.Buffer
	if code := run(context.Background(), args, nil, &out, &errs); code != exitDiverged {
		t.Fatalf("exit code %d, %s", code, errs.String())
	}
	printed := strings.ReplaceAll(out.String(), dir+string(filepath.Separator), "")
	for line := range strings.SplitSeq(readmeBlock(t, readme, "$ "+command), "\n") {
		if strings.TrimSpace(line) != "…" && !strings.Contains(printed, line+"\n") {
			t.Errorf("README.md shows %q, which is not printed:\n%s", line, printed)
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
