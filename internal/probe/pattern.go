package probe

import (
	"regexp"
	"sync"
)

// pattern is an expression that is compiled when it is first used: most runs of tracecmp
// probe nothing.
func pattern(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}
