package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"simtrace/internal/testkit"
)

// supervisorFlags are those of the investigation's case, with the one structure factor
// that its pixel needs; the files lie in dir.
func supervisorFlags(t *testing.T, dir string) []string {
	t.Helper()
	for name, text := range map[string]string{
		"A.mat":   "-0.02837711 -0.00305386 0.02535816\n-0.02871390 0.01019549 -0.01400049\n0.01050048 -0.03209440 -0.01036054\n",
		"one.hkl": "-7 -1 -14 190.27\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return append([]string{"-mat", filepath.Join(dir, "A.mat"), "-hkl", filepath.Join(dir, "one.hkl")}, strings.Fields(
		"-nonoise -nointerpolate -oversample 1 -exposure 1 -flux 1e18 -beamsize 1.0 -spindle_axis -1 0 0 -Xbeam 217.742295 -Ybeam 213.907080 -distance 231.274660 -lambda 0.976800 -pixel 0.172 "+
			"-detpixels_x 2463 -detpixels_y 2527 -odet_vector -0.000088 0.004914 -0.999988 -sdet_vector -0.005998 -0.999970 -0.004913 -fdet_vector 0.999982 -0.005998 -0.000118 "+
			"-pix0_vector_mm -216.336293 215.205512 -230.200866 -beam_vector 0.00051387949 0.0 -0.99999986 -Na 36 -Nb 47 -Nc 29 -osc 0.1 -phi 0 -phisteps 10 -detector_rotx 0 -detector_roty 0 -detector_rotz 0 -twotheta 0")...)
}

// inFolder runs tracecmp in a folder: the probed programs write their images there.
func inFolder(t *testing.T, dir string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	t.Chdir(dir)
	var out, errs bytes.Buffer
	code = run(context.Background(), append([]string{"tracecmp"}, args...), nil, &out, &errs)
	return code, out.String(), errs.String()
}

func needPrograms(t *testing.T, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			t.Skipf("SKIPPED, NOT TESTED: %s is not in the PATH", p)
		}
	}
}

// bothCauses are found in the investigation: the report names them, with the port's lines.
func bothCauses(t *testing.T, code int, out, errs string) {
	t.Helper()
	if code != exitDiverged {
		t.Fatalf("exit %d\n%s\n%s", code, out, errs)
	}
	for _, want := range []string{
		"made the detector's origin with odet = f x s, got-probe with another odet (2 checks passed)",
		"the direction of (-0.000088, 0.004914, -0.999988)",
		" keeps the cell vectors of phi step 9 at phi = 0 (3 checks passed; -14.46 % of the reference's intensity)",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%s is not in the report:\n%s", want, out)
		}
	}
	if !regexp.MustCompile(`got-probe:\d+: port\.py:\d+: pix0_vector_meters`).MatchString(out) {
		t.Errorf("no finding names the port's line:\n%s", out)
	}
}

// TestProbedPort: the port prints nothing, and the recorded log of the C program is
// enough to find both causes.
func TestProbedPort(t *testing.T) {
	testkit.NotUnderRace(t)
	needPrograms(t, "python3")
	dir := t.TempDir()
	flags := supervisorFlags(t, dir)
	log, probes := absPath(t, recorded), absPath(t, "../../testdata/supervisor/port.probes.yaml")
	code, out, errs := inFolder(t, dir, append([]string{"--ref", log, "--got-probe", probes, "--"}, flags...)...)
	bothCauses(t, code, out, errs)
	if again := "--got-probe " + probes + " --tolerance 1e-06 -- -mat"; !strings.Contains(out, again) {
		t.Errorf("%s is not in\n%s", again, out)
	}
}

const recorded = "../../testdata/supervisor/trace_685_1039.log"

func absPath(t *testing.T, path string) string {
	t.Helper()
	abs, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return abs
}

// nanoBraggFrom builds the unmodified C program that NB_C_SOURCE names, with debug symbols, and
// puts the probes file of docs beside it; pixel takes the place of the file's.
func nanoBraggFrom(t *testing.T, pixel string) (dir, probes string) {
	t.Helper()
	source := os.Getenv("NB_C_SOURCE")
	if source == "" {
		t.Skip("SKIPPED, NOT TESTED: NB_C_SOURCE names no nanoBragg.c")
	}
	needPrograms(t, "gdb", "gcc")
	dir = t.TempDir()
	text := testkit.File(t, "../../docs/nanobragg.probes.yaml")
	text = strings.Replace(text, "pixel: [0, 0]", "pixel: "+pixel, 1)
	for name, text := range map[string]string{"nanoBragg.c": testkit.File(t, source), "nanobragg.probes.yaml": text} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("gcc", "-g", "-O0", "-w", "-o", "nanoBragg", "nanoBragg.c", "-lm")
	cmd.Dir = dir
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return dir, filepath.Join(dir, "nanobragg.probes.yaml")
}

// TestProbedCAndPort: the C program under gdb, the port under Python, one command.
func TestProbedCAndPort(t *testing.T) {
	port := absPath(t, "../../testdata/supervisor/port.probes.yaml")
	dir, probes := nanoBraggFrom(t, "[685, 1039]")
	code, out, errs := inFolder(t, dir, append([]string{"--ref-probe", probes, "--got-probe", port, "--"}, supervisorFlags(t, dir)...)...)
	bothCauses(t, code, out, errs)
}

// TestProbedC: the C program's numbers are simtrace's, to the last of 17 digits, and its
// image is the one that it makes without a debugger.
func TestProbedC(t *testing.T) {
	simtrace := filepath.Join(t.TempDir(), "simtrace")
	dir, probes := nanoBraggFrom(t, "[30, 40]")
	if text, err := exec.Command("go", "build", "-o", simtrace, "../simtrace").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	flags := strings.Fields("-cell 70 80 90 75 85 95 -default_F 10 -N 5 -distance 100 -lambda 1 -detpixels 64 -pixel 0.1 -phi 0 -osc 0.1 -phisteps 3 -oversample 1 -nonoise -nopgm")
	whole := strings.Replace(testkit.File(t, probes), ", roi: auto", "", 1)
	if err := os.WriteFile(probes, []byte(whole), 0o600); err != nil {
		t.Fatal(err)
	}
	want := imageOf(t, dir, "without", flags)
	code, log, errs := inFolder(t, dir, append([]string{"probe", "--quiet", probes, "--", "-floatfile", "with.bin"}, flags...)...)
	if code != 0 {
		t.Fatalf("exit %d\n%s", code, errs)
	}
	if got := testkit.File(t, filepath.Join(dir, "with.bin")); got != want {
		t.Error("the image is another under the debugger")
	}
	if n := strings.Count(log, `"values"`); n < 60 {
		t.Errorf("%d rows, at least 60 are wanted", n)
	}
	keys := map[string]bool{}
	for _, m := range regexp.MustCompile(`"key":"([^"]+)"`).FindAllStringSubmatch(log, -1) {
		keys[m[1]] = true
	}
	if len(keys) < 25 {
		t.Errorf("%d quantities, at least 25 are wanted", len(keys))
	}
	if err := os.WriteFile(filepath.Join(dir, "c.log"), []byte(log), 0o600); err != nil {
		t.Fatal(err)
	}
	ours, err := exec.Command(simtrace, append([]string{"trace", "--pixel", "30", "40", "--profile", "nanobragg", "--dialect", "jsonl"}, flags...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "ours.log"), ours, 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errs := inFolder(t, dir, "--tolerance", "0", "c.log", "ours.log")
	if code != exitMatch || !strings.HasPrefix(out, "MATCH: 3 of 3 results, ") {
		t.Errorf("exit %d\n%s%s", code, out, errs)
	}
}

func imageOf(t *testing.T, dir, name string, flags []string) string {
	t.Helper()
	cmd := exec.Command(filepath.Join(dir, "nanoBragg"), append([]string{"-floatfile", name + ".bin"}, flags...)...)
	cmd.Dir = dir
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return testkit.File(t, filepath.Join(dir, name+".bin"))
}

// TestProbeCommand: what goes where, and what is refused.
func TestProbeCommand(t *testing.T) {
	testkit.NotUnderRace(t)
	needPrograms(t, "python3")
	dir, temp := t.TempDir(), t.TempDir()
	t.Setenv("TMPDIR", temp)
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	program := "import sys\nx, v = 1.0, 0.0\nfor step in range(3):\n    f = -%s * x\n    v += 0.1 * f\n    x += 0.1 * v\nprint('done', sys.argv[1:])\n"
	probes := "program: {python: %s.py}\nindex: {step: step}\ntaps:\n  - {at: \"/v .= /\", quantity: force, value: f}\n  - {at: \"/x .= /\", quantity: velocity, value: v}\n%s"
	write("ref.py", fmt.Sprintf(program, "3.0"))
	write("got.py", fmt.Sprintf(program, "3.1"))
	write("ref.yaml", fmt.Sprintf(probes, "ref", ""))
	write("got.yaml", fmt.Sprintf(probes, "got", ""))
	write("users.yaml", fmt.Sprintf(probes, "ref", "schema: s.yaml\n"))
	write("other.yaml", fmt.Sprintf(probes, "got", "schema: s.yaml\n"))
	write("s.yaml", "index: [step]\nquantities:\n  - {name: force}\n  - {name: velocity, parents: [velocity@prev, force]}\n")
	for _, c := range []struct {
		name     string
		args     []string
		code     int
		out, err string // the beginning; of errors the whole
	}{
		{"rows", []string{"probe", "ref.yaml", "--", "a", "-b"}, 0, `{"step":0,"force":-3.0,"at":"ref.py:5"}` + "\n" + `{"step":0,"velocity":-0.30000000000000004,"at":"ref.py:6"}` + "\n", "done ['a', '-b']\n"},
		{"quiet", []string{"probe", "-q", "ref.yaml"}, 0, `{"step":0,`, ""},
		{"no file", []string{"probe"}, 2, "", "tracecmp: probe: a probes file is needed: tracecmp probe PROBES.yaml -- ARGS (docs/probe.md begins one)\n"},
		{"arguments without --", []string{"probe", "ref.yaml", "a"}, 2, "", "tracecmp: probe: a stands before --: what belongs to the program stands behind it, what belongs to tracecmp before the probes file\n"},
		{"a missing file", []string{"probe", "none.yaml"}, 2, "", "tracecmp: open none.yaml: no such file or directory\n"},
		{"no time", []string{"probe", "--timeout", "0s", "ref.yaml"}, 2, "", "tracecmp: --timeout 0s: a time above 0 is needed\n"},
		{"a bad pixel", []string{"probe", "--pixel", "5", "ref.yaml"}, 2, "", "tracecmp: --pixel 5: slow and fast are whole numbers\n"},
		{"a comparison", []string{"--ref-probe", "ref.yaml", "--got-probe", "got.yaml"}, 1, "DIVERGED, first at force[step=0]: ", ""},
		{"the same", []string{"--ref-probe", "ref.yaml", "--got-probe", "ref.yaml"}, 0, "MATCH: ", ""},
		{"with a schema", []string{"--schema", "s.yaml", "--ref-probe", "users.yaml", "--got-probe", "other.yaml"}, 1, "DIVERGED, first at force[step=0]: ", ""},
		{"a pixel for nobody", []string{"--pixel", "1,2", "x.log", "y.log"}, 2, "", "tracecmp: --pixel is for --ref-probe and --got-probe\n"},
		{"a proposal", []string{"probe", "suggest", "--name", "f=force", "ref.py"}, 0, "# Proposed from ref.py; edit it.", ""},
		{"a proposal of nothing", []string{"probe", "suggest", "--schema", "nanobragg", "ref.py"}, 2, "", "tracecmp: ref.py assigns to no name of the schema: list the variables that you want with --name\n"},
		{"a proposal for nobody", []string{"probe", "suggest", "ref.py"}, 2, "", "tracecmp: probe suggest: --schema nanobragg, --schema FILE or --name VARIABLE is needed\n"},
		{"both ways", []string{"--ref-probe", "ref.yaml", "--ref", "x.log", "--got-probe", "got.yaml"}, 2, "", "tracecmp: --ref and --ref-probe both name the log\n"},
	} {
		code, out, errs := inFolder(t, dir, c.args...)
		if code != c.code || !strings.HasPrefix(out, c.out) || errs != c.err {
			t.Errorf("%s: exit %d\n%s\n%s", c.name, code, out, errs)
		}
	}
	_, out, _ := inFolder(t, dir, "--ref-probe", "ref.yaml", "--got-probe", "got.yaml")
	if want := "got-probe:1: got.py:5: force is -3.1 against -3.0 (ref-probe:1 (ref.py:5))"; !strings.Contains(out, want) {
		t.Errorf("%s is not in\n%s", want, out)
	}
	_, out, _ = inFolder(t, dir, "--schema", "s.yaml", "--ref-probe", "users.yaml", "--got-probe", "other.yaml")
	if want := "got-probe:1: got.py:5: force is -3.1 against -3.0 (ref-probe:1 (ref.py:5))"; !strings.Contains(out, want) {
		t.Errorf("%s is not in\n%s", want, out)
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// TestNarrowedQuantities: a log that says which quantities it holds has not lost the
// others, and has lost those.
func TestNarrowedQuantities(t *testing.T) {
	const held = `{"stream":"pixel","key":"F_cell","pixel":[685,1039],"sub":0,"source":0,"domain":0,"phi":0,"values":[190.27]}
{"stream":"pixel","key":"I_before_scaling","pixel":[685,1039],"values":[943654.80923755]}
{"stream":"pixel","key":"I_pixel_final","pixel":[685,1039],"values":[2.88139542684698e-07]}
{"stream":"pixel","key":"floatimage_accumulated","pixel":[685,1039],"values":[2.88139546000821e-07]}
`
	note := func(names string) string {
		return `{"stream":"note","key":"narrowed","text":" quantities=` + names + `"}` + "\n"
	}
	const names = "F_cell,I_before_scaling,I_pixel_final,floatimage_accumulated"
	for _, c := range []struct {
		text string
		code int
	}{{held, exitDiverged}, {note(names) + held, exitMatch}, {note(names+",r_e_sqr") + held, exitDiverged}} {
		path := filepath.Join(t.TempDir(), "got.log")
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if code, out, errs := cmdline(t, recorded, path); code != c.code {
			t.Errorf("exit %d, want %d, of\n%s%s\n%s", code, c.code, c.text, out, errs)
		}
	}
}

// TestProbeDoc: what docs/probe.md shows a newcomer is what comes out.
func TestProbeDoc(t *testing.T) {
	testkit.NotUnderRace(t)
	needPrograms(t, "gdb", "gcc", "python3")
	doc := testkit.File(t, "../../docs/probe.md")
	dir := t.TempDir()
	for name, title := range map[string]string{"spring.c": "// ", "spring.py": "# ", "c.yaml": "# ", "py.yaml": "# "} {
		text := title + name + "\n" + documentBlock(t, doc, title+name)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("gcc", "-Og", "-g", "-o", "spring", "spring.c")
	cmd.Dir = dir
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	for _, args := range [][]string{{"probe", "--quiet", "c.yaml"}, {"--ref-probe", "c.yaml", "--got-probe", "py.yaml"}} {
		command := "    $ tracecmp " + strings.Join(args, " ") + "\n"
		_, shown, found := strings.Cut(doc, command)
		if !found {
			t.Fatalf("docs/probe.md has no %s", command)
		}
		_, out, errs := inFolder(t, dir, args...)
		for line := range strings.Lines(shown) {
			if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "$ ") {
				break
			}
			if line != "…" && !strings.Contains(out, line) {
				t.Errorf("docs/probe.md shows %s, which is not printed:\n%s%s", line, out, errs)
			}
		}
	}
}

// documentBlock is the indented lines below a line, up to the next blank one.
func documentBlock(t *testing.T, document, start string) string {
	t.Helper()
	_, text, found := strings.Cut(document, "\n    "+start+"\n")
	if !found {
		t.Fatalf("the document has no %q", start)
	}
	text, _, _ = strings.Cut(text, "\n\n")
	return strings.TrimPrefix(strings.ReplaceAll("\n"+text, "\n    ", "\n"), "\n") + "\n"
}
