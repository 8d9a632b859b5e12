package main

import (
	"path/filepath"
	"strings"
	"testing"

	"simtrace/internal/testkit"
	"simtrace/pkg/sim"
)

// The rules of a comparison go for the traces of --drill, and those that make no sense
// there are not offered.
func TestImageDrillRules(t *testing.T) {
	dir := t.TempDir()
	ref, got := filepath.Join(dir, "ref.bin"), filepath.Join(dir, "got.bin")
	rendered(t, ref, sim.ProfileNanoBragg, smallCase)
	rendered(t, got, sim.ProfileSpec, smallCase)
	var all strings.Builder
	all.WriteString("quantities:\n")
	for _, q := range []string{"rot_a_angstroms", "rot_b_angstroms", "rot_c_angstroms", "hkl_frac", "F_latt_a", "F_latt_b", "F_latt_c", "F_latt", "k_frac", "I_before_scaling", "I_pixel_final", "floatimage_accumulated"} {
		all.WriteString("  " + q + ": {rel: 10}\n")
	}
	tolerances, waivers := filepath.Join(dir, "t.yaml"), filepath.Join(dir, "w.yaml")
	writeText(t, tolerances, all.String())
	writeText(t, waivers, "waivers:\n  - {id: first-vector, where: {key: rot_a_angstroms}, rel: [0, 1], reason: known, expires: 2027-01-31}\n")
	drilled := func(name string, more ...string) (int, string, string) {
		out := filepath.Join(dir, name)
		args := append([]string{"image", ref, got, "--drill", "1", "--out", out}, more...)
		code, text, errs := cmdline(t, append(args, strings.Fields(smallCase)...)...)
		if code == exitTrouble {
			return code, errs, ""
		}
		files, err := filepath.Glob(filepath.Join(out, "trace_*_compared.md"))
		if err != nil || len(files) != 1 {
			t.Fatalf("%v %v", files, err)
		}
		return code, text, testkit.File(t, files[0])
	}
	_, plain, page := drilled("plain")
	if !strings.Contains(plain, "Traces: DIVERGED") || strings.Contains(page, "first-vector") {
		t.Fatalf("without rules:\n%s", plain)
	}
	if _, text, _ := drilled("tolerances", "--tolerances", tolerances); !strings.Contains(text, "Traces: MATCH") {
		t.Errorf("--tolerances has no effect:\n%s", text)
	}
	if _, _, page := drilled("waivers", "--waivers", waivers, "--today", "2027-01-01"); !strings.Contains(page, "first-vector") || strings.Contains(page, "expired") {
		t.Errorf("--waivers has no effect:\n%s", page)
	}
	if _, _, page := drilled("expired", "--waivers", waivers, "--today", "2027-03-01"); !strings.Contains(page, "expired") {
		t.Errorf("--today has no effect:\n%s", page)
	}
	if _, _, page := drilled("map", "--map", "F_latt=F_lattice"); !strings.Contains(page, "F_lattice") {
		t.Errorf("--map has no effect:\n%s", page)
	}
	for _, c := range [][]string{{"--tolerances", filepath.Join(dir, "none.yaml")}, {"--map", "F_latt"}, {"--map", "nothing=x"}, {"--schema", tolerances}, {"--as", "csv"}} {
		if code, said, _ := drilled("bad", c...); code != exitTrouble {
			t.Errorf("%v: exit code %d: %s", c, code, said)
		}
	}
	if code, _, errs := cmdline(t, "image", ref, got, "--waivers", waivers); code != exitTrouble || !strings.Contains(errs, "--waivers is for --drill") {
		t.Errorf("without --drill: exit code %d: %s", code, errs)
	}
}
