package doc

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/olekukonko/tablewriter/pkg/twwidth"

	"simtrace/internal/testkit"
)

var update = flag.Bool("update", false, "write the golden files anew")

// sample has a block of each kind, and text that a renderer may trip over.
func sample() *Document {
	table := Table{ID: "rows", Sort: true, Filter: &Filter{First: "bad", Choices: []Choice{{Name: "all", Text: "all"}, {Name: "bad", Text: "what differs", Kinds: []string{"bad"}}}},
		Columns: []Column{{Name: Of(Plain, "quantity"), Wide: true}, {Name: Of(Plain, "c.log"), Number: true}, {Name: Of(Plain, "py.log"), Number: true}, {Name: Of(Plain, "status"), Late: true}, {Name: Of(Plain, "at"), Place: true}},
		Rows: []Row{
			{ID: "row-1", Kind: "ok", Cells: []Text{Lit("fdet_vec"), Lit("0.99998"), Lit("0.99998"), Of(Good, "PASS"), Lit("c.log:1")}},
			{ID: "row-2", Kind: "bad", Keys: map[int]string{1: "-0.6"}, Cells: []Text{Lit("hkl_frac k of a name that is far too long"), {{Text: "-0.", Style: Mono}, {Text: "6073", Style: Differ}}, {{Text: "-0.", Style: Mono}, {Text: "5892", Style: Differ}}, Of(Bad, "CRITICAL"), Lit("c.log:2")}},
			{Kind: "bad", Cells: []Text{Lit("a|b`c<script>"), nil, Lit("\x1b[31mred"), Of(Warn, "MISSING"), nil}},
		}}
	return &Document{Marker: "<!-- marker -->", Badge: "DIVERGED", Title: Prose("DIVERGED, first at F_latt_b: 1 of 2 rows"),
		Lead: []Block{List{Items: Strings([]string{"rot_*_star differs (c.log:2)", "--nan equal lets <them> agree"})}, Tally{Parts: []Count{{1, "matched"}, {1, "diverged"}, {2, "rows"}}}},
		Body: []Block{
			Columns{
				Main: []Block{Heading{Level: 2, ID: "first", Text: Of(Plain, "First divergence")}, Paragraph{Text: Prose("A sentence that is long enough to be broken into several lines where a terminal is narrow, as many are.")},
					Card{Blocks: []Block{Heading{Level: 3, Text: Prose("1. phi-carryover")}, Paragraph{Text: Prose("Small print."), Soft: true}}}},
				Side: []Block{Heading{Level: 2, ID: "graph", Text: Of(Plain, "Graph")}, Figure{SVG: "<svg></svg>", File: "a b.svg", Alt: "k_frac against phi", ID: "plot", Keys: []Key{{"<svg></svg>", "C & port"}}}},
			},
			Heading{Level: 2, ID: "rows-of", Text: Of(Plain, "Rows")}, table,
			Fold{Summary: Of(Plain, "More <rows>"), Blocks: []Block{Code{Lines: []Line{{N: 1, Text: "x\t1"}, {N: 2, Text: "y <2>", Hit: true, ID: LineID("c.log:2")}}}}},
			Heading{Level: 2, ID: "next", Text: Of(Plain, "What next")}, Code{Copy: true, Lines: []Line{{Text: "tracecmp --ref 'a b.log' --got py.log --tolerance 1e-06 --schema schema.yaml"}}},
			Paragraph{Text: Join(Of(Plain, "See "), To("other.html", Of(Plain, "the other")), Of(Plain, " and "), To("javascript:alert(1)", Of(Plain, "this")), Picture([]byte("PNG"), `, a "picture"`))},
			Raw{HTML: "<p>raw</p>"},
		}}
}

// rendered are the forms of a document, by the names of their golden files.
func rendered(t *testing.T, d *Document) map[string]string {
	t.Helper()
	var md, page, narrow, wide, colour bytes.Buffer
	link := func(target string) string { return "file:///logs/" + target }
	if err := errors.Join(Markdown(&md, d), HTML(&page, d), Terminal(&narrow, d, Screen{Width: 60}), Terminal(&wide, d, Screen{}), Terminal(&colour, d, Screen{Width: 80, Colour: true, Link: link})); err != nil {
		t.Fatal(err)
	}
	return map[string]string{"sample.md": md.String(), "sample.html": page.String(), "narrow.txt": narrow.String(), "wide.txt": wide.String(), "colour.txt": colour.String()}
}

// TestGolden holds every byte of a document with all kinds of blocks. "go test
// ./internal/doc -update" writes the files anew.
func TestGolden(t *testing.T) {
	for name, got := range rendered(t, sample()) {
		path := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(testkit.File(t, path), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestFitsEveryWidth(t *testing.T) {
	for width := 40; width <= 200; width++ {
		var b bytes.Buffer
		screen := Screen{Width: width, Colour: width%2 == 0}
		if width%3 == 0 {
			screen.Link = func(target string) string { return "file:///" + target }
		}
		if err := Terminal(&b, sample(), screen); err != nil {
			t.Fatal(err)
		}
		for line := range strings.SplitSeq(b.String(), "\n") {
			if n := twwidth.Width(line); n > width {
				t.Errorf("%d columns: a line of %d: %q", width, n, line)
			}
			if strings.HasSuffix(strings.TrimSuffix(line, noInk), " ") {
				t.Errorf("%d columns: blanks end %q", width, line)
			}
		}
		if width%3 == 0 && strings.Count(b.String(), "\a") != 2*5 {
			t.Errorf("%d columns: %d ends of links, want those of three places and two links", width, strings.Count(b.String(), "\a"))
		}
		// What is broken into lines loses nothing.
		if text := strings.Join(strings.Fields(b.String()), ""); width%2 == 1 && width%3 > 0 && !strings.Contains(text, "brokenintoseverallineswhereaterminalisnarrow") {
			t.Errorf("%d columns: words are lost", width)
		}
	}
}

func TestProse(t *testing.T) {
	for in, want := range map[string]string{
		"plain words, and 1.5 %":               "plain words, and 1.5 %",
		"rot_*_star of c.log:12.":              "`rot_*_star` of `c.log:12`.",
		"(see got/trace_py.log:3)":             "(see `got/trace_py.log:3`)",
		"q[step=3]'s value":                    "`q[step=3]`'s value",
		"at x[pixel=3,4 sub=1 phi=0], q[2] 3":  "at `x[pixel=3,4 sub=1 phi=0]`, `q[2]` 3",
		"x[1] is of y[2] alone":                "`x[1]` is of `y[2]` alone",
		"ends in x[1 2]":                       "ends in `x[1 2]`",
		"a [ alone, and b":                     "a `[` alone, and b",
		"hkl_frac: k is -0.6":                  "`hkl_frac`: k is -0.6",
		"--nan equal":                          "`--nan` equal",
		"a < b & c":                            "a `<` b `&` c",
		"1. is no list":                        "`1`. is no list",
		"- nor is this":                        "`-` nor is this",
		"F_latt(t), (x":                        "`F_latt(t)`, (x",
		"a`b":                                  "`` a`b ``",
		"two\nlines\x1b[1m and \xff \u202eend": `two ` + "`" + `lines\x1b[1m` + "`" + ` and ? ` + "`" + `\u202eend` + "`",
	} {
		if got := inline(Prose(in)); got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
}

func TestUpper(t *testing.T) {
	for in, want := range map[string]string{"the cell": "The cell", "F_latt is": "F_latt is", "k_frac differs": "k_frac differs", "c.log keeps": "c.log keeps", "": "", "hkl_frac: x": "hkl_frac: x"} {
		if got := Upper(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// A page leads to files beside it and to its own parts, and runs nothing.
func TestLinks(t *testing.T) {
	page := rendered(t, sample())["sample.html"]
	for _, want := range []string{`<a href="other.html">`, `<a href="#at-c.log:2"><code>c.log:2</code></a>`, `<a href="#first">First divergence</a>`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %s", want)
		}
	}
	if strings.Contains(page, "javascript:alert") || strings.Contains(page, "c<script>") {
		t.Error("the page would run what a log says")
	}
}

func TestWriteErrorsAreTold(t *testing.T) {
	for _, left := range []int{0, 300} {
		if Markdown(&testkit.FullDisk{Left: left}, sample()) == nil || HTML(&testkit.FullDisk{Left: left}, sample()) == nil || Terminal(&testkit.FullDisk{Left: left}, sample(), Screen{}) == nil {
			t.Errorf("%d bytes: no error", left)
		}
	}
}

// A narrow page breaks neither a flag nor an exponent, a name only between its parts, and
// words that take the place of a number where they have to.
func TestLineBreaks(t *testing.T) {
	words := strings.Repeat("beam=[1 0 0] ", 5)
	d := &Document{Title: Prose("within 1.5e-06"), Body: []Block{
		Table{Columns: []Column{{Name: Of(Plain, "quantity"), Wide: true}, {Name: Of(Plain, "c.log"), Number: true}},
			Rows: []Row{Cells(Lit("F_latt[phi=0]"), Lit("1e-06")), Cells(Lit("mapping"), Lit(words))}},
		Code{Copy: true, Lines: []Line{{Text: "simtrace trace -phi 0"}}}}}
	var page strings.Builder
	if err := HTML(&page, d); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`within <span class="nb">1.5e-06</span>`, "F_<wbr>latt<wbr>[phi=0]", `<td class="n"><code>1e-06`, `<td class="n w"><code>beam`, `<span class="nb">-phi</span> 0`} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("the page has no %s", want)
		}
	}
}
