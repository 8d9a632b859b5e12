package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/urfave/cli/v2"

	"simtrace/internal/input"
	"simtrace/internal/schemafile"
	"simtrace/internal/suggest"
	"simtrace/pkg/trace"
	"simtrace/pkg/trace/schema"
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
			logs, closeAll, err := input.OpenLogs(c.Context, c.Args().Slice())
			if err != nil {
				return err
			}
			defer closeAll()
			s, how, err := trace.Infer(c.Context, [2]*trace.Source{logs[0], logs[len(logs)-1]})
			if err != nil {
				return err
			}
			var found []*trace.Survey
			for _, l := range logs {
				f, err := trace.NewSurvey(c.Context, l, s)
				if err != nil {
					return err
				}
				found = append(found, f)
			}
			return schemafile.Write(c.App.Writer, s, how, found)
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
	data, err := os.Open(c.Args().Get(0))
	if err != nil {
		return err
	}
	defer data.Close()
	s, err := schema.Read(io.LimitReader(data, 16<<20), c.Args().Get(0))
	if err != nil {
		return err
	}
	f, err := os.Open(c.Args().Get(1))
	if err != nil {
		return err
	}
	defer f.Close()
	src, err := trace.Open(c.Context, f, c.Args().Get(1))
	if err != nil {
		return err
	}
	defer src.Close()
	found, err := trace.NewSurvey(c.Context, src, s)
	if err != nil {
		return err
	}
	wrong, err := schemafile.Check(c.App.Writer, s, found)
	if wrong > 0 {
		*code = exitDiverged
	}
	return err
}
