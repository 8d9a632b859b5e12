package probe

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"simtrace/internal/suggest"
	"simtrace/internal/yamlfile"
	"simtrace/pkg/trace/schema"
)

// Spec is a probes file.
type Spec struct {
	Program Program
	Schema  *schema.Schema // of the quantities; nil where any name will do
	Pixel   *Pixel         // what $slow and $fast stand for; nil for none
	Arm     *Stop          // nil: the taps are live from the beginning
	Disarm  *Stop          // nil: where Arm is passed with its condition false
	Index   []Index
	Taps    []Tap

	file yamlfile.File
}

// Pixel is a place on a detector, counted from 0.
type Pixel struct{ Slow, Fast int }

// Program is what is run.
type Program struct {
	Run         string   // path of a compiled program; "" for Python
	Python      string   // path of a script, or "-m MODULE"
	Interpreter string   // that runs it, "python3" where the file says none
	Sources     []string // where patterns are looked up
	Args        []string // before those of the command line
	ROI         bool     // nanoBragg's -roi for the pixel is to be added
}

// Stop is a place in the source, and when the program is to stop there.
type Stop struct {
	At   Place
	When string // an expression in the program's language; "" for always
	Once bool   // the first time only; of a tap, each time the taps are armed
	Line int    // of the probes file
}

// Tap says what to print at a place.
type Tap struct {
	Stop
	Quantity string
	Values   []Expr
	Each     string // the index key that counts the elements of the values, where they are arrays
	Always   bool   // live before the taps are armed, too
	Calls    bool   // the values may call functions of the program

	info   *schema.Quantity // nil where there is no schema
	stream string           // of nanoBragg's JSON lines
	index  []Index          // what places this quantity
}

// reads lists what is read at a stop: the values, and what places them. See Spec.hitOf.
func (t *Tap) reads() []Expr {
	all := slices.Clone(t.Values)
	for _, x := range t.index {
		if x.Key != t.Each {
			all = append(all, x.Value)
		}
	}
	return all
}

// Expr is an expression in the program's language.
type Expr struct {
	Text string
	Line int // of the probes file
}

// Index is what a key of the index is in the program.
type Index struct {
	Key   string
	Value Expr
}

// SchemaReader opens the schema that a probes file names, by its path.
type SchemaReader func(path string) (*schema.Schema, error)

// Read reads a probes file, whose own path is name: paths in it are relative to its
// folder. pixel, where it is not nil, takes the place of the file's.
func Read(r io.Reader, name string, pixel *Pixel, open SchemaReader) (*Spec, error) {
	s := &Spec{file: yamlfile.File{Name: name}, Pixel: pixel}
	root, err := s.file.Root(r)
	if err != nil {
		return nil, err
	}
	fields, err := s.file.Fields(root, "a probes file", "program", "schema", "pixel", "arm", "disarm", "index", "taps")
	if err != nil {
		return nil, err
	}
	for _, need := range []string{"program", "taps"} {
		if fields[need] == nil {
			return nil, s.file.Fail(root, "a probes file needs %s", need)
		}
	}
	for _, step := range []struct {
		key  string
		read func(*yaml.Node) error
	}{
		{"pixel", s.readPixel}, {"program", s.readProgram},
		{"schema", func(n *yaml.Node) error { return s.readSchema(n, open) }},
		{"arm", func(n *yaml.Node) (err error) { s.Arm, err = s.readArm(n, "arm"); return err }},
		{"disarm", func(n *yaml.Node) (err error) { s.Disarm, err = s.readArm(n, "disarm"); return err }},
		{"index", s.readIndex}, {"taps", s.readTaps},
	} {
		if n := fields[step.key]; n != nil {
			if err := step.read(n); err != nil {
				return nil, err
			}
		}
	}
	if s.Disarm != nil && s.Arm == nil {
		return nil, s.file.Fail(fields["disarm"], "disarm needs an arm before it")
	}
	return s, nil
}

func (s *Spec) readPixel(n *yaml.Node) error {
	if n.Kind != yaml.SequenceNode || len(n.Content) != 2 {
		return s.file.Fail(n, "pixel must be [SLOW, FAST]")
	}
	slow, err := s.file.Integer(n.Content[0], "a pixel's coordinate")
	if err != nil {
		return err
	}
	fast, err := s.file.Integer(n.Content[1], "a pixel's coordinate")
	if err == nil && s.Pixel == nil {
		s.Pixel = &Pixel{slow, fast}
	}
	return err
}

func (s *Spec) readProgram(n *yaml.Node) error {
	fields, err := s.file.Fields(n, "program", "run", "python", "interpreter", "source", "args", "roi")
	if err != nil {
		return err
	}
	p := &s.Program
	p.Interpreter = "python3"
	for key, into := range map[string]*string{"run": &p.Run, "python": &p.Python, "interpreter": &p.Interpreter} {
		if f := fields[key]; f != nil {
			if *into, err = s.file.Word(f, key); err != nil {
				return err
			}
		}
	}
	switch {
	case (p.Run == "") == (p.Python == ""):
		return s.file.Fail(n, "program needs one of run, a compiled program, and python, a script")
	case p.Run != "" && fields["interpreter"] != nil:
		return s.file.Fail(fields["interpreter"], "interpreter is for python; what run names is started as it is")
	}
	p.Run = s.path(p.Run)
	if !strings.HasPrefix(p.Python, "-m ") {
		p.Python = s.path(p.Python)
	}
	if f := fields["source"]; f != nil && f.Kind == yaml.ScalarNode {
		p.Sources = []string{f.Value}
	} else if p.Sources, err = s.file.Words(f, "source"); err != nil {
		return err
	}
	for i, f := range p.Sources {
		p.Sources[i] = s.path(f)
	}
	if len(p.Sources) == 0 && strings.HasSuffix(p.Python, ".py") {
		p.Sources = []string{p.Python}
	}
	if f := fields["args"]; f != nil {
		if f.Kind != yaml.SequenceNode {
			return s.file.Fail(f, "args must be a list")
		}
		for _, a := range f.Content {
			p.Args = append(p.Args, yamlfile.Resolved(a).Value)
		}
	}
	return s.readROI(fields["roi"])
}

func (s *Spec) readROI(n *yaml.Node) error {
	switch {
	case n == nil:
		return nil
	case n.Value != "auto":
		return s.file.Fail(n, "roi must be auto: the -roi that the pixel needs is worked out from nanoBragg's flags")
	case s.Pixel == nil:
		return s.file.Fail(n, "roi: auto needs a pixel: [SLOW, FAST]")
	}
	s.Program.ROI = true
	return nil
}

// path is where a path of the file leads to.
func (s *Spec) path(p string) string {
	if p == "" || filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(filepath.Dir(s.file.Name), p)
}

func (s *Spec) readSchema(n *yaml.Node, open SchemaReader) error {
	name, err := s.file.Word(n, "schema")
	if err != nil {
		return err
	}
	if name == "nanobragg" {
		s.Schema = schema.NanoBragg()
		return nil
	}
	if s.Schema, err = open(s.path(name)); err != nil {
		return s.file.Fail(n, "schema: %v", err)
	}
	return nil
}

func (s *Spec) readArm(n *yaml.Node, what string) (*Stop, error) {
	fields, err := s.file.Fields(n, what, "at", "when", "once")
	if err != nil {
		return nil, err
	}
	out := &Stop{}
	return out, s.readStop(out, n, fields, what)
}

// readStop reads the keys that all stops have.
func (s *Spec) readStop(out *Stop, n *yaml.Node, fields map[string]*yaml.Node, what string) (err error) {
	out.Line = n.Line
	if fields["at"] == nil {
		return s.file.Fail(n, "%s needs a place: at: FILE:LINE, or at: /PATTERN/", what)
	}
	if out.At, err = s.place(fields["at"]); err != nil {
		return err
	}
	if w := fields["when"]; w != nil {
		e, err := s.expr(w, "when")
		if err != nil {
			return err
		}
		out.When = e.Text
	}
	out.Once, err = s.flag(fields["once"], "once")
	return err
}

func (s *Spec) flag(n *yaml.Node, what string) (bool, error) {
	switch {
	case n == nil || n.Value == "false":
		return false, nil
	case n.Value == "true":
		return true, nil
	}
	return false, s.file.Fail(n, "%s must be true or false, not %q", what, n.Value)
}

func (s *Spec) readIndex(n *yaml.Node) error {
	pairs, err := s.file.Pairs(n, "index")
	if err != nil {
		return err
	}
	for _, p := range pairs {
		key := p.Key.Value
		if s.Schema != nil && !s.Schema.Free && !slices.Contains(s.keys(), key) {
			return s.file.Fail(p.Key, "%s is no index of the schema, which has %s%s", key, strings.Join(s.keys(), ", "), suggest.Nearest(key, s.keys()))
		}
		e, err := s.expr(p.Value, "index "+key)
		if err != nil {
			return err
		}
		s.Index = append(s.Index, Index{key, e})
	}
	return nil
}

// keys are the names of the schema's index; a run is counted by the log itself.
func (s *Spec) keys() []string {
	var out []string
	for _, k := range s.Schema.Index {
		if k.Name != "run" {
			out = append(out, k.Name)
		}
	}
	return out
}

func (s *Spec) fail(line int, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", s.file.Name, line, fmt.Sprintf(format, args...))
}
