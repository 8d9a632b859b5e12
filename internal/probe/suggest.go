package probe

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"simtrace/pkg/trace/schema"
)

// Names of variables in nanoBragg.c, and what the schema calls them.
var nanoBraggNames = map[string]string{
	"airpath": "R_distance_meters", "pixel_pos": "pixel_pos_meters", "pix0_vector": "pix0_vector_meters", "fdet_vector": "fdet_vec", "sdet_vector": "sdet_vec",
	"diffracted": "diffracted_vec", "incident": "incident_vec", "scattering": "scattering_vec_A_inv", "lambda": "lambda_meters", "close_distance": "close_distance_meters",
	"a_star": "rot_a_star_A_inv", "b_star": "rot_b_star_A_inv", "c_star": "rot_c_star_A_inv", "I": "I_before_scaling", "omega_pixel": "omega_pixel_sr",
}

// Loop counters of nanoBragg.c, by the key of the index.
var nanoBraggIndex = [][2]string{{"slow", "spixel"}, {"fast", "fpixel"}, {"layer", "thick_tic"}, {"source", "source"}, {"domain", "mos_tic"}, {"phi", "phi_tic"}}

// assigned is a variable that a source assigns to.
type assigned struct {
	name      string // with what it is a member of
	quantity  string
	lines     []int
	low, high int // constant subscripts, 0 and -1 for none
}

// assignment is "of.NAME[3] +=", its parts "of.", NAME and 3, and what follows it.
var assignment = pattern(`(?:^|[^\w.>%$])((?:[A-Za-z_]\w*(?:[\[(][^\])]*[\])])?(?:\.|->|%))*)([A-Za-z_]\w*)\s*(?:[\[(]\s*(\d*)[^\])]*[\])])?\s*(?:[-+*/%|&^]|<<|>>|\*\*|//)?=\s*([^=\s]|$)`)

// source is a text by lines: as it stands, and without comments and strings.
type source struct{ raw, code []string }

// Suggest proposes a probes file for a source: a tap behind the last assignment to each
// name of the schema, to its aliases, and to what names list. schemaName is what the
// file will say of s; "" for none.
func Suggest(w io.Writer, path string, s *schema.Schema, schemaName string, names []string) error {
	text, err := readSource(path)
	if err != nil {
		return err
	}
	src := newSource(text, filepath.Ext(path))
	found := assignments(src.code, wantedNames(s, names))
	if len(found) == 0 {
		return fmt.Errorf("%s assigns to no name of the schema: list the variables that you want with --name", path)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# Proposed from %s; edit it. A tap shows what is there before its line runs.\n", filepath.Base(path))
	if filepath.Ext(path) == ".py" {
		fmt.Fprintf(&b, "program: {python: %s}\n", quoted(path))
	} else {
		stem := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
		fmt.Fprintf(&b, "program: {run: %s, source: %s}  # compiled with -Og -g, or -O0 -g\n", quoted("./"+stem), quoted(path))
	}
	if schemaName != "" {
		fmt.Fprintf(&b, "schema: %s\n", quoted(schemaName))
	}
	b.WriteString("# Only what is wanted should stop the program:\n# arm: {at: \"/PATTERN/\", when: CONDITION, once: true}\n# disarm: {at: \"/PATTERN/\"}\n")
	if index := indexFor(src.code, s); index != "" {
		fmt.Fprintf(&b, "index: {%s}\n", index)
	}
	b.WriteString("taps:\n")
	taps := 0
	for _, a := range found {
		at := src.behind(a.lines[len(a.lines)-1])
		if at == 0 {
			continue
		}
		taps++
		fmt.Fprintf(&b, "  - {at: %s, quantity: %s, value: %s}  # %s\n", quoted(src.place(at, path)), quoted(a.quantity), quoted(a.value(filepath.Ext(path))), a.comment())
	}
	if taps == 0 {
		return errors.New(path + " has no line behind its assignments")
	}
	_, err = io.WriteString(w, b.String())
	return err
}

// wantedNames are quantities by the names of variables.
func wantedNames(s *schema.Schema, names []string) map[string]string {
	out := map[string]string{}
	if s != nil {
		for i := range s.All() {
			q := &s.All()[i]
			for _, n := range append([]string{q.Name}, q.Aliases...) {
				out[n] = q.Name
			}
		}
	}
	if s == schema.NanoBragg() {
		for name, quantity := range nanoBraggNames {
			out[name] = quantity
		}
	}
	for _, n := range names {
		variable, quantity, ok := strings.Cut(n, "=")
		if !ok {
			quantity = variable
		}
		out[variable] = quantity
	}
	return out
}

// assignments finds what is assigned to, in the order of the first.
func assignments(code []string, wanted map[string]string) []*assigned {
	var out []*assigned
	for i, line := range code {
		for _, m := range assignment().FindAllStringSubmatch(line, -1) {
			quantity, ok := wanted[m[2]]
			if !ok {
				continue
			}
			name := m[1] + m[2]
			at := slices.IndexFunc(out, func(a *assigned) bool { return a.name == name })
			if at < 0 {
				at = len(out)
				out = append(out, &assigned{name: name, quantity: quantity, high: -1})
			}
			a := out[at]
			if len(a.lines) == 0 || a.lines[len(a.lines)-1] != i+1 {
				a.lines = append(a.lines, i+1)
			}
			if n, err := strconv.Atoi(m[3]); err == nil && m[4] != "{" { // a brace is a declaration's
				if a.high < 0 {
					a.low, a.high = n, n
				}
				a.low, a.high = min(a.low, n), max(a.high, n)
			}
		}
	}
	return out
}

// value is the expression for the variable: of an array in C, its elements.
func (a *assigned) value(ext string) string {
	switch ext {
	case ".py", ".f", ".f90", ".f95", ".f03", ".f08", ".F90":
		return a.name
	}
	if a.high > a.low {
		low := a.low
		if low == 0 && a.high == 3 { // a vector whose element 0 is its length
			low = 1
		}
		return fmt.Sprintf("%s[%d]@%d", a.name, low, a.high-low+1)
	}
	return a.name
}

func (a *assigned) comment() string {
	text := fmt.Sprintf("assigned in line %d", a.lines[len(a.lines)-1])
	if n := len(a.lines) - 1; n > 0 {
		text += fmt.Sprintf("; %d more, the first in %d", n, a.lines[0])
	}
	return text
}

// indexFor names the loop counters that place a row.
func indexFor(code []string, s *schema.Schema) string {
	if s == nil {
		return ""
	}
	all := strings.Join(code, "\n")
	var out []string
	pairs := nanoBraggIndex
	if s != schema.NanoBragg() {
		pairs = nil
		for _, k := range s.Index {
			pairs = append(pairs, [2]string{k.Name, k.Name})
		}
	}
	for _, p := range pairs {
		if regexp.MustCompile(`\b(for|do)\b[^\n]*\b` + regexp.QuoteMeta(p[1]) + `\b`).MatchString(all) {
			out = append(out, p[0]+": "+p[1])
		}
	}
	return strings.Join(out, ", ")
}

var nothing = pattern(`^[\s{};)]*$|^\s*(?:end\b.*|\}?\s*else\b.*)$`)

// behind is the next line with something to run, 0 for none.
func (s *source) behind(line int) int {
	for i := line; i < len(s.code); i++ {
		if !nothing().MatchString(s.code[i]) {
			return i + 1
		}
	}
	return 0
}

// place is a place as a probes file writes it: a pattern where the line is the only one
// of its kind, and short.
func (s *source) place(at int, path string) string {
	line := strings.TrimSpace(s.raw[at-1])
	n := 0
	for _, other := range s.raw {
		if strings.Contains(other, line) {
			n++
		}
	}
	if n > 1 || len(line) > 60 || len(line) < 4 {
		return fmt.Sprintf("%s:%d", filepath.Base(path), at)
	}
	return "/" + regexp.QuoteMeta(line) + "/"
}

// newSource blanks comments and strings, so that no assignment is seen in them.
func newSource(text, ext string) *source {
	raw := strings.Split(strings.ReplaceAll(text, "\r", ""), "\n")
	s := &source{raw: raw, code: make([]string, len(raw))}
	comment := map[string]string{".py": "#", ".f90": "!", ".f95": "!", ".f03": "!", ".f08": "!", ".F90": "!"}[ext]
	within := false // a comment of C
	for i, line := range raw {
		line = inQuotes().ReplaceAllString(line, `""`)
		if comment != "" {
			s.code[i], _, _ = strings.Cut(line, comment)
			continue
		}
		s.code[i], within = codeOf(line, within)
	}
	return s
}

var inQuotes = pattern(`"(?:[^"\\]|\\.)*"`)

// codeOf drops C's comments from a line; within tells whether one is open.
func codeOf(line string, within bool) (string, bool) {
	var b strings.Builder
	for line != "" {
		if within {
			_, rest, ok := strings.Cut(line, "*/")
			if !ok {
				return b.String(), true
			}
			line, within = rest, false
			continue
		}
		before, rest, ok := strings.Cut(line, "/*")
		if code, _, cut := strings.Cut(before, "//"); cut {
			return b.String() + code, false
		}
		b.WriteString(before)
		line, within = rest, ok
		if !ok {
			break
		}
	}
	return b.String(), within
}
