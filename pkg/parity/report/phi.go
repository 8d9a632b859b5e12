package report

import (
	"fmt"
	"math"

	"simtrace/internal/digits"
	"simtrace/internal/doc"
	"simtrace/pkg/parity"
)

// shownPhi are the tables to show: of many pixels those in which something differs.
func (b *builder) shownPhi() []parity.PhiTable {
	var out []parity.PhiTable
	for _, t := range b.r.Phi {
		if len(b.r.Phi) <= maxTables || t.Differs() && len(out) < maxTables {
			out = append(out, t)
		}
	}
	return out
}

// phi shows the steps; plots asks for pictures with the tables folded.
func (b *builder) phi(plots bool) []doc.Block {
	if len(b.r.Phi) == 0 {
		return nil
	}
	out := section("phi", "Phi steps")
	if !plots && b.opt.Picture != "" {
		out = append(out, doc.Figure{File: b.opt.Picture, Alt: "k_frac, F_latt_b and F_latt against phi, both sides"})
	}
	shown := b.shownPhi()
	for i, t := range shown {
		if len(b.r.Phi) > 1 {
			out = append(out, doc.Heading{Level: 3, Text: doc.Of(doc.Plain, fmt.Sprintf("Pixel %d %d (slow fast)", t.Pixel.Slow, t.Pixel.Fast))})
		}
		if len(t.Pattern) > 0 {
			out = append(out, doc.List{Items: doc.Strings(t.Pattern)})
		}
		table := b.phiTable(t)
		if plots {
			f := doc.Figure{SVG: phiPlots(t)}
			if i == 0 {
				f.Keys = phiKeys(b.r, b.names)
			}
			table = []doc.Block{f, doc.Fold{Summary: doc.Of(doc.Plain, fmt.Sprintf("The %d steps as a table", len(t.Rows))), Blocks: table}}
		}
		out = append(out, table...)
	}
	if left := len(b.r.Phi) - len(shown); left > 0 {
		out = append(out, soft(fmt.Sprintf("The tables of %d more pixels are in metrics.json.", left)))
	}
	return out
}

func (b *builder) phiTable(t parity.PhiTable) []doc.Block {
	tab := doc.Table{Columns: doc.Names("step", "phi (deg)")}
	for _, q := range []string{"k_frac", "difference", "F_latt_b", "F_latt"} {
		if q == "difference" {
			tab.Columns = append(tab.Columns, doc.Column{Name: doc.Of(doc.Plain, q), Number: true})
			continue
		}
		for _, side := range b.names {
			tab.Columns = append(tab.Columns, doc.Column{Name: doc.Prose(q + " " + side), Number: true})
		}
	}
	block := false
	for _, row := range t.Rows {
		mark := ""
		if row.Ref.Block || row.Got.Block {
			mark, block = " (a)", true
		}
		cells := []doc.Text{doc.Of(doc.Plain, fmt.Sprintf("%d%s", row.Tic, mark)), doc.Of(doc.Plain, degrees(row.Deg))}
		for i, pair := range [3][2]string{{row.Ref.KText, row.Got.KText}, {row.Ref.FBText, row.Got.FBText}, {row.Ref.FText, row.Got.FText}} {
			ref, got := digits.SetOffBoth(pair[0], pair[1])
			cells = append(cells, digitsText(ref), digitsText(got))
			if i == 0 {
				cells = append(cells, doc.Of(doc.Plain, signed(row.Delta)))
			}
		}
		tab.Rows = append(tab.Rows, doc.Cells(cells...))
	}
	out := []doc.Block{tab}
	if t.Samples > 1 {
		out = append(out, soft(fmt.Sprintf("The pixel has %d subpixels; these are the rows of the first. The others are in the table of all rows.", t.Samples)))
	}
	if block {
		out = append(out, soft("(a) One log prints no phi rows; these are its numbers of the pixel block, which is of the first step."))
	}
	return out
}

func degrees(v float64) string {
	if math.IsNaN(v) {
		return "-"
	}
	return fmt.Sprintf("%.6g", v)
}

// patterns say how k_frac differs along phi.
func (b *builder) patterns() []doc.Block {
	var out []doc.Block
	shown := b.shownPhi()
	for i, t := range shown {
		if i == maxPatterns {
			return append(out, soft(fmt.Sprintf("%s more in the report of --out.", doc.Plural(len(shown)-i, "pixel"))))
		}
		title := "Along phi"
		if len(b.r.Phi) > 1 {
			title += fmt.Sprintf(", pixel %d %d", t.Pixel.Slow, t.Pixel.Fast)
		}
		out = append(out, listed("", title, t.Pattern)...)
	}
	return out
}

// growth says how the differences grow along the index that counts time.
func (b *builder) growth() []doc.Block {
	g := b.r.Growth
	if g == nil {
		return nil
	}
	return section("growth", "Along "+g.Index, paragraph(b.upper(g.Text)+"."),
		doc.Figure{ID: "growthplot", SVG: growthPlot(g, growthOnPage, ""), File: b.opt.Growth, Alt: "size of the differences against " + g.Index})
}
