package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"

	"simtrace/internal/testkit"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"tracecmp": main})
}

func TestScripts(t *testing.T) {
	logs, err := filepath.Abs("../../pkg/parity/testdata")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("LOGS", logs)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exitcode": exitcode},
		Condition: func(name string) (bool, error) {
			if name != "race" {
				return false, fmt.Errorf("unknown condition %q", name)
			}
			return testkit.UnderRace(), nil
		},
	})
}

// Scripts run side by side, and the command-line library keeps its help flag in
// a variable of its own: the program itself runs once a process.
var oneAtATime sync.Mutex

// exitcode N tracecmp ARGS: runs the program and demands the exit code.
func exitcode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: exitcode N args")
	}
	var out, errs bytes.Buffer
	argv := append([]string{"tracecmp"}, args[1:]...)
	for i := range argv[1:] {
		if a := argv[i+1]; a != "-" && !strings.HasPrefix(a, "-") && a != "explain" && a != "schema" {
			if _, err := os.Stat(ts.MkAbs(a)); err == nil || i > 0 && (argv[i] == "--out" || argv[i] == "--html" || argv[i] == "--junit") {
				argv[i+1] = ts.MkAbs(a)
			}
		}
	}
	oneAtATime.Lock()
	code := run(context.Background(), argv, strings.NewReader(ts.Getenv("INPUT")), &out, &errs)
	oneAtATime.Unlock()
	ts.Logf("%s%s[exit code %d]", out.String(), errs.String(), code)
	if want := args[0]; want != string(rune('0'+code)) {
		ts.Fatalf("exit code %d, want %s", code, want)
	}
	if n := strings.Count(errs.String(), "\n"); code == exitTrouble && n != 1 || code != exitTrouble && n != 0 {
		ts.Fatalf("%d lines on standard error", n)
	}
}

// The recorded pair, through the whole program, twice: the same bytes.
func TestSameFilesEveryTime(t *testing.T) {
	var before map[string]string
	dir := t.TempDir()
	for range 2 {
		var out, errs bytes.Buffer
		code := run(context.Background(), []string{"tracecmp", "--out", filepath.Join(dir, "o") + "/",
			"../../pkg/parity/testdata/carry.log", "../../pkg/parity/testdata/fresh.log"}, nil, &out, &errs)
		if code != exitDiverged {
			t.Fatalf("exit code %d: %s", code, errs.String())
		}
		now := map[string]string{}
		entries, err := os.ReadDir(filepath.Join(dir, "o"))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			b, err := os.ReadFile(filepath.Join(dir, "o", e.Name()))
			if err != nil {
				t.Fatal(err)
			}
			now[e.Name()] = string(b)
		}
		if len(now) != 5 {
			t.Errorf("%d files, want summary, page, metrics, metadata and picture", len(now))
		}
		if diff := cmp.Diff(before, now); before != nil && diff != "" {
			t.Errorf("two runs differ (-first +second):\n%s", diff)
		}
		before = now
	}
}

func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	dir := t.TempDir()
	var out, errs bytes.Buffer
	log := "../../pkg/parity/testdata/carry.log"
	if code := run(ctx, []string{"tracecmp", "--out", filepath.Join(dir, "s.md"), log, log}, nil, &out, &errs); code != exitTrouble {
		t.Errorf("exit code %d", code)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 0 {
		t.Errorf("%d files are left: %v", len(entries), err)
	}
}
