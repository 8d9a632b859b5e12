// Package baseline keeps golden traces: what a program printed when it was right, in
// a folder that belongs under version control.
//
//	baselines/NAME/baseline.json     what it is, where it came from, and why it changed
//	baselines/NAME/trace.jsonl.gz    the trace: one record a line, sorted
//	baselines/NAME/trace.log.gz      or, of programs other than nanoBragg, the log as printed
//	baselines/NAME/schema.yaml       the schema by which it is read, where one was given
//	baselines/NAME/sha256.txt        checksums of these
//
// Both forms of trace are logs that tracecmp reads by themselves. JSON lines hold what
// is compared and nothing else, so that banners, progress lines and the order of pixels
// make no difference; a log of which that is not the same to the comparison is kept as
// it was printed. The same log gives the same bytes: no time, no host.
//
// New makes a baseline of a log, Open reads one and checks its sums, Update puts
// another trace in its place and remembers the reason.
package baseline

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"simtrace/internal/bundle"
	"simtrace/internal/outfile"
)

// Form names the form of baseline.json.
const Form = "simtrace/baseline/1"

// The names of the files.
const (
	manifestName = "baseline.json"
	jsonName     = "trace.jsonl.gz"
	logName      = "trace.log.gz"
	schemaName   = "schema.yaml"
	sumsName     = "sha256.txt"
)

// Baseline is one golden trace.
type Baseline struct {
	Form    string `json:"schema"`
	Name    string `json:"name"`
	Trace   string `json:"trace"`        // the file
	SHA256  string `json:"trace_sha256"` // of what it holds, unpacked
	Lines   int    `json:"lines"`        // of these
	Rows    int    `json:"rows"`         // quantities that a comparison finds in it
	Results int    `json:"results"`      // results among them
	ReadBy  string `json:"read_by"`      // nanobragg, inferred, or schema.yaml
	As      string `json:"as,omitempty"` // the format, where --as gave one
	Source  Origin `json:"source"`       // of the present trace
	History []Step `json:"history"`      // the oldest first
	dir     string // where it lies
	packed  []byte // the trace's file, of one that was made just now
	yaml    []byte // the schema's file, "" for none
}

// Origin says where a trace came from.
type Origin struct {
	Log     string   `json:"log,omitempty"`     // a file, - for standard input
	Command []string `json:"command,omitempty"` // whose output it is
	SHA256  string   `json:"sha256"`            // of the whole log
	Bytes   int64    `json:"bytes"`
	Tool    string   `json:"tool"` // the version of tracecmp that read it
}

// Step is a change of the trace.
type Step struct {
	Reason string `json:"reason"`
	SHA256 string `json:"trace_sha256"` // of the trace that came with it
	// Changed is how many rows differ from the trace before, to the last digit, and
	// First the first of them.
	Changed int    `json:"rows_changed"`
	First   string `json:"first_changed,omitempty"`
}

var goodName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// CheckName refuses names that are no names of folders everywhere.
func CheckName(name string) error {
	if !goodName.MatchString(name) {
		return fmt.Errorf("baseline %q: a name of letters, digits, dots, - and _ is needed", name)
	}
	return nil
}

// Exists reports whether a folder holds a baseline of the name.
func Exists(dir, name string) bool {
	_, err := os.Stat(filepath.Join(dir, name, manifestName))
	return err == nil
}

// Open reads the baseline NAME in a folder, and checks that its files are as they
// were written. The error is one line that names the file.
func Open(dir, name string) (*Baseline, error) {
	if err := CheckName(name); err != nil {
		return nil, err
	}
	at := filepath.Join(dir, name)
	if !Exists(dir, name) {
		return nil, fmt.Errorf("no baseline %s in %s (%s); tracecmp baseline save makes one", name, dir, known(dir))
	}
	listed, err := bundle.Verify(at)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(at, manifestName)
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	b := &Baseline{}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(b); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	b.dir = dir
	switch {
	case b.Form != Form:
		return nil, fmt.Errorf("%s: of the form %q, not %q: another version of tracecmp wrote it", path, b.Form, Form)
	case b.Name != name:
		return nil, fmt.Errorf("%s: it is the baseline %q, in a folder called %q", path, b.Name, name)
	case b.Trace != jsonName && b.Trace != logName:
		return nil, fmt.Errorf("%s: %q is no trace of a baseline", path, b.Trace)
	}
	for _, n := range b.names() {
		if !listed[n] {
			return nil, fmt.Errorf("%s: %s is not listed in it, so nobody can say whether it is as it was written", filepath.Join(at, sumsName), n)
		}
	}
	return b, b.readTrace()
}

// readTrace reads the trace and holds it against the sum in the manifest.
func (b *Baseline) readTrace() (err error) {
	if b.packed, err = os.ReadFile(b.TracePath()); err != nil {
		return err
	}
	text, err := unpack(b.packed)
	if err != nil {
		return fmt.Errorf("%s: %w", b.TracePath(), err)
	}
	if sumOf(text) != b.SHA256 {
		return fmt.Errorf("%s: it holds another trace than %s says", b.TracePath(), manifestName)
	}
	return nil
}

// known lists the baselines of a folder.
func known(dir string) string {
	found, _ := filepath.Glob(filepath.Join(dir, "*", manifestName))
	if len(found) == 0 {
		return "there is none"
	}
	var names []string
	for _, f := range found {
		names = append(names, filepath.Base(filepath.Dir(f)))
	}
	return "there are " + strings.Join(names, ", ")
}

// names lists the files, but for the list of checksums.
func (b *Baseline) names() []string {
	out := []string{manifestName}
	if b.ReadBy == schemaName {
		out = append(out, schemaName)
	}
	return append(out, b.Trace)
}

// TracePath is the file of the trace, a log that tracecmp reads.
func (b *Baseline) TracePath() string { return filepath.Join(b.dir, b.Name, b.Trace) }

// SchemaPath is the schema by which it is read, "" for none.
func (b *Baseline) SchemaPath() string {
	if b.ReadBy != schemaName {
		return ""
	}
	return filepath.Join(b.dir, b.Name, schemaName)
}

// Files are those of a baseline that was made or updated, the list of checksums last.
func (b *Baseline) Files() ([]outfile.File, error) {
	var manifest bytes.Buffer
	e := json.NewEncoder(&manifest)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(b); err != nil {
		return nil, err
	}
	data := map[string][]byte{manifestName: manifest.Bytes(), schemaName: b.yaml, b.Trace: b.packed}
	var out []outfile.File
	var sums bytes.Buffer
	for _, n := range b.names() {
		fmt.Fprintf(&sums, "%s  %s\n", sumOf(data[n]), n)
		out = append(out, outfile.File{Path: filepath.Join(b.dir, b.Name, n), Data: data[n]})
	}
	for _, n := range []string{schemaName, jsonName, logName} {
		path := filepath.Join(b.dir, b.Name, n)
		if _, err := os.Lstat(path); !slices.Contains(b.names(), n) && !errors.Is(err, fs.ErrNotExist) {
			out = append(out, outfile.File{Path: path})
		}
	}
	return append(out, outfile.File{Path: filepath.Join(b.dir, b.Name, sumsName), Data: sums.Bytes()}), nil
}

func sumOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
