package main

import (
	"fmt"
	"io"

	"github.com/urfave/cli/v2"

	"simtrace/internal/suggest"
	"simtrace/pkg/parity/report"
)

func schemaCommand(code *int) *cli.Command {
	return &cli.Command{
		Name:      "schema",
		Usage:     "print the JSON schema of metrics.json",
		UsageText: "tracecmp schema\ntracecmp schema check SCHEMA LOG",
		Subcommands: []*cli.Command{{
			Name: "check", Usage: "say what a schema finds in a log; ends with 1 where something is wrong", UsageText: "tracecmp schema check SCHEMA LOG",
			Action: func(c *cli.Context) error { return checkSchema(c, code) },
		}},
		Action: func(c *cli.Context) error {
			if word := c.Args().First(); word != "" {
				return fmt.Errorf("schema: unexpected argument %q%s", word, suggest.Nearest(word, []string{"check"}))
			}
			_, err := io.WriteString(c.App.Writer, report.MetricsJSONSchema())
			return err
		},
	}
}
