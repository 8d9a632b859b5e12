package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"simtrace/internal/runfile"
	"simtrace/pkg/nanobragg"
	"simtrace/pkg/sim"
	"simtrace/pkg/trace"
)

func (j *job) snapshot() runfile.Snapshot {
	s := runfile.NewSnapshot(j.configName(), j.builder, j.experiment)
	s.Device = j.device
	for _, p := range j.pixels {
		s.Pixels = append(s.Pixels, pixelPair(p))
	}
	if j.many {
		s.Regions = j.selected.regions
	}
	return s
}

func (p *program) configCommand() *cli.Command {
	flags := append(experimentFlags(), dtypeFlag(), &cli.StringFlag{Name: "format", Value: "text", Usage: "`FORMAT`: text or json"})
	return p.command("config", "print the resolved experiment, with where each value came from", flags, p.config)
}

func (p *program) config(c *cli.Context) error {
	b, e, err := p.experiment(c)
	if err != nil {
		return err
	}
	name := c.String("config")
	if name == "" {
		name = runfile.CommandLine
	}
	s := runfile.NewSnapshot(name, b, e)
	switch f := c.String("format"); f {
	case "json":
		enc := json.NewEncoder(p.stdout)
		enc.SetIndent("", "  ")
		return enc.Encode(s)
	case "text":
		return p.printConfig(s)
	default:
		return fmt.Errorf("--format %s: unknown (known: text, json)", f)
	}
}

func (p *program) printConfig(s runfile.Snapshot) error {
	tw := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	for _, r := range s.Resolved {
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\n", r.Name, show(r.Value), r.Unit, r.Origin)
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	for _, w := range s.Warnings {
		fmt.Fprintf(p.stdout, "warning: %s\n", w)
	}
	return nil
}

// show prints a value with all its digits.
func show(v any) string {
	switch x := v.(type) {
	case float64:
		return trace.FormatFloat(x)
	case sim.Vec3:
		return strings.Join([]string{show(x[0]), show(x[1]), show(x[2])}, " ")
	case [4]int:
		return strings.Trim(fmt.Sprint(x), "[]")
	}
	return fmt.Sprint(v)
}

func (p *program) flagsCommand() *cli.Command {
	return p.command("flags", "list nanoBragg's flags with units and defaults", nil, func(*cli.Context) error {
		return printFlags(p.stdout)
	})
}

// printFlags lists nanoBragg's flags in groups.
func printFlags(w io.Writer) error {
	names, groups := nanobragg.Groups()
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, g := range names {
		fmt.Fprintf(tw, "%s\n", g)
		for _, f := range groups[g] {
			also := ""
			if len(f.Aliases) > 0 {
				also = "; also " + strings.Join(f.Aliases, ", ")
			}
			fmt.Fprintf(tw, "  %s\t%s\t%s%s%s\n", f.Name, f.Unit, f.Help, defaultText(&f), also)
		}
	}
	return tw.Flush()
}

func defaultText(f *nanobragg.Flag) string {
	def := strings.Trim(f.Default(), "()")
	if def == "" || def == "none" || def == "not used" {
		return ""
	}
	return " (default: " + def + ")"
}
