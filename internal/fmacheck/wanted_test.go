package main

import (
	"strings"
	"testing"
)

func TestIsWanted(t *testing.T) {
	for line, want := range map[string]bool{
		"return p, math.FMA(a, b, -p) //fma:wanted the product's exact error": true,
		"return p, math.FMA(a, b, -p) //fma:wanted ":                          false, // no reason
		"return p, math.FMA(a, b, -p)":                                        false, // no mark
		"return math.FMA(a, b, c*d) //fma:wanted reason":                      false, // c*d could be fused
		"return a*b + c //fma:wanted reason":                                  false, // no math.FMA
		"// math.FMA(a, b, c) //fma:wanted reason":                            true,  // no code comes from a comment
	} {
		if got := isWanted(line); got != want {
			t.Errorf("isWanted(%q) = %v", line, got)
		}
	}
}

// Marked calls pass and are counted; a fused product that hides behind a mark
// does not pass.
func TestMarkedCalls(t *testing.T) {
	code, out, errs := runCheck(t, runGo, "-targets", "arm64,amd64/v1", "./testdata/marked")
	if code != 1 {
		t.Fatalf("exit status %d, want 1\n%s%s", code, out, errs)
	}
	if n := strings.Count(out, "marked.Product"); n != 0 {
		t.Errorf("the wanted call is reported:\n%s", out)
	}
	if n := strings.Count(out, "marked.Hidden\n"); n != 1 {
		t.Errorf("the hidden fused product is reported %d times, want once (arm64):\n%s", n, out)
	}
	if !strings.Contains(out, "1 marked as wanted") {
		t.Errorf("the wanted call is not counted:\n%s", out)
	}
}
