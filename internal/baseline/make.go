package baseline

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"simtrace/internal/version"
	"simtrace/pkg/parity"
	"simtrace/pkg/parity/diff"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// maxLog is how large a log may be that is kept: a baseline is for version control.
const maxLog = 64 << 20

// Given says how a log is to be kept.
type Given struct {
	Dir, Name string
	Log       *trace.Source
	Path      string         // of the log, - for standard input
	Command   []string       // whose output it is, nil for a file
	Schema    *schema.Schema // nil for nanoBragg's, or what is inferred
	YAML      []byte         // of the schema
	As        string
}

// New makes a baseline of a log. A log that is not whole, or holds nothing that a
// comparison would go by, is refused: it would pass for ever, or never.
func New(ctx context.Context, g Given, reason string) (*Baseline, error) {
	b, err := g.make(ctx)
	if err != nil {
		return nil, err
	}
	b.History = []Step{{Reason: cmp.Or(strings.TrimSpace(reason), "first saved"), SHA256: b.SHA256}}
	return b, nil
}

// Update puts another trace in the place of the old. It returns nil where nothing
// has changed.
func Update(ctx context.Context, old *Baseline, g Given, reason string) (*Baseline, error) {
	if strings.TrimSpace(reason) == "" {
		return nil, errors.New("a reason is needed, --reason \"…\": whoever finds the change later wants to know")
	}
	b, err := g.make(ctx)
	if err != nil {
		return nil, err
	}
	if b.SHA256 == old.SHA256 && b.ReadBy == old.ReadBy && b.As == old.As {
		return nil, nil
	}
	step := Step{Reason: strings.TrimSpace(reason), SHA256: b.SHA256}
	before, err := old.open(ctx)
	if err != nil {
		return nil, err
	}
	defer before.Close()
	opt := g.exact()
	first := schema.None
	opt.BeginRows = func() { step.Changed, step.First, first = 0, "", schema.None }
	opt.EachRow = func(label string, row *diff.Row) {
		// A schema's own tolerance lets rows pass that are not the same.
		if row.Compared() && !row.Diverged() && row.Rel == 0 {
			return
		}
		// Keys are numbered in causal order.
		if step.Changed++; step.First == "" || row.Key != schema.None && (first == schema.None || row.Key < first) {
			step.First, first = strings.Clone(label), row.Key
		}
	}
	if _, err := parity.Sources(ctx, before, g.Log, opt); err != nil {
		return nil, err
	}
	b.History = append(slices.Clone(old.History), step)
	return b, nil
}

// exact are the options of a comparison to the last digit.
func (g *Given) exact() parity.Options {
	return parity.Options{Schema: g.Schema, As: g.As, NaNEqual: true}
}

// make packs the log, as JSON lines where a comparison sees no difference.
func (g *Given) make(ctx context.Context) (*Baseline, error) {
	if g.Log.Size > maxLog {
		return nil, fmt.Errorf("%s: %d MB: a baseline is for at most %d MB; trace fewer pixels or steps", g.Log.Name, g.Log.Size>>20, maxLog>>20)
	}
	text, err := g.Log.ReadSpan(nil, 0, g.Log.Size)
	if err != nil {
		return nil, err
	}
	b := &Baseline{Form: Form, Name: g.Name, Trace: logName, ReadBy: "inferred", As: g.As, dir: g.Dir, yaml: g.YAML}
	b.Source = Origin{Log: portable(g.Path), Command: g.Command, SHA256: sumOf(text), Bytes: g.Log.Size, Tool: version.Module()}
	if g.Command != nil {
		b.Source.Log = ""
	}
	var rep *parity.Report // of what is kept
	if g.Schema != nil {
		b.ReadBy = schemaName
	} else if lines, err := g.jsonLines(ctx); err != nil {
		return nil, err
	} else if lines != nil {
		b.ReadBy = "nanobragg"
		same, err := g.against(ctx, lines)
		if err != nil {
			return nil, err
		}
		if same.Verdict == parity.Match && same.Counts.Missing == 0 {
			b.Trace, text, rep = jsonName, lines, same
		}
	}
	if rep == nil {
		if rep, err = g.against(ctx, text); err != nil {
			return nil, err
		}
	}
	if err := usable(g.Log.Name, rep); err != nil {
		return nil, err
	}
	b.SHA256, b.Lines, b.Rows, b.Results = sumOf(text), bytes.Count(text, []byte("\n")), rep.Counts.Total, rep.Coverage.Results
	b.packed, err = pack(text)
	return b, err
}

// portable leaves out where on this machine a log lies.
func portable(path string) string {
	if filepath.IsAbs(path) {
		return filepath.Base(path)
	}
	return filepath.ToSlash(path)
}

// against compares what would be kept with the log itself.
func (g *Given) against(ctx context.Context, text []byte) (*parity.Report, error) {
	return parity.Sources(ctx, trace.Text(string(text), g.Log.Name), g.Log, g.exact())
}

// usable refuses logs that no later run could be held against.
func usable(name string, rep *parity.Report) error {
	switch {
	case rep.Got.Crashed:
		return fmt.Errorf("%s: it holds a crash report, and is no baseline", name)
	case rep.Got.Truncated:
		return fmt.Errorf("%s: it is cut off, and is no baseline", name)
	case rep.Got.Unparsed > 0:
		return fmt.Errorf("%s: %d lines could not be read; mend them first (tracecmp %s %s lists them)", name, rep.Got.Unparsed, name, name)
	case rep.Verdict != parity.Match:
		return fmt.Errorf("%s: no run could match it: %s", name, strings.Join(rep.Reasons, "; "))
	}
	return nil
}

// jsonLines are the records of a log of nanoBragg or one of its ports, sorted by
// coordinate and quantity; nil for another program's log.
func (g *Given) jsonLines(ctx context.Context) ([]byte, error) {
	if g.As != "" && g.As != "nanobragg" {
		return nil, nil
	}
	if ok, err := g.Log.Contains(ctx, "TRACE", `{"stream":`); err != nil || !ok && g.As == "" {
		return nil, err
	}
	log, err := g.Log.Log(ctx, schema.NanoBragg())
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(log.Records, func(a, b trace.Record) int {
		return cmp.Or(slices.Compare(a.At[:], b.At[:]), cmp.Compare(a.Stream, b.Stream), cmp.Compare(a.Key, b.Key), cmp.Compare(a.Name, b.Name))
	})
	if len(log.Settings) > 0 {
		return nil, nil // the banner's settings explain differences, and JSON lines do not hold them
	}
	var out, line bytes.Buffer
	w := trace.NewJSONL(&line)
	for i := range log.Records {
		line.Reset()
		if err := w.Write(&log.Records[i]); err != nil {
			return nil, nil // a record that no JSON line holds: the log is kept as it is
		}
		if err := w.Flush(); err != nil {
			return nil, err
		}
		out.Write(tagged(line.Bytes(), log.Records[i].Tag))
	}
	return out.Bytes(), nil
}

// tagged adds to JSON lines which program printed them, which decides what it can be
// expected to print. Taps and notes say so anyway.
func tagged(lines []byte, tag string) []byte {
	if tag == "" || bytes.Contains(lines, []byte(`,"tag":`)) {
		return lines
	}
	return bytes.ReplaceAll(lines, []byte(`","key":`), []byte(`","tag":`+strconv.Quote(tag)+`,"key":`))
}

// open opens the trace.
func (b *Baseline) open(ctx context.Context) (*trace.Source, error) {
	return trace.Open(ctx, bytes.NewReader(b.packed), b.Name)
}

// pack compresses without a name or time, so that the same text gives the same bytes.
func pack(text []byte) ([]byte, error) {
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(text); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func unpack(packed []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(z, 2*maxLog))
}
