package main

import (
	"bytes"
	"context"
	"strings"
	"syscall"
	"testing"

	"simtrace/internal/testkit"
)

// Whatever could not be printed is trouble, help and versions included: a script that
// reads the output must not take nothing for all.
func TestFullStandardOutput(t *testing.T) {
	const logs = " ../../pkg/parity/testdata/carry.log ../../pkg/parity/testdata/fresh.log"
	for _, line := range []string{
		"--help", "--version", "explain", "explain phi-carryover", "schema", "bisect --help", "bisect phi --help", "image --help",
		"matrix --help", "nb-compare --help", logs, "bisect phi" + logs,
	} {
		var errs bytes.Buffer
		code := run(context.Background(), append([]string{"tracecmp"}, strings.Fields(line)...), strings.NewReader(""), &testkit.FullDisk{}, &errs)
		if code != exitTrouble || strings.Count(errs.String(), "\n") != 1 || !strings.Contains(errs.String(), syscall.ENOSPC.Error()) {
			t.Errorf("tracecmp %s: exit code %d, %q", line, code, errs.String())
		}
	}
}
