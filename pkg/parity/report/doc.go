// Package report renders a parity.Report: as Markdown, as JSON, for a terminal,
// and the phi scan as a picture. Renderers show the model and decide nothing.
// For the same report they write the same bytes.
package report
