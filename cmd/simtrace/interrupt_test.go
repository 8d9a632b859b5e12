package main

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestInterrupt: wherever an interrupt hits, nothing is left behind.
func TestInterrupt(t *testing.T) {
	const slow = "render -cell 70 80 90 75 85 95 -N 9 -default_F 100 -oversample 8 -phisteps 50 -osc 1 -floatfile DIR/f.bin"
	for _, c := range []struct {
		line  string
		after time.Duration
	}{
		{"trace --config supervisor --pixel 685 1039 --out DIR/x", 0},
		{slow, 0},
		{slow, 30 * time.Millisecond}, // of minutes
	} {
		dir := t.TempDir()
		ctx, cancel := context.WithCancel(context.Background())
		if c.after == 0 {
			cancel()
		}
		time.AfterFunc(c.after, cancel)
		var out, errs bytes.Buffer
		code := run(ctx, strings.Fields(strings.ReplaceAll(c.line, "DIR", dir)), nil, &out, &errs)
		if code != exitInterrupt || !strings.Contains(errs.String(), "interrupted, nothing written") {
			t.Errorf("%s, interrupted after %v: code %d, %s", c.line, c.after, code, errs.String())
		}
		if left := names(dir); len(left) > 0 {
			t.Errorf("%s, interrupted after %v, leaves %v behind", c.line, c.after, left)
		}
	}
}

func names(dir string) []string {
	found, _ := filepath.Glob(filepath.Join(dir, "*"))
	return found
}
