package main

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const plantedPkg = plantedPath

func itoa(n int) string { return strconv.Itoa(n) }

// Every name below is spelled as the Go assembler of its platform spells it
// (cmd/internal/obj); the second column has near misses that round twice or
// do not multiply at all.
func TestMnemonics(t *testing.T) {
	for name, tc := range map[string]struct{ fma, other string }{
		"amd64/v3": {"VFMADD231SD VFMADD132SS VFNMADD213PD VFMSUB231SD VFNMSUB132PS VFMADDSUB213PD VFMSUBADD231PS", "MULSD ADDSD VMULSD VADDPD PMADDWL VPMADDWD"},
		"arm64":    {"FMADDD FMADDS FMSUBD FNMADDD FNMSUBS VFMLA VFMLS", "FMULD FADDD FNMULD FMOVD MADD MSUB FMAXD FMINNMD SMADDL"},
		"ppc64le":  {"FMADD FMADDS FMADDCC FMSUB FNMADD FNMSUBS XSMADDADP XVMADDMDP XSNMSUBADP VMADDFP", "FMUL FADD FMR XSMULDP VMADDUHM MADDLD"},
		"s390x":    {"FMADD FMADDS FMSUB FMSUBS WFMADB VFMADB VFMSDB WFNMADB VFMSSB", "FMUL FADD FMOVD VFMDB WFMDB VMALF"},
		"riscv64":  {"FMADDD FMADDS FMSUBD FNMADDD FNMSUBD VFMACCVV VFMADDVF VFNMSACVV", "FMULD FADDD FMVXD FMAXD FMIND VMACCVV"},
		"loong64":  {"FMADDD FMADDF FMSUBD FNMADDF FNMSUBD VFMADDD XVFMADDF", "FMULD FADDD FMAXD FMINF MULV"},
	} {
		tg, ok := targetNamed(name)
		if !ok {
			t.Fatalf("no target %s", name)
		}
		for _, op := range strings.Fields(tc.fma) {
			if !tg.fma.MatchString(op) {
				t.Errorf("%s: %s is not seen", name, op)
			}
		}
		for _, op := range strings.Fields(tc.other) {
			if tg.fma.MatchString(op) {
				t.Errorf("%s: %s is taken for an FMA", name, op)
			}
		}
	}
}

func TestReadListing(t *testing.T) {
	const text = "# p\n" +
		"p.(*T).M.func1 STEXT size=0 args=0x0 locals=0x0 funcid=0x0 align=0x0\n" +
		"p.F STEXT nosplit size=9 args=0x18 locals=0x0 funcid=0x0 align=0x0\n" +
		"\t0x0000 00000 (/a b/p.go:15)\tTEXT\tp.F(SB), NOSPLIT, $0-24\n" +
		"\t0x0000 00000 (/a b/p.go:100)\tVFMADD231SD\tX1, X0, X2\n" +
		"\t0x0002 00002 (/a b/p.go:100)\tVFMADD231SD\tX1, X0, X2\n" +
		"\t0x0005 00005 (/a b/p.go:16)\tVFMADD231SD\tX1, X0, X2\n" +
		"\t0x0008 00008 (/a b/p.go:17)\tCALL\tmath.archExp(SB)\n" +
		"\t0x0008 00008 (/a b/p.go:17)\tCALL\tmath.Floor(SB)\n" +
		"\t0x0008 00008 (/a b/p.go:17)\tLEAQ\tgo:string.\"a math.FMA(SB) \"(SB), AX\n" +
		"\t0x0008 00008 (/a b/p.go:18)\tRET\n" +
		"\t0x0000 c4 e2 f9 b9 d1 VFMADD231SD                          .........\n" +
		"p.table SDATA size=8\n" +
		"\trel 0+8 t=R_ADDR math.FMA·f+0\n" +
		"math.FMA·f SRODATA dupok size=8\n" +
		"\trel 0+8 t=R_ADDR math.FMA+0\n"
	l, err := readListing(strings.NewReader(text), amd64FMA)
	if err != nil {
		t.Fatal(err)
	}
	want := []finding{
		{"p.table", "", "holds math.FMA", 1},
		{"p.F", "/a b/p.go:16", "VFMADD231SD", 1},
		{"p.F", "/a b/p.go:100", "VFMADD231SD", 2},
	}
	if diff := cmp.Diff(want, l.findings, cmp.AllowUnexported(finding{})); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	if n := total(l.findings); n != 4 {
		t.Errorf("total %d, want 4", n)
	}
	if diff := cmp.Diff(map[string]bool{"p.F": true}, l.functions); diff != "" {
		t.Errorf("functions (-want +got):\n%s", diff)
	}
	if got := strings.Join(l.inexactCalls(), " "); got != "exp" {
		t.Errorf("inexact calls %q, want exp", got)
	}
}

// A line longer than the reader takes is an error, not an end of input.
func TestReadListingLongLine(t *testing.T) {
	if _, err := readListing(strings.NewReader(strings.Repeat("x", 1<<25)), amd64FMA); err == nil {
		t.Error("no error for a line of 32 MiB")
	}
}

func TestChosen(t *testing.T) {
	all, err := chosen("")
	if err != nil || len(all) != len(targets) {
		t.Errorf("chosen(\"\") = %v, %v; want all", all, err)
	}
	two, err := chosen("arm64, amd64/v1")
	if err != nil || len(two) != 2 || two[0].goarch != "arm64" || two[1].env[0] != "GOAMD64=v1" {
		t.Errorf("chosen(two) = %v, %v", two, err)
	}
	if _, err := chosen("arm64,"); err == nil {
		t.Error("an empty name is taken")
	}
}
