package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"simtrace/pkg/parity"
	"simtrace/pkg/parity/report"
)

// The files beside the summary.
const (
	metricsName  = "metrics.json"
	metadataName = "run_metadata.json"
	pictureName  = "per_phi.svg"
	summaryName  = "summary.md"
)

// metadataSchema names the form of run_metadata.json, and marks it as ours.
const metadataSchema = "simtrace/tracecmp-run/1"

// markers are what files of this program hold near their beginning.
var markers = []string{report.MarkdownMarker, report.PictureMarker, `"` + report.MetricsSchema + `"`, `"` + metadataSchema + `"`}

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
	case err == nil && st.IsDir(), strings.HasSuffix(out, "/"), err != nil && filepath.Ext(out) == "":
		b.dir, b.name = filepath.Clean(out), summaryName
	case err == nil && !st.Mode().IsRegular():
		return nil, fmt.Errorf("--out: %s is no regular file", out)
	}
	for _, n := range []string{metricsName, metadataName, pictureName} {
		if b.name == n {
			return nil, fmt.Errorf("--out: %s is the name of another file of the report", n)
		}
	}
	for _, n := range b.names() {
		if err := b.mayWrite(n); err != nil {
			return nil, err
		}
	}
	return b, nil
}

func (b *bundle) names() []string { return []string{b.name, metricsName, metadataName, pictureName} }

func (b *bundle) summary() string { return filepath.Join(b.dir, b.name) }

// mayWrite refuses to touch a file that this program did not write.
func (b *bundle) mayWrite(name string) error {
	path := filepath.Join(b.dir, name)
	if ok, err := ours(path); err != nil {
		return err
	} else if !ok && !b.force {
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

// write renders everything first, then puts the files in place: whole, and all
// of them or none as far as a file system allows.
func (b *bundle) write(rep *parity.Report, ref, got *source) error {
	files := map[string][]byte{}
	var picture, summary, metrics bytes.Buffer
	drawn, err := report.PhiPlotSVG(&picture, rep)
	if err != nil {
		return err
	}
	var opt report.MarkdownOptions
	if drawn {
		files[pictureName], opt.Picture = picture.Bytes(), pictureName
	}
	if err := report.Markdown(&summary, rep, opt); err != nil {
		return err
	}
	if err := report.JSON(&metrics, rep); err != nil {
		return err
	}
	files[b.name], files[metricsName] = summary.Bytes(), metrics.Bytes()
	if files[metadataName], err = metadata(rep, ref, got); err != nil {
		return err
	}
	return b.place(files)
}

func (b *bundle) place(files map[string][]byte) (err error) {
	if err := os.MkdirAll(b.dir, 0o777); err != nil {
		return err
	}
	temp := map[string]string{}
	defer func() {
		for _, t := range temp {
			os.Remove(t) // those that were moved are gone already
		}
	}()
	for _, name := range b.names() {
		data, ok := files[name]
		if !ok {
			continue
		}
		if temp[name], err = writeTemp(b.dir, data); err != nil {
			return err
		}
	}
	for _, name := range b.names() {
		path := filepath.Join(b.dir, name)
		if temp[name] == "" {
			// A picture of an earlier run must not stand beside this summary.
			if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
			continue
		}
		if err := os.Rename(temp[name], path); err != nil {
			return err
		}
	}
	return nil
}

// writeTemp writes the data to a new file in dir and brings it to the disk.
func writeTemp(dir string, data []byte) (string, error) {
	f, err := os.CreateTemp(dir, ".tracecmp-*")
	if err != nil {
		return "", err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close())
	if err != nil {
		os.Remove(f.Name())
		return "", err
	}
	return f.Name(), nil
}

// metadata tells what was compared with what: no time, no host, so that the
// same run writes the same bytes.
func metadata(rep *parity.Report, ref, got *source) ([]byte, error) {
	type input struct {
		Role   string `json:"role"`
		Path   string `json:"path"`
		SHA256 string `json:"sha256"`
		Bytes  int64  `json:"bytes"`
		Lines  int    `json:"lines"`
		Traces int    `json:"trace_lines"`
	}
	var inputs []input
	for _, s := range []*source{ref, got} {
		for _, f := range s.files {
			inputs = append(inputs, input{s.role, f.path, f.sha256, f.bytes, f.log.Lines, f.log.TraceLines})
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
		Verdict   parity.Verdict `json:"verdict"`
	}{metadataSchema, "tracecmp", version(), ref.path, got.path, inputs, rep.Tolerance, rep.Verdict})
	return b.Bytes(), err
}
