package emit_test

import (
	"bytes"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"simtrace/internal/emit"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// values are doubles that a print with too few digits would change.
var values = []float64{1.0 / 3, -4.06, 6.62607015e-34, 1.7976931348623157e308, 5e-324, -0.1, 299792458, 0.1 + 0.2, 2.5000000000000004}

// programs print values by each language's file: two steps, of each an int, a
// scalar, a vector and a matrix.
var programs = map[string]struct{ main, text string }{
	"c": {"main.c", `#include "trace_out.h"
int main(void) {
	double v[9] = {VALUES};
	int i;
	for (i = 0; i < 2; i++) {
		trace_index("step", i); trace_int("n", 7 + i); trace_scalar("energy", v[i]); trace_vector("force", v, 3); trace_matrix("R", v, 3, 3);
	}
	return 0;
}`},
	"cpp": {"main.cpp", `#include "trace_out.hpp"
#include <array>
#include <vector>
int main() {
	std::array<double, 9> v = {VALUES};
	std::vector<double> f(v.begin(), v.begin() + 3);
	std::vector<std::vector<double>> r = {{v[0], v[1], v[2]}, {v[3], v[4], v[5]}, {v[6], v[7], v[8]}};
	for (int i = 0; i < 2; i++) {
		trace::index("step", i); trace::integer("n", 7 + i); trace::scalar("energy", v[i]); trace::vector("force", f); trace::matrix("R", r);
	}
}`},
	"cuda": {"main.cpp", `#include "trace_out.cuh"
int main() {
	double v[9] = {VALUES};
	for (int i = 0; i < 2; i++) {
		trace_index("step", i); trace_int("n", 7 + i); trace_scalar("energy", v[i]); trace_vector("force", v, 3); trace_matrix("R", v, 3, 3);
	}
}`},
	"fortran": {"main.f90", `program main
  use trace_out
  use, intrinsic :: iso_fortran_env, only: real64
  implicit none
  real(real64) :: v(9) = [VALUES]
  integer :: i
  do i = 0, 1
    call trace_index("step", i); call trace_int("n", 7 + i); call trace_scalar("energy", v(i + 1))
    call trace_vector("force", v(1:3)); call trace_matrix("R", transpose(reshape(v, [3, 3])))
  end do
end program`},
	"python": {"main.py", `from trace_out import trace
v = [VALUES]
for i in range(2):
    trace.index("step", i); trace.integer("n", 7 + i); trace.scalar("energy", v[i]); trace.vector("force", v[:3]); trace.matrix("R", [v[:3], v[3:6], v[6:]])
`},
	"go": {"main.go", `package main

import "m/traceout"

func main() {
	v := []float64{VALUES}
	for i := range 2 {
		traceout.Index("step", i)
		traceout.Int("n", 7+i)
		traceout.Scalar("energy", v[i])
		traceout.Vector("force", v[:3]...)
		traceout.Matrix("R", v[:3], v[3:6], v[6:])
	}
}`},
}

const described = `
prefixes: ["dbg>"]
index: [step]
quantities:
  - {name: n, shape: int}
  - {name: energy, unit: J, shape: scalar}
  - {name: force, shape: vector}
  - {name: R, shape: matrix}
`

// TestRoundTrip: what a program prints by the file is read back as the same bits,
// with a schema and without; switched off, it prints nothing.
func TestRoundTrip(t *testing.T) {
	s, err := schema.Read(strings.NewReader(described), "s.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range emit.Languages() {
		t.Run(lang, func(t *testing.T) {
			dir := t.TempDir()
			if out := runProgram(t, lang, dir, s, true); !strings.Contains(out, "dbg> energy ") {
				t.Errorf("no prefix: %q", out)
			} else {
				holds(t, out, s)
			}
			free, err := schema.New("text", []schema.IndexKey{{Name: "step"}}, nil)
			if err != nil {
				t.Fatal(err)
			}
			free.Free = true
			holds(t, runProgram(t, lang, dir, nil, true), free)
			if out := runProgram(t, lang, dir, nil, false); out != "" {
				t.Errorf("switched off it prints %q", out)
			}
		})
	}
}

// holds reads the output and holds its numbers against values.
func holds(t *testing.T, out string, s *schema.Schema) {
	t.Helper()
	log, err := trace.Text(out, "out.log").Log(t.Context(), s)
	if err != nil || len(log.Problems) > 0 {
		t.Fatal(err, log.Problems)
	}
	var got []float64
	for i := range log.Records {
		for _, v := range log.Records[i].Values {
			got = append(got, v.Num)
		}
	}
	var want []float64
	for i := range 2 {
		want = append(want, float64(7+i), values[i])
		want = append(append(want, values[:3]...), values...)
	}
	if !slices.EqualFunc(got, want, func(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) }) {
		t.Errorf("read %v, want %v of\n%s", got, want, out)
	}
}

// runProgram writes the file and a program, and returns what this prints.
func runProgram(t *testing.T, lang, dir string, s *schema.Schema, on bool) string {
	t.Helper()
	var text bytes.Buffer
	if err := emit.Write(&text, lang, s); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text.String()[:400], "public domain") || strings.Contains(text.String(), "@") && lang != "python" {
		t.Errorf("%s begins %q", lang, text.String()[:400])
	}
	p := programs[lang]
	numbers := literals(lang)
	write(t, dir, p.main, strings.ReplaceAll(p.text, "VALUES", numbers))
	define := "-D" + emit.Macro
	if !on {
		define = "-DOTHER"
	}
	var compile []string
	bin := filepath.Join(dir, "main")
	run := []string{bin}
	switch lang {
	case "c":
		write(t, dir, "trace_out.h", text.String())
		compile = []string{"gcc", "-std=c99", "-Wall", "-Wextra", "-Werror", "-Wno-unused-but-set-variable", "-Wno-unused-variable", define, "-o", bin, p.main}
	case "cpp":
		write(t, dir, "trace_out.hpp", text.String())
		compile = []string{"g++", "-std=c++11", "-Wall", "-Wextra", "-Werror", define, "-o", bin, p.main}
	case "cuda":
		write(t, dir, "trace_out.cuh", text.String())
		compile = []string{"g++", "-Wall", "-Wextra", "-Werror", define, "-o", bin, p.main}
	case "fortran":
		write(t, dir, "trace_out.F90", text.String())
		compile = []string{"gfortran", "-Wall", "-fno-range-check", define, "-o", bin, "trace_out.F90", p.main}
	case "python":
		write(t, dir, "trace_out.py", text.String())
		run = []string{"python3", p.main}
	case "go":
		write(t, dir, "go.mod", "module m\n\ngo 1.22\n")
		write(t, dir, "traceout/traceout.go", text.String())
		compile = []string{"go", "build", "-o", bin, "."}
	}
	for _, tool := range [][]string{compile, run} {
		if len(tool) > 0 && tool[0] != bin {
			if _, err := exec.LookPath(tool[0]); err != nil {
				t.Skipf("SKIPPED: no %s here, so that what is written for %s is not tried", tool[0], lang)
			}
		}
	}
	if compile != nil {
		command(t, dir, on, compile...)
	}
	return command(t, dir, on, run...)
}

func literals(lang string) string {
	var out []string
	for _, v := range values {
		s := strconv.FormatFloat(v, 'g', 17, 64)
		if lang == "fortran" {
			if s = strings.Replace(s, "e", "d", 1); !strings.Contains(s, "d") {
				s += "d0"
			}
		}
		out = append(out, s)
	}
	if lang == "fortran" {
		return strings.Join(out, ", &\n    ")
	}
	return strings.Join(out, ", ")
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func command(t *testing.T, dir string, on bool, argv ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), argv[0], argv[1:]...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off", "PYTHONDONTWRITEBYTECODE=1")
	if on {
		cmd.Env = append(cmd.Env, emit.Macro+"=1")
	}
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s", argv, err, errs.String())
	}
	return string(out)
}

// TestUnknownLanguage: the error names those that are there.
func TestUnknownLanguage(t *testing.T) {
	err := emit.Write(&bytes.Buffer{}, "pyton", nil)
	if err == nil || !strings.Contains(err.Error(), "did you mean python") {
		t.Error(err)
	}
}
