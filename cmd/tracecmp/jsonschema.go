package main

import (
	"errors"
	"io"
	"strings"

	"github.com/urfave/cli/v2"

	"simtrace/internal/jsonfiles"
)

func jsonSchemaCommand() *cli.Command {
	return &cli.Command{
		Name:      "json-schema",
		Usage:     "print the JSON schema of a file that tracecmp or simtrace writes, or which there are",
		UsageText: "tracecmp json-schema [NAME]",
		Action: func(c *cli.Context) error {
			if c.NArg() > 1 {
				return errors.New("json-schema: one name is enough")
			}
			text := strings.Join(jsonfiles.Names(), "\n") + "\n"
			if c.NArg() == 1 {
				var err error
				if text, err = jsonfiles.Schema(c.Args().First()); err != nil {
					return err
				}
			}
			_, err := io.WriteString(c.App.Writer, text)
			return err
		},
	}
}
