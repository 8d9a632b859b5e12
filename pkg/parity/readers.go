package parity

import (
	"context"
	"errors"
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
	to, err := renaming(names)
	if err != nil {
		return nil, err
	}
	out := *l
	out.Records = append([]trace.Record(nil), l.Records...)
	hit := map[string]bool{}
	rename(out.Records, to, hit)
	if err := allHit(names, hit, l.Name, func() []string { return namesOf(l) }); err != nil {
		return nil, err
	}
	return &out, nil
}

// renaming is the new names by the old.
func renaming(names []Rename) (map[string]string, error) {
	to := map[string]string{}
	for _, n := range names {
		if _, dup := to[n.Old]; dup {
			return nil, fmt.Errorf("%s is renamed twice", n.Old)
		}
		to[n.Old] = n.New
	}
	return to, nil
}

// rename gives records their new names, and notes the old ones.
func rename(records []trace.Record, to map[string]string, hit map[string]bool) {
	for i := range records {
		r := &records[i]
		if name, ok := to[r.Name]; ok {
			hit[r.Name] = true
			r.Name, r.Key = name, keyIn(r.Stream, name)
		}
	}
}

// allHit returns an error for a name that a log does not hold.
func allHit(names []Rename, hit map[string]bool, log string, known func() []string) error {
	for _, n := range names {
		if !hit[n.Old] {
			return fmt.Errorf("%s holds no %s%s", log, n.Old, nearest(n.Old, known()))
		}
	}
	return nil
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

// Compare reads two logs to their ends, gzip or plain text, and compares
// got with ref, as CompareSources does. Positions in the report name the logs by
// RefPath and GotPath of opt, or "ref" and "got" where those are empty. The error
// tells of failing input, of a rule or waiver for a quantity that nobody knows,
// and of a name to be mapped that got does not hold; whatever else is wrong with
// the logs is part of the report.
func Compare(ref, got io.Reader, opt Options) (*Report, error) {
	a, err := NewSource(ref, or(opt.RefPath, "ref"))
	if err != nil {
		return nil, err
	}
	defer a.Close()
	b, err := NewSource(got, or(opt.GotPath, "got"))
	if err != nil {
		return nil, err
	}
	defer b.Close()
	return CompareSources(context.Background(), a, b, opt)
}

// CompareChecked is CompareLogs with the names that opt uses checked first: those
// of Map, of rules and of waivers. It takes no Schema, which has to read the
// logs as well: see CompareSources.
func CompareChecked(ref, got *trace.Log, opt Options) (*Report, error) {
	if opt.Schema != nil {
		return nil, errors.New("logs that were read already cannot be read by a schema")
	}
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
	return CompareLogs(ref, got, opt), nil
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
