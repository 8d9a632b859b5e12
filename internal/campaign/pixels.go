package campaign

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"simtrace/internal/outfile"
	"simtrace/internal/program"
	"simtrace/internal/visible"
	"simtrace/pkg/parity"
	"simtrace/pkg/parity/imagecmp"
	"simtrace/pkg/parity/report"
	"simtrace/pkg/sim"
	"simtrace/pkg/trace"
)

// MatrixPixel is a traced pixel's result.
type MatrixPixel struct {
	imagecmp.At
	Verdict  string   `json:"verdict"`
	First    string   `json:"first"`  // the first divergence in causal order, "" where there is none
	Causes   []string `json:"causes"` // ids
	Rows     int      `json:"rows"`   // compared
	Diverged int      `json:"diverged"`
	Lost     int      `json:"lost"`
	Reasons  []string `json:"reasons"`
	RefBy    string   `json:"ref_by"` // what traced it, and how
	GotBy    string   `json:"got_by"`
	Compared string   `json:"comparison"`       // file, from the folder of the tables
	Waived   []string `json:"waived,omitempty"` // ids of the waivers that rows needed
}

// pixels traces the run's pixels on both sides. A trace that diverges makes the
// run diverge, whatever the thresholds say of the image.
func (m *matrix) pixels(ctx context.Context, r matrixRun, sides [2]*matrixSide, row *MatrixRow) error {
	seen := map[string]int{}
	for i, p := range r.Pixels {
		if im := sides[0].image; p.Slow >= im.Slow || p.Fast >= im.Fast {
			return fmt.Errorf("pixel %d %d is not on the detector of %v pixels (slow x fast)", p.Slow, p.Fast, im.Shape)
		}
		px, files, err := m.pixel(ctx, r, sides, p, i == 0, row.Key)
		if err != nil {
			return fmt.Errorf("pixel %d %d: %w", p.Slow, p.Fast, err)
		}
		row.files = append(row.files, files...)
		row.Pixels = append(row.Pixels, *px)
		seen[px.Verdict]++
	}
	if len(r.Pixels) == 0 {
		return nil
	}
	row.Reasons = append(row.Reasons, "Traced: "+row.Traced()+".")
	for _, v := range []parity.Verdict{parity.Refused, parity.Diverged} {
		if seen[string(v)] > 0 && row.State != string(imagecmp.Diverged) {
			row.State = string(v)
		}
	}
	return nil
}

// pixel compares the two traces of a pixel. The files are to stand beside the result.
func (m *matrix) pixel(ctx context.Context, r matrixRun, sides [2]*matrixSide, p sim.Pixel, first bool, key string) (*MatrixPixel, []outfile.File, error) {
	var files []outfile.File
	var logs [2]*trace.Source
	var by [2]string
	stem := fmt.Sprintf("%s_%d_%d", key, p.Slow, p.Fast)
	for i, s := range sides {
		name := stem + [2]string{"_ref.log", "_got.log"}[i]
		text, how, err := s.trace(ctx, p, first)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", [2]string{"reference", "port"}[i], err)
		}
		logs[i] = trace.Text(string(text), name)
		by[i] = how
		files = append(files, outfile.File{Path: filepath.Join(m.Out, traces(key), name), Data: text})
	}
	opt := m.Compare
	opt.Tolerance = r.traceTolerance(m)
	rep, err := compareTraces(ctx, logs, opt)
	if err != nil {
		return nil, nil, err
	}
	var told, page bytes.Buffer
	if err := errors.Join(report.Markdown(&told, rep, report.Options{}), report.HTML(&page, rep, report.Options{})); err != nil {
		return nil, nil, err
	}
	name := stem + "_compared.md"
	path := filepath.Join(m.Out, traces(key), name)
	files = append(files, outfile.File{Path: path, Data: told.Bytes()}, outfile.File{Path: asPage(path), Data: page.Bytes()})
	out := &MatrixPixel{At: imagecmp.At{Slow: p.Slow, Fast: p.Fast}, Verdict: string(rep.Verdict), Causes: []string{}, Reasons: append([]string{}, rep.Reasons...),
		Rows: rep.Counts.Matched + rep.Counts.Diverged, Diverged: rep.Counts.Diverged, Lost: rep.Counts.Lost, RefBy: by[0], GotBy: by[1],
		Compared: filepath.ToSlash(filepath.Join(traces(key), name))}
	for i, in := range []parity.Input{rep.Ref, rep.Got} {
		if in.Records == 0 {
			out.Reasons = []string{"no trace lines from " + by[i] + ": the program has to know -trace_pixel, as the instrumented nanoBragg does"}
		}
	}
	if row := rep.FirstRow(); row != nil {
		out.First = rep.Label(row)
	}
	for _, c := range rep.Causes {
		out.Causes = append(out.Causes, c.ID)
	}
	for _, w := range rep.Waivers {
		if w.State == parity.WaiverUsed {
			out.Waived = append(out.Waived, w.ID)
		}
	}
	return out, files, nil
}

// asPage is the page beside a Markdown file.
func asPage(path string) string { return strings.TrimSuffix(path, ".md") + ".html" }

// compareTraces compares the two traces of a pixel. The waivers are the whole list's: one that
// this pixel has no use for is left aside, and would turn a match into a difference else.
func compareTraces(ctx context.Context, logs [2]*trace.Source, opt parity.Options) (*parity.Report, error) {
	rep, err := parity.Sources(ctx, logs[0], logs[1], opt)
	if err != nil {
		return nil, err
	}
	unused := map[string]bool{}
	for _, w := range rep.Waivers {
		if w.State == parity.WaiverUnused {
			unused[w.ID] = true
		}
	}
	if len(unused) == 0 {
		return rep, nil
	}
	opt.Waivers = slices.DeleteFunc(slices.Clone(opt.Waivers), func(w parity.Waiver) bool { return unused[w.ID] })
	return parity.Sources(ctx, logs[0], logs[1], opt)
}

// unusedWaivers says which waivers no traced pixel of a whole list needs.
func unusedWaivers(waivers []parity.Waiver, rows []MatrixRow) (out []string) {
	used := map[string]bool{}
	for _, r := range rows {
		for _, p := range r.Pixels {
			for _, id := range p.Waived {
				used[id] = true
			}
		}
	}
	for _, w := range waivers {
		if !used[w.ID] {
			out = append(out, fmt.Sprintf("the waiver %s (%s) is unused: no traced pixel needs it", visible.Text(w.ID), visible.Text(w.At)))
		}
	}
	return out
}

// trace traces a pixel of a side.
func (s *matrixSide) trace(ctx context.Context, p sim.Pixel, first bool) (log []byte, how string, err error) {
	name := strings.Join(s.bin, " ")
	switch {
	case len(s.bin) == 0:
		log, _, err := Trace(ctx, s.e, p)
		return log, "simtrace as " + s.profile.String(), err
	case first:
		return s.first, name + ", with the image", nil
	case s.e == nil:
		c, err := program.Run(ctx, s.bin, append(append([]string{}, s.args...), program.TraceFlags(p)...), s.m.Limit, nil)
		if err != nil {
			return nil, "", err
		}
		return c.Stdout, name + ", the whole image", nil
	}
	t := program.Tracer{Command: s.bin, Args: s.args, Experiment: s.e, Limit: s.m.Limit}
	out, err := t.Trace(ctx, p, s.image.Value(imagecmp.At{Slow: p.Slow, Fast: p.Fast}))
	if err != nil {
		return nil, "", err
	}
	return out.Log, out.How, nil
}

// Traced counts the verdicts of a row's pixels, in words.
func (r *MatrixRow) Traced() string {
	if len(r.Pixels) == 0 {
		return "-"
	}
	var words []string
	for _, v := range []parity.Verdict{parity.Match, parity.Diverged, parity.Refused} {
		n := 0
		for _, p := range r.Pixels {
			if p.Verdict == string(v) {
				n++
			}
		}
		if n > 0 {
			words = append(words, fmt.Sprintf("%d %s", n, v))
		}
	}
	return strings.Join(words, ", ")
}

// Why is what a pixel's row in the tables says: the causes, or else that none is
// known, or why there is no verdict.
func (p *MatrixPixel) Why() string {
	switch {
	case len(p.Causes) > 0:
		return strings.Join(p.Causes, ", ")
	case p.Verdict == string(parity.Diverged):
		return "no known cause"
	case p.Verdict == string(parity.Refused):
		return strings.Join(p.Reasons, " ")
	}
	return ""
}

// errNoPixel says what a pixel in a file of cases looks like.
var errNoPixel = errors.New("a pixel is two whole numbers from 0 on, [SLOW, FAST]")
