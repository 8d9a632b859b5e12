package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"simtrace/internal/manual"
	"simtrace/internal/record"
	"simtrace/pkg/nanobragg"
	"simtrace/pkg/sim"
)

// usageError names the flag that may have been meant, of ours and of nanoBragg's.
func usageError(c *cli.Context, err error, _ bool) error {
	var theirs []string
	for _, f := range nanobragg.Flags {
		theirs = append(append(theirs, f.Name), f.Aliases...)
	}
	return manual.UsageError(c, err, theirs...)
}

// surplus refuses what is no option and no value of one. A second number behind -pixel,
// the size of a pixel, was meant for --pixel, the pixel to trace.
func (p *program) surplus(words []string) error {
	for _, arg := range p.theirs {
		_, err := strconv.Atoi(words[0])
		if arg.Name == "-pixel" && len(arg.Values) == 1 && len(words) == 1 && err == nil {
			return fmt.Errorf("unexpected argument %q: -pixel %s is the size of a pixel in mm (did you mean --pixel %s %s, the pixel to trace?)",
				words[0], arg.Values[0], arg.Values[0], words[0])
		}
	}
	return fmt.Errorf("unexpected argument %q", words[0])
}

// twoDashes refuses an option of ours that was typed with one dash. A profile that
// ignores unknown flags as C does goes on ignoring them.
func (p *program) twoDashes(c *cli.Context) error {
	profile, err := sim.ProfileByName(c.String("profile"))
	if err != nil || profile.Flags != sim.FlagsExact {
		return nil // the command itself says what is wrong with a profile
	}
	for _, arg := range p.theirs {
		name := strings.TrimPrefix(arg.Name, "-")
		if _, ours := arity[name]; ours && nanobragg.Lookup(arg.Name) == nil {
			return fmt.Errorf("unknown flag %s (did you mean --%s?)", arg.Name, name)
		}
	}
	return nil
}

// suggestProfile says which profile has the C program's habits, where its lines are asked for
// and no profile is: such a trace is mostly held against one of the C program.
func (j *job) suggestProfile(c *cli.Context) {
	if slices.Contains(j.dialects, record.C) && !c.IsSet("profile") && !c.IsSet("switch") {
		fmt.Fprintf(j.stderr, "simtrace: the lines are the C program's, the habits are the specification's: --profile %s has the C program's\n", sim.ProfileNanoBragg.Name)
	}
}
