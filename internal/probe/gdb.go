package probe

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// errOptimised is the value that the compiler did not keep.
var errOptimised = errors.New("optimised out")

// debugger runs a compiled program under gdb.
type debugger struct {
	*session
	spec   *Spec
	rows   *rows
	stops  []*stop // one for each line of the source
	arm    *stop   // nil for none
	disarm *stop
	armed  bool
	over   bool         // armed once, and disarmed
	done   map[*Tap]int // hits since the taps were armed
	hits   map[*Tap]int // in all
	values map[string]value
}

// stop is a breakpoint, with the taps of its line.
type stop struct {
	Place
	number string
	addrs  []string
	taps   []*Tap
}

// runGDB runs the program and writes rows.
func runGDB(ctx context.Context, s *Spec, args []string, stdin, output *os.File, r *rows) (hits map[*Tap]int, err error) {
	if err := startable(s); err != nil {
		return nil, err
	}
	session, err := newSession(ctx, s.Program.Run, args, stdin, output)
	if err != nil {
		return nil, err
	}
	defer session.end()
	d := &debugger{session: session, spec: s, rows: r, hits: map[*Tap]int{}, done: map[*Tap]int{}, values: map[string]value{}}
	if err := d.start(); err != nil {
		return nil, err
	}
	if err := d.placeStops(); err != nil {
		return nil, err
	}
	return d.hits, d.loop()
}

// startable tells early what gdb would say in many words.
func startable(s *Spec) error {
	p := s.Program.Run
	st, err := os.Stat(p)
	switch {
	case err != nil:
		return fmt.Errorf("%s: program: %w", s.file.Name, err)
	case st.IsDir() || st.Mode()&0o111 == 0:
		return fmt.Errorf("%s: program: %s cannot be executed", s.file.Name, p)
	}
	f, err := os.Open(p)
	if err != nil {
		return err
	}
	defer f.Close()
	head := make([]byte, 2)
	if _, err := f.Read(head); err == nil && string(head) == "#!" {
		return fmt.Errorf("%s: program: %s is a script, not a compiled program: name the program that it starts (python: FILE for Python)", s.file.Name, p)
	}
	return nil
}

// start runs the program to the beginning of main, where all its code is loaded.
func (d *debugger) start() error {
	name := filepath.Base(d.spec.Program.Run)
	if d.saidAny("not in executable format", "file format not recognized") {
		return fmt.Errorf("%s is no program that gdb can read", name)
	}
	if d.saidAny("(No debugging symbols found") || !d.hasSymbols() {
		return noSymbols(name)
	}
	_, err := d.do("-exec-run --start")
	if err == nil {
		var r record
		if r, err = d.stopped(); err == nil && r.vars.str("reason") == "breakpoint-hit" {
			return nil
		}
	}
	if d.saidAny("ptrace", "Could not trace") || err != nil && strings.Contains(err.Error(), "ptrace") {
		return errors.New("the system does not let gdb trace a program (ptrace refused): in a container, start it with --cap-add=SYS_PTRACE; elsewhere, see kernel.yama.ptrace_scope")
	}
	if err == nil {
		err = errors.New("it ended before main")
	}
	return fmt.Errorf("%s cannot be started: %w", name, err)
}

func noSymbols(name string) error {
	return fmt.Errorf("%s has no debug symbols: compile it with -Og -g (or -O0 -g) and do not strip it", name)
}

// hasSymbols tells whether the program says what source it is of.
func (d *debugger) hasSymbols() bool {
	r, err := d.do("-file-list-exec-source-files")
	return err == nil && len(r.vars.list("files")) > 0
}

// placeStops sets a breakpoint at each line, and looks at every name.
func (d *debugger) placeStops() error {
	s := d.spec
	var err error
	if d.arm, err = d.placeStop(s.Arm); err != nil {
		return err
	}
	if d.disarm, err = d.placeStop(s.Disarm); err != nil {
		return err
	}
	for i := range s.Taps {
		t := &s.Taps[i]
		at, err := d.placeStop(&t.Stop)
		if err != nil {
			return err
		}
		at.taps = append(at.taps, t)
		for _, e := range t.reads() {
			if err := d.names(at, e); err != nil {
				return err
			}
		}
	}
	return nil
}

// placeStop is stopAt, and a look at the names of the condition; nil for no stop.
func (d *debugger) placeStop(where *Stop) (*stop, error) {
	if where == nil {
		return nil, nil
	}
	at, err := d.stopAt(where)
	if err != nil {
		return nil, err
	}
	return at, d.names(at, Expr{where.When, where.Line})
}

// stopAt returns the breakpoint of a line, a new one if need be; it is not enabled yet.
func (d *debugger) stopAt(where *Stop) (*stop, error) {
	for _, s := range d.stops {
		if s.File == where.At.File && s.Line == where.At.Line {
			return s, nil
		}
	}
	p := where.At
	file := strings.TrimPrefix(filepath.ToSlash(filepath.Clean(p.File)), "./")
	for strings.HasPrefix(file, "../") {
		file = file[len("../"):]
	}
	r, err := d.do(fmt.Sprintf("-break-insert -d --source %s --line %d", strconv.Quote(file), p.Line))
	if errors.As(err, new(miError)) {
		return nil, d.noPlace(where, file, err)
	} else if err != nil {
		return nil, err
	}
	b, _ := r.vars["bkpt"].(tuple)
	out := &stop{Place: p, number: b.str("number")}
	files := map[string]bool{}
	nearest := 0
	for _, l := range append([]tuple{b}, b.list("locations")...) {
		line, _ := strconv.Atoi(l.str("line"))
		if line == p.Line {
			out.addrs = append(out.addrs, l.str("addr"))
			files[l.str("fullname")] = true
		} else if line > p.Line && (nearest == 0 || line < nearest) {
			nearest = line
		}
	}
	switch {
	case len(files) == 0 && nearest > 0:
		return nil, d.noCode(where, nearest)
	case len(files) == 0:
		return nil, d.noPlace(where, file, nil)
	case len(files) > 1:
		return nil, d.spec.fail(where.Line, "%s: the program has %d files of that name: write more of its path", p, len(files))
	}
	d.stops = append(d.stops, out)
	return out, nil
}

func (d *debugger) noCode(where *Stop, next int) error {
	return d.spec.fail(where.Line, "%s has no code; the next line with code is %d, which may be in another branch", where.At, next)
}

// noPlace is the error of a line for which gdb has no place at all.
func (d *debugger) noPlace(where *Stop, file string, err error) error {
	r, listErr := d.do("-symbol-list-lines " + strconv.Quote(file))
	if listErr != nil {
		return d.spec.fail(where.Line, "%s: the program has no code from %s: was that file compiled with -g? (-Og -g is best)", where.At, file)
	}
	next := 0
	for _, l := range r.vars.list("lines") {
		if n, _ := strconv.Atoi(l.str("line")); n > where.At.Line && (next == 0 || n < next) {
			next = n
		}
	}
	if next > 0 {
		return d.noCode(where, next)
	}
	if err == nil {
		err = errors.New("behind the last line with code")
	}
	return d.spec.fail(where.Line, "%s has no code: %v", where.At, err)
}

// names checks that an expression can be read at a place: gdb reads a condition where
// its breakpoint is.
func (d *debugger) names(at *stop, e Expr) error {
	if e.Text == "" {
		return nil
	}
	_, err := d.do("-break-condition " + at.number + " " + e.Text)
	if errors.As(err, new(miError)) {
		return d.spec.fail(e.Line, "%s at %s: %s", e.Text, at.Place, inOneLine(err))
	}
	if err == nil {
		_, err = d.do("-break-condition " + at.number)
	}
	return err
}

func inOneLine(err error) string {
	text := strings.TrimSuffix(strings.Join(strings.Fields(err.Error()), " "), ".")
	if name, ok := strings.CutPrefix(text, "No symbol "); ok {
		name, _, _ = strings.Cut(name, " in current context")
		return name + " is no name in scope there"
	}
	if strings.Contains(text, "may-call-functions") {
		return "it calls a function of the program, which a probe does not do unless its tap has calls: true; give that to functions alone that change nothing"
	}
	return text
}
