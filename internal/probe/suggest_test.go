package probe

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simtrace/pkg/trace/schema"
)

// proposed are the taps of a proposal.
func proposed(t *testing.T, file string, s *schema.Schema, name string, names ...string) string {
	t.Helper()
	var out bytes.Buffer
	if err := Suggest(&out, file, s, name, names); err != nil {
		t.Fatal(err)
	}
	_, taps, _ := strings.Cut(out.String(), "taps:\n")
	if _, err := parsed(t, "", out.String()); err != nil {
		t.Errorf("it cannot be read: %v\n%s", err, out.String())
	}
	return taps
}

func TestSuggest(t *testing.T) {
	file, err := filepath.Abs("testdata/spring.c")
	if err != nil {
		t.Fatal(err)
	}
	want := `  - {at: "/ball\\.x\\[i\\] \\+= dt \\* v\\[i\\];/", quantity: "velocity", value: "v"}  # assigned in line 29; 1 more, the first in 23
  - {at: "spring.c:39", quantity: "energy", value: "energy"}  # assigned in line 37; 3 more, the first in 23
  - {at: "/energy \\+= v\\[i\\] \\* v\\[i\\];/", quantity: "x", value: "ball.x"}  # assigned in line 30
`
	want = strings.Replace(want, "spring.c:39", `/printf\\(\"energy %\\.17g\\\\n\", energy\\);/`, 1)
	if diff := cmp.Diff(want, proposed(t, file, nil, "", "x", "v=velocity", "energy")); diff != "" {
		t.Error(diff)
	}
}

// TestSuggestSees: assignments in all forms, and none where there is none.
func TestSuggestSees(t *testing.T) {
	for _, c := range []struct{ file, code, want string }{
		{"a.c", "lambda = 1;\nx();\n", `value: "lambda"`},
		{"a.c", "scattering[1] = 1;\nscattering[2] = 1;\nscattering[3] = 1;\ny();\n", `value: "scattering[1]@3"`},
		{"a.c", "double scattering[4] = {0,0,0,0};\nscattering[i] += 1;\ny();\n", `value: "scattering"`},
		{"a.c", "s->F_latt *= 2;\ny();\n", `value: "s->F_latt"`},
		{"a.c", "F_latt\n  = 2;\nF_latt = 3; }\n}\n else {\n// no\n  y();\n", `at: "/y\\(\\);/"`},
		{"a.c", "if (lambda == 1) y(); /* lambda = 1 */ // F_cell = 2\nprintf(\"F_latt = %g\", x); /*\nF_cell = 2\n*/ F_cell = 1;\ny();\n", `value: "F_cell"}  # assigned in line 4` + "\n"},
		{"a.py", "F_cell = 1  # F_latt = 2\nx = f(lambda_meters=3)\n", `value: "F_cell"`},
		{"a.f90", "F_latt(i) = 2 ! F_cell = 3\ncall y\n", `value: "F_latt"`},
	} {
		file := filepath.Join(t.TempDir(), c.file)
		if err := os.WriteFile(file, []byte(c.code), 0o600); err != nil {
			t.Fatal(err)
		}
		got := proposed(t, file, schema.NanoBragg(), "nanobragg")
		if !strings.Contains(got, c.want) || c.file != "a.py" && strings.Count(got, "\n") != 1 {
			t.Errorf("%q:\n%s\nwant %s", c.code, got, c.want)
		}
	}
}
