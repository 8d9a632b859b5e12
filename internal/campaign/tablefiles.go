package campaign

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"simtrace/internal/doc"
	"simtrace/internal/outfile"
)

// write writes the tables, all or none.
func (m *matrix) write(ctx context.Context, rows []MatrixRow) error {
	p := m.tablePaths()
	var text bytes.Buffer
	err := doc.Markdown(&text, matrixDocument(rows, inMarkdown, ""))
	files := []outfile.File{{Path: p[0], Data: text.Bytes()}, {Path: p[1], Write: func(w io.Writer) error { return matrixJSON(w, rows) }}}
	for _, page := range p[2:] {
		to, rerr := between(filepath.Dir(page), m.Out)
		var html bytes.Buffer
		err = errors.Join(err, rerr, doc.HTML(&html, matrixDocument(rows, onPage, to)))
		files = append(files, outfile.File{Path: page, Data: html.Bytes()})
	}
	if err != nil {
		return err
	}
	return outfile.Place(ctx, files)
}

// between is the way from a folder to another, with slashes; "" where they are the same.
func between(from, to string) (string, error) {
	a, err := filepath.Abs(from)
	if err != nil {
		return "", err
	}
	b, err := filepath.Abs(to)
	if err != nil || a == b {
		return "", err
	}
	rel, err := filepath.Rel(a, b)
	return filepath.ToSlash(rel), err
}

// matrixJSON writes all rows, one after the other: of a million they are a gigabyte.
func matrixJSON(w io.Writer, rows []MatrixRow) error {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetIndent("    ", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(tally(rows)); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "{\n  \"schema\": %q,\n  \"tally\": %s,\n  \"rows\": [\n", matrixSchema, bytes.TrimSpace(text.Bytes()))
	for i := range rows {
		text.Reset()
		end := ",\n"
		if i == len(rows)-1 {
			end = "\n"
		}
		if err == nil {
			err = e.Encode(&rows[i])
		}
		if err == nil {
			_, err = fmt.Fprintf(w, "    %s%s", bytes.TrimSpace(text.Bytes()), end)
		}
	}
	if err == nil {
		_, err = io.WriteString(w, "  ]\n}\n")
	}
	return err
}
