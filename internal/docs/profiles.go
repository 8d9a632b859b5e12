package main

import (
	"bytes"
	"fmt"
	"strings"

	"simtrace/pkg/sim"
)

const profilesHead = `# Profiles and switches

Programs of the nanoBragg family differ in habits: what happens at phi = 0, beyond the range of
interpolation, which subpixel's solid angle counts. Each habit is a switch of simtrace, a profile
is a setting of all of them. ` + "`--profile NAME`" + ` takes a program's habits, ` + "`--switch NAME=VALUE`" + `
changes one on top. ` + "`simtrace profiles`" + ` prints the same, and
` + "`simtrace diff-profiles A B -- FLAGS`" + ` says which of them matter on given flags.

This page is generated from the simulator's table (` + "`make docs`" + `).
`

// writeProfiles writes the page of profiles: each by what it changes of the
// specification's habits, then the switches.
func writeProfiles(w *bytes.Buffer) error {
	w.WriteString(profilesHead + "\n## Profiles\n\n`spec` is the default; the others are told by what they do otherwise.\n")
	spec, err := sim.ProfileByName(sim.ProfileSpec.Name)
	if err != nil {
		return err
	}
	for _, name := range sim.ProfileNames() {
		p, err := sim.ProfileByName(name)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "\n### %s\n\n%s\n", name, plain(p.Title())+".")
		var changes []string
		for _, s := range sim.Switches() {
			if s.Get(p) != s.Get(spec) {
				changes = append(changes, fmt.Sprintf("`%s=%s`", s.Name, s.Get(p)))
			}
		}
		if len(changes) > 0 {
			fmt.Fprintf(w, "\n%s\n", strings.Join(changes, ", "))
		}
	}
	w.WriteString("\n## Switches\n\nIn the order of a pixel's computation. The first value is the specification's.\n")
	for _, s := range sim.Switches() {
		fmt.Fprintf(w, "\n### %s\n\n%s.\n\n| value | meaning |\n|---|---|\n", s.Name, plain(capital(s.Help)))
		first := s.Get(spec)
		for _, spec := range []bool{true, false} {
			for _, v := range s.Values {
				if (v.Name == first) == spec {
					fmt.Fprintf(w, "| `%s` | %s |\n", v.Name, cell(v.Help))
				}
			}
		}
	}
	return nil
}
