// Package table writes tables for a terminal or a file: columns one below the other,
// without lines, in the order in which they are given.
package table

import (
	"bytes"
	"io"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"simtrace/internal/visible"
)

// Write writes a table. Characters that do not show are written out; no line ends in
// blanks.
func Write(w io.Writer, head []string, rows [][]string) error {
	padding := tw.CellPadding{Global: tw.Padding{Left: "", Right: "  ", Overwrite: true}}
	left := tw.CellAlignment{Global: tw.AlignLeft}
	var b bytes.Buffer
	tab := tablewriter.NewTable(&b,
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders:  tw.BorderNone,
			Settings: tw.Settings{Lines: tw.Lines{ShowHeaderLine: tw.Off, ShowTop: tw.Off, ShowBottom: tw.Off}, Separators: tw.SeparatorsNone},
		})),
		tablewriter.WithConfig(tablewriter.Config{
			Header: tw.CellConfig{Padding: padding, Alignment: left, Formatting: tw.CellFormatting{AutoFormat: tw.Off, AutoWrap: tw.WrapNone}},
			Row:    tw.CellConfig{Padding: padding, Alignment: left, Formatting: tw.CellFormatting{AutoWrap: tw.WrapNone}},
		}),
	)
	tab.Header(head)
	for _, r := range rows {
		for i := range r {
			r[i] = visible.Text(r[i])
		}
		if err := tab.Append(r); err != nil {
			return err
		}
	}
	if err := tab.Render(); err != nil {
		return err
	}
	for line := range strings.Lines(b.String()) {
		if _, err := io.WriteString(w, strings.TrimRight(line, " \n")+"\n"); err != nil {
			return err
		}
	}
	return nil
}
