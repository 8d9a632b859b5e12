package comparison

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	folders "simtrace/internal/bundle"
	"simtrace/internal/input"
	"simtrace/internal/outfile"
	"simtrace/internal/version"
	"simtrace/pkg/parity"
	"simtrace/pkg/parity/report"
)

// The files beside the summary.
const (
	metricsName  = "metrics.json"
	metadataName = "run_metadata.json"
	pictureName  = "per_phi.svg"
	growthName   = "growth.svg"
	summaryName  = "summary.md"
)

// metadataSchema names the form of run_metadata.json, and marks it as ours.
const metadataSchema = "simtrace/tracecmp-run/1"

func init() {
	outfile.Mark(report.MarkdownMarker, report.PictureMarker, report.HTMLMarker, report.JUnitMarker, `"`+report.MetricsSchema+`"`, `"`+metadataSchema+`"`)
}

// folder is the place of a report: a summary, and its files beside it.
type folder struct {
	dir, name string
	logs      []string // of commands, by name
}

// newFolder looks at --out before anything is read, so that a place that cannot
// be written to is told at once; commands are the files of the logs that commands
// print. It writes nothing.
func newFolder(out string, force bool, commands []string) (*folder, error) {
	b := &folder{dir: filepath.Dir(out), name: filepath.Base(out), logs: commands}
	st, err := os.Stat(out)
	switch {
	case out == "":
		return nil, errors.New("--out: a file or folder is needed")
	case folders.Dangling(out):
		return nil, fmt.Errorf("--out: %s is a link to nothing", out)
	case err == nil && st.IsDir(), strings.HasSuffix(out, "/"), err != nil && filepath.Ext(out) == "":
		b.dir, b.name = filepath.Clean(out), summaryName
	case err == nil && !st.Mode().IsRegular():
		return nil, fmt.Errorf("--out: %s is no regular file", out)
	}
	for _, n := range []string{metricsName, metadataName, pictureName, growthName, b.page()} {
		if b.name == n {
			return nil, fmt.Errorf("--out: %s is the name of another file of the report", n)
		}
	}
	names := b.names()
	if meta := b.path(metadataName); !exists(meta) || outfile.MayWrite(meta, false) != nil {
		// Only an earlier report tells that logs of commands beside it are its own.
		names = append(names, commands...)
	}
	for _, n := range names {
		if err := outfile.MayWrite(filepath.Join(b.dir, n), force); err != nil {
			return nil, err
		}
	}
	return b, nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func (b *folder) names() []string {
	return []string{b.name, b.page(), metricsName, metadataName, pictureName, growthName}
}

// page is the name of the HTML page: the summary's, with its own ending.
func (b *folder) page() string { return strings.TrimSuffix(b.name, filepath.Ext(b.name)) + ".html" }

func (b *folder) path(name string) string { return filepath.Join(b.dir, name) }
func (b *folder) summary() string         { return b.path(b.name) }

// render makes the files of the report folder.
func (b *folder) render(rep *parity.Report, opt report.Options, ref, got *input.Source, rules []RuleFile) ([]outfile.File, error) {
	var picture, growth, summary, page, metrics bytes.Buffer
	drawn, err := report.PhiPlotSVG(&picture, rep, opt.Names)
	if err != nil {
		return nil, err
	}
	if drawn {
		opt.Picture = pictureName
	}
	if drawn, err = report.GrowthSVG(&growth, rep); err != nil {
		return nil, err
	}
	if drawn {
		opt.Growth = growthName
	}
	if err := report.Markdown(&summary, rep, opt); err != nil {
		return nil, err
	}
	if err := errors.Join(report.HTML(&page, rep, opt), report.JSON(&metrics, rep)); err != nil {
		return nil, err
	}
	meta, err := metadata(rep, ref, got, rules)
	if err != nil {
		return nil, err
	}
	var files []outfile.File
	for i, data := range [][]byte{summary.Bytes(), page.Bytes(), metrics.Bytes(), meta, picture.Bytes(), growth.Bytes()} {
		files = append(files, outfile.File{Path: filepath.Join(b.dir, b.names()[i]), Data: data})
	}
	for _, s := range []*input.Source{ref, got} {
		if s.Argv == nil {
			continue
		}
		text, err := s.Text()
		if err != nil {
			continue // too long to keep; the page says so
		}
		files = append(files, outfile.File{Path: b.path(s.KeptName()), Data: text})
	}
	return files, nil
}

// logged is a log in run_metadata.json.
type logged struct {
	Role   string `json:"role"`
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
	Lines  int    `json:"lines"`
	Traces int    `json:"trace_lines"`
	// Command are the words of the command whose output the log is.
	Command []string `json:"command,omitempty"`
}

// Metadata is run_metadata.json.
type Metadata struct {
	Schema    string         `json:"schema"`
	Tool      string         `json:"tool"`
	Version   string         `json:"version"`
	CTrace    string         `json:"c_trace"`
	PyTrace   string         `json:"py_trace"`
	Inputs    []logged       `json:"inputs"`
	Tolerance float64        `json:"tolerance_rel"`
	Rules     []RuleFile     `json:"rules,omitempty"`
	Verdict   parity.Verdict `json:"verdict"`
}

// metadata tells what was compared with what: no time, no host, so that the
// same run writes the same bytes.
func metadata(rep *parity.Report, ref, got *input.Source, rules []RuleFile) ([]byte, error) {
	var inputs []logged
	for _, s := range []*input.Source{ref, got} {
		for _, f := range s.Files {
			inputs = append(inputs, logged{s.Role, f.Path, f.SHA256, f.Bytes, f.Lines, f.TraceLines, s.Argv})
		}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	err := e.Encode(Metadata{metadataSchema, "tracecmp", version.Module(), ref.Path, got.Path, inputs, rep.Tolerance, rules, rep.Verdict})
	return b.Bytes(), err
}
