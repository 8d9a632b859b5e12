package trace

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"simtrace/pkg/trace/schema"
)

func mustRead(t testing.TB, path string) *Log {
	t.Helper()
	log, err := ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return log
}

// at returns the records of one line.
func at(log *Log, line int) []Record {
	var out []Record
	for _, r := range log.Records {
		if r.Line == line {
			out = append(out, r)
		}
	}
	return out
}

// exactly compares what was read: numbers by their bits, symbols by identity.
var exactly = cmp.Options{
	cmp.Comparer(func(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) }),
	cmp.Comparer(func(a, b *Symbol) bool { return a == b }),
	cmp.AllowUnexported(Block{}, settings{}),
	cmpopts.EquateEmpty(),
}

// shown is all of a block as text, for fuzzing, which go-cmp would slow down a
// hundredfold.
func shown(b *Block) string {
	var out []byte
	for i := range b.Records {
		r := &b.Records[i]
		out = fmt.Appendf(out, "%v %s %d %q %v %d %q", r.Pos(), r.Tag, r.Symbol.ID, r.Name, r.At, r.Occur, r.Text)
		for _, v := range r.Values {
			out = fmt.Appendf(out, " %s:%x:%q", v.Name, math.Float64bits(v.Num), v.Text)
		}
		out = append(out, '\n')
	}
	return string(fmt.Appendf(out, "%v %v %d %q %v %v", b.Problems, b.Unlisted, b.TraceLines, b.Narrowed, b.Settings, b.Varied))
}

// scanned returns the index of a log and all of its pieces.
func scanned(t testing.TB, src *Source, names *Names, opt Options) (*Index, []Piece) {
	t.Helper()
	x, err := Scan(context.Background(), src, names, opt)
	if err != nil {
		t.Fatal(err)
	}
	return x, pieces(x)
}

func pieces(x *Index) []Piece {
	list, at := make([]Piece, x.Len()), x.Cursor()
	for i := range list {
		list[i] = at.At(i)
	}
	return list
}

// linesOf returns the lines of piece i.
func linesOf(text string, x *Index, list []Piece, i int) string {
	end := x.Size
	if i+1 < len(list) {
		end = list[i+1].Off
	}
	return text[list[i].Off:end]
}

// byLines reads a block line by line, without any layout or template.
func byLines(r *Reader, at schema.Coord, lines string, behind int, last bool) *Block {
	if r.text != nil {
		r.text.templates.on = false
	}
	r.Begin(at)
	r.Read(lines, behind, last)
	return r.Block()
}

// readSchema makes the schema of another program.
func readSchema(t testing.TB, text string) *schema.Schema {
	t.Helper()
	s, err := schema.Read(strings.NewReader(text), "s.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return s
}
