package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"simtrace/internal/profilediff"
	"simtrace/pkg/nanobragg"
	"simtrace/pkg/sim"
)

func (p *program) diffProfilesCommand() *cli.Command {
	return &cli.Command{
		Name: "diff-profiles", Usage: "rank the habits that make two programs differ on a configuration", HideHelpCommand: true,
		UsageText: "simtrace diff-profiles A B [options] -- [nanoBragg flags]",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "config", Usage: "`CONFIG`: embedded preset (supervisor) or YAML file with nanoBragg's flag names as keys"},
			&cli.StringFlag{Name: "format", Value: "text", Usage: "`FORMAT`: text or json"},
			&cli.Uint64Flag{Name: "seed", Value: 1, Usage: "`SEED` of the pixels that are chosen at random"},
		},
		OnUsageError: usageError,
		Action:       p.diffProfiles,
	}
}

// diffProfiles reads the two names and the flags, on either side of "--".
func (p *program) diffProfiles(c *cli.Context) error {
	words := c.Args().Slice()
	if i := indexOf(words, "--"); i >= 0 {
		_, more, err := nanobragg.Split(words[i+1:], nil)
		if err != nil {
			return err
		}
		p.theirs = append(p.theirs, more...)
		words = words[:i]
	}
	if len(words) != 2 {
		return fmt.Errorf("diff-profiles takes the names of two profiles, then options, then -- and nanoBragg's flags (profiles: %s)", strings.Join(sim.ProfileNames(), ", "))
	}
	var profiles [2]sim.Profile
	for i, name := range words {
		var err error
		if profiles[i], err = sim.ProfileByName(name); err != nil {
			return err
		}
	}
	report, err := profilediff.Compare(c.Context, profilediff.Options{
		A: profiles[0], B: profiles[1], Seed: c.Uint64("seed"),
		Build: func(q sim.Profile) (*sim.Experiment, error) { return p.inProfile(c.String("config"), q) },
	})
	if err != nil {
		return err
	}
	switch f := c.String("format"); f {
	case "json":
		enc := json.NewEncoder(p.stdout)
		enc.SetIndent("", "  ")
		return enc.Encode(report)
	case "text":
		return p.printProfileDiff(report)
	default:
		return fmt.Errorf("--format %s: unknown (known: text, json)", f)
	}
}

// optionsFirst moves the options of diff-profiles ahead of the names of profiles: the
// library reads none behind the first word that is no option.
func optionsFirst(words []string) []string {
	if len(words) == 0 || words[0] != "diff-profiles" {
		return words
	}
	end := indexOf(words, "--")
	if end < 0 {
		end = len(words)
	}
	out := []string{words[0]}
	for _, w := range words[1:end] {
		if strings.HasPrefix(w, "-") {
			out = append(out, w)
		}
	}
	for _, w := range words[1:end] {
		if !strings.HasPrefix(w, "-") {
			out = append(out, w)
		}
	}
	return append(out, words[end:]...)
}

func indexOf(words []string, word string) int {
	for i, w := range words {
		if w == word {
			return i
		}
	}
	return -1
}

// inProfile builds the experiment in a profile.
func (p *program) inProfile(config string, q sim.Profile) (*sim.Experiment, error) {
	b := nanobragg.NewBuilder(q)
	b.WholeCommand = true
	args, err := b.Configure(config)
	if err != nil {
		return nil, fmt.Errorf("--config: %w", err)
	}
	if err := b.Apply(append(args, p.theirs...)); err != nil {
		return nil, err
	}
	return b.Prepare()
}

func (p *program) printProfileDiff(r *profilediff.Report) error {
	w := p.stdout
	for _, s := range r.Stops {
		fmt.Fprintf(w, "%s stops at this configuration: %s. The rest is ranked as if it did not.\n", s.Profile, s.Reason)
	}
	if r.Differ == 0 {
		fmt.Fprintf(w, "%s and %s give the same image: no bit of its %d pixels differs. What habits change alone, they change back together.\n", r.A, r.B, r.Pixels)
	} else {
		fmt.Fprintf(w, "%s and %s differ in %d of %d pixels. At the brightest, slow %d fast %d: %.7g and %.7g photons.\n",
			r.A, r.B, r.Differ, r.Pixels, r.Brightest[0], r.Brightest[1], r.Intensity[0], r.Intensity[1])
	}
	if len(r.Habits) > 0 {
		fmt.Fprintf(w, "\nEach habit exchanged alone. Relative change of intensity, the mean over pixels at random on top of each\nprofile, at the brightest pixel, and the mean over those where the two differ most:\n\n")
		tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		fmt.Fprintf(tw, "\tHABIT\t%s\t%s\tON %s\tON %s\tBRIGHTEST\tWHERE MOST\tPIXELS\n", r.A, r.B, r.A, r.B)
		for i, h := range r.Habits {
			fmt.Fprintf(tw, "%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%d of %d\n", i+1, h.Switch, h.A, h.B,
				percent(h.OnA), percent(h.OnB), percent(h.Brightest), percent(h.Most), h.Pixels, r.Computed)
		}
		if err := tw.Flush(); err != nil {
			return err
		}
		for _, h := range r.Habits {
			if h.Error != "" {
				fmt.Fprintf(w, "%s: %s\n", h.Switch, h.Error)
			}
		}
		fmt.Fprintf(w, "\nFirst: %s, %s. %s or %s.\n", r.Habits[0].Switch, r.Habits[0].Help, r.Habits[0].A, r.Habits[0].B)
	}
	if len(r.Idle) > 0 {
		fmt.Fprintf(w, "Without effect here: %s.\n", strings.Join(r.Idle, ", "))
	}
	return nil
}

func percent(v float64) string {
	switch {
	case v == 0:
		return "0"
	case v < 1e-12:
		return "last bits"
	}
	return fmt.Sprintf("%.3g %%", 100*v)
}
