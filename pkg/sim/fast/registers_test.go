package fast

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestRegisters: the code for AVX2 names no register that only AVX-512 has. The
// generator takes such a one where it runs out of sixteen, and processors with both
// never complain.
func TestRegisters(t *testing.T) {
	text, err := os.ReadFile("kernels_amd64.s")
	if err != nil {
		t.Fatal(err)
	}
	wide := regexp.MustCompile(`\b([XY](1[6-9]|[23][0-9])|Z[0-9]+|K[0-7])\b`)
	functions := 0
	for f := range strings.SplitSeq(string(text), "\nTEXT ·") {
		name, body, _ := strings.Cut(f, "(SB)")
		if !strings.HasSuffix(name, "AVX2") {
			continue
		}
		functions++
		for line := range strings.Lines(body) {
			if !strings.HasPrefix(line, "//") && wide.MatchString(line) {
				t.Fatalf("%s: %s", name, strings.TrimSpace(line))
			}
		}
	}
	if functions < 10 {
		t.Errorf("%d functions for AVX2", functions)
	}
}
