package diff

import (
	"path"
	"strings"

	"simtrace/pkg/trace"
)

// ignores tells whether a quantity is left out by name.
func (o *Options) ignores(name string) bool {
	for _, p := range o.Ignore {
		if matches(p, name) {
			return true
		}
	}
	for _, p := range o.Only {
		if matches(p, name) {
			return false
		}
	}
	return len(o.Only) > 0
}

// matches tells whether a pattern is of a name: the name itself or the end of one
// behind a heading ("energy" is of "state/energy"), or with * and ? for any letters.
func matches(pattern, name string) bool {
	if pattern == name || strings.HasSuffix(name, "/"+pattern) || strings.HasSuffix(name, "."+pattern) {
		return true
	}
	if !strings.ContainsAny(pattern, "*?[") {
		return false
	}
	const slash = "\x01" // a * is of slashes and all
	ok, err := path.Match(strings.ReplaceAll(pattern, "/", slash), strings.ReplaceAll(name, "/", slash))
	return err == nil && ok
}

// chooses tells whether some quantities are left out by name.
func (o *Options) chooses() bool { return len(o.Ignore)+len(o.Only) > 0 }

// chosen drops the records of quantities that are left out, and counts them.
func (w *worker) chosen(side int, records []trace.Record) []trace.Record {
	if !w.e.opt.chooses() {
		return records
	}
	kept := records[:0]
	for i := range records {
		name := records[i].Symbol
		out, known := w.ignored[name]
		if !known {
			out = w.e.opt.ignores(name.Name)
			w.ignored[name] = out
		}
		if out {
			w.unchosen[side] += len(records[i].Values)
			continue
		}
		kept = append(kept, records[i])
	}
	return kept
}
