package bisect

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simtrace/pkg/parity"
	"simtrace/pkg/trace"
)

// found is what both ways of looking at two logs count.
type found struct{ Compared, Diverged, Lost int }

// The comparison and the search along phi never disagree on how many rows differ
// or are lost. These pairs once came out otherwise.
func TestPhiAndCompareAgree(t *testing.T) {
	const result = "TRACE_C: I_pixel_final 2.5\n"
	short := func(text string, digits int) string {
		var b strings.Builder
		for line := range strings.Lines(text) {
			words := strings.Fields(line)
			for i, w := range words {
				key, value, ok := strings.Cut(w, "=")
				var v float64
				if _, err := fmt.Sscan(value, &v); ok && err == nil && strings.Contains(value, ".") {
					words[i] = fmt.Sprintf("%s=%.*g", key, digits, v)
				}
			}
			b.WriteString(strings.Join(words, " ") + "\n")
		}
		return b.String()
	}
	ten, many := scan(10, 1, none)+result, scan(3000, 1, none)+result
	lines := strings.SplitAfter(scan(125, 1, none)+result, "\n")
	twice := strings.Join(append(append([]string{}, lines[:40]...), lines[39:]...), "")
	gone := strings.Join(append(append([]string{}, lines[:40]...), lines[41:]...), "")
	four := scan(10, 1, func(_, i int) float64 {
		if i == 2 || i == 3 || i == 6 || i == 9 {
			return 1e-3
		}
		return 0
	}) + result
	word := strings.Replace(ten, "R_distance_meters 0.25", "R_distance_meters NOT_EXTRACTED", 1)
	for name, c := range map[string]struct {
		ref, got string
		want     found // but for what is compared, where -1
	}{
		"a line printed twice":        {strings.Join(lines, ""), twice, found{-1, 0, 0}},
		"a line lost":                 {strings.Join(lines, ""), gone, found{-1, 0, 2}},
		"6 digits against 15":         {many, short(many, 6), found{-1, 0, 0}},
		"four changed steps of ten":   {ten, four, found{-1, 4, 0}},
		"subpixels":                   {scan(5, 4, none), scan(5, 4, func(s, i int) float64 { return float64(s*i%2) / 100 }), found{-1, 4, 0}},
		"a word for a number":         {ten, word, found{-1, 0, 1}},
		"nothing in common but setup": {"TRACE_C:Fclose_m=1\n" + ten, "TRACE_C:Fclose_m=1\nTRACE_C: something 1\n", found{-1, 0, -1}},
	} {
		for _, exchanged := range []bool{false, true} {
			if exchanged {
				c.ref, c.got = c.got, c.ref
			}
			ref, got := trace.Text(c.ref, "ref"), trace.Text(c.got, "got")
			opt := parity.DefaultOptions()
			phi, err := Phi(t.Context(), ref, got, opt)
			if err != nil {
				t.Fatal(err)
			}
			rep, err := parity.Sources(t.Context(), ref, got, opt)
			if err != nil {
				t.Fatal(err)
			}
			n := rep.Counts
			there := found{phi.Compared, phi.Diverged, phi.Lost}
			here := found{n.Matched + n.Diverged + n.Waived, n.Diverged, n.Lost + n.Placeholder}
			if d := cmp.Diff(here, there); d != "" {
				t.Errorf("%s: the comparison (-) and the search along phi (+):\n%s", name, d)
			}
			c.want.Compared = here.Compared
			if c.want.Lost < 0 {
				c.want.Lost = here.Lost
			}
			if d := cmp.Diff(c.want, here); d != "" {
				t.Errorf("%s: (-want +found)\n%s", name, d)
			}
		}
	}
}
