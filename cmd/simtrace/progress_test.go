package main

import (
	"testing"
	"time"
)

func TestBarLine(t *testing.T) {
	for _, tt := range []struct {
		done, total int
		spent       time.Duration
		want        string
	}{
		{0, 10, 3 * time.Second, "[                              ] row 0 of 10, 0 a second"},
		{250, 1000, 5 * time.Second, "[=======                       ] row 250 of 1000, 50 a second, 15s left"},
		{1000, 1000, 20 * time.Second, "[==============================] row 1000 of 1000, 50 a second, 0s left"},
	} {
		if got := barLine("row", tt.done, tt.total, tt.spent); got != tt.want {
			t.Errorf("after %d of %d rows: %q, want %q", tt.done, tt.total, got, tt.want)
		}
	}
}
