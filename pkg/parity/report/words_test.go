package report

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/olekukonko/tablewriter/pkg/twwidth"

	"simtrace/internal/digits"
	"simtrace/internal/doc"
	"simtrace/internal/testkit"
)

func TestCallByName(t *testing.T) {
	names := [2]string{"c.log", "py.log"}
	for in, want := range map[string]string{
		"the reference keeps the cell, got rotates it":    "c.log keeps the cell, py.log rotates it",
		"The origin of the reference (c.log:2), as got's": "The origin of c.log (c.log:2), as py.log's",
		"those of the reference's rows (only in got)":     "those of c.log's rows (only in py.log)",
		"The reference repeats":                           "c.log repeats",
		"got/trace.log:3 and got.log:4 stay":              "got/trace.log:3 and got.log:4 stay",
		"a reference to what was forgotten":               "a reference to what was forgotten",
	} {
		if got := CallByName(in, names); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestCutToDiffer(t *testing.T) {
	for _, c := range [][4]string{
		{"-0.607255839576692", "-0.589174403552437", "-0.6073", "-0.5892"},
		{"0.999982004873912", "0.999982004873912", "1", "1"},
		{"-5.5476578307123", "-5.58202083498661", "-5.54766", "-5.58202"},
		{"12", "13", "12", "13"},
		{"2.88139542684698e-07", "2.45946637686509e-07", "2.8814e-07", "2.4595e-07"},
		{"NOT_EXTRACTED", "1.23456789", "NOT_EXTRACTED", "1.23456789"},
		{"1.00000001", "1.00000002", "1.00000001", "1.00000002"},
	} {
		if a, b := digits.Cut(c[0], c[1]); a != c[2] || b != c[3] {
			t.Errorf("%s and %s: %s and %s, want %s and %s", c[0], c[1], a, b, c[2], c[3])
		}
	}
}

// A report fits the terminal, whatever stood in the logs, and no line ends in blanks.
func TestTerminalFits(t *testing.T) {
	for name, r := range reports(t) {
		for _, width := range []int{60, 80, 200} {
			var b bytes.Buffer
			if err := Terminal(&b, r, Options{}, doc.Screen{Width: width, Colour: true}); err != nil {
				t.Fatal(err)
			}
			for line := range strings.SplitSeq(b.String(), "\n") {
				if n := twwidth.Width(line); n > width || strings.HasSuffix(line, " ") {
					t.Errorf("%s at %d columns: a line of %d: %q", name, width, n, line)
				}
			}
		}
	}
}

// A summary needs no backslash, and calls its sides by name.
func TestSummaryReads(t *testing.T) {
	r := compare(t, testkit.File(t, "../testdata/carry.log"), testkit.File(t, "../testdata/fresh.log"))
	var b bytes.Buffer
	if err := Markdown(&b, r, Options{Names: [2]string{"C", "port"}}); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	for _, bad := range []string{`\`, " got ", "the reference keeps"} {
		if strings.Contains(text, bad) {
			t.Errorf("the summary holds %q", bad)
		}
	}
	for _, want := range []string{"**C keeps the cell vectors", "| port | `py.log:", "Largest difference: 182 %, in `F_latt_b` at phi step 0.", "hkl_frac k`", "## What next\n", "tracecmp explain phi-carryover"} {
		if !strings.Contains(text, want) {
			t.Errorf("the summary does not hold %q", want)
		}
	}
}

// A sentence that begins with the name of a quantity has it as it is printed: acc and Acc are two.
func TestNamesKeepTheirCase(t *testing.T) {
	log := func(k float64) string {
		var b strings.Builder
		for i := range 5 {
			fmt.Fprintf(&b, "step %d\nacc %.17g\nvel %d\n", i, -k*float64(i+1), i)
		}
		return b.String()
	}
	r := compare(t, log(3), log(3.0001))
	var out bytes.Buffer
	if err := Markdown(&out, r, Options{}); err != nil {
		t.Fatal(err)
	}
	if text := out.String(); !strings.Contains(text, "\nacc differs by 3e-5 at step 0") || strings.Contains(text, "Acc") {
		t.Error(text)
	}
	b := newBuilder(r, Options{Names: [2]string{"port", "C"}})
	for in, want := range map[string]string{"identical until step 3": "Identical until step 3", "vel is": "vel is", "port keeps it": "port keeps it", "velocity is": "Velocity is"} {
		if got := b.upper(in); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
