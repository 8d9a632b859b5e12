package main

import (
	"fmt"
	"regexp"
	"strings"
)

// target is one platform that the packages are compiled for.
type target struct {
	goos, goarch string
	// env are further settings of the compiler, such as GOAMD64=v3.
	env []string
	// fuses tells whether the compiler joins a*b + c by itself here. Where it
	// does not, an FMA can still come from math.FMA.
	fuses bool
	// fma matches the mnemonics, as the Go assembler spells them, that
	// multiply and add with one rounding.
	fma *regexp.Regexp
}

// targets are the platforms on which Go has an FMA instruction and uses it.
// amd64 v1 stands for every platform that never fuses by itself.
var targets = []target{
	{goos: "linux", goarch: "amd64", env: []string{"GOAMD64=v1"}, fma: amd64FMA},
	{goos: "linux", goarch: "amd64", env: []string{"GOAMD64=v3"}, fma: amd64FMA, fuses: true},
	{goos: "linux", goarch: "arm64", fma: regexp.MustCompile(`^(FN?M(ADD|SUB)[DSH]?|VFML[AS])$`), fuses: true},
	{goos: "linux", goarch: "ppc64le", fma: regexp.MustCompile(`^(FN?M(ADD|SUB)S?(CC)?|X[SV]N?M(ADD|SUB)[AM][DSQ]P|VN?M(ADD|SUB)FP)$`), fuses: true},
	{goos: "linux", goarch: "s390x", fma: regexp.MustCompile(`^(FM(ADD|SUB)S?|[VW]FN?M[AS]([DSX]B)?)$`), fuses: true},
	{goos: "linux", goarch: "riscv64", fma: regexp.MustCompile(`^(FN?M(ADD|SUB)[DSQ]|VFN?M(ADD|SUB|ACC|SAC)V[VF])$`), fuses: true},
	{goos: "linux", goarch: "loong64", fma: regexp.MustCompile(`^X?V?FN?M(ADD|SUB)[DF]$`), fuses: true},
}

var amd64FMA = regexp.MustCompile(`^VFN?M(ADD|SUB|ADDSUB|SUBADD)(132|213|231)[SP][SD]$`)

// String returns the name that -targets takes, such as amd64/v3 or arm64.
func (t target) String() string {
	if t.goarch == "amd64" {
		return t.goarch + "/" + strings.TrimPrefix(t.env[0], "GOAMD64=")
	}
	return t.goarch
}

// environ returns the settings to add to the environment of the go command.
func (t target) environ() []string {
	return append([]string{"GOOS=" + t.goos, "GOARCH=" + t.goarch, "CGO_ENABLED=0"}, t.env...)
}

// chosen returns the targets of a comma-separated list of names; an empty list
// stands for all of them.
func chosen(list string) ([]target, error) {
	if list == "" {
		return targets, nil
	}
	var out []target
	for _, name := range strings.Split(list, ",") {
		t, ok := targetNamed(strings.TrimSpace(name))
		if !ok {
			return nil, fmt.Errorf("no target %q; there are %s", name, targetNames())
		}
		out = append(out, t)
	}
	return out, nil
}

func targetNamed(name string) (target, bool) {
	for _, t := range targets {
		if t.String() == name {
			return t, true
		}
	}
	return target{}, false
}

func targetNames() string {
	names := make([]string, len(targets))
	for i, t := range targets {
		names[i] = t.String()
	}
	return strings.Join(names, ", ")
}
