// Package table writes tables for a terminal or a file: columns one below the other,
// without lines, in the order in which they are given.
package table

import (
	"io"
	"strings"

	"github.com/clipperhouse/displaywidth"

	"simtrace/internal/visible"
)

// gutter is how many blanks stand between two columns.
const gutter = 2

// Write writes a table. Characters that do not show are written out.
func Write(w io.Writer, head []string, rows [][]string) error {
	cells := [][]string{head}
	for _, r := range rows {
		shown := make([]string, len(r))
		for i, text := range r {
			shown[i] = visible.Text(text)
		}
		cells = append(cells, shown)
	}
	var wide []int
	for _, r := range cells {
		for i, text := range r {
			if i == len(wide) {
				wide = append(wide, 0)
			}
			wide[i] = max(wide[i], displaywidth.String(text))
		}
	}
	var b strings.Builder
	for _, r := range cells {
		blanks := 0
		for i, text := range r {
			if text == "" {
				blanks += wide[i] + gutter
				continue
			}
			b.WriteString(strings.Repeat(" ", blanks) + text)
			blanks = wide[i] - displaywidth.String(text) + gutter
		}
		b.WriteByte('\n')
	}
	_, err := io.WriteString(w, b.String())
	return err
}
