package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v2"

	"simtrace/pkg/parity/explain"
)

func explainCommand() *cli.Command {
	return &cli.Command{
		Name:      "explain",
		Usage:     "print what is known of a cause, or list all causes",
		UsageText: "tracecmp explain [ID]",
		Action: func(c *cli.Context) error {
			if c.NArg() > 1 {
				return fmt.Errorf("explain: one id at a time")
			}
			if c.NArg() == 0 {
				for _, r := range explain.Rules() {
					fmt.Fprintf(c.App.Writer, "%-20s %s\n", r.ID, r.Title)
				}
				return nil
			}
			r, ok := explain.ByID(c.Args().First())
			if !ok {
				return fmt.Errorf("explain: no cause %q; known are %s", c.Args().First(), strings.Join(ids(), ", "))
			}
			return printRule(c.App.Writer, r)
		},
	}
}

func ids() []string {
	var out []string
	for _, r := range explain.Rules() {
		out = append(out, r.ID)
	}
	return out
}

func printRule(w io.Writer, r explain.Rule) error {
	_, err := fmt.Fprintf(w, "%s — %s\n\n%s\n\nExample:\n\n    %s\n", r.ID, r.Title, r.Text, strings.ReplaceAll(r.Example, "\n", "\n    "))
	return err
}
