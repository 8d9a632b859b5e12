// Package report renders a parity.Report: as Markdown, as one HTML page that
// needs nothing else, as JSON with a published schema, as JUnit XML, for a
// terminal with and without colour, and the phi scan as a picture. Renderers
// show the model and decide nothing. For the same report they write the same
// bytes.
package report
