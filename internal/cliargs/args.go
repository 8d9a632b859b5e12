// Package cliargs reads command lines whose flags may stand anywhere, for the command-line
// library, which stops at the first argument.
package cliargs

import (
	"strings"

	"github.com/urfave/cli/v2"
)

// FlagsFirst moves flags before arguments, so that they may stand anywhere:
// the flag package stops at the first argument. A command and what follows
// it stay as they are, and so does everything behind "--".
func FlagsFirst(args []string, flags []cli.Flag, commands []*cli.Command) []string {
	if len(args) == 0 {
		return args
	}
	valued := map[string]bool{}
	for _, f := range flags {
		if _, ok := f.(*cli.BoolFlag); !ok {
			for _, n := range f.Names() {
				valued[n] = true
			}
		}
	}
	var first, rest []string
	for i := 1; i < len(args); i++ {
		a := args[i]
		switch {
		case a == "--":
			return join(args[0], first, append(rest, args[i:]...))
		case !strings.HasPrefix(a, "-") || a == "-":
			if len(rest) == 0 && isCommand(a, commands) {
				return args
			}
			rest = append(rest, a)
		default:
			first = append(first, a)
			if !valued[strings.TrimLeft(a, "-")] {
				continue
			}
			if i++; i == len(args) {
				return join(args[0], first, nil) // no argument must be taken for the missing value
			}
			first = append(first, args[i])
		}
	}
	return join(args[0], first, rest)
}

func join(name string, first, rest []string) []string {
	return append(append([]string{name}, first...), rest...)
}

func isCommand(name string, commands []*cli.Command) bool {
	for _, c := range commands {
		if c.HasName(name) {
			return true
		}
	}
	return false
}
