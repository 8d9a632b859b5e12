package main

import (
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"

	"simtrace/internal/schemafile"
	"simtrace/internal/suggest"
)

func inferCommand() *cli.Command {
	return &cli.Command{
		Name:      "infer",
		Usage:     "write the schema that is found in a log, or in two, as YAML to edit",
		UsageText: "tracecmp infer A [B] >schema.yaml",
		Action: func(c *cli.Context) error {
			if n := c.NArg(); n < 1 || n > 2 {
				return fmt.Errorf("infer: %s", c.Command.UsageText)
			}
			return schemafile.Infer(c.Context, c.App.Writer, c.Args().Slice())
		},
	}
}

func keysCommand() *cli.Command {
	return &cli.Command{
		Name:      "keys",
		Usage:     "list the quantities of nanoBragg with unit, shape and meaning",
		UsageText: "tracecmp keys [--dialect c|py]",
		Flags:     []cli.Flag{&cli.StringFlag{Name: "dialect", Usage: "`PROGRAM` whose quantities are listed: c or py (default: both)"}},
		Action: func(c *cli.Context) error {
			d := c.String("dialect")
			if c.NArg() > 0 {
				return errors.New("keys: it takes no argument")
			}
			if c.IsSet("dialect") && d != "c" && d != "py" {
				return fmt.Errorf("--dialect %s: c or py is needed%s", d, suggest.Nearest(d, []string{"c", "py"}))
			}
			return schemafile.Keys(c.App.Writer, d)
		},
	}
}

// checkSchema says what a schema finds in a log.
func checkSchema(c *cli.Context, code *int) error {
	if c.NArg() != 2 {
		return errors.New("schema check: a schema and a log are needed: tracecmp schema check schema.yaml LOG")
	}
	wrong, err := schemafile.CheckLog(c.Context, c.App.Writer, c.Args().Get(0), c.Args().Get(1))
	if wrong > 0 {
		*code = exitDiverged
	}
	return err
}
