package main

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// finding is one place where the compiled code multiplies and adds with a
// single rounding.
type finding struct {
	function string // as the linker names it
	pos      string // file:line, or "" for data
	what     string // the instruction, or how math.FMA is used
	times    int    // how often, for one line can hold several
}

// listing is what the compiler's assembly of one package tells.
type listing struct {
	functions map[string]bool // symbols with machine code
	findings  []finding
	mathCalls map[string]bool // functions of package math that are called
}

// The compiler's -S output, line by line: a symbol heading stands at the left
// margin; an instruction is "\t0x000e 00014 (file.go:10)\tOP\toperands"; the
// relocations of a symbol are "\trel 17+4 t=R_CALL math.FMA+0".
var (
	textSymbol  = regexp.MustCompile(`^(\S.*) STEXT .*\bsize=(\d+)`)
	otherSymbol = regexp.MustCompile(`^(\S.*) S[A-Z]+ .*size=\d+`)
	instruction = regexp.MustCompile(`^\t0x[0-9a-f]+ \d+ \((.*:\d+)\)\t(\S+)(?:\t(.*))?$`)
	codeFMA     = regexp.MustCompile(`(^|[\s$])math\.FMA(·f)?\(SB\)`)
	dataFMA     = regexp.MustCompile(`^\trel .* math\.FMA(·f)?\+`)
	mathCall    = regexp.MustCompile(`(^|\s)math\.([A-Za-z0-9_]+)\(SB\)`)
)

// readListing reads what "go build -gcflags=PKG=-S" prints.
func readListing(r io.Reader, fma *regexp.Regexp) (*listing, error) {
	l := &listing{functions: map[string]bool{}, mathCalls: map[string]bool{}}
	in := bufio.NewScanner(r)
	in.Buffer(make([]byte, 0, 1<<16), 1<<24)
	symbol, text := "", false
	for in.Scan() {
		line := in.Text()
		if m := textSymbol.FindStringSubmatch(line); m != nil {
			symbol, text = m[1], true
			// A function of size 0 was inlined everywhere and has no code.
			if m[2] != "0" {
				l.functions[symbol] = true
			}
			continue
		}
		if m := otherSymbol.FindStringSubmatch(line); m != nil {
			symbol, text = m[1], false
			continue
		}
		if text {
			l.code(symbol, line, fma)
		} else {
			l.data(symbol, line)
		}
	}
	if err := in.Err(); err != nil {
		return nil, fmt.Errorf("reading the compiler's output: %w", err)
	}
	l.sort()
	return l, nil
}

// code looks at one line within a function.
func (l *listing) code(symbol, line string, fma *regexp.Regexp) {
	m := instruction.FindStringSubmatch(line)
	if m == nil {
		return
	}
	pos, op, operands := m[1], m[2], m[3]
	if fma.MatchString(op) {
		l.add(symbol, pos, op)
	}
	// A string constant stands in its symbol's name and refers to nothing.
	if strings.Contains(operands, "go:string.") {
		return
	}
	if codeFMA.MatchString(operands) {
		l.add(symbol, pos, op+" math.FMA")
	}
	if m := mathCall.FindStringSubmatch(operands); m != nil && op != "TEXT" {
		l.mathCalls[m[2]] = true
	}
}

// data looks at one line within a variable: a table or a variable that holds
// math.FMA leads to it without naming it in any code.
func (l *listing) data(symbol, line string) {
	// The symbol math.FMA·f itself is emitted by whoever uses it.
	if !strings.HasPrefix(symbol, "math.") && dataFMA.MatchString(line) {
		l.add(symbol, "", "holds math.FMA")
	}
}

// add counts a finding; equal ones are one finding with a count.
func (l *listing) add(function, pos, what string) {
	for i := range l.findings {
		if f := &l.findings[i]; f.function == function && f.pos == pos && f.what == what {
			f.times++
			return
		}
	}
	l.findings = append(l.findings, finding{function, pos, what, 1})
}

// sort orders the findings by file, line and function.
func (l *listing) sort() {
	slices.SortStableFunc(l.findings, func(a, b finding) int {
		aFile, aLine := splitPos(a.pos)
		bFile, bLine := splitPos(b.pos)
		return cmp.Or(strings.Compare(aFile, bFile), cmp.Compare(aLine, bLine), strings.Compare(a.function, b.function))
	})
}

// total returns the number of places that the findings stand for.
func total(findings []finding) int {
	n := 0
	for _, f := range findings {
		n += f.times
	}
	return n
}

func splitPos(pos string) (file string, line int) {
	i := strings.LastIndexByte(pos, ':')
	if i < 0 {
		return pos, 0
	}
	// The pattern that found the position allows digits only; one too long
	// for an int sorts as zero.
	line, _ = strconv.Atoi(pos[i+1:])
	return pos[:i], line
}

// exactMath are the functions of package math that IEEE 754 or their
// definition makes the same everywhere. The compiler's internal names for the
// assembly versions begin with arch.
var exactMath = map[string]bool{
	"abs": true, "ceil": true, "copysign": true, "dim": true, "floor": true,
	"frexp": true, "inf": true, "isinf": true, "isnan": true, "ldexp": true,
	"max": true, "min": true, "mod": true, "modf": true, "nextafter": true,
	"remainder": true, "round": true, "roundtoeven": true, "signbit": true,
	"sqrt": true, "trunc": true, "fma": true,
}

// inexactCalls returns the called functions of package math whose last bit
// may differ between platforms: their own code is compiled with fusing, or
// written in assembly for some platforms.
func (l *listing) inexactCalls() []string {
	set := map[string]bool{}
	for name := range l.mathCalls {
		plain := strings.ToLower(strings.TrimPrefix(name, "arch"))
		if !exactMath[plain] {
			set[plain] = true
		}
	}
	return slices.Sorted(maps.Keys(set))
}
