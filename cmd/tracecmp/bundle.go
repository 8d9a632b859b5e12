package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	folders "simtrace/internal/bundle"
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

// markers are what files of this program hold near their beginning.
var markers = []string{report.MarkdownMarker, report.PictureMarker, report.HTMLMarker, report.JUnitMarker, `"` + report.MetricsSchema + `"`, `"` + metadataSchema + `"`}

// bundle is the place of a report: a summary, and its files beside it.
type bundle struct {
	dir, name string
	force     bool
}

// newBundle looks at --out before anything is read, so that a place that cannot
// be written to is told at once. It writes nothing.
func newBundle(out string, force bool) (*bundle, error) {
	b := &bundle{dir: filepath.Dir(out), name: filepath.Base(out), force: force}
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
	for _, n := range b.names() {
		if err := mayWrite(filepath.Join(b.dir, n), force); err != nil {
			return nil, err
		}
	}
	return b, nil
}

func (b *bundle) names() []string {
	return []string{b.name, b.page(), metricsName, metadataName, pictureName, growthName}
}

// page is the name of the HTML page: the summary's, with its own ending.
func (b *bundle) page() string { return strings.TrimSuffix(b.name, filepath.Ext(b.name)) + ".html" }

func (b *bundle) path(name string) string { return filepath.Join(b.dir, name) }
func (b *bundle) summary() string         { return b.path(b.name) }

// mayWrite refuses to touch a file that this program did not write.
func mayWrite(path string, force bool) error {
	if ok, err := ours(path); err != nil {
		return err
	} else if !ok && !force {
		return fmt.Errorf("%s exists and was not written by tracecmp; --force overwrites it", path)
	}
	return nil
}

// ours reports whether there is no such file, or one of this program's.
func ours(path string) (bool, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	head := make([]byte, 256)
	n, _ := f.Read(head)
	for _, m := range markers {
		if bytes.Contains(head[:n], []byte(m)) {
			return true, nil
		}
	}
	return false, nil
}

// artifact is a file to be written; without data it is one that must go, such
// as the picture of an earlier run.
type artifact struct {
	path string
	data []byte
}

// render makes the files of the report folder.
func (b *bundle) render(rep *parity.Report, names [2]string, page []byte, ref, got *source, rules []ruleFile) ([]artifact, error) {
	var picture, growth, summary, metrics bytes.Buffer
	drawn, err := report.PhiPlotSVG(&picture, rep, names)
	if err != nil {
		return nil, err
	}
	opt := report.Options{Names: names}
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
	if err := report.JSON(&metrics, rep); err != nil {
		return nil, err
	}
	meta, err := metadata(rep, ref, got, rules)
	if err != nil {
		return nil, err
	}
	var files []artifact
	for i, data := range [][]byte{summary.Bytes(), page, metrics.Bytes(), meta, picture.Bytes(), growth.Bytes()} {
		files = append(files, artifact{filepath.Join(b.dir, b.names()[i]), data})
	}
	return files, nil
}

// place puts the files where they belong: each of them whole, all of them or none
// as far as a file system allows, and none of another run between them.
func place(ctx context.Context, files []artifact) error {
	staged := make([]*folders.AtomicFile, len(files))
	var undo []func() // of the folders that were made
	defer func() {
		for _, f := range staged {
			if f != nil {
				f.Abort() // nothing to those that were committed
			}
		}
		for _, u := range slices.Backward(undo) {
			u()
		}
	}()
	for i, f := range files {
		if len(f.data) == 0 {
			continue
		}
		u, err := folders.MakeFolder(filepath.Dir(f.path))
		if err != nil {
			return err
		}
		undo = append(undo, u)
		if staged[i], err = folders.CreateAtomic(f.path); err != nil {
			return err
		}
		if _, err := staged[i].Write(f.data); err != nil {
			return err
		}
		if err := staged[i].Sync(); err != nil {
			return err
		}
	}
	return folders.Together(ctx, staged, func() error {
		for i, f := range files {
			var err error
			if staged[i] != nil {
				err = staged[i].Commit()
			} else if err = os.Remove(f.path); errors.Is(err, fs.ErrNotExist) {
				err = nil
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// metadata tells what was compared with what: no time, no host, so that the
// same run writes the same bytes.
func metadata(rep *parity.Report, ref, got *source, rules []ruleFile) ([]byte, error) {
	type input struct {
		Role   string `json:"role"`
		Path   string `json:"path"`
		SHA256 string `json:"sha256"`
		Bytes  int64  `json:"bytes"`
		Lines  int    `json:"lines"`
		Traces int    `json:"trace_lines"`
		// Command are the words of the command whose output the log is.
		Command []string `json:"command,omitempty"`
	}
	var inputs []input
	for _, s := range []*source{ref, got} {
		for _, f := range s.files {
			inputs = append(inputs, input{s.role, f.path, f.sha256, f.bytes, f.lines, f.traceLines, s.argv})
		}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	err := e.Encode(struct {
		Schema    string         `json:"schema"`
		Tool      string         `json:"tool"`
		Version   string         `json:"version"`
		CTrace    string         `json:"c_trace"`
		PyTrace   string         `json:"py_trace"`
		Inputs    []input        `json:"inputs"`
		Tolerance float64        `json:"tolerance_rel"`
		Rules     []ruleFile     `json:"rules,omitempty"`
		Verdict   parity.Verdict `json:"verdict"`
	}{metadataSchema, "tracecmp", version.Module(), ref.path, got.path, inputs, rep.Tolerance, rules, rep.Verdict})
	return b.Bytes(), err
}
