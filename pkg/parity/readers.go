package parity

import (
	"fmt"
	"io"

	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
)

// Rename gives what a log calls Old the name New, before records are paired.
type Rename struct{ Old, New string }

// Renamed returns the log with its records renamed; the log itself stays as it
// is. A name that the log does not hold, or that is renamed twice, is an error.
func Renamed(l *trace.Log, names []Rename) (*trace.Log, error) {
	if len(names) == 0 {
		return l, nil
	}
	to := map[string]string{}
	for _, n := range names {
		if _, dup := to[n.Old]; dup {
			return nil, fmt.Errorf("%s is renamed twice", n.Old)
		}
		to[n.Old] = n.New
	}
	out := *l
	out.Records = append([]trace.Record(nil), l.Records...)
	hit := map[string]bool{}
	for i := range out.Records {
		r := &out.Records[i]
		if name, ok := to[r.Name]; ok {
			hit[r.Name] = true
			r.Name, r.Key = name, keyIn(r.Stream, name)
		}
	}
	for _, n := range names {
		if !hit[n.Old] {
			return nil, fmt.Errorf("%s holds no %s%s", l.Name, n.Old, nearest(n.Old, namesOf(l)))
		}
	}
	return &out, nil
}

// keyIn is the key that prints as name in a kind of line.
func keyIn(s trace.Stream, name string) schema.Key {
	find := schema.ByName
	switch s {
	case trace.PhiStream:
		find = schema.PhiByName
	case trace.SourceStream:
		find = schema.SourceByName
	case trace.TapStream, trace.NoteStream:
		return schema.None
	}
	k, ok := find(name)
	if !ok {
		return schema.None
	}
	return k
}

func namesOf(l *trace.Log) []string {
	var out []string
	seen := map[string]bool{}
	for i := range l.Records {
		if n := l.Records[i].Name; !seen[n] {
			seen[n] = true
			out = append(out, n)
		}
	}
	return out
}

// CompareReaders reads two logs to their ends, gzip or plain text, and compares
// got with ref. Positions in the report name the logs by RefPath and GotPath of
// opt, or "ref" and "got" where those are empty. The error tells of failing
// input, of a rule or waiver for a quantity that nobody knows, and of a name to
// be mapped that got does not hold; whatever else is wrong with the logs is
// part of the report.
func CompareReaders(ref, got io.Reader, opt Options) (*Report, error) {
	a, err := trace.Read(ref, or(opt.RefPath, "ref"))
	if err != nil {
		return nil, err
	}
	b, err := trace.Read(got, or(opt.GotPath, "got"))
	if err != nil {
		return nil, err
	}
	return CompareChecked(a, b, opt)
}

// CompareChecked is Compare with the names that opt uses checked first: those
// of Map, of rules and of waivers.
func CompareChecked(ref, got *trace.Log, opt Options) (*Report, error) {
	got, err := Renamed(got, opt.Map)
	if err != nil {
		return nil, err
	}
	if err := opt.Tolerances.Check(ref, got); err != nil {
		return nil, err
	}
	if err := CheckWaivers(opt.Waivers, ref, got); err != nil {
		return nil, err
	}
	opt.Map = nil // done
	return Compare(ref, got, opt), nil
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
