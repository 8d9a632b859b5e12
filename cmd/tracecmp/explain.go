package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v2"

	"simtrace/internal/suggest"
	"simtrace/pkg/nanobragg/causes"
	"simtrace/pkg/parity/explain"
	"simtrace/pkg/trace/schema"
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
				return listRules(c.App.Writer, rules)
			}
			r, ok := explain.ByID(rules, c.Args().First())
			if !ok {
				id := c.Args().First()
				return fmt.Errorf("explain: no cause %q%s; tracecmp explain lists the %d that are known", id, suggest.Nearest(id, ids(rules)), len(rules))
			}
			return printRule(c.App.Writer, r)
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

// listRules prints all rules under the stages at which they enter.
func listRules(w io.Writer, rules []explain.Rule) error {
	for _, stage := range schema.Stages() {
		head := false
		for _, r := range rules {
			if r.Stage != stage {
				continue
			}
			if !head {
				head = true
				if _, err := fmt.Fprintf(w, "%s:\n", stage); err != nil {
					return err
				}
			}
			if _, err := fmt.Fprintf(w, "  %-20s %s\n", r.ID, r.Title); err != nil {
				return err
			}
		}
	}
	return nil
}

func printRule(w io.Writer, r explain.Rule) error {
	text := fmt.Sprintf("%s — %s\n\n%s\n\nWhat to do: %s\n", r.ID, r.Title, r.Text, r.Do)
	if r.Mimic != "" {
		text += fmt.Sprintf("\nsimtrace shows it with: %s\n", r.Mimic)
	}
	_, err := fmt.Fprintf(w, "%s\nExample:\n\n    %s\n", text, strings.ReplaceAll(r.Example, "\n", "\n    "))
	return err
}
