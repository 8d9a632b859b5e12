package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"simtrace/internal/testkit"
)

// options is a command without an option, and with it.
type withOption struct {
	name, args, option string
	without, with      int
	says               string // with it
}

func holdOptions(t *testing.T, cases []withOption) {
	t.Helper()
	for _, c := range cases {
		// What a command runs stands behind "--", and options before it.
		before, behind, runs := strings.Cut(c.args, " -- ")
		args := strings.Fields(before)
		if runs {
			behind = "-- " + behind
		}
		code, out, errs := tracecmp(t, "", append(args, strings.Fields(behind)...)...)
		if code != c.without {
			t.Errorf("%s: without: exit code %d, want %d:\n%s%s", c.name, code, c.without, out, errs)
		}
		code, out, errs = tracecmp(t, "", append(append(args, strings.Fields(c.option)...), strings.Fields(behind)...)...)
		if first, _, _ := strings.Cut(errs+out, "\n"); code != c.with || !strings.Contains(first, c.says) {
			t.Errorf("%s: with %s: exit code %d, want %d with %q:\n%s%s", c.name, c.option, code, c.with, c.says, out, errs)
		}
	}
}

// The files of rules, and logs of two programs of which x differs at step 2.
func optionFiles(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{
		"ref.log":         "step=1 x=1.5 y=2.5\nstep=2 x=1.6 y=2.6\nstep=3 x=1.7 y=2.7\n",
		"got.log":         "step=1 x=1.5 y=2.5\nstep=2 x=1.61 y=2.6\nstep=3 x=1.7 y=2.7\n",
		"other.log":       "step=1 x=1.5 w=2.5\nstep=2 x=1.6 w=2.61\nstep=3 x=1.7 w=2.7\n",
		"table.ref":       "1 2.5\n2 2.6\n3 2.7\n",
		"table.got":       "1 2.5\n2 2.61\n3 2.7\n",
		"y-alone.yaml":    "index: [step]\nprefixes: [TRACE_Y]\nquantities:\n  - {name: y}\n",
		"loose.yaml":      "index: [step]\nquantities:\n  - {name: x, tolerance: {rel: 0.1}}\n  - {name: y}\n",
		"both.yaml":       "quantities:\n  x: {rel: 0.1}\n  y: {rel: 0.1}\n",
		"tolerances.yaml": "quantities:\n  x: {rel: 0.1}\n",
		"waivers.yaml":    "waivers:\n  - {id: known, where: {key: x}, rel: [1e-3, 1e-1], reason: known, expires: 2027-01-31}\n",
	} {
		writeText(t, name, text)
	}
}

func TestBisectPhiOptions(t *testing.T) {
	optionFiles(t)
	holdOptions(t, []withOption{
		{"schema", "bisect phi ref.log got.log", "--schema loose.yaml", 1, 0, "Nothing leaves tolerance"},
		{"tolerances", "bisect phi ref.log got.log", "--tolerances tolerances.yaml", 1, 0, "Nothing leaves tolerance"},
		{"waivers", "bisect phi ref.log got.log --today 2027-01-01", "--waivers waivers.yaml", 1, 0, "Nothing leaves tolerance"},
		{"today", "bisect phi ref.log got.log --waivers waivers.yaml --today 2027-01-01", "--today 2027-02-01", 0, 1, "x leaves tolerance first, at step 2"},
		{"map", "bisect phi ref.log other.log", "--map w=y", 1, 1, "y leaves tolerance first, at step 2"},
		{"as", "bisect phi table.ref table.got --tolerance 0.1", "--as csw", 0, 2, "did you mean csv?"},
		{"html", "bisect phi ref.log got.log", "--html page.html", 1, 1, "x leaves tolerance first"},
		{"html over an input", "bisect phi ref.log got.log", "--html ref.log --force", 1, 2, "is an input"},
		{"html over somebody's file", "bisect phi ref.log got.log", "--html tolerances.yaml", 1, 2, "was not written by tracecmp"},
	})
	page := testkit.File(t, "page.html")
	if !strings.Contains(page, "leaves tolerance first") || !strings.Contains(page, "<html") {
		t.Error("the page does not say what was found")
	}
	_, before, _ := tracecmp(t, "", "bisect", "phi", "table.ref", "table.got", "--as", "text")
	_, after, _ := tracecmp(t, "", "bisect", "phi", "table.ref", "table.got", "--as", "table")
	if before == after {
		t.Errorf("--as has no effect:\n%s", before)
	}
}

// Of six commits the fourth changes what the port prints; the second calls y w.
func commitsOf(t *testing.T) {
	t.Helper()
	need(t, "git")
	optionFiles(t)
	if err := os.Mkdir("repo", 0o777); err != nil {
		t.Fatal(err)
	}
	log := func(y string, x2, y2 string) string {
		return "step=1 x=1.5 " + y + "=2.5\nstep=2 x=" + x2 + " " + y + "=" + y2 + "\nstep=3 x=1.7 " + y + "=2.7\n"
	}
	for i, text := range []string{log("y", "1.6", "2.6"), log("w", "1.6", "2.6"), log("w", "1.6", "2.6") + "\n", log("w", "1.61", "2.6"), log("w", "1.61", "2.6") + "\n", log("w", "1.61", "2.7")} {
		writeText(t, filepath.Join("repo", "trace.log"), text)
		init := "git init -q . && "
		if i > 0 {
			init = ""
		}
		if out, code := script(t, "repo", init+"git add -A && git commit -qm change-"+string(rune('1'+i))+" && git tag v"+string(rune('1'+i))); code != 0 {
			t.Fatal(out)
		}
	}
}

func TestBisectCommitsOptions(t *testing.T) {
	testkit.NotUnderRace(t)
	commitsOf(t)
	const search = "bisect commits --repo repo --ref ref.log --cache none --today 2027-01-01 --good v1 --bad v6 "
	holdOptions(t, []withOption{
		// Without the map the second commit lacks y.
		{"map", search + "-- cat trace.log", "--map w=y", 0, 0, "change-4"},
		{"tolerances", search + "--map w=y -- cat trace.log", "--tolerances tolerances.yaml", 0, 0, "change-6"},
		{"waivers", search + "--map w=y -- cat trace.log", "--waivers waivers.yaml", 0, 0, "change-6"},
		{"schema", search + "--map w=y -- cat trace.log", "--schema loose.yaml", 0, 0, "change-6"},
		{"html", search + "--map w=y -- cat trace.log", "--html page.html", 0, 0, "change-4"},
		{"as", search + "--map w=y -- cat trace.log", "--as tabel", 0, 2, "did you mean table?"},
		{"one step", "bisect commits --git-bisect --repo repo --ref ref.log --map w=y -- cat trace.log", "--tolerances both.yaml", 1, 0, "good"},
	})
	if page := testkit.File(t, "page.html"); !strings.Contains(page, "change-4") {
		t.Error("the page does not name the commit")
	}
}
