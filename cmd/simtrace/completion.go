package main

import (
	"simtrace/internal/manual"
	"simtrace/pkg/nanobragg"
	"simtrace/pkg/sim"
	"simtrace/pkg/trace/schema"
)

// vocabulary is what the shells complete besides the names of commands and flags.
func vocabulary() manual.Vocabulary {
	return manual.Vocabulary{Values: flagValues, Args: commandArgs, OrFile: []string{"config"}, More: manual.NanoBragg("trace", "render", "config")}
}

// flagValues lists what a flag takes that takes one of a few words.
func flagValues(command, flag string) []string {
	switch flag {
	case "profile":
		return sim.ProfileNames()
	case "config":
		return []string{"supervisor"}
	case "dialect":
		return []string{"py", "c", "jsonl"}
	case "device":
		return []string{"cpu", "cuda", "gpu"}
	case "dtype":
		return sim.DtypeNames()
	case "arith":
		return sim.ArithNames()
	case "engine":
		return sim.EngineNames
	case "format":
		if command == "trace" {
			return []string{"log", "npy"}
		}
		return []string{"text", "json"}
	case "stages":
		var names []string
		for _, s := range schema.Stages() {
			names = append(names, s.String())
		}
		return names
	case "switch":
		var settings []string
		for _, s := range sim.Switches() {
			for _, value := range s.ValueNames() {
				settings = append(settings, s.Name+"="+value)
			}
		}
		return settings
	}
	return nil
}

func commandArgs(command string) []string {
	if command == "diff-profiles" {
		return sim.ProfileNames()
	}
	return nil
}

// nanobraggSection is the list of nanoBragg's flags at the end of the manual page.
func nanobraggSection() manual.Section {
	return manual.Section{Title: "nanoBragg flags", Groups: func() []manual.Group {
		var list []manual.Group
		names, groups := nanobragg.Groups()
		for _, name := range names {
			group := manual.Group{Title: name}
			for _, f := range groups[name] {
				group.Flags = append(group.Flags, manual.Flag{Names: append([]string{f.Name}, f.Aliases...), Value: f.Unit, Usage: f.Help + defaultText(&f)})
			}
			list = append(list, group)
		}
		return list
	}}
}
