package imagecmp

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"simtrace/internal/visible"
)

// Marker is how every Markdown summary begins.
const Marker = "<!-- tracecmp image -->"

// number prints a figure with all its digits.
func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// line is a figure with its name.
type line struct{ name, value string }

// lines are the figures of the report, as both texts show them.
func (r *Report) lines() []line {
	c, p := r.Counts, r.Peaks
	out := []line{
		{"reference", r.Ref.title()},
		{"other image", r.Got.title()},
	}
	if c.Compared == 0 {
		return out
	}
	out = append(out,
		line{"pixels compared", fmt.Sprintf("%d: %d equal, %d within tolerance, %d beyond (left out: %d)", c.Compared, c.Equal, c.Within, c.Beyond, c.Left)},
		line{"tolerance", "relative " + number(r.Options.Tolerance) + ", or absolute " + number(r.Options.Abs)})
	if c.NotFinite > 0 {
		out = append(out, line{"not finite", fmt.Sprintf("%d pixels, left out of all figures: reference %d nan, %d inf; other image %d nan, %d inf", c.NotFinite, c.NaNRef, c.InfRef, c.NaNGot, c.InfGot)})
	}
	out = append(out,
		line{"correlation", number(r.Correlation)},
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
	out = append(out, line{"peaks", fmt.Sprintf("above %s and %s: %d and %d, %d matched within a pixel, %d of them moved, %d and %d without partner",
		number(p.Above), number(p.AboveGot), p.InRef, p.InGot, len(p.Pairs), p.Moved, len(p.LostRef), len(p.LostGot))})
	if len(p.Pairs) > 0 {
		out = append(out, line{"peaks' offsets", fmt.Sprintf("mean %s slow, %s fast; distance mean %s, largest %s", number(p.MeanSlow), number(p.MeanFast), number(p.MeanDist), number(p.MaxDist))})
	}
	return out
}

func (im *Image) title() string {
	return fmt.Sprintf("%s (%s, %s, %v slow x fast)", im.Name, im.Form, im.Kind, im.Shape)
}

func (s *Spot) place() string {
	return fmt.Sprintf("slow %d fast %d (%s and %s)", s.Slow, s.Fast, number(s.Ref), number(s.Got))
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
	return number(d) + " at " + s.place()
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

// Terminal writes the report for a terminal, without colour.
func (r *Report) Terminal(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", r.Verdict)
	for _, s := range r.Reasons {
		fmt.Fprintf(&b, "  %s\n", s)
	}
	b.WriteByte('\n')
	for _, l := range r.lines() {
		fmt.Fprintf(&b, "%-20s %s\n", l.name, l.value)
	}
	if len(r.ULP) > 0 {
		fmt.Fprintf(&b, "\n%s\n", r.unit())
		for _, l := range r.ulpLines() {
			fmt.Fprintf(&b, "  %24s  %s\n", l.name, l.value)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Markdown writes the report for people. Pictures are the names of files beside
// it with their captions, shown in the order given.
func (r *Report) Markdown(w io.Writer, pictures ...[2]string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n# Images: %s\n\n", Marker, r.Verdict)
	for _, s := range r.Reasons {
		fmt.Fprintf(&b, "- %s\n", Cell(s))
	}
	b.WriteString("\n| | |\n|---|---|\n")
	for _, l := range r.lines() {
		fmt.Fprintf(&b, "| %s | %s |\n", Cell(l.name), Cell(l.value))
	}
	if len(r.ULP) > 0 {
		fmt.Fprintf(&b, "\n| %s | pixels |\n|---:|---:|\n", r.unit())
		for _, l := range r.ulpLines() {
			fmt.Fprintf(&b, "| %s | %s |\n", l.name, l.value)
		}
	}
	for _, p := range pictures {
		fmt.Fprintf(&b, "\n![%s](%s)\n\n%s\n", Cell(p[1]), p[0], Cell(p[1]))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Cell makes text safe in a cell of a Markdown table.
func Cell(s string) string {
	return visible.Text(strings.NewReplacer("|", `\|`, "\n", " ", "\r", " ", "<", "&lt;", ">", "&gt;").Replace(s))
}
