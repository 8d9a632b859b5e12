package probe

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simtrace/internal/testkit"
)

const springHead = "program: {run: RUN, source: DIR/spring.c}\n"

func TestC(t *testing.T) {
	testkit.NotUnderRace(t)
	run := compiled(t, "gcc", "spring.c", "-g", "-O0")
	for _, c := range []struct{ name, text, want string }{
		{"values", springHead + `
index: {step: step, i: i}
arm: {at: "/^ *energy = 0;/", when: step == 1}
taps:
  - {at: "/v.i. .= dt/", quantity: force, value: f, when: i != 1}
  - {at: "/energy .= ball/", quantity: x, value: ball.x, per: step}
  - {at: "/energy .= ball/", quantity: x12, value: ["ball.x[1]@2", "ball.mass"], per: step}
  - {at: "/energy .= ball/", quantity: shape, value: ball.shape, per: run}
  - {at: "/energy .= ball/", quantity: name, value: ball.name, per: run}
`, lines(
			`{"step":1,"i":0,"force":-4.1020408830559303,"at":"spring.c:29"}`,
			`{"step":1,"i":2,"force":1.3673469610186431,"at":"spring.c:29"}`,
			`{"step":1,"x":[0.87326530399544933,0.087326530399544938,-0.29108843466514978],"at":"spring.c:37"}`,
			`{"step":1,"x12":[0.087326530399544938,-0.29108843466514978,0.699999988],"at":"spring.c:37"}`,
			`{"shape":"ROUND","at":"spring.c:37"}`,
			`{"name":"ball","at":"spring.c:37"}`)},
		{"once each time that the taps are armed", springHead + `
index: {step: step}
arm: {at: "/^ *energy = 0;/", when: step % 2 == 1}
disarm: {at: "/energy .= ball/"}
taps:
  - {at: "/double f = force/", quantity: dt, value: dt, once: true}
`, lines(`{"step":1,"dt":0.10000000000000001,"at":"spring.c:28"}`, `{"step":3,"dt":0.10000000000000001,"at":"spring.c:28"}`)},
		{"armed once", springHead + `
index: {step: step}
arm: {at: "/^ *energy = 0;/", when: step % 2 == 1, once: true}
taps:
  - {at: "/double f = force/", quantity: dt, value: dt, once: true}
`, lines(`{"step":1,"dt":0.10000000000000001,"at":"spring.c:28"}`)},
		{"before it is armed", springHead + `
index: {step: step}
arm: {at: "/^ *energy = 0;/", when: step == 2}
taps:
  - {at: "/energy .= ball/", quantity: dt, value: dt, always: true}
  - {at: "/energy .= ball/", quantity: dt2, value: dt}
`, lines(`{"step":0,"dt":0.10000000000000001,"at":"spring.c:37"}`, `{"step":1,"dt":0.10000000000000001,"at":"spring.c:37"}`,
			`{"step":2,"dt":0.10000000000000001,"at":"spring.c:37"}`, `{"step":2,"dt2":0.10000000000000001,"at":"spring.c:37"}`,
			`{"step":3,"dt":0.10000000000000001,"at":"spring.c:37"}`)},
		{"an array's elements", springHead + `
index: {step: step, i: i}
arm: {at: "/^ *energy = 0;/", when: step == 1}
taps:
  - {at: "/energy .= ball/", quantity: xv, value: [ball.x, v], each: i}
`, lines(`{"step":1,"i":0,"xv":[0.87326530399544933,-0.83877552417554968],"at":"spring.c:37"}`,
			`{"step":1,"i":1,"xv":[0.087326530399544938,-0.083877552417554971],"at":"spring.c:37"}`,
			`{"step":1,"i":2,"xv":[-0.29108843466514978,0.27959184139184989],"at":"spring.c:37"}`)},
		{"where taps and arm share a line", springHead + `
arm: {at: "/^ *energy = 0;/", when: step == 3}
taps:
  - {at: "/^ *energy = 0;/", quantity: step, value: step}
  - {at: "/^ *energy = 0;/", quantity: all, value: step, always: true}
`, lines(`{"all":0,"at":"spring.c:26"}`, `{"all":1,"at":"spring.c:26"}`, `{"all":2,"at":"spring.c:26"}`, `{"step":3,"at":"spring.c:26"}`, `{"all":3,"at":"spring.c:26"}`)},
		{"a function of the program", springHead + `
arm: {at: "/^ *energy = 0;/", when: step == 0}
taps:
  - {at: "/double f = force/", quantity: f, value: "force(&ball, 1)", calls: true, once: true}
`, lines(`{"f":-0.42857143586995672,"at":"spring.c:28"}`)},
	} {
		if diff := cmp.Diff(c.want, probed(t, run, c.text)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

// TestRefusals: one line that says what to do, and where in the probes file.
func TestRefusals(t *testing.T) {
	testkit.NotUnderRace(t)
	run := compiled(t, "gcc", "spring.c", "-g", "-O0")
	fast := compiled(t, "gcc", "spring.c", "-g", "-O2")
	plain := compiled(t, "gcc", "spring.c")
	tap := func(tap string) string { return springHead + "taps:\n  - {" + tap + "}\n" }
	script := filepath.Join(t.TempDir(), "run.sh")
	if err := os.WriteFile(script, []byte("#!/bin/sh\nexec "+run+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, run, text, want string }{
		{"no code", run, tap(`at: "spring.c:34", quantity: a, value: step`), "p.yaml:3: spring.c:34 has no code; the next line with code is 37, which may be in another branch"},
		{"behind the end", run, tap(`at: "spring.c:900", quantity: a, value: step`), "p.yaml:3: spring.c:900 has no code: "},
		{"another file", run, tap(`at: "other.c:3", quantity: a, value: step`), "p.yaml:3: other.c:3: the program has no code from other.c"},
		{"no such name", run, tap(`at: "spring.c:37", quantity: a, value: stpe`), `p.yaml:3: stpe at spring.c:37: "stpe" is no name in scope there`},
		{"a name of an inner block", run, tap(`at: "spring.c:37", quantity: a, value: f`), `p.yaml:3: f at spring.c:37: "f" is no name in scope there`},
		{"no expression", run, tap(`at: "spring.c:37", quantity: a, value: "ball["`), "p.yaml:3: ball[ at spring.c:37: A syntax error in expression"},
		{"a pointer", run, tap(`at: "spring.c:37", quantity: a, value: "&ball"`), "p.yaml:3: &ball at spring.c:37: a pointer: write *NAME"},
		{"numbers and words", run, tap(`at: "spring.c:37", quantity: a, value: ball`), "p.yaml:3: a has numbers and words at spring.c:37"},
		{"a call", run, tap(`at: "spring.c:37", quantity: a, value: "force(&ball, 1)"`), "p.yaml:3: force(&ball, 1) at spring.c:37: it calls a function of the program"},
		{"an assignment", run, tap(`at: "spring.c:37", quantity: a, value: step = 3`), "p.yaml:3: value assigns: step = 3; a probe only reads"},
		{"a step", run, tap(`at: "spring.c:37", quantity: a, value: step++`), "p.yaml:3: value assigns: step++"},
		{"a pattern without a line", run, tap(`at: "/energ y/", quantity: a, value: step`), "p.yaml:3: at /energ y/: no line of spring.c matches"},
		{"a pattern of several lines", run, tap(`at: "/energy/", quantity: a, value: step`), "p.yaml:3: at /energy/: 5 lines match, spring.c:23 and spring.c:26 and 3 more"},
		{"never reached", run, tap(`at: "spring.c:41", quantity: a, value: step`), "p.yaml:3: no row was written: the program never came to a tap"},
		{"optimised out", fast, tap(`at: "/printf/", quantity: a, value: steps`), "p.yaml:3: steps is optimised out at spring.c:39: compile the program with -Og -g"},
		{"no debug symbols", plain, tap(`at: "spring.c:37", quantity: a, value: step`), "spring has no debug symbols: compile it with -Og -g"},
		{"a script", script, tap(`at: "spring.c:37", quantity: a, value: step`), "p.yaml: program: " + script + " is a script, not a compiled program"},
		{"no program", run + "x", tap(`at: "spring.c:37", quantity: a, value: step`), "p.yaml: program: stat " + run + "x: no such file"},
		{"a text", "DIR/spring.c", tap(`at: "spring.c:37", quantity: a, value: step`), "p.yaml: program: "},
	} {
		got := probed(t, c.run, c.text)
		if !strings.HasPrefix(got, c.want) || strings.Contains(got, "\n") {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

// TestPtraceRefused: as in a container without the right to trace.
func TestPtraceRefused(t *testing.T) {
	run := compiled(t, "gcc", "spring.c", "-g", "-O0")
	refuse := compiled(t, "gcc", "refuse.c")
	gdb, err := exec.LookPath("gdb")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "gdb"), []byte("#!/bin/sh\nexec "+refuse+" "+gdb+" \"$@\"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	got := probed(t, run, springHead+"taps:\n  - {at: \"spring.c:37\", quantity: a, value: energy}\n")
	if !strings.HasPrefix(got, "the system does not let gdb trace a program (ptrace refused): ") || strings.Contains(got, "\n") {
		t.Error(got)
	}
}

func TestNoGDB(t *testing.T) {
	run := compiled(t, "gcc", "spring.c", "-g", "-O0")
	t.Setenv("PATH", t.TempDir())
	got := probed(t, run, springHead+"taps:\n  - {at: \"spring.c:37\", quantity: a, value: energy}\n")
	if !strings.HasPrefix(got, "gdb is needed to probe a compiled program, and is not in the PATH") {
		t.Error(got)
	}
}

// TestEnds: a time limit and an interrupt end program and debugger, both of them.
func TestEnds(t *testing.T) {
	run := compiled(t, "gcc", "spring.c", "-g", "-O0")
	text := springHead + "taps:\n  - {at: \"spring.c:29\", quantity: a, value: f}\n"
	for _, c := range []struct {
		name  string
		limit time.Duration
		stop  bool
		want  string
	}{
		{"limit", 3 * time.Second, false, "the program took longer than 3s and was ended (--timeout)"},
		{"interrupt", time.Minute, true, "interrupted"},
	} {
		s, err := parsed(t, run, text)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		w := &firstRow{do: func() {
			if c.stop {
				cancel()
			}
		}}
		_, err = Run(ctx, s, w, Options{Args: []string{"100000000"}, Limit: c.limit})
		cancel()
		if err == nil || err.Error() != c.want {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
		if left := running(run); left != "" {
			t.Errorf("%s: still running: %s", c.name, left)
		}
	}
}

// firstRow does something when the first rows come.
type firstRow struct{ do func() }

func (f *firstRow) Write(p []byte) (int, error) {
	f.do()
	return len(p), nil
}

// running lists processes whose command line names the program; "" where there is no
// /proc to look at.
func running(program string) string {
	lines, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, l := range lines {
		// One that is gone meanwhile cannot be read.
		if text, err := os.ReadFile(l); err == nil && bytes.Contains(text, []byte(program)) {
			return l + ": " + strings.ReplaceAll(string(text), "\x00", " ")
		}
	}
	return ""
}

func TestProgramsThatFail(t *testing.T) {
	run := compiled(t, "gcc", "spring.c", "-g", "-O0")
	text := springHead + "taps:\n  - {at: \"spring.c:37\", quantity: a, value: energy, once: true}\n"
	want := "spring ended with exit status 7: energy 0.27606299283361974"
	if got := probed(t, run, text, "2", "7"); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestSameResult: the program prints what it prints without a debugger, and sees the
// same environment and arguments.
func TestSameResult(t *testing.T) {
	run := compiled(t, "gcc", "spring.c", "-g", "-O0")
	want, err := exec.Command(run, "5").Output()
	if err != nil {
		t.Fatal(err)
	}
	s, err := parsed(t, run, springHead+"taps:\n  - {at: \"spring.c:29\", quantity: a, value: [f, v]}\n  - {at: \"spring.c:31\", quantity: b, value: ball.x}\n")
	if err != nil {
		t.Fatal(err)
	}
	var out, printed bytes.Buffer
	if _, err := Run(context.Background(), s, &out, Options{Args: []string{"5"}, Limit: time.Minute, Program: &printed}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), printed.String()); diff != "" {
		t.Error(diff)
	}
}

func TestCPlusPlus(t *testing.T) {
	testkit.NotUnderRace(t)
	run := compiled(t, "g++", "box.cpp", "-g", "-O0")
	got := probed(t, run, `
program: {run: RUN, source: DIR/box.cpp}
taps:
  - {at: "/T a = edge/+1", quantity: area, value: [a, edge]}
  - {at: "/Run run/", quantity: z, value: z}
  - {at: "/total .= x/", quantity: total, value: [total, x]}
  - {at: "/bool big/+1", quantity: big, value: big}
`)
	want := lines(`{"area":[0.30000000000000004,0.10000000000000001,3],"at":"box.cpp:11"}`,
		`{"area":[0.300000012,0.100000001,3],"at":"box.cpp:11"}`,
		`{"z":[0.600000011920929,-0.33333333333333331],"at":"box.cpp:36"}`,
		`{"total":[0,0.600000011920929],"at":"box.cpp:23"}`,
		`{"total":[0.600000011920929,-0.33333333333333331],"at":"box.cpp:23"}`,
		`{"total":[0.26666667858759568,0.69999999999999996],"at":"box.cpp:23"}`,
		`{"big":0,"at":"box.cpp:26"}`)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestFortran(t *testing.T) {
	run := compiled(t, "gfortran", "heat.f90", "-g", "-O0")
	got := probed(t, run, `
program: {run: RUN, source: DIR/heat.f90}
index: {step: it}
arm: {at: "/call step/", when: it == 3}
taps:
  - {at: "/mean - t/", quantity: mean, value: [mean, t(i), k], once: true, per: run}
  - {at: "/warm = t/", quantity: t, value: t}
  - {at: "/warm = t/", quantity: t23, value: "t(2:3)"}
  - {at: "/print/", quantity: all, value: [low, z, warm], per: run}
`)
	want := lines(`{"mean":[0.26666666666666672,0.6791666666666667,0.25],"at":"heat.f90:13"}`,
		`{"step":3,"t":[0.57604166666666667,0.19635416666666669,0.2807291666666667,0.013541666666666702],"at":"heat.f90:29"}`,
		`{"step":3,"t23":[0.19635416666666669,0.2807291666666667],"at":"heat.f90:29"}`,
		`{"all":[0.576041639,0.57604166666666667,0.19635416666666669,1],"at":"heat.f90:31"}`)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
