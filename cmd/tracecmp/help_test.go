package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestHelpFits: no line of any help is longer than 79 characters.
func TestHelpFits(t *testing.T) {
	var out, errs bytes.Buffer
	if code := run(context.Background(), []string{"tracecmp", "man"}, nil, &out, &errs); code != exitMatch {
		t.Fatalf("exit code %d: %s", code, errs.String())
	}
	commands := [][]string{nil}
	for line := range strings.Lines(out.String()) {
		if name, ok := strings.CutPrefix(line, ".SS "); ok {
			commands = append(commands, strings.Fields(name))
		}
	}
	if len(commands) < 12 {
		t.Errorf("the manual page has %d commands: %q", len(commands), commands)
	}
	for _, c := range commands {
		out.Reset()
		if code := run(context.Background(), append(append([]string{"tracecmp"}, c...), "--help"), nil, &out, &errs); code != exitMatch {
			t.Errorf("%q --help: exit code %d: %s", c, code, errs.String())
		}
		for line := range strings.Lines(out.String()) {
			if utf8.RuneCountInString(line) > 80 {
				t.Errorf("%q --help: more than 79 characters: %s", c, line)
			}
		}
	}
}
