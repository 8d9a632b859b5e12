package trace

import (
	"context"
	"strings"

	"simtrace/pkg/trace/schema"
)

// Survey is what a schema finds in a log.
type Survey struct {
	Log        string
	Lines      int
	Quantities []Found // in the order in which they come first
	Problems   []Problem
	Unread     int // lines that could not be read
	Varied     map[string]int
	// Steps are, by index key, how many values come and the first and the last.
	Steps []Steps
}

// Found is a quantity that a log prints.
type Found struct {
	Name  string
	Info  *schema.Quantity // nil for one that the schema does not list
	Count int
	Unit  string
	Pos   Pos    // where it comes first
	Value string // what stands there
}

// Steps are the values of an index key.
type Steps struct {
	Key         string
	Count       int // changes of the value, and so at least as many as there are values
	First, Last string
}

// NewSurvey reads the log by the schema.
func NewSurvey(ctx context.Context, src *Source, sch *schema.Schema) (*Survey, error) {
	out := &Survey{Log: src.Name, Varied: map[string]int{}, Steps: make([]Steps, len(sch.Index))}
	at := map[*Symbol]int{}
	last := schema.Nowhere
	for i, k := range sch.Index {
		out.Steps[i].Key = k.Name
	}
	names := NewNames(sch)
	x, err := src.EachBlock(ctx, names, false, func(b *Block) {
		for i := range b.Records {
			rec := &b.Records[i]
			n, ok := at[rec.Symbol]
			if !ok {
				n = len(out.Quantities)
				at[rec.Symbol] = n
				out.Quantities = append(out.Quantities, Found{Name: rec.Symbol.Name, Info: rec.Symbol.Info, Unit: strings.Clone(rec.Text), Pos: rec.Pos(), Value: shownValue(rec)})
			}
			out.Quantities[n].Count++
			out.step(names, rec, &last)
		}
		for name, n := range b.Varied {
			out.Varied[name] += n
		}
		if room := 100 - len(out.Problems); room > 0 {
			out.Problems = append(out.Problems, b.Problems[:min(room, len(b.Problems))]...)
		}
		out.Unread += b.Count(Unparsed)
	})
	if x != nil {
		out.Lines = int(x.Lines)
	}
	return out, err
}

// step takes note of where a record stands.
func (s *Survey) step(names *Names, rec *Record, last *schema.Coord) {
	for i := range s.Steps {
		if c := rec.At[i]; c >= 0 && c != last[i] {
			text, ok := names.CoordText(c)
			if !ok {
				text = itoa(int(c))
			}
			if s.Steps[i].Count++; s.Steps[i].Count == 1 {
				s.Steps[i].First = text
			}
			s.Steps[i].Last = text
			last[i] = c
		}
	}
}

// shownValue is what a record prints, shortened.
func shownValue(rec *Record) string {
	if len(rec.Values) == 0 {
		return strings.Clone(shortened(rec.Text))
	}
	var b strings.Builder
	for i := range rec.Values {
		if i == 4 {
			b.WriteString(" …")
			break
		}
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(rec.Values[i].Text)
	}
	return b.String()
}
