package main

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"

	"simtrace/internal/cliargs"
	"simtrace/internal/history"
	"simtrace/internal/outfile"
)

// historyCommand shows how the reports of a folder went.
func historyCommand() *cli.Command {
	return cliargs.Nested("tracecmp", "history", "show how the comparisons in a folder went over time, as a table and a plot", "tracecmp history DIR [--svg FILE]",
		`Reads the metrics.json of every report in DIR and below, as --out wrote it, of this and of earlier versions.`,
		[]cli.Flag{
			&cli.StringFlag{Name: "by", Value: string(history.ByName), Usage: "`ORDER` of the reports: name of the folder (run-9 before run-10), or time of the file"},
			&cli.StringFlag{Name: "quantity", Value: "I_pixel_final", Usage: "`NAME` of the quantity whose difference is followed"},
			&cli.StringFlag{Name: "svg", Usage: "draw the differences and the number of roots into `FILE`", TakesFile: true},
			&cli.BoolFlag{Name: "force", Usage: "overwrite a file that tracecmp did not write"},
		}, historyAction)
}

func historyAction(c *cli.Context) error {
	by, quantity, svg := history.Order(c.String("by")), c.String("quantity"), c.String("svg")
	switch {
	case c.NArg() != 1:
		return errors.New("history: the folder that holds the reports is needed, and nothing else")
	case by != history.ByName && by != history.ByTime:
		return fmt.Errorf("--by %s: name or time is needed", by)
	case c.IsSet("svg") && svg == "":
		return errors.New("--svg: a file is needed")
	}
	if c.IsSet("svg") {
		if err := outfile.CheckFile("svg", svg, c.Bool("force")); err != nil {
			return err
		}
	}
	reports, err := history.Read(c.Args().First(), quantity, by)
	if err != nil {
		return err
	}
	if c.IsSet("svg") {
		var b bytes.Buffer
		if err := history.SVG(&b, reports, quantity); err != nil {
			return err
		}
		if err := outfile.Place(c.Context, []outfile.File{{Path: svg, Data: b.Bytes()}}); err != nil {
			return fmt.Errorf("--svg: %w", err)
		}
	}
	return history.Table(c.App.Writer, reports, quantity)
}
