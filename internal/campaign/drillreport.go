package campaign

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strings"

	"simtrace/internal/bundle"
	"simtrace/internal/doc"
	"simtrace/pkg/parity"
	"simtrace/pkg/parity/imagecmp"
	"simtrace/pkg/parity/report"
	"simtrace/pkg/sim"
	"simtrace/pkg/trace"
)

// stands says whether the traces account for the images.
func (p *drilled) stands(names [2]string) []string {
	say := func(ok bool, side, by string, traced, pixel float64) string {
		if ok {
			return fmt.Sprintf("%s: %s gives %.4g, the image's pixel.", side, by, traced)
		}
		return fmt.Sprintf("%s: %s gives %.9g, but the image holds %.9g: this trace does not account for it.", side, by, traced, pixel)
	}
	return []string{say(p.refStands, names[0], p.from, p.refValue, p.Ref), say(p.gotStands, names[1], "simtrace", p.gotValue, p.Got)}
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
	ref, got := imagecmp.Apart(p.Ref, p.Got)
	return fmt.Sprintf("Pixel slow %d fast %d: %s (%s and %s)", p.Slow, p.Fast, p.Why, ref, got)
}

func (p *drilled) name(side string) string {
	return fmt.Sprintf("trace_%d_%d_%s", p.Slow, p.Fast, side)
}

// Blocks say what the traced pixels tell; nil for no drill.
func (d *Drill) Blocks() []doc.Block {
	if d == nil {
		return nil
	}
	names := d.names
	out := []doc.Block{doc.Heading{Level: 2, ID: "pixels-traced", Text: doc.Of(doc.Plain, "Pixels traced")}}
	if len(d.pixels) == 0 {
		return append(out, doc.Paragraph{Text: doc.Of(doc.Plain, "None: no pixel is out of tolerance.")})
	}
	for _, p := range d.pixels {
		items := doc.Strings(p.stands(names))
		for _, c := range p.causes() {
			items = append(items, doc.Prose("because "+report.CallByName(c, names)))
		}
		if p.rep.Verdict == parity.Diverged && len(p.rep.Causes) == 0 {
			items = append(items, doc.Of(doc.Plain, "no known cause"))
		}
		link := func(side, text string) doc.Text { return doc.To(p.name(side), doc.Of(doc.Plain, text)) }
		items = append(items, doc.Join(doc.Of(doc.Plain, "Traces: "+string(p.rep.Verdict)+" ("), link("compared.md", "compared"), doc.Of(doc.Plain, ", "), link("compared.html", "as a page"),
			doc.Of(doc.Plain, ", "), link("ref.log", names[0]), doc.Of(doc.Plain, ", "), link("got.log", names[1]), doc.Of(doc.Plain, ")")))
		out = append(out, doc.Card{Blocks: []doc.Block{doc.Heading{Level: 3, Text: doc.Prose(p.heading())}, doc.List{Items: items}}})
	}
	return out
}

// page is what the image page shows of the drill: the pixels, and the resolution that
// the flags give.
func (d *Drill) page(s imagecmp.Scale) imagecmp.PageOptions {
	opt := imagecmp.PageOptions{Scale: s}
	if d == nil {
		return opt
	}
	for _, p := range d.pixels {
		opt.Marks = append(opt.Marks, imagecmp.Mark{At: p.At, Text: fmt.Sprintf("%s: traces %s", p.Why, p.rep.Verdict), Link: p.name("compared.html")})
	}
	g, lambda := d.ref.e.Geometry, d.ref.e.Beam.Lambda0*1e10
	opt.Resolution = func(slow, fast float64) float64 {
		var v sim.Vec3
		size := 0.0
		for i := range v {
			v[i] = g.Pix0[i] + g.PixelSize*(slow*g.Frame.Slow[i]+fast*g.Frame.Fast[i])
			size += v[i] * v[i]
		}
		cos := (v[0]*g.Beam[0] + v[1]*g.Beam[1] + v[2]*g.Beam[2]) / math.Sqrt(size)
		return lambda / (2 * math.Sqrt(math.Max((1-cos)/2, 1e-12)))
	}
	return opt
}

// files puts the logs and their comparisons into the report folder.
func (d *Drill) files(b *bundle.Bundle) error {
	if d == nil {
		return nil
	}
	for _, p := range d.pixels {
		var text, page bytes.Buffer
		opt := report.Options{Excerpt: p.excerpt, Names: d.names, Made: [2]string{d.ref.profile, d.got.profile}}
		if d.RefCommand != "" {
			opt.Made[0] = ""
		}
		if err := errors.Join(report.Markdown(&text, p.rep, opt), report.HTML(&page, p.rep, opt)); err != nil {
			return err
		}
		if err := errors.Join(b.WriteFile(p.name("ref.log"), p.ref), b.WriteFile(p.name("got.log"), p.got), b.WriteFile(p.name("compared.md"), text.Bytes()),
			b.WriteFile(p.name("compared.html"), page.Bytes())); err != nil {
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
	for _, p := range d.pixels {
		out = append(out, drilledJSON{p.At, p.Why, p.rep.Verdict, p.causes(), imagecmp.Number(p.refValue), imagecmp.Number(p.gotValue), p.refStands, p.gotStands})
	}
	return out
}

// excerpt returns lines of a trace that is in memory.
func (p *drilled) excerpt(at trace.Pos, around int) ([]string, int, error) {
	log := p.ref
	if strings.HasSuffix(at.File, "_got.log") {
		log = p.got
	}
	lines := strings.Split(string(log), "\n")
	if at.Line < 1 || at.Line > len(lines) {
		return nil, 0, errors.New("it is not in the trace")
	}
	first := max(1, at.Line-around)
	return lines[first-1 : min(len(lines), at.Line+around)], first, nil
}
