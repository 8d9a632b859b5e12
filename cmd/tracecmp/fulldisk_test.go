//go:build linux

package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"simtrace/internal/campaign"
	"simtrace/pkg/sim"
)

// tinyDisk is a file system with no room to speak of, where one may be mounted.
func tinyDisk(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=16k"); err != nil {
		t.Skipf("SKIPPED: no file system can be mounted: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir
}

// leftOn lists the files on a disk; folders take no room.
func leftOn(t *testing.T, dir string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// On a full disk every search ends with one line and the exit code of trouble,
// and leaves no file: not a part of one, and not one of two.
func TestFullDisk(t *testing.T) {
	noSlurm(t)
	disk, dir := tinyDisk(t), t.TempDir()
	fill := filepath.Join(disk, "fill")
	if err := os.WriteFile(fill, make([]byte, 12<<10), 0o666); err != nil {
		t.Fatal(err)
	}
	image, other := filepath.Join(dir, "i.bin"), filepath.Join(dir, "j.bin")
	rendered(t, image, sim.ProfileSpec, smallCase)
	rendered(t, other, sim.ProfileSpec, smallCase+" -phi 1")
	log := "../../testdata/supervisor/trace_685_1039.log"
	cases := writeCases(t, "0.9")
	// The program does not look whether it could write its image.
	blind := stub(t, dir, "blind", "cp "+image+` "$last" 2>/dev/null; true`)
	for name, c := range map[string]struct {
		args []string
		temp string
		code int
	}{
		"settings":   {args: []string{"bisect", "settings", "--ref", log, "--config", "supervisor", "--out", disk + "/a/b"}},
		"phi":        {args: []string{"bisect", "phi", log, log, "--out", disk + "/p"}},
		"compare":    {args: []string{log, log, "--out", disk + "/c"}},
		"image":      {args: []string{"image", image, other, "--out", disk + "/i"}},
		"drill":      {args: append([]string{"image", image, other, "--drill", "2", "--c-bin", blind, "--out", dir + "/d"}, strings.Fields(smallCase)...), temp: disk},
		"matrix":     {args: []string{"matrix", cases, "--out", dir + "/m", "--c-bin", blind}, temp: disk},
		"nb-compare": {args: append([]string{"nb-compare", "--outdir", dir + "/n", "--c-bin", blind, "--"}, strings.Fields(smallCase)...), temp: disk, code: campaign.NBFiles},
	} {
		t.Run(name, func(t *testing.T) {
			if c.temp != "" {
				t.Setenv("TMPDIR", c.temp)
			}
			if c.code == 0 {
				c.code = exitTrouble
			}
			code, out, errs := cmdline(t, c.args...)
			if code != c.code || !strings.Contains(out+errs, "no space left on device") || strings.Count(errs, "\n") > 1 {
				t.Errorf("exit code %d, want %d: %s%s", code, c.code, out, errs)
			}
			if files := leftOn(t, disk); len(files) != 1 {
				t.Errorf("left: %v", files)
			}
		})
	}
}
