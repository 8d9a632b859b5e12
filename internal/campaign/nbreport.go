package campaign

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"strings"

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
	var shown [][2]string
	var err error
	if rep.Counts.Compared > 0 {
		if shown, _, err = pictures(ctx, n.folder, rep, n.Percentile, "c.png", "py.png", "diff.png"); err != nil {
			return err
		}
		if n.SaveDiff {
			if err := n.saveDiff(rep); err != nil {
				return err
			}
		}
	}
	var text, data bytes.Buffer
	if err := errors.Join(n.told(rep).Markdown(&text, shown...), imagecmp.Encode(&data, s)); err != nil {
		return err
	}
	fmt.Fprintf(&text, "\nThe reference is %s (%s), the port %s (%s).\n", imagecmp.Cell(n.ref.Program), n.RefFrom, imagecmp.Cell(n.got.Program), n.GotFrom)
	if n.resampled != "" {
		fmt.Fprintf(&text, "\nNote: %s.\n", n.resampled)
	}
	if err := errors.Join(n.texts(), n.folder.WriteFile("summary.md", text.Bytes()), n.folder.WriteFile("summary.json", data.Bytes()), writeEnv(n.folder)); err != nil {
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
	words.Reasons = []string{fmt.Sprintf("Passes: correlation %.6g, at least %g was asked for. Not identical: %d of %d pixels differ by more than the tolerance.",
		rep.Correlation, n.Threshold, c.Beyond, c.Compared)}
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
	var text bytes.Buffer
	if err := n.told(rep).Terminal(&text); err != nil {
		return nil, err
	}
	fmt.Fprintf(&text, "\n%s (%s): %d ms\n%s (%s): %d ms\n", n.ref.Program, n.RefFrom, n.ref.Wall.Milliseconds(), n.got.Program, n.GotFrom, n.got.Wall.Milliseconds())
	if n.resampled != "" {
		fmt.Fprintf(&text, "%s\n", n.resampled)
	}
	fmt.Fprintf(&text, "report: %s\n", filepath.Join(n.folder.Dir(), "summary.md"))
	out.Text = text.String()
	return out, nil
}
