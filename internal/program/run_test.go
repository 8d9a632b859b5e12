package program

import "testing"

// A program's progress lines are told, and nothing that resembles them.
func TestProgressLines(t *testing.T) {
	var told []int
	c := &capped{tick: func(n int) { told = append(told, n) }}
	for _, s := range []string{"12% done\n", "nothing", "TRACE_C: k 1\n 99% done\n", "1% donebut"} {
		if _, err := c.Write([]byte(s)); err != nil {
			t.Fatal(err)
		}
	}
	if len(told) != 2 || told[0] != 12 || told[1] != 99 {
		t.Errorf("told %v", told)
	}
}
