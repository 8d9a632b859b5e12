package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// gocmd runs the go command with settings added to the environment, and
// returns what it wrote to standard output and standard error.
type gocmd func(env []string, args ...string) (stdout, stderr []byte, err error)

// runGo is the gocmd that runs the real go command.
func runGo(env []string, args ...string) ([]byte, []byte, error) {
	cmd := exec.Command("go", args...)
	cmd.Env = append(os.Environ(), env...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	return stdout.Bytes(), stderr.Bytes(), err
}

// pkg is what "go list -json" tells of a package for one target.
type pkg struct {
	Name       string
	ImportPath string
	Dir        string
	GoFiles    []string
	CgoFiles   []string
	SFiles     []string
}

// prefix returns what the linker's names of the package's functions begin with.
func (p pkg) prefix() string {
	if p.Name == "main" {
		return "main."
	}
	return p.ImportPath + "."
}

// list resolves the patterns for a target.
func list(run gocmd, t target, patterns []string) ([]pkg, error) {
	args := append([]string{"list", "-json=Name,ImportPath,Dir,GoFiles,CgoFiles,SFiles", "--"}, patterns...)
	stdout, stderr, err := run(t.environ(), args...)
	if err != nil {
		return nil, fmt.Errorf("%s: go list: %w\n%s", t, err, stderr)
	}
	var out []pkg
	dec := json.NewDecoder(bytes.NewReader(stdout))
	for dec.More() {
		var p pkg
		if err := dec.Decode(&p); err != nil {
			return nil, fmt.Errorf("%s: go list: %w", t, err)
		}
		out = append(out, p)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: %s matched no package", t, strings.Join(patterns, " "))
	}
	return out, nil
}

// compile returns the listing of the package as compiled for the target. It
// is an error when a function of the package is not in the listing: a check
// that saw nothing must not pass.
func compile(run gocmd, t target, p pkg) (*listing, error) {
	if n := len(p.SFiles) + len(p.CgoFiles); n > 0 {
		return nil, fmt.Errorf("%s: %s has %d files of assembly or cgo, which this check cannot read", t, p.ImportPath, n)
	}
	want, err := declared(p)
	if err != nil {
		return nil, err
	}
	if len(want) == 0 {
		return nil, fmt.Errorf("%s: %s declares no function that is compiled: nothing to check", t, p.ImportPath)
	}
	// The go command prints the compiler's output again when the package
	// comes from the build cache, so nothing needs to be forced.
	_, stderr, err := run(t.environ(), "build", "-gcflags="+p.ImportPath+"=-S", "-o", os.DevNull, p.ImportPath)
	if err != nil {
		return nil, fmt.Errorf("%s: go build %s: %w\n%s", t, p.ImportPath, err, tail(stderr, 20))
	}
	l, err := readListing(bytes.NewReader(stderr), t.fma)
	if err != nil {
		return nil, fmt.Errorf("%s: %s: %w", t, p.ImportPath, err)
	}
	for _, name := range want {
		if !l.functions[p.prefix()+name] {
			return nil, fmt.Errorf("%s: %s%s is not in the compiler's output (%d functions are): the check saw too little",
				t, p.prefix(), name, len(l.functions))
		}
	}
	return l, nil
}

// declared returns the names, as the linker spells them, of the functions and
// methods that the package's files declare. Generic ones are left out, for
// they are compiled where they are used, and so are those named init or _.
func declared(p pkg) ([]string, error) {
	var out []string
	fset := token.NewFileSet()
	for _, name := range p.GoFiles {
		f, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				if symbol, ok := linkerName(fn); ok {
					out = append(out, symbol)
				}
			}
		}
	}
	slices.Sort(out)
	return out, nil
}

// linkerName returns F, T.M or (*T).M.
func linkerName(fn *ast.FuncDecl) (string, bool) {
	name := fn.Name.Name
	if fn.Body == nil || name == "_" || fn.Type.TypeParams != nil {
		return "", false
	}
	if fn.Recv == nil {
		return name, name != "init"
	}
	switch t := fn.Recv.List[0].Type.(type) {
	case *ast.Ident:
		return t.Name + "." + name, true
	case *ast.StarExpr:
		if id, ok := t.X.(*ast.Ident); ok {
			return "(*" + id.Name + ")." + name, true
		}
	}
	return "", false
}

// planted checks that the tool chain at hand really shows what is looked for:
// the package with planted faults must be caught on the target.
func planted(run gocmd, t target, path string) error {
	ps, err := list(run, t, []string{path})
	if err != nil {
		return err
	}
	l, err := compile(run, t, ps[0])
	if err != nil {
		return err
	}
	caught := map[string]bool{}
	for _, f := range l.findings {
		caught[strings.TrimPrefix(f.function, ps[0].prefix())] = true
	}
	if !caught["Intrinsic"] {
		return errors.New(t.String() + ": the planted math.FMA was not seen: the check does not work here")
	}
	if t.fuses && !caught["Fused"] {
		return errors.New(t.String() + ": the planted a*b + c was not seen: the check does not work here")
	}
	return nil
}

// tail returns the last n lines of b.
func tail(b []byte, n int) string {
	lines := strings.Split(strings.TrimRight(string(b), "\n"), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
