package trace

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simtrace/pkg/trace/schema"
)

// sampleLines are JSON lines as the simulator writes them, of so many samples.
func sampleLines(r *rand.Rand, samples int) string {
	var b strings.Builder
	b.WriteString(`{"stream":"setup","key":"close_distance_meters","unit":"m","values":[0.1]}` + "\n")
	for sub := range samples {
		at := fmt.Sprintf(`"pixel":[3,%d],"layer":0,"sub":%d`, 4+sub/40, sub)
		fmt.Fprintf(&b, `{"stream":"pixel","key":"hkl_frac",%s,"source":0,"domain":0,"phi":0,"values":[%.17g,%.17g,%.3e]}`+"\n", at, r.NormFloat64(), r.NormFloat64(), r.NormFloat64())
		fmt.Fprintf(&b, `{"stream":"pixel","key":"F_cell","unit":"electrons",%s,"values":[100],"at":"sim.c:%d"}`+"\n", at, 7+sub%2)
		for phi := range 2 {
			fmt.Fprintf(&b, `{"stream":"phi","key":"k_frac",%s,"phi":%d,"values":[%.17g]}`+"\n", at, phi, r.Float64())
		}
		fmt.Fprintf(&b, `{"stream":"tap","key":"my value","tag":"T","names":["x","y"],%s,"values":[%.6g,%d]}`+"\n", at, r.Float64(), r.IntN(9))
	}
	return b.String()
}

// otherJSON changes lines here and there so that they are others, or none.
func otherJSON(r *rand.Rand, text string) string {
	change := [][2]string{
		{`"sub":`, `"sub":0`}, {`"sub":`, `"sub":-`}, {`"sub":`, `"sub": `}, {`"values":[`, `"values":["nan",`}, {`"values":[`, `"values":[-`}, {`"values":[`, `"values":[1,`},
		{`"values":[`, `"values":[1.5D`}, {`"phi":0`, `"phi":0.5`}, {`"phi":1`, `"phi":99999999999`}, {`"pixel":[3`, `"pixel":[-1`}, {`]}`, `],"sub":1}`}, {`]}`, `]`}, {`,"layer":0`, ``}, {`frac`, `frac2`}, {`"x"`, `"z"`}, {`100`, `1e400`},
	}
	var out strings.Builder
	for line := range strings.Lines(text) {
		if r.IntN(12) == 0 {
			c := change[r.IntN(len(change))]
			line = strings.Replace(line, c[0], c[1], 1)
		}
		out.WriteString(line)
	}
	return out.String()
}

// TestJSONTemplates: JSON lines that are like one before are read as the parser reads
// them.
func TestJSONTemplates(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 28))
	for try := range 60 {
		text := sampleLines(r, 80)
		if try > 0 {
			text = otherJSON(r, text)
		}
		src, names, opt := Text(text, "a.jsonl"), NewNames(schema.NanoBragg()), Options{}
		if try%3 == 2 {
			opt.Shift[schema.Sub] = 1
		}
		quick, parsed := NewReader(src, names, opt), NewReader(src, names, opt)
		parsed.jsons.other = 1 << 30
		for _, reader := range []*Reader{quick, parsed} {
			reader.Begin(schema.Nowhere)
			reader.Read(text, 0, true)
		}
		if got, want := shown(quick.Block()), shown(parsed.Block()); got != want {
			t.Fatalf("by templates (+), parsed (-): %s", cmp.Diff(want, got))
		}
		if n := quick.jsons.known; try == 0 && n < 5*80-20 || n < 5*80/2 {
			t.Errorf("only %d of %d lines had a template", n, 5*80)
		}
		if parsed.jsons.known > 0 {
			t.Fatal("the parser was to read all lines")
		}
	}
}
