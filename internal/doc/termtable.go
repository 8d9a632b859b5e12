package doc

import (
	"bytes"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/pkg/twwidth"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// gutter is the room between two columns, and least the width that a column of words
// keeps when it is broken into lines.
const gutter, least = 2, 12

// table writes a table within the width: in one line a row where that fits, else with
// places on a second line, and then what may be late, words broken into lines; where
// nothing helps with names and values in a paragraph.
func (t *terminal) table(tab Table) {
	cells, natural := measure(tab)
	var widths []int
	for step := 0; widths == nil; step++ {
		if step == 3 {
			t.records(tab)
			return
		}
		widths = t.fitted(tab.Columns, natural, step)
	}
	var shown, second []int
	for i := range tab.Columns {
		if widths[i] >= 0 {
			shown = append(shown, i)
		} else {
			second = append(second, i)
		}
	}
	rows := [][]string{} // the head first
	height := []int{}
	for r, row := range cells {
		line, lines := []string{}, 1
		for _, i := range shown {
			wrapped := t.cell(row[i], widths[i], r == 0)
			lines = max(lines, strings.Count(wrapped, "\n")+1)
			line = append(line, wrapped)
		}
		rows, height = append(rows, line), append(height, lines)
	}
	text := strings.Split(strings.TrimRight(columns(rows), "\n"), "\n")
	pad, at := strings.Repeat(" ", t.indent), 0
	for r := range rows {
		for range height[r] {
			if at < len(text) {
				t.line(pad + text[at])
			}
			at++
		}
		if late := joined(cells[r], second); r > 0 && late != nil {
			t.text(t.indent+4, t.indent+4, late)
		}
	}
}

// fitted returns the widths of the columns, -1 for one on a second line: of places in
// step 1, of what may be late as well in step 2. Nil does not fit.
func (t *terminal) fitted(columns []Column, natural []int, step int) []int {
	widths := slices.Clone(natural)
	for i, c := range columns {
		if step >= 1 && c.Place || step >= 2 && c.Late {
			widths[i] = -1
		}
	}
	room := t.Width - t.indent
	for t.Width > 0 && total(widths) > room {
		widest := -1
		for i, w := range widths {
			if columns[i].Wide && step > 0 && w > least && (widest < 0 || w > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			return nil
		}
		widths[widest]--
	}
	return widths
}

// measure returns the texts of all cells, those of the head first, and how wide each
// column is.
func measure(tab Table) (cells [][]Text, widths []int) {
	head := make([]Text, len(tab.Columns))
	for i, c := range tab.Columns {
		head[i] = c.Name
	}
	cells = append(cells, head)
	for _, r := range tab.Rows {
		cells = append(cells, r.Cells)
	}
	widths = make([]int, len(head))
	for _, row := range cells {
		for i, c := range row {
			widths[i] = max(widths[i], twwidth.Width(OneLine(c.String())))
		}
	}
	return cells, widths
}

func total(widths []int) int {
	n := -gutter
	for _, w := range widths {
		if w >= 0 {
			n += w + gutter
		}
	}
	return n
}

// cell writes a cell, broken into lines of its column's width.
func (t *terminal) cell(c Text, width int, head bool) string {
	lines := []Text{c}
	if t.Width > 0 && width > 0 {
		lines = t.wrap(c, width, width)
	}
	out := make([]string, len(lines))
	for i, l := range lines {
		if head {
			l = Of(Strong, l.String())
		}
		out[i] = t.styled(l)
	}
	return strings.Join(out, "\n")
}

// joined are the cells of a second line.
func joined(row []Text, columns []int) Text {
	var out Text
	for _, i := range columns {
		if s := row[i].String(); s == "" || s == "-" {
			continue
		}
		if out != nil {
			out = append(out, Span{Text: ", "})
		}
		out = append(out, row[i]...)
	}
	return out
}

// records writes each row as a paragraph: its first cell, then names and values.
func (t *terminal) records(tab Table) {
	for _, r := range tab.Rows {
		var rest Text
		for i, c := range r.Cells[1:] {
			if s := c.String(); s == "" || s == "-" || s == "0" {
				continue
			}
			if rest != nil {
				rest = append(rest, Span{Text: ", "})
			}
			rest = append(append(append(rest, tab.Columns[i+1].Name...), Span{Text: " "}), c...)
		}
		t.text(t.indent, t.indent+2, r.Cells[0])
		t.text(t.indent+4, t.indent+4, rest)
	}
}

// columns sets cells, which may have several lines, into columns.
func columns(rows [][]string) string {
	var out bytes.Buffer
	none := tw.CellPadding{Global: tw.Padding{Left: "", Right: strings.Repeat(" ", gutter), Overwrite: true}}
	left := tw.CellAlignment{Global: tw.AlignLeft}
	tab := tablewriter.NewTable(&out,
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders:  tw.BorderNone,
			Settings: tw.Settings{Lines: tw.Lines{ShowHeaderLine: tw.Off, ShowTop: tw.Off, ShowBottom: tw.Off}, Separators: tw.SeparatorsNone},
		})),
		tablewriter.WithConfig(tablewriter.Config{
			Row: tw.CellConfig{Padding: none, Alignment: left, Formatting: tw.CellFormatting{AutoWrap: tw.WrapNone}},
		}),
	)
	for _, r := range rows {
		_ = tab.Append(r) // into memory
	}
	_ = tab.Render()
	return out.String()
}
