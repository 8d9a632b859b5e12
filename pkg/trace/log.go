package trace

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"

	"simtrace/pkg/trace/schema"
)

// Log is a whole log in memory.
type Log struct {
	Name       string // as given by the caller
	Records    []Record
	Problems   []Problem     // in the order of the file; see Unlisted
	Unlisted   ProblemCounts // problems beyond the first MaxProblems of their kind
	Lines      int           // all lines, the last one with or without its newline
	Bytes      int64         // after decompression
	TraceLines int           // lines that hold a trace, readable or not
	Settings   Settings      // what the program tells of its run, by name
}

// Count returns how many problems of the kind the log has, listed or not.
func (l *Log) Count(k ProblemKind) int {
	return countOf(k, l.Problems, l.Unlisted)
}

func countOf(k ProblemKind, listed []Problem, unlisted ProblemCounts) int {
	n := unlisted[k]
	for i := range listed {
		if listed[i].Kind == k {
			n++
		}
	}
	return n
}

// Read reads a log of nanoBragg to its end. Garbled lines become Problems; the
// error tells of failing input alone.
// It is for logs that fit in memory; see Scan and Reader for others.
func Read(r io.Reader, name string) (*Log, error) {
	src, err := Open(context.Background(), r, name)
	if err != nil {
		return &Log{Name: name}, err
	}
	defer src.Close()
	return src.Log(context.Background(), schema.NanoBragg())
}

// ReadFile reads the log at path; a log compressed with gzip is recognised by
// its first bytes, whatever it is called.
func ReadFile(path string) (*Log, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("trace: %w", err)
	}
	defer f.Close()
	return Read(f, path)
}

// Log reads all blocks of the log.
func (s *Source) Log(ctx context.Context, sch *schema.Schema) (*Log, error) {
	log := &Log{Name: s.Name, Bytes: s.Size}
	x, err := s.EachBlock(ctx, NewNames(sch), true, func(b *Block) { log.add(b) })
	if x != nil {
		log.Lines = int(x.Lines)
	}
	if err != nil {
		return log, err
	}
	if s.Cut {
		log.Problems = append(log.Problems, s.CutProblem(log.Lines))
	}
	return log, nil
}

// EachBlock reads the blocks of the log one after the other; a block is good until
// each returns, unless keep is set.
func (s *Source) EachBlock(ctx context.Context, names *Names, keep bool, each func(*Block)) (*Index, error) {
	x, err := Scan(ctx, s, names, Options{})
	if err != nil {
		return nil, err
	}
	opt := Options{}
	x.Apply(&opt)
	r := NewReader(s, names, opt)
	r.Keep = keep
	at := x.Cursor()
	for i := range x.Len() {
		if err := ctx.Err(); err != nil {
			return x, err
		}
		p := at.At(i)
		text, err := s.ReadSpan(nil, p.Off, at.End(i))
		if err != nil {
			return x, err
		}
		r.ReadBlock(p.At.Coord(names.Schema), string(text), int(p.Line), i+1 == x.Len())
		each(r.Block())
	}
	return x, nil
}

func (l *Log) add(b *Block) {
	Number(b.Records)
	l.Records = append(l.Records, b.Records...)
	l.Problems = append(l.Problems, b.Problems...)
	l.TraceLines += b.TraceLines
	for k, n := range b.Unlisted {
		l.Unlisted[k] += n
	}
	for name, v := range b.Settings {
		if l.Settings == nil {
			l.Settings = Settings{}
		}
		l.Settings[name] = v
	}
}

// CutProblem says that a compressed log ends early, which is so many lines long.
func (s *Source) CutProblem(lines int) Problem {
	for i := len(s.parts) - 1; i >= 0; i-- {
		if s.parts[i].src.Cut {
			break
		}
		lines = s.parts[i].line
	}
	return Problem{Pos: s.pos(lines), Kind: Truncated, Why: "the compressed log ends early"}
}

// Number sets Occur of the records of a block: how often the same quantity came
// before at the same place.
func Number(records []Record) {
	if (&Numbering{}).Next(records) {
		return // a quantity comes to no place again that it has left
	}
	type id struct {
		symbol *Symbol
		at     schema.Coord
	}
	seen := make(map[id]int, len(records))
	for i := range records {
		k := id{records[i].Symbol, records[i].At}
		records[i].Occur = seen[k]
		seen[k]++
	}
}

// Numbering sets Occur where a block is read in pieces, in memory that does not grow
// with it. Of a quantity with coordinates it counts those of one place that come one
// behind the other; Number counts all.
type Numbering struct{ last []numbered } // by Symbol.ID

type numbered struct {
	at schema.Coord
	n  int // so often it came there
}

// Next numbers the records that follow those before. It tells whether each quantity
// has gone through its places in their order, so that the numbers are those of Number.
func (n *Numbering) Next(records []Record) (ordered bool) {
	ordered = true
	for i := range records {
		r := &records[i]
		if r.Symbol.ID >= cap(n.last) {
			n.last = slices.Grow(n.last, r.Symbol.ID+1) // to twice as many: append alone would copy a long list often
		}
		for r.Symbol.ID >= len(n.last) {
			n.last = append(n.last, numbered{at: schema.Nowhere})
		}
		s := &n.last[r.Symbol.ID]
		if s.at != r.At {
			ordered = ordered && slices.Compare(s.at[:], r.At[:]) < 0
			*s = numbered{at: r.At}
		}
		r.Occur = s.n
		s.n++
	}
	return ordered
}
