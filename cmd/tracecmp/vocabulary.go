package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/urfave/cli/v2"

	"simtrace/internal/emit"
	"simtrace/internal/manual"
	"simtrace/internal/schemafile"
	"simtrace/pkg/nanobragg/causes"
	"simtrace/pkg/parity"
	"simtrace/pkg/sim"
)

func init() { manual.Install() }

// vocabulary is what the shells complete besides the names of commands and flags.
func vocabulary() manual.Vocabulary {
	return manual.Vocabulary{Values: flagValues, Args: commandArgs, OrFile: []string{"config"}, More: manual.NanoBragg("bisect settings", "image", "nb-compare")}
}

// flagValues lists what a flag takes that takes one of a few words.
func flagValues(command, flag string) []string {
	switch flag {
	case "profile", "ref-profile":
		return sim.ProfileNames()
	case "config":
		return []string{"supervisor"}
	case "nan":
		return []string{"differs", "equal"}
	case "as":
		return parity.Formats()
	case "decimal":
		return []string{".", ","}
	case "lang":
		return emit.Languages()
	case "dialect":
		return []string{"c", "py"}
	case "only", "ignore":
		return schemafile.Quantities()
	}
	return nil
}

func commandArgs(command string) []string {
	if command == "explain" {
		return ids(causes.Rules())
	}
	return nil
}

// usageError names the flag that may have been meant.
func usageError(c *cli.Context, err error, _ bool) error { return manual.UsageError(c, err) }

// misspeltCommand refuses a first argument that is no file and is spelt like a command.
func misspeltCommand(c *cli.Context) error {
	word := c.Args().First()
	if word == "" || c.IsSet("c") || strings.ContainsAny(word, "./\\") {
		return nil
	}
	if _, err := os.Stat(word); err == nil || !manual.Misspelt(word, c.App.Commands) {
		return nil
	}
	return fmt.Errorf("%q is no file, and %w", word, manual.UnknownCommand(word, c.App.Commands))
}
