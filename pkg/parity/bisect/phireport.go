package bisect

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"simtrace/internal/digits"
	"simtrace/internal/doc"
	"simtrace/internal/shell"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// PhiSchema names the form of the JSON report of Phi.
const PhiSchema = "simtrace/bisect-phi/1"

func (r *PhiReport) headline() string {
	switch f := r.First; {
	case r.Compared == 0:
		return "Nothing in the two logs can be compared"
	case r.Refused():
		return "What agrees is of a log that is cut off: nothing can be said"
	case f != nil:
		return fmt.Sprintf("%s leaves tolerance first, at %s", f.Key, r.loops.place(f.At))
	case len(r.Before) > 0:
		return "No step of a loop leaves tolerance; outside of the loops " + strings.Join(r.Before, ", ") + " do"
	}
	if r.Lost > 0 {
		return "Nothing leaves tolerance, but " + doc.Plural(r.Lost, "record") + " of one log lack a partner in the other"
	}
	return "Nothing leaves tolerance"
}

func (r *PhiReport) summary() []string {
	out := []string{
		fmt.Sprintf("Reference: %s; held against it: %s; tolerance %g", r.Ref, r.Got, r.Tolerance),
		fmt.Sprintf("%d pairs compared, %d beyond tolerance, %d records without a partner", r.Compared, r.Diverged, r.Alone),
	}
	if f := r.First; f != nil {
		key := f.Key
		if f.Component != "" {
			key += " " + f.Component
		}
		ref, got := digits.Cut(f.Ref, f.Got)
		out = append(out, fmt.Sprintf("%s is %s (%s) against %s (%s): %s relative", key, got, f.GotPos, ref, f.RefPos, number(f.Rel)))
	}
	if len(r.Before) > 0 {
		out = append(out, "Beyond tolerance outside of the loops as well: "+strings.Join(r.Before, ", "))
	}
	if r.Lost > 0 {
		out = append(out, fmt.Sprintf("%s lost: %s", doc.Plural(r.Lost, "record"), r.LostFirst))
	}
	return append(out, r.Notes...)
}

// series tables the quantities that differ; a quantity has a row an axis.
func (r *PhiReport) series() doc.Table {
	t := doc.Table{Columns: doc.Names("quantity", "beyond", "largest difference", "first at", "along", "what becomes of it"), Sort: true}
	t.Columns[3].Place, t.Columns[5].Wide = true, true
	for _, s := range r.Series {
		if s.Out == 0 {
			continue
		}
		name := doc.Lit(s.Name)
		if s.Stream == trace.PhiStream {
			name = doc.Join(name, doc.Of(doc.Plain, " (phi row)"))
		}
		head := []doc.Text{name, doc.Of(doc.Plain, fmt.Sprintf("%d of %d", s.Out, s.Compared)), doc.Of(doc.Plain, number(s.Worst)), doc.Of(doc.Plain, r.loops.place(s.First.At))}
		axes := s.Axes
		if len(axes) == 0 {
			axes = []AxisPattern{{}}
		}
		for _, a := range axes {
			t.Rows = append(t.Rows, doc.Cells(append(head, doc.Of(doc.Plain, string(a.Axis)), doc.Prose(a.Text))...))
			head = make([]doc.Text, 4, 6)
		}
	}
	return t
}

// agree counts the quantities within tolerance everywhere.
func (r *PhiReport) agree() string {
	n := 0
	for _, s := range r.Series {
		if s.Out == 0 {
			n++
		}
	}
	if n == 1 {
		return "1 quantity agrees everywhere."
	}
	return fmt.Sprintf("%d quantities agree everywhere.", n)
}

// Document is the report for people.
func (r *PhiReport) Document(bool) *doc.Document {
	d := document(r.headline(), doc.Strings(r.summary()))
	if t := r.series(); len(t.Rows) > 0 {
		d.Body = section("What differs", t)
	}
	d.Body = append(d.Body, doc.Paragraph{Text: doc.Prose(r.agree())})
	if f := r.First; f != nil {
		again := cmp.Or(r.again, "tracecmp --ref "+shell.Quote(r.Ref)+" --got "+shell.Quote(r.Got))
		d.Body = append(d.Body, next("Why it differs, with the evidence:", again)...)
	}
	return d
}

type phiFirstJSON struct {
	Key       string `json:"key"`
	Place     string `json:"place"`
	Component string `json:"component,omitempty"`
	Slow      int    `json:"slow"`
	Fast      int    `json:"fast"`
	Layer     int    `json:"layer"`
	Sub       int    `json:"subpixel"`
	Source    int    `json:"source"`
	Phi       int    `json:"phi"`
	Domain    int    `json:"domain"`
	Ref       string `json:"ref_value"`
	Got       string `json:"got_value"`
	RefAt     string `json:"ref_at"`
	GotAt     string `json:"got_at"`
	Abs       real   `json:"abs"`
	Rel       real   `json:"rel"`
}

func (f *PhiFirst) json(l *loops) *phiFirstJSON {
	if f == nil {
		return nil
	}
	w := l.nanoBragg(f.At)
	return &phiFirstJSON{f.Key, l.place(f.At), f.Component, int(w[schema.Slow]), int(w[schema.Fast]), int(w[schema.Layer]), int(w[schema.Sub]), int(w[schema.Source]), int(w[schema.Phi]), int(w[schema.Domain]), f.Ref, f.Got, f.RefPos.String(), f.GotPos.String(), real(f.Abs), real(f.Rel)}
}

type axisJSON struct {
	Axis     Axis   `json:"axis"`
	Steps    int    `json:"steps"`
	Out      int    `json:"beyond"`
	First    int    `json:"first"`
	Back     int    `json:"agrees_again_from"`
	Shape    Shape  `json:"shape"`
	Outliers []int  `json:"outliers"`
	Text     string `json:"text"`
}

type seriesJSON struct {
	Name     string        `json:"name"`
	Stream   string        `json:"stream"`
	Compared int           `json:"compared"`
	Out      int           `json:"beyond"`
	Worst    real          `json:"worst_rel"`
	First    *phiFirstJSON `json:"first"`
	Axes     []axisJSON    `json:"axes"`
}

// phiJSON is what JSON writes.
type phiJSON struct {
	Schema    string        `json:"schema"`
	Ref       string        `json:"reference"`
	Got       string        `json:"got"`
	Tolerance float64       `json:"tolerance_rel"`
	Refused   bool          `json:"refused"`
	Compared  int           `json:"compared"`
	Diverged  int           `json:"beyond"`
	Alone     int           `json:"without_partner"`
	Lost      int           `json:"lost"`
	First     *phiFirstJSON `json:"first"`
	Outside   []string      `json:"outside_of_loops"`
	Notes     []string      `json:"notes"`
	Series    []seriesJSON  `json:"series"`
}

// JSON writes the report for programs. A step of -1 is none.
func (r *PhiReport) JSON(w io.Writer) error {
	out := phiJSON{PhiSchema, r.Ref, r.Got, r.Tolerance, r.Refused(), r.Compared, r.Diverged, r.Alone, r.Lost, r.First.json(r.loops), append([]string{}, r.Before...), append([]string{}, r.Notes...), []seriesJSON{}}
	for _, s := range r.Series {
		j := seriesJSON{s.Name, s.Stream.String(), s.Compared, s.Out, real(s.Worst), s.First.json(r.loops), []axisJSON{}}
		for _, a := range s.Axes {
			j.Axes = append(j.Axes, axisJSON{a.Axis, a.Steps, a.Out, a.First, a.Back, a.Shape, append([]int{}, a.Outliers...), a.Text})
		}
		out.Series = append(out.Series, j)
	}
	return writeJSON(w, out)
}
