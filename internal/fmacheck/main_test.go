package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// runCheck runs the command and returns its exit status and both outputs.
func runCheck(t *testing.T, goRun gocmd, args ...string) (int, string, string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := run(goRun, args, &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

func TestPlantedIsFound(t *testing.T) {
	for _, tc := range []struct {
		target string
		want   []string // functions that must be named
	}{
		{"amd64/v1", []string{"Intrinsic"}},
		{"amd64/v3", []string{"Intrinsic", "Fused", "Single", "Inlined", "Statements"}},
		{"arm64", []string{"Intrinsic", "Fused", "Single", "Inlined", "Statements", "Difference"}},
	} {
		t.Run(tc.target, func(t *testing.T) {
			code, out, errs := runCheck(t, runGo, "-targets", tc.target, "./testdata/planted")
			if code != 1 {
				t.Fatalf("exit status %d, want 1\n%s%s", code, out, errs)
			}
			for _, name := range tc.want {
				if !strings.Contains(out, "planted."+name+"\n") {
					t.Errorf("%s is not reported:\n%s", name, out)
				}
			}
			if !strings.Contains(out, "data: "+tc.target+" holds math.FMA in ") {
				t.Errorf("the table that holds math.FMA is not reported:\n%s", out)
			}
		})
	}
}

// The position must be that of the source line, or nobody finds the place.
func TestPositionIsTheSourceLine(t *testing.T) {
	src, err := os.ReadFile("testdata/planted/planted.go")
	if err != nil {
		t.Fatal(err)
	}
	line := 1 + strings.Count(string(src[:bytes.Index(src, []byte("return p + c"))]), "\n")
	_, out, _ := runCheck(t, runGo, "-targets", "arm64", "./testdata/planted")
	want := "testdata/planted/planted.go:" + itoa(line) + ": arm64 FMADDD in " + plantedPkg + ".Statements\n"
	if !strings.Contains(filepath.ToSlash(out), want) {
		t.Errorf("want the line %q in\n%s", want, out)
	}
}

func TestExplicitPassesEverywhere(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles for every platform")
	}
	code, out, errs := runCheck(t, runGo, "./testdata/explicit")
	if code != 0 {
		t.Fatalf("exit status %d, want 0\n%s%s", code, out, errs)
	}
	for _, tg := range targets {
		if !strings.Contains(out, tg.String()) {
			t.Errorf("no line for %s:\n%s", tg, out)
		}
	}
	if !strings.Contains(out, "calls math: sin,") {
		t.Errorf("the call of math.Sin is not mentioned:\n%s", out)
	}
	for _, exact := range []string{"sqrt", "floor"} {
		if strings.Contains(out, exact) {
			t.Errorf("%s is the same everywhere and must not be mentioned:\n%s", exact, out)
		}
	}
}

// The second run comes from the build cache. It must see what the first saw.
func TestCachedBuildIsSeen(t *testing.T) {
	cache := t.TempDir()
	cached := func(env []string, args ...string) ([]byte, []byte, error) {
		return runGo(append(env, "GOCACHE="+cache), args...)
	}
	if testing.Short() {
		cached = runGo
	}
	first, out1, errs := runCheck(t, cached, "-targets", "amd64/v3", "./testdata/planted")
	second, out2, _ := runCheck(t, cached, "-targets", "amd64/v3", "./testdata/planted")
	if first != 1 || second != 1 {
		t.Errorf("exit status %d, then %d; want 1 twice\n%s", first, second, errs)
	}
	if out1 != out2 {
		t.Errorf("first run:\n%s\nsecond run:\n%s", out1, out2)
	}
}

func TestTroubleIsNotAPass(t *testing.T) {
	const tg = "amd64/v3"
	for _, tc := range []struct {
		name, message string
		args          []string
	}{
		{"no function", "nothing to check", []string{"-targets", tg, "./testdata/nothing"}},
		{"assembly", "cannot read", []string{"-targets", tg, "./testdata/assembly"}},
		{"no such package", "go list", []string{"-targets", tg, "./testdata/absent"}},
		{"no such target", `no target "vax"`, []string{"-targets", "vax"}},
		{"no such flag", "not defined", []string{"-nonsense"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			code, _, errs := runCheck(t, runGo, tc.args...)
			if code != 2 || !strings.Contains(errs, tc.message) {
				t.Errorf("exit status %d, %q; want 2 and %q", code, errs, tc.message)
			}
		})
	}
}

// filtered passes the compiler's output through edit before the check sees it.
func filtered(edit func(string) string) gocmd {
	return func(env []string, args ...string) ([]byte, []byte, error) {
		stdout, stderr, err := runGo(env, args...)
		if args[0] == "build" {
			stderr = []byte(edit(string(stderr)))
		}
		return stdout, stderr, err
	}
}

// A go command that prints less than all functions must not lead to a pass.
func TestSilentCompilerIsTrouble(t *testing.T) {
	for name, edit := range map[string]func(string) string{
		"nothing printed": func(string) string { return "" },
		"cut short": func(s string) string {
			before, _, _ := strings.Cut(s, "explicit.Inlined STEXT")
			return before
		},
		"one function gone": func(s string) string {
			return strings.ReplaceAll(s, "explicit.Difference STEXT", "explicit.Difference GONE")
		},
		"function without code": func(s string) string {
			return strings.ReplaceAll(s, "explicit.Sine STEXT size=", "explicit.Sine STEXT size=0 was=")
		},
	} {
		t.Run(name, func(t *testing.T) {
			code, _, errs := runCheck(t, filtered(edit), "-targets", "amd64/v3", "./testdata/explicit")
			if code != 2 {
				t.Errorf("exit status %d, want 2: %s", code, errs)
			}
		})
	}
}

// If a future compiler names the instructions otherwise, the planted faults
// are not seen any more and the check must say so.
func TestUnknownMnemonicIsTrouble(t *testing.T) {
	edit := func(s string) string { return strings.ReplaceAll(s, "VFMADD", "NEWNAME") }
	code, _, errs := runCheck(t, filtered(edit), "-targets", "amd64/v3", "./testdata/explicit")
	if code != 2 || !strings.Contains(errs, "does not work here") {
		t.Errorf("exit status %d, %q", code, errs)
	}
}

func TestBrokenBuildIsTrouble(t *testing.T) {
	fails := func(env []string, args ...string) ([]byte, []byte, error) {
		if args[0] == "build" {
			return nil, []byte("p.go:1: syntax error"), errors.New("exit status 1")
		}
		return runGo(env, args...)
	}
	code, _, errs := runCheck(t, fails, "-targets", "amd64/v3", "./testdata/explicit")
	if code != 2 || !strings.Contains(errs, "syntax error") {
		t.Errorf("exit status %d, %q", code, errs)
	}
}
