package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	folders "simtrace/internal/bundle"
	"simtrace/internal/record"
	"simtrace/pkg/nanobragg"
	"simtrace/pkg/nanobragg/causes"
	"simtrace/pkg/parity"
	"simtrace/pkg/parity/bisect"
	"simtrace/pkg/parity/imagecmp"
	"simtrace/pkg/parity/report"
	"simtrace/pkg/sim"
	"simtrace/pkg/trace"
)

// drill traces the pixels that say most and explains them. Nil is none.
type drill struct {
	n        int
	ref, got *traced
	cBin     string
	cArgs    []string
	limit    time.Duration
	jobs     int
	tick     *ticker
	pixels   []drilled
}

// traced is a simulator in this process that stands for a program.
type traced struct {
	profile string
	e       *sim.Experiment
}

// drilled is one pixel's result.
type drilled struct {
	imagecmp.Telling
	from      string // what the reference's trace was made by
	ref, got  []byte // logs
	rep       *parity.Report
	refValue  float64 // what the traces say the pixel is
	gotValue  float64
	refStands bool // the trace's value is the image's pixel, to the last bit of a float32
	gotStands bool
}

// newDrill reads --drill and prepares both simulators, so that flags that do
// not fit are told before any work. Nil without --drill.
func newDrill(c *cli.Context, theirs []nanobragg.Arg) (*drill, error) {
	if !c.IsSet("drill") {
		for _, f := range []string{"config", "profile", "ref-profile", "c-bin"} {
			if c.IsSet(f) {
				return nil, fmt.Errorf("--%s is for --drill", f)
			}
		}
		if len(theirs) > 0 {
			return nil, fmt.Errorf("%s is a flag of nanoBragg's, which --drill needs", theirs[0].Name)
		}
		return nil, nil
	}
	d := &drill{n: c.Int("drill"), limit: c.Duration("timeout"), jobs: runtime.NumCPU(), tick: progressOf(c)}
	if d.n < 1 {
		return nil, fmt.Errorf("--drill %d: at least one pixel", d.n)
	}
	if !c.IsSet("config") && len(theirs) == 0 {
		return nil, errors.New("--drill: the flags that made the images are needed, or --config")
	}
	for _, side := range []struct {
		flag string
		to   **traced
	}{{"ref-profile", &d.ref}, {"profile", &d.got}} {
		p, err := sim.ProfileByName(c.String(side.flag))
		if err != nil {
			return nil, fmt.Errorf("--%s: %w", side.flag, err)
		}
		_, e, err := builder(p, c.String("config"), theirs)
		if err != nil {
			return nil, err
		}
		*side.to = &traced{p.Name, e}
	}
	return d, d.reference(c, theirs)
}

// reference looks for the reference's program.
func (d *drill) reference(c *cli.Context, theirs []nanobragg.Arg) error {
	if !c.IsSet("c-bin") {
		return nil
	}
	if c.IsSet("config") {
		return errors.New("--c-bin: the program takes flags, not --config; give the flags")
	}
	var err error
	if d.cBin, err = lookProgram(c.String("c-bin")); err != nil {
		return fmt.Errorf("--c-bin: %w", err)
	}
	d.cArgs, err = childArgs(theirs)
	return err
}

// trace traces the pixels of the report that say most.
func (d *drill) trace(ctx context.Context, r *imagecmp.Report) error {
	if r.Verdict == imagecmp.Refused {
		return nil
	}
	if g := d.ref.e.Geometry; g.Slow != r.Ref.Slow || g.Fast != r.Ref.Fast {
		return fmt.Errorf("--drill: the flags describe %d x %d pixels (slow x fast), the images have %v", g.Slow, g.Fast, r.Ref.Shape)
	}
	telling := r.Telling(ctx, d.n)
	found := make([]*drilled, len(telling))
	search := bisect.Engine[*drilled]{Jobs: d.jobs, Probe: func(ctx context.Context, point string) (*drilled, error) {
		i, err := strconv.Atoi(point)
		if err != nil {
			return nil, err
		}
		found[i], err = d.one(ctx, telling[i])
		return found[i], err
	}}
	done := 0
	search.Done = func(_ string, p *drilled) {
		done++
		d.tick.step(done, len(telling)-done, "pixels traced")
	}
	points := make([]string, len(telling))
	for i := range points {
		points[i] = strconv.Itoa(i)
	}
	err := search.Run(ctx, points...)
	d.tick.clear()
	if ctx.Err() != nil {
		return errInterrupted
	}
	if err != nil {
		return err
	}
	for _, p := range found {
		d.pixels = append(d.pixels, *p)
	}
	return nil
}

func (d *drill) one(ctx context.Context, t imagecmp.Telling) (*drilled, error) {
	p := sim.Pixel{Slow: t.Slow, Fast: t.Fast}
	out := &drilled{Telling: t, from: "simtrace as " + d.ref.profile}
	var err error
	if out.got, out.gotValue, err = d.got.trace(ctx, p); err != nil {
		return nil, err
	}
	if d.cBin != "" {
		by := tracer{bin: []string{d.cBin}, args: d.cArgs, e: d.ref.e, limit: d.limit}
		c, err := by.trace(ctx, p, t.Ref)
		if err != nil {
			return nil, err
		}
		out.ref, out.refValue, out.from = c.log, c.value, c.how
	} else if out.ref, out.refValue, err = d.ref.trace(ctx, p); err != nil {
		return nil, err
	}
	out.refStands, out.gotStands = same(out.refValue, t.Ref), same(out.gotValue, t.Got)
	name := "trace_" + strconv.Itoa(p.Slow) + "_" + strconv.Itoa(p.Fast)
	ref, got := trace.Text(string(out.ref), name+"_ref.log"), trace.Text(string(out.got), name+"_got.log")
	opt := parity.DefaultOptions()
	opt.Rules = causes.Rules()
	out.rep, err = parity.Sources(ctx, ref, got, opt)
	return out, err
}

// same reports whether a traced intensity is the image's pixel.
func same(traced, pixel float64) bool {
	return float32(traced) == float32(pixel) || math.IsNaN(traced) && math.IsNaN(pixel)
}

// trace traces a pixel and returns the log in the reference's dialect, and the
// intensity.
func (s *traced) trace(ctx context.Context, p sim.Pixel) ([]byte, float64, error) {
	tap := sim.NewTap(sim.Filter{})
	v, err := s.e.Trace(ctx, p, tap)
	if err != nil {
		return nil, 0, err
	}
	var out bytes.Buffer
	w := trace.NewC(&out)
	for _, g := range [][]trace.Record{record.Setup(s.e), record.Notes(s.e), record.Pixel(record.C, p, tap)} {
		for i := range g {
			if err := w.Write(&g[i]); err != nil {
				return nil, 0, err
			}
		}
	}
	err = w.Flush()
	return out.Bytes(), v, err
}

// stands says whether the traces account for the images.
func (p *drilled) stands() []string {
	say := func(ok bool, side, by string, traced, pixel float64) string {
		if ok {
			return fmt.Sprintf("%s: %s gives %.9g, the image's pixel.", side, by, traced)
		}
		return fmt.Sprintf("%s: %s gives %.9g, but the image holds %.9g: this trace does not account for it.", side, by, traced, pixel)
	}
	return []string{say(p.refStands, "Reference", p.from, p.refValue, p.Ref), say(p.gotStands, "Other image", "simtrace", p.gotValue, p.Got)}
}

// causes are the titles of what the traces differ by.
func (p *drilled) causes() []string {
	out := []string{}
	for _, c := range p.rep.Causes {
		out = append(out, c.ID+": "+c.Title)
	}
	return out
}

func (p *drilled) heading() string {
	return fmt.Sprintf("Pixel slow %d fast %d: %s (%.9g and %.9g)", p.Slow, p.Fast, p.Why, p.Ref, p.Got)
}

func (p *drilled) name(side string) string {
	return fmt.Sprintf("trace_%d_%d_%s", p.Slow, p.Fast, side)
}

func (d *drill) terminal(w io.Writer) error {
	if d == nil {
		return nil
	}
	var b strings.Builder
	if len(d.pixels) == 0 {
		b.WriteString("\nNo pixel was traced: none is out of tolerance.\n")
	}
	for i := range d.pixels {
		p := &d.pixels[i]
		fmt.Fprintf(&b, "\n%s\n  %s\n  traces: %s\n", p.heading(), strings.Join(p.stands(), "\n  "), p.rep.Verdict)
		for _, c := range p.causes() {
			fmt.Fprintf(&b, "  because %s\n", c)
		}
		if p.rep.Verdict == parity.Diverged && len(p.rep.Causes) == 0 {
			b.WriteString("  no known cause\n")
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (d *drill) markdown(w io.Writer) error {
	if d == nil {
		return nil
	}
	var b bytes.Buffer
	b.WriteString("\n## Pixels traced\n")
	if len(d.pixels) == 0 {
		b.WriteString("\nNone: no pixel is out of tolerance.\n")
	}
	for i := range d.pixels {
		p := &d.pixels[i]
		fmt.Fprintf(&b, "\n### %s\n\n", p.heading())
		for _, s := range p.stands() {
			fmt.Fprintf(&b, "- %s\n", imagecmp.Cell(s))
		}
		fmt.Fprintf(&b, "- Traces: %s", p.rep.Verdict)
		for _, c := range p.causes() {
			fmt.Fprintf(&b, "; %s", imagecmp.Cell(c))
		}
		if p.rep.Verdict == parity.Diverged && len(p.rep.Causes) == 0 {
			b.WriteString("; no known cause")
		}
		fmt.Fprintf(&b, " ([comparison](%s), [reference](%s), [other](%s))\n", p.name("compared.md"), p.name("ref.log"), p.name("got.log"))
	}
	_, err := w.Write(b.Bytes())
	return err
}

// files puts the logs and their comparisons into the report folder.
func (d *drill) files(b *folders.Bundle) error {
	if d == nil {
		return nil
	}
	for i := range d.pixels {
		p := &d.pixels[i]
		var text bytes.Buffer
		if err := report.Markdown(&text, p.rep, report.Options{}); err != nil {
			return err
		}
		if err := errors.Join(b.WriteFile(p.name("ref.log"), p.ref), b.WriteFile(p.name("got.log"), p.got), b.WriteFile(p.name("compared.md"), text.Bytes())); err != nil {
			return err
		}
	}
	return nil
}

// drilledJSON is a traced pixel in summary.json.
type drilledJSON struct {
	imagecmp.At
	Why       string          `json:"why"`
	Verdict   parity.Verdict  `json:"verdict"`
	Causes    []string        `json:"causes"`
	RefTrace  imagecmp.Number `json:"ref_traced"`
	GotTrace  imagecmp.Number `json:"got_traced"`
	RefStands bool            `json:"ref_traced_is_pixel"`
	GotStands bool            `json:"got_traced_is_pixel"`
}

func (d *drill) json() []drilledJSON {
	if d == nil {
		return nil
	}
	var out []drilledJSON
	for i := range d.pixels {
		p := &d.pixels[i]
		out = append(out, drilledJSON{p.At, p.Why, p.rep.Verdict, p.causes(), imagecmp.Number(p.refValue), imagecmp.Number(p.gotValue), p.refStands, p.gotStands})
	}
	return out
}
