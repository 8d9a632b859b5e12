package cliargs

import (
	"github.com/urfave/cli/v2"
)

// Nested is a command whose flags are its own, and may stand behind its arguments: a
// program within the program, since the library reads flags up to the first argument
// only.
func Nested(outer, name, usage, text, about string, flags []cli.Flag, action func(*cli.Context) error) *cli.Command {
	return &cli.Command{
		Name: name, Usage: usage, UsageText: text, SkipFlagParsing: true, HideHelpCommand: true,
		Action: func(c *cli.Context) error {
			app := &cli.App{
				Name: outer + " " + name, Usage: usage, UsageText: text, Description: about,
				HideVersion: true, HideHelpCommand: true, DisableSliceFlagSeparator: true,
				Reader: c.App.Reader, Writer: c.App.Writer, ErrWriter: c.App.ErrWriter,
				Flags:          flags,
				ExitErrHandler: func(*cli.Context, error) {},
				OnUsageError:   func(_ *cli.Context, err error, _ bool) error { return err },
				Action:         action,
			}
			return app.RunContext(c.Context, FlagsFirst(append([]string{app.Name}, c.Args().Slice()...), flags, nil))
		},
	}
}

// Without leaves out flags by name.
func Without(flags []cli.Flag, names ...string) []cli.Flag {
	var out []cli.Flag
	for _, f := range flags {
		if !named(f, names) {
			out = append(out, f)
		}
	}
	return out
}

func named(f cli.Flag, names []string) bool {
	for _, n := range names {
		if f.Names()[0] == n {
			return true
		}
	}
	return false
}
