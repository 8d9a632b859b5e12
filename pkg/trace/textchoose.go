package trace

import (
	"path"
	"strings"
)

// ignores tells whether a quantity is left out by name.
func (o *Options) ignores(name string) bool {
	for _, p := range o.Ignore {
		if Matches(p, name) {
			return true
		}
	}
	for _, p := range o.Only {
		if Matches(p, name) {
			return false
		}
	}
	return len(o.Only) > 0
}

// Matches tells whether a pattern is of a name: the name itself or the end of one
// behind a heading ("energy" is of "state/energy"), or with * and ? for any letters.
func Matches(pattern, name string) bool {
	if pattern == name || strings.HasSuffix(name, "/"+pattern) || strings.HasSuffix(name, "."+pattern) {
		return true
	}
	if !strings.ContainsAny(pattern, "*?[") {
		return false
	}
	// A * is of slashes and all.
	const slash = "\x01"
	ok, err := path.Match(strings.ReplaceAll(pattern, "/", slash), strings.ReplaceAll(name, "/", slash))
	return err == nil && ok
}
