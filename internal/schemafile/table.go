package schemafile

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"simtrace/internal/table"
	"simtrace/internal/visible"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// Check writes what a schema finds in a log, and returns how many things are
// wrong: quantities that are declared and never read, and lines that cannot be
// read.
func Check(w io.Writer, s *schema.Schema, log *trace.Survey) (wrong int, err error) {
	fmt.Fprintf(w, "%s: %d lines", visible.Text(log.Log), log.Lines)
	for _, k := range log.Steps {
		if k.Count == 0 {
			fmt.Fprintf(w, ", no %s", visible.Text(k.Key))
			wrong++
			continue
		}
		fmt.Fprintf(w, ", %s %s to %s", visible.Text(k.Key), visible.Text(k.First), visible.Text(k.Last))
	}
	fmt.Fprint(w, "\n\n")
	var rows [][]string
	read := map[string]bool{}
	for i := range log.Quantities {
		q := &log.Quantities[i]
		shape := "not in the schema"
		if q.Info != nil {
			read[q.Info.Name] = true
			shape = schema.ShapeWords(q.Info)
		}
		rows = append(rows, []string{q.Name, q.Unit, shape, fmt.Sprint(q.Count), q.Pos.String(), q.Value})
	}
	if err := table.Write(w, []string{"quantity", "unit", "shape", "count", "first at", "value"}, rows); err != nil {
		return wrong, err
	}
	for i := range s.All() {
		if q := &s.All()[i]; !read[q.Name] {
			wrong++
			fmt.Fprintf(w, "\n%s is declared and never read%s", visible.Text(q.Name), nearest(q.Name, log))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(log.Varied)) {
		fmt.Fprintf(w, "\n%s varies by run: %d numbers are not compared", visible.Text(name), log.Varied[name])
	}
	for _, p := range log.Problems {
		if p.Kind == trace.Unparsed {
			fmt.Fprintf(w, "\n%s: %s", p.Pos, visible.Text(p.Why))
		}
	}
	wrong += log.Unread
	_, err = fmt.Fprintln(w)
	return wrong, err
}

// nearest names what the log prints that may have been meant.
func nearest(name string, log *trace.Survey) string {
	for i := range log.Quantities {
		n := log.Quantities[i].Name
		if strings.EqualFold(n, name) || strings.HasSuffix(n, "/"+name) {
			return fmt.Sprintf("; the log prints %s", visible.Text(n))
		}
	}
	return ""
}

// Keys writes the quantities of nanoBragg that a dialect prints: name, unit, shape
// and how each is computed. dialect is "c", "py", or "" for all.
func Keys(w io.Writer, dialect string) error {
	want := map[string]schema.Programs{"c": schema.ProgramC, "py": schema.ProgramPy}[dialect]
	var rows [][]string
	for i := range schema.NanoBragg().All() {
		q := &schema.NanoBragg().All()[i]
		if want != 0 && q.PrintedBy != 0 && q.PrintedBy&want == 0 {
			continue
		}
		rows = append(rows, []string{q.Name, q.Unit, shapeName(q), q.Stage.String(), meaning(q)})
	}
	return table.Write(w, []string{"quantity", "unit", "shape", "stage", "meaning"}, rows)
}

func shapeName(q *schema.Quantity) string {
	return [...]string{"scalar", "int", "vector", "3 ints", "matrix", "named numbers", "text", "list"}[q.Kind]
}

// meaning is how a quantity is computed; what is not computed is chosen.
func meaning(q *schema.Quantity) string {
	switch {
	case q.How != "":
		return q.How
	case q.Config:
		return "a setting"
	}
	return "printed as it is used"
}

// Quantities are the names that nanoBragg's logs print.
func Quantities() []string {
	var names []string
	for _, q := range schema.NanoBragg().All() {
		if !strings.ContainsAny(q.Name, " '") && !slices.Contains(names, q.Name) {
			names = append(names, q.Name)
		}
	}
	return names
}
