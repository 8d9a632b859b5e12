package bisect

import (
	"encoding/json"
	"io"
	"math"
	"reflect"
	"strconv"
	"strings"

	"simtrace/internal/doc"
)

// Marker is how every Markdown report of this package begins.
const Marker = "<!-- tracecmp bisect -->"

// document begins a report: the answer, and what sums it up, in whole sentences. One that begins
// with the name of a quantity has that as it is printed.
func document(headline string, summary []doc.Text) *doc.Document {
	return &doc.Document{Marker: Marker, Title: doc.Prose(headline), Lead: []doc.Block{doc.List{Items: summary}}}
}

// sentences are the texts of clauses that begin with no name.
func sentences(list []string) []doc.Text {
	var out []doc.Text
	for _, s := range list {
		out = append(out, doc.Prose(doc.Upper(s)))
	}
	return out
}

// section is a heading with what stands below.
func section(title string, blocks ...doc.Block) []doc.Block {
	id := strings.ReplaceAll(strings.ToLower(title), " ", "-")
	return append([]doc.Block{doc.Heading{Level: 2, ID: id, Text: doc.Of(doc.Plain, title)}}, blocks...)
}

// next names the one command that gets further.
func next(why, command string) []doc.Block {
	return section("What next", doc.Paragraph{Text: doc.Of(doc.Plain, why)}, doc.Code{Copy: true, Lines: []doc.Line{{Text: command}}})
}

// number prints a difference with three digits.
func number(v float64) string {
	switch {
	case math.IsNaN(v):
		return "-"
	case v == 0:
		return "0"
	}
	return strconv.FormatFloat(v, 'g', 3, 64)
}

// real is a number in JSON, null where it is none.
type real float64

// MarshalJSON writes null for NaN and the infinities.
func (r real) MarshalJSON() ([]byte, error) {
	if v := float64(r); math.IsNaN(v) || math.IsInf(v, 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(r))
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// Reports are the types of the JSON reports, by the search.
func Reports() map[string]reflect.Type {
	return map[string]reflect.Type{"phi": reflect.TypeFor[phiJSON](), "commits": reflect.TypeFor[commitsJSON](), "settings": reflect.TypeFor[settingsJSON]()}
}
