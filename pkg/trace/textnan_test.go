package trace

import (
	"strings"
	"testing"
)

// The words inf and nan are numbers where a value stands, and words elsewhere.
func TestNaNWords(t *testing.T) {
	for line, want := range map[string]string{
		"iter 3 inf = 0.25 obj = 2.5":                   "3 0.25 2.5",
		"   3: obj =  1.5e+00 inf =   9.5e+00 (7)":      "3 1.5e+00 9.5e+00 7",
		"Iteration    Objective  Primal Inf. Dual Inf.": "",
		"iter obj inf_pr Inf. Dual":                     "",
		"Inf norm and NaN count follow":                 "",
		"Inf norm 0.5":                                  "0.5",
		"step 3 norm 0.5 nan 2":                         "3 0.5 2",
		"step 3 norm 0.5 nan 2 bad 1":                   "3 0.5 2 1",
		"nan: 4":                                        "4",
		"loss nan: step skipped":                        "nan",
		"loss = nan. skipped":                           "nan",
		"The loss is NaN.":                              "NaN",
		"step 3 force 0.5 nan 2.5":                      "3 0.5 nan 2.5",
		"step 3 loss nan grad inf":                      "3 nan inf",
		"row 0.5 nan 2":                                 "0.5 nan 2",
		"1 nan 2":                                       "1 nan 2",
		"gap | Inf | unknown":                           "Inf",
		"x: nan, y: inf kJ":                             "nan inf",
		"E = -inf = G":                                  "-inf",
	} {
		var got []string
		for _, x := range findNumbers(line, nil, false) {
			got = append(got, line[x.from:x.to])
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q has the numbers %q, not %q", line, got, want)
		}
	}
}

// TestSignBesideComplexNumber: a sign that blanks part from the second part of a complex
// number may be of the number before, or of none.
func TestSignBesideComplexNumber(t *testing.T) {
	for _, s := range []string{"7.5.- 2.5i", "1.5- - 4.4i", "-7.1 -- 4.4i", "1.5e- 2.5i", "5.98dB- 2.5i", "1.5.2 - 2i", "12/100+ 2.5i", "1e+ 3i"} {
		findValues(s, nil, false, nil)
	}
}
