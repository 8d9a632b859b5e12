package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"simtrace/pkg/sim"
)

// An interrupt ends every search that runs programs with one line, and leaves
// neither a program, nor a folder of temporary files, nor a part of a report.
func TestSearchesInterrupted(t *testing.T) {
	noSlurm(t)
	dir := t.TempDir()
	image, other := filepath.Join(dir, "i.bin"), filepath.Join(dir, "j.bin")
	rendered(t, image, sim.ProfileNanoBragg, smallCase)
	rendered(t, other, sim.ProfileSpec, smallCase)
	started := filepath.Join(dir, "started")
	// Its child outlives it, if anything does, and would say so.
	slow := stub(t, dir, "slow", "(sleep 1; echo >"+filepath.Join(dir, "outlived")+") & echo >"+started+"; sleep 60")
	cases := writeCases(t, "0.9")
	for name, args := range map[string][]string{
		"drill":  append([]string{"image", image, other, "--drill", "3", "--c-bin", slow, "--out", dir + "/d"}, strings.Fields(smallCase)...),
		"matrix": {"matrix", cases, "--out", dir + "/m", "--c-bin", slow},
	} {
		t.Run(name, func(t *testing.T) {
			temp := t.TempDir()
			t.Setenv("TMPDIR", temp)
			_ = os.Remove(started)
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			go func() {
				for ctx.Err() == nil {
					if _, err := os.Stat(started); err == nil {
						cancel()
					}
					time.Sleep(time.Millisecond)
				}
			}()
			var out, errs bytes.Buffer
			code := run(ctx, append([]string{"tracecmp"}, args...), strings.NewReader(""), &out, &errs)
			if code != exitTrouble || !strings.HasPrefix(errs.String(), "tracecmp: interrupted") || strings.Count(errs.String(), "\n") != 1 {
				t.Errorf("exit code %d: %s", code, errs.String())
			}
			for _, left := range []string{temp, dir + "/d", dir + "/m/runs"} {
				if found, _ := os.ReadDir(left); len(found) > 0 {
					t.Errorf("%s holds %v", left, found)
				}
			}
		})
	}
	time.Sleep(1200 * time.Millisecond)
	if _, err := os.Stat(filepath.Join(dir, "outlived")); err == nil {
		t.Error("what a program started outlived it")
	}
}
