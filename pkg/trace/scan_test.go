package trace

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simtrace/pkg/trace/schema"
)

// shownPieces lists where blocks begin: "line: at" each.
func shownPieces(list []Piece) string {
	var out []string
	for _, p := range list {
		out = append(out, fmt.Sprintf("%d%v", p.Line+1, p.At))
	}
	return strings.Join(out, " ")
}

// checkPieces holds what is true of every index: the pieces cover the log, and
// each begins at a line of the number that it says.
func checkPieces(t testing.TB, text string, x *Index, list []Piece) {
	t.Helper()
	if len(list) == 0 || list[0].Off != 0 || list[0].Line != 0 || x.Size != int64(len(text)) {
		t.Fatalf("the pieces do not begin with the log: %+v", list)
	}
	lines := strings.Count(text, "\n")
	if text != "" && text[len(text)-1] != '\n' {
		lines++
	}
	if x.Lines != int64(lines) {
		t.Fatalf("%d lines, counted %d", x.Lines, lines)
	}
	before := 0
	for i, p := range list {
		if p.Off > x.Size || i > 0 && p.Off < list[i-1].Off {
			t.Fatalf("piece %d begins at byte %d of %d, behind %+v", i, p.Off, x.Size, list[max(i-1, 0)])
		}
		if p.Off > 0 && text[p.Off-1] != '\n' {
			t.Fatalf("piece %d, %+v, begins within a line", i, p)
		}
		if i > 0 {
			before += strings.Count(text[list[i-1].Off:p.Off], "\n")
		}
		if before != int(p.Line) {
			t.Fatalf("piece %d begins behind %d lines, and says %d", i, before, p.Line)
		}
	}
}

const (
	setupLine  = "TRACE_C:ratio=1\n"
	otherSetup = "TRACE_C:distance_m=2\n"
	sampleLine = "TRACE_C: fdet_vec 0 0 1\n"
	stepsLine  = "TRACE_C: steps 1\n"
	finalLine  = "TRACE_C: I_pixel_final 5\n"
)

func pixelLine(slow, fast int) string {
	return fmt.Sprintf("TRACE_CONFIG: tracing pixel (spixel=%d, fpixel=%d)\n", slow, fast)
}

func TestScan(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"nothing", "", "1[0 -1 -1]"},
		{"noise", "0% done\nno trace\n", "1[0 -1 -1]"},
		{"a setup", setupLine + otherSetup, "1[0 -1 -1]"},
		{"announced pixels", setupLine + pixelLine(1, 2) + sampleLine + stepsLine + pixelLine(3, 4) + sampleLine, "1[0 -1 -1] 2[0 1 2] 5[0 3 4]"},
		{"announced by a port", setupLine + "  Tracing pixel (slow=1, fast=2)\n" + sampleLine, "1[0 -1 -1] 2[0 1 2]"},
		{"announced twice before its lines", "Tracing pixel (slow=1, fast=2)\n" + pixelLine(1, 2) + sampleLine, "1[0 -1 -1] 1[0 1 2]"},
		{"the same pixel again", pixelLine(1, 2) + sampleLine + pixelLine(1, 2) + sampleLine, "1[0 -1 -1] 1[0 1 2] 3[0 1 2]"},
		{"one pixel without a name", setupLine + sampleLine + sampleLine + stepsLine, "1[0 -1 -1] 2[0 -1 0]"},
		{"pixels without names", setupLine + sampleLine + stepsLine + sampleLine + stepsLine + sampleLine, "1[0 -1 -1] 2[0 -1 0] 4[0 -1 1] 6[0 -1 2]"},
		{"pixels of their results alone", stepsLine + finalLine + stepsLine + finalLine, "1[0 -1 -1] 1[0 -1 0] 3[0 -1 1]"},
		{"rows alone", "TRACE_C_PHI phi_tic=0 phi_deg=0\nTRACE_C_PHI phi_tic=0 phi_deg=0\n", "1[0 -1 -1] 1[0 -1 0]"},
		{"sources behind the block", sampleLine + stepsLine + "TRACE_PY_SOURCE 1: polar 1\n", "1[0 -1 -1] 1[0 -1 0]"},
		{"runs of one pixel each", setupLine + pixelLine(1, 2) + sampleLine + setupLine + otherSetup + pixelLine(1, 2) + sampleLine,
			"1[0 -1 -1] 2[0 1 2] 4[1 -1 -1] 6[1 1 2]"},
		{"runs without names", setupLine + sampleLine + stepsLine + setupLine + sampleLine + stepsLine, "1[0 -1 -1] 2[0 -1 0] 4[1 -1 -1] 5[1 -1 0]"},
		{"a banner before the second run", setupLine + pixelLine(1, 2) + sampleLine + "\nnanoBragg simulator\n cells\n" + setupLine + sampleLine,
			"1[0 -1 -1] 2[0 1 2] 4[1 -1 -1] 8[1 -1 0]"},
		{"a setup printed twice before any pixel", setupLine + setupLine + sampleLine, "1[0 -1 -1] 3[0 -1 0]"},
		{"a pixel named before its run's setup", pixelLine(1, 2) + setupLine + sampleLine + pixelLine(3, 4) + setupLine + sampleLine,
			"1[0 -1 -1] 1[0 1 2] 4[0 3 4] 5[1 3 4]"},
		{"more of the setup behind the pixel", setupLine + pixelLine(1, 2) + sampleLine + otherSetup, "1[0 -1 -1] 2[0 1 2]"},
		{"JSON", `{"stream":"setup","key":"ratio","values":[1]}` + "\n" + `{"stream":"pixel","key":"steps","pixel":[1,2],"values":[1]}` + "\n" +
			`{"stream":"pixel","key":"steps","pixel":[1,3],"values":[1]}` + "\n" + `{"stream":"setup","key":"ratio","values":[1]}` + "\n", "1[0 -1 -1] 2[0 1 2] 3[0 1 3] 4[1 -1 -1]"},
		{"JSON of Python", `{"stream": "pixel", "key": "steps", "pixel": [1, 2], "values": [1]}` + "\n" + `{"stream": "pixel", "key": "steps", "pixel" : [ 1 , 3 ], "values": [1]}` + "\n",
			"1[0 -1 -1] 1[0 1 2] 2[0 1 3]"},
		{"JSON with the word as a value", `{"stream":"tap","key":"pixel","tag":"T","pixel":[1,2],"values":[1]}` + "\n", "1[0 -1 -1] 1[0 1 2]"},
		{"carriage returns", "x\rTracing pixel (slow=1, fast=2)\r" + sampleLine, "1[0 -1 -1] 1[0 1 2]"},
		{"CRLF", strings.ReplaceAll(setupLine+pixelLine(1, 2)+sampleLine+pixelLine(3, 4)+sampleLine, "\n", "\r\n"), "1[0 -1 -1] 2[0 1 2] 4[0 3 4]"},
		{"no final newline", setupLine + pixelLine(1, 2) + "TRACE_C: fdet_vec 0 0", "1[0 -1 -1] 2[0 1 2]"},
		{"glued behind a warning", setupLine + "WARNING: no more warnings! TRACE_C: F_cell 190.27\n", "1[0 -1 -1] 2[0 -1 0]"},
		{"prose", "The TRACE_C_PHI rows come last\n    print(f\"TRACE_PY: F_cell {F_cell}\")\nTRACE_C_TAP5=1 ./nanoBragg\nRETRACE_C: F_cell 1\n" + setupLine, "1[0 -1 -1]"},
		{"source code with a pixel", "print(f\"Tracing pixel (slow={s}, fast={f})\")\n", "1[0 -1 -1]"},
		{"a brightest pixel", sampleLine + "Brightest pixel: (1, 2) [slow, fast]\n", "1[0 -1 -1] 1[0 -1 0]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			x, list := scanned(t, Text(c.in, "t.log"), NewNames(schema.NanoBragg()), Options{})
			checkPieces(t, c.in, x, list)
			if got := shownPieces(list); got != c.want {
				t.Errorf("%q\n got %s\nwant %s", c.in, got, c.want)
			}
			if runs := int(list[len(list)-1].At[0]) + 1; x.Runs != runs {
				t.Errorf("%d runs, the last piece is of run %d", x.Runs, runs)
			}
		})
	}
}

func TestScanSteps(t *testing.T) {
	sch := readSchema(t, "prefixes: [DBG]\nindex: [step, cell]\nquantities: [{name: v}, {name: total, per: run}]\n")
	free := readSchema(t, "index: [step]\nquantities: [{name: v}]\n")
	none := readSchema(t, "quantities: [{name: v}]\n")
	for _, c := range []struct {
		name, in, want string
		sch            *schema.Schema
	}{
		{"steps", "DBG total 3\nDBG step 1\nDBG v 5\nDBG step 2\nDBG v 6\n", "1[-1 -1 -1] 2[1 -1 -1] 4[2 -1 -1]", sch},
		{"inner keys begin nothing", "DBG step 1\nDBG cell 1\nDBG v 5\nDBG cell 2\nDBG v 6\n", "1[-1 -1 -1] 1[1 -1 -1]", sch},
		{"the step in every line", "DBG step=1 cell=1 v=5\nDBG step=1 cell=2 v=6\nDBG step=2 cell=1 v=7\n", "1[-1 -1 -1] 1[1 -1 -1] 3[2 -1 -1]", sch},
		{"without the prefix it is noise", "step 1\nDBG v 5\n", "1[-1 -1 -1]", sch},
		{"behind a rank", "[rank 3] DBG step 1\nDBG v 5\n", "1[-1 -1 -1] 1[1 -1 -1]", sch},
		{"a word that holds the key", "steps 9\nstepsize 3\nv 5\n", "1[-1 -1 -1]", free},
		{"several ways of writing", "step 1\nv 5\nstep: 2\nv 5\nstep = 3\nv 5\nstep # 4\nv 5\nstep 5.0\nv 5\n",
			"1[-1 -1 -1] 1[1 -1 -1] 3[2 -1 -1] 5[3 -1 -1] 7[4 -1 -1] 9[5 -1 -1]", free},
		{"words for steps", "step first\nv 5\nstep second\nv 6\nstep first\nv 7\n",
			"1[-1 -1 -1] 1[1073741824 -1 -1] 3[1073741825 -1 -1] 5[1073741824 -1 -1]", free},
		{"no index", "v 5\nv 6\n", "1[-1 -1 -1]", none},
	} {
		t.Run(c.name, func(t *testing.T) {
			x, list := scanned(t, Text(c.in, "t.log"), NewNames(c.sch), Options{})
			checkPieces(t, c.in, x, list)
			if got := shownPieces(list); got != c.want {
				t.Errorf("%q\n got %s\nwant %s", c.in, got, c.want)
			}
		})
	}
}

// TestScanDecidesTheDecimalMark: a comma is one only between two digits without
// a blank, in a log whose numbers have no point and that no list explains.
func TestScanDecidesTheDecimalMark(t *testing.T) {
	free := readSchema(t, "index: [step]\nquantities: [{name: v}]\n")
	for in, want := range map[string]bool{
		"step 1\nv 0,5\nv 1,25e-3\n":   true,
		"v 0,5\nv 1.5\n":               false, // it has points
		"v [1,2,3]\n":                  false, // a list
		"v 1,2,3\n":                    false,
		"v 1, 2, 3\n":                  false,
		"v 5\n":                        false,
		"v 0,5; 1,5; 2,5\n":            true, // another separator
		"v 0,5\t1,5\n":                 true,
		"v 1,234,567\n":                false,
		"v 0,5\nv 1,2,3\n":             false,
		"v 1,5; 2,5\nw [1,2,3]\n":      true,
		"v 5,\nv ,5\nhello, world\n":   false,
		"v 1,5\n# version 2.1 of it\n": false, // a point between digits is one, whatever it says
	} {
		x, _ := scanned(t, Text(in, "t.log"), NewNames(free), Options{})
		if x.Comma != want {
			t.Errorf("%q: a decimal comma is %v", in, x.Comma)
		}
	}
	for in, want := range map[string]bool{
		"TRACE_C: F_cell 0,5\n":                       true,
		"TRACE_C: F_cell 0,5\nTRACE_C: F_latt 1.5\n":  false,
		"TRACE_C: F_cell 0,5\nversion 2.1\n":          true, // the numbers of traces count
		"TRACE_C: hkl_frac 1,2,3\n":                   false,
		"TRACE_C: hkl_frac 1,5 2,5 3,5\n":             true,
		"TRACE_PY_TRICUBIC: [0,1,2]=3\nnothing 0,5\n": false,
	} {
		x, _ := scanned(t, Text(in, "t.log"), NewNames(schema.NanoBragg()), Options{})
		if x.Comma != want {
			t.Errorf("%q: a decimal comma is %v", in, x.Comma)
		}
	}
}

// TestScanLongLines: lines of over a megabyte are scanned by their beginning, and
// what follows stands where it stands.
func TestScanLongLines(t *testing.T) {
	long := strings.Repeat("x", 3*scanChunk/2)
	for _, c := range []struct{ name, in, want string }{
		{"noise", setupLine + long + "\n" + pixelLine(1, 2) + sampleLine, "1[0 -1 -1] 3[0 1 2]"},
		{"without an end", setupLine + pixelLine(1, 2) + long, "1[0 -1 -1] 2[0 1 2]"},
		{"at the front", long + "\n" + long + "\n" + pixelLine(1, 2) + sampleLine, "1[0 -1 -1] 3[0 1 2]"},
		{"the last trace before a run", setupLine + pixelLine(1, 2) + sampleLine + "TRACE: " + long + "\nbanner\n" + setupLine, "1[0 -1 -1] 2[0 1 2] 5[1 -1 -1]"},
		{"it names a pixel", strings.TrimSuffix(pixelLine(1, 2), "\n") + long + "\n" + sampleLine, "1[0 -1 -1] 1[0 1 2]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			x, list := scanned(t, Text(c.in, "t.log"), NewNames(schema.NanoBragg()), Options{})
			checkPieces(t, c.in, x, list)
			if got := shownPieces(list); got != c.want {
				t.Errorf("got %s\nwant %s", got, c.want)
			}
		})
	}
}

// TestScanByChunks: where chunks end does not matter.
func TestScanByChunks(t *testing.T) {
	text := string(manyPixels(t, 700)) // 3 MB and more
	x, list := scanned(t, Text(text, "t.log"), NewNames(schema.NanoBragg()), Options{})
	checkPieces(t, text, x, list)
	if len(list) != 701 || x.Size < 2*scanChunk {
		t.Fatalf("%d pieces of %d bytes", len(list), x.Size)
	}
	for i, p := range list[1:] {
		if want := (BlockAt{0, int32(i / 2463), int32(i % 2463)}); p.At != want {
			t.Fatalf("piece %d is at %v", i, p.At)
		}
	}
}

func TestScanEndsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	src := Text(string(manyPixels(t, 2)), "t.log")
	if _, err := Scan(ctx, src, NewNames(schema.NanoBragg()), Options{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if _, _, err := ScanBoth(ctx, [2]*Source{src, src}, NewNames(schema.NanoBragg()), [2]Options{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// checkBoth holds the scan of two logs together against that of each.
func checkBoth(t testing.TB, sch *schema.Schema, text [2]string, opt [2]Options) (equal int64) {
	t.Helper()
	names := NewNames(sch)
	src := [2]*Source{Text(text[0], "a.log"), Text(text[1], "b.log")}
	both, equal, err := ScanBoth(context.Background(), src, names, opt)
	if err != nil {
		t.Fatal(err)
	}
	if equal > 0 && text[0][:equal] != text[1][:equal] {
		t.Fatalf("%d bytes are said to be equal", equal)
	}
	for side, x := range both {
		alone, want := scanned(t, src[side], names, opt[side])
		got := pieces(x)
		if !slices.Equal(want, got) { // cmp.Diff of a hundred thousand pieces takes seconds
			t.Fatalf("log %d, together (+) and alone (-): %s", side, cmp.Diff(want, got))
		}
		if diff := cmp.Diff([4]any{alone.Size, alone.Lines, alone.Runs, alone.Comma}, [4]any{x.Size, x.Lines, x.Runs, x.Comma}); diff != "" {
			t.Fatalf("log %d: %s", side, diff)
		}
		checkPieces(t, text[side], x, got)
	}
	return equal
}

// TestScanBothRows: after a common beginning of rows of numbers, each log of a
// program that nobody described goes on alone, and shares no room with the other.
func TestScanBothRows(t *testing.T) {
	var text [2]strings.Builder
	for side := range text {
		text[side].WriteString("Step Temp PotEng\n")
		for i := range 90000 {
			step := i
			if i >= 60000 && side == 1 {
				step += 1000000
			}
			fmt.Fprintf(&text[side], "%d %d.5 -4.48215%d\n", step, 300+i%7, i%10)
		}
	}
	free, _, err := Infer(context.Background(), [2]*Source{Text(text[0].String(), "a.log"), Text(text[1].String(), "b.log")})
	if err != nil || len(free.Index) != 1 {
		t.Fatal(free, err)
	}
	if equal := checkBoth(t, free, [2]string{text[0].String(), text[1].String()}, [2]Options{}); equal < scanChunk/2 {
		t.Fatalf("only %d bytes are equal", equal)
	}
}

// TestScanBoth: two logs of any common beginning.
func TestScanBoth(t *testing.T) {
	text := string(manyPixels(t, 600))
	half := strings.Index(text, "spixel=0, fpixel=300")
	for name, pair := range map[string][2]string{
		"the same":                {text, text},
		"one goes on":             {text, text[:half]},
		"one is cut in a line":    {text, text[:half+7]},
		"they part":               {text, text[:half] + "TRACE_C: steps 5\n" + text[half:]},
		"they part at the end":    {text, text[:len(text)-2] + "9\n"},
		"nothing in common":       {text, "noise\n"},
		"one is empty":            {text, ""},
		"both are":                {"", ""},
		"another run in one":      {text + text, text},
		"no newline in either":    {text[:half+9], text[:half+9]},
		"a long line":             {strings.Repeat("x", 3<<20) + "\n" + text, strings.Repeat("x", 3<<20) + "\n" + text},
		"commas behind the chunk": {text, text[:half] + "TRACE_C: steps 5,5\n"},
	} {
		t.Run(name, func(t *testing.T) {
			equal := checkBoth(t, schema.NanoBragg(), pair, [2]Options{})
			if name == "the same" && equal != int64(len(text)) || strings.HasPrefix(name, "they part at") && equal < scanChunk/2 {
				t.Errorf("%d bytes of %d are scanned once", equal, len(text))
			}
			checkBoth(t, schema.NanoBragg(), [2]string{pair[1], pair[0]}, [2]Options{})
		})
	}
	// Under other names the same lines are others: "mine" begins a run in one log.
	renamed := [2]string{strings.Repeat("TRACE_C: mine 1\n"+sampleLine, 3), strings.Repeat("TRACE_C: mine 1\n"+sampleLine, 3)}
	checkBoth(t, schema.NanoBragg(), renamed, [2]Options{{}, {Rename: map[string]string{"mine": "ratio"}}})
	steps := strings.Repeat("step 1\nv 2\nstep 2\nv word\n", 9)
	checkBoth(t, readSchema(t, "index: [step]\nquantities: [{name: v}]\n"), [2]string{steps, steps + "step 3\n"}, [2]Options{})
}

// freeSchema is what is found out of a log of steps of which nothing is known.
func freeSchema(t testing.TB) *schema.Schema {
	t.Helper()
	log := ""
	for i := range 9 {
		log += fmt.Sprintf("step %d\nv = %d.5\n", i, i*i)
	}
	s, _, err := Infer(context.Background(), [2]*Source{Text(log, "a.log"), Text(log, "b.log")})
	if err != nil || len(s.Index) != 1 {
		t.Fatal(s, err)
	}
	return s
}

// TestScanBothOfAnyProgram: logs of which nothing is known are scanned together as
// each alone, a table's head and a heading before the parting included.
func TestScanBothOfAnyProgram(t *testing.T) {
	var b strings.Builder
	for i := range 9000 {
		fmt.Fprintf(&b, "step %d\nforces:\n  x = %d.5 N\n%s\n", i, i, strings.Repeat("word ", 30))
	}
	text := b.String()
	for _, at := range []int{len(text), scanChunk + 17, scanChunk - 5, len(text) - 3, 9} {
		checkBoth(t, freeSchema(t), [2]string{text, text[:at] + "9\nstep 99\n" + text[at:]}, [2]Options{})
	}
	_, list := scanned(t, Text(text, "a.log"), NewNames(freeSchema(t)), Options{})
	if len(list) != 9001 {
		t.Errorf("%d pieces of 9000 steps", len(list))
	}
}

// FuzzScan: pieces keep their promises, whatever the text; of two logs together
// as of each alone; and the reader finds the pixels where the scan puts them.
func FuzzScan(f *testing.F) {
	f.Add(setupLine+pixelLine(1, 2)+stepsLine+"Pixel (3, 4) [slow, fast]\n"+stepsLine, pixelLine(1, 2)+stepsLine)
	f.Add("x\rTracing pixel (slow=1, fast=2)\n"+stepsLine+setupLine, setupLine+sampleLine+stepsLine+sampleLine+stepsLine+setupLine)
	f.Add(`{"stream":"pixel","key":"steps","pixel":[1,2],"values":[1]}`+"\n"+pixelLine(1, 2)[:40]+" TRACE_C: steps 3\n", "step 3\nv 1,5\nstep 4\nv 7\n")
	f.Add("DBG step=1 v=5\nDBG step=2 v [1\n 2]\n", "step 1 v=5\n\nstep= x\n")
	steps := readSchema(f, "index: [step]\nquantities: [{name: v}]\n")
	free := freeSchema(f)
	f.Fuzz(func(t *testing.T, a, b string) {
		for _, sch := range []*schema.Schema{schema.NanoBragg(), steps, free} {
			for _, pair := range [][2]string{{a, b}, {a, a + b}, {a + b, a}, {a + b, a + a}} {
				pair[0], pair[1] = strings.TrimPrefix(pair[0], "\ufeff"), strings.TrimPrefix(pair[1], "\ufeff")
				checkBoth(t, sch, pair, [2]Options{})
			}
		}
		checkRead(t, a)
		checkRead(t, a+b)
	})
}

// checkRead: records of lines are in the run and pixel of their piece.
func checkRead(t testing.TB, text string) {
	t.Helper()
	src, names := Text(text, "a.log"), NewNames(schema.NanoBragg())
	text = strings.TrimPrefix(text, "\ufeff")
	x, list := scanned(t, src, names, Options{})
	r := NewReader(src, names, Options{})
	for i, p := range list {
		b := byLines(r, p.At.Coord(names.Schema), linesOf(text, x, list, i), int(p.Line), i+1 == len(list))
		checkUniqueNumbered(t, b)
		for _, rec := range b.Records {
			if rec.At[schema.Run] != p.At[0] {
				t.Fatalf("%+v is in the piece %+v", rec, p)
			}
			if rec.Stream != SetupStream && p.At.Named() && rec.At[schema.Slow] != p.At[1] && !strings.Contains(text, jsonStart) {
				t.Fatalf("%+v is in the piece %+v", rec, p)
			}
		}
	}
}

func checkUniqueNumbered(t testing.TB, b *Block) {
	t.Helper()
	Number(b.Records)
	checkUnique(t, b.Records)
}

// TestIndexPacking: pieces come back from their packed form, in any order.
func TestIndexPacking(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for _, n := range []int{0, 1, chunkPieces - 1, chunkPieces, chunkPieces + 1, 5*chunkPieces + 17} {
		x, want := &Index{Size: 1 << 40}, []Piece(nil)
		var p Piece
		for range n {
			p.Off += r.Int64N(1 << r.IntN(36))
			p.Line += r.Int64N(1 << r.IntN(20))
			for i := range p.At {
				switch r.IntN(4) {
				case 0:
					p.At[i] = int32(r.Uint32()) // any, the smallest and the largest among them
				case 1:
					p.At[i]++
				}
			}
			x.add(p)
			want = append(want, p)
		}
		x.pack()
		if x.Len() != n {
			t.Fatalf("%d pieces of %d", x.Len(), n)
		}
		if n == 0 {
			continue
		}
		if diff := cmp.Diff(want, pieces(x)); diff != "" {
			t.Fatalf("%d pieces: %s", n, diff)
		}
		at, other := x.Cursor(), x.Cursor()
		for range 2000 {
			i := r.IntN(n)
			end := x.Size
			if i+1 < n {
				end = want[i+1].Off
			}
			if got := at.At(i); got != want[i] || at.End(i) != end {
				t.Fatalf("piece %d of %d is %+v to %d, want %+v to %d", i, n, got, at.End(i), want[i], end)
			}
			if k := n - 1 - i; other.At(k) != want[k] {
				t.Fatalf("piece %d of %d by another cursor", k, n)
			}
		}
	}
}

// TestIndexIsSmall: the pieces of a log of pixels in order cost few bytes.
func TestIndexIsSmall(t *testing.T) {
	x := &Index{}
	const n = 100000
	for i := range n {
		x.add(Piece{Off: int64(i) * 3300, Line: int64(i) * 49, At: BlockAt{0, int32(i / 2463), int32(i % 2463)}})
	}
	x.pack()
	bytes := 0
	for _, c := range x.chunks {
		bytes += cap(c.data) + 64
	}
	if bytes > 8*n {
		t.Errorf("%.1f bytes a piece", float64(bytes)/n)
	}
}

func TestBlockAt(t *testing.T) {
	nano, steps := schema.NanoBragg(), readSchema(t, "index: [step]\nquantities: [{name: v}]\n")
	for _, c := range []struct {
		at           BlockAt
		sch          *schema.Schema
		want         schema.Coord
		setup, named bool
	}{
		{setupAt(3), nano, schema.Coord{3, -1, -1, -1, -1, -1, -1, -1}, true, false},
		{BlockAt{1, 5, 6}, nano, schema.Coord{1, 5, 6, -1, -1, -1, -1, -1}, false, true},
		{BlockAt{1, -1, 0}, nano, schema.Coord{1, -1, -1, -1, -1, -1, -1, -1}, false, false},
		{BlockAt{1, -1, 4}, nano, schema.Coord{1, -1, 4, -1, -1, -1, -1, -1}, false, false},
		{BlockAt{7, -1, -1}, steps, schema.Coord{7, -1, -1, -1, -1, -1, -1, -1}, true, false},
	} {
		if diff := cmp.Diff(c.want, c.at.Coord(c.sch)); diff != "" || c.at.Setup() != c.setup || c.at.Named() != c.named {
			t.Errorf("%v: %s, setup %v, named %v", c.at, diff, c.at.Setup(), c.at.Named())
		}
	}
}
