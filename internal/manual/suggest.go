package manual

import (
	"errors"
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"simtrace/internal/suggest"
)

// undefined begins what the library says of a flag that it does not know.
const undefined = "flag provided but not defined: -"

// UsageError is what OnUsageError returns: of a flag that does not exist, the one that
// may have been meant. More are flags that the library does not know, with dashes.
func UsageError(c *cli.Context, err error, more ...string) error {
	if name, ok := strings.CutPrefix(err.Error(), "flag needs an argument: "); ok {
		return errors.New(spelt(strings.TrimLeft(name, "-")) + " needs a value")
	}
	name, ok := strings.CutPrefix(err.Error(), undefined)
	if !ok {
		return err
	}
	var known []string
	flags := c.App.Flags
	if c.Command != nil && len(c.Command.Flags) > 0 {
		flags = c.Command.Flags
	}
	for _, f := range flags {
		for _, n := range f.Names() {
			known = append(known, spelt(n))
		}
	}
	name = strings.TrimLeft(name, "-")
	return errors.New("unknown flag " + spelt(name) + nearest(name, append(known, more...)))
}

// nearest compares names without their dashes, and tells them with.
func nearest(name string, known []string) string {
	bare, dashed := []string{}, map[string]string{}
	for _, k := range known {
		b := strings.TrimLeft(k, "-")
		if _, seen := dashed[b]; !seen {
			bare, dashed[b] = append(bare, b), k
		}
	}
	return suggest.Hint(dashed[suggest.Word(name, bare)])
}

// UnknownCommand says that a program has no such command, which one may have been
// meant, and which there are.
func UnknownCommand(name string, commands []*cli.Command) error {
	var known []string
	for _, c := range commands {
		if !c.Hidden {
			known = append(known, c.Name)
		}
	}
	return fmt.Errorf("unknown command %q%s; there are %s", name, suggest.Nearest(name, known), strings.Join(known, ", "))
}

// Misspelt reports whether a word that is no command was meant for one.
func Misspelt(name string, commands []*cli.Command) bool {
	var known []string
	for _, c := range commands {
		known = append(known, c.Name)
	}
	return suggest.Word(name, known) != ""
}

// WithUsageErrors lets commands, and those below them, that have none use an
// OnUsageError. Without one the library prints its own lines.
func WithUsageErrors(commands []*cli.Command, f cli.OnUsageErrorFunc) []*cli.Command {
	for _, c := range commands {
		if c.OnUsageError == nil {
			c.OnUsageError = f
		}
		WithUsageErrors(c.Subcommands, f)
	}
	return commands
}
