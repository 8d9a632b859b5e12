package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"simtrace/pkg/nanobragg"
	"simtrace/pkg/sim"
)

// profile is the one of --profile with what --switch changes on top.
func profile(c *cli.Context) (sim.Profile, error) {
	p, err := sim.ProfileByName(c.String("profile"))
	if err != nil {
		return p, fmt.Errorf("--profile: %w", err)
	}
	seen := map[string]bool{}
	for _, word := range c.StringSlice("switch") {
		name, value, ok := strings.Cut(word, "=")
		if !ok {
			return p, fmt.Errorf("--switch %s: give it as NAME=VALUE (simtrace profiles lists them)", word)
		}
		if err := p.Set(name, value); err != nil {
			return p, fmt.Errorf("--switch: %w", err)
		}
		if seen[name] {
			return p, fmt.Errorf("--switch %s is given twice", name)
		}
		seen[name] = true
	}
	return p, nil
}

// warnOfAnyLatch says from which pixel on an image is not interpolated that
// began so.
func warnOfAnyLatch(c *cli.Context, b *nanobragg.Builder, e *sim.Experiment) {
	if !e.Interpolate {
		return
	}
	last := sim.Pixel{Slow: e.ROI[3], Fast: e.ROI[1]}
	if by, latched := e.LatchedBefore(c.Context, last); latched {
		b.Warnings = append(b.Warnings, fmt.Sprintf(
			"interpolation is off from pixel %d %d (slow fast) on, which left its range: the rest of the image takes the nearest reflections", by.Slow, by.Fast))
	}
}

// strict turns warnings into an error where --strict asks for it.
func strict(c *cli.Context, b *nanobragg.Builder) error {
	if n := len(b.Warnings); n > 0 && c.Bool("strict") {
		return fmt.Errorf("--strict: %s", strings.Join(b.Warnings, "; "))
	}
	return nil
}

func (p *program) profilesCommand() *cli.Command {
	return p.command("profiles", "list the profiles and the switches that they set", nil, func(*cli.Context) error {
		return p.printProfiles()
	})
}

// printProfiles prints the table of profiles and switches, then what each name
// in it means.
func (p *program) printProfiles() error {
	tw := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	names := sim.ProfileNames()
	fmt.Fprintf(tw, "SWITCH\t%s\n", strings.Join(names, "\t"))
	for _, s := range sim.Switches() {
		row := []string{s.Name}
		for _, name := range names {
			q, err := sim.ProfileByName(name)
			if err != nil {
				return err
			}
			row = append(row, s.Get(q))
		}
		fmt.Fprintln(tw, strings.Join(row, "\t"))
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(p.stdout)
	for _, name := range names {
		q, err := sim.ProfileByName(name)
		if err != nil {
			return err
		}
		fmt.Fprintf(tw, "%s\t%s\n", name, q.Title())
	}
	for _, s := range sim.Switches() {
		fmt.Fprintf(tw, "\n--switch %s=...\t%s\n", s.Name, s.Help)
		for _, v := range s.Values {
			fmt.Fprintf(tw, "  %s\t%s\n", v.Name, v.Help)
		}
	}
	return tw.Flush()
}
