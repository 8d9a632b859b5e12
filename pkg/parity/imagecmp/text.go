package imagecmp

import (
	"fmt"
	"math"
	"strconv"

	"simtrace/internal/doc"
)

// Marker is how every Markdown summary begins.
const Marker = "<!-- tracecmp image -->"

// number prints a figure to seven digits; the JSON report has all.
func number(v float64) string { return strconv.FormatFloat(v, 'g', 7, 64) }

// short prints a figure as a sentence has it; one close to 1 keeps the digits that tell
// it from 1.
func short(v float64) string {
	if d := math.Abs(1 - v); d > 0 && d < 1e-3 {
		return strconv.FormatFloat(v, 'g', min(15, 4-int(math.Floor(math.Log10(d)))), 64)
	}
	return strconv.FormatFloat(v, 'g', 4, 64)
}

// Apart prints two values with four digits, or as many more as it takes to tell them apart.
func Apart(a, b float64) (string, string) {
	for n := 4; ; n++ {
		x, y := strconv.FormatFloat(a, 'g', n, 64), strconv.FormatFloat(b, 'g', n, 64)
		if x != y || a == b || n == 17 {
			return x, y
		}
	}
}

// line is a figure with its name.
type line struct{ name, value string }

// lines are the figures of the report, as both texts show them.
func (r *Report) lines() []line {
	c, names := r.Counts, r.Names()
	out := []line{
		{names[0], r.Ref.title()},
		{names[1], r.Got.title()},
	}
	if c.Compared == 0 {
		return out
	}
	out = append(out,
		line{"pixels compared", fmt.Sprintf("%d: %d equal, %d within tolerance, %d beyond (left out: %d)", c.Compared, c.Equal, c.Within, c.Beyond, c.Left)},
		line{"tolerance", "relative " + number(r.Options.Tolerance) + ", or absolute " + number(r.Options.Abs)})
	if c.NotFinite > 0 {
		out = append(out, line{"not finite", fmt.Sprintf("%d pixels, left out of all figures: %s %d nan, %d inf; %s %d nan, %d inf", c.NotFinite, names[0], c.NaNRef, c.InfRef, names[1], c.NaNGot, c.InfGot)})
	}
	out = append(out,
		line{"correlation", short(r.Correlation)},
		line{"MSE, RMSE", number(r.MSE) + ", " + number(r.RMSE)},
		line{"sums", number(r.RefSum) + " and " + number(r.GotSum) + ", ratio " + number(r.SumRatio)},
		line{"largest difference", r.MaxAbs.text(r.Smallest, false)},
		line{"largest relative", r.MaxRel.text(r.Smallest, true)})
	if r.First != nil {
		out = append(out, line{"disagreement begins", "scan order: " + r.First.place()})
	}
	if r.Before != nil {
		out = append(out, line{"last that agrees", "before it, with signal: " + r.Before.place()})
	}
	out = append(out, line{"peaks", r.Peaks.text(names)})
	if p := r.Peaks; len(p.Pairs) > 0 && p.MaxDist > 0 {
		out = append(out, line{"peaks' offsets", fmt.Sprintf("mean %s slow, %s fast; distance mean %s, largest %s", short(p.MeanSlow), short(p.MeanFast), short(p.MeanDist), short(p.MaxDist))})
	}
	return out
}

// text says how the peaks of the two images go together.
func (p *Peaks) text(names [2]string) string {
	n := fmt.Sprintf("%d peaks in %s and %d in %s", p.InRef, names[0], p.InGot, names[1])
	if p.InRef == p.InGot {
		n = fmt.Sprintf("%d peaks in each image", p.InRef)
	}
	if p.InRef+p.InGot == 0 {
		return "none in either image"
	}
	pair := "all pair up within a pixel"
	if lost := len(p.LostRef) + len(p.LostGot); lost > 0 {
		pair = fmt.Sprintf("%d pair up within a pixel, %d of %s and %d of %s have no partner", len(p.Pairs), len(p.LostRef), names[0], len(p.LostGot), names[1])
	}
	moved := "none moved"
	if p.Moved > 0 {
		moved = fmt.Sprintf("%d moved", p.Moved)
	}
	return fmt.Sprintf("%s; %s, %s (a peak exceeds %s and %s)", n, pair, moved, short(p.Above), short(p.AboveGot))
}

func (im *Image) title() string {
	title := fmt.Sprintf("%s, %s, %v slow x fast", im.Form, im.Kind, im.Shape)
	if im.Path != "" && im.Path != im.Name {
		title += " (" + im.Path + ")"
	}
	return title
}

func (s *Spot) place() string {
	ref, got := Apart(s.Ref, s.Got)
	return fmt.Sprintf("slow %d fast %d (%s and %s)", s.Slow, s.Fast, ref, got)
}

func (s *Spot) text(rel func() float64, asRelative bool) string {
	if s.Slow < 0 {
		return "none"
	}
	d := math.Abs(s.Delta())
	if asRelative {
		d = rel()
	}
	if d == 0 {
		return "0"
	}
	return short(d) + " at " + s.place()
}

// ulpLines are the bars of the histogram.
func (r *Report) ulpLines() []line {
	var out []line
	for _, b := range r.ULP {
		name := strconv.FormatUint(b.From, 10)
		if b.To > b.From {
			name += " to " + strconv.FormatUint(b.To, 10)
		}
		out = append(out, line{name, strconv.FormatUint(b.Pixels, 10)})
	}
	return out
}

// unit is what the histogram counts.
func (r *Report) unit() string {
	if r.ULPKind == Uint16 {
		return "difference in counts"
	}
	return "distance in units in the last place of a " + string(r.ULPKind)
}

// Picture is a file beside a report, with its caption.
type Picture struct{ File, Caption string }

// Document is the report for people. Pictures are files beside it, in the order in
// which they are shown; more are blocks of others, such as traced pixels.
func (r *Report) Document(pictures []Picture, more ...doc.Block) *doc.Document {
	names := r.Names()
	d := &doc.Document{Marker: Marker, Title: doc.Prose(fmt.Sprintf("%s: %s and %s, %s", r.Verdict, names[0], names[1], r.covered())), Badge: string(r.Verdict)}
	if len(r.Reasons) > 0 {
		d.Lead = []doc.Block{doc.List{Items: doc.Strings(r.Reasons)}}
	}
	if c := r.Counts; c.Compared > 0 {
		d.Lead = append(d.Lead, doc.Tally{Parts: []doc.Count{{N: c.Equal, Name: "equal"}, {N: c.Within, Name: "within tolerance"}, {N: c.Beyond, Name: "beyond"}, {N: c.Compared, Name: "pixels"}}})
	}
	figures := doc.Table{Columns: doc.Names("figure", "value")}
	figures.Columns[1].Wide = true
	for _, l := range r.lines() {
		figures.Rows = append(figures.Rows, doc.Cells(doc.Of(doc.Plain, l.name), doc.Prose(l.value)))
	}
	d.Body = append(section("figures", "Figures", figures), more...)
	if len(r.ULP) > 0 {
		bars := doc.Table{Columns: doc.Names(r.unit(), "pixels")}
		for _, l := range r.ulpLines() {
			bars.Rows = append(bars.Rows, doc.Cells(doc.Of(doc.Plain, l.name), doc.Of(doc.Plain, l.value)))
		}
		d.Body = append(d.Body, section("distances", "How far apart", bars)...)
	}
	for _, p := range pictures {
		d.Body = append(d.Body, doc.Figure{File: p.File, Alt: p.Caption}, doc.Paragraph{Text: doc.Prose(p.Caption), Soft: true})
	}
	if r.Next != "" {
		d.Body = append(d.Body, section("next", "What next", doc.Paragraph{Text: doc.Prose(r.NextWhy)}, doc.Code{Copy: true, Lines: []doc.Line{{Text: r.Next}}})...)
	}
	return d
}

// covered says how much of the images was compared.
func (r *Report) covered() string {
	c := r.Counts
	if all := r.Ref.Pixels(); c.Compared < all && !r.ShapesDiffer {
		return fmt.Sprintf("%d of %d pixels compared", c.Compared, all)
	}
	return fmt.Sprintf("%d pixels compared", c.Compared)
}

// Names are what the two images are called; two of one name are told apart by their place.
func (r *Report) Names() [2]string {
	if r.Ref.Name == r.Got.Name || r.Ref.Name == "" || r.Got.Name == "" {
		return [2]string{"the first image", "the second image"}
	}
	return [2]string{r.Ref.Name, r.Got.Name}
}

func section(id, title string, blocks ...doc.Block) []doc.Block {
	return append([]doc.Block{doc.Heading{Level: 2, ID: id, Text: doc.Of(doc.Plain, title)}}, blocks...)
}
