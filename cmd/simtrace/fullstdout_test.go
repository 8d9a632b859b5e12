package main

import (
	"bytes"
	"context"
	"strings"
	"syscall"
	"testing"

	"simtrace/internal/testkit"
)

// Whatever could not be printed is trouble, help included: a script that reads the
// output must not take nothing for all.
func TestFullStandardOutput(t *testing.T) {
	const experiment = " -cell 70 80 90 75 85 95 -default_F 100 -detpixels 8"
	for _, line := range []string{
		"", "--help", "trace --help", "flags", "profiles", "completion bash", "config" + experiment,
		"trace --pixel 1 1" + experiment, "render -floatfile /dev/null" + experiment,
	} {
		var errs bytes.Buffer
		code := run(context.Background(), strings.Fields(line), nil, &testkit.FullDisk{}, &errs)
		if code != exitTrouble || strings.Count(errs.String(), "\n") != 1 || !strings.Contains(errs.String(), syscall.ENOSPC.Error()) {
			t.Errorf("simtrace %s: exit code %d, %q", line, code, errs.String())
		}
	}
}
