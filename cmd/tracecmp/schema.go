package main

import (
	"errors"
	"io"

	"github.com/urfave/cli/v2"

	"simtrace/pkg/parity/report"
)

func schemaCommand(code *int) *cli.Command {
	return &cli.Command{
		Name:      "schema",
		Usage:     "print the JSON schema of metrics.json",
		UsageText: "tracecmp schema\n   tracecmp schema check SCHEMA LOG",
		Subcommands: []*cli.Command{{
			Name: "check", Usage: "say what a schema finds in a log; ends with 1 where something is wrong", UsageText: "tracecmp schema check SCHEMA LOG",
			Action: func(c *cli.Context) error { return checkSchema(c, code) },
		}},
		Action: func(c *cli.Context) error {
			if c.NArg() > 0 {
				return errors.New("schema: it takes no argument")
			}
			_, err := io.WriteString(c.App.Writer, report.MetricsJSONSchema())
			return err
		},
	}
}
