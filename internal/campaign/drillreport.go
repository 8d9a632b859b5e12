package campaign

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"simtrace/internal/bundle"
	"simtrace/pkg/parity"
	"simtrace/pkg/parity/imagecmp"
	"simtrace/pkg/parity/report"
)

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

// Terminal writes what was found, for a terminal.
func (d *Drill) Terminal(w io.Writer) error {
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

func (d *Drill) markdown(w io.Writer) error {
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
func (d *Drill) files(b *bundle.Bundle) error {
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

func (d *Drill) json() []drilledJSON {
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
