package parity

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"slices"
	"strings"

	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// Files compares the log at one path with that of the reference at another; both
// may be compressed with gzip. The error tells of input that cannot be read, of
// options that make no sense, of a rule or waiver for a quantity that nobody
// knows, and of a name to be mapped that got does not hold. Whatever else is
// wrong with the logs is part of the report.
func Files(ctx context.Context, ref, got string, opt Options) (*Report, error) {
	opt.RefPath, opt.GotPath = cmp.Or(opt.RefPath, ref), cmp.Or(opt.GotPath, got)
	a, err := os.Open(ref)
	if err != nil {
		return nil, err
	}
	defer a.Close()
	b, err := os.Open(got)
	if err != nil {
		return nil, err
	}
	defer b.Close()
	return Readers(ctx, a, b, opt)
}

// Readers is Files for logs that are open. Positions in the report name them by
// RefPath and GotPath of opt, or "ref" and "got" where those are empty.
func Readers(ctx context.Context, ref, got io.Reader, opt Options) (*Report, error) {
	a, err := trace.Open(ctx, ref, cmp.Or(opt.RefPath, "ref"))
	if err != nil {
		return nil, err
	}
	defer a.Close()
	b, err := trace.Open(ctx, got, cmp.Or(opt.GotPath, "got"))
	if err != nil {
		return nil, err
	}
	defer b.Close()
	return Sources(ctx, a, b, opt)
}

// Sources is Files for logs that can be read at any place. It closes neither.
func Sources(ctx context.Context, ref, got *trace.Source, opt Options) (*Report, error) {
	src, err := opt.sources(ref, got)
	if err != nil {
		return nil, err
	}
	how, err := opt.describe(ctx, src)
	if err != nil {
		return nil, err
	}
	c, err := newComparison(ctx, src, opt)
	if err != nil {
		return nil, err
	}
	c.how = how
	return c.report(ctx)
}

// sources looks at the options and at how the logs end.
func (opt *Options) sources(ref, got *trace.Source) (src [2]*trace.Source, err error) {
	if err := opt.check(); err != nil {
		return src, err
	}
	src[0], src[1], err = trace.EndAlike(ref, got)
	return src, err
}

// describe finds the schema where none is given; how says what was found out.
func (opt *Options) describe(ctx context.Context, src [2]*trace.Source) (how string, err error) {
	if opt.Schema != nil {
		if opt.Schema.Free {
			err = trace.FindLeads(ctx, src)
		}
		return "", err
	}
	traced := opt.As == "nanobragg"
	if opt.As == "" {
		if traced, err = hasTraces(ctx, src); err != nil {
			return "", err
		}
	}
	if traced {
		opt.Schema = schema.NanoBragg()
		return "", nil
	}
	// No line of either log is a trace of nanoBragg: they are another program's.
	opt.Schema, how, err = trace.Infer(ctx, src)
	return how, err
}

// Formats lists what Options.As may be.
func Formats() []string {
	return []string{"nanobragg", "text", "table", "csv", "tsv", "json", "keys", "array"}
}

// columnsOf is what parts the columns of a format.
var columnsOf = map[string]byte{"csv": ',', "tsv": '\t'}

// hasTraces tells whether a line of one of the logs is a trace of nanoBragg or
// one of its ports.
func hasTraces(ctx context.Context, src [2]*trace.Source) (bool, error) {
	for _, s := range src {
		ok, err := s.Contains(ctx, "TRACE", `{"stream":`)
		if ok || err != nil {
			return ok, err
		}
	}
	return false, nil
}

// Rows is Sources for whoever wants the rows alone: sink is handed those of all
// threads, merged. What waivers let pass comes as waived where one thread compares.
// The error is as Sources has it.
func Rows(ctx context.Context, ref, got *trace.Source, opt Options, sink func(*diff.Labels, func() *diff.Engine) diff.Sink) (diff.Sink, *diff.Engine, *diff.Read, error) {
	src, err := opt.sources(ref, got)
	if err != nil {
		return nil, nil, nil, err
	}
	if _, err := opt.describe(ctx, src); err != nil {
		return nil, nil, nil, err
	}
	c := &comparison{opt: opt, src: src}
	each := sink
	if len(opt.Waivers) > 0 && opt.Threads == 1 {
		each = func(l *diff.Labels, e func() *diff.Engine) diff.Sink {
			return &waivedRows{sink(l, e), l, newWaiving(opt.Waivers, opt.Today)}
		}
	}
	if err := c.open(ctx, each); err != nil {
		return nil, nil, nil, err
	}
	out, read, err := c.engine.Run(ctx)
	if err == nil {
		err = checkNames(&c.opt, c.opt.Schema, read)
	}
	if w, ok := out.(*waivedRows); ok {
		out = w.Sink
	}
	return out, c.engine, read, err
}

// waivedRows marks the rows that waivers let pass before a sink sees them.
type waivedRows struct {
	diff.Sink
	labels  *diff.Labels
	waiving *waiving
}

func (w *waivedRows) Row(row *diff.Row, n int, at diff.At) {
	if n > 0 {
		w.waiving.take(row, at, w.labels.Of)
	}
	w.Sink.Row(row, n, at)
}

// sizes are how much of the logs is held at a time; tests make them small.
var sizes diff.Sizes

// comparison is one on its way.
type comparison struct {
	opt    Options
	src    [2]*trace.Source
	engine *diff.Engine
	labels diff.Labels
	sum    *tally
	read   *diff.Read
	rooted map[*diff.Row]bool // rows that are roots of the report already
	whole  wholeJobs
	unfit  []*diff.Row // whose formula is not what the programs compute
	how    string      // how the logs were read, where nobody said it
}

func newComparison(ctx context.Context, src [2]*trace.Source, opt Options) (*comparison, error) {
	c := &comparison{opt: opt, src: src}
	err := c.open(ctx, func(l *diff.Labels, e func() *diff.Engine) diff.Sink { return newTally(&c.opt, l, e) })
	if err != nil {
		return nil, err
	}
	sum, read, err := c.engine.Run(ctx)
	if err != nil {
		return nil, err
	}
	c.sum, c.read = sum.(*tally), read
	return c, checkNames(&c.opt, c.opt.Schema, read)
}

// open scans the logs.
func (c *comparison) open(ctx context.Context, sink func(*diff.Labels, func() *diff.Engine) diff.Sink) error {
	names := trace.NewNames(c.opt.Schema)
	rename, err := renaming(c.opt.Map)
	if err != nil {
		return err
	}
	c.labels = diff.Labels{Names: names}
	shift, err := c.shift()
	if err != nil {
		return err
	}
	read := trace.Options{CompareAll: c.opt.CompareAll, Columns: columnsOf[c.opt.As]}
	other := read
	other.Rename, other.Shift = rename, shift
	c.engine, err = diff.New(ctx, diff.Options{
		Names: names, Sources: c.src, Read: [2]trace.Options{read, other}, Ignore: c.opt.Ignore, Only: c.opt.Only,
		Tolerances: c.opt.Tolerances.with(c.opt.Tolerance, c.opt.Schema),
		NaNEqual:   c.opt.NaNEqual, Common: c.opt.Common, Threads: c.opt.Threads, EachRow: c.opt.EachRow != nil, Begin: c.opt.BeginRows, Decimal: c.opt.Decimal, Sizes: sizes,
		NewSink: func() diff.Sink { return sink(&c.labels, func() *diff.Engine { return c.engine }) },
	})
	if err != nil {
		return err
	}
	c.labels.Runs = max(c.engine.Index(0).Runs, c.engine.Index(1).Runs)
	c.labels.Pixels = c.engine.Jobs()
	return nil
}

// shift is what is added to the coordinates of got.
func (c *comparison) shift() (out schema.Coord, err error) {
	for name, by := range c.opt.Shift {
		i := slices.IndexFunc(c.opt.Schema.Index, func(k schema.IndexKey) bool { return k.Name == name })
		if i < 0 {
			var known []string
			for _, k := range c.opt.Schema.Index {
				known = append(known, k.Name)
			}
			return out, fmt.Errorf("no index key %s to shift (known: %s)", name, strings.Join(known, ", "))
		}
		out[i] = int32(by)
	}
	return out, nil
}

// report makes the report of what was added up.
func (c *comparison) report(ctx context.Context) (*Report, error) {
	r := &Report{Tolerance: c.opt.Tolerance, First: -1, schema: c.opt.Schema}
	r.Ref, r.Got = c.input(0, c.opt.RefPath), c.input(1, c.opt.GotPath)
	c.labels.Pixels = max(r.Ref.NumPixels(), r.Got.NumPixels(), c.sum.coverage.Common)
	r.labels, r.ReadAs = c.labels, c.how
	r.Problems = append(append(r.Problems, c.read.Side[0].Problems...), c.read.Side[1].Problems...)
	r.Counts, r.Coverage, r.Waivers, r.Smallest = c.sum.Counts, c.sum.coverage, c.sum.waiving.judged(), c.sum.tolerance()
	r.Counts.Unparsed = r.Ref.Unparsed + r.Got.Unparsed
	if n := r.Counts; n.Matched+n.Diverged+n.Missing+n.Waived != n.Total {
		panic("parity: the counts do not add up")
	}
	r.Quantities = c.sum.list()
	r.Varied = varied(c.read.Varied)
	r.judge(c)
	if r.Verdict == Refused {
		r.Smallest = math.NaN()
	}
	if err := c.detail(ctx, r); err != nil {
		return nil, err
	}
	if r.Verdict == Refused {
		// Where nothing can be said, nothing is: the rows stand for themselves.
		r.First, r.Roots, r.Causes, r.Notes, r.RuledOut = -1, nil, nil, nil, nil
	}
	r.Growth = c.growth(r)
	r.headline()
	r.collectFindings()
	r.reproduce(c.opt)
	return r, nil
}

func (c *comparison) input(side int, path string) Input {
	s, x, src := &c.read.Side[side], c.engine.Index(side), c.src[side]
	in := Input{
		Name: src.Name, Path: cmp.Or(path, src.Name), Lines: int(x.Lines), Bytes: src.Size, TraceLines: s.TraceLines, Records: s.Records,
		Unparsed: s.Counts[trace.Unparsed], Truncated: s.Counts[trace.Truncated] > 0, Crashed: s.Counts[trace.Traceback] > 0, Runs: x.Runs,
	}
	seen := map[diff.Pixel]bool{}
	for _, p := range c.sum.pixels[side].first {
		if !seen[p.pixel] {
			seen[p.pixel] = true
			in.Pixels = append(in.Pixels, p.pixel)
		}
	}
	in.MorePixels = c.sum.pixels[side].n - len(c.sum.pixels[side].first)
	return in
}

// varied lists what varies by run, by name.
func varied(counts map[string][2]int) []Varied {
	var out []Varied
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		out = append(out, Varied{name, counts[name][0], counts[name][1]})
	}
	return out
}
