package campaign

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strings"

	"simtrace/internal/doc"
	"simtrace/internal/program"
	"simtrace/pkg/nanobragg"
	"simtrace/pkg/parity/imagecmp"
)

// nbSummary is summary.json: the port's fields first, then ours.
type nbSummary struct {
	Args       []string        `json:"args"`
	CBinary    string          `json:"c_binary"`
	PyBinary   string          `json:"py_binary"`
	CFrom      string          `json:"c_binary_from"`  // a flag, a variable, or where it lies
	PyFrom     string          `json:"py_binary_from"` // likewise
	RuntimeC   int64           `json:"runtime_c_ms"`
	RuntimePy  int64           `json:"runtime_py_ms"`
	Speedup    imagecmp.Number `json:"speedup"`
	Resample   bool            `json:"resample"`
	Note       string          `json:"resample_note,omitempty"`
	Method     string          `json:"png_scale_method"`
	Percentile float64         `json:"png_scale_percentile"`
	Threshold  float64         `json:"threshold"`
	imagecmp.Summary
}

func (n *nbCompare) write(ctx context.Context, rep *imagecmp.Report) error {
	s := nbSummary{Args: n.Args, CBinary: n.ref.Program, PyBinary: n.got.Program, CFrom: n.RefFrom, PyFrom: n.GotFrom, RuntimeC: n.ref.Wall.Milliseconds(), RuntimePy: n.got.Wall.Milliseconds(),
		Speedup: imagecmp.Number(n.ref.Wall.Seconds() / n.got.Wall.Seconds()), Resample: n.Resample, Note: n.resampled,
		Method: "percentile", Percentile: n.Percentile, Threshold: n.Threshold, Summary: rep.Summary()}
	var shown []imagecmp.Picture
	var scale imagecmp.Scale
	var err error
	if rep.Counts.Compared > 0 {
		if shown, scale, err = pictures(ctx, n.folder, rep, n.Percentile, "c.png", "py.png", "diff.png"); err != nil {
			return err
		}
		if n.SaveDiff {
			if err := n.saveDiff(rep); err != nil {
				return err
			}
		}
	}
	told := n.told(rep)
	err = errors.Join(n.texts(),
		written(n.folder, "summary.md", func(w io.Writer) error { return doc.Markdown(w, told.Document(shown, n.blocks(false)...)) }),
		written(n.folder, "summary.html", func(w io.Writer) error {
			return told.HTML(w, imagecmp.PageOptions{Scale: scale}, n.blocks(false)...)
		}),
		written(n.folder, "summary.json", func(w io.Writer) error { return imagecmp.Encode(w, s) }),
		writeEnv(n.folder))
	if err != nil {
		return err
	}
	return n.folder.Commit()
}

// told is the report in words for people: images that pass and are not identical are
// called so, not a match.
func (n *nbCompare) told(rep *imagecmp.Report) *imagecmp.Report {
	c := rep.Counts
	if rep.Verdict != imagecmp.Match || c.Beyond == 0 {
		return rep
	}
	words := *rep
	words.Verdict = "PASSES, NOT IDENTICAL"
	return &words
}

func (n *nbCompare) saveDiff(rep *imagecmp.Report) error {
	w, err := n.folder.Writer("diff.bin")
	if err != nil {
		return err
	}
	diff := make([]float32, rep.Ref.Pixels())
	for i := range diff {
		at := imagecmp.At{Slow: i / rep.Ref.Fast, Fast: i % rep.Ref.Fast}
		diff[i] = float32(rep.Got.Value(at) - rep.Ref.Value(at))
	}
	return nanobragg.WriteFloatImage(w, diff)
}

// verdict tells the result and chooses the exit code.
func (n *nbCompare) verdict(rep *imagecmp.Report) (*NBResult, error) {
	if rep.ShapesDiffer {
		return nil, &ExitError{NBShapes, errors.New(strings.Join(rep.Reasons, " ") + " --resample compares them anyway")}
	}
	out := &NBResult{Code: NBBelow}
	if rep.Verdict == imagecmp.Match && !math.IsNaN(rep.Correlation) {
		out.Code = NBOK
	}
	out.Document, out.Report = n.told(rep).Document(nil, n.blocks(true)...), filepath.Join(n.folder.Dir(), "summary.md")
	return out, nil
}

// blocks say which programs ran; times asks how long, which differs from run to run.
func (n *nbCompare) blocks(times bool) []doc.Block {
	t := doc.Table{Columns: doc.Names("side", "program", "found by")}
	t.Columns[1].Wide = true
	if times {
		t.Columns = append(t.Columns, doc.Column{Name: doc.Of(doc.Plain, "took")})
	}
	for _, s := range []struct {
		name, from string
		run        *program.Output
	}{{nbImages[0], n.RefFrom, n.ref}, {nbImages[1], n.GotFrom, n.got}} {
		cells := []doc.Text{doc.Of(doc.Plain, s.name), doc.Lit(s.run.Program), doc.Prose(s.from)}
		if times {
			cells = append(cells, doc.Of(doc.Plain, fmt.Sprintf("%d ms", s.run.Wall.Milliseconds())))
		}
		t.Rows = append(t.Rows, doc.Cells(cells...))
	}
	out := []doc.Block{doc.Heading{Level: 2, ID: "programs", Text: doc.Of(doc.Plain, "Programs")}, t}
	if n.resampled != "" {
		out = append(out, doc.Paragraph{Text: doc.Prose("Note: " + n.resampled + ".")})
	}
	return out
}
