package main

import (
	"errors"
	"io"

	"github.com/urfave/cli/v2"

	"simtrace/pkg/parity/report"
)

func schemaCommand() *cli.Command {
	return &cli.Command{
		Name:      "schema",
		Usage:     "print the JSON schema of metrics.json",
		UsageText: "tracecmp schema",
		Action: func(c *cli.Context) error {
			if c.NArg() > 0 {
				return errors.New("schema: it takes no argument")
			}
			_, err := io.WriteString(c.App.Writer, report.MetricsJSONSchema())
			return err
		},
	}
}
