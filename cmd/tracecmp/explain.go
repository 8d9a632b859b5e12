package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"simtrace/internal/suggest"
	"simtrace/pkg/nanobragg/causes"
	"simtrace/pkg/parity/explain"
)

func explainCommand() *cli.Command {
	return &cli.Command{
		Name:      "explain",
		Usage:     "print what is known of a cause, or list all causes by the stage of the calculation",
		UsageText: "tracecmp explain [ID]",
		Action: func(c *cli.Context) error {
			if c.NArg() > 1 {
				return fmt.Errorf("explain: one id at a time")
			}
			rules := causes.Rules()
			if c.NArg() == 0 {
				return explain.List(c.App.Writer, rules)
			}
			r, ok := explain.ByID(rules, c.Args().First())
			if !ok {
				id := c.Args().First()
				return fmt.Errorf("explain: no cause %q%s; tracecmp explain lists the %d that are known", id, suggest.Nearest(id, ids(rules)), len(rules))
			}
			return explain.Print(c.App.Writer, r)
		},
	}
}

func ids(rules []explain.Rule) []string {
	var out []string
	for _, r := range rules {
		out = append(out, r.ID)
	}
	return out
}
