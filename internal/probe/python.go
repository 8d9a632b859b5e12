package probe

import (
	"bufio"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"simtrace/internal/procgroup"
)

// tapPy is the file that traces a Python program, by Python's own means.
//
//go:embed tap.py
var tapPy []byte

// pyExpr, pyStop and pySpec are what tap.py reads.
type pyExpr struct {
	Text string `json:"text"`
	Line int    `json:"line"` // of the probes file
}

type pyStop struct {
	Path   string   `json:"path"`
	At     int      `json:"at"`   // the line there
	Name   string   `json:"name"` // file:line, for messages
	Line   int      `json:"line"` // of the probes file
	When   *int     `json:"when"` // which of the expressions is the condition
	Once   bool     `json:"once"`
	Always bool     `json:"always"`
	Tap    int      `json:"tap"`
	Exprs  []pyExpr `json:"exprs"` // the condition, the values, the index
	First  int      `json:"first"` // of the values among them
}

type pySpec struct {
	Program string   `json:"program"`
	Arm     *pyStop  `json:"arm"`
	Disarm  *pyStop  `json:"disarm"`
	Taps    []pyStop `json:"taps"`
}

// pyRow is a line that tap.py writes.
type pyRow struct {
	Tap    int `json:"tap"`
	Values []struct {
		Numbers []string `json:"numbers"`
		Text    string   `json:"text"`
	} `json:"values"`
	Error string `json:"error"`
	Line  int    `json:"line"` // of the probes file
}

// runPython runs the program under tap.py and writes rows.
func runPython(ctx context.Context, s *Spec, args []string, stdin, output *os.File, r *rows) (hits map[*Tap]int, err error) {
	python, err := exec.LookPath(s.Program.Interpreter)
	if err != nil {
		return nil, fmt.Errorf("%s: program: %s is not to be found: name it with interpreter: PATH", s.file.Name, s.Program.Interpreter)
	}
	if p := s.Program.Python; !strings.HasPrefix(p, "-m ") && !isFile(p) {
		return nil, fmt.Errorf("%s: program: %s is no file", s.file.Name, p)
	}
	spec, err := s.forPython()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "tracecmp-probe-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	tap, file := filepath.Join(dir, "tap.py"), filepath.Join(dir, "spec.json")
	if err := errors.Join(os.WriteFile(tap, tapPy, 0o600), os.WriteFile(file, spec, 0o600)); err != nil {
		return nil, err
	}
	out, in, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer out.Close()
	cmd := exec.CommandContext(ctx, python, append([]string{tap, file}, args...)...)
	procgroup.Contain(cmd)
	cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.ExtraFiles = stdin, output, output, []*os.File{in}
	err = cmd.Start()
	in.Close()
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { out.Close() }) // what left the group may hold it open
	defer stop()
	hits, err = s.readPython(out, r)
	if err != nil {
		_ = cmd.Cancel()
	}
	ended := cmd.Wait()
	_ = cmd.Cancel() // what it left behind in the background
	if err == nil && ended != nil {
		err = &programError{fmt.Sprintf("%s: %v", filepath.Base(s.Program.Python), ended)}
	}
	return hits, err
}

// readPython turns what tap.py writes into rows.
func (s *Spec) readPython(out *os.File, r *rows) (map[*Tap]int, error) {
	hits := map[*Tap]int{}
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return hits, nil // how the program ended says the rest
		}
		var row pyRow
		if err := json.Unmarshal(line, &row); err != nil {
			return hits, fmt.Errorf("the program writes to file descriptor 3, which the probe needs: %s", shortened(string(line)))
		}
		if row.Error != "" {
			return hits, s.fail(row.Line, "%s", row.Error)
		}
		if row.Tap < 0 || row.Tap >= len(s.Taps) {
			return hits, errors.New("the program writes to file descriptor 3, which the probe needs")
		}
		t := &s.Taps[row.Tap]
		all := make([]value, len(row.Values))
		for i, v := range row.Values {
			all[i] = value{v.Numbers, v.Text}
		}
		h, err := s.hitOf(t, all)
		if err != nil {
			return hits, err
		}
		hits[t]++
		if err := r.write(h); err != nil {
			return hits, err
		}
	}
}

// forPython writes the spec for tap.py.
func (s *Spec) forPython() ([]byte, error) {
	out := pySpec{Program: s.Program.Python}
	var err error
	add := func(stop *Stop) *pyStop {
		p := &pyStop{Exprs: []pyExpr{}, Path: stop.At.path, At: stop.At.Line, Name: stop.At.String(), Line: stop.Line, Once: stop.Once}
		if p.Path == "" {
			err = s.fail(stop.Line, "%s is no file: name it among the program's source", stop.At.File)
		}
		if stop.When != "" {
			p.When, p.First = new(int), 1
			p.Exprs = append(p.Exprs, pyExpr{stop.When, stop.Line})
		}
		return p
	}
	if s.Arm != nil {
		out.Arm = add(s.Arm)
	}
	if s.Disarm != nil {
		out.Disarm = add(s.Disarm)
	}
	for i := range s.Taps {
		t := &s.Taps[i]
		p := add(&t.Stop)
		p.Tap, p.Always = i, t.Always
		for _, e := range t.reads() {
			p.Exprs = append(p.Exprs, pyExpr(e))
		}
		out.Taps = append(out.Taps, *p)
	}
	if err != nil {
		return nil, err
	}
	return json.Marshal(out)
}
