package trace

import (
	"fmt"
	"strings"
	"testing"

	"simtrace/internal/testkit"
)

// sketch prints a record short enough for tables: stream, key (in braces where
// the schema knows it), values as printed, text.
func sketch(r *Record) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s ", r.Stream)
	if r.Key != 0 {
		fmt.Fprintf(&b, "{%s}", r.Name)
	} else {
		b.WriteString(r.Name)
	}
	for _, v := range r.Values {
		b.WriteByte(' ')
		if v.Name != "" {
			b.WriteString(v.Name + ":")
		}
		b.WriteString(v.Text)
	}
	if r.Text != "" {
		fmt.Fprintf(&b, " %q", r.Text)
	}
	return b.String()
}

func sketches(log *Log) string {
	var lines []string
	for i := range log.Records {
		lines = append(lines, sketch(&log.Records[i]))
	}
	for _, p := range log.Problems {
		lines = append(lines, fmt.Sprintf("! %d %s: %s", p.Pos.Line, p.Kind, p.Why))
	}
	return strings.Join(lines, "\n")
}

func readString(t testing.TB, s string) *Log {
	t.Helper()
	log, err := Read(strings.NewReader(s), "t.log")
	if err != nil {
		t.Fatal(err)
	}
	return log
}

var grammars = []struct{ name, in, want string }{
	{"setup", "TRACE_C:fdet_after_rotz=0 0 1", "setup {fdet_after_rotz} 0 0 1"},
	{"setup of a port, as a pixel line", "TRACE_PY: fdet_after_rotz 0 0 1", "setup {fdet_after_rotz} 0 0 1"},
	{"pixel key, as a setup line", "TRACE_PY:fdet_vec=0 0 1", "pixel {fdet_vec} 0 0 1"},
	{"pixel", "TRACE_C: R_distance_meters 0.25", "pixel {R_distance_meters} 0.25"},
	{"any dialect", "TRACE_RS: R_distance_meters 0.25", "pixel {R_distance_meters} 0.25"},
	{"alias", "TRACE_C: fluence 1e24", "pixel {fluence} 1e24"},
	{"fields", "TRACE_C:angles_rad=rotx:0 roty:-0.5 rotz:0 twotheta:1e-3",
		"setup {angles_rad} rotx:0 roty:-0.5 rotz:0 twotheta:1e-3"},
	{"matrix", "TRACE_C:Rx=[1 0 0; 0 1 -0; 0 0 1]", "setup {Rx} 1 0 0 0 1 -0 0 0 1"},
	{"bracket vector, commas", "TRACE_PY: fdet_vec [0.5, -1, 2.]", "pixel {fdet_vec} 0.5 -1 2."},
	{"bracket vector, blanks", "TRACE_PY:fdet_vec=[ 0.5  -1   2. ]", "pixel {fdet_vec} 0.5 -1 2."},
	{"tuple", "TRACE_PY: fdet_vec (1, 2, 3)", "pixel {fdet_vec} 1 2 3"},
	{"assignment", "TRACE_PY: F_cell = 300.5", "pixel {F_cell} 300.5"},
	{"unit", "TRACE_PY: R_distance_meters 0.25 meters", `pixel {R_distance_meters} 0.25 "meters"`},
	{"words", "TRACE_C:detector_convention=CUSTOM", `setup {detector_convention} "CUSTOM"`},
	{"words with arrows", "TRACE_C:convention_mapping=Fbeam←Ybeam_mm(+0.5px),beam_vec=[1 0 0]",
		`setup {convention_mapping} "Fbeam←Ybeam_mm(+0.5px),beam_vec=[1 0 0]"`},
	{"not extracted", "TRACE_PY: F_cell NOT_EXTRACTED", `pixel {F_cell} "NOT_EXTRACTED"`},
	{"unknown key", "TRACE_PY: airpath 0.5", "pixel airpath 0.5"},
	{"unknown setup key", "TRACE_PY:pivot=SAMPLE (before rotations)", `setup pivot "SAMPLE (before rotations)"`},
	{"odd key", "TRACE_C: -Fbeam*fdet_vector[0] -0.5", "pixel -Fbeam*fdet_vector[0] -0.5"},
	{"named vectors", "TRACE_C:cell=a:[1 2 3] b:[4 5 6]", "setup cell a:1 a:2 a:3 b:4 b:5 b:6"},
	{"not a number, infinity", "TRACE_C: hkl_frac -nan -inf nan", "pixel {hkl_frac} -nan -inf nan"},
	{"phi row", "TRACE_C_PHI phi_tic=3 phi_deg=0.03 k_frac=-0.5 F_latt_b=1 F_latt=2 S_x=7",
		"phi {phi_deg} 0.03\nphi {k_frac} -0.5\nphi {F_latt_b} 1\nphi {F_latt} 2\nphi S_x 7"},
	{"source, number in the tag", "TRACE_C_SOURCE2: lambda_angstroms 6.2", "source {lambda_angstroms} 6.2"},
	{"source, number behind", "TRACE_PY_SOURCE 1: source_direction 0 0 1", "source {source_direction} 0 0 1"},
	{"tricubic", "TRACE_PY_TRICUBIC_GRID_START\nTRACE_PY_TRICUBIC: [0,1,2]=34.5\nTRACE_PY_TRICUBIC_GRID_END",
		"tricubic {tricubic_F[0,1,2]} 34.5"},
	{"tricubic coordinates", "TRACE_PY_TRICUBIC_K_COORDS: [-2.0, -1.0, 0.0, 1.0]", "tricubic {tricubic_k} -2.0 -1.0 0.0 1.0"},
	{"tap", "TRACE_C_TAP5: I_before_scaling 141520.5", "tap I_before_scaling 141520.5"},
	{"tap row", "TRACE_C_TAP5_HKL: subpixel=0 1 hkl_frac=-7.9 39.4 -39.4 h0=-8 out_of_bounds=0",
		"tap subpixel 0 1\ntap hkl_frac -7.9 39.4 -39.4\ntap h0 -8\ntap out_of_bounds 0"},
	{"tap pairs", "TRACE_C_HKL_BOUNDS: h_min -24 h_max 24", "tap h_min -24\ntap h_max 24"},
	{"tap tuples", "TRACE_C_OMEGA: pixel=(0,1) omega_sr=8.5e-09", "tap pixel 0 1\ntap omega_sr 8.5e-09"},
	{"rotated stars", "TRACE_PY_ROTSTAR phi_tic=2 ap_y=-21.5 bp_y=0.7", "tap ap_y -21.5\ntap bp_y 0.7"},
	{"note of a tap", "TRACE_PY_BASE: Loaded the matrix", `note Loaded the matrix " Loaded the matrix"`},
	{"heading", "TRACE: Raw matrix values:\nTRACE:   a_star (raw) = [-1, 2.5, 3]",
		`note Raw matrix values " Raw matrix values:"` + "\n" +
			`note Raw matrix values / a_star (raw) -1 2.5 3 "   a_star (raw) = [-1, 2.5, 3]"`},
	{"heading in heading", "TRACE: A:\nTRACE:   B:\nTRACE:     c = 1\nTRACE:   d = 2\nTRACE: e = 3",
		`note A " A:"` + "\n" + `note A / B "   B:"` + "\n" + `note A / B / c 1 "     c = 1"` + "\n" +
			`note A / d 2 "   d = 2"` + "\n" + `note e 3 " e = 3"`},
	{"note with a norm and a unit", "TRACE:   a0 = [-1e-09, 2, 3] |a0| = 2.5e-09 meters",
		`note a0 -1e-09 2 3 |a0|:2.5e-09 "   a0 = [-1e-09, 2, 3] |a0| = 2.5e-09 meters"`},
	{"note with a formula", "TRACE: Direct-space cell volume: V_cell = 1/V_star = 24682.3",
		`note Direct-space cell volume: V_cell 24682.3 " Direct-space cell volume: V_cell = 1/V_star = 24682.3"`},
	{"note of two", "TRACE:   V_cell = 24682.3, V_star = 4.05e-05",
		`note V_cell 24682.3 V_star:4.05e-05 "   V_cell = 24682.3, V_star = 4.05e-05"`},
	{"note without equals", "TRACE: hkl_rounded -1 13 0", `note hkl_rounded -1 13 0 " hkl_rounded -1 13 0"`},
	{"note of a port", "TRACE: Position (Å) = 5.0, 6.5, -5", `note Position (Å) 5.0 6.5 -5 " Position (Å) = 5.0, 6.5, -5"`},
	{"assignments behind a tag of quantities", "TRACE_PY:   a = [1, 2, 3] |a| = 3.7",
		`note a 1 2 3 |a|:3.7 "   a = [1, 2, 3] |a| = 3.7"`},
	{"JSON", `{"stream":"phi","key":"k_frac","pixel":[1,2],"phi":3,"values":["-inf"]}`, "phi {k_frac} -inf"},
	{"JSON of Python", `{"stream": "pixel", "key": "fdet_vec", "values": [0.0, -1.5e-3, 1]}`, "pixel {fdet_vec} 0.0 -1.5e-3 1"},
	{"CRLF", "TRACE_C: F_cell 1.5\r", "pixel {F_cell} 1.5"},
	{"indented", "   TRACE_C: F_cell 1.5", "pixel {F_cell} 1.5"},
	{"glued behind a warning", "WARNING: further warnings will not be printed! TRACE_C: F_cell 190.27", "pixel {F_cell} 190.27"},
	{"glued behind a progress bar", "  7%|#   |\r  8%|##  |\rTRACE_C: F_cell 2.5", "pixel {F_cell} 2.5"},
	{"glued behind a trace", "TRACE_C: F_latt_a 2 TRACE_C: F_latt_b 3", "pixel {F_latt_a} 2\npixel {F_latt_b} 3"},
	{"glued behind zero bytes", "\x00\x00\x00TRACE_C: F_cell 190.27", "pixel {F_cell} 190.27"},
	{"output of grep", "c.log:278:TRACE_C: F_cell 190.27", "pixel {F_cell} 190.27"},
	{"cut by the next", "TRACE_C: F_latt_a 2.3TRACE_C: F_latt_b 3",
		"pixel {F_latt_b} 3\n! 1 unparsed: cut short: another trace line follows on the same line"},
	{"prose", "The TRACE_C lines come first; TRACE_PY lines: 124.\nTRACE COMPARISON:\nRETRACE_C: F_cell 1", ""},
	{"source code", `    print(f"TRACE_PY: F_cell {F_cell:.15g}")`, ""},
	{"shell", "TRACE_C_TAP5=1 ./nanoBragg -cell 1 2 3\nTRACE_OUT=x.log", ""},
	{"foreign JSON", `{"type":"log","text":"stream"}`, ""},
	{"noise", "0% done\n  1% done\n\n\xff\xfe\x00\nphi0 = 0", ""},

	{"too few", "TRACE_C: fdet_vec 0 1", "! 1 unparsed: fdet_vec: 2 numbers where 3 belong"},
	{"too many", "TRACE_C: F_cell 1 2", "! 1 unparsed: F_cell: 2 numbers where 1 belong"},
	{"interleaved", "TRACE_C: F_cell 190.27% done", `! 1 unparsed: F_cell: not a number: "190.27%"`},
	{"broken number", "TRACE_C: F_cell 1.2.3", `! 1 unparsed: F_cell: not a number: "1.2.3"`},
	{"beyond a double", "TRACE_C: F_cell 1e999", "pixel {F_cell} 1e999"},
	{"no value", "TRACE_C: F_cell", "! 1 unparsed: no key with a value"},
	{"no value either", "TRACE_C:F_cell=", "! 1 unparsed: F_cell: no value"},
	{"nothing", "TRACE_C:", "! 1 unparsed: no key with a value"},
	{"words for numbers", "TRACE_C: F_cell three point five", `! 1 unparsed: F_cell: not a number: "three"`},
	{"unclosed", "TRACE_C:Rx=[1 0 0; 0 1 0; 0 0 1", "! 1 unparsed: Rx: a bracket is not closed"},
	{"unopened", "TRACE_C: fdet_vec 1 2 3]", "! 1 unparsed: fdet_vec: a bracket closes that was not opened"},
	{"unclosed note", "TRACE:   a = [1, 2, 3", "! 1 unparsed: a bracket is not closed"},
	{"row without index", "TRACE_C_PHI phi_deg=0.1 k_frac=1", "! 1 unparsed: no phi_tic"},
	{"row with a bad column", "TRACE_C_PHI phi_tic=0 phi_deg=0 k_frac=1.2.3 F_latt=2",
		"phi {phi_deg} 0\nphi {F_latt} 2\n" + `! 1 unparsed: k_frac: not a number: "1.2.3"`},
	{"bad cell", "TRACE_PY_TRICUBIC: [0,1]=3", "! 1 unparsed: no [i,j,k]=value"},
	{"bad config", "TRACE_CONFIG: tracing pixel", "! 1 unparsed: no pixel (spixel=, fpixel=)"},
	{"bad source", "TRACE_PY_SOURCE x: F_cell 1", "! 1 unparsed: no source number"},
	{"zero byte within", "TRACE_C: F_cell 19\x000.27", `! 1 unparsed: F_cell: not a number: "19\x000.27"`},
	{"bad UTF-8 within", "TRACE_C: F_cell 19\xff", `! 1 unparsed: F_cell: not a number: "19"`},
	{"bad JSON", `{"stream":"phi","key":"k_frac","values":[}`, `! 1 unparsed: JSON: not a number: ""`},
	{"JSON with a number less", `{"stream":"pixel","key":"fdet_vec","values":[1,2]}`, "! 1 unparsed: JSON: fdet_vec: 2 numbers where 3 belong"},
	{"JSON with a name less", `{"stream":"pixel","key":"fdet_vec","names":["x"],"values":[1,2,3]}`, "! 1 unparsed: JSON: 1 names for 3 values"},
	{"JSON with words for numbers", `{"stream":"pixel","key":"F_cell","values":["one"]}`, `! 1 unparsed: JSON: not a number: "one"`},
	{"JSON with a null", `{"stream":"pixel","key":"F_cell","values":[null]}`, `! 1 unparsed: JSON: not a number: "null"`},
	{"JSON without a key", `{"stream":"pixel","values":[1]}`, "! 1 unparsed: JSON: no key"},
	{"JSON without a value", `{"stream":"pixel","key":"F_cell"}`, "! 1 unparsed: JSON: neither values nor text"},
	{"JSON of another kind", `{"stream":"video","key":"k"}`, `! 1 unparsed: JSON: no such stream: "video"`},
}

func TestGrammars(t *testing.T) {
	for _, g := range grammars {
		t.Run(g.name, func(t *testing.T) {
			// A last newline of its own keeps the ending out of this test.
			got := sketches(readString(t, g.in+"\n"))
			if got != g.want {
				t.Errorf("%q\n got %s\nwant %s", g.in, got, g.want)
			}
		})
	}
}

// TestEveryGarbledLineIsTold: a line that starts with a tag and a colon is
// either records or a problem.
func TestEveryGarbledLineIsTold(t *testing.T) {
	for _, line := range strings.Split(testkit.File(t, "testdata/supervisor.log"), "\n") {
		for cut := range len(line) {
			log := readString(t, line[:cut]+"\n")
			silent := len(log.Records) == 0 && len(log.Problems) == 0
			structure := strings.HasPrefix(line, "TRACE_CONFIG") && cut == len(line)
			if strings.Contains(line[:cut], ":") && silent && !structure {
				t.Errorf("%q is neither a record nor a problem", line[:cut])
			}
		}
	}
}
