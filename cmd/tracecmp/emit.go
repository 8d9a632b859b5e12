package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"simtrace/internal/emit"
	"simtrace/pkg/trace/schema"
)

func emitCommand() *cli.Command {
	return &cli.Command{
		Name:      "emit",
		Usage:     "write a small file with which a program prints its numbers, all digits of them",
		UsageText: "tracecmp emit --lang " + strings.Join(emit.Languages(), "|") + " [--schema S] >FILE",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "lang", Usage: "`LANGUAGE`: " + strings.Join(emit.Languages(), ", ")},
			&cli.StringFlag{Name: "schema", Usage: "`FILE` whose prefix is printed and whose quantities are listed, YAML", TakesFile: true},
		},
		Action: func(c *cli.Context) error {
			if c.NArg() > 0 {
				return errors.New("emit: it takes no argument")
			}
			if !c.IsSet("lang") {
				return fmt.Errorf("emit: --lang is needed, one of %s", strings.Join(emit.Languages(), ", "))
			}
			s, err := schemaOf(c)
			if err != nil {
				return err
			}
			return emit.Write(c.App.Writer, c.String("lang"), s)
		},
	}
}

// schemaOf reads the file that --schema names; nil for none.
func schemaOf(c *cli.Context) (*schema.Schema, error) {
	if !c.IsSet("schema") {
		return nil, nil
	}
	s, err := schema.ReadFile(c.String("schema"))
	if err != nil {
		return nil, fmt.Errorf("--schema: %w", err)
	}
	return s, nil
}
