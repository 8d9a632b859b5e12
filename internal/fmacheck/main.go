// Command fmacheck looks for fused multiply-add instructions in the compiled
// code of packages whose numbers must be the same bits on every platform.
//
//	go run ./internal/fmacheck [-targets LIST] [PACKAGE ...]
//
// Go may fuse a*b + c into one instruction with a single rounding wherever the
// processor has one, so a sum written that way has other last bits on arm64
// than on amd64. An explicit conversion, float64(a*b) + c, forbids it. The
// check compiles the packages (default ./pkg/sim) for every platform on which
// the compiler fuses and reads the assembly that it prints.
//
// Every function that the source declares must appear in that assembly, and a
// package with planted faults must be caught on each platform first: a check
// that saw nothing is an error. Generic functions are seen where they are
// instantiated only.
//
// A call of math.FMA is found as well; where it is meant, the line ends in
// "//fma:wanted" and the reason.
//
// Exit status: 0 none found, 1 some found, 2 trouble; "go run" turns both into 1.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
)

// plantedPath is the package with the planted faults; the testdata folder
// keeps it out of ./... .
const plantedPath = "simtrace/internal/fmacheck/testdata/planted"

func main() { os.Exit(run(runGo, os.Args[1:], os.Stdout, os.Stderr)) }

// run is the command; it returns the exit status.
func run(goRun gocmd, args []string, stdout, stderr io.Writer) int {
	fs := flag.NewFlagSet("fmacheck", flag.ContinueOnError)
	fs.SetOutput(stderr)
	only := fs.String("targets", "", "comma-separated `list` of targets (default all: "+targetNames()+")")
	if err := fs.Parse(args); err != nil {
		return 2
	}
	patterns := fs.Args()
	if len(patterns) == 0 {
		patterns = []string{"./pkg/sim"}
	}
	found, err := checkAll(goRun, *only, patterns, stdout)
	if err != nil {
		fmt.Fprintln(stderr, "fmacheck:", err)
		return 2
	}
	if found > 0 {
		fmt.Fprintf(stderr, "fmacheck: %d found; write float64(a*b) + c where a product feeds a sum\n", found)
		return 1
	}
	return 0
}

// checkAll checks the packages on each target, prints what it saw, and
// returns the number of places found.
func checkAll(goRun gocmd, only string, patterns []string, w io.Writer) (int, error) {
	ts, err := chosen(only)
	if err != nil {
		return 0, err
	}
	var found places
	for _, t := range ts {
		if err := planted(goRun, t, plantedPath); err != nil {
			return 0, err
		}
		ps, err := list(goRun, t, patterns)
		if err != nil {
			return 0, err
		}
		for _, p := range ps {
			faults, err := check(goRun, t, p, w)
			if err != nil {
				return 0, err
			}
			found.add(t, faults)
		}
	}
	found.print(w)
	return len(found), nil
}

// check checks one package on one target, prints a line for it, and returns
// the faults.
func check(goRun gocmd, t target, p pkg, w io.Writer) ([]finding, error) {
	l, err := compile(goRun, t, p)
	if err != nil {
		return nil, err
	}
	wanted, faults, err := splitWanted(l.findings)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(w, "%-9s %s: %d functions, %d fused", t, p.ImportPath, len(l.functions), total(faults))
	if n := total(wanted); n > 0 {
		fmt.Fprintf(w, ", %d marked as wanted", n)
	}
	if calls := l.inexactCalls(); len(calls) > 0 {
		fmt.Fprintf(w, " (calls math: %s, whose last bit depends on the platform)", strings.Join(calls, " "))
	}
	fmt.Fprintln(w)
	return faults, nil
}
