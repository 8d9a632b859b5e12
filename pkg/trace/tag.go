package trace

import (
	"strconv"
	"strings"
)

// form is what a tag's suffix says of the line behind it.
type lineForm uint8

const (
	noteForm     lineForm = iota // TRACE
	blockForm                    // TRACE_C: setup and pixel lines
	phiForm                      // TRACE_C_PHI
	sourceForm                   // TRACE_C_SOURCE2
	gridForm                     // TRACE_PY_TRICUBIC
	gridEdgeForm                 // TRACE_PY_TRICUBIC_GRID_START and _END
	coordsForm                   // TRACE_PY_TRICUBIC_H_COORDS
	tapForm                      // any other suffix
	configForm                   // TRACE_CONFIG
	narrowForm                   // TRACE_NOTE: what the log is narrowed to
)

// tag is the prefix of a trace line.
type tag struct {
	text   string
	form   lineForm
	source int    // of sourceForm, -1 where the tag has no number
	axis   string // of coordsForm: "tricubic_h" and so on
}

// colonless tells the forms whose rows go without a colon behind the tag.
func (t *tag) colonless() bool {
	return t.form == phiForm || t.form == tapForm && strings.HasSuffix(t.text, "_ROTSTAR")
}

// followedBy tells whether rest may stand behind the tag in a trace line.
func (t *tag) followedBy(rest string) bool {
	switch {
	case strings.HasPrefix(rest, ":"), t.form == gridEdgeForm:
		return true
	case t.form == sourceForm && t.source < 0:
		return strings.Contains(rest, ":")
	case strings.HasPrefix(rest, " "), strings.HasPrefix(rest, "\t"):
		return t.colonless() || t.form == tapForm && isColumn(rest)
	}
	return false
}

func newTag(text string) *tag {
	t := &tag{text: text, source: -1}
	_, suffix := splitTag(text)
	switch {
	case text == "TRACE":
		t.form = noteForm
	case text == "TRACE_CONFIG":
		t.form = configForm
	case text == "TRACE_NOTE":
		t.form = narrowForm
	case suffix == "":
		t.form = blockForm
	case suffix == "PHI":
		t.form = phiForm
	case suffix == "TRICUBIC":
		t.form = gridForm
	case suffix == "TRICUBIC_GRID_START", suffix == "TRICUBIC_GRID_END":
		t.form = gridEdgeForm
	case isCoords(suffix):
		t.form, t.axis = coordsForm, "tricubic_"+strings.ToLower(suffix[9:10])
	case isSource(suffix):
		t.form = sourceForm
		if n, err := strconv.Atoi(suffix[len("SOURCE"):]); err == nil {
			t.source = n
		}
	default:
		t.form = tapForm
	}
	return t
}

func isCoords(suffix string) bool {
	return suffix == "TRICUBIC_H_COORDS" || suffix == "TRICUBIC_K_COORDS" || suffix == "TRICUBIC_L_COORDS"
}

func isSource(suffix string) bool {
	digits, ok := strings.CutPrefix(suffix, "SOURCE")
	return ok && strings.Trim(digits, "0123456789") == "" && len(digits) < 10
}

// splitTag returns dialect and suffix: "C" and "PHI" of "TRACE_C_PHI".
func splitTag(text string) (dialect, suffix string) {
	rest, _ := strings.CutPrefix(text, "TRACE_")
	dialect, suffix, _ = strings.Cut(rest, "_")
	return dialect, suffix
}

// tagLen returns the length of the tag at the beginning of s, or 0 where none
// stands there.
func tagLen(s string) int {
	n := len("TRACE")
	if !strings.HasPrefix(s, "TRACE") {
		return 0
	}
	if n == len(s) || s[n] != '_' {
		return n
	}
	n++
	first := n
	for n < len(s) && isTagByte(s[n]) {
		n++
	}
	if n == first {
		return 0
	}
	return n
}

func isTagByte(c byte) bool {
	return c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_'
}
