package trace

import (
	"strings"
	"testing"
)

// TestNumbersFound: which numbers a line of any program has, with what is glued to them.
func TestNumbersFound(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{"z 0.5 -  2.25i, 1.5-2.25im; 3-2j", "0.5 -2.25|i 1.5 -2.25|im 3 -2|j"},
		{"z 1.5+infi 1.5 -    NaNi", "1.5 +inf|i 1.5 -NaN|i"},
		{"a 5.00e-01f b 4.03e-01h c 7.5dB d -.5Nm e 2.5cm-1 f 1.5f0 g 2.5mm", "5.00e-01|f 4.03e-01|h 7.5|dB -.5|Nm 2.5|cm-1 1.5|f0 2.5"},
		{"n=12k q: 3mA m = 7x dim=3D rank=2nd n 12k", "12|k 3|mA 7|x"},
		{"box 1.5x2.5x3.5 grid 64x64 count 1_234_567 id 1_23", "1.5|x 2.5|x 3.5 1_234_567"},
		{"q=8'h9f r 4'b1x0z don't 5'", "8'h9f 4'b1x0z 5"},
		{"layer1.weight 0.weight H2O 3D 2nd v2.5a 2.0rc1 1.0beta 9.1.2a 1e4fa 4e83fbc x1 2.5_layer 0.5Angstromwords", ""},
		{"1.5 - -nan(ind) ---", "1.5 - -nan(ind) ---"},
		{"- 1.5 2.5", "1.5 2.5"},
		{"conv=T ok: false e=2.5 F = 3 x=None", "T false 2.5 3 None"},
		{"ok=T x = None y: NA", ""},
		{"None of 5 atoms -- as said - in 3 -5", "5 3 -5"},
		{"*** END 5 *** x = ****", "5 ****"},
		{"limits -\u221e 2.5 \u221e", "-\u221e 2.5 \u221e"},
	} {
		var got []string
		for _, x := range findNumbers(c.line, nil, false) {
			text := x.text(c.line)
			if x.glued > 0 {
				text += "|" + c.line[x.to:x.end()]
			}
			got = append(got, text)
		}
		if text := strings.Join(got, " "); text != c.want {
			t.Errorf("%q\n got %s\nwant %s", c.line, text, c.want)
		}
	}
}
