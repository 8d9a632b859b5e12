package report

import (
	"fmt"

	"simtrace/internal/doc"
	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
)

// What an excerpt shows: lines on either side, and how many places there are
// excerpts of.
const (
	aroundLines = 3
	maxExcerpts = 5
)

// excerpts show both logs at the first divergence and, folded, at the other roots and
// at what the findings point to.
func (b *builder) excerpts() []doc.Block {
	first := b.r.FirstRow()
	if first == nil {
		return nil
	}
	rows := []*diff.Row{first}
	for _, g := range b.r.RootGroups() {
		if row := g.First().Row; row != first && len(rows) < maxExcerpts {
			rows = append(rows, row)
		}
	}
	out := section("logs", "The logs at the divergence")
	seen := map[string]bool{}
	for i, row := range rows {
		blocks := append(b.excerpt(b.names[0], row.Ref, seen), b.excerpt(b.names[1], row.Got, seen)...)
		label := doc.Lit(b.r.Label(row))
		if i == 0 {
			out = append(append(out, doc.Heading{Level: 3, Text: label}), blocks...)
			continue
		}
		out = append(out, doc.Fold{Summary: label, Blocks: blocks})
	}
	for _, f := range b.r.Findings {
		if seen[f.Pos.String()] || b.opt.Excerpt == nil {
			continue
		}
		out = append(out, doc.Fold{Summary: doc.Lit(f.Pos.String()), Blocks: b.excerpt("Finding", &trace.Record{Kind: &trace.Kind{File: f.Pos.File, Source: f.Pos.Source}, Line: f.Pos.Line}, seen)})
	}
	return out
}

// excerpt shows the lines about a record. The line itself can be linked to, once.
func (b *builder) excerpt(side string, rec *trace.Record, seen map[string]bool) []doc.Block {
	head := doc.Paragraph{Text: doc.Join(doc.Of(doc.Strong, side), doc.Of(doc.Plain, " "), where(rec))}
	why := "This log has no such record."
	if rec != nil {
		why = "The log is not at hand."
		if b.opt.Excerpt != nil {
			lines, n, err := b.opt.Excerpt(rec.Pos(), aroundLines)
			if err == nil {
				return []doc.Block{head, excerptCode(rec.Pos(), lines, n, seen)}
			}
			why = fmt.Sprintf("The log is not at hand: %v.", err)
		}
	}
	return []doc.Block{head, soft(why)}
}

func excerptCode(at trace.Pos, lines []string, first int, seen map[string]bool) doc.Code {
	var c doc.Code
	for i, l := range lines {
		x := doc.Line{N: first + i, Text: cutText(l, maxExcerpt), Hit: first+i == at.Line}
		if place := fmt.Sprintf("%s:%d", at.File, x.N); !seen[place] {
			seen[place], x.ID = true, doc.LineID(place)
		}
		c.Lines = append(c.Lines, x)
	}
	return c
}
