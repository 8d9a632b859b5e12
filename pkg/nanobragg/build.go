package nanobragg

import (
	"fmt"
	"path/filepath"
	"strings"

	"simtrace/pkg/sim"
)

// Builder turns flags into a configuration. Flags apply in order, and the last
// one wins, as in C; what a flag undoes, and what it switches besides, becomes
// a warning.
type Builder struct {
	Config     sim.Config
	MatFile    string // read by Load, "" for none
	HKLFile    string
	SourceFile string
	StolFile   string // only checked: nothing uses it
	FloatFile  string
	MaskFile   string // set by Apply, "" for none
	Out        Outputs

	// WholeCommand: the arguments are a program's whole command line, so that the last
	// of them is its last word.
	WholeCommand bool

	NoProgress bool
	Settings   []Setting // everything that was applied, in order
	Warnings   []string

	setBy map[string]Setting // who wrote a setting last
	dirs  map[string]string  // folder of the file that a flag came from

	imgFile   string // whose header was read
	closeFrom string // whose header gave the distance of closest approach
	maskSize  [2]int // fast, slow
	dumpRead  bool   // the structure factors are those of an earlier run's dump
}

// Setting is an applied flag.
type Setting struct {
	Arg
	Flag *Flag // nil for the parts of a preset that are no flags
}

// String shows the flag as it stood, with where.
func (s Setting) String() string {
	return strings.Join(append([]string{s.Name}, s.Values...), " ")
}

// NewBuilder starts from nanoBragg's defaults.
func NewBuilder(p sim.Profile) *Builder {
	b := &Builder{Config: sim.DefaultConfig(), FloatFile: "floatimage.bin", setBy: map[string]Setting{}, dirs: map[string]string{}}
	b.Config.Profile = p
	b.Out = defaultOutputs(p)
	return b
}

// Apply applies flags in order, after the headers of -mask and -img. It is
// called once. The error names the flag and its origin.
func (b *Builder) Apply(args []Arg) error {
	if err := b.applyHeaders(args); err != nil {
		return err
	}
	for i, a := range args {
		done, err := b.applyLeaks(a, wordsBehind(args, i))
		if err != nil {
			return fmt.Errorf("%s%w", b.where(a), err)
		}
		if done {
			continue
		}
		flags := lookupAll(a.Name, b.Config.Profile)
		if len(flags) == 0 {
			err := unknownFlag(a.Name)
			if asSpelled(b.Config.Profile) {
				return fmt.Errorf("%s%w", b.where(a), err)
			}
			b.warn("%s: ignored, as in C", err)
		}
		for _, f := range flags {
			if b.lastWord(f, args, i) {
				b.warn("%s is the last word: the program ignores it there", a.Name)
				continue
			}
			if err := b.refused(f); err != nil {
				return fmt.Errorf("%s%w", b.where(a), err)
			}
			if err := b.applyOne(f, a); err != nil {
				return fmt.Errorf("%s%s: %w", b.where(a), a.Name, err)
			}
		}
	}
	if b.Config.Profile.Flags == sim.FlagsTorch {
		b.asTorch()
	}
	return nil
}

// where prefixes errors of files with their position; the command line needs
// none.
func (b *Builder) where(a Arg) string {
	if a.Origin == "command line" {
		return ""
	}
	return a.Origin + ": "
}

func (b *Builder) applyOne(f *Flag, a Arg) error {
	least := f.Args
	if f.Min > 0 {
		least = f.Min
	}
	if len(a.Values) < least {
		if !f.spelled(a.Name) {
			return nil // C's side effect needs more values than there are
		}
		return fmt.Errorf("needs %s%s, %d given", count(least), unitText(f), len(a.Values))
	}
	if len(a.Values) > f.Args && f.spelled(a.Name) {
		return fmt.Errorf("takes %d values, %d given", f.Args, len(a.Values))
	}
	values := make([]value, min(f.Args, len(a.Values)))
	for i := range values {
		values[i] = value(a.Values[i])
	}
	s := Setting{Arg: a, Flag: f}
	b.noteUndone(s)
	if err := f.apply(b, values); err != nil {
		return err
	}
	for _, name := range f.Sets {
		b.setBy[name] = s
	}
	b.Settings = append(b.Settings, s)
	return nil
}

func (b *Builder) warn(format string, args ...any) {
	b.Warnings = append(b.Warnings, fmt.Sprintf(format, args...))
}

// noteUndone warns where a flag overwrites what another one set. The pivot and
// the convention are left to checkSwitches, which sees the end result.
func (b *Builder) noteUndone(s Setting) {
	if !s.Flag.spelled(s.Name) {
		b.warn("%s also sets %s to %s, because C matches flags by substring", s, s.Flag.Name, first(s.Values))
	}
	for _, name := range s.Flag.Sets {
		old, was := b.setBy[name]
		if !was || name == "pivot" || name == "convention" || name == "noise" || name == "pgm" || name == "progress" {
			continue
		}
		if old.String() != s.String() && old.Origin == s.Origin {
			b.warn("%s replaces %s", s, old)
		}
	}
}

func first(v []string) string {
	if len(v) == 0 {
		return ""
	}
	return v[0]
}

// Load reads the files that the flags name. Errors carry file and line.
func (b *Builder) Load() error {
	c := &b.Config.Crystal
	if b.MatFile != "" {
		m, err := ReadMat(b.path("mat", b.MatFile))
		if err != nil {
			return err
		}
		c.Matrix = m
	}
	if b.HKLFile != "" {
		g, err := ReadHKL(b.path("hkl", b.HKLFile), c.DefaultF)
		if err != nil {
			return err
		}
		c.F = g
	}
	if err := b.loadDump(); err != nil {
		return err
	}
	if b.StolFile != "" {
		if err := checkStol(b.path("stol", b.StolFile)); err != nil {
			return err
		}
	}
	if b.SourceFile != "" {
		s, err := ReadSources(b.path("sourcefile", b.SourceFile), b.Config.Profile.SourceComments)
		if err != nil {
			return err
		}
		b.Config.Beam.Sources = s
	}
	if c.F == nil && c.DefaultF == 0 {
		return fmt.Errorf("no structure factors: give -hkl or -default_F")
	}
	return nil
}

// path resolves a file name against the folder of the configuration file that
// it stood in.
func (b *Builder) path(setting, name string) string {
	return b.pathFrom(b.setBy[setting].Origin, name)
}

func (b *Builder) pathFrom(origin, name string) string {
	dir := b.dirs[origin]
	if dir == "" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(dir, name)
}

// Prepare loads the files and prepares the experiment. The warnings are
// complete afterwards.
func (b *Builder) Prepare() (*sim.Experiment, error) {
	if err := b.Load(); err != nil {
		return nil, err
	}
	if err := b.checkHeaders(); err != nil {
		return nil, err
	}
	e, err := sim.Prepare(b.Config)
	if err != nil {
		return nil, err
	}
	b.checkSwitches(e)
	b.warnStol()
	b.checkOutputs(e)
	return e, nil
}

// Inputs lists the files that Load reads.
func (b *Builder) Inputs() []string {
	var out []string
	if b.MatFile != "" {
		out = append(out, b.path("mat", b.MatFile))
	}
	if b.HKLFile != "" {
		out = append(out, b.path("hkl", b.HKLFile))
	}
	if b.StolFile != "" {
		out = append(out, b.path("stol", b.StolFile))
	}
	if b.SourceFile != "" {
		out = append(out, b.path("sourcefile", b.SourceFile))
	}
	for _, path := range []string{b.MaskFile, b.imgFile} {
		if path != "" {
			out = append(out, path)
		}
	}
	if b.dumpRead {
		out = append(out, dumpName)
	}
	return out
}
