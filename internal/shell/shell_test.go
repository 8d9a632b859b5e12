package shell

import (
	"os/exec"
	"testing"
)

// TestQuote: the shell reads back what was meant.
func TestQuote(t *testing.T) {
	if got := Quote("a-b_c/d.e=f,g:h@i%j+1"); got != "a-b_c/d.e=f,g:h@i%j+1" {
		t.Errorf("a plain word is quoted: %s", got)
	}
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skipf("SKIPPED: %v", err)
	}
	for _, word := range []string{"", "a b", "it's", "''", "$HOME", "`x`", "a\nb", `\`, "*", "~", "#", "é", "-n"} {
		out, err := exec.Command(sh, "-c", "printf %s "+Quote(word)).Output()
		if err != nil || string(out) != word {
			t.Errorf("%q comes back as %q (%v), quoted %s", word, out, err, Quote(word))
		}
	}
}
