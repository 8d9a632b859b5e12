// Package emit writes the small files with which a program prints its numbers as
// tracecmp reads them: one a language, in the public domain.
package emit

import (
	_ "embed"
	"fmt"
	"io"
	"slices"
	"strings"

	"simtrace/internal/suggest"
	"simtrace/pkg/trace/schema"
)

// Macro is what switches printing on: a macro of the compiler, or a variable of
// the environment.
const Macro = "TRACE_OUT"

//go:embed files/trace.h.txt
var c string

//go:embed files/trace.hpp.txt
var cpp string

//go:embed files/trace.cuh.txt
var cuda string

//go:embed files/trace.F90.txt
var fortran string

//go:embed files/trace.py.txt
var python string

//go:embed files/trace.go.txt
var golang string

// language is how one prints.
type language struct {
	name, file, text string
	comment          string
	call             func(function, name, variable string) string
}

var languages = []language{
	{"c", "trace_out.h", c, " *   ", plainCall("trace_%s(%q, %s);")},
	{"cpp", "trace_out.hpp", cpp, "//   ", namespaced("trace::%s(%q, %s);")},
	{"cuda", "trace_out.cuh", cuda, "//   ", plainCall("trace_%s(%q, %s);")},
	{"fortran", "trace_out.F90", fortran, "!   ", plainCall("call trace_%s(%q, %s)")},
	{"python", "trace_out.py", python, "#   ", namespaced("trace.%s(%q, %s)")},
	{"go", "traceout.go", golang, "//	", exported},
}

// Languages lists those that Write knows.
func Languages() []string {
	var out []string
	for i := range languages {
		out = append(out, languages[i].name)
	}
	return out
}

// Write writes the file of a language. The lines that it prints begin with the
// schema's prefix, and its calls are listed at the top; s may be nil.
func Write(w io.Writer, lang string, s *schema.Schema) error {
	i := slices.IndexFunc(languages, func(l language) bool { return l.name == lang })
	if i < 0 {
		return fmt.Errorf("language %q is none of %s%s", lang, strings.Join(Languages(), ", "), suggest.Nearest(lang, Languages()))
	}
	l := &languages[i]
	prefix := ""
	if s != nil && len(s.Prefixes) > 0 {
		prefix = strings.TrimRight(s.Prefixes[0], " ") + " "
	}
	if strings.ContainsAny(prefix, "\"\\%\n") {
		return fmt.Errorf("the prefix %q has characters that strings of programs write otherwise; choose another", prefix)
	}
	_, err := strings.NewReplacer(
		"@NAME@", l.file, "@MACRO@", Macro, "@GUARD@", strings.ToUpper(strings.ReplaceAll(l.file, ".", "_")),
		"@PREFIX@", prefix, "@MODULE@", strings.TrimSuffix(l.file, ".py"), "@CALLS@", l.calls(s),
	).WriteString(w, l.text)
	return err
}

// calls lists what a program calls for each quantity of the schema.
func (l *language) calls(s *schema.Schema) string {
	if s == nil {
		return ""
	}
	var b strings.Builder
	blank := strings.TrimRight(l.comment, " \t")
	fmt.Fprintf(&b, "%s\n%s The quantities of %s:\n%s\n", blank, blank, s.Name, blank)
	for _, k := range s.Index {
		fmt.Fprintf(&b, "%s%s\n", l.comment, l.call("index", k.Name, variable(k.Name)))
	}
	for i := range s.All() {
		q := &s.All()[i]
		if q.Kind == schema.Text {
			continue
		}
		unit := ""
		if q.Unit != "" {
			unit = "  [" + q.Unit + "]"
		}
		fmt.Fprintf(&b, "%s%s%s\n", l.comment, l.call(function(q), q.Name, variable(q.Name)), unit)
	}
	return b.String()
}

func function(q *schema.Quantity) string {
	switch q.Kind {
	case schema.Int:
		return "int"
	case schema.Vec3, schema.List, schema.Int3:
		return "vector"
	case schema.Mat3:
		return "matrix"
	}
	return "scalar"
}

// variable makes an identifier of a name.
func variable(name string) string {
	out := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, name)
	return strings.Trim(out, "_")
}

func plainCall(format string) func(function, name, variable string) string {
	return func(function, name, variable string) string {
		switch {
		case strings.HasPrefix(format, "call"):
		case function == "vector":
			variable += ", 3"
		case function == "matrix":
			variable += ", 3, 3"
		}
		return fmt.Sprintf(format, function, name, variable)
	}
}

func namespaced(format string) func(function, name, variable string) string {
	return func(function, name, variable string) string {
		if function == "int" {
			function = "integer"
		}
		return fmt.Sprintf(format, function, name, variable)
	}
}

func exported(function, name, variable string) string {
	switch function {
	case "vector":
		variable += "[:]..."
	case "matrix":
		variable = fmt.Sprintf("%[1]s[0][:], %[1]s[1][:], %[1]s[2][:]", variable)
	}
	return fmt.Sprintf("traceout.%s(%q, %s)", strings.ToUpper(function[:1])+function[1:], name, variable)
}
